"""What pages with a sealed part share: one opening on one answer, history, erasure, links."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from cairn.access.middleware import ActorRequest
from cairn.core.errors import RuleBroken
from cairn.oversight.actions.readings import Opened
from cairn.oversight.record_forms import OpenForm
from cairn.oversight.rules import Purpose
from cairn.oversight.subjects import SubjectKind
from cairn.oversight.views import records
from cairn.oversight.views.showing import Shown, shown
from cairn.referral.wording import SENTENCES
from cairn.ui.forms import add_refusal, status_of


def opened_once(
    request: ActorRequest, opening: Callable[[Purpose, str], Opened]
) -> tuple[OpenForm, list[Shown] | None]:
    """The form that was sent and what it opened; None where it did not."""
    form = OpenForm(request.POST)
    if not form.is_valid():
        return form, None
    given = form.cleaned_data
    try:
        return form, shown(opening(Purpose(given["purpose"]), given["reason"]))
    except RuleBroken as refusal:
        add_refusal(form, refusal, "reason")
    return form, None


def sealed_page(
    request: ActorRequest,
    template: str,
    kind: SubjectKind,
    record: Any,
    form: OpenForm,
    opened: list[Shown] | None,
    context: Mapping[str, Any],
) -> HttpResponse:
    """The page of one record, with its sealed part closed or just opened."""
    whole = {
        **context,
        "parts": [(label, bool(getattr(record, name))) for name, label in kind.sealed.items()],
        "form": form,
        "opened": opened,
        **records.page_parts(request.actor, kind, record, SENTENCES),
    }
    return render(request, template, whole, status=status_of(form))
