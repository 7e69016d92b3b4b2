"""The bulletin as a document: key figures, tables and notes of each release, as a tagged PDF."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from cairn.observatory.models import Bulletin
from cairn.observatory.queries.bulletins import Section, Table
from cairn.observatory.queries.public_pages import period_text, unit_text
from cairn.ui import pdf
from cairn.ui.formats import date_text, number_text

TEMPLATE = "observatory/documents/typst/bulletin.typ"
HIDDEN = "…"
Block = dict[str, Any]


def bulletin_pdf(bulletin: Bulletin, sections: Sequence[Section], language: str) -> bytes:
    """The PDF in `language`. Raises PdfFailed."""
    with override(language):
        payload = content(bulletin, sections)
    return pdf.render(
        TEMPLATE,
        payload,
        language=language,
        document=f"bulletin-{bulletin.year}-{bulletin.number}",
        created=bulletin.issued_at.date(),
    )


def content(bulletin: Bulletin, sections: Sequence[Section]) -> dict[str, Any]:
    """What the template reads, in the language of the moment: `head`, `blocks`, `footer`."""
    title = _("Statistics bulletin %(code)s") % {"code": bulletin.code}
    blocks: list[Block] = [_key_figures(sections)]
    for section in sections:
        blocks += _section(section)
    blocks += [
        {"kind": "heading", "level": 2, "text": _("How to read these figures")},
        {"kind": "list", "items": notes()},
    ]
    return {
        "labels": {
            "page_of": _("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
            "unshown": _("The sign %(sign)s stands for a character that no font here can draw.")
            % {"sign": "\ufffd"},
        },
        "head": {
            "title": title,
            "date": _("Came out on %(day)s") % {"day": date_text(bulletin.issued_at.date())},
            "alt": title,
        },
        "blocks": blocks,
        "footer": _("%(title)s, SHA-256 %(digest)s")
        % {"title": title, "digest": bulletin.digest[:16]},
    }


def notes() -> list[str]:
    """What holds for every figure of every bulletin."""
    return [
        _("“…” is a hidden figure, not a zero: it may stand for nobody, for a few, or for more."),
        _("Parts need not add up to their totals, as each figure is protected by itself."),
        _("Figures on two sides of a break do not compare."),
        _("A figure that is withdrawn later is not told any more, in past bulletins neither."),
    ]


def _key_figures(sections: Sequence[Section]) -> Block:
    columns = [
        {"label": _("What is counted"), "side": "start", "width": 5},
        {"label": _("Period"), "side": "start", "width": 3},
        {"label": _("Figure"), "side": "end", "width": 2},
    ]
    rows = [
        [
            section.label,
            period_text(section.since, section.until),
            _("withdrawn") if section.withdrawn else _figure(section.whole),
        ]
        for section in sections
    ]
    return {"kind": "table", "columns": columns, "rows": rows}


def _figure(value: int | None) -> str:
    return HIDDEN if value is None else number_text(value)


def _section(section: Section) -> list[Block]:
    period = period_text(section.since, section.until)
    title = _("%(label)s, %(period)s") % {"label": section.label, "period": period}
    blocks: list[Block] = [{"kind": "heading", "level": 2, "text": title}]
    if section.withdrawn:
        words = _("This release was withdrawn: %(reason)s") % {"reason": section.withdrawn}
        return [*blocks, {"kind": "remark", "text": words}]
    said = section.statements
    facts = (
        (_("Legal definition"), said["legal_definition"]),
        (_("Counting unit"), unit_text(said["counting_unit"])),
        (_("Stage at which somebody is counted"), said["stage"]),
        (_("Source"), said["source"]),
        (_("Coverage"), said["coverage"]),
        (_("Release"), section.code),
    )
    blocks.append(
        {"kind": "facts", "entries": [{"label": name, "values": [text]} for name, text in facts]}
    )
    for on, what in section.breaks:
        words = _("Break on %(day)s: %(what)s") % {"day": date_text(on), "what": what}
        blocks.append({"kind": "remark", "text": words})
    for table in section.tables:
        blocks += _table(section, table)
    return blocks


def _table(section: Section, table: Table) -> list[Block]:
    caption = _("%(what)s, by %(columns)s") % {"what": section.label, "columns": table.column}
    blocks: list[Block] = [{"kind": "heading", "level": 3, "text": caption}]
    if table.rows:
        most = max(row.value or 0 for row in table.rows) or 1
        bars = [
            {
                "label": row.label,
                "first": (row.value or 0) / most,
                "rest": 0,
                "figure": _figure(row.value),
            }
            for row in table.rows
        ]
        alt = _("Bars of the table below: %(caption)s") % {"caption": caption}
        blocks.append({"kind": "bars", "rows": bars, "alt": alt, "caption": caption})
        columns = [
            {"label": table.column, "side": "start", "width": 6},
            {"label": _("Figure"), "side": "end", "width": 2},
        ]
        rows = [[row.label, _figure(row.value)] for row in table.rows]
        blocks.append({"kind": "table", "columns": columns, "rows": rows})
    if table.left_out:
        words = ngettext(
            "The figure of %(count)s more row is hidden.",
            "The figures of %(count)s more rows are hidden.",
            table.left_out,
        ) % {"count": number_text(table.left_out)}
        blocks.append({"kind": "note", "text": words})
    return blocks
