"""Practices and tools as rows of files: what everybody sees, whoever asks."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language_bidi

from cairn.core.actor import PUBLIC
from cairn.core.tables import Sheet, write_csv, write_xlsx
from cairn.library.models import Practice
from cairn.library.models.practices import FIELDS
from cairn.library.queries import tools as tool_queries
from cairn.library.queries.practices import Filters
from cairn.library.queries.practices import practices as matching

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
CHUNK = 500
# A workbook of some thousand rows stays in memory; larger ones go to a temporary file.
IN_MEMORY = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Rows:
    """`columns` -> names that are the same in every language; `each`: one row, lists as lists."""

    columns: tuple[str, ...]
    each: Iterator[dict[str, Any]]


def practices(query: QueryDict) -> Rows:
    """Published practices that match the query of the list."""
    found = matching(PUBLIC, Filters.from_query(query))
    columns = ("code", *FIELDS, "published_on")
    return Rows(columns, (_practice(each) for each in _streamed(found)))


def _practice(practice: Practice) -> dict[str, Any]:
    out = practice.published_at
    return {
        "code": practice.code,
        **{name: getattr(practice, name) for name in FIELDS},
        "published_on": timezone.localtime(out).date().isoformat() if out else "",
    }


def tools(asked: tool_queries.Asked) -> Rows:
    """Tools that match, with how many versions, downloads and adaptations each has."""
    columns = ("title", "kind", "topic", "languages", "forthcoming", "as_of", "source")
    found = tool_queries.counted(tool_queries.tools(PUBLIC, asked))
    counts = ("versions", "adaptations", "downloads")
    return Rows((*columns, *counts), (_tool(each, columns) for each in _streamed(found)))


def _tool(tool: Any, columns: tuple[str, ...]) -> dict[str, Any]:
    return {
        **{name: getattr(tool, name) for name in columns},
        "versions": tool.version_count,
        "adaptations": tool.adaptation_count,
        "downloads": tool.download_count,
    }


def _streamed(found: QuerySet[Any]) -> Iterator[Any]:
    return found.iterator(chunk_size=CHUNK)


def answer(kind: str, name: str, rows: Rows) -> HttpResponseBase:
    """The file as an answer, row by row."""
    title = f"cairn-{name}-{timezone.localdate().isoformat()}.{kind}"
    if kind == "xlsx":
        book = _workbook(name, rows)
        return FileResponse(book, as_attachment=True, filename=title, content_type=KINDS[kind])
    lines = _json(rows) if kind == "json" else write_csv(rows.columns, _cells(rows), bom=True)
    headers = {"Content-Disposition": f'attachment; filename="{title}"'}
    return StreamingHttpResponse(lines, content_type=KINDS[kind], headers=headers)


def _cells(rows: Rows) -> Iterator[list[object]]:
    """Lists as codes with | between them."""
    for row in rows.each:
        values = (row[name] for name in rows.columns)
        yield ["|".join(value) if isinstance(value, list) else value for value in values]


def _json(rows: Rows) -> Iterator[str]:
    yield "["
    for number, row in enumerate(rows.each):
        yield (",\n" if number else "\n") + json.dumps(row, ensure_ascii=False)
    yield "\n]\n"


def _workbook(name: str, rows: Rows) -> IO[bytes]:
    target = cast(IO[bytes], SpooledTemporaryFile(max_size=IN_MEMORY))
    sheet = Sheet(name, rows.columns, _cells(rows))
    write_xlsx(
        target, [sheet], title=name, right_to_left=get_language_bidi(), created=timezone.now()
    )
    target.seek(0)
    return target
