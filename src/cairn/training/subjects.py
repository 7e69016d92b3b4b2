"""The kinds of record that oversight knows of training: trainees, vetting checks, certificates."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cairn.access.permissions import Permission
from cairn.core import clock
from cairn.core.actor import Actor
from cairn.core.classification import Zone
from cairn.oversight.models import Hold
from cairn.oversight.subjects import SubjectKind
from cairn.training.models import MergeDecision, NotSamePerson, Practitioner, worked_with
from cairn.vault import keyring

NAMES = {
    "name": _("Name"),
    "name_latin": _("Name in Latin letters"),
    "contact": _("How to reach the person"),
    "service_number": _("Service number"),
}
# Stands where words about an erased person stood. A sign, so that it needs no language.
ERASED = "–"
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
    """After the key is destroyed: what the person took part in still counts, nothing tells who.

    Records that were found to be the same person go with it, each with its own key, and with them
    what was sealed under it (certificates, notes of checks); one that is held stays.
    """
    for each in _same_person(practitioner):
        if each.pk != practitioner.pk:
            keyring.destroy(each.data_key)
        _empty(each)
    practitioner.refresh_from_db()


def _same_person(practitioner: Any) -> list[Practitioner]:
    """The record itself, and those joined with it that no legal hold keeps."""
    kept = practitioner.merged_into_id or practitioner.pk
    rows = Practitioner.objects.filter(Q(pk=kept) | Q(merged_into=kept))
    live = Hold.objects.filter(kind=TRAINEE.key).live(clock.now().date())
    held = set(live.values_list("subject_id", flat=True))
    return [each for each in rows if each.pk == practitioner.pk or each.pk not in held]


def _empty(practitioner: Practitioner) -> None:
    """Take away what tells who it was in plain: keys, service, and words that somebody wrote."""
    practitioner.name_keys.all().delete()
    practitioner.identifiers.all().delete()
    practitioner.affiliations.all().delete()
    practitioner.consents.all().delete()
    practitioner.availability.all().delete()
    practitioner.restrictions.all().delete()
    practitioner.qualifications.update(basis=ERASED)
    practitioner.observations.update(comment="")
    # That somebody was sent to a mission still counts; post and unit would lead to one person.
    practitioner.deployments.update(unit_name="", function="", area="")
    practitioner.nominations.update(answers={}, note="", reason="")
    practitioner.enrolments.exclude(override_reason="").update(override_reason=ERASED)
    joined = MergeDecision.objects.filter(Q(kept=practitioner) | Q(merged=practitioner))
    joined.update(reason=ERASED, undo_reason="")
    apart = NotSamePerson.objects.filter(Q(left=practitioner) | Q(right=practitioner))
    apart.update(reason=ERASED)
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
