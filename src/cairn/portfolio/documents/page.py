"""The project page: one project, from its facts to where its figures come from, as blocks."""

from collections.abc import Mapping, Sequence
from typing import Any

from cairn.portfolio.documents import figures
from cairn.portfolio.documents import project as parts
from cairn.portfolio.documents.project import Project, language_of, named
from cairn.portfolio.documents.wording import (
    Block,
    Wording,
    column,
    fact,
    first_upper,
    heading,
    note,
    prose,
    table,
)
from cairn.ui.pdf import is_visible


def page_content(payload: Mapping[str, Any]) -> dict[str, Any]:
    """A project-page payload as the template reads it: `head`, `blocks`, `footer`, `labels`."""
    wording = Wording.of(payload)
    project = payload["project"]
    made_on = figures.day(payload.get("generated_on"), wording.code, "")
    return {
        "labels": dict(wording.labels),
        "head": parts.opening(project, wording),
        "blocks": page_blocks(project, wording),
        "footer": wording.say("made_on", document=wording["project_page"], date=made_on),
    }


def page_blocks(project: Project, wording: Wording) -> list[Block]:
    """Sections in the order of the programme's printed project page; empty ones are left out."""
    language = language_of(project, wording)
    blocks: list[Block] = [
        parts.money(project, wording),
        {"kind": "facts", "entries": _facts(project, wording)},
    ]
    if project.get("reduced"):
        blocks.append({"kind": "remark", "text": wording["withheld_note"]})
    for key in ("outline", "objectives"):
        blocks += _section(wording[key], prose(project.get(key), language))
    blocks += _section(wording["components"], _components(project, language))
    achieved = [
        *prose(project.get("achievements"), language),
        *_section(wording["events"], _events(project.get("events") or [], wording), 3),
        *_section(wording["outcomes"], _outcomes(project.get("outcomes") or [], wording), 3),
        *_section(wording["requests"], _requests(project.get("requests") or [], wording), 3),
        *_section(wording["indicators"], _indicators(project.get("indicators") or [], wording), 3),
    ]
    blocks += _section(wording["achievements"], achieved)
    for panel in project.get("computed") or []:
        blocks += _section(str(panel["title"]), _computed(panel, wording))
    blocks += _section(wording["impact"], prose(project.get("impact"), language))
    blocks += _section(wording["mandates"], _mandates(project))
    blocks += _section(wording["funding"], _funding(project, wording))
    found = parts.findings(project.get("findings") or [], wording)
    if found:
        intro = {"kind": "prose", "parts": [{"kind": "text", "text": wording["findings_intro"]}]}
        blocks += _section(wording["findings"], [intro, *found])
    if source := str(project.get("source") or ""):
        blocks.append(note(wording.say("source_line", source=source)))
    return blocks


def _section(title: str, content: list[Block], level: int = 2) -> list[Block]:
    return [heading(level, title), *content] if content else []


def _facts(project: Project, wording: Wording) -> list[Block]:
    leads = named(project.get("lead_entities"))
    partners = []
    for partner in project.get("partners") or []:
        role = str(partner.get("role") or "") if isinstance(partner, Mapping) else ""
        name = wording.join(named([partner]))
        partners.append(wording.say("in_brackets", text=name, remark=role) if role else name)
    return [
        *fact(wording["leads" if len(leads) > 1 else "lead"], leads),
        *fact(wording["partners"], partners),
        *parts.duration(project, wording),
        *parts.where(project, wording),
        *parts.belonging(project, wording),
        *fact(wording["themes"], [wording.join(named(project.get("themes")))]),
        *fact(
            wording["beneficiaries"],
            [first_upper(wording.join(named(project.get("beneficiaries"))))],
        ),
        *parts.offices(project, wording),
    ]


def _components(project: Project, language: str) -> list[Block]:
    blocks: list[Block] = []
    for component in project.get("components") or []:
        number = component.get("number")
        title = " ".join(
            [f"{number}." if number else "", str(component.get("title") or "")]
        ).strip()
        if is_visible(title):
            blocks.append({"kind": "own-heading", "level": 3, "text": title, "lang": language})
        blocks += prose(component.get("text"), language)
        if activities := named(component.get("activities")):
            listed = {"kind": "list", "items": activities, "text": "\n".join(activities)}
            blocks.append({"kind": "prose", "parts": [listed], "lang": language})
    return blocks


def _events(events: Sequence[Mapping[str, Any]], wording: Wording) -> list[Block]:
    """The table of events and its totals; a total covers only the events that were counted."""
    if not events:
        return []
    columns = [
        column(wording["event"], width=5),
        column(wording["place"], width=3),
        column(wording["dates"], width=3),
        column(wording["participants"], side="end"),
        column(wording["women"], side="end"),
    ]
    rows = [
        [
            wording.plain(first_upper(event.get("title"))),
            wording.plain(event.get("place")),
            _dates(event.get("dates"), wording),
            wording.plain(event.get("participants")),
            wording.plain(event.get("women")),
        ]
        for event in events
    ]
    blocks: list[Block] = []
    total, notes = [wording["all_events"], "", ""], []
    for key in ("participants", "women"):
        known = [event[key] for event in events if isinstance(event.get(key), int | float)]
        total.append(wording.plain(sum(known)) if known else wording["dash"])
        if known and len(known) < len(events):
            counted, every = wording.plain(len(known)), wording.plain(len(events))
            notes.append(note(wording.say(f"{key}_known", counted=counted, all=every)))
    blocks.append(table(columns, rows, total))
    blocks += notes
    if any(cell == wording["dash"] for row in rows for cell in row):
        blocks.append(note(wording["dash_note"]))
    sources = wording.join(dict.fromkeys(str(event.get("source") or "") for event in events))
    if sources:
        blocks.append(note(wording.say("source_line", source=sources)))
    return blocks


def _dates(dates: Any, wording: Wording) -> str:
    """Dates of an event: a text, one ISO date, or a mapping with `starts` and `ends`."""
    if isinstance(dates, Mapping):
        span = figures.period(dates.get("starts"), dates.get("ends"), wording.code)
        return span or wording["dash"]
    return wording.day(dates)


def _outcomes(outcomes: Sequence[Mapping[str, Any]], wording: Wording) -> list[Block]:
    if not outcomes:
        return []
    columns = [
        column(wording["outcome"], width=5),
        column(wording["figure"], side="end"),
        column(wording["place"], width=2),
        column(wording["period"], width=2),
        column(wording["source"], width=2),
    ]
    rows = []
    for outcome in outcomes:
        text, remark = first_upper(outcome.get("text")), str(outcome.get("note") or "")
        value, unit = outcome.get("value"), str(outcome.get("unit") or "")
        rows.append(
            [
                wording.say("in_brackets", text=text, remark=remark) if remark else text,
                wording["dash"] if value is None else f"{wording.plain(value)} {unit}".strip(),
                wording.plain(outcome.get("place")),
                _dates(outcome.get("period"), wording),
                wording.plain(outcome.get("source")),
            ]
        )
    return [table(columns, rows)]


def _requests(requests: Sequence[Mapping[str, Any]], wording: Wording) -> list[Block]:
    if not requests:
        return []
    columns = [
        column(wording["requested_by"], width=3),
        column(wording["country"], width=2),
        column(wording["request"], width=5),
        column(wording["state"], width=2),
    ]
    rows = []
    for request in requests:
        state = request.get("state")
        if isinstance(state, Mapping):
            state = state.get("label")
        country = wording.join(named([request.get("country")])) or wording["dash"]
        rows.append(
            [
                wording.plain(first_upper(request.get("by"))),
                country,
                wording.plain(first_upper(request.get("text"))),
                wording.plain(state),
            ]
        )
    return [table(columns, rows)]


def _indicators(indicators: Sequence[Mapping[str, Any]], wording: Wording) -> list[Block]:
    if not indicators:
        return []
    columns = [
        column(wording["indicator"], width=5),
        column(wording["unit"], width=2),
        column(wording["baseline"], side="end"),
        column(wording["target"], side="end"),
        column(wording["latest"], side="end"),
        column(wording["period"], width=2),
        column(wording["source"], width=2),
    ]
    keys = ("name", "unit", "baseline", "target", "latest")
    rows = [
        [
            *(wording.plain(indicator.get(key)) for key in keys),
            _dates(indicator.get("period"), wording),
            wording.plain(indicator.get("source")),
        ]
        for indicator in indicators
    ]
    return [table(columns, rows)]


def _computed(panel: Mapping[str, Any], wording: Wording) -> list[Block]:
    """What another context computed for the project: a table for each group of figures."""
    columns = [
        column(wording["figure"], width=3),
        column(wording["value"], width=3),
        column(wording["says"], width=6),
    ]
    blocks: list[Block] = []
    for group in panel.get("blocks") or []:
        rows = [
            [str(each[key]) for key in ("label", "shown", "sentence")]
            for each in group.get("figures") or []
        ]
        if not rows:
            continue
        blocks.append(heading(3, str(group["title"])))
        if about := str(group.get("about") or ""):
            blocks.append(note(about))
        blocks.append(table(columns, rows))
    blocks += [note(str(text)) for text in panel.get("notes") or []]
    return blocks


def _mandates(project: Project) -> list[Block]:
    shown = []
    for mandate in project.get("mandates") or []:
        if isinstance(mandate, Mapping):
            words = [str(mandate.get(key) or "") for key in ("code", "title")]
            shown.append(" – ".join(word for word in words if word))
        else:
            shown.append(str(mandate))
    return [{"kind": "list", "items": shown}] if shown else []


def _funding(project: Project, wording: Wording) -> list[Block]:
    blocks = parts.funding(project, wording)
    if project.get("shortfall") is not None:
        blocks.append(note(wording["funding_note"]))
    if held := named(project.get("parts")):
        blocks.append(note(wording.say("parts_note", parts=wording.join(held))))
    if project.get("part_of"):
        whole = parts.belonging(project, wording)[0]["values"][0]
        blocks.append(note(wording.say("inside_note", programme=whole)))
    return blocks
