"""Everything that is printed for an event. Codes stand for names; names take a reason."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import signed_in
from cairn.access.middleware import ActorRequest
from cairn.core.errors import RuleBroken
from cairn.core.language import language
from cairn.core.limits import limited
from cairn.training.actions import events_taken, steps
from cairn.training.documents import agenda, badges, folder, sheets
from cairn.training.forms.events import NamesForm
from cairn.training.models import TrainingEvent
from cairn.training.queries import events as queries
from cairn.training.queries import printing
from cairn.ui.forms import add_refusal, status_of

# Kind in the address -> words, how it is made, whether participants stand in it.
DOCUMENTS: dict[str, tuple[Any, Callable[[dict[str, Any]], bytes], bool]] = {
    "agenda": (gettext_lazy("Agenda"), agenda.render_agenda, False),
    "signs": (gettext_lazy("Door signs"), sheets.render_door_signs, False),
    "sheets": (gettext_lazy("Attendance sheets"), sheets.render_sheets, True),
    "badges": (gettext_lazy("Badges"), badges.render_badges, True),
    "plates": (gettext_lazy("Name plates"), badges.render_name_plates, True),
    "folder": (gettext_lazy("Event folder, everything in one"), folder.render_folder, True),
}
LANGUAGES = ("en", "fr", "ar")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("training.names", per_minute=10, per_hour=60, methods=("POST",))
def printing_page(request: ActorRequest, reference: str) -> HttpResponse:
    """What can be printed; a form that is sent answers with names, which nothing keeps."""
    found = queries.find(request.actor, reference)
    steps.require_run(request.actor, found)
    named = [(kind, words) for kind, (words, _make, people) in DOCUMENTS.items() if people]
    form = NamesForm(request.POST or None, documents=named)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            names = events_taken.open_names(request.actor, found, given["reason"])
        except RuleBroken as refusal:
            add_refusal(form, refusal, "reason")
        else:
            return _file(request, found, given["document"], names)
    context = {
        "event": found,
        "documents": [(kind, words, people) for kind, (words, _make, people) in DOCUMENTS.items()],
        "languages": LANGUAGES,
        "chosen": _language(request),
        "form": form,
    }
    return render(request, "training/events/print.html", context, status=status_of(form))


@never_cache
@require_safe
@signed_in
@limited("training.print", per_minute=30)
def file(request: ActorRequest, reference: str, kind: str) -> HttpResponse:
    """One document as PDF, with codes."""
    found = queries.find(request.actor, reference)
    steps.require_run(request.actor, found)
    if kind not in DOCUMENTS:
        raise Http404
    return _file(request, found, kind, {})


def _language(request: ActorRequest) -> str:
    asked = request.GET.get("language", "")
    return asked if asked in LANGUAGES else language()


def _file(
    request: ActorRequest, found: TrainingEvent, kind: str, names: dict[Any, str]
) -> HttpResponse:
    _words, make, has_people = DOCUMENTS[kind]
    if has_people:
        events_taken.note_print(request.actor, found, kind)
    payload = printing.payload(
        found,
        language=_language(request),
        today=timezone.localdate(),
        host=request.build_absolute_uri("/").rstrip("/"),
        names=names,
    )
    response = HttpResponse(make(payload), content_type="application/pdf")
    name = f"{kind}-{found.reference}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
