"""What the page of a procedure shows of decisions, rights, clocks and care, ready for templates."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.identification.models import Decision, Interview, Notification, Procedure, ReviewRequest
from cairn.identification.queries import rights as queries
from cairn.identification.rules import procedures as rules
from cairn.identification.rules.care import InterviewState, counts_as_child
from cairn.identification.rules.procedures import NEGATIVE, AgeStatus, Ground, State
from cairn.identification.rules.profiles import Profile, Right
from cairn.identification.rules.reflection import possible_steps


@dataclass(frozen=True, slots=True)
class Clock:
    """Something that comes on a day: what, when, and what it means."""

    what: str
    when: date
    why: str


def act_parts(actor: Actor, found: Procedure, now: State) -> dict[str, Any]:
    """What the actor may do with a procedure that stands at `now`."""
    place = (found.organisation_id, found.unit_id, found.country)
    is_alive = found.erased_on is None
    may_edit = is_alive and actor.may_within(Permission.PROCEDURE_EDIT, *place)
    return {
        "may_edit": may_edit,
        "may_investigate": may_edit
        and bool(rules.MOVES[now])
        and found.investigated_by != actor.user_id,
        "may_decide": is_alive
        and bool(rules.decidable(now))
        and actor.may_within(Permission.PROCEDURE_DECIDE, *place),
        "may_review": may_edit and now in NEGATIVE,
    }


def decision_cards(
    decisions: Sequence[Decision],
    told: Mapping[UUID, Notification],
    asked: Mapping[UUID, ReviewRequest],
    who: Callable[[UUID | None], str],
) -> list[dict[str, Any]]:
    """The decisions, newest first, each with its telling and the request for its review."""
    numbers = {each.pk: each.number for each in decisions}
    return [
        {
            "number": each.number,
            "outcome": State(each.outcome),
            "standard": each.get_standard_display(),
            "ground": Ground(each.ground).label if each.ground else "",
            "authority": each.authority,
            "authority_kind": each.get_authority_kind_display(),
            "review_of": numbers[each.review_of_id] if each.review_of_id else None,
            "who": who(each.decided_by),
            "when": each.decided_at,
            "told": told.get(each.pk),
            "asked": asked.get(each.pk),
        }
        for each in reversed(decisions)
    ]


def right_parts(
    found: Procedure,
    decisions: Sequence[Decision],
    told: Mapping[UUID, Notification],
    law: Profile,
    today: date,
) -> dict[str, Any]:
    """Rights with their days and history, time for reflection, care for children, clocks, token."""
    grants = queries.grants(found)
    entries = queries.as_entries(grants)
    reflecting = queries.reflecting(entries, queries.steps(found))
    assessed, interviews = queries.best_interests(found), queries.interviews(found)
    lines = queries.lines(entries, today)
    newest = told.get(decisions[-1].pk) if decisions else None
    last = newest.review_until if newest else None
    clocks = _right_clocks(lines, last)
    clocks += [
        Clock(_("Best interests"), step.review_on, _("To be looked at again."))
        for step in assessed[-1:]
        if step.review_on
    ]
    clocks += [_interview_clock(each) for each in interviews if _is_planned(each)]
    is_child = counts_as_child(AgeStatus(found.age_status))
    guardians = queries.guardians(found)
    return {
        "law": law,
        "rights": lines,
        "grants": list(reversed(grants)),
        "reflecting": reflecting,
        "has_next_step": bool(possible_steps(reflecting.step)),
        "reflection_days": law.reflection_days,
        "clocks": sorted(clocks, key=lambda clock: clock.when),
        "is_child": is_child,
        "guardians": guardians,
        "best_interests": assessed,
        "interviews": interviews,
        "shows_care": is_child or bool(guardians or assessed),
        "live_token": queries.live_token(found),
    }


def _right_clocks(lines: Sequence[queries.RightLine], last: date | None) -> list[Clock]:
    words = {
        Right.REFLECTION: _("Its last day. Nobody is removed before; it can be extended."),
        Right.NO_REMOVAL: _("The last day on which removal is barred."),
    }
    clocks = [
        Clock(str(line.right.label), line.ends_on, words.get(line.right, _("Its last day.")))
        for line in lines
        if line.ends_on is not None and line.holds
    ]
    if last is not None:
        clocks.append(Clock(_("Review"), last, _("The last day on which it can be asked for.")))
    return clocks


def _is_planned(interview: Interview) -> bool:
    return interview.state == InterviewState.PLANNED


def _interview_clock(interview: Interview) -> Clock:
    words = {"number": interview.number}
    return Clock(_("Interview %(number)d") % words, interview.planned_on, _("Planned."))
