"""Held envelopes: the list, one of them, its release as a report, its closing with a reason.

What is known about them is shown, their bytes never.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cairn.access.guards import needs
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core import clock
from cairn.core.errors import RuleBroken
from cairn.identification.actions import held as actions
from cairn.identification.envelopes.format import code_of
from cairn.identification.models import HeldEnvelope
from cairn.identification.queries import held as queries
from cairn.identification.rules import held as rules
from cairn.identification.rules.choices import HeldReason
from cairn.identification.rules.held import Closing
from cairn.oversight.views import lists
from cairn.oversight.views.lists import Cell, Choice, ListPage, list_page
from cairn.oversight.views.shared import named
from cairn.ui.forms import add_refusal, status_of


class CloseForm(forms.Form):
    """Why a held envelope is closed."""

    closing = forms.ChoiceField(
        label=gettext_lazy("Why is it closed?"),
        choices=Closing.choices,
        widget=forms.RadioSelect,
    )


@never_cache
@require_safe
@needs(Permission.REPORT_RELEASE)
def held(request: ActorRequest) -> HttpResponse:
    """What came in and was held, newest first; at first what is open."""
    filters = queries.Filters.from_query(request.GET)
    page = ListPage(
        heading=_("Held envelopes"),
        lead=_(
            "These came in and could not be taken as reports. Nothing is thrown away: each is "
            "released or closed by a person."
        ),
        columns=[_("Received"), _("Why it is held"), _("Phone"), _("Receiving unit"), _("State")],
        empty=(
            _("Nothing is held here."),
            _("What comes in damaged, from a lost phone or with a wrong clock is shown here."),
        ),
        choices=[
            Choice("reason", _("Why it is held"), filters.reason, HeldReason.choices),
            Choice("state", _("State"), filters.state, _states()),
        ],
        clear_href="" if filters == queries.Filters() else reverse("identification:held"),
    )
    return list_page(request, page, queries.held(request.actor, filters), _cells)


def _states() -> list[tuple[str, str]]:
    return [("open", _("Not settled")), ("settled", _("Settled"))]


def _cells(rows: list[HeldEnvelope]) -> list[list[Cell]]:
    return [
        [
            Cell("clock", row.received_at, href=reverse("identification:held-one", args=[row.pk])),
            lists.text(row.get_reason_display()),
            lists.code(row.device.code) if row.device else lists.text(_("not known")),
            lists.text(row.receiver.name if row.receiver else _("not known")),
            _state(row),
        ]
        for row in rows
    ]


def _state(row: HeldEnvelope) -> Cell:
    if row.settled_at is None:
        return lists.state("waiting", _("Not settled"))
    return lists.text(rules.settlement_words(row.settlement))


@never_cache
@require_safe
@needs(Permission.REPORT_RELEASE)
def held_one(request: ActorRequest, held_id: UUID) -> HttpResponse:
    """What is known about one held envelope, and what may be done with it."""
    return _page(request, queries.find(request.actor, held_id), CloseForm())


@never_cache
@require_POST
@needs(Permission.REPORT_RELEASE)
def release(request: ActorRequest, held_id: UUID) -> HttpResponse:
    """Make a report of it."""
    return _settle(
        request,
        held_id,
        CloseForm(),
        lambda: actions.release(request.actor, held_id, clock.now()),
        _("It is a report now, and waits to be opened."),
    )


@never_cache
@require_POST
@needs(Permission.REPORT_RELEASE)
def close(request: ActorRequest, held_id: UUID) -> HttpResponse:
    """Close it with a reason."""
    found = queries.find(request.actor, held_id)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    closing = Closing(form.cleaned_data["closing"])
    return _settle(
        request,
        held_id,
        form,
        lambda: actions.close(request.actor, held_id, closing, clock.now()),
        _("It is closed."),
    )


def _settle(
    request: ActorRequest,
    held_id: UUID,
    form: CloseForm,
    act: Callable[[], HeldEnvelope],
    done: str,
) -> HttpResponse:
    try:
        settled = act()
    except RuleBroken as refusal:
        found = queries.find(request.actor, held_id)
        bound = form if form.is_bound else CloseForm({})
        bound.errors.clear()
        add_refusal(bound, refusal)
        return _page(request, found, bound)
    if settled.settlement == rules.ARRIVED:
        done = _("The same report had come in already, so this one is settled.")
    messages.success(request, done)
    return redirect("identification:held-one", held_id=held_id)


def _page(request: ActorRequest, found: HeldEnvelope, form: CloseForm) -> HttpResponse:
    is_open = found.settled_at is None
    context: dict[str, Any] = {
        "held": found,
        "is_open": is_open,
        "facts": _facts(found),
        "explanation": rules.explanation(found.reason),
        "settlement": rules.settlement_words(found.settlement),
        "may_release": is_open and found.reason in rules.RELEASABLE,
        "form": form,
        "history": _history(found),
    }
    return render(request, "identification/held_one.html", context, status=status_of(form))


def _facts(found: HeldEnvelope) -> list[tuple[str, str, bool]]:
    """Words, value, and whether the value is read from left to right in every language."""
    unknown = _("not known")
    code = code_of(found.claimed_id) if found.claimed_id else ""
    return [
        (_("Why it is held"), str(found.get_reason_display()), False),
        (_("Phone"), found.device.code if found.device else unknown, bool(found.device)),
        (_("Receiving unit"), found.receiver.name if found.receiver else unknown, False),
        (_("Code of the report"), code or unknown, bool(code)),
        (_("Size"), filesizeformat(found.size), False),
    ]


def _history(found: HeldEnvelope) -> list[dict[str, Any]]:
    entries = [
        {"who": _("A phone"), "what": _("sent it, and it was held."), "when": found.received_at}
    ]
    if found.settled_at is not None:
        who = named([found.settled_by])(found.settled_by)
        words = {"how": rules.settlement_words(found.settlement)}
        what = _("settled it: “%(how)s”.") % words
        entries.insert(0, {"who": who, "what": what, "when": found.settled_at})
    return entries
