"""Receiving units: the list, one unit with its keys, entering and changing."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import needs, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core import geography
from cairn.core.language import language
from cairn.identification.actions.receivers import change_receiver, enter_receiver
from cairn.identification.forms.receivers import ReceiverFactsForm, ReceiverForm, initial_of
from cairn.identification.models import ReceivingUnit
from cairn.identification.queries import receivers as queries
from cairn.identification.queries import unit_keys as key_queries
from cairn.oversight.queries import records as record_queries
from cairn.oversight.views.lists import Cell, ListPage, list_page, state, text
from cairn.oversight.views.shared import FormPage, form_page

LIST = "identification:receivers"
AT = {
    "receiver.name": "name",
    "receiver.place": "unit",
    "receiver.numbers": "emergency",
}


@never_cache
@require_safe
@needs(Permission.REPORT_VIEW)
def receivers(request: ActorRequest) -> HttpResponse:
    """Units of the reader's place to which reports are sealed."""
    may_enter = request.actor.may(Permission.RECEIVER_MANAGE)
    page = ListPage(
        heading=_("Receiving units"),
        lead=_("Reports are sealed for a unit; only its members who hold its key open them."),
        columns=[_("Name"), _("Organisation"), _("Country"), _("State")],
        empty=(
            _("No receiving units yet"),
            _("Enter the unit that is to receive reports, then make its key."),
        ),
        crumbs=[(reverse("identification:reports"), _("Reports"))],
        actions=(
            [(reverse("identification:receiver-new"), _("Enter a unit"))] if may_enter else []
        ),
    )
    return list_page(request, page, queries.receivers(request.actor), _cells)


def _cells(rows: list[Any]) -> list[list[Cell]]:
    return [
        [
            text(row.name, href=reverse("identification:receiver", args=[row.code])),
            text(row.organisation.display_name),
            text(geography.country_name(row.country, language())),
            _state(row),
        ]
        for row in rows
    ]


def _state(row: Any) -> Cell:
    if not row.is_active:
        return state("stopped", _("Receives nothing"))
    if not row.has_key:
        return state("attention", _("Has no key yet"))
    return state("active", _("Receives reports"))


@never_cache
@require_safe
@signed_in
def receiver(request: ActorRequest, code: str) -> HttpResponse:
    """One unit: what phones are told of it, its keys and who holds them."""
    found = queries.find_receiver(request.actor, code)
    require(request.actor, Permission.REPORT_VIEW, within=found)
    keys = key_queries.keys_of(request.actor, found)
    context = {
        "unit": found,
        "keys": keys,
        "has_current": any(key.state == "current" for key in keys),
        "holds_any": any(key.is_mine and key.is_live for key in keys),
        "may_manage": _may(request, Permission.RECEIVER_MANAGE, found),
        "may_open": _may(request, Permission.REPORT_OPEN, found),
    }
    return render(request, "identification/receiver.html", context)


def _may(request: ActorRequest, permission: Permission, unit: ReceivingUnit) -> bool:
    return request.actor.may_within(permission, unit.organisation_id, unit.unit_id, unit.country)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.RECEIVER_MANAGE)
def create(request: ActorRequest) -> HttpResponse:
    """Enter a unit that receives reports."""
    form = ReceiverForm(
        request.POST or None,
        places=record_queries.places(request.actor, Permission.RECEIVER_MANAGE),
        initial={"is_active": True},
    )
    page = FormPage(
        heading=_("Enter a receiving unit"),
        send=_("Enter the unit"),
        back=(reverse(LIST), _("Receiving units")),
        done=_("The unit was entered. It receives reports as soon as it has a key."),
        seen=_("Phones of this unit show name, areas, numbers and recipients."),
    )
    return form_page(
        request,
        page,
        form,
        lambda given: enter_receiver(request.actor, form.place(), form.facts()),
        lambda made: reverse("identification:receiver", args=[made.code]),
        AT,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit(request: ActorRequest, code: str) -> HttpResponse:
    """Change what phones are told of a unit."""
    found = queries.find_receiver(request.actor, code)
    require(request.actor, Permission.RECEIVER_MANAGE, within=found)
    form = ReceiverFactsForm(request.POST or None, initial=initial_of(found))
    page = FormPage(
        heading=_("Change the unit"),
        send=_("Save"),
        back=(reverse("identification:receiver", args=[code]), found.name),
        done=_("The unit was changed. Phones learn it at their next contact."),
        facts=[(_("Organisation"), found.organisation.display_name)],
    )
    return form_page(
        request,
        page,
        form,
        lambda given: change_receiver(request.actor, code, form.facts()),
        lambda made: reverse("identification:receiver", args=[code]),
        AT,
    )
