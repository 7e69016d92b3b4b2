"""Consent in words: who is told what, how it is said to the person, and how it came about."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from cairn.core.actor import Actor
from cairn.oversight.queries.people import names
from cairn.oversight.queries.records import Told
from cairn.referral.models.consent import Consent, ConsentStep
from cairn.referral.rules.choices import DataCategory, Purpose
from cairn.referral.rules.consent import RECIPIENTS, ConsentState, Said
from cairn.referral.rules.consent_purposes import PURPOSES
from cairn.referral.rules.services import ServiceType

_CLASS_WORDS: Mapping[str, Promise] = dict(RECIPIENTS)


def purpose(consent: Consent) -> Purpose:
    return Purpose(consent.purpose)


def recipient(consent: Consent) -> str:
    """To whom it is about, in words: an organisation, or a kind of service."""
    if consent.recipient is not None:
        return consent.recipient.display_name
    words = str(_CLASS_WORDS.get(consent.recipient_class, ""))
    if consent.recipient_class in ServiceType.values:
        return _("Any service: %(kind)s") % {"kind": words}
    return words


def categories(codes: Iterable[str]) -> list[str]:
    """Categories in words, in the order of their list."""
    wanted = set(codes)
    return [str(each.label) for each in DataCategory if each in wanted]


@dataclass(frozen=True, slots=True)
class Script:
    """How it can be said to the person. `language`: that of the lines."""

    language: str
    lines: Sequence[str]
    told: Sequence[str]


def script(consent: Consent, language: str) -> Script:
    """The words for the conversation, in the person's language where the platform has it."""
    with override(language):
        told = categories(consent.categories)
        lines = [
            _told_to(consent),
            str(PURPOSES[purpose(consent)].sentence),
            _("You can say yes, yes to a part of it, or no. You need not say why."),
            _("Whatever you say, the help that you get stays the same."),
            _("You can change what you said on any day. Then we stop at once."),
        ]
        return Script(get_language() or language, lines, told)


def _told_to(consent: Consent) -> str:
    if consent.recipient_class in ServiceType.values:
        kind = ServiceType(consent.recipient_class).label
        return _("We would like to tell this to a service. Its kind: %(kind)s.") % {"kind": kind}
    return _("We would like to tell this to: %(recipient)s.") % {"recipient": recipient(consent)}


# The second half of a sentence that begins with who did it, by the state that was reached.
_STEPS: Mapping[str, Promise] = {
    ConsentState.NOT_SOUGHT: gettext_lazy("noted what is to be asked."),
    ConsentState.EXPLAINED: gettext_lazy("explained it to the person."),
    ConsentState.GIVEN: gettext_lazy("wrote down that the person agrees."),
    ConsentState.GIVEN_WITH_LIMITS: gettext_lazy("wrote down that the person agrees, with limits."),
    ConsentState.REFUSED: gettext_lazy("wrote down that the person said no."),
    ConsentState.NOT_POSSIBLE: gettext_lazy(
        "wrote down that the person could not be asked, and on what legal basis it stands."
    ),
    ConsentState.WITHDRAWN: gettext_lazy("wrote down that the person took it back."),
    ConsentState.EXPIRED: gettext_lazy("noted that its time is over."),
    ConsentState.SUPERSEDED: gettext_lazy("put a newer answer in its place."),
}


def history(actor: Actor, steps: Sequence[ConsentStep]) -> list[Told]:
    """The steps in sentences, in their order. One query."""
    known = names(step.recorded_by for step in steps)
    return [
        Told(
            _called(step, known, actor),
            str(_STEPS[step.after]),
            step.recorded_at,
            str(Said(step.how).label) if step.how else "",
        )
        for step in steps
    ]


def _called(step: ConsentStep, known: Mapping[UUID | None, str], actor: Actor) -> str:
    if step.recorded_by is None:
        return "Cairn"
    return _("You") if step.recorded_by == actor.user_id else known[step.recorded_by]
