"""Consent and its states, who gives it, and which records hold for a recipient today. Pure.

A record of consent is about one purpose, one recipient (an organisation, or a kind of service),
some categories, and some days. The legal basis stands beside it and is never left out: consent to
being helped is one thing, what makes the handling lawful another.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from cairn.core.errors import RuleBroken
from cairn.referral.rules.choices import LegalBasis
from cairn.referral.rules.services import ServiceType

# How long a consent holds where nobody says otherwise, and at most: judgements. What was agreed
# long ago, in another situation, is asked again (ICRC Handbook on Data Protection in Humanitarian
# Action, third edition, 2024, on consent: it is limited to its purpose and may be taken back).
HOLDS_FOR = timedelta(days=180)
LONGEST = timedelta(days=366)
# So many days before its end a consent is shown as ending soon.
ENDS_SOON = timedelta(days=14)


class ConsentState(TextChoices):
    """Where a consent stands (reference study on casework, E3)."""

    NOT_SOUGHT = "not-sought", pgettext_lazy("consent", "Not asked yet")
    EXPLAINED = "explained", pgettext_lazy("consent", "Explained, no answer yet")
    GIVEN = "given", pgettext_lazy("consent", "Agreed")
    GIVEN_WITH_LIMITS = "given-with-limits", pgettext_lazy("consent", "Agreed, with limits")
    REFUSED = "refused", pgettext_lazy("consent", "Said no")
    NOT_POSSIBLE = "not-possible", pgettext_lazy("consent", "Could not be asked; other legal basis")
    WITHDRAWN = "withdrawn", pgettext_lazy("consent", "Taken back")
    EXPIRED = "expired", pgettext_lazy("consent", "Time is over")
    SUPERSEDED = "superseded", pgettext_lazy("consent", "Replaced by a newer answer")


S = ConsentState
GIVEN: Final = frozenset({S.GIVEN, S.GIVEN_WITH_LIMITS})
# States in which something may be told, as long as the days run.
LIVE: Final = GIVEN | {S.NOT_POSSIBLE}
# What the person says, or what is found instead of an answer.
ANSWERS: Final = (S.GIVEN, S.GIVEN_WITH_LIMITS, S.REFUSED, S.NOT_POSSIBLE)
# Somebody who cannot be asked cannot be explained anything either: hence from "not asked yet".
# Where another basis stands in for an answer, it ends like an answer does. After its last day a yes
# can be taken back still: what was told under it lies with others.
MOVES: Mapping[ConsentState, frozenset[ConsentState]] = {
    S.NOT_SOUGHT: frozenset({S.EXPLAINED, S.NOT_POSSIBLE}),
    S.EXPLAINED: frozenset(ANSWERS),
    S.GIVEN: frozenset({S.WITHDRAWN, S.EXPIRED, S.SUPERSEDED}),
    S.GIVEN_WITH_LIMITS: frozenset({S.WITHDRAWN, S.EXPIRED, S.SUPERSEDED}),
    S.REFUSED: frozenset(),
    S.NOT_POSSIBLE: frozenset({S.EXPIRED, S.SUPERSEDED}),
    S.WITHDRAWN: frozenset(),
    S.EXPIRED: frozenset({S.WITHDRAWN}),
    S.SUPERSEDED: frozenset(),
}


# To whom something may be told: one organisation by name, whoever gives one kind of service, or the
# authority that identifies victims.
NAMED: Final = "organisation"
AUTHORITY: Final = "identification-authority"
RECIPIENTS: Final[tuple[tuple[str, Promise], ...]] = (
    (NAMED, pgettext_lazy("recipient", "One organisation, by name")),
    *((each.value, each.label) for each in ServiceType),
    (AUTHORITY, pgettext_lazy("recipient", "The identification authority")),
)


class GivenBy(TextChoices):
    """Who answered."""

    PERSON = "person", pgettext_lazy("who answered", "The person")
    GUARDIAN = "guardian", pgettext_lazy("who answered", "The guardian")


class Assent(TextChoices):
    """What a child says beside the guardian."""

    YES = "yes", pgettext_lazy("assent", "The child agrees")
    NO = "no", pgettext_lazy("assent", "The child does not agree")
    NOT_ASKED = "not-asked", pgettext_lazy("assent", "The child was not asked")
    NOT_ABLE = "not-able", pgettext_lazy("assent", "The child is too young to say")


class Capacity(TextChoices):
    """Whether the person could decide at that moment."""

    ABLE = "able", pgettext_lazy("capacity", "Understood, and could decide freely")
    SUPPORTED = "supported", pgettext_lazy("capacity", "Could decide with support")
    NOT_NOW = "not-now", pgettext_lazy("capacity", "Could not decide at that moment")


class Said(TextChoices):
    """How somebody said that a consent is taken back."""

    IN_PERSON = "in-person", pgettext_lazy("how it was said", "In person")
    PHONE = "phone", pgettext_lazy("how it was said", "By telephone")
    MESSAGE = "message", pgettext_lazy("how it was said", "In a message")
    THROUGH = "through", pgettext_lazy("how it was said", "Through somebody the person trusts")
    LATER_ANSWER = "later-answer", pgettext_lazy("how it was said", "By a later, narrower answer")


class Receipt(TextChoices):
    """What became of the receipt that the person is offered."""

    NOT_OFFERED = "not-offered", pgettext_lazy("receipt", "Not offered yet")
    TAKEN = "taken", pgettext_lazy("receipt", "The person took it")
    LEFT = "left", pgettext_lazy("receipt", "The person did not want it")


def is_settled(now: ConsentState) -> bool:
    """True when nothing more is agreed under it, so that the person is asked anew."""
    return MOVES[now] <= {ConsentState.WITHDRAWN}


def check_taken_back(now: ConsentState, *, was_given: bool, is_renewed: bool) -> None:
    """Raise RuleBroken unless the person can take this consent back.

    `was_given`: there was a yes; `is_renewed`: a later yes about the same recipient holds, and it
    is that one which is taken back ("consent.renewed"). "consent.move" for everything else.
    """
    check_move(now, ConsentState.WITHDRAWN)
    if not was_given:
        raise RuleBroken("consent.move", _("Nothing was agreed that could be taken back."))
    if is_renewed:
        raise RuleBroken(
            "consent.renewed",
            _("The person agreed to the same again later."),
            _("Take the later consent back: what was told before ends with it."),
        )


def check_move(now: ConsentState, to: ConsentState) -> None:
    """Raise RuleBroken("consent.move") unless a consent may go from `now` to `to`."""
    if to not in MOVES[now]:
        raise RuleBroken(
            "consent.move",
            _("A consent that is “%(now)s” cannot become “%(to)s”.")
            % {"now": now.label, "to": to.label},
            _("Ask anew: a new answer takes the place of the old one.") if is_settled(now) else "",
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking. `starts_on` to `expires_on`: both included; None for a refusal.

    `is_guarded`: a guardian whose days run today is named in the answer.
    """

    state: ConsentState
    capacity: Capacity
    given_by: GivenBy | None = None
    assent: Assent | None = None
    starts_on: date | None = None
    expires_on: date | None = None
    has_limits: bool = False
    is_guarded: bool = False


def check_answer(answer: Answer, basis: LegalBasis, *, is_child: bool, today: date) -> None:
    """Raise RuleBroken for an answer that cannot stand.

    "consent.state": no answer. "consent.basis": something other than consent has to be named where
    the person could not be asked. "consent.limits": limits without saying which, or said without
    meaning them. "consent.days", "consent.given-by", "consent.capacity", "consent.guardian",
    "consent.assent": see the checks below.
    """
    if answer.state not in ANSWERS:
        raise RuleBroken("consent.state", _("This is no answer to a question."))
    if answer.state == S.NOT_POSSIBLE and basis == LegalBasis.CONSENT:
        raise RuleBroken(
            "consent.basis",
            _("Where nobody could be asked, consent cannot be the legal basis."),
            _("Name the basis that stands instead, or wait until the person can be asked."),
        )
    if answer.has_limits != (answer.state == S.GIVEN_WITH_LIMITS):
        raise RuleBroken(
            "consent.limits",
            _("Limits go with an agreement that has limits, and only with that."),
            _("Write down the limits, or choose the other answer."),
        )
    if answer.state in LIVE:
        check_days(answer.starts_on, answer.expires_on, today=today)
    if answer.state in GIVEN:
        check_giver(answer, is_child=is_child)


def check_days(starts_on: date | None, expires_on: date | None, *, today: date) -> None:
    """Raise RuleBroken("consent.starts" or "consent.days") for days that cannot be so."""
    if starts_on is None or starts_on > today:
        raise RuleBroken(
            "consent.starts", _("A consent starts on the day of the answer, today or before.")
        )
    if expires_on is None or expires_on < starts_on:
        raise RuleBroken(
            "consent.days",
            _("This consent would end before it starts."),
            _("Choose a last day after %(day)s.") % {"day": starts_on.isoformat()},
        )
    if expires_on < today:
        raise RuleBroken("consent.days", _("The last day of this consent is over already."))
    if expires_on > starts_on + LONGEST:
        raise RuleBroken(
            "consent.days",
            _("No consent holds for more than a year."),
            _("Choose an earlier day, and ask again when it comes."),
        )


def check_giver(answer: Answer, *, is_child: bool) -> None:
    """Raise RuleBroken unless the one who agreed could.

    For a child, and whoever may be one, the guardian agrees, and nothing is agreed over the
    child's own no. Source: Convention on the Rights of the Child (1989), Art. 12 and 20; Convention
    on Action against Trafficking in Human Beings (Council of Europe, 2005), Art. 10(4).
    """
    if answer.given_by is None:
        raise RuleBroken("consent.given-by", _("Say who agreed."))
    if answer.given_by == GivenBy.GUARDIAN and not answer.is_guarded:
        raise _without_guardian()
    if not is_child:
        _check_adult(answer)
        return
    if answer.given_by != GivenBy.GUARDIAN:
        raise _without_guardian()
    if answer.assent in {None, Assent.NOT_ASKED}:
        raise RuleBroken(
            "consent.assent",
            _("The child's own answer is missing."),
            _("Ask the child, in words for that age, or say that the child is too young to say."),
        )
    if answer.assent == Assent.NO:
        raise RuleBroken(
            "consent.assent",
            _("The child does not agree, so nothing is agreed."),
            _("Record the answer as a no; the help goes on."),
        )


def _check_adult(answer: Answer) -> None:
    if answer.given_by == GivenBy.PERSON and answer.capacity == Capacity.NOT_NOW:
        raise RuleBroken(
            "consent.capacity",
            _("Somebody who cannot decide at this moment agrees to nothing."),
            _("Ask again later, or name another legal basis."),
        )
    if answer.given_by == GivenBy.GUARDIAN and answer.capacity != Capacity.NOT_NOW:
        raise RuleBroken(
            "consent.given-by", _("An adult who can decide answers alone, without a guardian.")
        )


def _without_guardian() -> RuleBroken:
    return RuleBroken(
        "consent.guardian",
        _("For a child, or whoever may be one, a guardian agrees together with the child."),
        _("Record the guardian first. In danger to life, help does not wait for consent."),
    )


def check_language(language: str, spoken: Collection[str], *, is_interpreted: bool) -> None:
    """Raise RuleBroken("consent.language") when it was explained in a language not understood.

    `spoken`: languages of the person, empty where nobody knows them.
    """
    if not language or (spoken and language not in spoken and not is_interpreted):
        raise RuleBroken(
            "consent.language",
            _("What is explained in a language that the person does not speak is not explained."),
            _("Choose a language of the person, or say who interpreted."),
        )


def ends(starts_on: date, asked: date | None) -> date:
    """The last day of a consent: as asked, else after the default time."""
    return asked or starts_on + HOLDS_FOR


@dataclass(frozen=True, slots=True)
class Heard:
    """A record of consent for one purpose, as far as it decides what may be told.

    `recipient_id` is None exactly where `recipient_class` is a kind of service.
    """

    state: ConsentState
    basis: LegalBasis
    recipient_class: str
    recipient_id: UUID | None
    categories: frozenset[str]
    starts_on: date | None
    expires_on: date | None
    decided_at: datetime
    id: UUID | None = None

    def is_live(self, today: date) -> bool:
        """True while it lets something be told: both days included."""
        return (
            self.state in LIVE
            and self.starts_on is not None
            and self.expires_on is not None
            and self.starts_on <= today <= self.expires_on
        )

    def is_no(self) -> bool:
        return self.state in {S.REFUSED, S.WITHDRAWN}

    def is_about(self, organisation_id: UUID, kinds: Collection[str]) -> bool:
        """True when a service of these `kinds`, run by this organisation, is meant."""
        if self.recipient_class == NAMED:
            return self.recipient_id == organisation_id
        return self.recipient_class in kinds


def standing(
    heard: Iterable[Heard], organisation_id: UUID, kinds: Collection[str], today: date
) -> Heard | None:
    """The record that lets something be told to this recipient today; None where none does.

    `heard`: what was answered for one purpose. A no, or a consent taken back, counts against every
    older yes that it is about, and a no to this very organisation also against a later yes to its
    kind: whoever said no to somebody by name is asked by name again. Of several yes the one that
    names the organisation comes first, then the newest.
    """
    about = sorted(
        (each for each in heard if each.is_about(organisation_id, kinds)),
        key=lambda each: each.decided_at,
    )
    named = [each for each in about if each.recipient_class == NAMED]
    spoken = [each for each in named if each.is_no() or each.state in LIVE]
    if spoken and spoken[-1].is_no():
        return None
    last_no = max((each.decided_at for each in about if each.is_no()), default=None)
    good = [
        each
        for each in about
        if each.is_live(today) and (last_no is None or each.decided_at > last_no)
    ]
    return max(
        good, key=lambda each: (each.recipient_id is not None, each.decided_at), default=None
    )


def takes_place_of(new: Heard, old: Heard) -> bool:
    """True when an answer is to the same question as an older one: same recipient, both decided."""
    return (
        old.state in LIVE
        and new.recipient_class == old.recipient_class
        and new.recipient_id == old.recipient_id
    )


def is_narrower(new: Heard, old: Heard) -> bool:
    """True when something that the old answer let be told may not be told any more."""
    return new.state not in LIVE or not old.categories <= new.categories
