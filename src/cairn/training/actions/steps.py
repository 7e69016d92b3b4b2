"""What every write of training shares: finding, locking, moving along states, and who may do it."""

from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import TextChoices
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.training.models import KitCheckout, KitSelf, Staffing, Step, TrainingEvent
from cairn.training.rules.states import CheckoutState, Moves, check_move

State = TypeVar("State", bound=TextChoices)


def locked_event(actor: Actor, reference: str) -> TrainingEvent:
    """The event, locked for this transaction. Raises TrainingEvent.DoesNotExist."""
    rows = TrainingEvent.objects.visible_to(actor).select_for_update(of=("self",))
    found: TrainingEvent = rows.get(reference=reference)
    return found


def is_staffed(actor: Actor, event: TrainingEvent) -> bool:
    """True when the actor's own account stands among those who teach or organise the event."""
    return (
        actor.user_id is not None
        and Staffing.objects.filter(event=event, practitioner__user_id=actor.user_id).exists()
    )


def may_run(actor: Actor, event: TrainingEvent) -> bool:
    """Whether the actor runs this event: whoever plans training for its place, and its own
    staff."""
    if actor.may_within(Permission.TRAINING_EDIT, event.organisation_id, None, event.country):
        return True
    return actor.may(Permission.EVENT_RUN) and is_staffed(actor, event)


def require_run(actor: Actor, event: TrainingEvent) -> None:
    """Raise PermissionDenied unless the actor runs this event."""
    if not may_run(actor, event):
        raise PermissionDenied(Permission.EVENT_RUN.value)


def check_kept_here(event: TrainingEvent) -> None:
    """Raise RuleBroken("kit.checked-out") while the event's editable part is on a kit, and on
    that kit ("kit.given-back") once it was given back.

    Append-only records (marks, answers, reports) are taken all the same.
    """
    out = KitCheckout.objects.filter(event=event, state=CheckoutState.OUT).select_related("kit")
    if found := out.first():
        raise RuleBroken(
            "kit.checked-out",
            _("This event is checked out to the kit “%(kit)s”.") % {"kit": found.kit.label},
            _("Bring the kit back, or recall it, before you change the event here."),
        )
    if KitSelf.objects.filter(event=event, last_sequence__isnull=False).exists():
        raise RuleBroken(
            "kit.given-back",
            _("This event was given back with the last bundle of this kit."),
            _("Write down on paper what is still missing, and enter it at home."),
        )


def move(
    actor: Actor,
    record: Any,
    moves: Moves[State],
    to: State,
    *,
    code: str,
    reason: str = "",
    **facts: Any,
) -> Step:
    """Take `record` (locked by the caller) to the state `to`, with a step and an audit entry.

    `code`: of the audit entry, past tense ("training_event.moved"); a move that `moves` does not
    have raises RuleBroken("`noun`.move") with the noun of that code.
    """
    now = type(to)(record.state)
    check_move(moves, now, to, f"{code.partition('.')[0]}.move")
    record.state = to
    record.save(update_fields=["state"])
    step = record_step(actor, record, now.value, to.value, reason)
    audit.record(actor, code, record, before=now.value, after=to.value, **facts)
    return step


def record_step(
    actor: Actor, record: models.Model, before: str, after: str, reason: str = ""
) -> Step:
    """Write down one step in the history of a record whose key is a UUID."""
    key = record.pk
    if not isinstance(key, UUID):
        raise TypeError(f"{type(record).__name__} has no UUID as its key.")
    return Step.objects.create(
        subject=type(record)._meta.model_name or "",
        subject_id=key,
        before=before,
        after=after,
        reason=reason.strip()[:300],
        at=clock.now(),
        author_id=actor.user_id,
    )
