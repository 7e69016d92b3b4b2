"""The list of links between zones, for the desk."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cairn.access.guards import needs
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core import clock
from cairn.oversight.models import LinkGrant
from cairn.oversight.views.shared import named
from cairn.ui.pages import page_of


@never_cache
@require_safe
@needs(Permission.OVERSIGHT_VIEW)
def links_list(request: ActorRequest) -> HttpResponse:
    """Every link: zones, ground, purpose and end; never which records."""
    page = page_of(LinkGrant.objects.visible_to(request.actor), request)
    who = named(each.authorised_by for each in page)
    context = {
        "page": page,
        "rows": [(each, who(each.authorised_by)) for each in page],
        "today": clock.now().date(),
    }
    return render(request, "oversight/links.html", context)
