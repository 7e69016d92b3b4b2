"""Pages about vetting: checks by code, asking, recording results, opening a sealed reason."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.access.guards import needs, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core.errors import RuleBroken
from cairn.core.limits import limited
from cairn.oversight.rules import Purpose
from cairn.oversight.views import lists
from cairn.oversight.views.lists import Choice, ListPage, list_page
from cairn.oversight.views.shared import FormPage, form_page
from cairn.oversight.views.showing import Shown, shown
from cairn.training.actions import vetting as actions
from cairn.training.forms.nominations import ReceiptForm, ResultForm
from cairn.training.forms.people import OpenForm, ReasonForm
from cairn.training.models import VettingCheck
from cairn.training.queries import nominations as nomination_queries
from cairn.training.queries import vetting as queries
from cairn.training.queries.history import history
from cairn.training.rules.vetting import VETTING_MOVES, VettingState, ends_soon, state_on
from cairn.ui.forms import add_refusal, status_of

AT = {
    "vetting.issuer": "issuer",
    "vetting.days": "decided_on",
    "vetting.reason": "reason",
    "oversight.reason": "reason",
}


@never_cache
@require_safe
@needs(Permission.VETTING_RECORD)
def checks(request: ActorRequest) -> HttpResponse:
    """Checks by code, without their reasons."""
    state = request.GET.get("state", "")
    state = state if state in VettingState.values else ""
    today = timezone.localdate()
    page = ListPage(
        heading=_("Vetting"),
        lead=_("Checks of people before a training, by code. Their reasons are sealed."),
        columns=(_("Check"), _("Kind"), _("State"), _("Asked on"), _("Issuer"), _("Holds until")),
        empty=(_("No checks"), _("Checks are asked for from the page of a call.")),
        choices=(Choice("state", _("State"), state, VettingState.choices),),
        clear_href=reverse("training:vetting"),
        template="training/people/list.html",
    )

    def cells(rows: list[VettingCheck]) -> list[list[lists.Cell]]:
        return [
            [
                lists.code(row.code, href=reverse("training:vetting-check", args=[row.code])),
                lists.text(row.get_kind_display()),
                _state_cell(row, today),
                lists.clock_cell(row.requested_on),
                lists.text(row.issuer or "–"),
                lists.clock_cell(row.valid_until) if row.valid_until else lists.text("–"),
            ]
            for row in rows
        ]

    return list_page(request, page, queries.checks(request.actor, state=state), cells)


def _state_cell(row: VettingCheck, today: object) -> lists.Cell:
    now = state_on(VettingState(row.state), row.valid_until, timezone.localdate())
    return lists.state(now.value, now.label)


@never_cache
@require_safe
@needs(Permission.VETTING_RECORD)
def check(request: ActorRequest, code: str) -> HttpResponse:
    """One check: asked, answered, until when it holds; its reason closed."""
    return _page(request, queries.find_check(request.actor, code), OpenForm())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.VETTING_OPEN)
@limited("vetting.open", per_minute=10, per_hour=100)
def open_note(request: ActorRequest, code: str) -> HttpResponse:
    """Open the sealed reason of a check on this one answer."""
    found = queries.find_check(request.actor, code)
    if request.method != "POST":
        return redirect("training:vetting-check", code=code)
    form = OpenForm(request.POST)
    parts = None
    if form.is_valid():
        given = form.cleaned_data
        try:
            opened = actions.open_note(
                request.actor, code, Purpose(given["purpose"]), given["reason"]
            )
        except RuleBroken as refusal:
            add_refusal(form, refusal, "reason")
        else:
            parts = shown(opened)
    return _page(request, found, form, parts)


def _page(
    request: ActorRequest,
    found: VettingCheck,
    form: OpenForm,
    opened: list[Shown] | None = None,
) -> HttpResponse:
    today = timezone.localdate()
    stored = VettingState(found.state)
    now = state_on(stored, found.valid_until, today)
    context = {
        "check": found,
        "state": now,
        "ends_soon": ends_soon(stored, found.valid_until, today),
        "parts": [(_("Reason of the check"), bool(found.note))],
        "form": form,
        "opened": opened,
        "is_erased": found.practitioner.erased_on is not None,
        "may_open": request.actor.may_within(
            Permission.VETTING_OPEN, found.organisation_id, None, found.country
        ),
        "may_receive": VettingState.RECEIVED in VETTING_MOVES[stored],
        "may_answer": stored in {VettingState.REQUESTED, VettingState.RECEIVED}
        or stored == VettingState.CLEARED,
        "may_close": VettingState.LAPSED in VETTING_MOVES[stored],
        "history": history(request.actor, [found], VettingState),
    }
    return render(request, "training/people/check.html", context, status=status_of(form))


def _found(request: ActorRequest, code: str) -> VettingCheck:
    found = queries.find_check(request.actor, code)
    require(request.actor, Permission.VETTING_RECORD, within=found)
    return found


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.VETTING_RECORD)
def result(request: ActorRequest, code: str) -> HttpResponse:
    """Record how a check ended."""
    found = _found(request, code)
    page = FormPage(
        heading=_("Record the result"),
        send=_("Record and seal"),
        back=(reverse("training:vetting-check", args=[code]), code),
        done=_("The result was recorded."),
        facts=[(_("Check"), code), (_("Kind"), found.get_kind_display())],
        consequences=[
            _("Nominations that wait for this check become eligible, or not eligible."),
            _("The reason is sealed. Nobody who selects can open it."),
        ],
    )
    return form_page(
        request,
        page,
        ResultForm(request.POST or None),
        lambda given: actions.record_result(
            request.actor,
            code,
            actions.Result(
                is_cleared=given["outcome"] == "cleared",
                issuer=given["issuer"],
                decided_on=given["decided_on"],
                valid_until=given["valid_until"],
                note=given["note"],
            ),
        ),
        lambda _made: reverse("training:vetting-check", args=[code]),
        AT,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.VETTING_RECORD)
def receipt(request: ActorRequest, code: str) -> HttpResponse:
    """An answer came in and is being looked at."""
    _found(request, code)
    page = FormPage(
        heading=_("An answer was received"),
        send=_("Save"),
        back=(reverse("training:vetting-check", args=[code]), code),
        done=_("It was recorded."),
    )
    return form_page(
        request,
        page,
        ReceiptForm(request.POST or None, initial={"received_on": timezone.localdate()}),
        lambda given: actions.note_receipt(request.actor, code, given["received_on"]),
        lambda _made: reverse("training:vetting-check", args=[code]),
        {"vetting.days": "received_on"},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.VETTING_RECORD)
def close(request: ActorRequest, code: str) -> HttpResponse:
    """Close a check that nobody answered, or that holds no more."""
    _found(request, code)
    page = FormPage(
        heading=_("Close the check"),
        send=_("Close the check"),
        back=(reverse("training:vetting-check", args=[code]), code),
        done=_("The check was closed."),
    )
    return form_page(
        request,
        page,
        ReasonForm(request.POST or None),
        lambda given: actions.close_unanswered(request.actor, code, given["reason"]),
        lambda _made: reverse("training:vetting-check", args=[code]),
        AT,
    )


@require_POST
@signed_in
def ask(request: ActorRequest, reference: str) -> HttpResponse:
    """Ask for the checks of a whole call."""
    found = nomination_queries.find_call(request.actor, reference)
    require(request.actor, Permission.VETTING_RECORD, within=found.event)
    asked = actions.ask_for_call(request.actor, reference)
    said = ngettext(
        "%(count)d check was asked for.", "%(count)d checks were asked for.", asked.checks
    ) % {"count": asked.checks}
    if asked.eligible:
        said += " " + ngettext(
            "%(count)d person needs none and is eligible.",
            "%(count)d people need none and are eligible.",
            asked.eligible,
        ) % {"count": asked.eligible}
    messages.success(request, said)
    return redirect("training:call", reference=reference)


@require_POST
@signed_in
def ask_one(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Ask for the checks that one nominee lacks."""
    found = nomination_queries.find_nomination(request.actor, pk)
    event = found.call.event
    if not request.actor.may_within(
        Permission.VETTING_RECORD, event.organisation_id, None, event.country
    ):
        raise PermissionDenied(Permission.VETTING_RECORD.value)
    try:
        count = actions.ask_for_nominee(request.actor, pk)
    except RuleBroken as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(
            request,
            ngettext("%(count)d check was asked for.", "%(count)d checks were asked for.", count)
            % {"count": count},
        )
    return redirect("training:nomination", pk=pk)
