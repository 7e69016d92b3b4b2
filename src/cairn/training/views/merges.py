"""Pages about possible doubles: the list, a pair side by side, joining, parting."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import needs
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core.errors import RuleBroken
from cairn.core.limits import limited
from cairn.oversight.views.shared import FormPage, form_page
from cairn.training.actions import merges as actions
from cairn.training.forms.people import JoinForm, ReasonForm
from cairn.training.models import Practitioner
from cairn.training.queries import duplicates as queries
from cairn.training.rules.sameness import Sameness
from cairn.ui.forms import add_refusal, status_of
from cairn.ui.pages import page_of

AT = {
    "merge.fields": "keep",
    "merge.same": "keep",
    "merge.reason": "reason",
    "oversight.reason": "reason",
}


@never_cache
@require_safe
@needs(Permission.TRAINEE_EDIT)
def doubles(request: ActorRequest) -> HttpResponse:
    """Pairs that agree in two fields, the likeliest first. No name is opened for it."""
    page = page_of(queries.pairs(request.actor), request)
    return render(request, "training/people/duplicates.html", {"page": page})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.TRAINEE_EDIT)
@limited("trainee.open", per_minute=20, per_hour=200, methods=("POST",))
def pair(request: ActorRequest, left: str, right: str) -> HttpResponse:
    """Two records side by side. Joining opens and compares both names, with a reason."""
    both = queries.find_pair(request.actor, left, right)
    for each in both:
        require(request.actor, Permission.TRAINEE_EDIT, within=each)
    form = JoinForm(request.POST or None, codes=[each.code for each in both])
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        kept, merged = (left, right) if given["keep"] == left else (right, left)
        try:
            if "compare" in request.POST:
                found, opened = actions.compare_opened(request.actor, *both, given["reason"])
                return _page(request, both, form, found, opened)
            actions.merge_people(request.actor, kept, merged, given["reason"])
        except RuleBroken as refusal:
            add_refusal(form, refusal, AT.get(refusal.code))
        else:
            messages.success(
                request, _("The two records are one now. It can be undone on this page.")
            )
            return redirect("training:person", code=kept)
    return _page(request, both, form, queries.sameness_of(*both))


def _page(
    request: ActorRequest,
    both: tuple[Practitioner, Practitioner],
    form: JoinForm,
    found: Sameness,
    opened: list[Any] | None = None,
) -> HttpResponse:
    facts = queries.facts_of(list(both))
    values = [each.values for each in opened] if opened else [{}, {}]
    context = {
        "left": both[0],
        "right": both[1],
        "sides": [
            {
                "person": each,
                "has_number": bool(facts[each.pk].identifiers),
                "name": str(value.get("name") or ""),
                "name_latin": str(value.get("name_latin") or ""),
            }
            for each, value in zip(both, values, strict=True)
        ],
        "sameness": found,
        "form": form,
        "is_opened": bool(opened),
    }
    return render(request, "training/people/pair.html", context, status=status_of(form))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.TRAINEE_EDIT)
def apart(request: ActorRequest, left: str, right: str) -> HttpResponse:
    """Decide that two records are two people."""
    both = queries.find_pair(request.actor, left, right)
    for each in both:
        require(request.actor, Permission.TRAINEE_EDIT, within=each)
    page = FormPage(
        heading=_("Two different people"),
        send=_("Keep them apart"),
        back=(reverse("training:pair", args=[left, right]), _("Possible doubles")),
        done=_("The pair is not offered again."),
        facts=[(_("Records"), f"{left}, {right}")],
    )
    return form_page(
        request,
        page,
        ReasonForm(request.POST or None),
        lambda given: actions.keep_apart(request.actor, left, right, given["reason"]),
        lambda _made: reverse("training:duplicates"),
        AT,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.TRAINEE_EDIT)
def undo(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Part two records that were joined; each gets back exactly what was its own."""
    found = queries.find_decision(request.actor, pk)
    for each in (found.kept, found.merged):
        require(request.actor, Permission.TRAINEE_EDIT, within=each)
    page = FormPage(
        heading=_("Undo the joining"),
        send=_("Part the two records"),
        back=(found.kept.get_absolute_url(), found.kept.code),
        done=_("The two records are apart again, each with what was its own."),
        facts=[(_("Kept"), found.kept.code), (_("Joined into it"), found.merged.code)],
    )
    return form_page(
        request,
        page,
        ReasonForm(request.POST or None),
        lambda given: actions.undo_merge(request.actor, pk, given["reason"]),
        lambda made: made.kept.get_absolute_url(),
        AT,
    )
