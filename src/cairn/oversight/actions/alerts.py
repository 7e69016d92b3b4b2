"""Raising alerts once, telling people, and deciding what an alert was."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.audit import Fact
from cairn.oversight import rules
from cairn.oversight.models import Alert, Notice
from cairn.oversight.models.alerts import AlertKind
from cairn.oversight.rules import AlertState


def raise_alert(
    kind: AlertKind,
    *,
    window: str,
    actor_id: UUID | None = None,
    count: int = 1,
    facts: Mapping[str, Fact | Sequence[Fact]] | None = None,
) -> Alert:
    """An alert of `kind` for this actor and window; the second time it is brought up to date.

    In the caller's transaction. `count`: how much was found in the window so far.
    """
    now = clock.now()
    alert, is_new = Alert.objects.get_or_create(
        kind=kind,
        actor_id=actor_id,
        window=window,
        defaults={
            "first_at": now,
            "last_at": now,
            "count": count,
            "facts": dict(facts or {}),
            "note": "",
        },
    )
    if not is_new:
        changed = {"last_at": now, "count": count, "facts": dict(facts or {})}
        Alert.objects.filter(pk=alert.pk, count__lte=count).update(**changed)
        alert.refresh_from_db()
    return alert


def tell(
    users: Iterable[UUID], code: str, subject_id: UUID | None, **facts: Fact | Sequence[Fact]
) -> int:
    """Put a notice before each of `users`; returns how many. In the caller's transaction."""
    now = clock.now()
    rows = [
        Notice(user_id=user, code=code, subject_id=subject_id, facts=facts, at=now)
        for user in dict.fromkeys(users)
    ]
    Notice.objects.bulk_create(rows)
    return len(rows)


@transaction.atomic
def see_notices(actor: Actor) -> int:
    """Mark the actor's notices as seen; returns how many were new."""
    return Notice.objects.visible_to(actor).filter(seen_at=None).update(seen_at=clock.now())


@transaction.atomic
def decide_alert(actor: Actor, alert_id: UUID, to: AlertState, note: str) -> Alert:
    """Say what an alert was, with the reason; escalating it is done by actions.incidents.

    Raises Alert.DoesNotExist, PermissionDenied, or RuleBroken ("oversight.move",
    "oversight.reason", "oversight.second-person").
    """
    alert = Alert.objects.visible_to(actor).select_for_update().get(pk=alert_id)
    require(actor, Permission.OVERSIGHT_REVIEW)
    rules.check_move(AlertState(alert.state), to)
    rules.check_other_person(
        alert.actor_id, actor.user_id, _("Nobody decides about an alert on their own access.")
    )
    alert.note = rules.check_reason(note)
    alert.state, alert.decided_by, alert.decided_at = to, actor.user_id, clock.now()
    alert.save(update_fields=["state", "decided_by", "decided_at", "note"])
    audit.record(actor, f"alert.{to.value}", alert, kind=alert.kind)
    return alert


@transaction.atomic
def count_refusal(actor: Actor, kind: str, *, codes: list[str]) -> None:
    """Write down that an opening was refused; the watch looks for somebody who goes on trying."""
    audit.record(actor, "sealed.refused", kind=kind, codes=[*codes])
