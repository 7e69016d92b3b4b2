"""Files with records about people: one asks, another approves, it is taken once, nothing stays."""

import csv
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, person, require, scoped
from cairn.access.queries import holders
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.core.tables import safe_cell
from cairn.oversight import files, rules
from cairn.oversight.actions.alerts import tell
from cairn.oversight.actions.readings import MOST_AT_ONCE, Opened, Unreadable, read_for_export
from cairn.oversight.files import FileForm
from cairn.oversight.models import ExportRequest
from cairn.oversight.rules import ExportState
from cairn.oversight.subjects import SubjectKind
from cairn.oversight.subjects import kind as kind_called

COLUMNS = ("code", "country")


@transaction.atomic
def ask_export(
    actor: Actor, kind_key: str, organisation_id: UUID, fields: Sequence[str], reason: str
) -> ExportRequest:
    """Ask to take the records of one's organisation out as a file.

    Raises PermissionDenied, LookupError, or RuleBroken ("oversight.reason", "link.scope").
    """
    kind = kind_called(kind_key)
    organisation = Organisation.objects.get(pk=organisation_id)
    if kind.export is None:
        raise LookupError(f"Records of kind {kind.key} are never exported.")
    require(actor, kind.export)
    if organisation.pk not in {scope.organisation_id for scope in actor.scopes_with(kind.export)}:
        raise Organisation.DoesNotExist
    rules.check_scope(set(fields), set(kind.sealed), may_be_empty=True)
    asked = ExportRequest(kind=kind.key, organisation=organisation, fields=sorted(fields))
    return _wait(actor, asked, reason)


@transaction.atomic
def ask_file(
    actor: Actor, key: str, organisation_id: UUID, details: files.Details, reason: str
) -> ExportRequest:
    """Ask for a file of the form `key`, of the records that `details` names.

    Raises PermissionDenied, LookupError, Organisation.DoesNotExist, RuleBroken
    ("oversight.reason", or as the form does for records that may not leave).
    """
    form = files.form_called(key)
    require(actor, form.permission)
    organisation = Organisation.objects.get(pk=organisation_id)
    if organisation.pk not in {each.organisation_id for each in actor.scopes_with(form.permission)}:
        raise Organisation.DoesNotExist
    form.records(actor, organisation.pk, details)
    asked = ExportRequest(
        kind=form.kind, organisation=organisation, form=form.key, details=dict(details)
    )
    return _wait(actor, asked, reason)


def _wait(actor: Actor, asked: ExportRequest, reason: str) -> ExportRequest:
    """Store it and tell those who decide."""
    now = clock.now()
    asked.reason = rules.check_reason(reason)
    asked.asked_by, asked.asked_at = person(actor), now
    asked.expires_at = now + rules.EXPORT_WAITS
    asked.save(force_insert=True)
    about = {"form": asked.form} if asked.form else {}
    audit.record(actor, "export.asked", asked, kind=asked.kind, fields=asked.fields, **about)
    tell(
        [user for user in holders(Permission.EXPORT_APPROVE) if user != actor.user_id],
        "export.asked",
        asked.pk,
    )
    return asked


@transaction.atomic
def decide_export(actor: Actor, export_id: UUID, *, approve: bool) -> ExportRequest:
    """Approve or refuse an export that somebody else asked for.

    Raises ExportRequest.DoesNotExist, PermissionDenied, or RuleBroken ("oversight.move",
    "oversight.second-person", "export.expired").
    """
    asked = ExportRequest.objects.visible_to(actor).select_for_update().get(pk=export_id)
    require(actor, Permission.EXPORT_APPROVE)
    to = ExportState.APPROVED if approve else ExportState.REFUSED
    rules.check_move(ExportState(asked.state), to)
    rules.check_other_person(
        asked.asked_by, actor.user_id, _("Who asks for an export does not approve it.")
    )
    now = clock.now()
    rules.check_waits(asked.expires_at, now=now)
    asked.state, asked.decided_by, asked.decided_at = to, actor.user_id, now
    asked.expires_at = now + rules.EXPORT_WAITS
    asked.save(update_fields=["state", "decided_by", "decided_at", "expires_at"])
    audit.record(actor, f"export.{to.value}", asked, kind=asked.kind)
    tell([asked.asked_by], f"export.{to.value}", asked.pk)
    return asked


def take_export(actor: Actor, export_id: UUID) -> Iterator[str]:
    """Lines of the approved file (CSV, heading first), once, for the person who asked.

    What is taken is noted before the first line is handed out; each part of at most a hundred
    records is written down as a reading. Raises ExportRequest.DoesNotExist, PermissionDenied, or
    RuleBroken ("oversight.move", "export.expired").
    """
    asked, kind, count = _begin(actor, export_id)
    return _lines(actor, asked, kind, count)


def take_file(actor: Actor, export_id: UUID) -> tuple[FileForm, str]:
    """The approved file of another form than a table, once, for the person who asked.

    Whether each record may leave is asked once more before anything is noted or opened; what is
    opened is written down as a reading. Not inside a transaction. Raises as `take_export`, and
    RuleBroken as the form does.
    """
    asked, form, records = _begin_file(actor, export_id)
    reason = _("Export %(id)s, approved") % {"id": asked.pk}

    def read(part: Sequence[Any], fields: Sequence[str]) -> list[Opened]:
        return [
            opened
            for start in range(0, len(part), MOST_AT_ONCE)
            for opened in read_for_export(
                actor, part[start : start + MOST_AT_ONCE], fields, reason, asked.pk
            )
        ]

    return form, form.text(actor, records, asked.details, read)


@transaction.atomic(durable=True)
def _begin_file(actor: Actor, export_id: UUID) -> tuple[ExportRequest, FileForm, Sequence[Any]]:
    asked = _mine(actor, export_id)
    form = files.form_called(asked.form)
    require(actor, form.permission)
    _check_takes(asked)
    records = form.records(actor, asked.organisation_id, asked.details)
    _taken(actor, asked, len(records))
    return asked, form, records


@transaction.atomic(durable=True)
def _begin(actor: Actor, export_id: UUID) -> tuple[ExportRequest, SubjectKind, int]:
    asked = _mine(actor, export_id)
    kind = kind_called(asked.kind)
    if kind.export is None or asked.form:
        raise LookupError(kind.key)
    require(actor, kind.export)
    _check_takes(asked)
    count = _rows(actor, asked, kind).count()
    _taken(actor, asked, count)
    return asked, kind, count


def _mine(actor: Actor, export_id: UUID) -> ExportRequest:
    rows = ExportRequest.objects.filter(asked_by=person(actor))
    found: ExportRequest = rows.select_for_update().get(pk=export_id)
    return found


def _check_takes(asked: ExportRequest) -> None:
    rules.check_move(ExportState(asked.state), ExportState.TAKEN)
    rules.check_waits(asked.expires_at, now=clock.now())


def _taken(actor: Actor, asked: ExportRequest, count: int) -> None:
    """Note that it is taken, before the first line is handed out."""
    asked.state, asked.taken_at, asked.rows = ExportState.TAKEN, clock.now(), count
    asked.save(update_fields=["state", "taken_at", "rows"])
    about = {"form": asked.form} if asked.form else {}
    audit.record(
        actor,
        "export.taken",
        asked,
        kind=asked.kind,
        rows=count,
        fields=list(asked.fields),
        **about,
    )


def _rows(actor: Actor, asked: ExportRequest, kind: SubjectKind) -> Any:
    """Records of the organisation that the actor's memberships cover as the file is taken.

    What an emergency access shows stays out: it was opened to be looked at, one record at a time.
    """
    seen = kind.visible_to(actor).filter(organisation=asked.organisation_id)
    if kind.export is None:
        return seen.none()
    seen = seen.filter(scoped(actor, kind.export), scoped(actor, kind.open))
    return seen.order_by("code", "pk")


def _lines(actor: Actor, asked: ExportRequest, kind: SubjectKind, count: int) -> Iterator[str]:
    yield _line([*COLUMNS, *asked.fields])
    reason = _("Export %(id)s, approved") % {"id": asked.pk}
    part: list[Any] = []
    for record in _rows(actor, asked, kind).iterator(chunk_size=MOST_AT_ONCE):
        part.append(record)
        if len(part) == MOST_AT_ONCE:
            yield from _part(actor, asked, part, reason)
            part = []
    yield from _part(actor, asked, part, reason)


def _part(actor: Actor, asked: ExportRequest, part: list[Any], reason: str) -> Iterator[str]:
    if not asked.fields:
        yield from (_line([record.code, record.country]) for record in part)
        return
    kind = kind_called(asked.kind)
    for opened in read_for_export(actor, part, asked.fields, reason, asked.pk):
        yield _line(
            [opened.record.code, opened.record.country]
            + [_text(kind, name, opened.values[name]) for name in asked.fields]
        )


def _text(kind: SubjectKind, name: str, value: Any) -> str:
    if isinstance(value, Unreadable):
        return _("(cannot be read)")
    return kind.in_words(name, value)


def _line(cells: Sequence[str]) -> str:
    line = StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(map(safe_cell, cells))
    return line.getvalue()


@transaction.atomic
def expire_exports() -> int:
    """Exports whose time is over can no longer be approved or taken; returns how many."""
    over = ExportRequest.objects.filter(
        state__in=[ExportState.ASKED, ExportState.APPROVED], expires_at__lt=clock.now()
    )
    return over.update(state=ExportState.EXPIRED)
