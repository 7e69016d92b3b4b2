"""Erasures as the screens read them."""

from typing import Any
from uuid import UUID

from django.db.models import Case, IntegerField, QuerySet, Value, When

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.oversight.models import Erasure, Step
from cairn.oversight.rules import ErasureState
from cairn.oversight.subjects import kind


def erasures(actor: Actor, state: str = "") -> QuerySet[Erasure]:
    """Those the actor may see, the waiting ones first, then the newest. `state`: only those."""
    order = Case(
        When(state=ErasureState.ASKED, then=Value(0)),
        When(state=ErasureState.APPROVED, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    rows = Erasure.objects.visible_to(actor)
    if state in ErasureState.values:
        rows = rows.filter(state=state)
    return rows.order_by(order, "-asked_at", "pk")


def erasure(actor: Actor, pk: UUID) -> Erasure:
    """Raises Erasure.DoesNotExist."""
    return Erasure.objects.visible_to(actor).get(pk=pk)


def refusals(actor: Actor, found: Erasure) -> QuerySet[Step]:
    """The step that tells why it was refused, for whoever sees the erasure."""
    seen = Erasure.objects.visible_to(actor).filter(pk=found.pk)
    return Step.objects.filter(record_id__in=seen.values("pk"), after=ErasureState.REFUSED)


def waiting_erasure(actor: Actor, pk: UUID) -> Erasure:
    """One that nobody decided yet. Raises Erasure.DoesNotExist."""
    return Erasure.objects.visible_to(actor).get(pk=pk, state=ErasureState.ASKED)


def askable(actor: Actor, key: str, code: str) -> Any:
    """The record that the actor may ask to erase: their own, or any for the desk.

    Raises LookupError (an ObjectDoesNotExist for a page) or the model's DoesNotExist.
    """
    subject = kind(key)
    desk = actor.may_any([Permission.SUBJECT_REQUEST_HANDLE, Permission.RETENTION_DECIDE])
    rows = subject.every() if desk else subject.visible_to(actor)
    return rows.get(code=code.strip().upper())
