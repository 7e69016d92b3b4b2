"""The partnership folder of source 004: programmes, projects by region, tools by language."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.library.models import Tool
from cairn.library.queries.tools import Asked, tools
from cairn.portfolio.documents.folder import chapter_title, entry, totals_blocks
from cairn.portfolio.documents.wording import Wording, prose
from cairn.portfolio.models import Project as PortfolioProject
from cairn.portfolio.queries import documents
from cairn.portfolio.queries.listing import Filters, projects
from cairn.portfolio.rules import Chapter
from cairn.results.documents.blocks import (
    Block,
    Body,
    Heading,
    Note,
    bullets,
    paragraph,
    table,
)
from cairn.results.documents.kinds import Kind, Parameter, Parameters
from cairn.results.documents.laid_out import as_blocks
from cairn.results.documents.narrative import records_of, run_of
from cairn.results.documents.project_page import MONEY, with_money
from cairn.results.queries.document_fields import Told, tell
from cairn.results.queries.document_sources import source_lines
from cairn.results.rules.fields import Field
from cairn.ui.formats import locale

PARTS: Final = (
    ("introduction", gettext_lazy("Introduction")),
    ("programmes", gettext_lazy("The programmes")),
    ("totals", gettext_lazy("What is lacking")),
    ("projects", gettext_lazy("Projects by region")),
    ("tools", gettext_lazy("Tools by language")),
)
Project = Mapping[str, Any]


def folder_body(
    actor: Actor, found: QuerySet[PortfolioProject], language: str, *, today: date
) -> Body:
    """The folder over `found`, projects that `actor` may see as listing.projects gives them."""
    payload = documents.partnership_folder(actor, found, language, today=today)
    wording = Wording.of(payload)
    rows = {row["id"]: row for row in payload["projects"]}
    with override(language):
        listed = list(tools(actor, Asked()))
        told = tell(actor, [*_amounts(rows.values()), *map(_languages, listed)])
        blocks: list[Block] = [
            _part("introduction"),
            *(paragraph(text) for text in payload["introduction"]),
            _part("programmes"),
            *_programmes(rows, wording),
            _part("totals"),
            *as_blocks(totals_blocks(payload, wording), deeper=1),
            _part("projects"),
            *_chapters(payload, rows, wording, told),
            _part("tools"),
            *_tools(listed, told),
        ]
        sources = source_lines(
            [*(str(row.get("source") or "") for row in rows.values()), *(t.source for t in listed)]
        )
    return Body(
        title=payload["title"],
        subtitle="",
        language=language,
        blocks=tuple(blocks),
        sources=sources,
        figures=records_of(told.values()),
    )


def _part(code: str) -> Heading:
    return Heading(2, str(dict(PARTS)[code]), code)


def _amounts(rows: Any) -> list[Field]:
    """The money of every project whose country is not withheld."""
    return [
        Field("project", str(row["id"]), name)
        for row in rows
        if not row.get("reduced")
        for name in MONEY
    ]


def _languages(tool: Tool) -> Field:
    return Field("tool", tool.title, "languages")


def _programmes(rows: Mapping[Any, Project], wording: Wording) -> list[Block]:
    """Those that others are part of, each in its own words."""
    blocks: list[Block] = []
    for row in rows.values():
        if row.get("parts") and not row.get("reduced"):
            blocks.append(Heading(3, str(row["title"])))
            for key in ("outline", "objectives"):
                blocks += as_blocks(prose(row.get(key), wording.code))
    return blocks or [Note(_("No programme is among these projects."))]


def _chapters(
    payload: Mapping[str, Any],
    rows: Mapping[Any, Project],
    wording: Wording,
    told: Mapping[str, Told],
) -> list[Block]:
    """Each chapter with its projects: amounts as fields, facts, outline and objectives."""
    blocks: list[Block] = []
    for chapter in payload["chapters"]:
        blocks.append(Heading(3, chapter_title(chapter, wording)))
        for key in chapter["projects"]:
            row = {**rows[key], "countries": None}
            laid = entry(row, wording)
            head, facts = laid["head"], [laid["facts"]] if laid["facts"]["entries"] else []
            title = " – ".join(text for text in (head["code"], head["title"]) if text)
            blocks.append(Heading(4, title))
            blocks += [with_money(each, key, told) for each in as_blocks([laid["money"]])]
            blocks += as_blocks([*facts, *laid["blocks"]], deeper=1)
    return blocks or [Note(_("No project answers to this."))]


def _tools(listed: list[Tool], told: Mapping[str, Told]) -> list[Block]:
    """Lists by language, what was to come, and a table of all with their languages as fields."""
    if not listed:
        return [Note(_("No tool is in the register."))]
    names = locale().languages
    codes = sorted({code for tool in listed for code in (*tool.languages, *tool.forthcoming)})
    named = sorted(((str(names.get(code) or code), code) for code in codes), key=lambda x: x[0])
    years = sorted({str(tool.as_of) for tool in listed if tool.as_of})
    blocks: list[Block] = []
    if years:
        said = _("Languages are as stated in %(years)s.") % {"years": ", ".join(years)}
        blocks.append(Note(said))
    for name, code in named:
        here = [tool.title for tool in listed if code in tool.languages]
        coming = [
            _("%(title)s (was to come)") % {"title": tool.title}
            for tool in listed
            if code in tool.forthcoming
        ]
        blocks += [Heading(3, name), bullets([*here, *coming])]
    unstated = [tool.title for tool in listed if not (tool.languages or tool.forthcoming)]
    if unstated:
        blocks += [Heading(3, _("Languages not stated")), bullets(unstated)]
    head = (_("Title"), _("Kind"), _("Topic"), _("Exists in"))
    rows = [
        (tool.title, tool.kind, tool.topic, run_of(told[_languages(tool).code])) for tool in listed
    ]
    return [*blocks, table(_("All tools"), head, rows)]


def _read_chapter(text: str) -> str:
    if text not in Chapter.values:
        raise RuleBroken(
            "document.chapter",
            _("There is no chapter “%(text)s”.") % {"text": text[:20]},
            _("Choose one of: %(codes)s.") % {"codes": ", ".join(Chapter.values)},
        )
    return text


def build(actor: Actor, parameters: Parameters, language: str) -> Body:
    """The folder over one chapter, or over all."""
    filters = Filters(chapter=str(parameters.get("chapter", "")))
    found = projects(actor, filters)
    return folder_body(actor, found, language, today=timezone.localdate())


KIND: Final = Kind(
    "partnership-folder",
    gettext_lazy("Partnership folder"),
    build,
    (
        Parameter(
            "chapter",
            gettext_lazy("Chapter"),
            _read_chapter,
            gettext_lazy("Empty: the whole folder."),
            lambda _actor: [(code, str(label)) for code, label in Chapter.choices],
        ),
    ),
    PARTS,
    gettext_lazy("What partners can support: programmes, projects by region, tools by language."),
)
