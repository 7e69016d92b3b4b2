"""The partnership folder: projects by region, their money, totals and findings, as blocks."""

from collections.abc import Mapping, Sequence
from typing import Any

from cairn.portfolio.documents import figures
from cairn.portfolio.documents import project as parts
from cairn.portfolio.documents.project import Project, language_of
from cairn.portfolio.documents.wording import (
    Block,
    Wording,
    column,
    fact,
    heading,
    note,
    prose,
    table,
)
from cairn.ui.pdf import is_visible


def folder_content(payload: Mapping[str, Any]) -> dict[str, Any]:
    """A folder payload as the template reads it, without the parts that differ by volume.

    Those are `chapters` (see `chapter_content`), `findings`, `volumes` and `volume`.
    """
    wording = Wording.of(payload)
    made_on = figures.day(payload.get("generated_on"), wording.code, "")
    title = str(payload.get("title") or "")
    title = title if is_visible(title) else wording["partnership_folder"]
    overall = (payload.get("totals") or {}).get("overall") or {}
    introduction = "\n\n".join(str(text) for text in payload.get("introduction") or [])
    return {
        "labels": dict(wording.labels),
        "title": title,
        "made_on": made_on,
        "footer": wording.say("made_on", document=title, date=made_on),
        "cover": _cover(payload, overall, wording),
        "introduction": prose(introduction, wording.code),
        "totals": totals_blocks(payload, wording),
        "findings": [],
        "volumes": [],
        "volume": "",
        "is_empty": not any(chapter.get("projects") for chapter in payload.get("chapters") or []),
        "source": str(payload.get("source") or ""),
    }


def chapter_content(chapter: Mapping[str, Any], wording: Wording) -> dict[str, Any]:
    """A chapter: its title and each project's head, figures, facts and text."""
    return {
        "title": chapter_title(chapter, wording),
        "projects": [entry(project, wording) for project in chapter.get("projects") or []],
    }


def chapter_title(chapter: Mapping[str, Any], wording: Wording) -> str:
    """The chapter's title, else its code; "Projects" for a chapter with neither."""
    for key in ("title", "code"):
        if is_visible(text := str(chapter.get(key) or "")):
            return text
    return wording["projects"]


def entry(project: Project, wording: Wording) -> dict[str, Any]:
    """One project in the folder: what a donor needs to decide, in the printed folder's order."""
    language = language_of(project, wording)
    text: list[Block] = prose(project.get("outline"), language)
    if objectives := prose(project.get("objectives"), language):
        text += [heading(3, wording["objectives"]), *objectives]
    facts = [
        *parts.where(project, wording),
        *parts.duration(project, wording),
        *fact(wording["pledges"], parts.pledge_lines(project, wording)),
        *parts.belonging(project, wording),
        *parts.offices(project, wording),
    ]
    return {
        "head": parts.opening(project, wording),
        "money": parts.money(project, wording),
        "facts": {"kind": "facts", "entries": facts},
        "blocks": text,
    }


def _cover(
    payload: Mapping[str, Any], overall: Mapping[str, Any], wording: Wording
) -> list[dict[str, Any]]:
    """Projects shown in the folder, parts of programmes too; amounts that count each once."""
    shown = sum(len(chapter.get("projects") or []) for chapter in payload.get("chapters") or [])
    return [
        {
            "label": wording["projects"],
            "amount": wording.plain(shown),
            "narrow": True,
        },
        {"label": wording["budget"], "amount": wording.money(overall.get("budget"))},
        {"label": wording["pledged"], "amount": wording.money(overall.get("pledged"))},
        {"label": wording["shortfall"], "amount": wording.money(overall.get("shortfall"))},
    ]


def totals_blocks(payload: Mapping[str, Any], wording: Wording) -> list[Block]:
    """Tables and pictures of totals, each with what it includes and what is not counted twice."""
    totals = payload.get("totals") or {}
    overall = totals.get("overall") or {}
    regions, donors = totals.get("by_region") or [], totals.get("by_donor") or []
    blocks: list[Block] = []
    for key in ("includes", "excludes"):
        if text := overall.get(key):
            lines = [str(text)] if isinstance(text, str) else [str(line) for line in text]
            blocks += [heading(2, wording[key]), *prose("\n\n".join(lines), wording.code)]
    if regions:
        blocks += [heading(2, wording["by_region"]), _region_table(regions, overall, wording)]
        blocks.append(note(wording["in_us_dollars"]))
        blocks += _region_bars(regions, wording)
    if donors:
        blocks += [heading(2, wording["by_donor"]), _donor_table(donors, overall, wording)]
        blocks.append(note(wording["in_us_dollars"]))
    for chart in payload.get("charts") or []:
        blocks.append({"kind": "picture", **chart})
    return blocks


def _region_table(
    regions: Sequence[Mapping[str, Any]], overall: Mapping[str, Any], wording: Wording
) -> Block:
    keys = ("budget", "pledged", "shortfall")
    columns = [
        column(wording["region"], width=4),
        column(wording["projects"], side="end"),
        column(wording["budget_short"], side="end", width=2),
        column(wording["pledged_short"], side="end", width=2),
        column(wording["shortfall"], side="end", width=2),
    ]
    rows = [
        [
            str(region.get("name") or ""),
            wording.plain(region.get("projects")),
            *(wording.dollars(region.get(key)) for key in keys),
        ]
        for region in regions
    ]
    total = [
        wording["all_projects"],
        wording.plain(overall.get("projects")),
        *(wording.dollars(overall.get(key)) for key in keys),
    ]
    return table(columns, rows, total)


def _donor_table(
    donors: Sequence[Mapping[str, Any]], overall: Mapping[str, Any], wording: Wording
) -> Block:
    columns = [
        column(wording["donor"], width=4),
        column(wording["projects"], side="end"),
        column(wording["pledged_short"], side="end", width=2),
    ]
    rows = [
        [
            parts.donor_name({"donor": donor.get("name")}, wording),
            wording.plain(donor.get("projects")),
            wording.dollars(donor.get("pledged")),
        ]
        for donor in donors
    ]
    return table(columns, rows, [wording["total"], "", wording.dollars(overall.get("pledged"))])


def _region_bars(regions: Sequence[Mapping[str, Any]], wording: Wording) -> list[Block]:
    """A bar for each region: as long as its budget, dark as far as it is pledged."""
    sizes = [(float(row.get("budget") or 0), float(row.get("pledged") or 0)) for row in regions]
    longest = max((max(budget, pledged) for budget, pledged in sizes), default=0.0)
    if longest <= 0:
        return []
    rows, words = [], []
    for region, (budget, pledged) in zip(regions, sizes, strict=True):
        name = str(region.get("name") or "")
        rows.append(
            {
                "label": name,
                "first": max(pledged, 0) / longest,
                "rest": max(budget - pledged, 0) / longest,
                "figure": wording.money(region.get("budget")),
            }
        )
        budget_shown, pledged_shown = wording.money(budget), wording.money(pledged)
        words.append(wording.say("bars_row", name=name, budget=budget_shown, pledged=pledged_shown))
    return [
        {
            "kind": "bars",
            "rows": rows,
            "caption": wording["bars_caption"],
            "alt": wording.say("bars_alt", rows="; ".join(words)),
        }
    ]


def volumes_block(
    held: Sequence[Sequence[tuple[str, Sequence[Project]]]], wording: Wording
) -> list[Block]:
    """The list of volumes after the first: chapters of each, its first and its last project.

    `held`: for each volume its chapters as title and projects; without chapters it is the annex.
    """
    rows = []
    for number, chapters in enumerate(held, start=2):
        projects = [project for _, listed in chapters for project in listed]
        ends = [projects[0], projects[-1]] if projects else []
        names = [str(project.get("code") or project.get("title") or "") for project in ends]
        rows.append(
            [
                wording.plain(number),
                wording.join(title for title, _ in chapters) or wording["annex"],
                wording.plain(len(projects)) if projects else wording["dash"],
                " – ".join(dict.fromkeys(names)) or wording["dash"],
            ]
        )
    columns = [
        column(wording["volume_short"]),
        column(wording["contents"], width=5),
        column(wording["projects"], side="end"),
        column(wording["first_and_last"], width=4),
    ]
    return [table(columns, rows)]


def findings_blocks(found: Sequence[Mapping[str, Any]], wording: Wording) -> list[Block]:
    """The annex of findings; says so when every printed figure agrees."""
    if not found:
        return [{"kind": "remark", "text": wording["no_findings"]}]
    intro = {"kind": "prose", "parts": [{"kind": "text", "text": wording["findings_intro"]}]}
    return [intro, *parts.findings(found, wording, with_project=True)]
