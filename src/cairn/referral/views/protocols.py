"""Protocols: the list, one with its parties and words, drafting, changing, a later version."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import needs, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core import clock, geography
from cairn.core.actor import Actor
from cairn.core.language import language
from cairn.core.models import Organisation
from cairn.oversight.queries import records
from cairn.oversight.views import lists
from cairn.oversight.views.lists import Cell, Choice, ListPage, list_page
from cairn.oversight.views.shared import FormPage, form_page
from cairn.referral.actions import protocols as actions
from cairn.referral.forms.protocols import ProtocolForm
from cairn.referral.models.protocols import Protocol
from cairn.referral.queries import protocols as queries
from cairn.referral.queries.access_points import history
from cairn.referral.queries.protocols import Filters
from cairn.referral.rules.choices import DataCategory, Purpose
from cairn.referral.rules.protocols import ProtocolState, Standing
from cairn.referral.wording import SENTENCES
from cairn.ui.templatetags.ui import listed

FIELDS = {
    "protocol.title": "title",
    "protocol.text": "text",
    "protocol.parties": "party_1",
    "protocol.categories": "categories",
    "protocol.purposes": "purposes",
    "protocol.days": "ends_on",
}


def today_now() -> date:
    """The day by the clock that grants go by."""
    return timezone.localdate(clock.now())


def badge(standing: Standing) -> tuple[str, str]:
    """(code of a badge, words)."""
    return f"protocol_{standing.value.replace('-', '_')}", str(standing.label)


def may_sign_for(actor: Actor, organisation_id: UUID, protocol: Protocol) -> bool:
    """True when the actor signs for the organisation where the protocol holds."""
    place = (organisation_id, None, protocol.country)
    return actor.may_within(Permission.PROTOCOL_SIGN, *place)


def covered(protocol: Protocol) -> list[Any]:
    """The words of what may be shared, in the order of the list."""
    return [each.label for each in DataCategory if each.value in protocol.categories]


def purposes(protocol: Protocol) -> list[Any]:
    """The words of what it may be shared for, in the order of the list."""
    return [each.label for each in Purpose if each.value in protocol.purposes]


@never_cache
@require_safe
@needs(Permission.PROTOCOL_VIEW)
def protocols(request: ActorRequest) -> HttpResponse:
    """Protocols of one's own organisations."""
    today = today_now()
    filters = Filters.from_query(request.GET)
    may_draft = request.actor.may(Permission.PROTOCOL_SIGN)
    shown = ListPage(
        heading=_("Protocols"),
        lead=_(
            "What organisations agreed to share about persons. Without a protocol that is in force "
            "nothing is sent, but for danger to life."
        ),
        columns=[_("Protocol"), _("Parties"), _("For what"), _("Until"), _("State")],
        empty=(
            _("No protocol here"),
            _("Draft one with the first partner, so that persons can be referred there.")
            if may_draft
            else _("Whoever keeps the directory of services drafts them."),
        ),
        actions=[(reverse("referral:protocol-new"), _("Draft a protocol"))] if may_draft else [],
        choices=[
            Choice("q", _("Title or party"), filters.words),
            Choice("state", _("State"), filters.standing, Standing.choices),
            Choice("purpose", _("For what"), filters.purpose, Purpose.choices),
        ],
        clear_href=reverse("referral:protocols"),
    )
    found = queries.protocols(request.actor, filters, today)
    return list_page(request, shown, found, lambda rows: [_cells(row, today) for row in rows])


def _cells(protocol: Protocol, today: date) -> list[Cell]:
    parties = sorted(each.display_name for each in protocol.parties.all())
    return [
        lists.text(protocol.title, href=protocol.get_absolute_url()),
        lists.text(listed(parties)),
        lists.text(listed(purposes(protocol))),
        lists.clock_cell(protocol.ended_on or protocol.ends_on),
        lists.state(*badge(protocol.standing(today))),
    ]


@never_cache
@require_safe
@signed_in
def protocol(request: ActorRequest, code: str) -> HttpResponse:
    """One protocol: how it stands, who signed, what may be shared, the words, the history."""
    found = queries.find_protocol(request.actor, code)
    today = today_now()
    state, label = badge(found.standing(today))
    parties = queries.parties(request.actor, found)
    signed = [each for each in parties if each.signature]
    is_draft = found.state == ProtocolState.DRAFT
    is_over = found.standing(today) in {Standing.ENDED, Standing.EXPIRED}
    may_keep = may_sign_for(request.actor, found.organisation_id, found)
    is_party = any(may_sign_for(request.actor, each.organisation.pk, found) for each in parties)
    versions = queries.versions(request.actor, found)
    has_later = any(each.replaces_id == found.pk for each in versions if not _given_up(each))
    context: dict[str, Any] = {
        "protocol": found,
        "state": state,
        "state_label": label,
        "is_in_force": found.standing(today) is Standing.IN_FORCE,
        "is_draft": is_draft,
        "parties": parties,
        "missing": len(parties) - len(signed),
        "may_sign": any(each.may_sign for each in parties),
        "may_note": any(each.may_note for each in parties),
        "may_edit": is_draft and may_keep and not signed,
        "may_end": (may_keep or is_party) and not is_over,
        "may_renew": may_keep and not is_draft and not has_later and found.ended_on is None,
        "categories": covered(found),
        "kept_back": [each.label for each in DataCategory if each.value not in found.categories],
        "purposes": purposes(found),
        "versions": versions,
        "history": history(request.actor, found, SENTENCES),
    }
    return render(request, "referral/protocols_one.html", context)


def _given_up(protocol: Protocol) -> bool:
    return protocol.state == ProtocolState.ENDED and protocol.signed_on is None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.PROTOCOL_SIGN)
def create(request: ActorRequest) -> HttpResponse:
    """Draft a protocol."""
    return _draft(request, None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.PROTOCOL_SIGN)
def later(request: ActorRequest, code: str) -> HttpResponse:
    """Draft a later version, which takes the place of this one when all have signed it."""
    found = queries.find_protocol(request.actor, code)
    require(request.actor, Permission.PROTOCOL_SIGN, within=found)
    return _draft(request, found)


def _draft(request: ActorRequest, earlier: Protocol | None) -> HttpResponse:
    form = _form(request, earlier)
    page = FormPage(
        heading=_("Draft a later version") if earlier else _("Draft a protocol"),
        send=_("Save the draft"),
        back=(earlier.get_absolute_url(), earlier.title)
        if earlier
        else (reverse("referral:protocols"), _("Protocols")),
        done=_("The draft was saved. It holds when every party has signed it."),
        consequences=_consequences(earlier),
        seen=_("All parties read the draft. Write no name of a person."),
    )
    return form_page(
        request,
        page,
        form,
        lambda given: actions.draft_protocol(
            request.actor,
            given["organisation"],
            form.terms(),
            replaces=earlier.code if earlier else "",
        ),
        lambda made: made.get_absolute_url(),
        FIELDS,
    )


def _consequences(earlier: Protocol | None) -> list[str]:
    if earlier is None:
        return [_("Nothing is shared on it until every party has signed.")]
    return [
        _("The present version holds until every party has signed the later one."),
        _("Then the later one takes its place on its first day."),
    ]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.PROTOCOL_SIGN)
def edit(request: ActorRequest, code: str) -> HttpResponse:
    """Change a draft that nobody has signed."""
    found = queries.find_protocol(request.actor, code)
    require(request.actor, Permission.PROTOCOL_SIGN, within=found)
    form = _form(request, found)
    # Whose draft it is does not change; who wants that drafts another one.
    form.fields["organisation"].disabled = True
    page = FormPage(
        heading=_("Change the draft"),
        send=_("Save the draft"),
        back=(found.get_absolute_url(), found.title),
        done=_("The draft was saved. It holds when every party has signed it."),
        seen=_("All parties read the draft. Write no name of a person."),
    )
    return form_page(
        request,
        page,
        form,
        lambda given: actions.change_protocol(request.actor, code, form.terms()),
        lambda made: made.get_absolute_url(),
        FIELDS,
    )


def _form(request: ActorRequest, protocol: Protocol | None) -> ProtocolForm:
    actor = request.actor
    initial = ProtocolForm.initial_of(protocol) if protocol else {}
    return ProtocolForm(
        request.POST or None,
        places=records.places(actor, Permission.PROTOCOL_SIGN),
        others={str(each.pk): each for each in Organisation.objects.visible_to(actor)},
        countries=_countries(actor),
        initial=initial or {"starts_on": today_now().isoformat()},
    )


def _countries(actor: Actor) -> list[tuple[str, Any]]:
    """Where a protocol that the actor drafts may hold."""
    codes = {scope.country for scope in actor.scopes_with(Permission.PROTOCOL_SIGN)}
    everywhere = [("", _("Everywhere"))] if "" in codes else []
    if everywhere:
        codes = {each.alpha3 for each in geography.countries()}
    names = [(each, geography.country_name(each, language())) for each in codes]
    return [*everywhere, *sorted(names, key=lambda pair: pair[1])]
