"""What every write about a procedure shares: it is found, decisions and rights are appended."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from cairn.access.permissions import person
from cairn.core import audit
from cairn.core.actor import Actor
from cairn.identification.models import Decision, Procedure, RightsGrant
from cairn.identification.rules import procedures as rules
from cairn.identification.rules.procedures import Ground, Standard, State
from cairn.identification.rules.rights import Entry


def locked(actor: Actor, code: str) -> Procedure:
    """The procedure of this code, held for this transaction; raises Procedure.DoesNotExist."""
    rows = Procedure.objects.visible_to(actor).select_for_update(of=("self",))
    found: Procedure = rows.get(code=code)
    return found


def append_decision(
    procedure: Procedure,
    before: Sequence[Decision],
    outcome: State,
    *,
    standard: Standard,
    ground: Ground,
    authority: str,
    authority_kind: str,
    reasons: str,
    decided_by: UUID,
    now: datetime,
    review_of: Decision | None = None,
) -> Decision:
    """Write the next decision of a procedure; the caller has checked the rules."""
    number = len(before) + 1
    decision = Decision(
        data_key=procedure.data_key,
        procedure=procedure,
        number=number,
        code=f"{procedure.code.lower()}.{number}",
        stage=rules.STAGES[outcome],
        outcome=outcome,
        standard=standard,
        ground=ground,
        authority=authority.strip(),
        authority_kind=authority_kind,
        review_of=review_of,
        decided_by=decided_by,
        decided_at=now,
        reasons=reasons.strip(),
    )
    decision.save(force_insert=True)
    return decision


def append_rights(
    actor: Actor,
    procedure: Procedure,
    decisions: Sequence[Decision],
    before: Sequence[Entry],
    made: Sequence[Entry],
    now: datetime,
) -> None:
    """Write what an act did to the rights, each with the decision from which it comes."""
    if not made:
        return
    by_number = {each.number: each for each in decisions}
    RightsGrant.objects.bulk_create(
        RightsGrant(
            procedure=procedure,
            number=number,
            right=entry.right,
            change=entry.change,
            starts_on=entry.starts_on,
            ends_on=entry.ends_on,
            decision=by_number[entry.decision],
            recorded_at=now,
            recorded_by=person(actor),
        )
        for number, entry in enumerate(made, start=len(before) + 1)
    )
    audit.record(
        actor,
        "right.changed",
        procedure,
        rights=[entry.right.value for entry in made],
        changes=[entry.change.value for entry in made],
        decision=made[-1].decision,
    )
