"""The calendar of an event: its secret address for phones, and the page that gives it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import signed_in
from cairn.access.middleware import ActorRequest
from cairn.core.language import language
from cairn.core.limits import limited
from cairn.training.actions import steps
from cairn.training.actions.events import renew_secret
from cairn.training.exports.calendar import Entry, calendar
from cairn.training.queries import calendars
from cairn.training.queries import events as queries


@require_safe
@limited("training.calendar", per_minute=60, by="address")
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar itself, for programs. Whoever has the address reads it; it tells no names."""
    event = calendars.event_of_secret(secret)
    if event is None:
        raise Http404
    entries = [Entry(**values) for values in calendars.entries(event)]
    body = calendar(entries, name=f"Cairn {event.reference}", language=language())
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{event.reference}.ics"'
    response["Cache-Control"] = "private, max-age=300"
    # The address is the key: it must not travel on with a link.
    response["Referrer-Policy"] = "no-referrer"
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def calendar_page(request: ActorRequest, reference: str) -> HttpResponse:
    """The address of the event's calendar; sent as a form, it is replaced by a new one."""
    found = queries.find(request.actor, reference)
    steps.require_run(request.actor, found)
    if request.method == "POST":
        renew_secret(request.actor, reference)
        messages.success(
            request, _("The calendar has a new address; the old one does not work any more.")
        )
        return redirect("training:event-calendar", reference=reference)
    address = ""
    if found.secret:
        path = reverse("training:calendar", args=[found.secret])
        address = request.build_absolute_uri(path)
    context = {"event": found, "address": address}
    return render(request, "training/events/calendar.html", context)
