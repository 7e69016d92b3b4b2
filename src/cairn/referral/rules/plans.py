"""Assistance plans, what is given in them, and matters that go with them: states and clocks. Pure.

States: reference study on casework, E3. What a plan comes to never follows from what the police or
a court does, nor from what the person does for them.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cairn.core.errors import RuleBroken


class PlanState(TextChoices):
    PROPOSED = "proposed", pgettext_lazy("plan", "Proposed")
    AGREED = "agreed", pgettext_lazy("plan", "Agreed by the person")
    ACTIVE = "active", pgettext_lazy("plan", "Under way")
    UNDER_REVIEW = "under-review", pgettext_lazy("plan", "Looked at again")
    COMPLETED = "completed", pgettext_lazy("plan", "Completed")
    ENDED_BY_PERSON = "ended-by-person", pgettext_lazy("plan", "Ended by the person")
    TRANSFERRED = "transferred", pgettext_lazy("plan", "Passed on")
    LOST_CONTACT = "lost-contact", pgettext_lazy("plan", "Contact lost")


_ENDS = frozenset(
    {
        PlanState.COMPLETED,
        PlanState.ENDED_BY_PERSON,
        PlanState.TRANSFERRED,
        PlanState.LOST_CONTACT,
    }
)
PLAN_MOVES: Final[Mapping[PlanState, frozenset[PlanState]]] = {
    PlanState.PROPOSED: frozenset({PlanState.AGREED, PlanState.ENDED_BY_PERSON}),
    PlanState.AGREED: frozenset({PlanState.ACTIVE, PlanState.ENDED_BY_PERSON}),
    PlanState.ACTIVE: frozenset({PlanState.UNDER_REVIEW}) | _ENDS,
    PlanState.UNDER_REVIEW: frozenset({PlanState.ACTIVE}) | _ENDS,
    # Each of them can be taken up again: who comes back finds the plan where it was left.
    **dict.fromkeys(sorted(_ENDS), frozenset({PlanState.ACTIVE})),
}
PLAN_ENDS: Final = _ENDS


class Area(TextChoices):
    """What a goal is about."""

    SAFETY = "safety", gettext_lazy("Safety")
    HOUSING = "housing", gettext_lazy("A place to live")
    HEALTH = "health", pgettext_lazy("goal", "Health")
    MIND = "mind", gettext_lazy("Well-being")
    LAW = "law", gettext_lazy("Law and papers")
    FAMILY = "family", pgettext_lazy("goal", "Family")
    EDUCATION = "education", pgettext_lazy("goal", "Education")
    WORK = "work", gettext_lazy("Work and income")
    RETURN = "return", pgettext_lazy("goal", "Return")


class GoalState(TextChoices):
    OPEN = "open", pgettext_lazy("goal", "Open")
    REACHED = "reached", pgettext_lazy("goal", "Reached")
    PARTLY = "partly", pgettext_lazy("goal", "Reached in part")
    GIVEN_UP = "given-up", pgettext_lazy("goal", "Given up")


class EpisodeOutcome(TextChoices):
    """How a service that was given ended."""

    DONE = "done", pgettext_lazy("service given", "Given to its end")
    LEFT = "left", pgettext_lazy("service given", "Ended by the person")
    STOPPED = "stopped", pgettext_lazy("service given", "Ended by the provider")
    NOT_BEGUN = "not-begun", pgettext_lazy("service given", "Never began")


class Later(TextChoices):
    """What came of a placement in work or training, some months later."""

    IN_PLACE = "in-place", gettext_lazy("Still in this work or training")
    ELSEWHERE = "elsewhere", gettext_lazy("In other work or training")
    OWN_BUSINESS = "own-business", gettext_lazy("Own business")
    NONE = "none", pgettext_lazy("months later", "Without work or training")
    NOT_REACHED = "not-reached", pgettext_lazy("months later", "Not reached")


# Placements whose outcome is asked for after three, six and twelve months: vocational training
# and work for victims of trafficking, as the programme for Albania in the partnership folder has.
PLACEMENTS: Final = frozenset({"livelihood", "vocational-training"})
MONTHS: Final = (3, 6, 12)


class MatterKind(TextChoices):
    """What is claimed for the person before an authority."""

    NON_PUNISHMENT = "non-punishment", gettext_lazy("Not punished for what one was made to do")
    COMPENSATION = "compensation", gettext_lazy("Compensation")


class MatterState(TextChoices):
    """Non-punishment: Directive 2011/36/EU (5 April 2011), Art. 8; Council of Europe Convention on
    Action against Trafficking in Human Beings (2005), Art. 26. Compensation: the same convention,
    Art. 15; Trafficking in Persons Protocol (2000), Art. 6(6)."""

    NOTICED = "noticed", pgettext_lazy("matter", "Noticed")
    RAISED = "raised", pgettext_lazy("matter", "Raised with the authority")
    CONSIDERED = "considered", pgettext_lazy("matter", "Under consideration")
    APPLIED = "applied", pgettext_lazy("matter", "Granted")
    PARTLY = "partly", pgettext_lazy("matter", "Granted in part")
    NOT_APPLIED = "not-applied", pgettext_lazy("matter", "Refused")
    REMEDIED = "remedied", pgettext_lazy("matter", "Carried out")
    DROPPED = "dropped", pgettext_lazy("matter", "Given up at the person's wish")


MATTER_MOVES: Final[Mapping[MatterState, frozenset[MatterState]]] = {
    MatterState.NOTICED: frozenset({MatterState.RAISED, MatterState.DROPPED}),
    MatterState.RAISED: frozenset({MatterState.CONSIDERED, MatterState.DROPPED}),
    MatterState.CONSIDERED: frozenset(
        {
            MatterState.APPLIED,
            MatterState.PARTLY,
            MatterState.NOT_APPLIED,
            MatterState.DROPPED,
        }
    ),
    # Release, a dropped charge, a cleared record; or the money that was paid.
    MatterState.APPLIED: frozenset({MatterState.REMEDIED}),
    MatterState.PARTLY: frozenset({MatterState.REMEDIED, MatterState.RAISED}),
    MatterState.NOT_APPLIED: frozenset({MatterState.RAISED}),
    MatterState.REMEDIED: frozenset(),
    MatterState.DROPPED: frozenset({MatterState.RAISED}),
}


def check_plan_move(before: PlanState, after: PlanState) -> None:
    """Raise RuleBroken("plan.move") for a step that the machine does not have."""
    if after not in PLAN_MOVES[before]:
        raise RuleBroken(
            "plan.move",
            _("A plan that is “%(before)s” does not become “%(after)s”.")
            % {"before": before.label, "after": after.label},
            _("Look at the page again: somebody else may have moved it."),
        )


def check_matter_move(before: MatterState, after: MatterState) -> None:
    """Raise RuleBroken("matter.move") for a step that the machine does not have."""
    if after not in MATTER_MOVES[before]:
        raise RuleBroken(
            "matter.move",
            _("What is “%(before)s” does not become “%(after)s”.")
            % {"before": before.label, "after": after.label},
            _("Look at the page again: somebody else may have moved it."),
        )


def months_after(day: date, months: int) -> date:
    """The same day of the month `months` later; the last day of a shorter month."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, min(day.day, last))
        except ValueError:
            continue
    raise ValueError(f"{day} has no day {months} months later.")


def follow_ups(service_type: str, starts_on: date) -> tuple[tuple[int, date], ...]:
    """(months, day) on which the outcome of a placement is asked for; none for other services."""
    if service_type not in PLACEMENTS:
        return ()
    return tuple((months, months_after(starts_on, months)) for months in MONTHS)


def check_none_runs(runs: bool) -> None:
    """Raise RuleBroken("plan.runs") when another plan of the person has not ended."""
    if runs:
        raise RuleBroken(
            "plan.runs",
            _("This person has a plan already."),
            _("Change that plan, or end it first."),
        )


def check_seen(now: PlanState, seen: PlanState | None) -> None:
    """Raise RuleBroken("plan.meanwhile") when somebody else moved it since the page was shown."""
    if seen is not None and seen is not now:
        raise RuleBroken(
            "plan.meanwhile",
            _("Somebody else has just changed this plan. It is now “%(now)s”.")
            % {"now": now.label},
            _("Look at it again and decide then."),
        )


def check_review(review_on: date | None, today: date) -> None:
    """Raise RuleBroken("plan.review") for a day that is not to come."""
    if review_on is not None and review_on <= today:
        raise RuleBroken("plan.review", _("A plan is looked at again on a day to come."))


def check_agreed(agreed_on: date | None, today: date) -> date:
    """The day on which the person agreed. Raises RuleBroken("plan.agreed") without one, or for a
    day to come."""
    if agreed_on is None or agreed_on > today:
        raise RuleBroken(
            "plan.agreed",
            _("Say on which day the person agreed; without that the plan is a proposal."),
        )
    return agreed_on


def check_runs(state: PlanState) -> None:
    """Raise RuleBroken("plan.ended") for a plan that has ended."""
    if state in PLAN_ENDS:
        raise RuleBroken(
            "plan.ended", _("This plan has ended."), _("Take the plan up again first.")
        )


def check_goal(words: str, target_on: date | None, today: date) -> None:
    """Raise RuleBroken("goal.words" or "goal.day")."""
    if not words.strip():
        raise RuleBroken("goal.words", _("Write what the person wants to reach."))
    if target_on is not None and target_on < today:
        raise RuleBroken("goal.day", _("A goal is to be reached on a day to come."))


def check_episode(starts_on: date, ends_on: date | None, today: date) -> None:
    """Raise RuleBroken("episode.days") for a service that ends before it starts, or has not
    started."""
    if starts_on > today or (ends_on is not None and not starts_on <= ends_on <= today):
        raise RuleBroken(
            "episode.days",
            _("A service that is given has begun already, and does not end before it begins."),
        )


def check_accepted(is_accepted: bool) -> None:
    """Raise RuleBroken("episode.referral") for a service that has not said yes to the referral."""
    if not is_accepted:
        raise RuleBroken(
            "episode.referral",
            _("The service has not accepted this referral."),
            _("Wait for its answer, or write the service down without the referral."),
        )


def check_not_ended(outcome: str) -> None:
    """Raise RuleBroken("episode.ended") for a service whose end is written down."""
    if outcome:
        raise RuleBroken("episode.ended", _("The end of this service is written down already."))


def check_follow_up(starts_on: date, before: date | None, seen_on: date, today: date) -> None:
    """Raise RuleBroken("follow-up.seen") the second time, RuleBroken("follow-up.day") for a day
    before the placement or to come."""
    if before is not None:
        raise RuleBroken("follow-up.seen", _("What came of it is written down already."))
    if not starts_on <= seen_on <= today:
        raise RuleBroken(
            "follow-up.day", _("The day lies between the beginning of the placement and today.")
        )


def check_safety(steps: str) -> None:
    """Raise RuleBroken("safety.words") for a safety plan that says nothing to do."""
    if not steps.strip():
        raise RuleBroken("safety.words", _("Write what the person does when danger comes near."))
