"""How a person is told of a decision, and how a decision is taken to review."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cairn.core.errors import RuleBroken
from cairn.identification.rules.procedures import NEGATIVE, AgeStatus, State
from cairn.identification.rules.profiles import Profile


class ToldTo(TextChoices):
    """Who was told."""

    PERSON = "person", gettext_lazy("The person")
    GUARDIAN = "guardian", gettext_lazy("The person and the guardian")
    REPRESENTATIVE = "representative", gettext_lazy("The person's lawyer or representative")


class ToldHow(TextChoices):
    """How somebody was told."""

    SPOKEN = "spoken", gettext_lazy("By word of mouth")
    WRITTEN = "written", gettext_lazy("In writing")
    BOTH = "both", gettext_lazy("In writing, and explained by word of mouth")


class Interpreter(TextChoices):
    """Whether somebody interpreted, and was checked so as to endanger nobody."""

    NONE = "none", pgettext_lazy("interpreter", "None was needed")
    CHECKED = "checked", pgettext_lazy("interpreter", "Yes, checked for ties and trust")
    UNCHECKED = "unchecked", pgettext_lazy("interpreter", "Yes, not checked")


class Acknowledged(TextChoices):
    """Whether whoever was told said or signed that they understood."""

    YES = "yes", gettext_lazy("Yes")
    NO = "no", gettext_lazy("No")
    UNKNOWN = "unknown", pgettext_lazy("answer", "Not known")


class AskedBy(TextChoices):
    """Who asked for a review."""

    PERSON = "person", gettext_lazy("The person")
    GUARDIAN = "guardian", gettext_lazy("The guardian")
    REPRESENTATIVE = "representative", gettext_lazy("The person's lawyer or representative")
    AUTHORITY = "authority", gettext_lazy("The authority, of its own accord")


@dataclass(frozen=True, slots=True)
class Telling:
    """How somebody was told of a decision. `language`: ISO 639; the day is that of the telling."""

    told_on: date
    told_to: ToldTo
    form: ToldHow
    language: str
    interpreter: Interpreter = Interpreter.NONE
    acknowledged: Acknowledged = Acknowledged.UNKNOWN


def check_telling(
    told: Telling, profile: Profile, age: AgeStatus, *, decided_on: date, today: date
) -> None:
    """Raise RuleBroken for a telling that cannot be so.

    "telling.day": before the decision, or to come. "telling.language": no language, or one that
    the profile does not name, without an interpreter: what nobody understands told nobody.
    "telling.guardian": a child, or somebody whose age is disputed, was told alone.
    """
    told_on, language, interpreter = told.told_on, told.language, told.interpreter
    if not decided_on <= told_on <= today:
        raise RuleBroken(
            "telling.day", _("Somebody is told on the day of the decision or later, by today.")
        )
    is_own = not profile.languages or language in profile.languages
    if not language or (not is_own and interpreter == Interpreter.NONE):
        raise RuleBroken(
            "telling.language",
            _("The authority does not speak this language by itself: name an interpreter."),
        )
    if age != AgeStatus.ADULT and told.told_to == ToldTo.PERSON:
        raise RuleBroken(
            "telling.guardian",
            _("A child, or somebody whose age is disputed, is told together with the guardian."),
        )


def check_told_once(is_told: bool) -> None:
    """Raise RuleBroken("telling.twice") for a decision of which the person was told already."""
    if is_told:
        raise RuleBroken("telling.twice", _("It is recorded already that the person was told."))


def last_day_for_review(outcome: State, told_on: date, profile: Profile) -> date | None:
    """The last day on which a review can be asked for; None where there is nothing to review."""
    return told_on + timedelta(days=profile.review_days) if outcome in NEGATIVE else None


def check_negative(now: State) -> None:
    """Raise RuleBroken("review.move") unless the newest decision is negative."""
    if now not in NEGATIVE:
        raise RuleBroken("review.move", _("Only a negative decision is taken to review."))


def check_review(
    now: State, asked_on: date, *, decided_on: date, last_day: date | None, today: date
) -> None:
    """Raise RuleBroken unless a review of the newest decision can be asked for.

    "review.move": the newest decision is not negative. "review.day": before it, or to come.
    "review.late": after `last_day`; None, where nobody was told, is never too late.
    """
    check_negative(now)
    if not decided_on <= asked_on <= today:
        raise RuleBroken(
            "review.day", _("A review is asked for on the day of the decision or later, by today.")
        )
    if last_day is not None and asked_on > last_day:
        raise RuleBroken(
            "review.late",
            _("The days in which a review can be asked for are over."),
            _("The authority can still take the procedure up again, on any day."),
        )


def check_reviewer(user_id: UUID, first_decider: UUID) -> None:
    """Raise RuleBroken("review.same-person") when somebody would review their own decision."""
    if user_id == first_decider:
        raise RuleBroken(
            "review.same-person",
            _("You made the decision that is under review, so somebody else reviews it."),
            _("Ask a colleague of the authority who did not make it."),
        )
