"""The desk: what needs the data-protection officer now, and whether the installation is well."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cairn.access.guards import needs, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.oversight.actions.alerts import see_notices
from cairn.oversight.models import Notice, Round
from cairn.oversight.outcomes import Finding
from cairn.oversight.queries import log as log_queries
from cairn.oversight.queries.waiting import waiting
from cairn.oversight.subjects import kinds
from cairn.oversight.views.lists import Cell, ListPage, clock_cell, list_page, state
from cairn.oversight.views.lists import text as text_cell
from cairn.oversight.views.shared import top_crumb
from cairn.oversight.wording import PLACES, notice_sentence, round_words


@never_cache
@require_safe
@needs(Permission.OVERSIGHT_VIEW)
def desk(request: ActorRequest) -> HttpResponse:
    """What waits, most pressing first; then the checks that the watch makes."""
    rounds = list(Round.objects.visible_to(request.actor))
    context = {
        "groups": waiting(request.actor),
        "rounds": [
            (each, round_words(each.name), is_well(each), verdict_words(each.verdict))
            for each in rounds
        ],
        "troubled": [round_words(each.name) for each in rounds if not is_well(each)],
        "chain": log_queries.chain_state(),
        "may_report": request.actor.may(Permission.INCIDENT_REPORT),
    }
    return render(request, "oversight/desk.html", context)


def verdict_words(verdict: str) -> str:
    """What a round found, in words."""
    return str(Finding(verdict).label) if verdict in Finding.values else verdict


def is_well(found: Round) -> bool:
    """True for a check that has not run yet, or that found nothing wrong."""
    return found.verdict in {"", Finding.WELL, Finding.FOUND}


@never_cache
@require_safe
@signed_in
def notices(request: ActorRequest) -> HttpResponse:
    """What the reader was told, the newest first."""
    page = ListPage(
        heading=_("Notices"),
        lead=_("What you were told: that something happened, never what a record holds."),
        columns=[_("What"), _("When"), _("State")],
        empty=(_("No notice"), _("You are told here when something concerns you.")),
        crumbs=[top_crumb(request.actor)],
        template="oversight/notices.html",
    )
    rows = Notice.objects.visible_to(request.actor).order_by("-at", "pk")
    return list_page(request, page, rows, lambda found: _cells(found, request.actor))


def _cells(rows: list[Notice], actor: Actor) -> list[list[Cell]]:
    return [
        [
            text_cell(notice_sentence(row.code, row.facts), _address(row, actor)),
            clock_cell(row.at),
            state("seen", _("Seen")) if row.seen_at else state("new", _("New")),
        ]
        for row in rows
    ]


def _address(row: Notice, actor: Actor) -> str:
    """Where the notice leads, for those of today's kinds.

    One about emergency access leads reviewers to the access, its owners to their record.
    """
    names = {
        "export": "oversight:export",
        "erasure": "oversight:erasure",
        "incident": "oversight:incident",
    }
    about = row.code.split(".")[0]
    if about == "glass":
        if actor.may(Permission.OVERSIGHT_VIEW) and row.subject_id:
            return reverse("oversight:glass", args=[row.subject_id])
        opened = (kind for kind in kinds() if kind.break_glass and actor.may(kind.view))
        pseudonym = str(row.facts.get("pseudonym", ""))
        return next((kind.address(pseudonym) for kind in opened if pseudonym), "")
    if about in PLACES:
        return PLACES[about](row)
    name = names.get(about)
    return reverse(name, args=[row.subject_id]) if name and row.subject_id else ""


@require_POST
@signed_in
def see(request: ActorRequest) -> HttpResponse:
    """Mark all notices as seen."""
    see_notices(request.actor)
    messages.success(request, _("All notices are marked as seen."))
    return redirect("oversight:notices")
