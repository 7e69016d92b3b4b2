"""Caseloads that change hands: the list, one of them, and handing one over."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import needs, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.oversight.views import lists
from cairn.oversight.views.lists import Cell, ListPage, list_page
from cairn.oversight.views.shared import FormPage, form_page
from cairn.referral.actions.sharing_hand_over import hand_over_caseload
from cairn.referral.forms.sharing_hand_over import HandOverForm
from cairn.referral.models.sharing import HandOver, HandOverLine
from cairn.referral.queries import sharing_hand_over as queries
from cairn.referral.views import sharing_transfer

FIELDS = {
    "hand-over.self": "to_user",
    "hand-over.changed": "whose",
    "hand-over.none": "whose",
    "person.caseworker": "to_user",
}


@never_cache
@require_safe
@needs(Permission.CASELOAD_SUPERVISE)
def hand_overs(request: ActorRequest) -> HttpResponse:
    """What changed hands at one's own places."""
    shown = ListPage(
        heading=_("Hand-overs"),
        lead=_("When a post closes or somebody leaves, nobody is lost."),
        columns=[
            _("Code"),
            pgettext("organisation", "From"),
            pgettext("organisation", "To"),
            _("Why"),
            _("Records"),
            _("State"),
            _("When"),
        ],
        empty=(_("Nothing changed hands"), _("Hand over a caseload before somebody leaves.")),
        actions=[
            (reverse("referral:hand-over-new"), _("Hand over to a colleague")),
            (reverse("referral:hand-over-other"), _("Hand over to another organisation")),
            (reverse("referral:all-moved"), _("Records that have gone")),
        ],
    )
    found = queries.hand_overs(request.actor)
    return list_page(request, shown, found, lambda rows: [_cells(row) for row in rows])


def _cells(row: HandOver) -> list[Cell]:
    return [
        lists.code(row.code, href=row.get_absolute_url()),
        lists.text(row.organisation.display_name),
        lists.text(row.taker.display_name if row.taker else _("a colleague")),
        lists.text(row.get_why_display()),
        lists.number(row.files),  # type: ignore[attr-defined]
        lists.state(f"hand_over_{row.state}", row.get_state_display()),
        lists.clock_cell(row.made_at),
    ]


@never_cache
@require_safe
@signed_in
def hand_over(request: ActorRequest, code: str) -> HttpResponse:
    """The records of one hand-over, by their codes."""
    found = queries.find_hand_over(request.actor, code)
    if found.taker_id is not None:
        return sharing_transfer.page(request, found)
    shown = ListPage(
        heading=_("Caseload %(code)s") % {"code": found.code},
        lead=str(found.get_why_display()),
        columns=[_("Record"), _("State")],
        empty=(_("No record"), ""),
        crumbs=[(reverse("referral:hand-overs"), _("Hand-overs"))],
    )
    return list_page(
        request, shown, queries.lines(found), lambda rows: [_line(row) for row in rows]
    )


def _line(row: HandOverLine) -> list[Cell]:
    is_open = row.person.is_open
    return [
        lists.code(row.person.code, href=row.person.get_absolute_url()),
        lists.text(_("open") if is_open else _("closed")),
    ]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.CASELOAD_SUPERVISE)
def new(request: ActorRequest) -> HttpResponse:
    """Hand over all open records of a colleague, or of nobody."""
    helpers = queries.helpers(request.actor)
    form = HandOverForm(
        request.POST if request.method == "POST" else None,
        caseloads=queries.caseloads(request.actor, helpers),
        helpers=helpers,
    )
    page = FormPage(
        heading=_("Hand over a caseload"),
        send=_("Hand over all of them"),
        back=(reverse("referral:hand-overs"), _("Hand-overs")),
        done=_("The records changed hands. The colleague was told."),
        consequences=[
            _("All of these open records change hands at once, or none of them."),
            _("Whoever takes them on is told, and sees them in the own caseload."),
            _("Each record says in its history that it changed hands."),
        ],
    )

    def act(given: object) -> list[HandOver]:
        from_user, to_user, why, count = form.given()
        return hand_over_caseload(request.actor, from_user, to_user, why, expected=count)

    return form_page(request, page, form, act, lambda made: reverse("referral:hand-overs"), FIELDS)
