"""Questionnaires: waves of an event, slips to hand out, and the page where people answer."""

from datetime import timedelta
from uuid import UUID

import segno
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.access.guards import signed_in
from cairn.access.middleware import ActorRequest
from cairn.core.errors import RuleBroken
from cairn.core.language import language
from cairn.core.limits import limited
from cairn.oversight.views.shared import FormPage, form_page
from cairn.training.actions import followup as actions
from cairn.training.actions.steps import may_run, require_run
from cairn.training.forms import followup as forms
from cairn.training.models import TrainingEvent
from cairn.training.queries import followup as queries
from cairn.training.rules.choices import InstrumentKind
from cairn.ui.forms import add_refusal, status_of
from cairn.ui.pages import page_of

GET_OR_POST = ("GET", "HEAD", "POST")


def _event(request: ActorRequest, reference: str) -> TrainingEvent:
    found: TrainingEvent = TrainingEvent.objects.visible_to(request.actor).get(reference=reference)
    return found


@require_safe
@signed_in
def waves(request: ActorRequest, reference: str) -> HttpResponse:
    event = _event(request, reference)
    shown = [(each, queries.response(each)) for each in queries.waves(request.actor, event)]
    context = {"event": event, "waves": shown, "may_run": may_run(request.actor, event)}
    return render(request, "training/followup/waves.html", context)


@require_http_methods(GET_OR_POST)
@signed_in
def wave_new(request: ActorRequest, reference: str) -> HttpResponse:
    event = _event(request, reference)
    require_run(request.actor, event)
    asked = request.GET.get("months", "")
    months = int(asked) if asked in {"0", "3", "6", "12"} else 0
    opens = queries.first_day(event, months)
    initial = {
        "kind": InstrumentKind.APPLICATION_SELF if months else InstrumentKind.REACTION,
        "months": months,
        "opens_on": opens,
        "closes_on": opens + timedelta(days=30 if months else 7),
    }
    form = forms.WaveForm(request.POST or None, initial=initial)
    page = FormPage(
        heading=_("Ask the participants of %(event)s") % {"event": event.reference},
        send=_("Invite them"),
        back=(reverse("training:waves", args=[reference]), _("Questionnaires")),
        done=_("They are invited. Print the slips, or hand out the addresses."),
        seen=_("Answers are kept without names and codes; groups of fewer than five are hidden."),
    )
    return form_page(
        request,
        page,
        form,
        lambda given: actions.open_wave(
            request.actor,
            reference,
            InstrumentKind(given["kind"]),
            months=given["months"],
            opens_on=given["opens_on"],
            closes_on=given["closes_on"],
        ),
        lambda made: reverse("training:wave", args=[made.pk]),
        {"wave.days": "closes_on", "wave.twice": "months"},
    )


@require_safe
@signed_in
def wave(request: ActorRequest, pk: UUID) -> HttpResponse:
    found = queries.wave(request.actor, pk)
    runs = may_run(request.actor, found.event)
    context = {
        "wave": found,
        "figures": [each for each in (queries.response(found), queries.applied(found)) if each],
        "by_sex": queries.response_by_sex(found),
        "said": queries.said(found),
        "may_run": runs,
        "page": page_of(queries.silent(found), request) if runs else None,
        "states": forms.UnreachedForm().fields["state"].choices,  # type: ignore[attr-defined]
    }
    return render(request, "training/followup/wave.html", context)


@never_cache
@require_safe
@signed_in
def slips(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Slips with address, code and QR for those who have not answered, to print and hand out."""
    found = queries.wave(request.actor, pk)
    require_run(request.actor, found.event)
    invited = list(queries.silent(found).filter(state=queries.State.INVITED))
    rows = []
    for each, token in zip(invited, actions.tokens(invited), strict=True):
        address = request.build_absolute_uri(reverse("training:answer", args=[token]))
        picture = segno.make(address, error="m").svg_inline(scale=3, border=2)
        rows.append((each.enrolment.personal_code, token, address, picture))
    return render(request, "training/followup/slips.html", {"wave": found, "rows": rows})


@require_POST
@signed_in
def invite(request: ActorRequest, pk: UUID) -> HttpResponse:
    found = queries.wave(request.actor, pk)
    count = actions.invite_missing(request.actor, found)
    messages.success(
        request,
        ngettext(
            "%(count)d further participant was invited.",
            "%(count)d further participants were invited.",
            count,
        )
        % {"count": count},
    )
    return redirect("training:wave", pk)


@require_POST
@signed_in
def remind(request: ActorRequest, pk: UUID) -> HttpResponse:
    found = queries.wave(request.actor, pk)
    count = actions.note_reminder(request.actor, found)
    messages.success(
        request,
        ngettext(
            "%(count)d person was noted as reminded.",
            "%(count)d persons were noted as reminded.",
            count,
        )
        % {"count": count},
    )
    return redirect("training:wave-slips", pk)


@require_POST
@signed_in
def unreached(request: ActorRequest, pk: UUID, invitation: UUID) -> HttpResponse:
    found = queries.wave(request.actor, pk)
    require_run(request.actor, found.event)
    form = forms.UnreachedForm(request.POST)
    asked = queries.silent(found).filter(pk=invitation).first()
    if asked is not None and form.is_valid():
        actions.note_unreached(request.actor, asked, form.cleaned_data["state"])
        messages.success(request, _("It was noted."))
    return redirect("training:wave", pk)


@never_cache
@require_http_methods(GET_OR_POST)
# A whole class answers from one address.
@limited("survey.answer", per_minute=240, by="address")
def answer(request: ActorRequest, token: str) -> HttpResponse:
    """The page of one respondent: no account, no name; every question may be left out."""
    today = timezone.localdate()
    found = queries.invitation(actions.digest(token))
    context = {"wave": found.wave, "form": None, "refusal": None}
    try:
        actions.check_open(found, today=today)
    except RuleBroken as refusal:
        return render(request, "training/followup/answer.html", context | {"refusal": refusal})
    form = forms.AnswerForm(request.POST or None, wave=found.wave)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer(token, form.cleaned_data, language=language(), today=today)
        except RuleBroken as refusal:
            add_refusal(form, refusal)
        else:
            return redirect("training:answer", token)
    return render(
        request, "training/followup/answer.html", context | {"form": form}, status=status_of(form)
    )
