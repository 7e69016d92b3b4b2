"""An opened report in words: what was seen, what the officer thinks, what the person agreed to.

Codes become words here, on the way to one answer; nothing of it is stored or counted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from babel import Locale
from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cairn.core.language import language
from cairn.identification.envelopes.content import is_lower
from cairn.identification.htcds import facts as partner_facts
from cairn.identification.models import Report
from cairn.identification.models.indicators import IndicatorEdition
from cairn.identification.queries import indicators
from cairn.identification.queries.indicators import Explained
from cairn.identification.rules.choices import (
    JudgementReason,
    Need,
    Setting,
    StepTaken,
    WorkerProfile,
)

BANDS: dict[str, Promise] = {
    "none": gettext_lazy("No concern now"),
    "unclear": gettext_lazy("Unclear: offer information"),
    "concern": gettext_lazy("Concern: refer"),
}
AGES: dict[str, Promise] = {
    "child": gettext_lazy("A child"),
    "maybe-child": gettext_lazy("Perhaps a child: counts as a child"),
    "adult": gettext_lazy("An adult"),
}
AGE_BANDS: dict[str, Promise] = {
    "0-11": gettext_lazy("0 to 11 years"),
    "12-17": gettext_lazy("12 to 17 years"),
    "18-24": gettext_lazy("18 to 24 years"),
    "25-59": gettext_lazy("25 to 59 years"),
    "60+": gettext_lazy("60 years or older"),
}
SEXES: dict[str, Promise] = {
    "female": pgettext_lazy("sex of a person", "Female"),
    "male": pgettext_lazy("sex of a person", "Male"),
    "other": pgettext_lazy("sex of a person", "Other"),
}
DANGER: dict[str, Promise] = {
    "now": gettext_lazy("Yes, when the report was made"),
    "no": gettext_lazy("No, when the report was made"),
}
PRIVACY: dict[str, Promise] = {
    "alone": gettext_lazy("Apart from others"),
    "not-alone": gettext_lazy("Others could listen"),
}
INTERPRETERS: dict[str, Promise] = {
    "none": gettext_lazy("Without an interpreter"),
    "checked": gettext_lazy("With an interpreter who was checked"),
    "unchecked": gettext_lazy("With an interpreter whom nobody checked"),
}
CONSENTS: dict[str, Promise] = {
    "yes": gettext_lazy("The person agreed"),
    "only": gettext_lazy("The person agreed to these recipients only"),
    "no": gettext_lazy("The person did not agree"),
    "not-asked": gettext_lazy("The person was not asked"),
}
CONTACTS: dict[str, Promise] = {
    "in-person": gettext_lazy("In person only"),
    "safe-word": gettext_lazy("With the safe word that was agreed"),
    "through-service": gettext_lazy("Through a service"),
    "none": gettext_lazy("No contact is wished"),
}
OUTCOMES: dict[str, Promise] = {
    "emergency": gettext_lazy("Called for help at once"),
    "refer": gettext_lazy("Referred to help"),
    "child-referral": gettext_lazy("Referred to the protection of children"),
    "information": gettext_lazy("Gave information"),
    "nothing": gettext_lazy("Nothing for now"),
}
TOLD: dict[str, Promise] = {
    "yes": gettext_lazy("Yes"),
    "no": gettext_lazy("No"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an opened report. `is_own_text`: written by a person, in any script."""

    label: str
    values: list[str]
    is_own_text: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """An opened report in words. `explained`: what was seen by list and what is usually asked
    next; None where the list is not known here, and then `codes` names what was seen.
    """

    situation: list[Line]
    person: list[Line]
    help: list[Line]
    partner: list[Line]
    explained: Explained | None
    codes: list[str]
    band: str
    judgement: str
    judgement_reason: str
    is_lower: bool
    note: str


def told(report: Report, content: Mapping[str, Any]) -> Told:
    """The content of an opened report in the reader's words. Two queries, for the list of signs."""
    seen = content.get("seen", {})
    explained = _explained(content, report.edition)
    band, judgement = str(content.get("band", "")), str(content.get("judgement", ""))
    return Told(
        situation=_situation(content),
        person=_person(report, content),
        help=_help(report, content),
        partner=[
            Line(str(label), [str(word) for word in words])
            for label, words in partner_facts.shown(content.get("facts", {}))
        ],
        explained=explained,
        codes=[] if explained else sorted(code for code, said in seen.items() if said == "yes"),
        band=word(BANDS, band),
        judgement=word(BANDS, judgement),
        judgement_reason=choice(JudgementReason, str(content.get("judgement_reason", ""))),
        is_lower=is_lower(judgement, band),
        note=str(content.get("note", "")),
    )


def _explained(content: Mapping[str, Any], edition: str) -> Explained | None:
    try:
        return indicators.explain(
            content.get("seen", {}),
            str(content.get("age", "")),
            edition,
            language(),
            setting=str(content.get("setting", "")),
            profile=str(content.get("profile", "")),
        )
    except IndicatorEdition.DoesNotExist:
        return None


def _situation(content: Mapping[str, Any]) -> list[Line]:
    return _known(
        (_("Somebody in danger"), [word(DANGER, content.get("danger", ""))]),
        (_("Kind of officer"), [choice(WorkerProfile, content.get("profile", ""))]),
        (_("Kind of place"), [choice(Setting, content.get("setting", ""))]),
        (_("Privacy"), [word(PRIVACY, content.get("privacy", ""))]),
        (_("Interpreter"), [word(INTERPRETERS, content.get("interpreter", ""))]),
        (_("The officer said who they are"), [word(TOLD, content.get("told", ""))]),
        (_("What was done at once"), choices(StepTaken, content.get("steps", []))),
        (_("What the officer did"), [word(OUTCOMES, content.get("outcome", ""))]),
    )


def _person(report: Report, content: Mapping[str, Any]) -> list[Line]:
    return _known(
        (_("Age, as it seemed"), [word(AGES, content.get("age", ""))]),
        (_("Age band"), [word(AGE_BANDS, content.get("age_band", ""))]),
        (_("Sex"), [word(SEXES, content.get("sex", ""))]),
        (_("Language"), [language_word(content.get("language", ""))]),
        (_("Area"), [area_word(report, content.get("area", ""))]),
        (_("How the person can be reached"), [word(CONTACTS, content.get("contact", ""))]),
    )


def _help(report: Report, content: Mapping[str, Any]) -> list[Line]:
    recipients = dict(report.receiver.recipients)
    allowed = [str(recipients.get(code, code)) for code in content.get("consent_for", [])]
    return _known(
        (_("What the person needs"), choices(Need, content.get("needs", []))),
        (
            _("Services that were named, by code"),
            [str(each) for each in content.get("offered", [])],
        ),
        (_("Agreement to pass it on"), [word(CONSENTS, content.get("consent", ""))]),
        (_("Agreed for"), allowed),
    )


def _known(*lines: tuple[str, list[str]]) -> list[Line]:
    """Lines that say something; what was not asked is left out, and is no "no"."""
    return [
        Line(label, [value for value in values if value]) for label, values in lines if any(values)
    ]


def word(words: Mapping[str, Promise], code: object) -> str:
    """The words for a code, or the code itself where it has none here."""
    return str(words.get(str(code), code))


def choice(kind: type[TextChoices], code: object) -> str:
    text = str(code)
    return str(kind(text).label) if text in kind.values else text


def choices(kind: type[TextChoices], codes: Iterable[object]) -> list[str]:
    return [choice(kind, code) for code in codes]


def language_word(code: object) -> str:
    """The name of a language in the reader's, its code where it has none."""
    text = str(code)
    return str(Locale.parse(language()).languages.get(text, text))


def area_word(report: Report, code: object) -> str:
    """The name of an area of the unit's list; its code where the list has it no more."""
    return str(dict(report.receiver.areas).get(str(code), code))
