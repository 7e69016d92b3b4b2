"""Writes of a panel: scores by the published criteria, and decisions with their reason."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, person, require
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.training.actions import calls, steps
from cairn.training.models import Call, Nomination, SelectionDecision, VettingCheck
from cairn.training.queries import selection as queries
from cairn.training.rules import selection as rules
from cairn.training.rules.choices import SelectionOutcome
from cairn.training.rules.nomination import NOMINATION_MOVES, NominationState
from cairn.training.rules.vetting import VettingState

# A panel is more than one person: whoever scores alone decides alone. A judgement.
SMALLEST_PANEL = 2
_STATES = {
    SelectionOutcome.SELECTED: NominationState.SELECTED,
    SelectionOutcome.RESERVE: NominationState.RESERVE,
    SelectionOutcome.NOT_SELECTED: NominationState.NOT_SELECTED,
}


@transaction.atomic
def score(actor: Actor, reference: str, given: Mapping[UUID, Mapping[str, int]]) -> int:
    """Keep the panel's scores, {nomination: {criterion: 0 to 5}}; how many changed.

    Raises Call.DoesNotExist, Nomination.DoesNotExist, PermissionDenied, RuleBroken
    ("selection.score").
    """
    call = calls.locked_call(actor, reference)
    require(actor, Permission.TRAINING_DECIDE, within=call.event)
    criteria = calls.criteria_of(call)
    rows = {row.pk: row for row in call.nominations.filter(pk__in=list(given))}
    if len(rows) != len(given):
        raise Nomination.DoesNotExist
    changed = []
    for key, scores in given.items():
        rules.total_of(criteria, scores)
        if rows[key].scores != dict(scores):
            rows[key].scores = dict(scores)
            changed.append(rows[key])
    Nomination.objects.bulk_update(changed, ["scores"], batch_size=200)
    if changed:
        audit.record(actor, "selection.scored", call, event=reference, people=len(changed))
    return len(changed)


@transaction.atomic
def decide(
    actor: Actor,
    reference: str,
    outcomes: Mapping[UUID, SelectionOutcome],
    *,
    panel: Sequence[UUID],
    reason: str,
) -> list[SelectionDecision]:
    """The panel's decision on some nominations of a call; those seated before count on.

    Raises Call.DoesNotExist, Nomination.DoesNotExist, PermissionDenied, RuleBroken
    ("selection.panel", "selection.vetted", "selection.reason", "selection.none",
    "selection.seats-exceeded", "selection.no-seats", "selection.not-eligible",
    "selection.too-few-women", "nomination.move").
    """
    decided_by = person(actor)
    call = calls.locked_call(actor, reference)
    require(actor, Permission.TRAINING_DECIDE, within=call.event)
    sat = sorted({str(each) for each in (*panel, decided_by)})
    if len(sat) < SMALLEST_PANEL:
        raise RuleBroken(
            "selection.panel",
            _("A panel is at least two people."),
            _("Name who decided with you."),
        )
    if not reason.strip():
        raise RuleBroken("selection.reason", _("A decision gives its reason."))
    if not outcomes:
        raise RuleBroken("selection.none", _("Choose an outcome for at least one person."))
    rows = _rows(call, list(outcomes))
    _check_not_vetted_by(sat, rows.values())
    _check_whole(call, outcomes, reason)
    made = []
    for proposed in queries.ranking(call):
        key = UUID(proposed.candidate.key)
        if key in outcomes:
            made.append(_decide_one(actor, rows[key], outcomes[key], sat, proposed.order, reason))
    audit.record(
        actor,
        "selection.decided",
        call,
        event=reference,
        selected=sum(each.outcome == SelectionOutcome.SELECTED for each in made),
        people=len(made),
    )
    return made


def _rows(call: Call, ids: Sequence[UUID]) -> dict[UUID, Nomination]:
    found = call.nominations.select_for_update(of=("self",)).filter(pk__in=ids)
    rows = {row.pk: row for row in found.select_related("practitioner")}
    if len(rows) != len(set(ids)):
        raise Nomination.DoesNotExist
    return rows


def _check_not_vetted_by(sat: Sequence[str], rows: Iterable[Nomination]) -> None:
    """Raise RuleBroken("selection.vetted") where a panel decides on whom one of it has vetted: the
    reason of a check stays with whoever recorded how it ended."""
    recorded = VettingCheck.objects.filter(
        practitioner__in=[row.practitioner_id for row in rows],
        state__in=[VettingState.CLEARED, VettingState.REFUSED],
        recorded_by__in=[UUID(each) for each in sat],
    )
    codes = recorded.values_list("practitioner__code", flat=True)
    if found := sorted(set(codes)):
        raise RuleBroken(
            "selection.vetted",
            _("Somebody of the panel recorded how a check of %(codes)s ended.")
            % {"codes": ", ".join(found[:5])},
            _("Who vets does not select: let colleagues decide on these people."),
        )


def _check_whole(call: Call, outcomes: Mapping[UUID, SelectionOutcome], reason: str) -> None:
    """The seats as they would be after the decision: those taken before, and the new ones."""
    candidates, seated = queries.candidates(call), queries.seated(call)
    picked = [
        each
        for each in candidates
        if outcomes.get(UUID(each.key)) == SelectionOutcome.SELECTED
        or (UUID(each.key) not in outcomes and each.key in seated)
    ]
    found = rules.findings(picked, queries.seats_of(call), minimum_women=call.minimum_women)
    rules.check_decision(found, reason)


def _decide_one(
    actor: Actor,
    nomination: Nomination,
    outcome: SelectionOutcome,
    panel: list[str],
    rank: int,
    reason: str,
) -> SelectionDecision:
    to = _STATES[outcome]
    if nomination.state != to:
        steps.move(
            actor,
            nomination,
            NOMINATION_MOVES,
            to,
            code="nomination.moved",
            reason=reason,
            person=nomination.practitioner.code,
        )
    return SelectionDecision.objects.create(
        nomination=nomination,
        outcome=outcome,
        scores=nomination.scores,
        panel=panel,
        rank=rank or None,
        reason=reason.strip()[:300],
        decided_by=person(actor),
        decided_at=clock.now(),
    )
