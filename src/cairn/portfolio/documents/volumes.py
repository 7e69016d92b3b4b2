"""From payload to PDF files: a page, many pages, a folder in one volume or in several."""

import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import islice
from typing import Any

from cairn.portfolio.documents.folder import (
    chapter_content,
    chapter_title,
    findings_blocks,
    folder_content,
    volumes_block,
)
from cairn.portfolio.documents.page import page_content
from cairn.portfolio.documents.wording import Wording
from cairn.ui.pdf import forget, render

Progress = Callable[[int, int, str], None]

PAGE = "portfolio/documents/typst/project-page.typ"
FOLDER = "portfolio/documents/typst/partnership-folder.typ"
NAME = "partnership-folder"

# One volume holds at most this much. Typst keeps a whole document in memory, about 0.75 MB for a
# project with 1,000 letters of text (measured): 5,000 projects in one file need 3.8 GB.
VOLUME_PROJECTS = 250
VOLUME_LETTERS = 500_000
VOLUME_FINDINGS = 1_500
# Volumes made at a time. More would need more memory than a small server has (limit 1 GB).
AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Volume:
    """One PDF file of a folder. `name`: file name without its ending."""

    name: str
    pdf: bytes


@dataclass(slots=True)
class _Plan:
    """What one volume holds: runs of projects by chapter, and findings."""

    chapters: list[tuple[str, list[Mapping[str, Any]]]] = field(default_factory=list)
    findings: list[Mapping[str, Any]] = field(default_factory=list)
    projects: int = 0
    letters: int = 0


def render_project_page(payload: Mapping[str, Any]) -> bytes:
    """The tagged PDF of one project page. Raises PdfFailed."""
    return render(
        PAGE,
        page_content(payload),
        language=str(payload["language"]),
        document=page_name(payload),
        created=_made_on(payload),
    )


def page_name(payload: Mapping[str, Any]) -> str:
    """File name of a project page, from the project's id or code; no other word of it."""
    project = payload["project"]
    key = str(project.get("id") or project.get("code") or "")
    return f"project-page-{re.sub('[^A-Za-z0-9_-]+', '-', key)}"


def render_project_pages(
    payloads: Iterable[Mapping[str, Any]], progress: Progress, *, total: int = 0
) -> Iterator[Volume]:
    """Project pages in the order of `payloads`, on every processor; few are held at a time.

    `progress` is called with pages done, `total` (pages done when 0) and the page's name.
    Raises PdfFailed at the first page that fails.
    """
    rest = iter(payloads)
    workers = os.cpu_count() or 1
    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[tuple[str, Future[bytes]]] = deque()

        def add(count: int) -> None:
            for payload in islice(rest, count):
                waiting.append((page_name(payload), pool.submit(render_project_page, payload)))

        add(workers * 2)
        done = 0
        while waiting:
            name, future = waiting.popleft()
            pdf = future.result()
            add(1)
            done += 1
            progress(done, max(total, done), name)
            yield Volume(name, pdf)


def folder_volumes(payload: Mapping[str, Any], *, progress: Progress) -> Iterator[Volume]:
    """The partnership folder as tagged PDF: volumes in their order, at most AT_ONCE held at a time.

    One volume holds everything. Of several, the first holds introduction, list of volumes and
    totals, the next ones the projects in their order, the last ones the annex of findings; each
    has its own contents and page numbers. `progress` is called before the first volume and after
    each, with projects done, projects in all and the volume's label. Raises PdfFailed.
    """
    wording = Wording.of(payload)
    plans = plan(payload, wording)
    total = sum(piece.projects for piece in plans)
    done = 0
    progress(done, total, wording["partnership_folder"])
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for start in range(0, len(plans), AT_ONCE):
            numbers = range(start + 1, min(start + AT_ONCE, len(plans)) + 1)
            contents = [_content(payload, plans, number, wording) for number in numbers]
            made = pool.map(partial(_volume, payload, len(plans)), numbers, contents)
            for number, content, volume in zip(numbers, contents, made, strict=True):
                done += plans[number - 1].projects
                progress(done, total, content["volume"] or wording["partnership_folder"])
                yield volume
            if len(plans) > 1:
                forget()


def _volume(
    payload: Mapping[str, Any], count: int, number: int, content: Mapping[str, Any]
) -> Volume:
    name = f"{NAME}-{number:02}-of-{count:02}" if count > 1 else NAME
    language = str(payload["language"])
    pdf = render(FOLDER, content, language=language, document=name, created=_made_on(payload))
    return Volume(name, pdf)


def plan(payload: Mapping[str, Any], wording: Wording) -> list[_Plan]:
    """How a folder is divided: one plan when all fits one volume, else front, projects, annex."""
    chapters = payload.get("chapters") or []
    findings = list(payload.get("findings") or [])
    bodies = [_Plan()]
    for chapter in chapters:
        title = chapter_title(chapter, wording)
        bodies[-1].chapters.append((title, []))
        for project in chapter.get("projects") or []:
            size = _letters(project)
            piece = bodies[-1]
            full = piece.projects >= VOLUME_PROJECTS or piece.letters + size > VOLUME_LETTERS
            if piece.projects and full:
                if not piece.chapters[-1][1]:
                    piece.chapters.pop()
                piece = _Plan(chapters=[(title, [])])
                bodies.append(piece)
            piece.chapters[-1][1].append(project)
            piece.projects += 1
            piece.letters += size
    if len(bodies) == 1 and len(findings) <= VOLUME_FINDINGS:
        bodies[0].findings = findings
        return bodies
    annexes = [
        _Plan(findings=findings[start : start + VOLUME_FINDINGS])
        for start in range(0, len(findings), VOLUME_FINDINGS)
    ]
    return [_Plan(), *bodies, *annexes]


def _letters(project: Mapping[str, Any]) -> int:
    return sum(len(str(project.get(key) or "")) for key in ("title", "outline", "objectives"))


def _content(
    payload: Mapping[str, Any], plans: Sequence[_Plan], number: int, wording: Wording
) -> dict[str, Any]:
    piece = plans[number - 1]
    content = folder_content(payload)
    content["chapters"] = list(_chapters(plans, number, wording))
    if len(plans) == 1:
        return {**content, "findings": findings_blocks(piece.findings, wording), "volume": ""}
    volume = wording.say("volume", number=number, all=len(plans))
    content["volume"] = volume
    content["footer"] = wording.join([content["footer"], volume])
    content["is_empty"] = False
    if number == 1:
        lists = [[(title, projects) for title, projects in plan.chapters] for plan in plans[1:]]
        return {**content, "volumes": volumes_block(lists, wording)}
    annex = findings_blocks(piece.findings, wording) if piece.findings else []
    return {**content, "introduction": [], "totals": [], "findings": annex, "cover": []}


def _chapters(plans: Sequence[_Plan], number: int, wording: Wording) -> Iterator[dict[str, Any]]:
    """Chapters of a volume; one that began in the volume before says that it continues."""
    before = plans[number - 2].chapters[-1:] if number > 1 else []
    for index, (title, projects) in enumerate(plans[number - 1].chapters):
        chapter = chapter_content({"title": title, "projects": projects}, wording)
        if index == 0 and before and before[0][0] == title:
            chapter["title"] = wording.say("continued", title=title)
        yield chapter


def _made_on(payload: Mapping[str, Any]) -> date:
    return date.fromisoformat(str(payload["generated_on"])[:10])
