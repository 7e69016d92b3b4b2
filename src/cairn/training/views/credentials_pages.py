"""Certificates as staff see them: those of an event, and one; by code, names for a reason."""

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core import clock
from cairn.core.errors import RuleBroken
from cairn.core.limits import limited
from cairn.oversight.record_forms import ReadForm
from cairn.oversight.views.showing import Shown, shown
from cairn.training.actions.credentials_print import open_names
from cairn.training.actions.steps import may_run, require_run
from cairn.training.models import Credential, TrainingEvent
from cairn.training.openbadges.checking import Verdict
from cairn.training.queries import credentials as queries
from cairn.training.rules.states import DELIVERED, CredentialState, EventState
from cairn.training.views.credentials_check import SAID
from cairn.ui.forms import add_refusal, status_of

_OPENS = limited("credential.open", per_minute=20, per_hour=200)


@never_cache
@require_safe
@signed_in
def of_event(request: ActorRequest, reference: str) -> HttpResponse:
    """Who of an event has which certificate, and who is due one. By code."""
    return _event_page(request, _event(request, reference), ReadForm())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@_OPENS
def open_event(request: ActorRequest, reference: str) -> HttpResponse:
    """The same with the names that stand on the certificates, on this one answer."""
    event = _event(request, reference)
    if request.method != "POST":
        return redirect("training:credentials", reference=reference)
    form = ReadForm(request.POST)
    names: dict[UUID, Shown] = {}
    if form.is_valid():
        rows = [row for row in queries.of_event(request.actor, event) if row.name_form]
        try:
            opened = open_names(request.actor, rows, form.cleaned_data["reason"])
        except RuleBroken as refusal:
            add_refusal(form, refusal, "reason")
        else:
            names = {each.record.pk: shown(each)[0] for each in opened}
    return _event_page(request, event, form, names)


def _event(request: ActorRequest, reference: str) -> TrainingEvent:
    event = TrainingEvent.objects.visible_to(request.actor).get(reference=reference)
    require_run(request.actor, event)
    return event


def _event_page(
    request: ActorRequest,
    event: TrainingEvent,
    form: ReadForm,
    names: Mapping[UUID, Shown] | None = None,
) -> HttpResponse:
    now, language = clock.now(), get_language() or "en"
    held = [
        {
            "credential": row,
            "said": SAID[queries.verdict_of(row, now=now)],
            "name": queries.texts_of(row.type, language)[0],
            "holder": (names or {}).get(row.pk),
        }
        for row in queries.of_event(request.actor, event)
    ]
    lines = queries.lines(event)
    place = (event.organisation_id, None, event.country, event.area)
    context = {
        "event": event,
        "held": held,
        "lines": [line for line in lines if line.due or not line.held],
        "waiting": sum(1 for line in lines if line.due),
        "printable": sum(1 for each in held if each["said"] is SAID[Verdict.VALID]),
        "may_issue": request.actor.may_within(Permission.CREDENTIAL_ISSUE, *place),
        "is_delivered": EventState(event.state) in DELIVERED,
        "form": form,
        "are_named": bool(names),
    }
    return render(request, "training/credentials/event.html", context, status=status_of(form))


@never_cache
@require_safe
@signed_in
def credential(request: ActorRequest, code: str) -> HttpResponse:
    """One certificate: what it says, what it is worth today, and its history."""
    return _page(request, queries.find(request.actor, code), ReadForm())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@_OPENS
def open_one(request: ActorRequest, code: str) -> HttpResponse:
    """The same with the name that stands on it, on this one answer."""
    found = queries.find(request.actor, code)
    if request.method != "POST":
        return redirect(found)
    form = ReadForm(request.POST)
    opened: list[Shown] | None = None
    if form.is_valid():
        try:
            opened = shown(open_names(request.actor, [found], form.cleaned_data["reason"])[0])
        except RuleBroken as refusal:
            add_refusal(form, refusal, "reason")
    return _page(request, found, form, opened)


def _page(
    request: ActorRequest, found: Credential, form: ReadForm, opened: list[Shown] | None = None
) -> HttpResponse:
    name, criteria = queries.texts_of(found.type, get_language() or "en")
    place = (found.organisation_id, None, found.country)
    after = Credential.objects.visible_to(request.actor).filter(successor_of=found).first()
    may_issue = request.actor.may_within(Permission.CREDENTIAL_ISSUE, *place)
    context = {
        "credential": found,
        "verdict": SAID[queries.verdict_of(found, now=clock.now())],
        "name": name,
        "criteria": criteria,
        "title": queries.title_of(found),
        "sees_event": found.event is not None and may_run(request.actor, found.event),
        "successor": after,
        "history": queries.history(found, request.actor),
        "decisions": _decisions(request, found),
        "may_follow": may_issue and after is None,
        "is_issued": found.state == CredentialState.ISSUED,
        "is_revoked": found.state == CredentialState.REVOKED,
        "may_open": request.actor.may(Permission.TRAINEE_OPEN)
        or request.actor.may(Permission.EVENT_RUN),
        "is_erased": found.practitioner.erased_on is not None,
        "parts": [(_("Name as certified"), bool(found.name_form))],
        "form": form,
        "opened": opened,
    }
    return render(request, "training/credentials/credential.html", context, status=status_of(form))


def _decisions(request: ActorRequest, found: Credential) -> list[tuple[str, str]]:
    """(address, words) of what may be decided about it now."""
    place = (found.organisation_id, None, found.country)
    if not request.actor.may_within(Permission.CREDENTIAL_REVOKE, *place):
        return []
    possible = {
        CredentialState.ISSUED: ("suspend", "revoke"),
        CredentialState.SUSPENDED: ("reinstate", "revoke"),
        CredentialState.SUPERSEDED: ("revoke",),
        CredentialState.REVOKED: (),
    }[CredentialState(found.state)]
    words = {"suspend": _("Suspend"), "reinstate": _("Reinstate"), "revoke": _("Revoke")}
    return [
        (reverse(f"training:credential-{name}", args=[found.code]), words[name])
        for name in possible
    ]
