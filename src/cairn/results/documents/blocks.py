"""The text of a document as a tree of blocks, before it is a page, a PDF, a Word file or JSON.

A document is built once as a `Body`; one walker per format (`page`, `pdf`, `docx`, `plain`) writes
it. What stands in one of them stands in all, since none of them adds words of its own.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line. `figure`: key of the figure it tells, "" for plain words.

    `mark`: what a reader has to know of the figure, such as what it was in the last issue.
    """

    text: str
    figure: str = ""
    is_changed: bool = False
    bold: bool = False
    mark: str = ""

    @property
    def whole(self) -> str:
        """The text with its mark, as every format prints it."""
        return f"{self.text} [{self.mark}]" if self.mark else self.text


Line = tuple[Run, ...]
# What a caller may give for a line: words, a run, or several.
Words = str | Run | Iterable[Run]


@dataclass(frozen=True, slots=True)
class Heading:
    """`level`: 2 for a part, 3 and 4 below it; the title of the document is 1.

    `part`: code of the part that it opens, so that words written for that part stand under it.
    """

    level: int
    text: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    runs: Line


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table with one row of heads; every row has as many cells."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, slots=True)
class Labelled:
    """One figure of a list: what it is, how much, and who says so."""

    label: str
    value: Run
    unit: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    items: tuple[Labelled, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """Small print: a source, or what a reader has to know."""

    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing as SVG. `alt`: the words that stand for it; Word files carry the words only."""

    svg: str
    alt: str


Block = Heading | Paragraph | Bullets | TableBlock | Figures | Note | Picture


@dataclass(frozen=True, slots=True)
class Body:
    """A whole document in `language`. `meta`: labelled facts under the title, such as its period.

    `figures`: what the text tells by number, as plain JSON types: each with `field`, `value`,
    `unit`, `definition`, `source`, `measure`, `version` and `question`.
    """

    title: str
    subtitle: str
    language: str
    blocks: tuple[Block, ...]
    sources: tuple[str, ...] = ()
    meta: tuple[tuple[str, str], ...] = ()
    figures: tuple[Mapping[str, Any], ...] = field(default=())


def line(words: Words) -> Line:
    """A line from words, one run, or several."""
    if isinstance(words, str):
        return (Run(words),)
    return (words,) if isinstance(words, Run) else tuple(words)


def paragraph(words: Words) -> Paragraph:
    return Paragraph(line(words))


def bullets(items: Iterable[Words]) -> Bullets:
    return Bullets(tuple(line(each) for each in items))


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[Words]]) -> TableBlock:
    """Raises ValueError where a row has more or fewer cells than there are heads."""
    made = tuple(tuple(line(cell) for cell in row) for row in rows)
    if any(len(row) != len(head) for row in made):
        raise ValueError(f"a row of “{caption}” has not {len(head)} cells")
    return TableBlock(caption, tuple(head), made)


def said(words: Line) -> str:
    """A line as plain words, with the marks of its figures."""
    return "".join(run.whole for run in words)


def runs_of(block: Block) -> Iterator[Run]:
    """Every run of a block, in reading order."""
    match block:
        case Paragraph(runs):
            yield from runs
        case Bullets(items):
            for item in items:
                yield from item
        case TableBlock(rows=rows):
            for row in rows:
                for cell in row:
                    yield from cell
        case Figures(items):
            for each in items:
                yield each.value
        case _:
            return


def texts_of(body: Body) -> Iterator[str]:
    """Every text that each format has to hold, in reading order; of a picture its words."""
    yield body.title
    if body.subtitle:
        yield body.subtitle
    for label, value in body.meta:
        yield from (label, value)
    for block in body.blocks:
        yield from _texts(block)
    yield from body.sources


def _texts(block: Block) -> Iterator[str]:
    match block:
        case Heading(text=text) | Note(text):
            yield text
        case Paragraph(runs):
            yield said(runs)
        case Bullets(items):
            yield from map(said, items)
        case TableBlock(caption, head, rows):
            yield from (caption, *head)
            yield from (said(cell) for row in rows for cell in row)
        case Figures(items):
            for each in items:
                yield from (each.label, each.value.whole)
                yield from (text for text in (each.unit, each.source) if text)
        case Picture(_, alt):
            yield alt


# --- Plain JSON types, and back ---------------------------------------------------------------

_KINDS: Final = {
    Heading: "heading",
    Paragraph: "paragraph",
    Bullets: "bullets",
    TableBlock: "table",
    Figures: "figures",
    Note: "note",
    Picture: "picture",
}


def to_json(body: Body) -> dict[str, Any]:
    """The body as plain JSON types; `from_json` reads it back without loss."""
    return {
        "title": body.title,
        "subtitle": body.subtitle,
        "language": body.language,
        "meta": [{"label": label, "value": value} for label, value in body.meta],
        "blocks": [_block(block) for block in body.blocks],
        "sources": list(body.sources),
        "figures": [dict(each) for each in body.figures],
    }


def _run(run: Run) -> dict[str, Any]:
    told: dict[str, Any] = {"text": run.text}
    told |= {"figure": run.figure} if run.figure else {}
    told |= {"changed": True} if run.is_changed else {}
    told |= {"bold": True} if run.bold else {}
    return told | ({"mark": run.mark} if run.mark else {})


def _line(words: Line) -> list[dict[str, Any]]:
    return [_run(run) for run in words]


def _block(block: Block) -> dict[str, Any]:
    kind = {"kind": _KINDS[type(block)]}
    match block:
        case Heading(level, text, part):
            return kind | {"level": level, "text": text} | ({"part": part} if part else {})
        case Paragraph(runs):
            return kind | {"runs": _line(runs)}
        case Bullets(items):
            return kind | {"items": [_line(item) for item in items]}
        case TableBlock(caption, head, rows):
            cells = [[_line(cell) for cell in row] for row in rows]
            return kind | {"caption": caption, "head": list(head), "rows": cells}
        case Figures(items):
            told = [
                {
                    "label": each.label,
                    "value": _run(each.value),
                    "unit": each.unit,
                    "source": each.source,
                }
                for each in items
            ]
            return kind | {"items": told}
        case Note(text):
            return kind | {"text": text}
        case Picture(svg, alt):
            return kind | {"svg": svg, "alt": alt}


def from_json(kept: Mapping[str, Any]) -> Body:
    """The body that `to_json` wrote. Raises KeyError for what is none."""
    return Body(
        kept["title"],
        kept["subtitle"],
        kept["language"],
        tuple(_read(block) for block in kept["blocks"]),
        tuple(kept["sources"]),
        tuple((each["label"], each["value"]) for each in kept["meta"]),
        tuple(kept["figures"]),
    )


def _read_run(kept: Mapping[str, Any]) -> Run:
    return Run(
        kept["text"],
        kept.get("figure", ""),
        kept.get("changed", False),
        kept.get("bold", False),
        kept.get("mark", ""),
    )


def _read_line(kept: Sequence[Mapping[str, Any]]) -> Line:
    return tuple(_read_run(run) for run in kept)


def _read(kept: Mapping[str, Any]) -> Block:
    match kept["kind"]:
        case "heading":
            return Heading(kept["level"], kept["text"], kept.get("part", ""))
        case "paragraph":
            return Paragraph(_read_line(kept["runs"]))
        case "bullets":
            return Bullets(tuple(_read_line(item) for item in kept["items"]))
        case "table":
            rows = tuple(tuple(_read_line(cell) for cell in row) for row in kept["rows"])
            return TableBlock(kept["caption"], tuple(kept["head"]), rows)
        case "figures":
            return Figures(
                tuple(
                    Labelled(one["label"], _read_run(one["value"]), one["unit"], one["source"])
                    for one in kept["items"]
                )
            )
        case "picture":
            return Picture(kept["svg"], kept["alt"])
    return Note(kept["text"])
