"""The shapes that the impact sheet is made of; page, PDF and JSON show the same ones.

`heading`, `prose`, `list`, `facts`, `table` and `remark` are laid out by ui/pdf/typst/page.typ;
`fill` is an empty box for people to write in, `choices` are boxes to tick: the sheet's own
template lays these out.
"""

from collections.abc import Iterable, Sequence
from typing import Any

Block = dict[str, Any]


def heading(text: str, level: int = 2) -> Block:
    return {"kind": "heading", "level": level, "text": text}


def prose(*texts: object) -> Block:
    """Paragraphs."""
    return {"kind": "prose", "parts": [{"kind": "text", "text": str(text)} for text in texts]}


def listed(items: Iterable[object]) -> Block:
    return {"kind": "list", "items": [str(item) for item in items]}


def choices(items: Iterable[str]) -> Block:
    """What a hand ticks, one of several."""
    return {"kind": "choices", "items": list(items)}


def facts(*entries: tuple[str, str]) -> Block:
    """Label and value, line by line."""
    return {
        "kind": "facts",
        "entries": [{"label": label, "values": [value]} for label, value in entries],
    }


def table(columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[object]]) -> Block:
    """`columns`: label, and width as shares; below zero for a column of figures."""
    return {
        "kind": "table",
        "columns": [
            {"label": label, "side": "end" if width < 0 else "start", "width": abs(width)}
            for label, width in columns
        ],
        "rows": [[str(cell) for cell in row] for row in rows],
    }


def remark(text: str) -> Block:
    return {"kind": "remark", "text": text}


def fill(question: str, *, lines: int = 4, note: str = "") -> Block:
    """A question that no machine can answer, and room for `lines` of handwriting."""
    return {"kind": "fill", "question": question, "lines": lines, "note": note, "answer": ""}
