"""What comes before an interview: a guardian and a best-interests step for a child.

A person whose age is disputed counts as a child: presumption of minority (Council of Europe
Convention on Action against Trafficking in Human Beings, 2005, Art. 10(3); the guardian and the
best interests: Art. 10(4)).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cairn.core.errors import RuleBroken
from cairn.identification.rules.procedures import AgeStatus
from cairn.identification.rules.telling import Interpreter


class Question(TextChoices):
    """What is asked about a child's best interests."""

    INTERVIEW = "interview", gettext_lazy("Is an interview in the child's best interests?")
    PLACEMENT = "placement", gettext_lazy("Where should the child live for now?")
    TRANSFER = "transfer", gettext_lazy("Should the child go to another place or authority?")
    FAMILY = "family", gettext_lazy("Should the family be contacted?")
    RETURN = "return", gettext_lazy("Should the child return?")


class BestOutcome(TextChoices):
    """The answer of a best-interests step."""

    YES = "yes", pgettext_lazy("best interests", "Yes")
    SAFEGUARDS = "with-safeguards", pgettext_lazy("best interests", "Yes, with safeguards")
    NOT_NOW = "not-now", pgettext_lazy("best interests", "Not now")
    NO = "no", pgettext_lazy("best interests", "No")


class InterviewState(TextChoices):
    """Where an interview stands."""

    PLANNED = "planned", pgettext_lazy("interview", "Planned")
    HELD = "held", pgettext_lazy("interview", "Held")
    CANCELLED = "cancelled", pgettext_lazy("interview", "Cancelled")


@dataclass(frozen=True, slots=True)
class Guarded:
    """From when until when somebody is guardian; `ends_on`, the last day, None for no end."""

    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Step:
    """A best-interests step: what was asked, what came out, until when it is looked at again."""

    question: Question
    outcome: BestOutcome
    assessed_on: date
    review_on: date | None


def counts_as_child(status: AgeStatus) -> bool:
    """Whether the rules for children hold: for children and wherever the age is disputed."""
    return status != AgeStatus.ADULT


def has_guardian(guardians: Iterable[Guarded], day: date) -> bool:
    """Whether somebody is guardian on `day`."""
    return any(
        each.starts_on <= day and (each.ends_on is None or day <= each.ends_on)
        for each in guardians
    )


def newest_step(steps: Iterable[Step], question: Question) -> Step | None:
    """The last of `steps` (oldest first) on this question."""
    found = [step for step in steps if step.question == question]
    return found[-1] if found else None


def check_interview(
    status: AgeStatus, on: date, guardians: Iterable[Guarded], steps: Iterable[Step]
) -> None:
    """Raise RuleBroken unless an interview may be planned for or held on `on`.

    Only for a child or a person whose age is disputed: "interview.guardian" (nobody is guardian on
    that day), "interview.best-interests" (no step by that day says that an interview serves the
    child, or the step is to be looked at again before).
    """
    if not counts_as_child(status):
        return
    if not has_guardian(guardians, on):
        raise RuleBroken(
            "interview.guardian",
            _("Before an interview a guardian has to be appointed, who is there on that day."),
            _("A person whose age is disputed counts as a child."),
        )
    step = newest_step(steps, Question.INTERVIEW)
    is_good = step is not None and step.outcome in {BestOutcome.YES, BestOutcome.SAFEGUARDS}
    if step is None or not is_good or step.assessed_on > on:
        raise RuleBroken(
            "interview.best-interests",
            _("Before an interview somebody has to find that it is in the child's best interests."),
        )
    if step.review_on is not None and step.review_on < on:
        raise RuleBroken(
            "interview.best-interests",
            _("The best-interests step was to be looked at again before this day."),
            _("Record a new step first."),
        )


def check_interpreter(state: InterviewState, interpreter: Interpreter) -> None:
    """Raise RuleBroken("interview.interpreter") for an interview held with an unchecked one.

    An interpreter can belong to those who exploit; a judgement of this platform.
    """
    if state == InterviewState.HELD and interpreter == Interpreter.UNCHECKED:
        raise RuleBroken(
            "interview.interpreter",
            _("An interview is held with an interpreter who was checked, or with none."),
        )


def check_interview_move(now: InterviewState, to: InterviewState) -> None:
    """Raise RuleBroken("interview.move") unless a planned interview is held or cancelled."""
    if now != InterviewState.PLANNED or to == InterviewState.PLANNED:
        raise RuleBroken("interview.move", _("Only a planned interview can be held or cancelled."))


def check_interview_day(on: date, *, today: date) -> None:
    """Raise RuleBroken("interview.day") for an interview held or cancelled on a day to come."""
    if on > today:
        raise RuleBroken("interview.day", _("This day is still to come."))


def check_guardianship(appointed_by: str, name: str, starts_on: date, ends_on: date | None) -> None:
    """Raise RuleBroken("guardian.appointed", "guardian.name" or "guardian.days")."""
    if not appointed_by.strip():
        raise RuleBroken(
            "guardian.appointed", _("Name the court or authority that appointed the guardian.")
        )
    if not name.strip():
        raise RuleBroken("guardian.name", _("Name the guardian. The name is sealed."))
    if ends_on is not None and ends_on < starts_on:
        raise RuleBroken("guardian.days", _("A guardianship ends on its first day or later."))


def check_guardian_end(starts_on: date, until: date | None, ends_on: date) -> None:
    """Raise RuleBroken("guardian.days") for an end before the start, or later than one set."""
    if ends_on < starts_on or (until is not None and ends_on > until):
        raise RuleBroken(
            "guardian.days", _("A guardianship ends on a day from its first day to the end set.")
        )


def check_step(assessed_on: date, review_on: date | None, *, today: date) -> None:
    """Raise RuleBroken("best-interests.day" or "best-interests.review") for days out of order."""
    if assessed_on > today:
        raise RuleBroken("best-interests.day", _("A step cannot have been taken on a day to come."))
    if review_on is not None and review_on <= assessed_on:
        raise RuleBroken(
            "best-interests.review", _("It is looked at again on a later day than the step.")
        )


def check_age_change(now: AgeStatus, to: AgeStatus, *, may_decide: bool) -> None:
    """Raise RuleBroken("age.adult") unless the age can be noted as `to`.

    Only whoever may decide notes that a child or a person whose age is disputed is an adult;
    everybody else can only go the safe way.
    """
    if to == AgeStatus.ADULT and now != to and not may_decide:
        raise RuleBroken(
            "age.adult",
            _("Only somebody who may decide notes that this person is an adult."),
        )
