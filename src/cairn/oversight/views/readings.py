"""Who saw which record and why."""

import csv
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from io import StringIO
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import needs, recently
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core import clock
from cairn.core.actor import Actor
from cairn.core.language import language
from cairn.core.tables import safe_cell
from cairn.oversight.actions.notes import open_notes
from cairn.oversight.actions.taking import record_readings_export
from cairn.oversight.models import Reading
from cairn.oversight.queries import readings as queries
from cairn.oversight.rules import Basis, Purpose
from cairn.oversight.views.lists import (
    Cell,
    Choice,
    ListPage,
    code,
    list_page,
    number,
    text,
)
from cairn.oversight.views.shared import kind_label, named, part_labels, record_address
from cairn.oversight.views.showing import Shown, shown_notes
from cairn.ui.charts import Bar, fluid_bar_chart
from cairn.ui.formats import date_text

COLUMNS = ("at", "reader", "roles", "kind", "codes", "purpose", "basis", "fields")
# A cell names this many codes; the page of the reading names all.
CODES_IN_CELL = 3
DESK = "oversight:desk"


@never_cache
@require_safe
@needs(Permission.OVERSIGHT_VIEW)
def readings(request: ActorRequest) -> HttpResponse:
    """Openings of sealed parts, the newest first."""
    filters = queries.ReadingFilters.from_query(request.GET)
    days = queries.by_day(request.actor, clock.now().date())
    page = ListPage(
        heading=_("Who saw what"),
        lead=_(
            "Each opening of a sealed part: who, which records by code, for what purpose, and on "
            "what ground."
        ),
        columns=[
            _("When"),
            _("Who"),
            _("Records"),
            _("Purpose"),
            _("On what ground"),
            _("How many"),
        ],
        empty=(_("Nothing was opened"), _("Openings of sealed parts appear here at once.")),
        crumbs=[(reverse(DESK), _("Data protection"))],
        choices=_choices(filters),
        clear_href=reverse("oversight:readings"),
        template="oversight/readings.html",
        more={
            "days": [(day, count) for day, count in days if count],
            "chart": _chart(days) if any(count for _day, count in days) else "",
            "may_export": request.actor.may(Permission.AUDIT_EXPORT),
            "code": filters.code,
        },
    )
    return list_page(request, page, queries.readings(request.actor, filters), _cells)


def _cells(rows: list[Reading]) -> list[list[Cell]]:
    who = named(row.actor_id for row in rows)
    codes = queries.codes_of(rows)
    return [
        [
            Cell("clock", row.at, href=reverse("oversight:reading", args=[row.pk])),
            text(who(row.actor_id)),
            code(_some(codes[row.pk]), kind_label(row.kind)),
            text(row.get_purpose_display()),
            text(row.get_basis_display()),
            number(len(codes[row.pk])),
        ]
        for row in rows
    ]


def _some(codes: list[str]) -> str:
    more = ", …" if len(codes) > CODES_IN_CELL else ""
    return ", ".join(codes[:CODES_IN_CELL]) + more


def _choices(filters: queries.ReadingFilters) -> list[Choice]:
    return [
        Choice("code", _("Code of the record"), filters.code),
        Choice("reader", _("User name"), filters.reader),
        Choice("purpose", _("Purpose"), filters.purpose, Purpose.choices),
        Choice("basis", _("On what ground"), filters.basis, Basis.choices),
        Choice("since", _("From"), filters.since.isoformat() if filters.since else "", kind="date"),
        Choice(
            "until", _("Until"), filters.until.isoformat() if filters.until else "", kind="date"
        ),
    ]


def _chart(days: list[tuple[date, int]]) -> str:
    return fluid_bar_chart(
        [Bar(date_text(day), count) for day, count in days if count],
        title=_("Openings by day"),
        description=_("One bar for each day of the last thirty on which something was opened."),
        value_label=_("Openings"),
        language=language(),
        direction="rtl" if get_language_bidi() else "ltr",
        unit="",
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.OVERSIGHT_VIEW)
def reading(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One opening; its reason is sealed, and opening that is written down too."""
    found = Reading.objects.visible_to(request.actor).get(pk=pk)
    opened: list[Shown] = []
    if request.method == "POST":
        opened = shown_notes(found, open_notes(request.actor, [found], ["reason"])[0])
    context = {
        "found": found,
        "parts": part_labels(found.kind, found.fields),
        "who": named([found.actor_id])(found.actor_id),
        "kind": kind_label(found.kind),
        "subjects": [
            (each, record_address(found.kind, each.code))
            for each in found.subjects.visible_to(request.actor).order_by("code")
        ],
        "opened": opened,
        "may_open": request.actor.may(Permission.OVERSIGHT_REVIEW),
    }
    return render(request, "oversight/reading.html", context)


@never_cache
@require_safe
@needs(Permission.OVERSIGHT_VIEW)
def seen(request: ActorRequest, code: str) -> HttpResponse:
    """Who saw one record, in words that can be handed to the person it is about."""
    context = {"code": code.upper()[:24], "lines": queries.seen_of(request.actor, code.upper())}
    return render(request, "oversight/seen.html", context)


@never_cache
@require_safe
@needs(Permission.AUDIT_EXPORT)
@recently
def export(request: ActorRequest) -> StreamingHttpResponse:
    """The same list as a file: codes only."""
    filters = queries.ReadingFilters.from_query(request.GET)
    rows = queries.readings(request.actor, filters)
    # Only names of filters: whatever else the address holds has no place in the log.
    asked = {each.name for each in fields(filters)} & set(request.GET)
    record_readings_export(request.actor, rows.count(), asked)
    response = StreamingHttpResponse(
        _lines(request.actor, filters), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="openings.csv"'
    response["Cache-Control"] = "no-store"
    return response


def _lines(actor: Actor, filters: queries.ReadingFilters) -> Iterator[str]:
    yield _line(COLUMNS)
    part: list[Reading] = []
    for row in queries.readings(actor, filters).iterator(chunk_size=500):
        part.append(row)
        if len(part) == 500:
            yield from _part(part)
            part = []
    yield from _part(part)


def _part(part: list[Reading]) -> Iterator[str]:
    codes = queries.codes_of(part)
    for row in part:
        yield _line(
            (
                row.at.isoformat(timespec="seconds"),
                row.actor_id,
                " ".join(row.actor_roles),
                row.kind,
                " ".join(codes[row.pk]),
                row.purpose,
                row.basis,
                " ".join(row.fields),
            )
        )


def _line(cells: tuple[object, ...]) -> str:
    line = StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(map(safe_cell, cells))
    return line.getvalue()
