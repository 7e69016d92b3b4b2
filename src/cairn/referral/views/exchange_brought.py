"""Referrals that came as files: brought with a look first, listed, opened, answered."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.access.guards import needs, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core.errors import RuleBroken
from cairn.core.htcds.intake import in_memory
from cairn.core.limits import limited, takes_files
from cairn.oversight.queries.records import history
from cairn.oversight.record_forms import OpenForm
from cairn.oversight.rules import Purpose
from cairn.oversight.views import lists
from cairn.oversight.views.lists import Cell, Choice, ListPage, list_page
from cairn.oversight.views.showing import Shown, shown
from cairn.referral.actions import exchange_brought as actions
from cairn.referral.actions.exchange_brought import Looked
from cairn.referral.forms.exchange import (
    BringReferralForm,
    BroughtAnswerForm,
    BroughtOutcomeForm,
)
from cairn.referral.models.exchange import BroughtReferral
from cairn.referral.queries import exchange as queries
from cairn.referral.rules.choices import DataCategory, Need, Urgency
from cairn.referral.rules.choices import Purpose as ToldFor
from cairn.referral.rules.exchange import MOST_BYTES
from cairn.referral.rules.exchange_brought import BroughtState
from cairn.referral.subjects.exchange import BROUGHT_KIND
from cairn.referral.views.referrals_page import card_facts
from cairn.referral.wording import SENTENCES
from cairn.ui.forms import NOT_VALID, add_refusal, status_of
from cairn.ui.templatetags.ui import listed

FORM = ("GET", "HEAD", "POST")
FIELDS = {"brought.reason": "reason", "brought.feedback": "feedback", "oversight.reason": "reason"}


@never_cache
@require_safe
@needs(Permission.REFERRAL_VIEW)
def brought_list(request: ActorRequest) -> HttpResponse:
    """What came as files, the newest first."""
    state = request.GET.get("state", "")
    may_bring = request.actor.may(Permission.REFERRAL_ANSWER)
    page = ListPage(
        heading=_("Referrals that came as files"),
        lead=_("From senders without an account here. Answer, and send them the answer as a file."),
        columns=[
            _("Referral"),
            _("From"),
            _("Service"),
            pgettext("help", "Need"),
            _("How urgent"),
            _("State"),
            _("Brought"),
        ],
        empty=(_("No such referral"), _("A file that another program made can be brought here.")),
        crumbs=[(reverse("referral:exchange"), _("Files for other programs"))],
        actions=[(reverse("referral:brought-new"), _("Bring a referral"))] if may_bring else [],
        choices=[Choice("state", _("State"), state, BroughtState.choices)],
        clear_href=reverse("referral:brought-list"),
    )
    rows = queries.brought(request.actor, state)
    return list_page(request, page, rows, lambda found: [_cells(row) for row in found])


def _cells(row: BroughtReferral) -> list[Cell]:
    return [
        lists.code(row.code, href=row.get_absolute_url()),
        lists.text(row.sender),
        lists.text(row.service.name),
        lists.text(row.get_need_display()),
        lists.text(row.get_urgency_display()),
        lists.state(f"brought-{row.state}", row.get_state_display()),
        lists.clock_cell(row.brought_at),
    ]


@in_memory
@never_cache
@require_http_methods(FORM)
@needs(Permission.REFERRAL_ANSWER)
@limited("referral.bring", per_minute=10, per_hour=100, methods=("POST",))
@takes_files
def bring(request: ActorRequest) -> HttpResponse:
    """Show what a file says, or take it in, when it is the very file that was looked at."""
    is_sent = request.method == "POST"
    form = BringReferralForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        services=queries.own_services(request.actor),
        most_bytes=MOST_BYTES,
    )
    context: dict[str, Any] = {"form": form}
    if not is_sent or not form.is_valid():
        return _bring_page(request, context, status_of(form))
    service, content = form.cleaned_data["service"], form.cleaned_data["file"].read()
    looked = actions.look_at(request.actor, service, content)
    if looked.document and request.POST.get("seen") == looked.digest:
        made, is_new = actions.bring_referral(request.actor, service, content, looked.digest)
        words = (
            _("The referral is here. Decide, and send the sender the answer.")
            if is_new
            else _("This referral was here already. Nothing was changed.")
        )
        messages.success(request, words)
        return redirect(made)
    context |= {"looked": looked, "facts": _facts(looked), "service": service}
    return _bring_page(request, context, 200 if looked.document else NOT_VALID)


def _bring_page(request: ActorRequest, context: dict[str, Any], status: int) -> HttpResponse:
    context["back"] = (reverse("referral:brought-list"), _("Referrals that came as files"))
    return render(request, "referral/exchange_look.html", context, status=status)


def _facts(looked: Looked) -> list[tuple[str, str]]:
    """What the file says, without the words that open when it is accepted."""
    if (found := looked.document) is None:
        return []
    labels = dict(DataCategory.choices)
    return [
        (_("From"), found["from"]),
        (_("Their code"), found["code"]),
        (pgettext("help", "Need"), str(Need(found["need"]).label)),
        (_("How urgent"), str(Urgency(found["urgency"]).label)),
        (_("What for"), str(ToldFor(found["purpose"]).label)),
        (_("Area"), found["area"]),
        (_("What it tells"), listed([str(labels[each]) for each in found["content"]])),
    ]


@never_cache
@require_safe
@signed_in
def brought(request: ActorRequest, code: str) -> HttpResponse:
    """One of them, with its words closed."""
    return _page(request, queries.find_brought(request.actor, code), OpenForm())


@never_cache
@require_http_methods(FORM)
@signed_in
@limited("referral.open", per_minute=20, per_hour=200)
def open_sealed(request: ActorRequest, code: str) -> HttpResponse:
    """Open the words on this one answer, which nothing keeps."""
    found = queries.find_brought(request.actor, code)
    if request.method != "POST":
        return redirect(found)
    form = OpenForm(request.POST)
    opened = None
    if form.is_valid():
        given = form.cleaned_data
        try:
            opened = shown(
                actions.open_brought(
                    request.actor, code, Purpose(given["purpose"]), given["reason"]
                )
            )
        except RuleBroken as refusal:
            add_refusal(form, refusal, FIELDS.get(refusal.code))
    return _page(request, found, form, opened)


@require_POST
@signed_in
def answer(request: ActorRequest, code: str) -> HttpResponse:
    """Accept or decline."""
    found = queries.find_brought(request.actor, code)
    require(request.actor, Permission.REFERRAL_ANSWER, within=found)
    form = BroughtAnswerForm(request.POST)
    return _said(request, found, form, "answer")


@require_POST
@signed_in
def finish(request: ActorRequest, code: str) -> HttpResponse:
    """Say what came of it."""
    found = queries.find_brought(request.actor, code)
    require(request.actor, Permission.REFERRAL_ANSWER, within=found)
    form = BroughtOutcomeForm(request.POST)
    return _said(request, found, form, "outcome")


def _said(request: ActorRequest, found: BroughtReferral, form: Any, name: str) -> HttpResponse:
    if form.is_valid():
        given = form.cleaned_data
        to = BroughtState(given.get("to", BroughtState.ENDED))
        try:
            actions.answer_brought(
                request.actor,
                found.code,
                to,
                reason=given.get("reason", "") if to is BroughtState.DECLINED else "",
                feedback=given.get("feedback", ""),
            )
        except RuleBroken as refusal:
            add_refusal(form, refusal, FIELDS.get(refusal.code))
        else:
            messages.success(request, _("Written down. Take the answer as a file and send it."))
            return redirect(found)
    return _page(request, found, OpenForm(), status=status_of(form), **{name: form})


@require_POST
@signed_in
def begin_file(request: ActorRequest, code: str) -> HttpResponse:
    """Begin our own file of the person with what was told."""
    found = queries.find_brought(request.actor, code)
    require(request.actor, Permission.REFERRAL_ANSWER, within=found)
    require(request.actor, Permission.PERSON_EDIT, within=found)
    made = actions.begin_brought_file(request.actor, code)
    messages.success(request, _("Our own file has begun. Look at what it holds."))
    return redirect(made)


@require_POST
@signed_in
def answer_file(request: ActorRequest, code: str) -> HttpResponse:
    """The answer for the sender, as a file."""
    found = queries.find_brought(request.actor, code)
    require(request.actor, Permission.REFERRAL_ANSWER, within=found)
    text = actions.answer_file(request.actor, code)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="answer-{code.lower()}.json"'
    response["Cache-Control"] = "no-store"
    return response


def _page(
    request: ActorRequest,
    found: BroughtReferral,
    form: OpenForm,
    opened: list[Shown] | None = None,
    *,
    status: int | None = None,
    answer: Any = None,
    outcome: Any = None,
) -> HttpResponse:
    actor, state = request.actor, BroughtState(found.state)
    place = (found.organisation_id, found.unit_id, found.country)
    may_answer = actor.may_within(Permission.REFERRAL_ANSWER, *place)
    held = found.received_person
    is_seen = held is not None and actor.may_within(
        Permission.PERSON_VIEW, held.organisation_id, held.unit_id, held.country
    )
    context = {
        "found": found,
        "state": f"brought-{found.state}",
        "facts": card_facts(cast(Any, found)) if found.erased_on is None else [],
        "form": form,
        "opened": opened,
        "may_open": found.is_content_open and actor.may_within(Permission.REFERRAL_OPEN, *place),
        "is_open": found.is_content_open,
        "answer": (answer or BroughtAnswerForm())
        if may_answer and state is BroughtState.WAITING
        else None,
        "outcome": (outcome or BroughtOutcomeForm())
        if may_answer and state is BroughtState.ACCEPTED
        else None,
        "may_answer": may_answer,
        "may_begin": may_answer
        and found.is_content_open
        and held is None
        and actor.may_within(Permission.PERSON_EDIT, *place),
        "own_file": held if is_seen else None,
        "history": history(BROUGHT_KIND, found, SENTENCES, actor),
    }
    return render(
        request, "referral/exchange_brought_one.html", context, status=status or status_of(form)
    )
