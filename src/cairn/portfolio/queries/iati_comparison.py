"""An IATI file held against the records: what is new, what differs, what cannot be read."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.core.actor import Actor
from cairn.portfolio.iati import codes
from cairn.portfolio.iati.comparing import differences, facts_in_file, facts_on_record
from cairn.portfolio.iati.parsing import Document, IatiRefused
from cairn.portfolio.iati.reading import ReadActivity, lines_of, read_activity, read_organisation
from cairn.portfolio.iati.records import Body
from cairn.portfolio.iati.standard import Standard
from cairn.portfolio.models import Project
from cairn.portfolio.queries.iati import on_record

CHUNK = 200
NEW, CHANGED, SAME, REFUSED = "created", "changed", "unchanged", "refused"
LABELS: dict[str, Promise] = {
    NEW: gettext_lazy("Not on record"),
    CHANGED: gettext_lazy("Differs"),
    SAME: gettext_lazy("The same"),
    REFUSED: gettext_lazy("Cannot be read"),
}
FIELD_LABELS: dict[str, Promise] = {
    "title": gettext_lazy("Title"),
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
    the file]}; `foreign`: elements of other standards, with how often they come.
    """

    number: int
    line: int
    identifier: str
    title: str
    outcome: str
    project: str = ""
    differences: dict[str, list[str]] = field(default_factory=dict)
    complaints: list[dict[str, Any]] = field(default_factory=list)
    complaints_left_out: int = 0
    foreign: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Comparison:
    """What a file would change. Nothing is written. `lines`: at most so many, the rest counted.

    `refusal`: why reading stopped: {code, message, remedy, line}; what was read before it counts.
    """

    version: str = ""
    kind: str = ""
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LABELS, 0))
    complaints: int = 0
    notes: list[str] = field(default_factory=list)
    refusal: dict[str, Any] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    lines_left_out: int = 0

    @property
    def read(self) -> int:
        return sum(self.counts.values())

    def as_record(self) -> dict[str, Any]:
        return asdict(self)


def compare(
    actor: Actor,
    stream: IO[bytes],
    *,
    today: date,
    most: int = 500,
    standard: Path | None = None,
) -> Comparison:
    """Hold a file against what `actor` may see, a chunk at a time so that memory stays flat.

    `most`: how many activities are told of; those that are the same are not. `standard`: a folder
    with schema, code lists and ruleset, whose findings are added to the complaints.
    """
    document = Document(stream)
    found = Comparison()
    rules = Standard(standard, today=today) if standard else None
    prefix = settings.IATI_REFERENCE + "-"
    number = 0
    for chunk in _chunks(_read(document, rules), found):
        known = _known(actor, chunk, prefix, today) if document.kind == "iati-activities" else {}
        for read in chunk:
            number += 1
            _tell(found, _line(number, read, known, prefix), most)
    found.version, found.kind = document.version, document.kind
    found.notes = _notes(document, number)
    return found


def _chunks(reads: Iterator[ReadActivity], found: Comparison) -> Iterator[list[ReadActivity]]:
    """Chunks of what can be read; what stops it is kept in `found`, after what came before."""
    chunk: list[ReadActivity] = []
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


def _read(document: Document, rules: Standard | None) -> Iterator[ReadActivity]:
    for element in document:
        is_activity = document.kind == "iati-activities"
        read = read_activity(element) if is_activity else read_organisation(element)
        if rules:
            for each in rules.check(element):
                read.complain(
                    element, each.element, f"{each.layer}.{each.code}", each.message,
                    severity=each.severity, line=each.line,
                )  # fmt: skip
        yield read


def _known(
    actor: Actor, chunk: list[ReadActivity], prefix: str, today: date
) -> dict[str, tuple[str, dict[str, str]]]:
    """{identifier without the publisher: (reference, facts)} of records that the chunk names."""
    names = {
        read.identifier.removeprefix(prefix) for read in chunk if read.identifier.startswith(prefix)
    }
    if not names:
        return {}
    publisher = Body(settings.IATI_NAME, settings.IATI_REFERENCE, settings.IATI_KIND)
    rows = Project.objects.visible_to(actor).filter(reference__in=names)
    reduced = Project.objects.visible_to(actor).filter(public_id__in=names)
    known = {}
    for project, activity in on_record(rows, publisher, today=today):
        known[project.reference] = (project.reference, facts_on_record(activity))
    for project, activity in on_record(reduced, publisher, today=today, is_reduced=True):
        known[project.public_id] = (project.reference, facts_on_record(activity))
    return known


def _line(
    number: int, read: ReadActivity, known: dict[str, tuple[str, dict[str, str]]], prefix: str
) -> Line:
    line = Line(
        number,
        read.line,
        read.identifier[:120],
        read.title[:200],
        REFUSED if read.is_refused else NEW,
        complaints=list(lines_of(read)),
        complaints_left_out=read.left_out,
        foreign=read.foreign,
    )
    record = known.get(read.identifier.removeprefix(prefix))
    if record is None or not read.identifier.startswith(prefix):
        return line
    line.project, facts = record
    if not read.is_refused:
        changes = differences(facts, facts_in_file(read))
        line.differences = {name: list(pair) for name, pair in changes.items()}
        line.outcome = CHANGED if changes else SAME
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
