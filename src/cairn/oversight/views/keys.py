"""The keys: which there are, on what they hang, and renewing them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cairn.access.guards import needs, recently, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.oversight.actions.keys import start_renewal, zone_words
from cairn.oversight.queries import keys as queries
from cairn.oversight.tasks import ROOT
from cairn.oversight.views.shared import top_crumb


@never_cache
@require_safe
@signed_in
def keys(request: ActorRequest) -> HttpResponse:
    """Zones, versions and counts; renewals that run; what is wrong, if anything."""
    actor = request.actor
    if not actor.may_any([Permission.KEY_OPERATE, Permission.OVERSIGHT_VIEW]):
        raise PermissionDenied(Permission.KEY_OPERATE.value)
    running = [(each, _what(each.kind, each.zone)) for each in queries.running()]
    context = {
        "zones": [(each, zone_words(each.zone)) for each in queries.zones()],
        "running": running,
        "problems": queries.problems(),
        "root": queries.root(),
        "root_word": ROOT,
        "top": top_crumb(actor),
        "may_operate": actor.may(Permission.KEY_OPERATE),
    }
    return render(request, "oversight/keys.html", context)


@require_POST
@needs(Permission.KEY_OPERATE)
@recently
def renew(request: ActorRequest) -> HttpResponse:
    """Begin the renewal that was asked for."""
    start_renewal(request.actor, request.POST.get("what", "")[:40])
    messages.success(request, _("The renewal has begun; work goes on meanwhile."))
    return redirect("oversight:keys")


def _what(kind: str, zone: str) -> str:
    return _("Root key") if kind == ROOT else zone_words(zone)
