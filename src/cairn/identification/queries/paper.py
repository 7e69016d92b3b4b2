"""What the screens about paper forms read: blanks, entered ones, and those that are overdue."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.identification.models import PaperForm, ReceivingUnit, Report
from cairn.identification.rules import paper as rules
from cairn.identification.rules.paper import FormState


def units(actor: Actor, permission: Permission) -> list[ReceivingUnit]:
    """Active receiving units for which the actor may do this, by name. One query."""
    return list(_units(actor, permission).order_by("name", "code"))


def find_unit(actor: Actor, permission: Permission, code: str) -> ReceivingUnit:
    """The active unit of this code. Raises ReceivingUnit.DoesNotExist (also when not visible)."""
    found: ReceivingUnit = _units(actor, permission).get(code=code)
    return found


def _units(actor: Actor, permission: Permission) -> QuerySet[ReceivingUnit]:
    """Paper lies where the unit is; whoever sends a report is of any organisation."""
    if permission == Permission.REPORT_SUBMIT:
        return ReceivingUnit.objects.reached_by(actor, permission)
    return ReceivingUnit.objects.covered_by(actor, permission).filter(is_active=True)


def forms(actor: Actor, state: str, *, now: datetime) -> QuerySet[PaperForm]:
    """Forms that the actor sees: what needs somebody first, then the newest."""
    rows = PaperForm.objects.visible_to(actor).select_related("receiver")
    if state in FormState.values:
        rows = rows.filter(_in_state(FormState(state), now))
    return rows.order_by(
        F("shredded_at").asc(nulls_first=True), F("entered_at").asc(nulls_last=True), "-printed_at"
    )


def overdue(actor: Actor, *, now: datetime) -> dict[FormState, int]:
    """How many forms are late, by state. Two queries."""
    rows = PaperForm.objects.visible_to(actor)
    return {
        state: rows.filter(_in_state(state, now)).count()
        for state in (FormState.LATE, FormState.MISSING)
    }


def _in_state(state: FormState, now: datetime) -> Q:
    """The rows that `rules.state_of` gives this state; a test holds the two together."""
    back = Q(entered_at__isnull=False)
    gone = Q(shredded_at__isnull=False)
    late = Q(entered_at__lt=now - rules.SHRED_WITHIN)
    missing = Q(printed_at__lt=now - rules.ENTER_WITHIN)
    return {
        FormState.PRINTED: ~back & ~gone & ~missing,
        FormState.MISSING: ~back & ~gone & missing,
        FormState.TO_SHRED: back & ~gone & ~late,
        FormState.LATE: back & ~gone & late,
        FormState.DONE: back & gone,
        FormState.UNUSED: ~back & gone,
    }[state]


def find_form(actor: Actor, serial: str) -> PaperForm:
    """The form of this serial. Raises PaperForm.DoesNotExist (also when not visible)."""
    rows = PaperForm.objects.visible_to(actor).select_related("receiver")
    found: PaperForm = rows.get(serial=serial)
    return found


def batch_of(actor: Actor, serial: str) -> list[PaperForm]:
    """The forms that were printed together with this one and are still blank, by serial."""
    one = find_form(actor, serial)
    rows = PaperForm.objects.visible_to(actor).select_related("receiver")
    rows = rows.filter(
        receiver=one.receiver_id,
        printed_at=one.printed_at,
        entered_at=None,
        shredded_at=None,
    )
    return list(rows.order_by("serial"))


@dataclass(frozen=True, slots=True)
class Sent:
    """What whoever sent a report learns of it: when it came in, and whether somebody opened it."""

    received_at: datetime
    is_read: bool


def state_of_sent(actor: Actor, report_id: UUID) -> Sent:
    """Where a report stands that the actor sent, to a unit that it may send to. One query.

    Raises Report.DoesNotExist (also for a report to another unit).
    """
    receivers = ReceivingUnit.objects.reached_by(actor, Permission.REPORT_SUBMIT)
    rows = Report.objects.filter(receiver__in=receivers)
    received_at, read_at = rows.values_list("received_at", "read_at").get(pk=report_id)
    return Sent(received_at, read_at is not None)
