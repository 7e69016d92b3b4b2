"""A document put together: computed blocks, the words written around them, marks of change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import override

from cairn.core.actor import Actor
from cairn.results.documents import narrative
from cairn.results.documents.blocks import (
    Block,
    Body,
    Bullets,
    Figures,
    Heading,
    Line,
    Paragraph,
    Run,
    TableBlock,
)
from cairn.results.documents.kinds import Kind, Parameters, built
from cairn.results.queries.document_fields import tell
from cairn.results.queries.document_sources import source_lines


class Written(Protocol):
    """A section as it is written: `part` of the kind it stands under, "" before everything."""

    part: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that is not what it was. `before` or `now` "": it was not there, or is no more."""

    field: str
    definition: str
    before: str
    now: str


def composed(
    kind: Kind,
    actor: Actor,
    parameters: Parameters,
    language: str,
    *,
    title: str = "",
    sections: Sequence[Written] = (),
) -> Body:
    """The whole body in `language`. `title` replaces the computed one.

    Raises RuleBroken ("document.field"), and what the kind raises.
    """
    body = built(kind, actor, parameters, language)
    with override(language):
        told = tell(actor, narrative.written_fields(each.text for each in sections))
        blocks: list[Block] = list(_written(sections, "", told))
        placed = {""}
        for block in body.blocks:
            blocks.append(block)
            if isinstance(block, Heading) and block.part and block.part not in placed:
                placed.add(block.part)
                blocks += _written(sections, block.part, told)
        # A part that came to nothing still has its words.
        for part, label in kind.parts:
            if part not in placed and any(each.part == part for each in sections):
                blocks += [Heading(2, str(label), part), *_written(sections, part, told)]
        figures = {each["field"]: each for each in body.figures}
        figures |= {each["field"]: each for each in narrative.records_of(told.values())}
        cited = source_lines(each.source for each in told.values())
        return replace(
            body,
            title=title or body.title,
            blocks=tuple(blocks),
            figures=tuple(figures.values()),
            sources=tuple(dict.fromkeys((*body.sources, *cited))),
        )


def _written(sections: Iterable[Written], part: str, told: Mapping[str, Any]) -> Iterable[Block]:
    for each in sections:
        if each.part == part:
            if each.heading:
                yield Heading(3 if part else 2, each.heading)
            yield from narrative.written_blocks(each.text, told)


def changes(before: Iterable[Mapping[str, Any]], now: Iterable[Mapping[str, Any]]) -> list[Change]:
    """Figures that differ between two issues, those that came or went too, in order of now."""
    old = {each["field"]: each for each in before}
    new = {each["field"]: each for each in now}
    found = [
        Change(
            code,
            each["definition"],
            old[code]["text"] if code in old else "",
            each["text"],
        )
        for code, each in new.items()
        if code not in old or is_other(old[code], each)
    ]
    gone = [
        Change(code, each["definition"], each["text"], "")
        for code, each in old.items()
        if code not in new
    ]
    return found + gone


def is_other(before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether a reader would be told something else: another value, or counted differently."""
    return bool(before["value"] != now["value"] or before["version"] != now["version"])


def marked(body: Body, before: Iterable[Mapping[str, Any]], number: int) -> Body:
    """The body with a mark at each figure that changed since issue `number`, with what it was."""
    old = {each["field"]: each for each in before}
    new = {each["field"]: each for each in body.figures}
    with override(body.language):
        marks = {
            code: _("issue %(number)d: %(before)s")
            % {"number": number, "before": old[code]["text"]}
            for code, each in new.items()
            if code in old and is_other(old[code], each)
        }
    return replace(body, blocks=tuple(_marked(block, marks) for block in body.blocks))


def _marked(block: Block, marks: Mapping[str, str]) -> Block:
    match block:
        case Paragraph(runs):
            return Paragraph(_line(runs, marks))
        case Bullets(items):
            return Bullets(tuple(_line(item, marks) for item in items))
        case TableBlock(caption, head, rows):
            made = tuple(tuple(_line(cell, marks) for cell in row) for row in rows)
            return TableBlock(caption, head, made)
        case Figures(items):
            return Figures(tuple(replace(each, value=_run(each.value, marks)) for each in items))
        case _:
            return block


def _line(runs: Line, marks: Mapping[str, str]) -> Line:
    return tuple(_run(run, marks) for run in runs)


def _run(run: Run, marks: Mapping[str, str]) -> Run:
    if run.figure not in marks:
        return run
    return replace(run, is_changed=True, mark=marks[run.figure])
