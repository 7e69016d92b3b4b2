"""A referral has arrived when somebody on the other side was told of it, or opened its link."""

from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from cairn.referral.actions.referrals_moves import Acting, move
from cairn.referral.models.outbox import OutboxMessage
from cairn.referral.models.referrals import Referral
from cairn.referral.rules.referrals import State

ARRIVED = ("referral.arrived", "referral.emergency")


def deliver_later(referral: Referral) -> None:
    """After commit and after the notices: note that it arrived. The clock does it otherwise."""
    transaction.on_commit(partial(mark_delivered, referral.pk), robust=True)


@transaction.atomic
def mark_delivered(referral_id: UUID, *, is_seen: bool = False) -> bool:
    """From sent to arrived, when somebody there was told; `is_seen`: its link was opened."""
    rows = Referral.objects.filter(pk=referral_id, state=State.SENT).select_for_update(of=("self",))
    if not is_seen:
        rows = rows.filter(_told())
    referral = rows.first()
    if referral is None:
        return False
    move(referral, State.DELIVERED, Acting.as_clock())
    return True


def mark_all_delivered(at_most: int = 200) -> int:
    """Those that were told of after a worker had stopped; returns how many."""
    rows = Referral.objects.filter(_told(), state=State.SENT).order_by("sent_at")
    return sum(mark_delivered(pk) for pk in list(rows.values_list("pk", flat=True)[:at_most]))


def _told() -> Exists:
    messages = OutboxMessage.objects.filter(
        subject_id=OuterRef("pk"), code__in=ARRIVED, failed=""
    ).exclude(done_at=None)
    return Exists(messages)
