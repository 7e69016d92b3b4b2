"""An IATI file held against the records: what is new, what differs, what cannot be read.

Activities of other publishers are told of and never taken in: what others do is not this
programme's record, and a copy of it would be old on the day after.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.core.actor import Actor
from cairn.portfolio.iati import codes
from cairn.portfolio.iati.comparing import (
    FIELDS,
    Differences,
    differences,
    facts_in_file,
    facts_on_record,
    shortened,
)
from cairn.portfolio.iati.detail import Detail, ReadTransaction, read_detail
from cairn.portfolio.iati.parsing import Document, IatiRefused
from cairn.portfolio.iati.paying import FIELDS as FIELDS_OF_MONEY
from cairn.portfolio.iati.paying import Asked, Payment, payment
from cairn.portfolio.iati.reading import (
    Complaint,
    ReadActivity,
    lines_of,
    read_activity,
    read_organisation,
)
from cairn.portfolio.iati.records import Activity, Body, Transaction
from cairn.portfolio.iati.standard import Standard
from cairn.portfolio.iati.taking import Record, plan
from cairn.portfolio.models import Project
from cairn.portfolio.queries.iati import on_record
from cairn.portfolio.queries.iati_ledger import programme_codes, records

CHUNK = 200
NEW, CHANGED, SAME, REFUSED = "created", "changed", "unchanged", "refused"
KEPT, OTHER = "kept", "other"
LABELS: dict[str, Promise] = {
    NEW: gettext_lazy("Not on record"),
    CHANGED: gettext_lazy("Differs"),
    SAME: gettext_lazy("The same"),
    KEPT: gettext_lazy("Differs, the record stays"),
    OTHER: gettext_lazy("Of another publisher"),
    REFUSED: gettext_lazy("Cannot be read"),
}
FIELD_LABELS: dict[str, Promise] = {
    "title": gettext_lazy("Title"),
    "outline": gettext_lazy("Outline"),
    "objectives": gettext_lazy("Objectives"),
    "status": gettext_lazy("Status"),
    "starts": gettext_lazy("Starts"),
    "ends": gettext_lazy("Ends"),
    "countries": gettext_lazy("Countries"),
    "regions": gettext_lazy("Regions"),
    "budget": gettext_lazy("Budget"),
    "pledged": gettext_lazy("Pledged"),
    "committed": gettext_lazy("Agreed"),
    "received": gettext_lazy("Received"),
    "spent": gettext_lazy("Spent"),
}


@dataclass(slots=True)
class Line:
    """One activity of the file. `number`: its place there; `line`: where it begins.

    `project`: reference of the record it was held against; `differences`: {field: [on record, in
    the file]}; `kept`: those that stay as they are on record; `foreign`: elements of other
    standards, with how often they come.
    """

    number: int
    line: int
    identifier: str
    title: str
    outcome: str
    project: str = ""
    differences: dict[str, list[str]] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    complaints: list[dict[str, Any]] = field(default_factory=list)
    complaints_left_out: int = 0
    foreign: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Comparison:
    """What a file would change, or changed. `lines`: at most so many, the rest counted.

    `refusal`: why reading stopped: {code, message, remedy, line}; what was read before it counts.
    `blocking`: activities of this publisher that cannot be taken in; with one, nothing is.
    `digest`: of all that would be written; the same file on the same records gives the same.
    """

    version: str = ""
    kind: str = ""
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LABELS, 0))
    complaints: int = 0
    notes: list[str] = field(default_factory=list)
    refusal: dict[str, Any] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    lines_left_out: int = 0
    blocking: int = 0
    digest: str = ""
    applied: bool = False

    @property
    def read(self) -> int:
        return sum(self.counts.values())

    @property
    def can_be_taken(self) -> bool:
        """There is something to write and nothing that forbids it."""
        changes = self.counts[NEW] + self.counts[CHANGED]
        return bool(changes and not self.blocking and not self.refusal)

    def as_record(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class Wanted:
    """An activity of this publisher that would be written, by rows for the imports."""

    read: ReadActivity
    rows: list[Asked]


Take = Callable[[Sequence[Wanted]], None]


def compare(
    actor: Actor,
    stream: IO[bytes],
    *,
    today: date,
    most: int = 500,
    standard: Path | None = None,
    take: Take | None = None,
) -> Comparison:
    """Hold a file against what `actor` may see, a chunk at a time so that memory stays flat.

    `most`: how many activities are told of; those that are the same are not. `standard`: a folder
    with schema, code lists and ruleset, whose findings are added to the complaints. `take` gets
    what would be written, a chunk at a time, and complains in what it gets of what it refuses.
    """
    document = Document(stream)
    found = Comparison()
    rules = Standard(standard, today=today) if standard else None
    own = _Own(settings.IATI_REFERENCE)
    digest = sha256()
    number = 0
    for chunk in _chunks(_read(document, rules, own), found):
        is_activities = document.kind == "iati-activities"
        placed = _placed(actor, chunk, own, today) if is_activities else {}
        if take and (asked := [each.wanted for each in placed.values() if each.wanted]):
            take(asked)
        for read, _detail in chunk:
            number += 1
            line = _line(number, read, placed.get(id(read)), is_other=not is_activities)
            digest.update(repr((line.identifier, line.outcome, line.differences)).encode())
            found.blocking += line.outcome == REFUSED and own.owns(read)
            _tell(found, line, most)
    found.version, found.kind, found.digest = document.version, document.kind, digest.hexdigest()
    found.notes = _notes(document, number)
    return found


Read = tuple[ReadActivity, Detail | None]


def _chunks(reads: Iterator[Read], found: Comparison) -> Iterator[list[Read]]:
    """Chunks of what can be read; what stops it is kept in `found`, after what came before."""
    chunk: list[Read] = []
    try:
        for read in reads:
            chunk.append(read)
            if len(chunk) == CHUNK:
                yield chunk
                chunk = []
    except IatiRefused as refused:
        found.refusal = {
            "code": refused.code,
            "message": str(refused.message),
            "remedy": str(refused.remedy),
            "line": refused.line,
        }
    if chunk:
        yield chunk


@dataclass(slots=True)
class _Own:
    """Which activities are this publisher's, and which of them were met already."""

    reference: str
    seen: dict[str, int] = field(default_factory=dict)

    def owns(self, read: ReadActivity) -> bool:
        is_ours = read.identifier.startswith(self.reference + "-")
        return is_ours and read.reporting in {"", self.reference}

    def name(self, read: ReadActivity) -> str:
        return read.identifier.removeprefix(self.reference + "-")

    def meet(self, read: ReadActivity) -> None:
        if (first := self.seen.get(read.identifier)) is None:
            self.seen[read.identifier] = read.line
            return
        message = _("This activity stands in line %(line)d already.") % {"line": first}
        remedy = _("Keep one of the two.")
        read.add(Complaint(read.line, "iati-identifier", "iati.repeated", message, remedy))


def _read(document: Document, rules: Standard | None, own: _Own) -> Iterator[Read]:
    for element in document:
        is_activity = document.kind == "iati-activities"
        read = (
            read_activity(element, is_ordered=not document.is_old)
            if is_activity
            else read_organisation(element)
        )
        detail = None
        if is_activity and own.owns(read):
            detail = read_detail(read, element)
            own.meet(read)
        if rules:
            for each in rules.check(element):
                read.complain(
                    element, each.element, f"{each.layer}.{each.code}", each.message,
                    severity=each.severity, line=each.line,
                )  # fmt: skip
        yield read, detail


@dataclass(slots=True)
class _Placed:
    """An activity of this publisher beside its record. `project`: its reference, "" for none."""

    project: str = ""
    changes: Differences = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    wanted: Wanted | None = None


def _placed(actor: Actor, chunk: list[Read], own: _Own, today: date) -> dict[int, _Placed]:
    """{id of what was read: what it is held against} of those of this publisher."""
    ours = [(read, detail) for read, detail in chunk if detail is not None]
    if not ours:
        return {}
    known = _known(actor, {own.name(read) for read, _detail in ours}, today)
    placed: dict[int, _Placed] = {}
    differing: list[tuple[ReadActivity, Detail]] = []
    for read, detail in ours:
        if read.is_refused:
            match = known.get(own.name(read))
            placed[id(read)] = _Placed(match[0].reference if match else "")
        elif match := known.get(own.name(read)):
            changes = _changes(match[1], read, detail)
            placed[id(read)] = _Placed(match[0].reference, changes)
            if changes:
                differing.append((read, detail))
        else:
            changes = differences(dict.fromkeys(FIELDS, ""), facts_in_file(read))
            placed[id(read)] = _Placed("", changes)
            differing.append((read, detail))
    _plan(placed, differing, known, own)
    return placed


def _plan(
    placed: dict[int, _Placed],
    differing: list[tuple[ReadActivity, Detail]],
    known: Mapping[str, tuple[Project, Activity]],
    own: _Own,
) -> None:
    whole = {
        name: match
        for read, _detail in differing
        if (match := known.get(name := own.name(read))) and match[0].reference == name
    }
    kept = records(whole)
    parents = {
        id(read): detail.parent.removeprefix(own.reference + "-") for read, detail in differing
    }
    programmes = programme_codes([each for each in parents.values() if each])
    for read, detail in differing:
        name, place = own.name(read), placed[id(read)]
        record = kept.get(name) or Record(
            name, is_reduced=name in known, programme=programmes.get(parents[id(read)], "")
        )
        made = plan(read, detail, record, place.changes)
        place.kept = made.kept
        if made.rows:
            place.wanted = Wanted(read, made.rows)


def _changes(activity: Activity, read: ReadActivity, detail: Detail) -> Differences:
    """What differs; money also where sums agree and periods or payments do not."""
    changes = differences(facts_on_record(activity), facts_in_file(read))
    before = [(each.starts, each.ends, each.currency, each.value) for each in activity.budgets]
    after = [(each.starts, each.ends, each.currency, each.value) for each in detail.budgets]
    if "budget" not in changes and after and sorted(before) != sorted(after):
        changes["budget"] = (_periods(before), _periods(after))
    if [_plain(each) for each in activity.transactions] == [
        _plain(each) for each in detail.transactions
    ]:
        return changes
    paid = Counter(payment(each) for each in activity.transactions)
    told = Counter(payment(each) for each in detail.transactions)
    for kind, name in FIELDS_OF_MONEY.items():
        lost, new = (
            _payments(each for each in rest if each.kind == kind)
            for rest in ((paid - told).elements(), (told - paid).elements())
        )
        if name not in changes and (lost or new):
            changes[name] = (lost, new)
    return changes


def _plain(each: Transaction | ReadTransaction) -> tuple[object, ...]:
    """A transaction as it is written, quickly compared."""
    provider = each.provider.name if isinstance(each.provider, Body) else each.provider
    return each.kind, each.day, each.value, each.currency, provider or "", each.note


def _periods(found: list[tuple[date, date, str, Decimal]]) -> str:
    return ", ".join(f"{first}/{last} {name} {value:.2f}" for first, last, name, value in found)


def _payments(found: Iterable[Payment]) -> str:
    return ", ".join(
        " ".join(filter(None, (each.when, each.currency, f"{each.value:.2f}", each.provider)))
        for each in found
    )


def _known(actor: Actor, names: set[str], today: date) -> dict[str, tuple[Project, Activity]]:
    """{identifier without the publisher: (project, as its file tells it)} of those on record."""
    publisher = Body(settings.IATI_NAME, settings.IATI_REFERENCE, settings.IATI_KIND)
    rows = Project.objects.visible_to(actor).filter(reference__in=names)
    reduced = Project.objects.visible_to(actor).filter(public_id__in=names)
    known = {}
    for project, activity in on_record(rows, publisher, today=today):
        known[project.reference] = (project, activity)
    for project, activity in on_record(reduced, publisher, today=today, is_reduced=True):
        known[project.public_id] = (project, activity)
    return known


def _line(number: int, read: ReadActivity, place: _Placed | None, *, is_other: bool) -> Line:
    line = Line(
        number,
        read.line,
        read.identifier[:120],
        read.title[:200],
        OTHER if is_other or place is None else NEW,
        complaints=list(lines_of(read)),
        complaints_left_out=read.left_out,
        foreign=read.foreign,
    )
    if place is not None:
        line.project = place.project
    if read.is_refused:
        line.outcome = REFUSED
    elif place is not None:
        if place.project:
            line.kept = [name for name in place.changes if name in place.kept]
            line.differences = {
                name: list(shortened(*pair)) for name, pair in place.changes.items()
            }
        if not place.wanted:
            line.outcome = KEPT if place.changes else SAME
        elif place.project:
            line.outcome = CHANGED
    return line


def _tell(found: Comparison, line: Line, most: int) -> None:
    found.counts[line.outcome] += 1
    found.complaints += len(line.complaints) + line.complaints_left_out
    if line.outcome == SAME and not line.complaints and not line.foreign:
        return
    if len(found.lines) < most:
        found.lines.append(line)
    else:
        found.lines_left_out += 1


def _notes(document: Document, number: int) -> list[str]:
    """What holds for the file as a whole."""
    notes: list[str] = []
    if not document.kind:
        return notes
    if not document.version:
        notes.append(_("The file does not say its version; it was read as 2.03."))
    elif document.version in codes.OLD_VERSIONS:
        notes.append(
            _("The file is written in version %(version)s; it was read as 2.03.")
            % {"version": document.version}
        )
    elif document.version != codes.VERSION:
        notes.append(
            _("There is no version “%(version)s” of IATI; the file was read as 2.03.")
            % {"version": document.version[:20]}
        )
    if not number:
        notes.append(_("There is no activity in the file."))
    return notes
