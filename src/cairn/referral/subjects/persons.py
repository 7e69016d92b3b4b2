"""The kind of record that oversight knows as "person": read with a reason, linked, erased."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cairn.access.permissions import Permission
from cairn.core import clock
from cairn.core.actor import Actor
from cairn.core.classification import Zone
from cairn.oversight.subjects import SubjectKind

SEALED = {
    "name": _("Name"),
    "safe_contact": _("Safe way to make contact"),
    "note": _("Note"),
}


def is_own_caseload(actor: Actor, person: Any) -> bool:
    """True for the records on which the actor works."""
    return actor.user_id is not None and person.caseworker == actor.user_id


def forget(person: Any) -> None:
    """After the key is destroyed: what stays is counted (age band, country, days), and points to
    no unit and to nobody who worked with the person."""
    today = clock.now().date()
    person.erased_on = today
    person.closed_on = person.closed_on or max(today, person.opened_on)
    person.keep_until = None
    person.caseworker = None
    person.unit = None
    person.save(update_fields=["erased_on", "closed_on", "keep_until", "caseworker", "unit"])


PERSON = SubjectKind(
    key="person",
    model="referral.Person",
    zone=Zone.PROTECTION,
    label=_("Person"),
    plural=_("Persons"),
    sealed=SEALED,
    view=Permission.PERSON_VIEW,
    open=Permission.PERSON_OPEN,
    address=lambda code: reverse("referral:person", args=[code]),
    export=Permission.PERSON_EXPORT,
    break_glass=Permission.PERSON_BREAK_GLASS,
    is_own_caseload=is_own_caseload,
    handed_over="person.assigned",
    after_erasure=forget,
)
