"""The link with which a provider says how a service stands: made by an editor, used by anybody."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cairn.access.guards import signed_in
from cairn.access.middleware import ActorRequest
from cairn.core.errors import RuleBroken
from cairn.core.limits import limited
from cairn.referral.actions import confirmations as actions
from cairn.referral.actions.services import require_edit
from cairn.referral.forms.services import AskForm, CapacityForm
from cairn.referral.queries import services as queries
from cairn.ui.forms import add_refusal, status_of

FORM = ("GET", "HEAD", "POST")


@never_cache
@require_http_methods(FORM)
@signed_in
@limited("service.ask", per_minute=20, per_hour=200, methods=("POST",))
def ask(request: ActorRequest, code: str) -> HttpResponse:
    """Make a link for whoever runs the service. It is shown on this answer only."""
    found = queries.find_service(request.actor, code)
    require_edit(request.actor, found)
    form = AskForm(
        request.POST if request.method == "POST" else None,
        has_mail=bool(found.email and settings.MAIL),
    )
    context = {"service": found, "form": form, "link": None, "address": ""}
    if request.method == "POST" and form.is_valid():
        site = settings.ADDRESS or request.build_absolute_uri("/").rstrip("/")
        by_mail = form.cleaned_data.get("by_mail", False)
        try:
            link = actions.ask_provider(request.actor, code, by_mail=by_mail, site=site)
        except RuleBroken as refusal:
            add_refusal(form, refusal, "by_mail")
        else:
            context |= {"link": link, "address": f"{site}{link.path}"}
    return render(request, "referral/service_ask.html", context, status=status_of(form))


@never_cache
@require_http_methods(FORM)
# An office with many services answers from one address.
@limited("service.say", per_minute=240, by="address")
def say(request: ActorRequest, token: str) -> HttpResponse:
    """What opens with the link: three answers, no account. A look at it changes nothing."""
    form = CapacityForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form, "service": None, "refusal": None, "answered": ""}
    status = 200
    try:
        found = actions.find_link(token)
        context["service"] = found.service
        if request.method == "POST" and form.is_valid():
            answered = actions.answer_link(request.actor, token, form.cleaned_data["capacity"])
            context["answered"] = answered.get_answer_display()
    except RuleBroken as refusal:
        context["refusal"], status = refusal, 410
    if status == 200:
        status = status_of(form)
    response = render(request, "referral/service_say.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response
