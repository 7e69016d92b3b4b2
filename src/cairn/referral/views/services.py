"""Services: the list, one service, entering, changing, saying how it stands, taking it out."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import needs, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core import clock, geography
from cairn.core.language import language
from cairn.oversight.views import lists
from cairn.oversight.views.lists import Cell, Choice, ListPage, list_page
from cairn.oversight.views.shared import FormPage, form_page
from cairn.referral.actions import services as actions
from cairn.referral.forms.access_points import ConfirmForm
from cairn.referral.forms.services import CapacityForm, FocalForm, PointsForm, ServiceForm
from cairn.referral.models.services import SAID_DAYS, Service
from cairn.referral.queries import services as queries
from cairn.referral.queries.access_points import history
from cairn.referral.queries.services import Filters
from cairn.referral.rules.access_points import Age, Need, Sex
from cairn.referral.rules.hours import week
from cairn.referral.rules.services import Exclusion, ServiceType, Standing
from cairn.referral.wording import SENTENCES
from cairn.ui.templatetags.ui import listed

FORM = ("GET", "HEAD", "POST")
FIELDS = {
    "service.kinds": "kinds",
    "service.needs": "needs",
    "service.sensitivity": "sensitivity",
    "service.phone": "phone",
    "service.zone": "zone",
    "person.place": "unit",
}


def badge(state: Standing) -> tuple[str, str]:
    """(code of a badge, words)."""
    return f"service_{state.value.replace('-', '_')}", str(state.label)


def choices(filters: Filters, *, may_edit: bool) -> list[Choice]:
    """The filters of the list and of the table of areas."""
    names = [
        (each.alpha3, geography.country_name(each.alpha3, language()))
        for each in geography.countries()
    ]
    states = [each for each in Standing if may_edit or each != Standing.TAKEN_OUT]
    return [
        Choice("q", _("Name, area or code"), filters.words),
        Choice("need", _("Need"), filters.need, Need.choices),
        Choice("kind", _("Kind"), filters.kind, ServiceType.choices),
        Choice("country", _("Country"), filters.country, sorted(names, key=lambda n: n[1])),
        Choice("state", _("How it stands"), filters.state, [(s.value, s.label) for s in states]),
    ]


@never_cache
@require_safe
@needs(Permission.DIRECTORY_VIEW)
def services(request: ActorRequest) -> HttpResponse:
    """Services by need, kind, country and how they stand."""
    now = clock.now()
    filters = Filters.from_query(request.GET)
    may_edit = request.actor.may(Permission.DIRECTORY_EDIT)
    links = [(reverse("referral:service-areas"), _("By area"))]
    if may_edit:
        links.insert(0, (reverse("referral:service-new"), _("Enter a service")))
        links.append((reverse("referral:directory-files"), _("Files")))
    shown = ListPage(
        heading=_("Services"),
        lead=_(
            "Whom persons are referred to. What providers said of free places counts for %(days)s "
            "days; no protected place stands here."
        )
        % {"days": SAID_DAYS},
        columns=[
            _("Service"),
            _("Kind"),
            _("Organisation"),
            _("Where"),
            _("How it stands"),
            _("Said"),
        ],
        empty=(
            _("No service here"),
            _("Enter what your place offers, so that persons are referred to you.")
            if may_edit
            else _("Service providers enter what they offer."),
        ),
        actions=links,
        choices=choices(filters, may_edit=may_edit),
        clear_href=reverse("referral:services"),
    )
    found = queries.services(request.actor, filters, now)
    return list_page(request, shown, found, lambda rows: [_cells(row, now) for row in rows])


def _cells(service: Service, now: datetime) -> list[Cell]:
    country = geography.country_name(service.country, language())
    return [
        lists.text(service.name, href=service.get_absolute_url()),
        lists.text(listed(ServiceType(each).label for each in service.kinds)),
        lists.text(service.organisation.display_name),
        lists.text(listed(filter(None, (service.area, country)))),
        lists.state(*badge(service.state_now(now))),
        lists.clock_cell(service.capacity_at),
    ]


@never_cache
@require_safe
@needs(Permission.DIRECTORY_VIEW)
def areas(request: ActorRequest) -> HttpResponse:
    """Each area with how many services are open, have a waiting list, are full, or say nothing."""
    now = clock.now()
    filters = Filters.from_query(request.GET)
    may_edit = request.actor.may(Permission.DIRECTORY_EDIT)
    found = queries.areas(request.actor, filters, now)
    rows = [
        (area, [(badge(state), area.count(state)) for state in queries.SHOWN]) for area in found
    ]
    narrowed = [each for each in choices(filters, may_edit=may_edit) if each.name != "state"]
    context = {
        "rows": rows,
        "heads": [badge(state) for state in queries.SHOWN],
        "choices": narrowed,
        "clear_href": reverse("referral:service-areas")
        if any(each.value for each in narrowed)
        else "",
        "today": now,
    }
    return render(request, "referral/service_areas.html", context)


@never_cache
@require_safe
@signed_in
def service(request: ActorRequest, code: str) -> HttpResponse:
    """One service: what it gives to whom, how it stands, how it is reached, its history."""
    found = queries.find_service(request.actor, code)
    now = clock.now()
    may_edit = actions.may_edit(request.actor, found) and found.closed_at is None
    may_know_place = request.actor.may(Permission.LOCATION_VIEW)
    answering = queries.answerers(found) if may_edit else {}
    context = {
        "service": found,
        "badge": badge(found.state_now(now)),
        "is_open": found.is_open_at(now),
        "kinds": [ServiceType(each).label for each in found.kinds],
        "needs": [Need(each).label for each in found.needs],
        "ages": [Age(each).label for each in found.ages],
        "sexes": [Sex(each).label for each in found.sexes],
        "exclusions": [Exclusion(each).label for each in found.exclusions],
        "week": week(found.hours),
        "points": [each for each in found.access_points.all() if each.closed_at is None],
        "may_edit": may_edit,
        "focal": answering.get(found.focal_user) if found.focal_user else "",
        "asked": queries.confirmations(request.actor, found) if may_edit else [],
        "now": now,
        "location": queries.location_of(request.actor, found) if may_know_place else None,
        "may_seal": may_know_place
        and request.actor.may_within(
            Permission.LOCATION_OPEN, found.organisation_id, found.unit_id, found.country
        ),
        "history": history(request.actor, found, SENTENCES),
    }
    return render(request, "referral/service.html", context)


@never_cache
@require_http_methods(FORM)
@needs(Permission.DIRECTORY_EDIT)
def create(request: ActorRequest) -> HttpResponse:
    """Enter a service."""
    form = ServiceForm(request.POST or None, places=queries.places(request.actor))
    page = FormPage(
        heading=_("Enter a service"),
        send=_("Enter the service"),
        back=(reverse("referral:services"), _("Services")),
        done=_("The service was entered. Say now how it stands."),
        seen=_("Those who refer persons read it; what is public, everybody with the directory."),
    )

    def enter(given: dict[str, Any]) -> Service:
        return actions.enter_service(
            request.actor, given["organisation"], form.facts(), given.get("unit")
        )

    return form_page(request, page, form, enter, lambda made: made.get_absolute_url(), FIELDS)


def _editable(request: ActorRequest, code: str) -> Service:
    found = queries.find_service(request.actor, code)
    actions.require_edit(request.actor, found)
    return found


@never_cache
@require_http_methods(FORM)
@signed_in
def edit(request: ActorRequest, code: str) -> HttpResponse:
    """Change a service; who changes it has looked at it."""
    found = _editable(request, code)
    form = ServiceForm(
        request.POST or None,
        places=queries.places(request.actor, found),
        initial=ServiceForm.initial_of(found),
        is_change=True,
    )
    page = FormPage(
        heading=_("Change a service"),
        send=_("Save the service"),
        back=(found.get_absolute_url(), found.name),
        done=_("The service was saved, and counts as looked at today."),
        seen=_("Those who refer persons read it; what is public, everybody with the directory."),
    )

    def change(given: dict[str, Any]) -> Service:
        facts = form.facts(focal_user=found.focal_user)
        return actions.change_service(request.actor, code, facts, given.get("unit"))

    return form_page(request, page, form, change, lambda made: made.get_absolute_url(), FIELDS)


@never_cache
@require_http_methods(FORM)
@signed_in
def say(request: ActorRequest, code: str) -> HttpResponse:
    """Say how a service stands today."""
    found = _editable(request, code)
    page = FormPage(
        heading=_("How does it stand?"),
        send=_("Say it"),
        back=(found.get_absolute_url(), found.name),
        done=_("It was noted, and counts for a fortnight."),
        lead=_("A full service is offered to nobody; one with a waiting list is, and says so."),
    )
    form = CapacityForm(request.POST or None, initial={"capacity": found.capacity})
    return form_page(
        request,
        page,
        form,
        lambda given: actions.say_capacity(request.actor, code, given["capacity"]),
        lambda made: made.get_absolute_url(),
    )


@never_cache
@require_http_methods(FORM)
@signed_in
def assure(request: ActorRequest, code: str) -> HttpResponse:
    """Say that an entry is still right."""
    found = _editable(request, code)
    page = FormPage(
        heading=_("Is it still right?"),
        send=_("It is still right"),
        back=(found.get_absolute_url(), found.name),
        done=_("The service counts as looked at today."),
        facts=[
            (_("Telephone for colleagues"), found.phone or "–"),
            (_("Who can come"), found.eligibility or "–"),
            (_("When it is open"), found.hours_text or "–"),
        ],
        lead=_("Ask there. Persons are sent who have nowhere else to go."),
    )
    return form_page(
        request,
        page,
        ConfirmForm(request.POST if request.method == "POST" else None),
        lambda given: actions.assure_service(request.actor, code),
        lambda made: made.get_absolute_url(),
    )


@never_cache
@require_http_methods(FORM)
@signed_in
def close(request: ActorRequest, code: str) -> HttpResponse:
    """Take a service out of the directory."""
    found = _editable(request, code)
    page = FormPage(
        heading=_("Take out a service"),
        send=_("Take it out"),
        back=(found.get_absolute_url(), found.name),
        done=_("The service was taken out of the directory."),
        consequences=[
            _("Nobody is referred there any more. Referrals on their way go on."),
            _("It cannot be brought back; it can be entered anew."),
        ],
    )
    return form_page(
        request,
        page,
        ConfirmForm(request.POST if request.method == "POST" else None),
        lambda given: actions.close_service(request.actor, code),
        lambda made: made.get_absolute_url(),
    )


@never_cache
@require_http_methods(FORM)
@signed_in
def points(request: ActorRequest, code: str) -> HttpResponse:
    """Say through which offices and telephones a service is reached."""
    found = _editable(request, code)
    own = queries.points_of(request.actor, found)
    chosen = [each.code for each in found.access_points.all()]
    form = PointsForm(request.POST or None, points=own, initial={"points": chosen})
    page = FormPage(
        heading=_("How it is reached"),
        send=_("Save"),
        back=(found.get_absolute_url(), found.name),
        done=_("It was noted how the service is reached."),
        lead=_("Offices and telephones of the organisation. None of them may lead to a bed."),
    )
    return form_page(
        request,
        page,
        form,
        lambda given: actions.set_access_points(request.actor, code, given["points"]),
        lambda made: made.get_absolute_url(),
        {"service.point": "points", "service.points": "points"},
    )


@never_cache
@require_http_methods(FORM)
@signed_in
def focal(request: ActorRequest, code: str) -> HttpResponse:
    """Say who answers referrals of a service."""
    found = _editable(request, code)
    answering = queries.answerers(found)
    form = FocalForm(
        request.POST if request.method == "POST" else None,
        answerers=answering,
        initial={"focal_user": str(found.focal_user or "")},
    )
    page = FormPage(
        heading=_("Who answers referrals"),
        send=_("Save"),
        back=(found.get_absolute_url(), found.name),
        done=_("It was noted who answers."),
    )
    return form_page(
        request,
        page,
        form,
        lambda given: actions.set_focal(request.actor, code, given["focal_user"]),
        lambda made: made.get_absolute_url(),
        {"service.focal": "focal_user"},
    )
