"""The directory of services: the list, one entry, entering, changing, still right, taking out."""

from datetime import date
from typing import Any

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
from cairn.core import geography
from cairn.core.language import language
from cairn.oversight.queries import records
from cairn.oversight.views import lists
from cairn.oversight.views.lists import Cell, Choice, ListPage, list_page
from cairn.oversight.views.shared import FormPage, form_page
from cairn.referral.actions import access_points as actions
from cairn.referral.forms.access_points import AccessPointForm, ConfirmForm
from cairn.referral.models.directory import GOOD_DAYS, AccessPoint
from cairn.referral.queries import access_points as queries
from cairn.referral.queries.access_points import Filters
from cairn.referral.rules.access_points import Age, Freshness, Need, Sex
from cairn.referral.wording import SENTENCES
from cairn.ui.templatetags.ui import listed

FIELDS = {
    "access-point.protected": "way",
    "access-point.way": "way",
    "access-point.needs": "needs",
    "access-point.phone": "phone",
    "access-point.reach": "reach",
}


def _words(state: str) -> str:
    return {
        Freshness.GOOD: _("Looked at lately"),
        Freshness.ASK: _("To be looked at"),
        Freshness.STALE: _("Out of date"),
        "closed": _("Taken out"),
    }[state]


def _state(point: AccessPoint, today: date) -> tuple[str, str]:
    """(code of a badge, words)."""
    state = "closed" if point.closed_at else point.freshness(today).value
    return f"access-point-{state}", _words(state)


@never_cache
@require_safe
@needs(Permission.DIRECTORY_VIEW)
def access_points(request: ActorRequest) -> HttpResponse:
    """Services by need, country and state."""
    today = timezone.localdate()
    filters = Filters.from_query(request.GET)
    names = [
        (each.alpha3, geography.country_name(each.alpha3, language()))
        for each in geography.countries()
    ]
    may_edit = request.actor.may(Permission.DIRECTORY_EDIT)
    states = [state for state in (*Freshness, "closed") if may_edit or state != "closed"]
    shown = ListPage(
        heading=_("Offices and telephones"),
        lead=_(
            "Where help is reached: offices and telephones, no protected places. What nobody has "
            "looked at for %(days)s days is not given to officers any more."
        )
        % {"days": GOOD_DAYS},
        columns=[
            _("Office or telephone"),
            _("What it helps with"),
            _("Where"),
            _("Telephone"),
            _("State"),
            _("Looked at"),
        ],
        empty=(
            _("No office or telephone here"),
            _("Enter where your place is reached, so that officers know where to send people.")
            if may_edit
            else _("Service providers enter where they can be reached."),
        ),
        actions=[(reverse("referral:access-point-new"), _("Enter an office or telephone"))]
        if may_edit
        else [],
        choices=[
            Choice("q", _("Name or area"), filters.words),
            Choice("need", _("Need"), filters.need, Need.choices),
            Choice("country", _("Country"), filters.country, sorted(names, key=lambda n: n[1])),
            Choice("state", _("State"), filters.state, [(each, _words(each)) for each in states]),
        ],
        clear_href=reverse("referral:access-points"),
    )
    found = queries.access_points(request.actor, filters, today)
    return list_page(request, shown, found, lambda rows: [_cells(row, today) for row in rows])


def _cells(point: AccessPoint, today: date) -> list[Cell]:
    return [
        lists.text(point.name, href=point.get_absolute_url()),
        lists.text(listed(Need(each).label for each in point.needs)),
        lists.text(
            listed(filter(None, (point.area, geography.country_name(point.country, language()))))
        ),
        lists.code(point.phone) if point.phone else lists.text("–"),
        lists.state(*_state(point, today)),
        lists.clock_cell(point.assured_on),
    ]


@never_cache
@require_safe
@signed_in
def access_point(request: ActorRequest, code: str) -> HttpResponse:
    """One service: how to reach it, whom it is for, when somebody last looked, its history."""
    found = queries.find_access_point(request.actor, code)
    today = timezone.localdate()
    state, label = _state(found, today)
    context = {
        "point": found,
        "state": state,
        "state_label": label,
        "is_given": found.closed_at is None and found.freshness(today) is not Freshness.STALE,
        "needs": [Need(each).label for each in found.needs],
        "ages": [Age(each).label for each in found.ages],
        "sexes": [Sex(each).label for each in found.sexes],
        "may_edit": found.closed_at is None and _may_edit(request, found),
        "history": queries.history(request.actor, found, SENTENCES),
    }
    return render(request, "referral/access_point.html", context)


def _may_edit(request: ActorRequest, point: AccessPoint) -> bool:
    place = (point.organisation_id, None, point.country)
    return request.actor.may_within(Permission.DIRECTORY_EDIT, *place)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.DIRECTORY_EDIT)
def create(request: ActorRequest) -> HttpResponse:
    """Enter a service."""
    form = AccessPointForm(
        request.POST or None,
        places=records.places(request.actor, Permission.DIRECTORY_EDIT),
    )
    page = FormPage(
        heading=_("Enter an office or telephone"),
        send=_("Enter it"),
        back=(reverse("referral:access-points"), _("Offices and telephones")),
        done=_("It was entered. Officers get it at their next contact."),
        seen=_("Officers of this country carry it on their phones. Write nothing secret."),
    )

    def enter(given: dict[str, Any]) -> AccessPoint:
        return actions.enter_access_point(
            request.actor,
            given["organisation"],
            form.service(),
            nobody_sleeps_there=given["nobody_sleeps_there"],
        )

    return form_page(request, page, form, enter, lambda made: made.get_absolute_url(), FIELDS)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit(request: ActorRequest, code: str) -> HttpResponse:
    """Change a service; who changes it has looked at it."""
    found = queries.find_access_point(request.actor, code)
    require(request.actor, Permission.DIRECTORY_EDIT, within=found)
    form = AccessPointForm(
        request.POST or None,
        places=records.places(request.actor, Permission.DIRECTORY_EDIT),
        initial=AccessPointForm.initial_of(found),
    )
    page = FormPage(
        heading=_("Change an office or telephone"),
        send=_("Save it"),
        back=(found.get_absolute_url(), found.name),
        done=_("It was saved, and counts as looked at today."),
        seen=_("Officers of this country carry it on their phones. Write nothing secret."),
    )

    def change(given: dict[str, Any]) -> AccessPoint:
        return actions.change_access_point(
            request.actor, code, form.service(), nobody_sleeps_there=given["nobody_sleeps_there"]
        )

    return form_page(request, page, form, change, lambda made: made.get_absolute_url(), FIELDS)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def assure(request: ActorRequest, code: str) -> HttpResponse:
    """Say that an entry is still right."""
    found = queries.find_access_point(request.actor, code)
    require(request.actor, Permission.DIRECTORY_EDIT, within=found)
    page = FormPage(
        heading=_("Is it still right?"),
        send=_("It is still right"),
        back=(found.get_absolute_url(), found.name),
        done=_("It counts as looked at today."),
        facts=[
            (_("Telephone"), found.phone or "–"),
            (_("How to find it"), found.reach or "–"),
            (_("When it is open"), found.hours or "–"),
        ],
        lead=_("Call the number or go there. Officers send people who have nowhere else to go."),
    )
    return form_page(
        request,
        page,
        ConfirmForm(request.POST if request.method == "POST" else None),
        lambda given: actions.assure_access_point(request.actor, code),
        lambda made: made.get_absolute_url(),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def close(request: ActorRequest, code: str) -> HttpResponse:
    """Take an entry out of the directory."""
    found = queries.find_access_point(request.actor, code)
    require(request.actor, Permission.DIRECTORY_EDIT, within=found)
    page = FormPage(
        heading=_("Take out an office or telephone"),
        send=_("Take it out"),
        back=(found.get_absolute_url(), found.name),
        done=_("It stands in the directory no more."),
        consequences=[
            _("Officers lose it from their phones at their next contact."),
            _("It cannot be brought back; it can be entered anew."),
        ],
    )
    return form_page(
        request,
        page,
        ConfirmForm(request.POST if request.method == "POST" else None),
        lambda given: actions.close_access_point(request.actor, code),
        lambda made: made.get_absolute_url(),
    )
