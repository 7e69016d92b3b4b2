"""What both documents say of one project: facts, money, and its tables, as blocks."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Any

from cairn.core.money import AmountRefused, parse_amount
from cairn.portfolio.documents import figures
from cairn.portfolio.documents.wording import Block, Wording, column, fact, note, table
from cairn.ui.pdf import is_visible
from cairn.ui.states import tone_of

Project = Mapping[str, Any]


def language_of(project: Project, wording: Wording) -> str:
    """The language that the project's own text is in; the document's when it is not recorded."""
    return str(project.get("title_language") or wording.code)


def named(items: Any) -> list[str]:
    """Names of a list that holds strings, or mappings with `name`, `title` or `label`."""
    shown = []
    for item in items or []:
        if isinstance(item, Mapping):
            item = next((item[key] for key in ("name", "title", "label") if item.get(key)), "")
        shown.append(str(item))
    return [name for name in shown if name]


def opening(project: Project, wording: Wording) -> Block:
    """Title, code and state, as the head of a page or of a folder entry."""
    status = project.get("status") or {}
    return {
        "title": title_of(project, wording),
        "lang": language_of(project, wording),
        "code": str(project.get("code") or project.get("id") or ""),
        "state": str(status.get("label") or ""),
        "tone": str(tone_of(str(status.get("code") or ""))),
    }


def title_of(project: Project, wording: Wording) -> str:
    """The title, else code or id: a heading and a PDF must have one that can be seen."""
    for key in ("title", "code", "id"):
        if is_visible(text := str(project.get(key) or "")):
            return text
    return wording["project"]


def where(project: Project, wording: Wording) -> list[Block]:
    """Location and region. A reduced project says that its country is withheld."""
    if project.get("reduced"):
        return fact(wording["location"], [wording["withheld"]])
    location = project.get("location") or {}
    places = [*named(location.get("countries")), *named(location.get("groups"))]
    undetermined = wording.join(named(location.get("undetermined")))
    printed = str(location.get("as_printed") or "")
    shown = str(location.get("text") or "") or wording.join(places) or printed
    lines = [shown]
    if undetermined and undetermined not in shown:
        lines.append(wording.say("undetermined", text=undetermined))
    if undetermined and printed and printed not in (shown, undetermined):
        lines.append(wording.say("as_printed", text=printed))
    regions = wording.join(named(_continents(project.get("regions") or [])))
    region_printed = str(project.get("region_as_printed") or "")
    region_lines = [regions or region_printed]
    if regions and region_printed and region_printed != regions:
        region_lines.append(wording.say("as_printed", text=region_printed))
    return [*fact(wording["location"], lines), *fact(wording["region"], region_lines)]


def _continents(regions: Sequence[Any]) -> Sequence[Any]:
    """The continents where regions are marked as such, for they hold the others; else all."""
    marked = [each for each in regions if isinstance(each, Mapping) and each.get("is_continent")]
    return marked or regions


def duration(project: Project, wording: Wording) -> list[Block]:
    span = project.get("duration") or {}
    dates = figures.period(span.get("starts"), span.get("ends"), wording.code)
    return fact(wording["duration"], [str(span.get("text") or "") or dates])


def belonging(project: Project, wording: Wording) -> list[Block]:
    """The programme that a project lies in; `part_of` may be an id or a mapping with a code."""
    whole = project.get("part_of")
    if isinstance(whole, Mapping):
        whole = wording.join([str(whole.get("code") or ""), str(whole.get("title") or "")])
    programme = str(project.get("programme") or "")
    if not whole:
        own = programme == str(project.get("code") or "")
        return [] if own else fact(wording["programme"], [programme])
    return fact(wording["part_of"], [programme or str(whole)])


def offices(project: Project, wording: Wording) -> list[Block]:
    shown = []
    for office in project.get("offices") or []:
        kind, name = (
            (str(office.get("kind") or ""), str(office.get("name") or ""))
            if isinstance(office, Mapping)
            else ("", str(office))
        )
        shown.append(wording.say("colon", name=kind, value=name) if kind and name else name)
    return fact(wording["offices"], shown)


def money(project: Project, wording: Wording) -> Block:
    """Budget, pledges and shortfall side by side, with what the source printed where it differs."""
    budget, pledged = project.get("budget"), project.get("pledged")
    shortfall = project.get("shortfall")
    has_pledges = bool(project.get("pledges")) or bool(pledged)
    over = project.get("surplus") or 0
    if isinstance(shortfall, int | float) and shortfall < 0:
        over, shortfall = -shortfall, 0
    surplus = wording.say("surplus", amount=wording.money(over)) if over else ""
    entries = [
        {
            "label": wording["budget"],
            "amount": wording.money(budget),
            "note": _printed(project.get("budget_as_printed"), budget, wording),
        },
        {
            "label": wording["pledged"],
            "amount": wording.money(pledged if has_pledges else 0),
            "note": "" if has_pledges else wording["no_pledges"],
        },
        {
            "label": wording["shortfall"],
            "amount": wording.money(shortfall),
            "note": surplus
            or _printed(project.get("shortfall_as_printed"), project.get("shortfall"), wording),
        },
    ]
    part = project.get("funded_share")
    if part is not None and not surplus and pledged:
        shown = figures.share(part, wording.code)
        entries[1]["note"] = wording.say("funded", share=shown)
    return {"kind": "figures", "entries": entries, "share": part}


def _printed(printed: Any, computed: Any, wording: Wording) -> str:
    """The printed figure, unless it is beyond doubt the computed one."""
    if printed is None or printed == "":
        return ""
    with suppress(AmountRefused):
        if computed is not None and parse_amount(str(printed)) == Decimal(str(computed)):
            return ""
    return wording.say("printed_short", value=wording.money(printed))


def donor_name(pledge: Mapping[str, Any], wording: Wording) -> str:
    """The donor, "Donor not named" without one, and whether it is also the recipient State."""
    donor = pledge.get("donor")
    name = named([donor])[0] if donor and named([donor]) else wording["donor_unnamed"]
    if pledge.get("donor_is_recipient"):
        return wording.say("in_brackets", text=name, remark=wording["donor_recipient"])
    return name


def pledge_lines(project: Project, wording: Wording) -> list[str]:
    """Each pledge as "US$ 125,000 - donor", as the printed folder lists them."""
    return [
        f"{wording.money(pledge.get('usd'))} – {donor_name(pledge, wording)}"
        for pledge in project.get("pledges") or []
    ]


def funding(project: Project, wording: Wording) -> list[Block]:
    """Every pledge with donor, date and amount; the total is the computed one."""
    pledges = project.get("pledges") or []
    if not pledges:
        return [note(wording["no_pledges"])]
    foreign = any((pledge.get("currency") or "USD") != "USD" for pledge in pledges)
    columns = [column(wording["donor"], width=3), column(wording["date"], width=2)]
    if foreign:
        columns.append(column(wording["amount"], side="end", width=2))
    columns.append(column(wording["amount_usd"], side="end", width=2))
    rows = []
    for pledge in pledges:
        row = [donor_name(pledge, wording), wording.day(pledge.get("date"))]
        if foreign:
            currency = str(pledge.get("currency") or "USD")
            row.append(wording.other_money(pledge.get("amount"), currency))
        row.append(wording.dollars(pledge.get("usd")))
        rows.append(row)
    blanks = [""] * (len(columns) - 2)
    total = [wording["pledged"], *blanks, wording.dollars(project.get("pledged"))]
    return [table(columns, rows, total)]


def findings(
    found: Sequence[Mapping[str, Any]], wording: Wording, *, with_project: bool = False
) -> list[Block]:
    """Printed beside computed, with difference and likely reason. Empty when there is none."""
    if not found:
        return []
    columns = [
        *([column(wording["project"], width=4.5)] if with_project else []),
        column(wording["field"], width=2),
        column(wording["printed"], side="end", width=3),
        column(wording["computed"], side="end", width=2.5),
        column(wording["difference"], side="end", width=2.7),
        column(wording["reason"], width=4),
    ]
    rows = []
    for finding in found:
        field = str(finding.get("field") or "")
        reason = [str(finding.get(key) or "") for key in ("reason", "explanation")]
        row = [
            str(finding.get("field_label") or wording.labels.get(f"field_{field}", field)),
            str(finding.get("printed_text") or wording.dollars(finding.get("printed"))),
            wording.dollars(finding.get("computed")),
            _signed(finding.get("difference"), wording),
            " – ".join(text for text in reason if text) or wording["dash"],
        ]
        if with_project:
            row.insert(0, _project_name(finding))
        rows.append(row)
    return [table(columns, rows)]


def _project_name(finding: Mapping[str, Any]) -> str:
    """Code and title; `project` may be a mapping, or the id beside `code` and `title`."""
    project = finding.get("project") or ""
    if not isinstance(project, Mapping):
        project = {"id": project, "code": finding.get("code"), "title": finding.get("title")}
    key = str(project.get("code") or project.get("id") or "")
    return f"{key} {project.get('title') or ''}".strip()


def _signed(value: Any, wording: Wording) -> str:
    if not isinstance(value, int | float):
        return wording.plain(value)
    shown = wording.dollars(abs(value))
    return f"+{shown}" if value > 0 else f"{figures.MINUS}{shown}" if value < 0 else shown
