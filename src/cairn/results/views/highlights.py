"""Pages of the register of highlights: for whoever writes it; readers get issues of documents."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.access.guards import needs, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core.actor import PUBLIC
from cairn.core.errors import RuleBroken
from cairn.results.actions import document_highlights as actions
from cairn.results.documents.blocks import Body
from cairn.results.documents.narrative import written_blocks, written_fields
from cairn.results.documents.walkers import to_html
from cairn.results.forms.documents import HighlightForm, values_of_highlight
from cairn.results.models import Highlight
from cairn.results.queries import documents as queries
from cairn.results.queries.document_fields import tell
from cairn.results.rules.documents import HighlightState
from cairn.ui.forms import add_refusal, status_of
from cairn.ui.pages import page_of

FIELD_OF = {
    "document.figure": "text",
    "document.field": "text",
    "highlight.code": "code",
    "highlight.source": "sources",
}


@require_safe
@needs(Permission.DOCUMENT_EDIT)
def listing(request: ActorRequest) -> HttpResponse:
    """The register, latest year first."""
    chosen = queries.Chosen(
        words=request.GET.get("q", "").strip()[:80],
        year=request.GET.get("year", "").strip()[:4],
        mandate=request.GET.get("mandate", "").strip()[:200],
    )
    found = queries.highlights(request.actor, chosen)
    context = {"page": page_of(found, request), "chosen": chosen}
    return render(request, "results/highlights.html", context)


@require_safe
@needs(Permission.DOCUMENT_EDIT)
def page(request: ActorRequest, code: str) -> HttpResponse:
    """One entry, as it would stand in a document."""
    entry = Highlight.objects.visible_to(request.actor).get(code=code)
    told = tell(PUBLIC, written_fields([entry.text]))
    body = Body("", "", "en", written_blocks(entry.text, told))
    context = {
        "entry": entry,
        "text": to_html(body),
        "may_publish": entry.state == HighlightState.DRAFT
        and str(request.actor.user_id) not in entry.writers
        and request.actor.may(Permission.DOCUMENT_PUBLISH),
    }
    return render(request, "results/highlight.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.DOCUMENT_EDIT)
def create(request: ActorRequest) -> HttpResponse:
    """Write a new entry."""
    return _write(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit(request: ActorRequest, code: str) -> HttpResponse:
    """Change an entry; when somebody was faster, both versions are shown."""
    return _write(request, Highlight.objects.visible_to(request.actor).get(code=code))


def _write(request: ActorRequest, entry: Highlight | None) -> HttpResponse:
    require(request.actor, Permission.DOCUMENT_EDIT)
    conflict: list[dict[str, Any]] = []

    def form_of(typed: Any, now: Highlight | None) -> HighlightForm:
        initial = values_of_highlight(now) if now else {}
        return HighlightForm(typed, is_new=now is None, initial=initial)

    form = form_of(request.POST or None, entry)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        code = entry.code if entry else values["code"]
        version = (values["version"] or 0) if entry else 0
        try:
            if entry and not version:
                raise RuleBroken("document.version", _("Load the page again."))
            made = actions.write_highlight(request.actor, code, values, version=version)
        except RuleBroken as refusal:
            if refusal.code == "document.version":
                now = Highlight.objects.visible_to(request.actor).get(code=code)
                form, conflict = _beside(form_of, request.POST, now)
            add_refusal(form, refusal, FIELD_OF.get(refusal.code))
        else:
            messages.success(request, _("The entry was saved. A second person lets it out."))
            return redirect(made)
    context = {
        "heading": _("Highlight"),
        "entry": entry,
        "form": form,
        "conflict": conflict,
    }
    return render(request, "results/document_form.html", context, status=status_of(form))


def _beside(form_of: Any, typed: Any, now: Highlight) -> tuple[Any, list[dict[str, Any]]]:
    """The form as typed, for the version that stands now, and where what was typed differs."""
    renewed = form_of({**typed.dict(), "version": str(now.version)}, now)
    renewed.is_valid()
    return renewed, [
        {"field": renewed[name], "now": value, "typed": typed.get(name, "")}
        for name, value in renewed.initial.items()
        if name != "version" and typed.get(name, "") != str(value)
    ]


@require_POST
@signed_in
def publish(request: ActorRequest, code: str) -> HttpResponse:
    """Let an entry out; the version in the form says what was looked at."""
    version = request.POST.get("version", "")[:9]
    entry = actions.publish_highlight(
        request.actor, code, version=int(version) if version.isdecimal() else 0
    )
    messages.success(request, _("The entry is out. The next issue of a document may hold it."))
    return redirect(entry)
