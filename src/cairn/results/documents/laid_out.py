"""The blocks of the portfolio's own documents as blocks that every format can write."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cairn.results.documents.blocks import (
    Block,
    Figures,
    Heading,
    Labelled,
    Note,
    Run,
    bullets,
    paragraph,
    table,
)

LaidOut = Mapping[str, Any]


def as_blocks(
    laid_out: Iterable[LaidOut], *, parts: Mapping[str, str] | None = None, deeper: int = 0
) -> list[Block]:
    """Blocks in their order. `parts`: text of a heading -> code of the part that it opens.

    `deeper`: by how many levels headings go down. A table takes the heading above as its caption;
    bars are left out, since the table beside them tells the same.
    """
    blocks: list[Block] = []
    caption = ""
    for each in laid_out:
        if each["kind"] in {"heading", "own-heading"}:
            caption = str(each["text"])
            part = (parts or {}).get(caption, "") if each["level"] == 2 else ""
            blocks.append(Heading(min(each["level"] + deeper, 4), caption, part))
        else:
            blocks += _block(each, caption)
    return blocks


def _block(each: LaidOut, caption: str) -> Iterator[Block]:
    match each["kind"]:
        case "prose":
            for part in each["parts"]:
                if part["kind"] == "list":
                    yield bullets(part["items"])
                else:
                    yield paragraph(" ".join(part["text"].split("\n")))
        case "list":
            yield bullets(each["items"])
        case "facts":
            facts = [(one["label"], "; ".join(one["values"])) for one in each["entries"]]
            if facts:
                yield from fact_lines(facts)
        case "figures":
            yield Figures(tuple(_labelled(one) for one in each["entries"]))
        case "table":
            rows = [*each["rows"], *([each["total"]] if each.get("total") else [])]
            heads = [str(one["label"]) for one in each["columns"]]
            yield table(caption, heads, [[str(cell) for cell in row] for row in rows])
        case "note" | "remark":
            yield Note(str(each["text"]))


def fact_lines(facts: Iterable[tuple[str, str]]) -> Iterator[Block]:
    """Labelled facts, one to a line."""
    yield bullets([(Run(label, bold=True), Run(f": {value}")) for label, value in facts])


def _labelled(entry: LaidOut) -> Labelled:
    return Labelled(str(entry["label"]), Run(str(entry["amount"])), source=entry.get("note") or "")
