"""What hangs on an event: organisations that take part, and documents for participants."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cairn.access.guards import signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.oversight.views.shared import FormPage, form_page
from cairn.training.actions import events as actions
from cairn.training.actions import steps
from cairn.training.forms.events import MaterialForm, PartyForm
from cairn.training.queries import events as queries
from cairn.training.rules.choices import PartyRole
from cairn.training.views.events import FORM, lists


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def party_new(request: ActorRequest, reference: str) -> HttpResponse:
    """Enter who hosts, cooperates, supports or pays."""
    found = queries.find(request.actor, reference)
    require(request.actor, Permission.TRAINING_EDIT, within=found)

    def act(given: dict[str, Any]) -> object:
        role = PartyRole(given["role"])
        return actions.add_party(request.actor, reference, given["organisation"], role)

    page = FormPage(
        heading=_("Enter an organisation that takes part"),
        send=_("Enter it"),
        back=(found.get_absolute_url(), reference),
        done=_("The organisation was entered."),
        template=FORM,
    )
    return form_page(
        request,
        page,
        PartyForm(request.POST or None),
        act,
        lambda _made: found.get_absolute_url(),
        {"party.twice": "organisation"},
        **lists(request),
    )


@require_POST
@signed_in
def party_remove(request: ActorRequest, reference: str) -> HttpResponse:
    """Take an organisation off the event; the form says which."""
    found = queries.find(request.actor, reference)
    require(request.actor, Permission.TRAINING_EDIT, within=found)
    if party := _key(request.POST.get("party", "")):
        actions.remove_party(request.actor, reference, party)
        messages.success(request, _("The organisation was taken off."))
    return redirect(found)


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def material_new(request: ActorRequest, reference: str) -> HttpResponse:
    """Enter a document that participants get."""
    found = queries.find(request.actor, reference)
    steps.require_run(request.actor, found)
    form = MaterialForm(request.POST or None, sessions=list(found.sessions.all()))
    page = FormPage(
        heading=_("Enter a document for participants"),
        send=_("Enter it"),
        back=(found.get_absolute_url(), reference),
        done=_("The document was entered."),
    )
    return form_page(
        request,
        page,
        form,
        lambda given: actions.add_material(request.actor, reference, **given),
        lambda _made: found.get_absolute_url(),
    )


@require_POST
@signed_in
def material_remove(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Take a document off the event."""
    found = queries.find_material(request.actor, pk)
    actions.remove_material(request.actor, found.event.reference, pk)
    messages.success(request, _("The document was taken off."))
    return redirect(found.event)
