"""Who has which role: given, confirmed by a second person, and ended."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.access.actions import confirm_role, end_role, grant_role
from cairn.access.actions.memberships import Place
from cairn.access.forms import RoleForm
from cairn.access.guards import needs, recently
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.access.queries import held_roles, people
from cairn.access.roles import LABELS
from cairn.core.errors import RuleBroken
from cairn.ui.forms import add_refusal, status_of
from cairn.ui.pages import page_of


@never_cache
@require_safe
@needs(Permission.ROLE_VIEW)
def people_list(request: ActorRequest) -> HttpResponse:
    """Accounts with their roles; `?waiting=1` shows those that a second person has to confirm."""
    words = request.GET.get("q", "")[:80]
    waiting = request.GET.get("waiting") == "1"
    page = page_of(people(request.actor, words, waiting=waiting), request)
    context = {
        "page": page,
        "rows": held_roles(request.actor, page.rows, today=timezone.localdate()),
        "words": words,
        "waiting": waiting,
        "may_grant": request.actor.may(Permission.ROLE_GRANT),
        "may_confirm": request.actor.may(Permission.ROLE_CONFIRM),
    }
    return render(request, "access/people.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.ROLE_GRANT)
@recently
def grant(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Give a role to a person; some wait until a second person confirms them."""
    person = people(request.actor).get(pk=pk)
    form = RoleForm(request.actor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        place = Place(given["organisation"], given["unit"], given["country"], given["area"])
        try:
            made = grant_role(
                request.actor,
                person.pk,
                given["role"],
                place,
                starts_on=given["starts_on"],
                ends_on=given["ends_on"],
            )
        except RuleBroken as refusal:
            add_refusal(
                form, refusal, {"role.dates": "ends_on", "role.place": "unit"}.get(refusal.code)
            )
        else:
            if made.confirmed_at is None:
                messages.success(request, _("The role waits until a second person confirms it."))
            else:
                messages.success(request, _("The role is given."))
            return redirect("access:people")
    return render(
        request, "access/grant.html", {"form": form, "person": person}, status=status_of(form)
    )


@require_POST
@needs(Permission.ROLE_CONFIRM)
@recently
def confirm(request: ActorRequest, pk: int) -> HttpResponse:
    """Agree, as a second person, that somebody gets a role."""
    made = confirm_role(request.actor, pk)
    messages.success(request, _("Confirmed: %(role)s.") % {"role": LABELS[made.role]})
    return redirect("access:people")


@require_POST
@needs(Permission.ROLE_GRANT)
@recently
def end(request: ActorRequest, pk: int) -> HttpResponse:
    """End a role; it gives nothing from this moment on."""
    ended = end_role(request.actor, pk, today=timezone.localdate())
    messages.success(request, _("Ended: %(role)s.") % {"role": LABELS[ended.role]})
    return redirect("access:people")
