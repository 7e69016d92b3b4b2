"""Where people are protected: sealed by few, opened with a reason, on a page of its own."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cairn.access.guards import signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core.errors import RuleBroken
from cairn.core.limits import limited
from cairn.oversight.record_forms import OpenForm
from cairn.oversight.rules import Purpose
from cairn.oversight.views import records
from cairn.oversight.views.shared import FormPage, form_page
from cairn.oversight.views.showing import Shown, shown
from cairn.referral.actions import secret_places as actions
from cairn.referral.forms.access_points import ConfirmForm
from cairn.referral.forms.services import LocationForm
from cairn.referral.models.services import ProtectedLocation
from cairn.referral.queries import services as queries
from cairn.referral.subjects.directory import LOCATION, SEALED_PLACE
from cairn.referral.wording import SENTENCES
from cairn.ui.forms import add_refusal, status_of

FORM = ("GET", "HEAD", "POST")


@never_cache
@require_http_methods(FORM)
@signed_in
def create(request: ActorRequest, code: str) -> HttpResponse:
    """Seal where a service protects people."""
    require(request.actor, Permission.LOCATION_OPEN)
    found = queries.find_service(request.actor, code)
    page = FormPage(
        heading=_("Where people are protected"),
        send=_("Seal it"),
        back=(found.get_absolute_url(), found.name),
        done=_("The place was sealed."),
        consequences=[
            _("It is sealed with a key of its own, and leaves in no file."),
            _("An earlier place of this service goes out of use."),
            _("The same words are refused in fields that others read."),
        ],
        seen=_("Few people here may open it, each time with a reason that is kept."),
    )
    return form_page(
        request,
        page,
        LocationForm(request.POST or None),
        lambda given: actions.enter_location(
            request.actor, code, given["address"], given["contact"]
        ),
        lambda made: made.get_absolute_url(),
        {"location.address": "address"},
    )


@never_cache
@require_http_methods(FORM)
@signed_in
@limited("location.open", per_minute=10, per_hour=60, methods=("POST",))
def location(request: ActorRequest, code: str) -> HttpResponse:
    """One sealed place; a reason opens it on this one answer, which nothing keeps."""
    found = queries.find_location(request.actor, code)
    form = OpenForm(request.POST or None)
    parts: list[Shown] | None = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            opened = actions.open_location(
                request.actor, code, Purpose(given["purpose"]), given["reason"]
            )
        except RuleBroken as refusal:
            add_refusal(form, refusal, "reason")
        else:
            parts = shown(opened)
    return _page(request, found, form, parts)


def _page(
    request: ActorRequest, found: ProtectedLocation, form: OpenForm, opened: list[Shown] | None
) -> HttpResponse:
    parts = records.page_parts(request.actor, LOCATION, found, SENTENCES)
    context: dict[str, Any] = {
        "place": found,
        "service": found.service,
        "parts": [(label, bool(getattr(found, name))) for name, label in SEALED_PLACE.items()],
        "form": form,
        "opened": opened,
        **parts,
    }
    return render(request, "referral/location.html", context, status=status_of(form))


@never_cache
@require_http_methods(FORM)
@signed_in
def close(request: ActorRequest, code: str) -> HttpResponse:
    """Say that nobody is protected there any more."""
    found = queries.find_location(request.actor, code)
    require(request.actor, Permission.LOCATION_OPEN, within=found)
    if found.closed_at is not None:
        return redirect(found)
    page = FormPage(
        heading=_("Place out of use"),
        send=_("Nobody is protected there"),
        back=(found.get_absolute_url(), found.code),
        done=_("The place is out of use."),
        consequences=[
            _("It can be opened for ninety days still; then its key is to be destroyed."),
        ],
    )
    return form_page(
        request,
        page,
        ConfirmForm(request.POST if request.method == "POST" else None),
        lambda given: actions.close_location(request.actor, code),
        lambda made: made.get_absolute_url(),
    )
