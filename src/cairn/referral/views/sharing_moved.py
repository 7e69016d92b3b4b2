"""What the old owner of a record meets in its place, and what it still wrote, for the new owner."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cairn.access.guards import needs, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core.errors import RuleBroken
from cairn.oversight.queries import records as record_queries
from cairn.oversight.views import lists
from cairn.oversight.views.lists import Cell, ListPage, list_page
from cairn.referral.actions.sharing_moving import keep_late_note
from cairn.referral.forms.sharing_moved import words_of, words_of_change
from cairn.referral.models import LateNote, Moved, Person
from cairn.referral.queries import sharing_transfer as queries
from cairn.referral.queries.persons_tables import MOST_SHOWN, Row, Table
from cairn.referral.queries.persons_tables import Cell as TableCell
from cairn.referral.subjects.sharing import LATE_NOTE
from cairn.referral.views.persons_rows import RowsPage, page_of_rows

View = Callable[..., HttpResponseBase]
OF_A_PERSON, OF_A_REFERRAL = "persons/<str:code>/", "referrals/<str:code>/"


def told_where_it_went(patterns: list[URLPattern]) -> list[URLPattern]:
    """The same addresses; each of a person, or of a referral that went along, tells the old owner
    of the record where it went."""
    for each in patterns:
        for start, find in ((OF_A_PERSON, _gone), (OF_A_REFERRAL, _gone_with)):
            if str(each.pattern).startswith(start):
                each.callback = _or_where_it_went(each.callback, find)
    return patterns


Find = Callable[[ActorRequest, str], Moved | None]


def _or_where_it_went(view: View, find: Find) -> View:
    @wraps(view)
    def shown(request: ActorRequest, code: str, **others: Any) -> HttpResponseBase:
        try:
            return view(request, code=code, **others)
        except ObjectDoesNotExist:
            gone = find(request, code)
            if gone is None:
                raise
            if request.method == "POST":
                _keep(request, gone)
            return redirect("referral:moved", code=gone.record)

    return shown


def _gone(request: ActorRequest, code: str) -> Moved | None:
    """What the actor is told of the record; None for one that it sees, or never had."""
    if Person.objects.visible_to(request.actor).filter(code=code).exists():
        return None
    return queries.gone(request.actor, code)


def _gone_with(request: ActorRequest, code: str) -> Moved | None:
    return queries.gone_with(request.actor, code)


def _keep(request: ActorRequest, gone: Moved) -> None:
    """Keep what was sent too late for the new owner; what only asks to open something is not."""
    match = request.resolver_match
    name = match.url_name or "" if match else ""
    may = request.actor.may_within(
        Permission.PERSON_EDIT, gone.organisation_id, gone.unit_id, gone.country
    )
    if name == "person-edit":
        places = record_queries.places(request.actor, Permission.PERSON_EDIT)
        words = words_of_change(request.POST, gone.person, places)
    else:
        words = words_of(request.POST)
    if not words or not may:
        return
    try:
        keep_late_note(request.actor, gone.record, name, words)
    except RuleBroken as refusal:
        messages.error(request, refusal.message)
    else:
        messages.warning(
            request,
            _("The record was gone already, so nothing was changed. What you wrote was left for "
              "the organisation that has it now."),
        )  # fmt: skip


@never_cache
@require_safe
@signed_in
def moved(request: ActorRequest, code: str) -> HttpResponse:
    """That a record is gone, since when, and whom to ask. Nothing of the person."""
    gone = queries.gone(request.actor, code)
    if gone is None:
        raise Moved.DoesNotExist(code)
    context = {"gone": gone, "state": f"gone_{gone.how}"}
    return render(request, "referral/sharing_moved.html", context)


@never_cache
@require_safe
@needs(Permission.PERSON_VIEW)
def all_moved(request: ActorRequest) -> HttpResponse:
    """Records that have gone from one's own places."""
    shown = ListPage(
        heading=_("Records that have gone"),
        lead=_("Another organisation looks after these persons now. Nothing of them is left here."),
        columns=[_("Record"), _("State"), _("Whom to ask"), _("When")],
        empty=(_("No record has gone"), _("All that were entered here are still here.")),
        crumbs=[(reverse("referral:persons"), _("Persons of concern"))],
    )
    return list_page(
        request, shown, queries.all_gone(request.actor), lambda rows: [_cells(row) for row in rows]
    )


def _cells(row: Moved) -> list[Cell]:
    return [
        lists.code(row.record, href=reverse("referral:moved", args=[row.record])),
        lists.state(f"gone_{row.how}", row.get_how_display()),
        lists.text(row.ask.display_name if row.ask else "–"),
        lists.clock_cell(row.at),
    ]


def _table(person: Person, may_change: bool) -> list[Table]:
    rows = queries.late_notes(person)[:MOST_SHOWN]
    return [
        Table(
            _("Notes that came late"),
            (_("Note"), pgettext("organisation", "From"), _("Written on")),
            [_row(each) for each in rows],
            _("There is none."),
        )
    ]


def _row(note: LateNote) -> Row:
    return Row(
        [
            TableCell(str(note.number)),
            TableCell(note.source.display_name),
            TableCell(timezone.localdate(note.recorded_at), "day"),
        ]
    )


late_notes = page_of_rows(
    lambda: RowsPage(
        heading=_("Notes from the organisation that had the record before"),
        lead=_("Written after the record had gone. Nothing of it was applied: you decide."),
        tables=_table,
        kinds=(LATE_NOTE,),
    )
)
