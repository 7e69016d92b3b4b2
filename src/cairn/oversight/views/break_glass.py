"""Emergency access: for those who need it in danger to life, and for those who review it."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.access.guards import needs, recently, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core import clock
from cairn.core.limits import limited
from cairn.oversight.actions.break_glass import break_glass, end_break_glass, review_break_glass
from cairn.oversight.actions.notes import open_notes
from cairn.oversight.forms import EmergencyForm, ReviewForm
from cairn.oversight.models import BreakGlass
from cairn.oversight.rules import ReviewState
from cairn.oversight.subjects import kinds
from cairn.oversight.views.lists import Cell, Choice, ListPage, clock_cell, code, list_page, state
from cairn.oversight.views.lists import text as text_cell
from cairn.oversight.views.shared import (
    FormPage,
    form_page,
    kind_label,
    missing_as_refusal,
    named,
    record_address,
)
from cairn.oversight.views.showing import Shown, shown_notes


@never_cache
@limited("emergency", per_hour=10, methods=("POST",))
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@recently
def emergency(request: ActorRequest) -> HttpResponse:
    """Open one record in danger to life; one's own emergency accesses are below the form."""
    allowed = [kind.break_glass for kind in kinds() if kind.break_glass]
    if not request.actor.may_any(allowed):
        raise PermissionDenied("break-glass")
    now = clock.now()
    own = BreakGlass.objects.visible_to(request.actor).of(request.actor).live(now)
    page = FormPage(
        heading=_("Emergency access"),
        lead=_("For danger to life only, when you need a record outside your own work."),
        send=_("Open the record for 24 hours"),
        back=(reverse("web:home"), _("Home")),
        done=_("You have access for 24 hours. The others were told."),
        consequences=[
            _("The people who own the record and data protection are told at once."),
            _("You have access to this one record for 24 hours, or until you give it back."),
            _("Somebody else reviews afterwards whether it was needed."),
        ],
        template="oversight/emergency.html",
    )
    return form_page(
        request,
        page,
        EmergencyForm(request.POST or None),
        missing_as_refusal(
            lambda given: break_glass(request.actor, given["kind"], given["code"], given["reason"])
        ),
        lambda made: record_address(made.kind, made.code) or reverse("oversight:emergency"),
        {"oversight.no-record": "code", "break-glass.not-needed": "code"},
        own=[(each, kind_label(each.kind), record_address(each.kind, each.code)) for each in own],
    )


@require_POST
@signed_in
def give_back(request: ActorRequest, pk: UUID) -> HttpResponse:
    """End an emergency access: one's own, or anybody's for the desk."""
    ended = end_break_glass(request.actor, pk)
    messages.success(request, _("The emergency access has ended."))
    is_own = ended.actor_id == request.actor.user_id
    return redirect("oversight:emergency" if is_own else "oversight:glass-list")


@never_cache
@require_safe
@needs(Permission.OVERSIGHT_VIEW)
def glass_list(request: ActorRequest) -> HttpResponse:
    """Emergency accesses; those that wait for review unless the address asks otherwise."""
    asked = request.GET.get("review", ReviewState.WAITING.value)
    rows = BreakGlass.objects.visible_to(request.actor)
    if asked in ReviewState.values:
        rows = rows.filter(review=asked)
    page = ListPage(
        heading=_("Emergency access"),
        lead=_("Each is reviewed by somebody else: was a life in danger, and was it needed?"),
        columns=[
            _("Record"),
            _("Who"),
            pgettext("emergency access", "Opened"),
            _("People told"),
            _("Review"),
        ],
        empty=(_("Nothing waits"), _("Emergency accesses appear here the moment they are used.")),
        crumbs=[(reverse("oversight:desk"), _("Data protection"))],
        choices=[Choice("review", _("Review"), asked, ReviewState.choices)],
        clear_href=reverse("oversight:glass-list") + "?review=",
    )
    return list_page(request, page, rows.order_by("-opened_at", "pk"), _cells)


def _cells(rows: list[BreakGlass]) -> list[list[Cell]]:
    who = named(row.actor_id for row in rows)
    return [
        [
            code(row.code, kind_label(row.kind), reverse("oversight:glass", args=[row.pk])),
            text_cell(who(row.actor_id)),
            clock_cell(row.opened_at),
            Cell("number", row.told),
            state(row.review, row.get_review_display()),
        ]
        for row in rows
    ]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.OVERSIGHT_VIEW)
def glass(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One emergency access; sending the form opens why, which is written down."""
    found = BreakGlass.objects.visible_to(request.actor).get(pk=pk)
    opened: list[Shown] = []
    if request.method == "POST":
        names = ["reason", "review_note"] if found.review_note else ["reason"]
        values = open_notes(request.actor, [found], names, authors=[found.actor_id])
        opened = shown_notes(found, values[0])
    who = named([found.actor_id, found.reviewed_by])
    now = clock.now()
    context = {
        "found": found,
        "kind": kind_label(found.kind),
        "who": who(found.actor_id),
        "reviewed_by": who(found.reviewed_by) if found.reviewed_by else "",
        "opened": opened,
        "is_live": found.ended_at is None and found.expires_at > now,
        "may_review": request.actor.may(Permission.OVERSIGHT_REVIEW)
        and found.actor_id != request.actor.user_id,
    }
    return render(request, "oversight/glass.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.OVERSIGHT_REVIEW)
def review(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Say whether it was justified."""
    found = BreakGlass.objects.visible_to(request.actor).get(pk=pk)
    page = FormPage(
        heading=_("Review an emergency access"),
        send=_("Record the review"),
        back=(reverse("oversight:glass", args=[pk]), found.code),
        done=_("The review is recorded; who used the access is told."),
        facts=[(_("Record"), f"{kind_label(found.kind)} {found.code}")],
        seen=_("Your verdict and the day are shown to whoever used the access."),
    )
    return form_page(
        request,
        page,
        ReviewForm(request.POST or None),
        lambda given: review_break_glass(
            request.actor, pk, ReviewState(given["verdict"]), given["note"]
        ),
        lambda made: reverse("oversight:glass-list"),
        {"oversight.reason": "note"},
    )
