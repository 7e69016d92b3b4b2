"""The kinds of record that oversight knows of training: trainees, vetting checks, certificates."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cairn.access.permissions import Permission
from cairn.core import clock
from cairn.core.actor import Actor
from cairn.core.classification import Zone
from cairn.oversight.subjects import SubjectKind
from cairn.training.models import Practitioner, worked_with

NAMES = {
    "name": _("Name"),
    "name_latin": _("Name in Latin letters"),
    "contact": _("How to reach the person"),
    "service_number": _("Service number"),
}
NOTE = {"note": _("Reason of the check")}
CERTIFIED = {
    "name_form": _("Name as certified"),
    "token": _("Signed certificate"),
}


def works_with(actor: Actor, practitioner: Any) -> bool:
    """True for people whom the actor's agency nominated, and who take part in the actor's event."""
    return Practitioner.objects.filter(worked_with(actor), pk=practitioner.pk).exists()


def works_with_holder(actor: Actor, record: Any) -> bool:
    return works_with(actor, record.practitioner)


def forget(practitioner: Any) -> None:
    """After the key is destroyed: what the person took part in still counts, nothing tells who."""
    practitioner.name_keys.all().delete()
    practitioner.identifiers.all().delete()
    practitioner.affiliations.all().delete()
    practitioner.consents.all().delete()
    practitioner.birth_band = ""
    practitioner.languages = []
    practitioner.user_id = None
    practitioner.area = ""
    practitioner.keep_until = None
    practitioner.erased_on = clock.now().date()
    practitioner.save(
        update_fields=["birth_band", "languages", "user_id", "area", "keep_until", "erased_on"]
    )


TRAINEE = SubjectKind(
    key="trainee",
    model="training.Practitioner",
    zone=Zone.PROGRAMME,
    label=_("Trainee or trainer"),
    plural=_("Trainees and trainers"),
    sealed=NAMES,
    view=Permission.TRAINEE_VIEW,
    open=Permission.TRAINEE_OPEN,
    address=lambda code: reverse("training:person", args=[code]),
    export=Permission.TRAINEE_EXPORT,
    is_own_caseload=works_with,
    works_with=works_with,
    after_erasure=forget,
)

# These go with their person: no page of erasure, export or link of their own.
VETTING = SubjectKind(
    key="vetting",
    model="training.VettingCheck",
    zone=Zone.PROGRAMME,
    label=_("Vetting check"),
    plural=_("Vetting checks"),
    sealed=NOTE,
    view=Permission.TRAINEE_VIEW,
    open=Permission.VETTING_OPEN,
    address=lambda code: reverse("training:person", args=[code.partition(".")[0].upper()]),
)
CREDENTIAL = SubjectKind(
    key="credential",
    model="training.Credential",
    zone=Zone.PROGRAMME,
    label=_("Certificate"),
    plural=_("Certificates"),
    sealed=CERTIFIED,
    view=Permission.TRAINEE_VIEW,
    open=Permission.TRAINEE_OPEN,
    address=lambda code: reverse("training:credential", args=[code]),
    is_own_caseload=works_with_holder,
    works_with=works_with_holder,
)
