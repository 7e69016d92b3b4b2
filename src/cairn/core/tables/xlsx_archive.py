"""The zip archive of an XLSX workbook: which parts it has, and how far it may be inflated."""

import struct
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from posixpath import dirname, join, normpath
from typing import IO
from xml.parsers import expat

from django.utils.translation import gettext as _

from cairn.core.tables.deadline import Deadline
from cairn.core.tables.intake import encrypted, packed
from cairn.core.tables.shapes import TableRefused

# Judgements. A workbook of 3,000,000 short cells inflates to about 150 MB and compresses about
# 10 to 25 times; deflate itself ends near 1,030 times (zlib, "Technical details").
MAX_ENTRIES = 1_000
MAX_INFLATED = 200 * 1024 * 1024
MAX_RATIO = 100
# Small parts compress well by nature: the ratio counts only above this many bytes.
RATIO_COUNTS_FROM = 5 * 1024 * 1024
_CHUNK = 64 * 1024

# What zipfile raises on damaged archives, as fuzzing showed; it documents only the first.
_ZIP_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)

StartHandler = Callable[[str, dict[str, str]], None]


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A worksheet: its name, the archive entry that holds it, whether people see it."""

    name: str
    entry: str
    is_visible: bool


class Archive:
    """A zip archive whose entries were checked before anything was inflated."""

    def __init__(self, file: IO[bytes], deadline: Deadline | None = None) -> None:
        """Raises TableRefused for damage, encryption, too many entries, and declared sizes."""
        try:
            self._zip = zipfile.ZipFile(file)
        except _ZIP_FAULTS as problem:
            raise damaged() from problem
        infos = self._zip.infolist()
        if len(infos) > MAX_ENTRIES:
            raise bomb()
        self._infos = {info.filename.lower(): info for info in infos}
        if len(self._infos) != len(infos):
            raise damaged()
        if any(info.flag_bits & 0x1 for info in infos):
            raise encrypted()
        inflated = sum(info.file_size for info in infos)
        packed_size = sum(info.compress_size for info in infos)
        if inflated > MAX_INFLATED or _suspicious(inflated, packed_size):
            raise bomb()
        if any(_suspicious(info.file_size, info.compress_size) for info in infos):
            raise bomb()
        self._left = MAX_INFLATED
        self._deadline = deadline or Deadline()

    def __contains__(self, entry: str) -> bool:
        return entry.lower() in self._infos

    def stream(self, entry: str) -> Generator[bytes, None, None]:
        """The inflated content of `entry` in chunks, never more than MAX_INFLATED for all reads.

        A size that was declared too small ends in a checksum error, refused as damage.
        """
        info = self._infos.get(entry.lower())
        if info is None:
            raise damaged()
        try:
            with self._zip.open(info) as opened:
                while chunk := opened.read(_CHUNK):
                    self._deadline.check()
                    self._left -= len(chunk)
                    if self._left < 0:
                        raise bomb()
                    yield chunk
        except _ZIP_FAULTS as problem:
            raise damaged() from problem

    def name_of(self, entry: str) -> str:
        """The entry's name as the archive spells it: upper and lower case do not matter in it."""
        return self._infos[entry.lower()].filename


def _suspicious(inflated: int, packed_size: int) -> bool:
    return inflated > RATIO_COUNTS_FROM and inflated > MAX_RATIO * max(packed_size, 1)


def check_is_workbook(archive: Archive) -> None:
    """Refuse every zip archive that is not a plain XLSX workbook, each kind in its own words."""
    if "mimetype" in archive:
        kind = b"".join(archive.stream("mimetype")).strip()
        if kind.startswith(b"application/vnd.oasis.opendocument."):
            raise _open_document()
    if "xl/vbaProject.bin" in archive:
        raise _macros()
    if "xl/workbook.bin" in archive:
        raise _binary_workbook()
    if "word/document.xml" in archive or "ppt/presentation.xml" in archive:
        raise _other_office()
    if "[Content_Types].xml" not in archive or "xl/workbook.xml" not in archive:
        raise packed()
    types = b"".join(archive.stream("[Content_Types].xml")).lower()
    if b"macroenabled" in types:
        raise _macros()


def sheet_parts(archive: Archive) -> tuple[list[SheetPart], list[str]]:
    """The worksheets in workbook order, and the entries that any of them needs beside it.

    Chart, dialog and macro sheets are left out (ECMA-376 part 1, 12.3: each has its own
    relationship type). Raises TableRefused for a document type or entity declaration.
    """
    targets: dict[str, str] = {}
    shared = ["[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"]
    relations = "xl/_rels/workbook.xml.rels"

    def on_relation(name: str, attributes: dict[str, str]) -> None:
        if local(name) != "Relationship" or attributes.get("TargetMode") == "External":
            return
        entry = _resolved("xl/workbook.xml", attributes.get("Target", ""))
        kind = attributes.get("Type", "").rpartition("/")[2]
        if kind == "worksheet":
            targets[attributes.get("Id", "")] = entry
        elif kind in {"sharedStrings", "styles"} and entry in archive:
            shared.append(entry)

    sheets: list[SheetPart] = []

    def on_workbook(name: str, attributes: dict[str, str]) -> None:
        if local(name) != "sheet":
            return
        ids = [value for key, value in attributes.items() if key.rpartition(":")[2] == "id"]
        entry = targets.get(ids[0] if ids else "")
        if entry is not None and entry in archive:
            visible = attributes.get("state", "visible") == "visible"
            sheets.append(SheetPart(attributes.get("name", ""), entry, visible))

    parse(archive.stream(relations), on_relation)
    parse(archive.stream("xl/workbook.xml"), on_workbook)
    shared.append(relations)
    return sheets, [entry for entry in shared if entry in archive]


def _resolved(base: str, target: str) -> str:
    if target.startswith("/"):
        return normpath(target).lstrip("/")
    return normpath(join(dirname(base), target))


class XmlParser:
    """An XML parser that refuses document types, so no entity is ever expanded or fetched."""

    def __init__(self) -> None:
        self.expat = expat.ParserCreate()
        self.expat.buffer_text = True
        self.expat.StartDoctypeDeclHandler = _refuse_declaration
        self.expat.EntityDeclHandler = _refuse_declaration

    def feed(self, chunk: bytes, *, last: bool = False) -> None:
        try:
            self.expat.Parse(chunk, last)
        except (expat.ExpatError, LookupError, ValueError) as problem:
            # The last two: an encoding that Python does not know or expat cannot use.
            raise damaged() from problem


def parse(chunks: Iterable[bytes], on_start: StartHandler) -> None:
    """Parse a whole part; `on_start` receives each element's name and attributes."""
    parser = XmlParser()
    parser.expat.StartElementHandler = on_start
    for chunk in chunks:
        parser.feed(chunk)
    parser.feed(b"", last=True)


def local(name: str) -> str:
    """An element's name without its prefix."""
    return name.rpartition(":")[2]


def _refuse_declaration(*_arguments: object) -> None:
    raise TableRefused(
        "table.xml_declaration",
        _("The workbook declares an XML document type or entity. No spreadsheet program does."),
        _("Open it in a spreadsheet program, save it again, and send the new file."),
    )


def damaged() -> TableRefused:
    return TableRefused(
        "table.damaged",
        _("The workbook is damaged or incomplete."),
        _("Open it in a spreadsheet program, save it again, and send the new file."),
    )


def bomb() -> TableRefused:
    return TableRefused(
        "table.zip_bomb",
        _("The workbook unpacks to far more than its size allows, so it was not opened."),
        _("Copy the table into a new workbook and send that one."),
    )


def _macros() -> TableRefused:
    return TableRefused(
        "table.macros",
        _("The workbook contains macros, or is of a kind that may contain them (.xlsm)."),
        _('Save it as "Excel workbook (.xlsx)", without macros.'),
    )


def _open_document() -> TableRefused:
    return TableRefused(
        "table.kind_ods",
        _("This is an OpenDocument file (.ods), which is not read."),
        _('Save it as "Excel workbook (.xlsx)" or as "CSV UTF-8".'),
    )


def _binary_workbook() -> TableRefused:
    return TableRefused(
        "table.kind_xlsb",
        _("This is a binary Excel workbook (.xlsb), which is not read."),
        _('Save it as "Excel workbook (.xlsx)".'),
    )


def _other_office() -> TableRefused:
    return TableRefused(
        "table.kind_document",
        _("This is a text document or a presentation, not a table."),
        _("Copy the table into a spreadsheet program and save it as an Excel workbook (.xlsx)."),
    )
