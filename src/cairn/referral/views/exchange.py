"""A referral as a file for another program, and the schema of such files."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core.errors import RuleBroken
from cairn.core.limits import limited
from cairn.oversight.rules import Purpose
from cairn.referral.actions import exchange as actions
from cairn.referral.forms.exchange import FileForm
from cairn.referral.queries import referrals as queries
from cairn.referral.rules.exchange import SCHEMA
from cairn.ui.forms import add_refusal, status_of


@require_safe
@cache_control(max_age=86_400, public=True)
def schema(request: HttpRequest) -> HttpResponse:
    """The JSON Schema of the own format; it holds no facts of anybody."""
    return JsonResponse(dict(SCHEMA), content_type="application/schema+json")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("referral.file", per_minute=10, per_hour=60, methods=("POST",))
def take_out(request: ActorRequest, code: str) -> HttpResponse:
    """Ask why; the answer to the form is the file, which is kept nowhere here."""
    found = queries.find_referral(request.actor, code)
    require(request.actor, Permission.REFERRAL_OPEN)
    form = FileForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given: dict[str, Any] = form.cleaned_data
        kind = actions.Form(given["form"])
        try:
            text = actions.take_out(
                request.actor, code, kind, Purpose(given["purpose"]), given["reason"]
            )
        except RuleBroken as refusal:
            add_refusal(form, refusal, "reason" if refusal.code == "oversight.reason" else None)
        else:
            response = HttpResponse(text, content_type="application/json; charset=utf-8")
            name = f"referral-{found.code.lower()}-{kind.value}.json"
            response["Content-Disposition"] = f'attachment; filename="{name}"'
            return response
    context = {
        "heading": _("Take the referral out as a file"),
        "send": _("Make the file"),
        "back": (found.get_absolute_url(), found.code),
        "consequences": [
            _("The file is no longer protected here. Keep it where nobody else reads it."),
            _("The person can ask who took it, and why."),
        ],
        "form": form,
    }
    return render(request, "oversight/form.html", context, status=status_of(form))
