"""Written text with its fields as blocks: paragraphs, bullets, and the figures in them."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from cairn.results.documents.blocks import Block, Bullets, Line, Paragraph, Run
from cairn.results.queries.document_fields import Told
from cairn.results.rules.fields import Field, fields_of, parsed

BULLET = "- "
_PLACE = re.compile(r"%\((\w+)\)s")


def run_of(told: Told, *, bold: bool = False) -> Run:
    """A field as a run of a line: plain words where it is a citation."""
    is_citation = told.field.startswith("cite:")
    return Run(told.text, "" if is_citation else told.field, bold=bold)


def written_fields(texts: Iterable[str]) -> list[Field]:
    """Every field of the texts. Raises RuleBroken("document.field")."""
    return [field for text in texts for field in fields_of(text)]


def written_blocks(text: str, told: Mapping[str, Told]) -> tuple[Block, ...]:
    """The blocks of a text: an empty line ends a paragraph, "- " begins an item of a list.

    `told`: every field of the text by its code.
    """
    blocks: list[Block] = []
    for chunk in text.replace("\r\n", "\n").split("\n\n"):
        lines = [line.strip() for line in chunk.split("\n") if line.strip()]
        words: list[str] = []
        items: list[Line] = []
        for line in lines:
            if line.startswith(BULLET):
                items.append(_line(line.removeprefix(BULLET), told))
            elif items:
                items[-1] += (Run(" "), *_line(line, told))
            else:
                words.append(line)
        blocks += [Paragraph(_line(" ".join(words), told))] if words else []
        blocks += [Bullets(tuple(items))] if items else []
    return tuple(blocks)


def _line(text: str, told: Mapping[str, Told]) -> Line:
    return tuple(
        Run(part) if isinstance(part, str) else run_of(told[part.code]) for part in parsed(text)
    )


def filled(template: str, **values: Run | str) -> Line:
    """A translated sentence with runs in its places: "%(count)s people took part"."""
    line: list[Run] = []
    at = 0
    for found in _PLACE.finditer(template):
        line += [Run(template[at : found.start()])] if found.start() > at else []
        value = values[found[1]]
        line.append(Run(value) if isinstance(value, str) else value)
        at = found.end()
    return (*line, Run(template[at:])) if at < len(template) else tuple(line)


def records_of(told: Iterable[Told]) -> tuple[dict[str, Any], ...]:
    """The figures of a text as a document keeps them, each once; citations are none."""
    kept = {each.field: each.record for each in told if not each.field.startswith("cite:")}
    return tuple(kept.values())
