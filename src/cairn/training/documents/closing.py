"""The closing report as tagged PDF: the blocks that its payload is laid out in."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from cairn.oversight.documents.blocks import Block, facts, heading, listed, prose, remark, table
from cairn.ui.formats import number_text
from cairn.ui.pdf import render

TEMPLATE = "training/documents/typst/closing-report.typ"
Payload = dict[str, Any]


def render_closing(payload: Payload, *, today: date) -> bytes:
    """The report as PDF/UA-1 in the language of the payload. Raises PdfFailed."""
    with override(payload["language"]):
        content = closing_content(payload)
    return render(
        TEMPLATE,
        content,
        language=payload["language"],
        document="closing-report",
        created=today,
    )


def closing_content(payload: Payload) -> Payload:
    """What the template reads: `opening` blocks, then `sections` of a title and blocks."""
    chapters = [
        (_("Participants"), _participants(payload)),
        (_("What was learnt"), _learnt(payload)),
        (_("Questions of the test"), _questions(payload)),
        (_("What participants said"), _reaction(payload)),
        (_("Requests raised"), _requests(payload)),
        (_("Reported from the field"), _outcomes(payload)),
        (_("What the figures mean"), _definitions(payload)),
    ]
    return {
        "title": payload["title"],
        "footer": payload["footer"],
        "event": payload["event"],
        "labels": {
            "page_of": _("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
            "unshown": _("The sign %(sign)s stands for a character that no font here can draw.")
            % {"sign": "\ufffd"},
        },
        "opening": _opening(payload),
        "sections": [{"title": title, "blocks": blocks} for title, blocks in chapters if blocks],
    }


def _opening(payload: Payload) -> list[Block]:
    event = payload["event"]
    lines = [
        (_("Kind"), event["kind"]),
        (_("Dates"), event["dates"]),
        (_("Place"), _joined([event["place"], *event["countries"]])),
        (_("Participants from"), _joined(event["from_countries"])),
        (_("Organised by"), event["organisation"]),
        (_("Project"), event["project"]),
        *((row["role"], row["name"]) for row in event["parties"]),
        (
            _("Trainers and staff"),
            _joined(f"{row['role']}: {number_text(row['count'])}" for row in event["staff"]),
        ),
        (_("Taught"), _taught(event)),
        (_("State"), event["state_label"]),
        (_("Report by counts"), event["report_state"]),
    ]
    blocks = [facts(*((label, str(value)) for label, value in lines if value))]
    if payload["lead"]:
        blocks.append(listed(_labelled(figure) for figure in payload["lead"]))
    return blocks


def _taught(event: Payload) -> str:
    if not event["sessions"]:
        return ""
    return ngettext(
        "%(hours)s hours in %(n)s session", "%(hours)s hours in %(n)s sessions", event["sessions"]
    ) % {"hours": number_text(event["hours"]), "n": number_text(event["sessions"])}


def _joined(parts: Any) -> str:
    return ", ".join(str(part) for part in parts if part)


def _participants(payload: Payload) -> list[Block]:
    who = payload["participants"]
    total = who["total"]
    blocks: list[Block] = []
    if not total["total"]:
        blocks.append(prose(_("No participants are on record.")))
    if who["printed"] is not None and who["printed"] != total["total"]:
        blocks.append(remark(printed_words(who)))
    if total["total"]:
        for part in who["tables"]:
            blocks.append(_count_table(part, total))
    women = _figure(payload, "women")
    completion = _figure(payload, "completion-rate")
    blocks.append(prose(*(_labelled(figure) for figure in (women, completion) if figure)))
    if who["gone"]:
        blocks.append(prose(gone_words(who)))
    return blocks


def printed_words(who: Payload) -> str:
    """That a source printed another number of participants than is on record."""
    return _("The source printed %(printed)s participants; %(n)s are on record here.") % {
        "printed": number_text(who["printed"]),
        "n": number_text(who["total"]["total"]),
    }


def gone_words(who: Payload) -> str:
    """How many withdrew or did not come; they are in no count."""
    return ngettext(
        "%(n)s more person withdrew or did not come.",
        "%(n)s more people withdrew or did not come.",
        who["gone"],
    ) % {"n": number_text(who["gone"])}


def _labelled(figure: Payload) -> str:
    return _("%(figure)s: %(said)s") % {"figure": figure["label"], "said": figure["sentence"]}


def _count_table(part: Payload, total: Payload) -> Block:
    """One table of counts. By sex itself, the columns of the sexes would say it twice."""
    shown = [] if part["code"] == "sex" else ["women", "men", "others"]
    shown.append("total")
    if total["completed"] is not None:
        shown.append("completed")
    labels = {
        "women": (_("Women"), -2),
        "men": (_("Men"), -2),
        "others": (_("Other or not stated"), -3),
        "total": (_("Together"), -2),
        "completed": (_("Completed"), -2),
    }
    rows = [_cells(row, shown) for row in part["rows"]]
    block = table([(part["label"], 6), *(labels[name] for name in shown)], rows)
    if len(rows) > 1:
        block["total"] = _cells(total, shown)
    return block


def _cells(row: Payload, shown: list[str]) -> list[str]:
    return [row["label"], *(number_text(row[name]) for name in shown)]


def _figure(payload: Payload, code: str) -> Payload | None:
    return next((row for row in payload["figures"] if row["code"] == code), None)


def _learnt(payload: Payload) -> list[Block]:
    left_out = {"women", "completion-rate"}
    tests = payload["tests"]
    if not tests["progress"]:
        return [prose(*tests["reported"])] if tests["reported"] else []
    rows = [
        [row["label"], _valued(row), number_text(row["n"]), _sentence(row)]
        for row in payload["figures"]
        if row["code"] not in left_out
    ]
    blocks: list[Block] = [
        table([(_("Figure"), 3), (_("Value"), 3), (_("People"), -1), (_("What it says"), 6)], rows)
    ]
    for part in tests["breakdowns"]:
        blocks.append(
            table(
                [
                    (part["label"], 4),
                    (_("People with both tests"), -2),
                    (_("Gain in percentage points"), 4),
                    (_("Score at the end"), 4),
                    (_("Passed"), 4),
                ],
                [
                    [
                        row["label"],
                        number_text(row["gain"]["n"]),
                        _valued(row["gain"]),
                        _valued(row["score"]),
                        _valued(row["passed"]),
                    ]
                    for row in part["rows"]
                ],
            )
        )
    blocks.append(prose(hidden_words()))
    return blocks


def hidden_words() -> str:
    """Why a cell of a breakdown may be empty."""
    return _(
        "A dash stands where fewer than five people are behind a figure, or where a figure would "
        "give away that of such a group. Intervals are at 95 percent."
    )


def _valued(figure: Payload) -> str:
    """The value, marked when it is hidden or exploratory only by its words elsewhere."""
    return str(figure["shown"])


def _sentence(figure: Payload) -> str:
    flags = [f"{label}." for label in figure["flag_labels"]]
    return " ".join([figure["sentence"], *flags])


def _questions(payload: Payload) -> list[Block]:
    blocks: list[Block] = []
    for form in payload["tests"]["forms"]:
        title = _("Form %(letter)s (%(wave)s): %(n)s people") % {
            "letter": form["letter"],
            "wave": form["wave"],
            "n": number_text(form["n"]),
        }
        blocks.append(heading(title, level=3))
        blocks.append(
            table(
                [
                    (_("No."), -1),
                    (_("Question"), 3),
                    (_("Facility"), -2),
                    (_("Discrimination"), -4),
                    (_("Efficiency"), -2),
                    (_("To look at"), 5),
                ],
                [
                    [
                        number_text(row["position"]),
                        row["code"],
                        row["facility"]["shown"],
                        row["discrimination"]["shown"],
                        row["efficiency"]["shown"],
                        _joined(row["flag_labels"]),
                    ]
                    for row in form["items"]
                ],
            )
        )
        if form["is_exploratory"]:
            blocks.append(prose(exploratory_words()))
        blocks.append(listed(_labelled(figure) for figure in form["figures"]))
    return blocks


def exploratory_words() -> str:
    """That a form was sat by too few for more than a first look."""
    return _("Fewer than thirty people sat this form: its statistics are exploratory.")


def _reaction(payload: Payload) -> list[Block]:
    blocks: list[Block] = []
    for wave in payload["reaction"]:
        blocks.append(heading(f"{wave['title']} ({wave['kind']})", level=3))
        blocks.append(prose(_("Response: %(said)s") % {"said": wave["response"]["sentence"]}))
        rows = [
            [
                row["stem"],
                number_text(row["answered"]),
                row["favourable"]["shown"] if row["favourable"] else "",
                _joined(f"{each['label']}: {number_text(each['count'])}" for each in row["counts"]),
            ]
            for row in wave["questions"]
        ]
        if rows:
            blocks.append(
                table(
                    [
                        (_("Question"), 5),
                        (_("Answers"), -2),
                        (_("Favourable"), 4),
                        (_("Answers in full"), 5),
                    ],
                    rows,
                )
            )
    return blocks


def _requests(payload: Payload) -> list[Block]:
    rows = [
        [
            row["reference"],
            row["requested_by"] or _joined(row["countries"]),
            row["request"],
            row["state_label"],
        ]
        for row in payload["requests"]
    ]
    columns = [(_("Request"), 1), (_("Asked by"), 3), (_("What for"), 6), (_("State"), 2)]
    return [table(columns, rows)] if rows else []


def _outcomes(payload: Payload) -> list[Block]:
    rows = [
        [
            row["reference"],
            row["kind"],
            row["month"],
            f"{number_text(row['count'])} {row['unit']}",
            _joined([row["strength"], row["confidence"]]),
        ]
        for row in payload["outcomes"]
    ]
    if not rows:
        return []
    columns = [
        (_("Report"), 1),
        (_("Kind"), 4),
        (_("Month"), 2),
        (_("Count"), 2),
        (_("How strong the claim is"), 4),
    ]
    said = _("Training contributed to these; it is not shown to be their cause.")
    return [table(columns, rows), prose(said)]


def _definitions(payload: Payload) -> list[Block]:
    rows = [
        [row["label"], row["definition"], row["formula"], row["source"]]
        for row in payload["definitions"]
    ]
    columns = [(_("Figure"), 3), (_("Definition"), 6), (_("Formula"), 5), (_("Source"), 4)]
    return [table(columns, rows)]
