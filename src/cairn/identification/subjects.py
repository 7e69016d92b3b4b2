"""The kind of record that oversight knows as "procedure": read with a reason, linked, erased."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cairn.access.permissions import Permission
from cairn.core import clock
from cairn.core.actor import Actor
from cairn.core.classification import Zone
from cairn.oversight.subjects import SubjectKind

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
    address=lambda code: reverse("identification:procedure", args=[code.partition(".")[0].upper()]),
    is_own_caseload=is_own_decision,
)
