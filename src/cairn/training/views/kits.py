"""Kits: the list, one kit, enrolling it, taking an event along, calling one back."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import needs, recently
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core.errors import RuleBroken
from cairn.core.limits import limited
from cairn.oversight.views.shared import FormPage, form_page
from cairn.training.actions import kits as actions
from cairn.training.actions import kits_keys
from cairn.training.forms.kits import EnrolForm, ReasonForm, TakeForm
from cairn.training.models import Kit, KitCheckout
from cairn.training.queries import kits as queries
from cairn.training.rules.kits_words import clock_sentence
from cairn.ui.forms import add_refusal, status_of
from cairn.ui.pages import page_of

FORM = ("GET", "HEAD", "POST")
BUNDLE_TYPE = "application/octet-stream"


@never_cache
@require_safe
@needs(Permission.KIT_OPERATE)
def kits(request: ActorRequest) -> HttpResponse:
    page = page_of(queries.kits(request.actor), request)
    context = {"page": page, "is_kit": bool(queries.carried())}
    return render(request, "training/kits/kits.html", context)


@never_cache
@require_http_methods(FORM)
@needs(Permission.KIT_OPERATE)
@recently
@limited("kit.enrol", per_hour=60, methods=("POST",))
def enrol(request: ActorRequest) -> HttpResponse:
    """Take a laptop in, by the card that it prints and the mark on its screen."""
    page = FormPage(
        heading=_("Enrol a kit"),
        lead=_(
            "On the laptop, run “./cairn kit init”. It shows a card to copy here, and a mark that "
            "you read from its screen."
        ),
        send=_("Enrol this kit"),
        back=(reverse("training:kits"), _("Event kits")),
        done=_("The kit is enrolled. Now an event can be checked out to it."),
        seen=_("Colleagues who work with kits see its label, its code and what is on it."),
    )
    return form_page(
        request,
        page,
        EnrolForm(request.actor, request.POST or None),
        lambda given: actions.enrol_kit(
            request.actor, given["organisation"], given["label"], given["card"], given["mark"]
        ),
        lambda made: reverse("training:kit", args=[made.code]),
        {"kits.card": "card", "kits.mark": "mark", "kits.label": "label", "kits.known": "card"},
    )


@never_cache
@require_safe
@needs(Permission.KIT_OPERATE)
def kit(request: ActorRequest, code: str) -> HttpResponse:
    """One kit: whether it is trusted, what is on it, what was."""
    found = _kit(request, code)
    checkouts = queries.checkouts_of(request.actor, found)
    error = found.offset_seconds
    context = {
        "kit": found,
        "mark": kits_keys.mark_of(found.recipient, found.verifier),
        "clock": clock_sentence(round(error / 60), round(error / 60)) if error else "",
        "out": [each for each in checkouts if each.state == queries.OUT],
        "past": [each for each in checkouts if each.state != queries.OUT],
        "history": queries.history(request.actor, found),
    }
    return render(request, "training/kits/kit.html", context)


@never_cache
@require_http_methods(FORM)
@needs(Permission.KIT_OPERATE)
@recently
def revoke(request: ActorRequest, code: str) -> HttpResponse:
    found = _kit(request, code)
    page = FormPage(
        heading=_("Revoke a kit"),
        send=_("Revoke this kit"),
        back=_back(found),
        done=_("The kit is revoked."),
        facts=[(_("Kit"), f"{found.code} · {found.label}")],
        consequences=[
            _("Nothing is checked out to this laptop any more, and what it brings is refused."),
            _("Events that are on it are called back, and can be edited here again."),
            _("What is on the laptop stays readable to whoever can sign in there."),
        ],
    )
    return form_page(
        request,
        page,
        ReasonForm(request.POST or None),
        lambda given: actions.revoke_kit(request.actor, code, given["reason"]),
        lambda made: reverse("training:kit", args=[made.code]),
        {"kits.reason": "reason"},
    )


@never_cache
@require_http_methods(FORM)
@needs(Permission.KIT_OPERATE)
@recently
@limited("kit.check-out", per_hour=30, methods=("POST",))
def check_out(request: ActorRequest, code: str) -> HttpResponse:
    """First which event, then a list of what would leave, then the bundle as a file."""
    found = _kit(request, code)
    reference = request.GET.get("event", "")
    events = queries.events_to_take(request.actor)
    chosen = next((each for each in events if each.reference == reference), None)
    form = TakeForm(request.POST if chosen is not None and request.method == "POST" else None)
    if chosen is not None and form.is_valid():
        try:
            out = actions.check_out(request.actor, code, chosen.reference, **form.cleaned_data)
        except RuleBroken as refusal:
            add_refusal(form, refusal, _field_of(refusal))
        else:
            return file_response(out.content, out.filename)
    context = {
        "kit": found,
        "events": events,
        "chosen": chosen,
        "leaving": queries.what_leaves(chosen) if chosen is not None else None,
        "form": form,
    }
    return render(request, "training/kits/check_out.html", context, status=status_of(form))


@never_cache
@require_safe
@needs(Permission.KIT_OPERATE)
def checkout(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One time that an event was on a kit: the mark to compare, what came back."""
    found = checkout_found(request, pk)
    is_out = found.state == queries.OUT
    context = {
        "checkout": found,
        "mark": kits_keys.card(kits_keys.home_identity(found.pk)).mark if is_out else "",
        "returns": queries.returns_of(found),
        "is_out": is_out,
        "may_return": found.state != "recalled" and found.kit.revoked_at is None,
    }
    return render(request, "training/kits/checkout.html", context)


@never_cache
@require_http_methods(FORM)
@needs(Permission.KIT_OPERATE)
@recently
@limited("kit.check-out", per_hour=30, methods=("POST",))
def again(request: ActorRequest, pk: UUID) -> HttpResponse:
    """The bundle once more, where the file was lost on its way to the kit."""
    found = checkout_found(request, pk)
    form = TakeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            out = actions.write_again(request.actor, pk, **form.cleaned_data)
        except RuleBroken as refusal:
            add_refusal(form, refusal, _field_of(refusal))
        else:
            return file_response(out.content, out.filename)
    context: dict[str, Any] = {
        "heading": _("Make the bundle again"),
        "send": _("Make the bundle"),
        "back": (reverse("training:kit-checkout", args=[pk]), found.event.reference),
        "lead": _("For the same kit only, and only while the event is on it."),
        "form": form,
    }
    return render(request, "oversight/form.html", context, status=status_of(form))


@never_cache
@require_http_methods(FORM)
@needs(Permission.KIT_OPERATE)
@recently
def recall(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Call an event back from a kit that is lost or late."""
    found = checkout_found(request, pk)
    page = FormPage(
        heading=_("Recall an event"),
        send=_("Recall this event"),
        back=(reverse("training:kit-checkout", args=[pk]), found.event.reference),
        done=_("The event is kept here again."),
        facts=[
            (_("Event"), found.event.reference),
            (_("Kit"), f"{found.kit.code} · {found.kit.label}"),
        ],
        consequences=[
            _("The event can be edited here again."),
            _("Whatever the kit brings of it later is refused."),
            _("What was done on the kit since its last bundle has to be entered by hand."),
        ],
    )
    return form_page(
        request,
        page,
        ReasonForm(request.POST or None),
        lambda given: actions.recall(request.actor, pk, given["reason"]),
        lambda made: reverse("training:kit-checkout", args=[made.pk]),
        {"kits.reason": "reason"},
    )


def checkout_found(request: ActorRequest, pk: UUID) -> KitCheckout:
    """A checkout of the reader's. Raises KitCheckout.DoesNotExist, PermissionDenied."""
    rows = KitCheckout.objects.visible_to(request.actor).select_related("kit", "event")
    found: KitCheckout = rows.get(pk=pk)
    require(request.actor, Permission.KIT_OPERATE, within=found)
    return found


def _kit(request: ActorRequest, code: str) -> Kit:
    found: Kit = Kit.objects.visible_to(request.actor).select_related("organisation").get(code=code)
    return found


def _back(found: Kit) -> tuple[str, str]:
    return reverse("training:kit", args=[found.code]), found.code


def _field_of(refusal: RuleBroken) -> str | None:
    fields = {
        "kits.reason": "reason",
        "oversight.reason": "reason",
        "kits.too-many": "with_names",
    }
    return fields.get(refusal.code)


def file_response(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=BUNDLE_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
