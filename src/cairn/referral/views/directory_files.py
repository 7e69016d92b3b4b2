"""Files of the directory: brought and looked at in memory, taken in whole, taken out.

A file may hold what must not lie on a disk, such as the address of a shelter in a field that is
refused. So it goes to memory alone: it is looked at, and brought once more to be taken in.
"""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import needs, recently
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core.errors import RuleBroken
from cairn.core.limits import limited, takes_files
from cairn.referral.actions import directory_files as actions
from cairn.referral.actions.directory_files import Plan
from cairn.referral.exports.directory import CONTENT_TYPES, FileFormat
from cairn.referral.forms.directory_files import BringDirectoryForm, ExportDirectoryForm
from cairn.referral.hsds.shapes import MOST_SERVICES, OWN_FIELDS, TAXONOMIES
from cairn.referral.queries import services as queries
from cairn.ui.forms import NOT_VALID, add_refusal, status_of

FORM = ("GET", "HEAD", "POST")
MOST_TOLD = 100
NOTES = {
    "sensitivity": gettext_lazy(
        "Services whose sensitivity is missing or not known, so that they count as protected"
    ),
    "dropped": gettext_lazy("Of these, services whose place was left out"),
    "restricted": gettext_lazy("Restricted services, whose place was left out"),
    "schedule": gettext_lazy("Services with times that are no plain week, kept in words only"),
}
OUTCOMES = {
    "new": gettext_lazy("New services"),
    "changed": gettext_lazy("Changed services"),
    "same": gettext_lazy("Services that stay as they are"),
    "over": gettext_lazy("Services that are taken out"),
}


class _InMemoryOnly(MemoryFileUploadHandler):
    """Keeps a file in memory whatever its size, up to what the installation takes at all."""

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        self.activated = content_length <= settings.IMPORT_MAX_BYTES


@never_cache
@require_safe
@needs(Permission.DIRECTORY_EDIT)
def files(request: ActorRequest) -> HttpResponse:
    """What may be brought and taken out, and what the standard lacks."""
    context = {
        "may_export": request.actor.may(Permission.DIRECTORY_KEEP),
        "own_fields": OWN_FIELDS,
        "taxonomies": TAXONOMIES.values(),
        "most": MOST_SERVICES,
    }
    return render(request, "referral/directory_files.html", context)


# The handler is set before the form is read, so the check against forged requests, which reads
# it, comes after: exempt outside, protected inside.
@csrf_exempt
@never_cache
@require_http_methods(FORM)
@needs(Permission.DIRECTORY_EDIT)
@limited("directory.bring", per_minute=10, per_hour=60, methods=("POST",))
@takes_files
def bring(request: ActorRequest) -> HttpResponseBase:
    """Show what a file would do, or do it, when it is the very file that was looked at."""
    request.upload_handlers = [_InMemoryOnly(request)]
    return _bring(request)


@csrf_protect
def _bring(request: HttpRequest) -> HttpResponse:
    asked: Any = request
    is_sent = request.method == "POST"
    form = BringDirectoryForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        countries=queries.places(asked.actor).countries,
        most_bytes=settings.IMPORT_MAX_BYTES,
    )
    context: dict[str, Any] = {"form": form, "plan": None}
    if not (is_sent and form.is_valid()):
        return _page(request, context, status_of(form))
    content, country = form.cleaned_data["file"].read(), form.cleaned_data["country"]
    today, seen = timezone.localdate(), request.POST.get("seen", "")
    try:
        if seen:
            plan = actions.take_in(asked.actor, content, country, today, seen)
            return _page(request, context | _shown(plan) | {"is_done": True}, 200)
        plan = actions.read_file(asked.actor, content, country, today)
    except RuleBroken as refusal:
        add_refusal(form, refusal, "file")
        return _page(request, context, status_of(form))
    return _page(request, context | _shown(plan), 200 if plan.stands else NOT_VALID)


def _page(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    return render(request, "referral/directory_bring.html", context, status=status)


def _shown(plan: Plan) -> dict[str, Any]:
    return {
        "plan": plan,
        "told": [(each.row, each) for each in plan.problems[:MOST_TOLD]],
        "untold": max(0, len(plan.problems) - MOST_TOLD),
        "counts": [(words, plan.counts.get(code, 0)) for code, words in OUTCOMES.items()],
        "notes": [
            (words, plan.notes[code]) for code, words in NOTES.items() if plan.notes.get(code)
        ],
        "new_organisations": plan.new_organisations[:MOST_TOLD],
    }


@never_cache
@require_http_methods(FORM)
@needs(Permission.DIRECTORY_KEEP)
@recently
@limited("directory.export", per_minute=6, per_hour=30, methods=("POST",))
def export(request: ActorRequest) -> HttpResponse:
    """The directory as a file, for everybody or for partners. Protected services never leave."""
    places = queries.places(request.actor)
    kept = queries.kept_countries(request.actor, places)
    form = ExportDirectoryForm(
        request.POST or None,
        countries=[pair for pair in places.countries if pair[0] in kept],
        every="" in kept,
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        chosen = FileFormat(given["form"])
        try:
            made, _count = actions.export_directory(
                request.actor, given["audience"], chosen, given["country"]
            )
        except RuleBroken as refusal:
            add_refusal(form, refusal)
        else:
            response = HttpResponse(made, content_type=CONTENT_TYPES[chosen])
            response["Content-Disposition"] = f'attachment; filename="services.{chosen.value}"'
            return response
    context = {"form": form, "heading": _("Take the directory out")}
    return render(request, "referral/directory_export.html", context, status=status_of(form))
