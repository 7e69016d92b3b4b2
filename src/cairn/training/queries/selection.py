"""What the screen of a panel reads: candidates by code, the rank list as an aid, seats."""

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from cairn.access.models import Membership
from cairn.access.permissions import Permission
from cairn.access.roles import ROLES
from cairn.core.actor import Actor
from cairn.oversight.queries.people import names
from cairn.training.models import (
    Call,
    Nomination,
    SeatAllocation,
    SelectionDecision,
    TrainingEvent,
)
from cairn.training.rules import selection as rules
from cairn.training.rules.nomination import SEATED, NominationState
from cairn.training.rules.selection import Candidate, Criterion, Proposal, Proposed, Seats

# What a panel decides on, and whom it decided on before.
COMPETING = frozenset(
    {
        NominationState.ELIGIBLE,
        NominationState.SELECTED,
        NominationState.RESERVE,
        NominationState.NOT_SELECTED,
        NominationState.CONFIRMED,
    }
)
ELIGIBLE = COMPETING | {NominationState.ATTENDED}
_ON_PANELS = frozenset(
    role
    for role, permissions in ROLES.items()
    # Who vets does not select: the reason of a check stays with whoever checked.
    if Permission.TRAINING_VIEW in permissions and Permission.VETTING_OPEN not in permissions
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line for the panel: the nomination with what is proposed for it."""

    nomination: Nomination
    proposed: Proposed
    scores: list[tuple[Criterion, int | None]]


def criteria_of(call: Call) -> list[Criterion]:
    return [
        Criterion(each["code"], each["label"], int(each.get("weight", 1))) for each in call.criteria
    ]


def seats_of(call: Call) -> list[Seats]:
    """The seats of each agency. One query."""
    rows = SeatAllocation.objects.filter(call=call).select_related("agency")
    return [
        Seats(str(row.agency_id), row.seats, row.minimum_women, row.agency.display_name)
        for row in rows
    ]


def candidates(call: Call) -> list[Candidate]:
    """All nominations of a call as selection sees them, in the order in which they came."""
    return [_candidate(row, criteria_of(call), place) for place, row in enumerate(_rows(call))]


def _rows(call: Call) -> list[Nomination]:
    rows = call.nominations.exclude(state=NominationState.WITHDRAWN)
    return list(rows.select_related("practitioner", "agency").order_by("proposed_at", "pk"))


def _candidate(row: Nomination, criteria: list[Criterion], place: int) -> Candidate:
    return Candidate(
        key=str(row.pk),
        agency=str(row.agency_id),
        sex=row.practitioner.sex,
        total=rules.total_of(criteria, row.scores),
        is_eligible=row.state in ELIGIBLE,
        place=place,
    )


def seated(call: Call) -> frozenset[str]:
    """Keys of the candidates who have a seat now."""
    rows = call.nominations.filter(state__in=SEATED).values_list("pk", flat=True)
    return frozenset(str(pk) for pk in rows)


def proposal(call: Call) -> Proposal:
    """The rank list: an aid for the panel, never a decision. Three queries."""
    return rules.propose(candidates(call), seats_of(call), minimum_women=call.minimum_women)


def ranking(call: Call) -> list[Proposed]:
    """The rows of the rank list, the best first."""
    return proposal(call).rows


def lines(call: Call) -> tuple[list[Line], Proposal]:
    """The panel's table and the proposal that it rests on. Three queries."""
    rows = _rows(call)
    criteria = criteria_of(call)
    found = rules.propose(
        [_candidate(row, criteria, place) for place, row in enumerate(rows)],
        seats_of(call),
        minimum_women=call.minimum_women,
    )
    by_key = {str(row.pk): row for row in rows}
    shown = [
        Line(
            by_key[each.candidate.key],
            each,
            [
                (criterion, by_key[each.candidate.key].scores.get(criterion.code))
                for criterion in criteria
            ],
        )
        for each in found.rows
        if by_key[each.candidate.key].state in COMPETING
    ]
    return shown, found


def colleagues(actor: Actor, event: TrainingEvent) -> list[tuple[UUID, str]]:
    """Who may sit on the panel: members of whoever holds the event, by name, the actor left out."""
    members = Membership.objects.in_force(timezone.localdate()).filter(
        organisation=event.organisation_id, role__in=_ON_PANELS
    )
    ids = set(members.values_list("user", flat=True)) - {actor.user_id}
    return sorted(((key, name) for key, name in names(ids).items() if key), key=lambda x: x[1])


def newest_decisions(call: Call) -> dict[UUID, SelectionDecision]:
    """{nomination: the decision that holds}. One query."""
    rows = SelectionDecision.objects.filter(nomination__call=call).order_by("decided_at")
    return {row.nomination_id: row for row in rows}
