"""What needs me now: the first page of a caseworker, a supervisor and a focal point."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cairn.access.guards import signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.referral.queries import today as queries
from cairn.referral.queries.today_lines import MOST

# Whoever has one of these has something that can wait for them here.
WORK = (Permission.REFERRAL_VIEW, Permission.PERSON_VIEW)


@never_cache
@require_safe
@signed_in
def today(request: ActorRequest) -> HttpResponse:
    """Groups of what waits, with clocks; each line leads to where it is done."""
    if not request.actor.may_any(WORK):
        raise PermissionDenied(Permission.REFERRAL_VIEW.value)
    context = {
        "groups": queries.today(request.actor),
        "most": MOST,
        "may_search": request.actor.may(Permission.REFERRAL_VIEW),
        "sends": request.actor.may(Permission.REFERRAL_SEND),
        "may_open": request.actor.may(Permission.PERSON_OPEN),
    }
    return render(request, "referral/today.html", context)
