"""The directory as a file, in and out: looked at whole, taken in whole or not at all."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.core import audit, clock, pseudonyms
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import Organisation, OrganisationKind
from cairn.portfolio.actions.donors import enter_organisation
from cairn.referral.actions.secret_places import known_marks, secret_field
from cairn.referral.actions.services import may_edit
from cairn.referral.exports.directory import FileFormat, hsds_file
from cairn.referral.hsds import parsing, reading
from cairn.referral.hsds.shapes import Brought, Point, Problem
from cairn.referral.models.directory import AccessPoint
from cairn.referral.models.services import Service, keeps
from cairn.referral.queries import services as queries
from cairn.referral.rules import addresses

_BATCH = 500
# Fields that a file says; what a file cannot say (unit, focal point) stays as it is.
_SAID = (
    "name description kinds needs country area languages ages sexes hours hours_text zone "
    "eligibility exclusions phone email capacity capacity_at assured_on sensitivity"
).split()


@dataclass(slots=True)
class Line:
    """One service of a file and what would become of it: "new", "changed", "same", "over".

    `is_ours`: the actor may enter it; of all others nothing is compared with what is kept here.
    """

    brought: Brought
    organisation: Organisation | None
    outcome: str = "same"
    record: Service | None = None
    changed: list[str] = field(default_factory=list)
    is_ours: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would do. With any problem it does nothing at all.

    `caught`: organisation -> rows that tell the address of a sealed place of it.
    """

    digest: str
    lines: Sequence[Line]
    problems: Sequence[Problem]
    counts: dict[str, int]
    new_organisations: Sequence[str]
    notes: dict[str, int]
    caught: dict[UUID, int] = field(default_factory=dict)

    @property
    def stands(self) -> bool:
        return not self.problems


def read_file(actor: Actor, content: bytes, country: str, today: date) -> Plan:
    """What a file of HSDS would do on the records of this moment; every fault is named.

    Raises PermissionDenied, RuleBroken ("hsds.*") for what concerns the whole file.
    """
    plan = _plan(actor, content, country, today)
    _note_caught(actor, plan)
    return plan


def _note_caught(actor: Actor, plan: Plan) -> None:
    """Addresses could be tried out by files, many in each: that a file told one stays known."""
    for organisation_id, count in plan.caught.items():
        with transaction.atomic():
            audit.record(
                actor,
                "location.caught",
                field="file",
                organisation=str(organisation_id),
                count=count,
            )


def _plan(actor: Actor, content: bytes, country: str, today: date) -> Plan:
    require(actor, Permission.DIRECTORY_EDIT)
    brought = [parsing.parse(item, today=today, country=country) for item in reading.read(content)]
    known = _organisations(each.organisation for each in brought)
    lines = [Line(each, known.get(each.organisation.lower())) for each in brought]
    _check_twice(lines)
    caught = _check_place(actor, lines)
    _compare([each for each in lines if each.is_ours])
    _check_records(actor, lines)
    problems = [problem for each in brought for problem in each.problems]
    new = sorted({each.brought.organisation for each in lines if each.organisation is None} - {""})
    return Plan(
        digest=hashlib.sha256(content).hexdigest(),
        lines=lines,
        problems=sorted(problems, key=lambda problem: (problem.row, problem.field)),
        counts=dict(Counter(each.outcome for each in lines)),
        new_organisations=new,
        notes=dict(Counter(note for each in brought for note in each.notes)),
        caught=dict(caught),
    )


def take_in(actor: Actor, content: bytes, country: str, today: date, digest: str) -> Plan:
    """Do what the preview with this `digest` said: all of it or nothing.

    Not inside a transaction. Raises PermissionDenied, RuleBroken ("hsds.*", "hsds.faults",
    "hsds.other").
    """
    with transaction.atomic():
        plan = _plan(actor, content, country, today)
        if plan.digest == digest and plan.stands:
            return _taken_in(actor, plan)
    _note_caught(actor, plan)
    if plan.digest != digest:
        raise RuleBroken(
            "hsds.other",
            _("This is another file than the one that you looked at."),
            _("Look at its preview first."),
        )
    raise RuleBroken(
        "hsds.faults",
        _("The file has faults, so nothing of it was taken in."),
        _("Put them right and bring it again."),
    )


def _taken_in(actor: Actor, plan: Plan) -> Plan:
    _write(actor, plan, clock.now())
    audit.record(
        actor,
        "directory.imported",
        digest=plan.digest,
        new=plan.counts.get("new", 0),
        changed=plan.counts.get("changed", 0),
        same=plan.counts.get("same", 0),
        over=plan.counts.get("over", 0),
    )
    return plan


@transaction.atomic
def export_directory(
    actor: Actor, audience: str, form: FileFormat, country: str = ""
) -> tuple[bytes, int]:
    """The directory as a file, and how many services it holds.

    `audience`: "public" (public services only) or "partners" (restricted ones too, without their
    places). Protected services never leave. Raises PermissionDenied, RuleBroken ("hsds.audience").
    """
    require(actor, Permission.DIRECTORY_KEEP)
    if audience not in queries.AUDIENCES:
        raise RuleBroken("hsds.audience", _("Say for whom the file is."))
    if not keeps(actor, country):
        raise PermissionDenied(Permission.DIRECTORY_KEEP.value)
    rows = queries.exportable(audience, country)
    known = list(rows)
    made = hsds_file(known, form, clock.now())
    audit.record(
        actor,
        "directory.exported",
        audience=audience,
        format=form.value,
        count=len(known),
        country=country,
    )
    return made, len(known)


# --- Checking --------------------------------------------------------------------------------


def _organisations(names: Iterable[str]) -> dict[str, Organisation]:
    """{lower-case name: organisation} of those on record. One query for every five hundred."""
    wanted = sorted({name.lower() for name in names if name})
    found: dict[str, Organisation] = {}
    for start in range(0, len(wanted), _BATCH):
        rows = Organisation.objects.annotate(lower=Lower("name"))
        for row in rows.filter(lower__in=wanted[start : start + _BATCH]):
            found[row.name.lower()] = row
    return found


def _check_twice(lines: Sequence[Line]) -> None:
    first: dict[tuple[str, str], int] = {}
    for each in lines:
        brought = each.brought
        key = (brought.organisation.lower(), brought.source_id)
        row = first.setdefault(key, brought.row)
        if row != brought.row and brought.source_id:
            brought.refuse(
                "id",
                _("Row %(row)d has the same id.") % {"row": row},
                _("Give each service an id of its own."),
            )


def _check_place(actor: Actor, lines: Sequence[Line]) -> Counter[UUID]:
    """Whose services these are, and no word of a sealed place among them.

    In the name of another organisation nobody tries out words: those rows are not looked at.
    Returns how many rows of which organisation told one.
    """
    caught: Counter[UUID] = Counter()
    marks: dict[Any, frozenset[str]] = {}
    kept: dict[str, bool] = {}
    for each in lines:
        brought, owner = each.brought, each.organisation
        country = brought.values.get("country", "")
        if country not in kept:
            kept[country] = keeps(actor, country)
        is_own = owner is not None and actor.may_within(
            Permission.DIRECTORY_EDIT, owner.pk, None, country, brought.values.get("area", "")
        )
        each.is_ours = is_own or kept[country]
        if not each.is_ours:
            brought.refuse(
                "organization",
                _("Services of this organisation are not yours to enter."),
                _("Bring the services of your own organisation."),
            )
            continue
        if owner is None:
            continue
        if owner.pk not in marks:
            marks[owner.pk] = known_marks(owner.pk)
        if name := secret_field(_texts(brought), marks[owner.pk]):
            words = _("the address of a place that is kept sealed")
            fault = addresses.refusal(name, words)
            brought.refuse(name, str(fault.message), str(fault.remedy))
            caught[owner.pk] += 1
    return caught


def _check_records(actor: Actor, lines: Sequence[Line]) -> None:
    """The service that a row names by its id is of a place that is the actor's to edit, too."""
    for each in lines:
        if each.record is not None and not may_edit(actor, each.record):
            each.brought.refuse(
                "id",
                _("The service with this id is of a place that is not yours."),
                _("Bring the services of your own organisation."),
            )


def _texts(brought: Brought) -> dict[str, str]:
    texts = {name: str(brought.values.get(name, "")) for name in parsing.PUBLIC}
    texts["location"] = " / ".join(f"{point.name}, {point.reach}" for point in brought.points)
    return texts


def _compare(lines: Sequence[Line]) -> None:
    owners = {each.organisation.pk for each in lines if each.organisation is not None}
    rows = Service.objects.filter(organisation__in=owners).exclude(source_id="")
    here: dict[tuple[Any, str], Service] = {
        (row.organisation_id, row.source_id): row for row in rows
    }
    here |= {(row.organisation_id, str(row.pk)): row for row in _own_ids(lines, owners)}
    for each in lines:
        owner = each.organisation.pk if each.organisation is not None else None
        key = (owner, each.brought.source_id)
        each.record = here.get(key)
        if each.brought.is_over:
            is_there = each.record is not None and each.record.closed_at is None
            each.outcome = "over" if is_there else "same"
        elif each.record is None:
            each.outcome = "new"
        else:
            values = _values(each.brought)
            each.changed = [name for name in _SAID if getattr(each.record, name) != values[name]]
            if each.record.closed_at is not None:
                each.changed.append("closed_at")
            each.outcome = "changed" if each.changed else "same"


def _own_ids(lines: Sequence[Line], owners: Iterable[Any]) -> list[Service]:
    """Services of ours that a file brings back under the ids with which they left."""
    ids = [each.brought.source_id for each in lines if queries.is_id(each.brought.source_id)]
    found: list[Service] = []
    for start in range(0, len(ids), _BATCH):
        rows = Service.objects.filter(organisation__in=owners, pk__in=ids[start : start + _BATCH])
        found += list(rows)
    return found


def _values(brought: Brought) -> dict[str, Any]:
    return {
        **brought.values,
        "capacity_at": brought.capacity_at if brought.values["capacity"] else None,
        "assured_on": brought.assured_on,
    }


# --- Writing ---------------------------------------------------------------------------------


def _write(actor: Actor, plan: Plan, now: datetime) -> None:
    owners = {
        name: enter_organisation(actor, name, OrganisationKind.OTHER)
        for name in plan.new_organisations
    }
    made, changed = [], []
    for line in plan.lines:
        owner = line.organisation or owners[line.brought.organisation]
        line.organisation = owner
        if line.outcome == "new":
            line.record = Service(
                organisation=owner,
                source_id=line.brought.source_id,
                assured_by=actor.user_id,
                **_values(line.brought),
            )
            made.append(line.record)
        elif line.outcome == "changed" and line.record is not None:
            for name, value in _values(line.brought).items():
                setattr(line.record, name, value)
            line.record.closed_at = line.record.closed_by = None
            line.record.assured_by = actor.user_id
            changed.append(line.record)
        elif line.outcome == "over" and line.record is not None:
            line.record.closed_at, line.record.closed_by = now, actor.user_id
            changed.append(line.record)
    _give_codes(made, Service)
    Service.objects.bulk_create(made, batch_size=_BATCH)
    fields = [*_SAID, "assured_by", "closed_at", "closed_by"]
    Service.objects.bulk_update(changed, fields, batch_size=_BATCH)
    _write_points(actor, plan)


def _give_codes(records: Sequence[Any], model: type[Service] | type[AccessPoint]) -> None:
    """A code for each, that no other record of the kind has."""
    taken = set(model._default_manager.values_list("code", flat=True)) if records else set()
    for record in records:
        while not record.code or record.code in taken:
            record.code = pseudonyms.drawn()
        taken.add(record.code)


def _write_points(actor: Actor, plan: Plan) -> None:
    """Offices and telephones of public services; those that are there already are used again."""
    lines = [
        each
        for each in plan.lines
        if each.record is not None and each.outcome in {"new", "changed", "same"}
    ]
    with_points = [each for each in lines if each.brought.points and not each.brought.is_over]
    owners = {each.organisation.pk for each in with_points if each.organisation is not None}
    rows = AccessPoint.objects.filter(organisation__in=owners, closed_at=None)
    here = {(row.organisation_id, *_told(row)): row for row in rows}
    new: dict[Any, AccessPoint] = {}
    links: dict[Any, set[Any]] = {}
    for line in with_points:
        for point in line.brought.points:
            owner = line.organisation.pk if line.organisation is not None else None
            key = (owner, point.name, point.way, point.area, point.phone, point.reach)
            row = here.get(key) or new.get(key)
            if row is None:
                row = new[key] = _point(actor, line, point)
            links.setdefault(line.record, set()).add(row)
    for line in lines:
        # Whatever led to a service that shelters from now on leads there no more.
        if line.outcome == "changed" and line.record is not None and line.record.is_sheltered:
            links[line.record] = set()
    _give_codes(list(new.values()), AccessPoint)
    AccessPoint.objects.bulk_create(new.values(), batch_size=_BATCH)
    _link(links)


def _told(row: AccessPoint) -> tuple[str, ...]:
    return (row.name, row.way, row.area, row.phone, row.reach)


def _point(actor: Actor, line: Line, point: Point) -> AccessPoint:
    values = _values(line.brought)
    return AccessPoint(
        organisation=line.organisation,
        name=point.name,
        way=point.way,
        needs=values["needs"],
        country=values["country"],
        area=point.area,
        languages=values["languages"],
        ages=values["ages"],
        sexes=values["sexes"],
        hours=values["hours_text"],
        phone=point.phone,
        reach=point.reach,
        assured_on=values["assured_on"],
        assured_by=actor.user_id,
    )


def _link(links: dict[Any, set[Any]]) -> None:
    """Make the ways to these services exactly these. Two statements for every five hundred."""
    through = Service.access_points.through
    services = list(links)
    for start in range(0, len(services), _BATCH):
        part = services[start : start + _BATCH]
        through._default_manager.filter(service__in=part).delete()
        through._default_manager.bulk_create(
            [
                through(service_id=each.pk, accesspoint_id=point.pk)
                for each in part
                for point in sorted(links[each], key=lambda point: str(point.pk))
            ],
            batch_size=_BATCH,
        )
