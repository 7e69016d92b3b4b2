"""Bringing a partner's file: looked at, then sealed whole. In memory only, nothing is staged."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core import clock
from cairn.core.errors import RuleBroken
from cairn.core.htcds.intake import MOST_BYTES
from cairn.identification.actions.intake import Result, seal_and_receive_many
from cairn.identification.envelopes.format import code_of, reference_of
from cairn.identification.forms.htcds import BringForm
from cairn.identification.imports.brought import Brought
from cairn.identification.models import ReceivingUnit
from cairn.identification.queries import intake as intake_queries
from cairn.identification.queries import paper as unit_queries
from cairn.identification.rules.choices import Channel, WorkerProfile
from cairn.ui.forms import NOT_VALID, add_refusal, status_of

TEMPLATE = "identification/htcds_bring.html"


@dataclass(frozen=True, slots=True)
class FilePage:
    """A page that takes one kind of file. `read`: bytes and today -> what stands in it.

    `back`: address and words of the page before; `links`: files to fill in.
    """

    heading: str
    lead: str
    back: tuple[str, str]
    read: Callable[[bytes, date], Brought]
    links: Sequence[tuple[str, str]] = ()


def bring(request: ActorRequest, page: FilePage) -> HttpResponse:
    """Show what a file would do, or do it, when it is the very file that was looked at."""
    units = unit_queries.units(request.actor, Permission.REPORT_SUBMIT)
    form = BringForm(
        request.POST or None, request.FILES or None, units=units, most_bytes=MOST_BYTES
    )
    context: dict[str, Any] = {"page": page, "form": form}
    if request.method != "POST" or not form.is_valid():
        return render(request, TEMPLATE, context, status=status_of(form))
    unit = next(each for each in units if each.code == form.cleaned_data["unit"])
    try:
        found = page.read(form.cleaned_data["file"].read(), timezone.localdate())
        if found.stands and request.POST.get("seen") == found.digest:
            return _sealed(request, page, unit, found)
    except RuleBroken as refusal:
        add_refusal(form, refusal, "file")
        return render(request, TEMPLATE, context, status=status_of(form))
    context |= _preview(request, unit, found)
    return render(request, TEMPLATE, context, status=NOT_VALID if found.problems else 200)


def _sender(request: ActorRequest) -> str:
    """The organisations for which somebody brings files: colleagues bring the same row as one."""
    scopes = request.actor.scopes_with(Permission.REPORT_SUBMIT)
    return " ".join(sorted({str(scope.organisation_id) for scope in scopes}))


def _preview(request: ActorRequest, unit: ReceivingUnit, found: Brought) -> dict[str, Any]:
    ids = found.ids(unit.pk, _sender(request))
    here = intake_queries.digests(ids)
    return {
        "found": found,
        "unit": unit,
        "new": sum(each not in here for each in ids),
        "here": sum(each in here for each in ids),
        "named": sum(each.identity is not None for each in found.items),
        "rows": [(problem.row, problem) for problem in found.told],
    }


def _sealed(
    request: ActorRequest, page: FilePage, unit: ReceivingUnit, found: Brought
) -> HttpResponse:
    """Everything sealed and stored in one transaction, and the references that came of it.

    Answered directly, not by a redirect: where the answer is lost, the same file again brings the
    same references.
    """
    results = seal_and_receive_many(
        request.actor,
        unit,
        found.plain(unit.pk, _sender(request)),
        Channel.PARTNER,
        WorkerProfile.OTHER,
        clock.now(),
    )
    context = {
        "page": page,
        "unit": unit,
        "lines": [
            _line(item.row, result) for item, result in zip(found.items, results, strict=True)
        ],
    }
    return render(request, "identification/htcds_brought.html", context)


def _line(row: int, result: Result) -> dict[str, Any]:
    return {
        "row": row,
        "reference": reference_of(code_of(result.id)),
        "is_new": result.outcome == "received",
    }
