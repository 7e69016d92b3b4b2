"""Pages of documents: the register, one document with its texts, and how it would come out."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.access.guards import needs, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core.errors import RuleBroken
from cairn.results.actions import document_issues as issue_actions
from cairn.results.actions import documents as actions
from cairn.results.documents.composing import changes
from cairn.results.documents.kinds import kind_of, kinds
from cairn.results.documents.walkers import to_html
from cairn.results.forms.documents import (
    DocumentForm,
    SectionForm,
    shown_parameters,
    values_of_section,
)
from cairn.results.models import Document, Section
from cairn.results.queries import documents as queries
from cairn.results.views.document_issues import body_of
from cairn.ui.forms import add_refusal, status_of
from cairn.ui.pages import page_of

FORM = ["GET", "HEAD", "POST"]
FIELD_OF = {
    "document.code": "code",
    "document.theme": "about-theme",
    "document.country": "about-countries",
    "document.period": "about-until",
    "document.part": "part",
}


@require_safe
def listing(request: ActorRequest) -> HttpResponse:
    """Documents that came out; to writers all, with what can be begun."""
    words = request.GET.get("q", "").strip()[:80]
    context = {
        "page": page_of(queries.documents(request.actor, words), request),
        "words": words,
        "kinds": kinds() if request.actor.may(Permission.DOCUMENT_EDIT) else [],
        "labels": {each.code: each.label for each in kinds()},
    }
    return render(request, "results/documents.html", context)


@require_safe
def page(request: ActorRequest, code: str) -> HttpResponse:
    """A document: to readers its newest issue, to writers its texts and all issues too."""
    found = queries.document(request.actor, code)
    newest = queries.newest(request.actor, found)
    editing = request.actor.may(Permission.DOCUMENT_EDIT)
    context = {
        "document": found,
        "kind": kind_of(found.kind),
        "newest": newest,
        # Readers are told the title that a second person has read, and its language.
        "title": found.title if editing or not newest else newest.payload["title"],
        "language": found.language if editing or not newest else newest.language,
        "text": to_html(body_of(newest)) if newest else "",
        "issues": queries.issues(request.actor, found),
        "sections": queries.sections(request.actor, found),
        "may_edit": editing,
    }
    return render(request, "results/document.html", context)


@require_safe
@signed_in
def preview(request: ActorRequest, code: str) -> HttpResponse:
    """How the document would come out now, and which figures changed since the last issue."""
    found = queries.document(request.actor, code)
    require(request.actor, Permission.DOCUMENT_EDIT)
    body = issue_actions.body_of(request.actor, found)
    last = queries.newest(request.actor, found)
    context = {
        "document": found,
        "body": body,
        "text": to_html(body),
        "last": last,
        "changes": changes(last.figures, body.figures) if last else [],
        "unknown": [each for each in body.figures if each["value"] is None],
    }
    return render(request, "results/document_preview.html", context)


@require_http_methods(FORM)
@needs(Permission.DOCUMENT_EDIT)
def create(request: ActorRequest, kind: str) -> HttpResponse:
    """Begin a document of a kind."""
    chosen = kind_of(kind)
    form = DocumentForm(request.POST or None, kind=chosen, actor=request.actor, is_new=True)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            made = actions.create_document(
                request.actor, kind, values["code"], values["title"], values["language"], form.typed
            )
        except RuleBroken as refusal:
            add_refusal(form, refusal, FIELD_OF.get(refusal.code))
        else:
            messages.success(request, _("The document was begun. Nobody outside sees it yet."))
            return redirect(made)
    context = {"heading": chosen.label, "lead": chosen.about, "form": form}
    return render(request, "results/document_form.html", context, status=status_of(form))


@require_http_methods(FORM)
@signed_in
def edit(request: ActorRequest, code: str) -> HttpResponse:
    """Change what a document is about; when somebody was faster, both versions are shown."""
    found = queries.document(request.actor, code)
    require(request.actor, Permission.DOCUMENT_EDIT)
    conflict: list[dict[str, Any]] = []

    def form_of(typed: Any, now: Document) -> DocumentForm:
        initial = {"title": now.title, "language": now.language, "version": now.version}
        return DocumentForm(
            typed,
            kind=kind_of(now.kind),
            actor=request.actor,
            is_new=False,
            initial=initial | shown_parameters(now),
        )

    form = form_of(request.POST or None, found)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            actions.edit_document(
                request.actor,
                code,
                values["title"],
                values["language"],
                form.typed,
                version=values["version"] or 0,
            )
        except RuleBroken as refusal:
            if refusal.code == "document.version":
                found = queries.document(request.actor, code)
                form, conflict = _renewed(form_of, request.POST, found)
            add_refusal(form, refusal, FIELD_OF.get(refusal.code))
        else:
            messages.success(request, _("The document was changed."))
            return redirect(found)
    context = {
        "heading": _("What the document is about"),
        "document": found,
        "form": form,
        "conflict": conflict,
    }
    return render(request, "results/document_form.html", context, status=status_of(form))


def _renewed(form_of: Any, typed: Any, now: Any) -> tuple[Any, list[dict[str, Any]]]:
    """The form as typed, for the version that stands now, and where the two differ."""
    renewed = form_of({**typed.dict(), "version": str(now.version)}, now)
    renewed.is_valid()
    return renewed, [
        {"field": renewed[name], "now": value, "typed": renewed.cleaned_data.get(name, "")}
        for name, value in renewed.initial.items()
        if name != "version" and str(renewed.cleaned_data.get(name, "")) != str(value)
    ]


@require_http_methods(FORM)
@signed_in
def section_new(request: ActorRequest, code: str) -> HttpResponse:
    """Write a new section."""
    return _section(request, code, None)


@require_http_methods(FORM)
@signed_in
def section_edit(request: ActorRequest, code: str, pk: UUID) -> HttpResponse:
    """Change a section; when somebody was faster, both versions are shown."""
    return _section(request, code, pk)


def _section(request: ActorRequest, code: str, pk: UUID | None) -> HttpResponse:
    found = queries.document(request.actor, code)
    section = _one(request, found, pk) if pk else None
    require(request.actor, Permission.DOCUMENT_EDIT)
    conflict: list[dict[str, Any]] = []

    def form_of(typed: Any, now: Section | None) -> forms.Form:
        initial = values_of_section(now) if now else {"number": 1}
        return SectionForm(typed, kind=kind_of(found.kind), initial=initial)

    form = form_of(request.POST or None, section)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            actions.write_section(
                request.actor, code, values, section_id=pk, version=values["version"] or 0
            )
        except RuleBroken as refusal:
            if refusal.code == "document.version" and pk:
                form, conflict = _renewed(form_of, request.POST, _one(request, found, pk))
            text_codes = {"document.figure", "document.field"}
            place = "text" if refusal.code in text_codes else FIELD_OF.get(refusal.code)
            add_refusal(form, refusal, place)
        else:
            messages.success(request, _("The section was saved."))
            return redirect(found)
    context = {
        "heading": _("Section"),
        "lead": _("Readers see it with the next issue."),
        "document": found,
        "section": section,
        "form": form,
        "conflict": conflict,
    }
    return render(request, "results/document_form.html", context, status=status_of(form))


def _one(request: ActorRequest, of: Document, pk: UUID) -> Section:
    return Section.objects.visible_to(request.actor).get(document=of, pk=pk)


@require_POST
@signed_in
def section_remove(request: ActorRequest, code: str, pk: UUID) -> HttpResponse:
    """Take a section out; the version in the form says what was looked at."""
    version = request.POST.get("version", "")[:9]
    actions.remove_section(
        request.actor, code, pk, version=int(version) if version.isdecimal() else 0
    )
    messages.success(request, _("The section was taken out."))
    return redirect("results:document", code)
