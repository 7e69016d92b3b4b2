"""Files of rows that partners bring: read in memory alone, never staged and never on disk.

The bytes live in the request that brings them. They go to no temporary file: the upload handler
keeps them in memory and refuses more than MOST_BYTES, which is also what the reader of tables
holds without spilling; a workbook may inflate to MOST_INFLATED, below the size at which that
reader would write its checked copy to disk.
"""

import hashlib
import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from io import BytesIO
from typing import Any, Final

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from cairn.core.errors import RuleBroken
from cairn.core.htcds.files import records_of
from cairn.core.tables import read_table

# Bounded by cairn.core.tables.intake (4 MiB) and cairn.core.tables.xlsx_reading (8 MiB), see above.
MOST_BYTES: Final = 4 * 1024 * 1024
MOST_INFLATED: Final = 7 * 1024 * 1024
# Each row is sealed in one transaction with the others; a partner with more sends several files.
MOST_ROWS: Final = 500


class InMemoryOnly(FileUploadHandler):
    """Keeps what is uploaded in memory; drops the whole of a file that is larger than allowed."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._parts: list[bytes] = []
        self._taken = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._parts, self._taken = [], 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._taken += len(raw_data)
        if self._taken > MOST_BYTES:
            self._parts = []
            raise SkipFile
        self._parts.append(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile | None:
        if self._taken > MOST_BYTES:
            return None
        return InMemoryUploadedFile(
            BytesIO(b"".join(self._parts)),
            self.field_name,
            self.file_name,
            self.content_type,
            self._taken,
            self.charset,
            self.content_type_extra,
        )


@dataclass(frozen=True, slots=True)
class Rows:
    """What stands in a file: rows as (number in the file, column -> text), and what was noticed."""

    columns: tuple[str, ...]
    rows: list[tuple[int, dict[str, str]]]
    notes: tuple[str, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: its row (0: the whole file), its column, why, what to do."""

    row: int
    field: str
    message: str
    remedy: str


def read_rows(content: bytes) -> Rows:
    """The rows of a CSV, XLSX or JSON file. Raises TableRefused or RuleBroken ("file.*")."""
    digest = hashlib.sha256(content).hexdigest()
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start in {b"{", b"["}:
        rows = _json_rows(content)
        names: dict[str, None] = {}
        for _number, row in rows:
            names |= dict.fromkeys(row)
        found = Rows(tuple(names), rows, (), digest)
    else:
        _check_inflated(content)
        table = read_table(BytesIO(content), max_bytes=MOST_BYTES, max_rows=MOST_ROWS)
        if table.problems:
            first = table.problems[0]
            words = {"row": first.row, "message": first.message}
            raise RuleBroken("file.cell", _("Row %(row)d: %(message)s") % words, first.remedy)
        rows = [
            (row.number, dict(zip(table.names, row.values_in_order, strict=True)))
            for row in table.rows
        ]
        found = Rows(table.names, rows, tuple(str(note) for note in table.notes), digest)
    if not found.rows:
        raise RuleBroken("file.empty", _("The file has no rows."))
    return found


def _json_rows(content: bytes) -> list[tuple[int, dict[str, str]]]:
    try:
        text = content.decode("utf-8-sig")
        rows = records_of(text)
        # JSON can write half of a sign, which nothing can store or show.
        json.dumps(rows, ensure_ascii=False).encode()
    except UnicodeError:
        raise RuleBroken(
            "file.encoding", _("The file is not UTF-8."), _("Save it as UTF-8 and bring it again.")
        ) from None
    if len(rows) > MOST_ROWS:
        raise _too_many()
    return list(enumerate(rows, 1))


def _check_inflated(content: bytes) -> None:
    if not content.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            inflated = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return  # the reader of tables says what is wrong with it
    if inflated > MOST_INFLATED:
        raise RuleBroken(
            "file.inflated",
            _("The workbook is too large to be read without putting a copy on disk."),
            _("Split it into several files."),
        )


def _too_many() -> RuleBroken:
    return RuleBroken(
        "file.rows",
        ngettext(
            "A file may hold at most %(count)d record.",
            "A file may hold at most %(count)d records.",
            MOST_ROWS,
        )
        % {"count": MOST_ROWS},
        _("Split it into several files."),
    )


View = Callable[..., HttpResponseBase]


def in_memory(view: View) -> View:
    """Let the file of a request go to memory alone.

    The handler has to be set before the form is read, so the check against forged requests, which
    reads it, comes after: the view is exempt outside and protected inside.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def bringing(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.upload_handlers = [InMemoryOnly(request)]
        return protected(request, *args, **kwargs)

    return bringing


def row_key(row: dict[str, str], names: Sequence[str]) -> str:
    """What tells a row from every other: the first of `names` that it fills, else all its cells.

    Form tools write the id of a submission under several names; "uuid:" in front is the same id.
    """
    by_name = {
        name.rsplit("/", 1)[-1].lstrip("_").casefold(): text
        for name, text in row.items()
        if not name.startswith("formhub/")  # the id of the form, the same in every row
    }
    for name in names:
        if text := by_name.get(name, "").strip():
            return "id:" + text.removeprefix("uuid:").casefold()
    cells = "\x1f".join(f"{name}\x1e{text.strip()}" for name, text in sorted(row.items()))
    return "row:" + hashlib.sha256(cells.encode()).hexdigest()


# Names of the id of a submission: ODK Central, KoboToolbox, OpenRosa (instanceID), our own column.
ID_NAMES: Final = (
    "instanceid",
    "meta-instanceid",
    "uuid",
    "rootuuid",
    "key",
    "cairn_reference",
)
