"""The kinds of record that oversight knows of identification: procedures, reports, phones."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cairn.access.permissions import Permission
from cairn.core import clock
from cairn.core.actor import Actor
from cairn.core.classification import Zone
from cairn.identification.models import HeldEnvelope
from cairn.identification.queries import rights
from cairn.identification.rules.held import ARRIVED
from cairn.oversight.subjects import Share, Shown, SubjectKind

SEALED = {
    "subject_name": _("Name"),
    "summary": _("Summary"),
}

REASONS = {"reasons": _("Reasons of a decision")}


def is_own_caseload(actor: Actor, procedure: Any) -> bool:
    """True for the procedures that the actor investigates."""
    return actor.user_id is not None and procedure.investigated_by == actor.user_id


def is_own_decision(actor: Actor, decision: Any) -> bool:
    """True for the reasons that the actor wrote, and those of procedures that they investigate."""
    is_own = actor.user_id is not None and decision.decided_by == actor.user_id
    return is_own or is_own_caseload(actor, decision.procedure)


def _address_of_procedure(code: str) -> str:
    """Records of a procedure carry its code in small letters, with a number of their own."""
    return reverse("identification:procedure", args=[code.partition(".")[0].upper()])


def standing_rights(procedure: Any, today: date) -> Sequence[Shown]:
    """The rights that decisions opened, with their days; nothing of why. One query."""
    return [
        Shown(str(each.right.label), each.starts_on, each.ends_on, each.holds)
        for each in rights.rights_of(procedure, today)
    ]


def forget(procedure: Any) -> None:
    """After the key is destroyed: decisions stay, as acts of the authority, without reasons."""
    procedure.erased_on = clock.now().date()
    procedure.keep_until = None
    procedure.unit = None
    procedure.save(update_fields=["erased_on", "keep_until", "unit"])


PROCEDURE = SubjectKind(
    key="procedure",
    model="identification.Procedure",
    zone=Zone.IDENTIFICATION,
    label=_("Procedure"),
    plural=_("Procedures"),
    sealed=SEALED,
    view=Permission.PROCEDURE_VIEW,
    open=Permission.PROCEDURE_OPEN,
    address=lambda code: reverse("identification:procedure", args=[code]),
    export=Permission.PROCEDURE_EXPORT,
    is_own_caseload=is_own_caseload,
    handed_over="procedure.taken_over",
    after_erasure=forget,
    shares={"rights": Share(_("Rights and their days"), standing_rights)},
)

# Opened together with their procedure. They have no page, export, link or erasure of their own.
DECISION = SubjectKind(
    key="decision",
    model="identification.Decision",
    zone=Zone.IDENTIFICATION,
    label=_("Decision"),
    plural=_("Decisions"),
    sealed=REASONS,
    view=Permission.PROCEDURE_VIEW,
    open=Permission.PROCEDURE_OPEN,
    address=_address_of_procedure,
    is_own_caseload=is_own_decision,
)

REPORT_SEALED = {
    "content": _("What the report says"),
    "identity": _("Name and contact"),
    "note": _("Why it was closed"),
}


def is_own_report(actor: Actor, content: Any) -> bool:
    """True for reports that the actor opened first."""
    return actor.user_id is not None and content.opened_by == actor.user_id


def forget_report(content: Any) -> None:
    """After the key is destroyed: that a report came and what became of it stays, without facts."""
    content.erased_on = clock.now().date()
    content.keep_until = None
    for name in ("setting", "age", "age_band", "sex", "area", "language", "band", "judgement"):
        setattr(content, name, "")
    content.outcome, content.signs = "", []
    content.procedure = content.duplicate_of = None
    content.save()
    report = content.report
    report.payload = report.identity_payload = None
    report.save(update_fields=["payload", "identity_payload"])
    _forget_held(report)


def _forget_held(report: Any) -> None:
    """What was held under the id of an erased report is emptied, and waits for nobody any more."""
    now = clock.now()
    rows = HeldEnvelope.objects.filter(claimed_id=str(report.pk))
    rows.filter(settled_at=None).update(settled_at=now, settlement=ARRIVED)
    rows.update(body=b"")


REPORT = SubjectKind(
    key="report",
    model="identification.ReportContent",
    zone=Zone.IDENTIFICATION,
    label=_("Report"),
    plural=_("Reports"),
    sealed=REPORT_SEALED,
    view=Permission.REPORT_VIEW,
    open=Permission.REPORT_OPEN,
    address=lambda code: reverse("identification:report", args=[code]),
    is_own_caseload=is_own_report,
    after_erasure=forget_report,
)

OFFICER = {"officer": _("Name of the officer")}


def forget_officer(device: Any) -> None:
    """After the key is destroyed: the phone stays in the lists by code, nothing tells whose."""
    device.erased_on = clock.now().date()
    device.keep_until = None
    device.role = ""
    device.save(update_fields=["erased_on", "keep_until", "role"])


# Opened by a supervisor, with a reason: an officer who reports can be made to pay for it.
DEVICE = SubjectKind(
    key="device",
    model="identification.Device",
    zone=Zone.IDENTIFICATION,
    label=_("Phone"),
    plural=_("Phones"),
    sealed=OFFICER,
    view=Permission.DEVICE_VIEW,
    open=Permission.DEVICE_OPEN,
    address=lambda code: reverse("field:device", args=[code]),
    after_erasure=forget_officer,
)


def is_of_own_caseload(actor: Actor, record: Any) -> bool:
    """True for what belongs to a procedure that the actor investigates."""
    return is_own_caseload(actor, record.procedure)


GUARDIAN_SEALED = {
    "name": _("Name of the guardian"),
    "contact": _("How to reach the guardian"),
}
VIEW_SEALED = {"view": _("The child's own view")}

# As decisions: opened with their procedure, erased with it, no page or export of their own.
GUARDIANSHIP = SubjectKind(
    key="guardianship",
    model="identification.Guardianship",
    zone=Zone.IDENTIFICATION,
    label=_("Guardian"),
    plural=_("Guardians"),
    sealed=GUARDIAN_SEALED,
    view=Permission.PROCEDURE_VIEW,
    open=Permission.PROCEDURE_OPEN,
    address=_address_of_procedure,
    is_own_caseload=is_of_own_caseload,
)
BEST_INTERESTS = SubjectKind(
    key="best-interests",
    model="identification.BestInterests",
    zone=Zone.IDENTIFICATION,
    label=_("Best-interests step"),
    plural=_("Best-interests steps"),
    sealed=VIEW_SEALED,
    view=Permission.PROCEDURE_VIEW,
    open=Permission.PROCEDURE_OPEN,
    address=_address_of_procedure,
    is_own_caseload=is_of_own_caseload,
)
