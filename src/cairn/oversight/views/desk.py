"""The desk: what needs the data-protection officer now."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cairn.access.guards import needs
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission


@never_cache
@require_safe
@needs(Permission.OVERSIGHT_VIEW)
def desk(request: ActorRequest) -> HttpResponse:
    """What waits, most urgent first."""
    return render(request, "oversight/desk.html", {})
