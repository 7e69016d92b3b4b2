"""Lists of persons of concern: by code for everybody who may see them, opened for one's own."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import needs
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.limits import limited
from cairn.oversight.actions.readings import Opened
from cairn.oversight.record_forms import ReadForm
from cairn.oversight.views.showing import shown
from cairn.referral import queries
from cairn.referral.actions import open_duty_list
from cairn.referral.subjects import SEALED
from cairn.ui.forms import add_refusal, status_of
from cairn.ui.pages import page_of


@never_cache
@require_safe
@needs(Permission.PERSON_VIEW)
def persons(request: ActorRequest) -> HttpResponse:
    """Records by code. What is sealed is neither shown nor read here."""
    filters = queries.Filters.from_query(request.GET)
    page = page_of(queries.listed_persons(request.actor, filters), request)
    context = {
        "filters": filters,
        "page": page,
        "units": queries.units(request.actor),
        "cards": [(row, caseworker_word(request.actor, row.caseworker)) for row in page],
        "may_enter": request.actor.may(Permission.PERSON_EDIT),
        "may_open": request.actor.may(Permission.PERSON_OPEN),
        "may_export": request.actor.may(Permission.PERSON_EXPORT),
        "may_break_glass": request.actor.may(Permission.PERSON_BREAK_GLASS),
    }
    return render(request, "referral/persons.html", context)


def caseworker_word(actor: Actor, caseworker: UUID | None) -> str:
    """Whose record it is, as far as a list tells."""
    if caseworker is None:
        return _("nobody")
    return _("you") if caseworker == actor.user_id else _("a colleague")


@never_cache
@require_safe
@needs(Permission.PERSON_VIEW)
@limited("person.find", per_minute=30)
def find(request: ActorRequest) -> HttpResponse:
    """From a code, as people type it, to its record. Names cannot be searched: they are sealed."""
    if code := queries.code_of(request.actor, request.GET.get("code", "")):
        return redirect("referral:person", code=code)
    messages.warning(request, _("There is no record with this code for you to see."))
    return redirect("referral:persons")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.PERSON_OPEN)
@limited("person.open", per_minute=20, per_hour=200, methods=("POST",))
def duty(request: ActorRequest) -> HttpResponse:
    """One's own open records, opened a page at a time with one reason for all of it."""
    page = page_of(queries.duty_list(request.actor), request)
    form = ReadForm(request.POST or None)
    opened: list[Opened] = []
    if request.method == "POST" and form.is_valid():
        try:
            opened = open_duty_list(request.actor, page.rows, form.cleaned_data["reason"])
        except RuleBroken as refusal:
            add_refusal(form, refusal, "reason")
    context = {
        "page": page,
        "form": form,
        "labels": list(SEALED.values()),
        "lines": [_line(each) for each in opened],
        "closed": [] if opened else page.rows,
    }
    return render(request, "referral/duty.html", context, status=status_of(form))


def _line(opened: Opened) -> dict[str, Any]:
    return {"person": opened.record, "cells": shown(opened)}
