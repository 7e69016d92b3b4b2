"""The project page of source 000: the portfolio's own page, with its figures as fields."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy, override

from cairn.core.actor import Actor
from cairn.imports import cells
from cairn.portfolio.documents import labels
from cairn.portfolio.documents.page import page_content
from cairn.portfolio.queries import documents
from cairn.results.documents.blocks import Block, Body, Figures, Run, TableBlock
from cairn.results.documents.kinds import Kind, Parameter, Parameters
from cairn.results.documents.laid_out import as_blocks
from cairn.results.documents.narrative import records_of
from cairn.results.queries.document_fields import Told, tell
from cairn.results.queries.document_sources import source_lines
from cairn.results.rules.fields import Field

PARTS: Final = (
    ("outline", gettext_lazy("Description and outline")),
    ("objectives", gettext_lazy("Objectives")),
    ("components", gettext_lazy("Components")),
    ("achievements", gettext_lazy("Main achievements")),
    ("impact", gettext_lazy("Impact")),
)
MONEY: Final = ("budget", "pledged", "shortfall")
# Columns of the table of events that tell a number of people.
COUNTED: Final = {3: "participants", 4: "women"}


def page_body(actor: Actor, address: str, language: str, *, today: date) -> Body:
    """The page of one project as `actor` sees it. Raises Project.DoesNotExist."""
    payload = documents.project_page(actor, address, language, today=today)
    project = payload["project"]
    words = labels(language)
    with override(language):
        content = page_content(payload)
        parts = {words[code]: code for code, _label in PARTS}
        blocks = as_blocks(content["blocks"], parts=parts)
        told = {} if project.get("reduced") else tell(actor, _fields(project))
        if told:
            blocks = [with_money(blocks[0], project["id"], told), *blocks[1:]]
            blocks = _with_events(blocks, words["events"], project, told)
    head = content["head"]
    sources = [str(project.get("source") or "")]
    sources += [str(each.get("source") or "") for each in project.get("events") or []]
    return Body(
        title=head["title"],
        subtitle=" · ".join(text for text in (head["code"], head["state"]) if text),
        language=language,
        blocks=tuple(blocks),
        sources=source_lines(sources),
        figures=records_of(told.values()),
    )


def _fields(project: Mapping[str, Any]) -> list[Field]:
    """What the page tells by number from the project's own records."""
    fields = [Field("project", str(project["id"]), name) for name in MONEY]
    for event in project.get("events") or []:
        fields += [Field("event", event["id"], name) for name in COUNTED.values()]
    return fields


def with_money(block: Block, key: Any, told: Mapping[str, Told]) -> Block:
    """The three amounts of project `key`, each that is known with the field that it is."""
    if not isinstance(block, Figures):
        return block
    items = []
    for name, each in zip(MONEY, block.items, strict=False):
        field = told.get(Field("project", str(key), name).code)
        known = field is not None and field.value is not None
        run = Run(each.value.text, field.field if field is not None and known else "")
        items.append(replace(each, value=run))
    return Figures(tuple(items))


def _with_events(
    blocks: Sequence[Block],
    caption: str,
    project: Mapping[str, Any],
    told: Mapping[str, Told],
) -> list[Block]:
    """The table of events with its counts as fields; its last row is their sum and stays plain."""
    events = project.get("events") or []
    made: list[Block] = []
    for block in blocks:
        if isinstance(block, TableBlock) and block.caption == caption:
            rows = list(block.rows)
            for number, event in enumerate(events):
                rows[number] = tuple(
                    (_counted(cell[0], event["id"], COUNTED[place], told),)
                    if place in COUNTED
                    else cell
                    for place, cell in enumerate(rows[number])
                )
            block = replace(block, rows=tuple(rows))
        made.append(block)
    return made


def _counted(run: Run, reference: str, name: str, told: Mapping[str, Told]) -> Run:
    field = told.get(Field("event", reference, name).code)
    return Run(run.text, field.field) if field is not None and field.value is not None else run


def build(actor: Actor, parameters: Parameters, language: str) -> Body:
    """The page of the project that the parameters name."""
    found = str(parameters["project"])
    return page_body(actor, found, language, today=timezone.localdate())


def read_project(text: str) -> str:
    """The reference of a project. Raises RuleBroken ("cell.reference")."""
    return cells.reference(20)(text)


KIND: Final = Kind(
    "project-page",
    gettext_lazy("Project page"),
    build,
    (
        Parameter(
            "project",
            gettext_lazy("Project"),
            read_project,
            gettext_lazy("Reference of the project, for example P49."),
            is_required=True,
        ),
    ),
    PARTS,
    gettext_lazy("One project: its facts, money, work, achievements and impact."),
)
