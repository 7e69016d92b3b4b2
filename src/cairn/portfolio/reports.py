"""The documents as bytes: JSON, tagged PDF, or a web page that stands alone."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from django.contrib.staticfiles import finders
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.translation import get_language_bidi, override

from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.portfolio.documents import (
    Volume,
    folder_volumes,
    render_project_page,
    render_project_pages,
)
from cairn.portfolio.models import Project
from cairn.portfolio.queries import documents
from cairn.portfolio.queries.listing import Filters, order_of, projects
from cairn.portfolio.queries.project import payloads
from cairn.portfolio.queries.records import Payload

KINDS = ("json", "pdf", "html")
STYLESHEET = "portfolio/document.css"
Progress = Callable[[int, int, str], None]
# (actor, reference or "", kind, language, today) -> the document. A record that is not there or not
# visible raises ObjectDoesNotExist.
Render = Callable[[Actor, str, str, str, date], bytes]
# The same, with what was asked for by options: name -> text, only what was given.
RenderWithOptions = Callable[[Actor, str, str, str, date, Mapping[str, str]], bytes]


@dataclass(frozen=True, slots=True)
class Option:
    """Something that a document may be asked about: `--name TEXT`."""

    name: str
    help: str


@dataclass(frozen=True, slots=True)
class Registered:
    """A document of a context above the portfolio. `kinds`: the formats it comes in."""

    name: str
    render: RenderWithOptions
    kinds: tuple[str, ...]
    options: tuple[Option, ...] = ()


_REGISTERED: dict[str, Registered] = {}


@dataclass(frozen=True, slots=True)
class Format:
    """A format of the two documents that a context above the portfolio writes.

    `page(actor, reference, language, today)`; `folder(actor, found, language, today)`.
    """

    kind: str
    content_type: str
    page: Callable[[Actor, str, str, date], bytes]
    folder: Callable[[Actor, QuerySet[Project], str, date], bytes]


_FORMATS: dict[str, Format] = {}


def register_format(one: Format) -> None:
    """Let project page and folder come in one more format. Called in `AppConfig.ready`."""
    _FORMATS[one.kind] = one


def formats() -> dict[str, Format]:
    """The formats that other contexts write, by their ending."""
    return dict(_FORMATS)


def register(name: str, render: Render, kinds: tuple[str, ...] = ("json",)) -> None:
    """Let `./cairn report NAME` write a document that another context makes.

    Called in `AppConfig.ready`, so that the portfolio need not know who makes it. Registering again
    replaces the former one.
    """

    def without_options(
        actor: Actor, reference: str, kind: str, language: str, today: date, _: Mapping[str, str]
    ) -> bytes:
        return render(actor, reference, kind, language, today)

    _REGISTERED[name] = Registered(name, without_options, kinds)


def register_with_options(
    name: str, render: RenderWithOptions, kinds: tuple[str, ...], options: tuple[Option, ...]
) -> None:
    """Like `register`, for a document that is asked for by more than a reference."""
    _REGISTERED[name] = Registered(name, render, kinds, options)


def registered() -> dict[str, Registered]:
    """What other contexts registered, by name."""
    return dict(_REGISTERED)


def silent(done: int, total: int, what: str) -> None:
    """For callers that show no progress."""


def project_page(actor: Actor, address: str, kind: str, language: str, *, today: date) -> bytes:
    """The page of one project in a kind of KINDS or formats(). Raises Project.DoesNotExist."""
    if kind in _FORMATS:
        return _FORMATS[kind].page(actor, address, language, today)
    page = documents.project_page(actor, address, language, today=today)
    if kind == "json":
        return as_json(page)
    if kind == "pdf":
        return render_project_page(page)
    return alone("portfolio/document/project_page.html", page)


def project_pages(
    actor: Actor, language: str, *, today: date, progress: Progress = silent
) -> Iterator[Volume]:
    """The PDF page of every project that `actor` may see; few are held at a time."""
    found = projects(actor, Filters()).order_by(*order_of("reference"))
    total = found.count()

    def pages() -> Iterator[Payload]:
        rows = iter(payloads(actor, found))
        while True:
            # Only while a row is made: the caller keeps its own language in between.
            with override(language):
                row = next(rows, None)
            if row is None:
                return
            yield {
                "document": "project-page",
                "language": language,
                "generated_on": today.isoformat(),
                "project": row,
            }

    yield from render_project_pages(pages(), progress, total=total)


def folder(
    actor: Actor,
    kind: str,
    language: str,
    *,
    today: date,
    found: QuerySet[Project] | None = None,
    progress: Progress = silent,
) -> bytes:
    """The partnership folder over `found` (default: all that `actor` may see).

    A folder that is too large for one PDF comes as a ZIP file of PDF volumes.
    """
    if kind in _FORMATS:
        chosen = projects(actor, Filters()) if found is None else found
        return _FORMATS[kind].folder(actor, chosen, language, today)
    payload = folder_payload(actor, language, today=today, found=found, progress=progress)
    if kind == "json":
        return as_json(payload)
    if kind == "html":
        return alone("portfolio/document/partnership_folder.html", with_projects(payload))
    volumes = folder_volumes(with_projects(payload), progress=progress)
    return joined(volumes)


def folder_payload(
    actor: Actor,
    language: str,
    *,
    today: date,
    found: QuerySet[Project] | None = None,
    progress: Progress = silent,
) -> Payload:
    """The folder as plain JSON types."""
    chosen = projects(actor, Filters()) if found is None else found
    return documents.partnership_folder(
        actor,
        chosen,
        language,
        today=today,
        progress=lambda done, total: progress(done, total, "projects read"),
    )


def findings(actor: Actor, language: str) -> list[dict[str, Any]]:
    """Findings as a list of plain objects."""
    with override(language):
        return documents.findings_list(actor)


def with_projects(payload: Payload) -> Payload:
    """The folder with whole projects, not ids, under its chapters: as layout needs it."""
    by_id = {row["id"]: row for row in payload["projects"]}
    chapters = [
        {**chapter, "projects": [by_id[key] | {"countries": None} for key in chapter["projects"]]}
        for chapter in payload["chapters"]
    ]
    return {**payload, "chapters": chapters, "projects": []}


def as_json(payload: Any) -> bytes:
    return (json.dumps(payload, ensure_ascii=False, indent=1) + "\n").encode()


def alone(template: str, payload: Payload) -> bytes:
    """A web page with its style inside, that can be kept and sent as one file."""
    with override(payload["language"]):
        text = render_to_string(template, {"page": payload, "is_rtl": get_language_bidi()})
    path = finders.find(STYLESHEET)
    if not isinstance(path, str):
        raise RuleBroken("document.style", f"{STYLESHEET} is missing from the installation.")
    with open(path, encoding="utf-8") as stream:
        style = re.sub(r"\s+", " ", stream.read())
    return text.replace("<!-- style -->", f"<style>{style}</style>").encode()


def joined(volumes: Iterator[Volume]) -> bytes:
    """One PDF as it is; several in a ZIP file (stored: PDF is compressed already)."""
    first = next(volumes)
    second = next(volumes, None)
    if second is None:
        return first.pdf
    target = BytesIO()
    with ZipFile(target, "w", ZIP_STORED) as archive:
        for volume in (first, second, *volumes):
            # A fixed date: the same folder gives the same bytes.
            archive.writestr(ZipInfo(f"{volume.name}.pdf", (1980, 1, 1, 0, 0, 0)), volume.pdf)
    return target.getvalue()
