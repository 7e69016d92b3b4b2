"""Phones at the desk of a supervisor: the list, one phone, inviting, revoking, alerts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import segno
from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.access.guards import needs, recently, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core import clock
from cairn.core.errors import RuleBroken
from cairn.core.limits import limited
from cairn.field import certificates, shipped
from cairn.field.forms.devices import InviteForm, RevokeForm
from cairn.identification.actions import devices as actions
from cairn.identification.models import Device
from cairn.identification.queries import devices as queries
from cairn.identification.rules import devices as rules
from cairn.identification.rules.choices import RevokeReason, WorkerProfile
from cairn.identification.subjects import DEVICE, OFFICER
from cairn.identification.wording import SENTENCES
from cairn.oversight.queries import records as record_queries
from cairn.oversight.record_forms import OpenForm
from cairn.oversight.rules import Purpose
from cairn.oversight.views import records
from cairn.oversight.views.shared import FormPage, form_page, named
from cairn.oversight.views.showing import Shown, shown
from cairn.ui.forms import add_refusal, status_of
from cairn.ui.pages import page_of

FORM = ("GET", "HEAD", "POST")
FIELDS = {
    "device.receiver": "receiver",
    "device.mission": "receiver",
    "device.area": "area",
    "device.certificate": "certificate",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One phone of the list. `ends_soon`: without contact it ends within three days."""

    device: Device
    state: rules.DeviceState
    profile: str
    ends_soon: bool
    is_old_build: bool


@never_cache
@require_safe
@needs(Permission.DEVICE_VIEW)
def devices(request: ActorRequest) -> HttpResponse:
    """Phones by code; whose they are stays sealed. Alerts stand on top."""
    now = clock.now()
    filters = queries.Filters.from_query(request.GET)
    page = page_of(queries.devices(request.actor, filters, now=now), request)
    context = {
        "filters": filters,
        "page": page,
        "states": list(rules.DeviceState),
        "profiles": list(WorkerProfile),
        "lines": [_line(each, now) for each in page],
        "alerts": queries.open_alerts(request.actor),
        "may_manage": request.actor.may(Permission.DEVICE_MANAGE),
    }
    return render(request, "field/devices.html", context)


def _line(device: Device, now: datetime) -> Line:
    dates = queries.dates_of(device)
    return Line(
        device,
        rules.state_of(dates, now=now),
        str(WorkerProfile(device.profile).label),
        rules.ends_soon(dates, now=now),
        bool(device.app) and device.app != shipped.build(),
    )


@never_cache
@require_safe
@needs(Permission.DEVICE_VIEW)
@limited("device.find", per_minute=30)
def find(request: ActorRequest) -> HttpResponse:
    """From a code, as people type it, to its phone. Names cannot be searched."""
    if code := queries.code_of(request.actor, request.GET.get("code", "")):
        return redirect("field:device", code=code)
    messages.warning(request, _("There is no phone with this code for you to see."))
    return redirect("field:devices")


@never_cache
@require_safe
@signed_in
def device(request: ActorRequest, code: str) -> HttpResponse:
    """One phone: where it stands, its alerts, what was done with it."""
    return _page(request, queries.find(request.actor, code), OpenForm())


@never_cache
@require_http_methods(FORM)
@signed_in
@limited("device.open", per_minute=20, per_hour=60)
def open_officer(request: ActorRequest, code: str) -> HttpResponse:
    """The name behind a code, on this one answer, which nothing keeps."""
    found = queries.find(request.actor, code)
    if request.method != "POST":
        return redirect("field:device", code=code)
    form = OpenForm(request.POST)
    parts = None
    if form.is_valid():
        given = form.cleaned_data
        try:
            opened = actions.open_officer(
                request.actor, code, Purpose(given["purpose"]), given["reason"]
            )
        except RuleBroken as refusal:
            add_refusal(form, refusal, "reason")
        else:
            parts = shown(opened)
    return _page(request, found, form, parts)


def _page(
    request: ActorRequest, found: Device, form: OpenForm, opened: list[Shown] | None = None
) -> HttpResponse:
    now = clock.now()
    dates = queries.dates_of(found)
    state = rules.state_of(dates, now=now)
    alerts = queries.alerts_of(found)
    who = named(each.seen_by for each in alerts)
    place = (found.organisation_id, found.unit_id, found.country, found.area)
    may_manage = request.actor.may_within(Permission.DEVICE_MANAGE, *place)
    context: dict[str, Any] = {
        "device": found,
        "state": state,
        "ends_soon": rules.ends_soon(dates, now=now),
        "is_current_build": found.app == shipped.build(),
        "profile": WorkerProfile(found.profile).label,
        "area": dict(found.receiver.areas).get(found.area, found.area),
        "revoked_for": RevokeReason(found.revoked_for).label if found.revoked_for else "",
        "alerts": [
            {
                "pk": each.pk,
                "at": each.at,
                "answered_at": each.seen_at,
                "answered_by": who(each.seen_by),
            }
            for each in alerts
        ],
        "may_manage": may_manage,
        "may_invite_again": may_manage
        and state in {rules.DeviceState.INVITED, rules.DeviceState.LAPSED},
        "may_renew": may_manage and state in {rules.DeviceState.IN_USE, rules.DeviceState.SILENT},
        "may_revoke": may_manage and state != rules.DeviceState.REVOKED,
        "parts": [(label, bool(getattr(found, name))) for name, label in OFFICER.items()],
        "form": form,
        "opened": opened,
        **records.page_parts(request.actor, DEVICE, found, SENTENCES),
    }
    return render(request, "field/device.html", context, status=status_of(form))


@never_cache
@require_http_methods(FORM)
@needs(Permission.DEVICE_MANAGE)
@recently
@limited("device.invite", per_hour=60, methods=("POST",))
def invite(request: ActorRequest) -> HttpResponse:
    """Make a place for a phone. The answer shows the one-time code, this once."""
    receivers = queries.receivers(request.actor)
    form = InviteForm(
        request.POST or None,
        places=record_queries.places(request.actor, Permission.DEVICE_MANAGE),
        receivers=receivers,
    )
    if request.method == "POST" and form.is_valid():
        try:
            facts = form.facts(_generation(form.cleaned_data["certificate"]))
            made, code = actions.invite(request.actor, form.chosen_receiver(), facts)
        except RuleBroken as refusal:
            add_refusal(form, refusal, FIELDS.get(refusal.code))
        else:
            return _invitation(request, made, code)
    context = {
        "heading": _("Invite a phone"),
        "lead": _("The officer types a code into the app, or scans it. It works once."),
        "send": _("Invite"),
        "back": (reverse("field:devices"), _("Phones")),
        "seen": _("Colleagues who look after phones see all but the name, which is sealed."),
        "form": form,
        "has_receivers": bool(receivers),
    }
    return render(request, "field/device_invite.html", context, status=status_of(form))


def _generation(typed: str) -> int | None:
    """Generation of the certificate that was typed. Raises RuleBroken ("device.certificate")."""
    if not typed.strip():
        return None
    found = certificates.shown(typed, now=clock.now())
    if found is None:
        raise RuleBroken(
            "device.certificate",
            _("No certificate that counts today has this code."),
            _("Look at the code again, or leave it out."),
        )
    return found.generation


@never_cache
@require_http_methods(FORM)
@signed_in
@recently
@limited("device.invite", per_hour=60, methods=("POST",))
def invite_again(request: ActorRequest, code: str) -> HttpResponse:
    """A new code for a place that no phone has taken."""
    found = _managed(request, code)
    form = forms.Form(request.POST or None)
    if request.method == "POST":
        try:
            made, fresh = actions.invite_again(request.actor, code)
        except RuleBroken as refusal:
            add_refusal(form, refusal)
        else:
            return _invitation(request, made, fresh)
    context = {
        "heading": _("Make a new code"),
        "send": _("Make a new code"),
        "back": (reverse("field:device", args=[code]), found.code),
        "facts": [(_("Phone"), found.code)],
        "consequences": [_("The code before does not work any more.")],
        "form": form,
    }
    return render(request, "oversight/form.html", context, status=status_of(form))


def _invitation(request: ActorRequest, made: Device, code: str) -> HttpResponse:
    """The one-time code with its picture, shown on this one answer."""
    # What stands behind the number sign never leaves the phone: it is no part of a request.
    address = f"{request.build_absolute_uri(reverse('field:app'))}#{code}"
    context = {"device": made, "code": code, "address": address, "picture": _picture(address)}
    return render(request, "field/device_code.html", context)


def _picture(address: str) -> SafeString:
    # Cameras want dark on white, whatever the theme of the page.
    code = segno.make_qr(address, error="m")
    drawn = code.svg_inline(border=4, omitsize=True, dark="black", light="white")
    return mark_safe(drawn)  # noqa: S308 - drawn by us, from an address that we wrote


@never_cache
@require_http_methods(FORM)
@signed_in
@recently
def revoke(request: ActorRequest, code: str) -> HttpResponse:
    """End a phone that is lost, taken, or not used any more."""
    found = _managed(request, code)
    page = FormPage(
        heading=_("Revoke a phone"),
        send=_("Revoke this phone"),
        back=(reverse("field:device", args=[code]), found.code),
        done=_("The phone is revoked."),
        facts=[(_("Phone"), found.code)],
        consequences=[
            _("When it next gets in touch, it wipes its keys, drafts and directory."),
            _("Reports that it has sealed still arrive; they are held until somebody looks."),
            _("A phone that never gets in touch again ends by itself on its last day."),
            _("This cannot be taken back. A phone that is found is invited anew."),
        ],
    )
    return form_page(
        request,
        page,
        RevokeForm(request.POST or None),
        lambda given: actions.revoke(request.actor, code, RevokeReason(given["reason"])),
        lambda made: reverse("field:device", args=[made.code]),
    )


@require_POST
@signed_in
def renew(request: ActorRequest, code: str) -> HttpResponse:
    """Let a phone work on: its officer was reached by another way."""
    actions.renew(request.actor, code)
    messages.success(request, _("The phone works on from today."))
    return redirect("field:device", code=code)


@require_POST
@signed_in
def answer_alert(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Say that one looks after an officer who does not feel safe."""
    alert = actions.answer_alert(request.actor, pk)
    messages.success(request, _("You answered the alert. Reach the officer by a safe way now."))
    return redirect("field:device", code=alert.device.code)


def _managed(request: ActorRequest, code: str) -> Device:
    found = queries.find(request.actor, code)
    require(request.actor, Permission.DEVICE_MANAGE, within=found)
    return found
