"""Reception keys: made, handed over, taken over, taken away, destroyed by two persons."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from cairn.access.guards import recently, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core.errors import RuleBroken
from cairn.identification.actions import unit_keys as actions
from cairn.identification.forms.unit_keys import (
    ChangePassphraseForm,
    HandOverForm,
    NewPassphraseForm,
    RecoverForm,
    TakeOverForm,
)
from cairn.identification.models import ReceivingUnit, ReceptionKey
from cairn.identification.queries import receivers as unit_queries
from cairn.identification.queries import unit_keys as queries
from cairn.identification.views.triage import tries
from cairn.oversight.views.shared import FormPage, form_page
from cairn.ui.forms import add_refusal, status_of

AT = {
    "key.passphrase": "passphrase",
    "key.passphrase-weak": "passphrase",
    "key.code": "code",
    "key.handover": "code",
    "key.member": "for_user",
    "key.holds-already": "for_user",
}


def _unit_href(unit: ReceivingUnit) -> str:
    return reverse("identification:receiver", args=[unit.code])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@recently
@tries
def make(request: ActorRequest, code: str) -> HttpResponse:
    """Make a key for a unit; the recovery code is shown on this one answer."""
    unit = unit_queries.find_receiver(request.actor, code)
    require(request.actor, Permission.RECEIVER_MANAGE, within=unit)
    page = FormPage(
        heading=_("Make a key for the unit"),
        send=_("Make the key"),
        back=(_unit_href(unit), unit.name),
        done="",
        consequences=[
            _("Phones seal to the new key from their next contact on."),
            _("You hold it, under your reading passphrase. Colleagues get it from you."),
            _("Earlier keys stay with their holders and open what was sealed to them."),
            _("You are shown a recovery code once: print or write it down, for the safe."),
            _(
                "Whoever loses passphrase and recovery code, and has no colleague who holds the"
                " key, cannot open these reports any more. Nobody else can."
            ),
        ],
    )
    return _shown_once(
        request,
        unit,
        page,
        NewPassphraseForm(request.POST or None),
        lambda given: actions.make_key(request.actor, unit, given["passphrase"])[1],
        lead=_("The key was made. This is its recovery code, for the safe of the unit:"),
        after=[
            _("It is shown once and kept nowhere here."),
            _("With it a member of the unit can open reports when every passphrase is lost."),
            _("Lay it in the safe, in an envelope that is signed across its flap."),
        ],
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@recently
@tries
def hand(request: ActorRequest, key: str) -> HttpResponse:
    """Hand a key over to a colleague; the code to be told is shown on this one answer."""
    found = _found(request, key, Permission.REPORT_OPEN)
    unit = found.receiver
    page = FormPage(
        heading=_("Hand the key over to a colleague"),
        send=_("Hand it over"),
        back=(_unit_href(unit), unit.name),
        done="",
        facts=[(_("Key"), found.pk)],
        consequences=[
            _("You are shown a code once. Tell it by mouth, not by message."),
            _("Your colleague types it within a day and chooses an own reading passphrase."),
            _("From then on both of you open what is sealed to this key."),
        ],
    )
    return _shown_once(
        request,
        unit,
        page,
        HandOverForm(request.POST or None, people=queries.candidates(unit, found)),
        lambda given: actions.hand_over(
            request.actor, key, given["passphrase"], UUID(given["for_user"])
        ),
        lead=_("Tell your colleague this code by mouth:"),
        after=[
            _("It holds for one day and for this colleague only."),
            _("Your colleague signs in, opens the page of the unit and takes the key over."),
        ],
    )


def _shown_once(
    request: ActorRequest,
    unit: ReceivingUnit,
    page: FormPage,
    form: forms.Form,
    act: Callable[[dict[str, Any]], str],
    *,
    lead: str,
    after: list[str],
) -> HttpResponse:
    """A form whose answer shows a code, which nothing keeps."""
    if request.method == "POST" and form.is_valid():
        try:
            code = act(form.cleaned_data)
        except RuleBroken as refusal:
            add_refusal(form, refusal, AT.get(refusal.code))
        else:
            told: dict[str, Any] = {
                "heading": page.heading,
                "back": page.back,
                "lead": lead,
                "code": code,
                "after": after,
            }
            return render(request, "identification/receiver_code.html", told)
    context: dict[str, Any] = {
        "heading": page.heading,
        "send": page.send,
        "back": page.back,
        "facts": page.facts,
        "consequences": page.consequences,
        "form": form,
    }
    return render(request, page.template, context, status=status_of(form))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@tries
def take(request: ActorRequest, key: str) -> HttpResponse:
    """Take over the key that a colleague handed over."""
    found = _found(request, key, Permission.REPORT_OPEN)
    unit = found.receiver
    page = FormPage(
        heading=_("Take the key over"),
        send=_("Take it over"),
        back=(_unit_href(unit), unit.name),
        done=_("You hold the key now and can open reports."),
        facts=[(_("Key"), found.pk)],
        seen=_("Colleagues see that you hold it. Nobody sees your passphrase."),
    )
    return form_page(
        request,
        page,
        TakeOverForm(request.POST or None),
        lambda given: actions.take_over(request.actor, key, given["code"], given["passphrase"]),
        lambda made: _unit_href(unit),
        AT,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@recently
@tries
def recover_copy(request: ActorRequest, key: str) -> HttpResponse:
    """Come to hold a key by the recovery code of the safe."""
    found = _found(request, key, Permission.RECEIVER_MANAGE)
    unit = found.receiver
    page = FormPage(
        heading=_("Use the recovery code"),
        send=_("Hold the key from now on"),
        back=(_unit_href(unit), unit.name),
        done=_("You hold the key now and can open reports."),
        facts=[(_("Key"), found.pk)],
        consequences=[
            _("For when every passphrase is lost. It is noted in the log that the code was used."),
            _("Lay the code back in the safe, or take it away on the page of the unit."),
        ],
    )
    return form_page(
        request,
        page,
        RecoverForm(request.POST or None),
        lambda given: actions.recover(request.actor, key, given["code"], given["passphrase"]),
        lambda made: _unit_href(unit),
        {**AT, "key.holder": "code"},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@tries
def passphrase(request: ActorRequest, code: str) -> HttpResponse:
    """Change one's reading passphrase for the keys of a unit."""
    unit = unit_queries.find_receiver(request.actor, code)
    require(request.actor, Permission.REPORT_OPEN, within=unit)
    page = FormPage(
        heading=_("Change your reading passphrase"),
        send=_("Change it"),
        back=(_unit_href(unit), unit.name),
        done=_("Your reading passphrase was changed."),
    )
    return form_page(
        request,
        page,
        ChangePassphraseForm(request.POST or None),
        lambda given: actions.change_passphrase(
            request.actor, code, given["old"], given["passphrase"]
        ),
        lambda made: _unit_href(unit),
        {**AT, "key.passphrase": "old"},
    )


@require_POST
@signed_in
@recently
def end(request: ActorRequest, key: str) -> HttpResponse:
    """Take a copy away: of a holder, or the recovery code."""
    found = _found(request, key, Permission.RECEIVER_MANAGE)
    holder = request.POST.get("holder", "")
    actions.end_holder(request.actor, key, _user(holder))
    messages.success(request, _("The copy was taken away for good."))
    return redirect(_unit_href(found.receiver))


def _user(text: str) -> UUID | None:
    """The holder that was chosen; the recovery code is called "recovery"."""
    if text == actions.RECOVERY:
        return None
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


@require_POST
@signed_in
def put_out_of_use(request: ActorRequest, key: str) -> HttpResponse:
    """Tell no phone of an earlier key any more."""
    found = _found(request, key, Permission.RECEIVER_MANAGE)
    actions.retire(request.actor, key)
    messages.success(request, _("The key is out of use. It still opens what was sealed to it."))
    return redirect(_unit_href(found.receiver))


@require_POST
@signed_in
def keep(request: ActorRequest, key: str) -> HttpResponse:
    """Say that a key is kept whose destruction was asked for."""
    found = _found(request, key, Permission.RECEIVER_MANAGE)
    actions.keep_key(request.actor, key)
    messages.success(request, _("The key is kept."))
    return redirect(_unit_href(found.receiver))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@recently
def destroy_key(request: ActorRequest, key: str) -> HttpResponse:
    """Ask that a key is destroyed, or confirm what a colleague asked."""
    found = _found(request, key, Permission.RECEIVER_MANAGE)
    unit = found.receiver
    is_asked = found.destruction_asked_by is not None
    count = queries.identities(found)
    page = FormPage(
        heading=_("Destroy the key") if is_asked else _("Ask that the key is destroyed"),
        send=_("Destroy it for good") if is_asked else _("Ask for it"),
        back=(_unit_href(unit), unit.name),
        done=(
            _("The key was destroyed.")
            if is_asked
            else _("You asked for it. A colleague has to confirm.")
        ),
        facts=[(_("Key"), found.pk)],
        consequences=[
            _("Every copy is destroyed, and the recovery code opens nothing any more."),
            _("Nobody, not even with old backups, opens with it what is still sealed to it."),
            ngettext(
                "%(count)d opened report has a name and contact that only this key opens.",
                "%(count)d opened reports have a name and contact that only this key opens.",
                count,
            )
            % {"count": count},
            _("Reports that were opened stay readable: they are sealed anew."),
            _("Two persons do this: one asks, another confirms."),
        ],
    )
    act = actions.destroy if is_asked else actions.ask_destruction
    return form_page(
        request,
        page,
        forms.Form(request.POST if request.method == "POST" else None),
        lambda given: act(request.actor, key),
        lambda made: _unit_href(unit),
    )


def _found(request: ActorRequest, key: str, permission: Permission) -> ReceptionKey:
    found = queries.find_key(request.actor, key)
    require(request.actor, permission, within=found.receiver)
    return found
