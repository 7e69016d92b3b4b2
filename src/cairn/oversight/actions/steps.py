"""Steps of the desk's records: who decided what, when, and why (sealed). Append-only."""

from cairn.core import clock
from cairn.core.actor import Actor
from cairn.oversight.models import Step
from cairn.oversight.models.base import OversightRecord


def add_step(actor: Actor, record: OversightRecord, before: str, after: str, note: str) -> Step:
    """Note that `record` went from state `before` ("" at its beginning) to `after`.

    The note is sealed with the key of the record. In the caller's transaction.
    """
    step = Step(
        record_id=record.pk,
        before=before,
        after=after,
        at=clock.now(),
        by=actor.user_id,
        note=note,
        data_key=record.data_key,
    )
    step.save(force_insert=True)
    return step
