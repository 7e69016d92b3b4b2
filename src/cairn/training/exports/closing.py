"""The closing report as a workbook: counts, figures, breakdowns, questions, answers, requests."""

from datetime import datetime
from io import BytesIO
from typing import Any

from django.utils.translation import get_language_bidi, override
from django.utils.translation import gettext as _

from cairn.core.tables import Sheet, write_xlsx

Payload = dict[str, Any]
Row = list[object]


def closing_xlsx(payload: Payload, *, now: datetime) -> bytes:
    """The report of queries.closing as XLSX, in its own language. Numbers are numbers, unrounded.

    Columns of numbers hold nothing where a figure is hidden or not defined; its sentence says why.
    """
    target = BytesIO()
    with override(payload["language"]):
        write_xlsx(
            target,
            list(_sheets(payload)),
            title=payload["title"],
            right_to_left=get_language_bidi(),
            created=now.replace(tzinfo=None),
        )
    return target.getvalue()


def _sheets(payload: Payload) -> list[Sheet]:
    return [
        Sheet(_("Event"), [_("What"), _("Value")], _event(payload)),
        Sheet(
            _("Participants"),
            [
                _("Counted by"),
                _("Group"),
                _("Women"),
                _("Men"),
                _("Other or not stated"),
                _("Together"),
                _("Completed"),
            ],
            _participants(payload),
        ),
        Sheet(_("Figures"), _figure_columns(), [_figure(row) for row in payload["figures"]]),
        Sheet(_("By group"), [_("Counted by"), _("Group"), *_figure_columns()], _groups(payload)),
        Sheet(_("Questions"), _question_columns(), _questions(payload)),
        Sheet(
            _("Answers"),
            [_("Questionnaire"), _("Question"), *_figure_columns(), _("Answer"), _("Count")],
            _answers(payload),
        ),
        Sheet(
            _("Requests"),
            [_("Request"), _("Asked by"), _("Countries"), _("What for"), _("State")],
            [
                [
                    *_of(row, "reference", "requested_by"),
                    ", ".join(row["countries"]),
                    *_of(row, "request", "state_label"),
                ]
                for row in payload["requests"]
            ],
        ),
        Sheet(
            _("Outcomes"),
            [
                _("Report"),
                _("Kind"),
                _("Month"),
                _("Count"),
                _("Unit of counting"),
                _("Confidence"),
                _("How strong the claim is"),
            ],
            [
                _of(row, "reference", "kind", "month", "count", "unit", "confidence", "strength")
                for row in payload["outcomes"]
            ],
        ),
        Sheet(
            _("Definitions"),
            [_("Code"), _("Figure"), _("Definition"), _("Formula"), _("Source"), _("When hidden")],
            [
                _of(row, "code", "label", "definition", "formula", "source", "hiding")
                for row in payload["definitions"]
            ],
        ),
    ]


def _of(row: Payload, *names: str) -> Row:
    return [row[name] for name in names]


def _event(payload: Payload) -> list[Row]:
    event = payload["event"]
    return [
        [_("Reference"), event["reference"]],
        [_("Title"), event["title"]],
        [_("Kind"), event["kind"]],
        [_("State"), event["state_label"]],
        [_("Dates"), event["dates"]],
        [_("Place"), event["place"]],
        [_("Countries"), ", ".join(event["countries"])],
        [_("Participants from"), ", ".join(event["from_countries"])],
        [_("Organised by"), event["organisation"]],
        [_("Project"), event["project"]],
        *([row["role"], row["name"]] for row in event["parties"]),
        *([row["role"], row["count"]] for row in event["staff"]),
        [_("Sessions"), event["sessions"]],
        [_("Hours"), event["hours"]],
        [_("Report made on"), payload["made_on"]],
        [_("Source"), event["source"]],
    ]


def _participants(payload: Payload) -> list[Row]:
    who = payload["participants"]
    total = who["total"]
    rows = [
        [part["label"], row["label"], *_counts(row)]
        for part in who["tables"]
        for row in part["rows"]
    ]
    return [["", total["label"], *_counts(total)], *rows]


def _counts(row: Payload) -> Row:
    return [row["women"], row["men"], row["others"], row["total"], row["completed"]]


def _figure_columns() -> list[str]:
    return [
        _("Code"),
        _("Figure"),
        _("Value"),
        _("People"),
        _("Interval from"),
        _("Interval to"),
        _("Unit of counting"),
        _("Flags"),
        _("What it says"),
    ]


def _figure(row: Payload) -> Row:
    return [
        row["code"],
        row["label"],
        row["value"],
        row["n"],
        row["low"],
        row["high"],
        row["unit"],
        "|".join(row["flags"]),
        row["sentence"],
    ]


def _groups(payload: Payload) -> list[Row]:
    return [
        [part["label"], row["label"], *_figure(row[name])]
        for part in payload["tests"]["breakdowns"]
        for row in part["rows"]
        for name in ("gain", "score", "passed")
    ]


def _question_columns() -> list[str]:
    return [
        _("Form"),
        _("People"),
        _("No."),
        _("Question"),
        _("Objective"),
        _("Facility"),
        _("Discrimination"),
        _("Interval from"),
        _("Interval to"),
        _("Efficiency"),
        _("Effective weight"),
        _("Chance alone would do so"),
        _("Flags"),
    ]


def _questions(payload: Payload) -> list[Row]:
    return [
        [
            form["letter"],
            form["n"],
            row["position"],
            row["code"],
            row["objective"],
            row["facility"]["value"],
            row["discrimination"]["value"],
            row["discrimination"]["low"],
            row["discrimination"]["high"],
            row["efficiency"]["value"],
            row["weight"]["value"],
            row["change"]["value"] if row["change"] else None,
            "|".join(row["flags"]),
        ]
        for form in payload["tests"]["forms"]
        for row in form["items"]
    ]


def _answers(payload: Payload) -> list[Row]:
    """The response of each wave, then each question, then how often each answer was given."""
    none: Row = [None] * len(_figure_columns())
    rows: list[Row] = []
    for wave in payload["reaction"]:
        rows.append([wave["title"], "", *_figure(wave["response"]), "", None])
        for question in wave["questions"]:
            figure = _figure(question["favourable"]) if question["favourable"] else none
            rows.append([wave["title"], question["stem"], *figure, "", question["answered"]])
            rows += [
                [wave["title"], question["stem"], *none, each["label"], each["count"]]
                for each in question["counts"]
            ]
    return rows
