"""Taking procedures out as a file of HTCDS: without names, or one by one with its name."""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.core import audit
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.identification.htcds.mapping import Outgoing
from cairn.identification.models import Procedure
from cairn.identification.queries import htcds as queries
from cairn.oversight.actions import readings
from cairn.oversight.actions.readings import MOST_AT_ONCE, Unreadable
from cairn.oversight.rules import Purpose, check_reason


def export_procedures(
    actor: Actor,
    codes: Sequence[str],
    *,
    with_names: bool,
    purpose: Purpose,
    reason: str,
    form: str,
) -> list[Outgoing]:
    """What a file of these procedures says; who took it out and why is kept first.

    Linked reports are opened as far as the actor may open them; a name only for one procedure at a
    time. Not inside a transaction: readings are committed before anything is opened.
    Raises Procedure.DoesNotExist, PermissionDenied, RuleBroken ("htcds.many", "htcds.names",
    "oversight.reason").
    """
    require(actor, Permission.PROCEDURE_EXPORT)
    check_amount(codes, with_names=with_names)
    reason = check_reason(reason)
    procedures = queries.exportable(actor, codes)
    if len(procedures) < len(codes):
        raise Procedure.DoesNotExist
    if with_names:
        require(actor, Permission.PROCEDURE_OPEN, within=procedures[0])
    _write_down(actor, procedures, with_names=with_names, purpose=purpose, form=form)
    contents = _contents(actor, procedures, purpose, reason)
    names = _names(actor, procedures, purpose, reason) if with_names else {}
    return [
        Outgoing(
            reference=each.procedure.code,
            outcomes=each.outcomes,
            review_until=each.review_until,
            decided_by=each.decided_by,
            received_on=each.received_on,
            authority=each.procedure.organisation.name,
            name=names.get(each.procedure.code, ""),
            contents=contents.get(each.procedure.code, []),
        )
        for each in queries.facts_of(procedures)
    ]


def check_amount(codes: Sequence[str], *, with_names: bool) -> None:
    """Raise RuleBroken("htcds.many" or "htcds.names") for more than may go out at once."""
    if not 1 <= len(codes) <= MOST_AT_ONCE:
        raise RuleBroken(
            "htcds.many",
            _("A file holds between one and %(most)d procedures.") % {"most": MOST_AT_ONCE},
            _("Larger files go through an export that a second person approves."),
        )
    if with_names and len(codes) != 1:
        raise RuleBroken(
            "htcds.names",
            _("Names go out for one procedure at a time."),
            _("Leave the names out, or choose one procedure."),
        )


@transaction.atomic(durable=True)
def _write_down(
    actor: Actor, procedures: Sequence[Procedure], *, with_names: bool, purpose: Purpose, form: str
) -> None:
    for procedure in procedures:
        audit.record(
            actor,
            "htcds.exported",
            procedure,
            format=form,
            with_names=with_names,
            purpose=purpose.value,
        )


def _contents(
    actor: Actor, procedures: Sequence[Procedure], purpose: Purpose, reason: str
) -> dict[str, list[dict[str, object]]]:
    """Contents of linked reports by the code of their procedure; what is altered stays out."""
    code_of = {each.pk: each.code for each in procedures}
    rows = queries.opened_reports(actor, procedures)
    found: dict[str, list[dict[str, object]]] = {}
    for start in range(0, len(rows), MOST_AT_ONCE):
        part = rows[start : start + MOST_AT_ONCE]
        for opened in readings.read(actor, part, ["content"], purpose, reason):
            content = opened.values["content"]
            procedure_id = opened.record.procedure_id
            if isinstance(content, dict) and content.get("v") == 1 and procedure_id:
                found.setdefault(code_of[procedure_id], []).append(content)
    return found


def _names(
    actor: Actor, procedures: Sequence[Procedure], purpose: Purpose, reason: str
) -> dict[str, str]:
    opened = readings.read(actor, procedures, ["subject_name"], purpose, reason)[0]
    name = opened.values["subject_name"]
    if isinstance(name, Unreadable):
        raise PermissionDenied(name.reason)
    return {opened.record.code: str(name or "")}
