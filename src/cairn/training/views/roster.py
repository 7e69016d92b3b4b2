"""Trainers: the roster by code with computed status, one trainer, and what is recorded of them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.access.guards import needs, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core import geography
from cairn.core.errors import RuleBroken
from cairn.core.language import language
from cairn.core.limits import limited
from cairn.oversight.record_forms import ReadForm
from cairn.oversight.rules import Purpose
from cairn.oversight.views.shared import FormPage, form_page, missing_as_refusal
from cairn.training.actions import roster as actions
from cairn.training.actions.people import open_people
from cairn.training.forms import roster as forms
from cairn.training.forms.events import language_choices
from cairn.training.models import Practitioner
from cairn.training.queries import roster as queries
from cairn.training.rules import roster as rules
from cairn.training.rules.choices import LadderStep
from cairn.training.rules.roster import Criterion, Standing
from cairn.ui.forms import add_refusal, status_of
from cairn.ui.pages import page_of

GET_OR_POST = ("GET", "HEAD", "POST")
# Names are opened for at most one page of the list.
PER_PAGE = 25


@never_cache
@require_safe
@needs(Permission.TRAINING_VIEW)
def trainers(request: ActorRequest) -> HttpResponse:
    """The roster: who stands where and why, by code. Names are opened on an answer of its own."""
    return _list(request, ReadForm())


@never_cache
@require_http_methods(GET_OR_POST)
@needs(Permission.TRAINEE_OPEN)
@limited("roster.open", per_minute=10, per_hour=60, methods=("POST",))
def open_names(request: ActorRequest) -> HttpResponse:
    """The same page of the list with names, for a reason that is written down."""
    if request.method != "POST":
        return redirect("training:trainers")
    form = ReadForm(request.POST)
    names: dict[UUID, str] = {}
    if form.is_valid():
        shown = [each.practitioner for each in _page(request).rows]
        try:
            opened = open_people(
                request.actor, shown, Purpose.TRAINING, form.cleaned_data["reason"]
            )
        except RuleBroken as refusal:
            add_refusal(form, refusal, "reason")
        else:
            names = {each.record.pk: _name(each.values) for each in opened}
    return _list(request, form, names)


def _name(values: Mapping[str, Any]) -> str:
    """The name in its own script, with the Latin one after it where there is one."""
    parts = [values.get(key) for key in ("name", "name_latin")]
    return " · ".join(part for part in parts if isinstance(part, str) and part)


def _page(request: ActorRequest) -> Any:
    filters = queries.Filters.from_query(request.GET)
    rows = queries.trainers(request.actor, filters, today=timezone.localdate())
    return page_of(rows, request, per_page=PER_PAGE)


def _list(
    request: ActorRequest, form: ReadForm, names: dict[UUID, str] | None = None
) -> HttpResponse:
    today = timezone.localdate()
    filters = queries.Filters.from_query(request.GET)
    rows = queries.trainers(request.actor, filters, today=today)
    page = page_of(rows, request, per_page=PER_PAGE)
    context = {
        "page": page,
        "rows": [(row, (names or {}).get(row.practitioner.pk, "")) for row in page.rows],
        "filters": filters,
        "is_filtered": filters != queries.Filters(),
        "tally": queries.tally(rows),
        "standings": Standing.choices,
        "levels": LadderStep.choices,
        "languages": language_choices(),
        "families": queries.families(),
        "form": form,
        "has_names": bool(names),
        "may_open": request.actor.may(Permission.TRAINEE_OPEN),
        "may_edit": request.actor.may(Permission.TRAINEE_EDIT),
        "query": request.GET.urlencode(),
    }
    return render(request, "training/roster/trainers.html", context, status=status_of(form))


@never_cache
@require_safe
@signed_in
def trainer(request: ActorRequest, code: str) -> HttpResponse:
    """One trainer: status with its reasons, the ladder, deliveries, observations, days."""
    today = timezone.localdate()
    found = queries.find_trainer(request.actor, code, today=today)
    person = found.practitioner
    place = (person.organisation_id, None, person.country)
    is_own = request.actor.user_id is not None and person.user_id == request.actor.user_id
    facts = found.facts
    context = {
        "trainer": found,
        "person": person,
        "steps": _steps(found),
        "missing": [rules.missing_sentence(each) for each in found.place.missing],
        "deliveries": facts.deliveries,
        "observations": [
            {
                "row": each,
                "grades": [
                    (Criterion(key).label, value)
                    for key, value in each.scores.items()
                    if key in Criterion.values
                ],
            }
            for each in facts.observations
        ],
        "availability": [*facts.available, *facts.away],
        "restrictions": [
            each for each in facts.restrictions if each.until is None or each.until >= today
        ],
        "may_edit": request.actor.may_within(Permission.TRAINEE_EDIT, *place),
        "may_say": is_own or request.actor.may_within(Permission.TRAINEE_EDIT, *place),
        "may_decide": request.actor.may_within(Permission.TRAINING_DECIDE, *place),
        "may_observe": request.actor.may_within(Permission.TRAINING_EDIT, *place)
        or request.actor.may(Permission.EVENT_RUN),
    }
    return render(request, "training/roster/trainer.html", context)


def _steps(found: queries.Trainer) -> list[dict[str, Any]]:
    """The ladder for the page: each step, whether the record reaches it, whether it is held."""
    reached = rules.STEPS.index(found.place.reached) if found.place.reached else -1
    held = {each.level for each in found.facts.qualifications}
    return [
        {"step": step, "is_reached": at <= reached, "is_held": step.value in held}
        for at, step in enumerate(rules.STEPS)
    ]


def _back(code: str) -> tuple[str, str]:
    return reverse("training:trainer", args=[code]), code


def _find(request: ActorRequest, code: str, permission: Permission | None) -> Practitioner:
    """The person, for a page that records something: 404 for strangers, 403 without permission."""
    rows = Practitioner.objects.visible_to(request.actor).kept()
    found: Practitioner = rows.get(code=code.upper())
    if permission is not None:
        require(request.actor, permission, within=found)
    return found


@never_cache
@require_http_methods(GET_OR_POST)
@needs(Permission.TRAINEE_EDIT)
def add(request: ActorRequest) -> HttpResponse:
    """Put somebody on the roster."""
    form = forms.ListingForm(request.POST or None, initial={"code": request.GET.get("code", "")})
    page = FormPage(
        heading=_("Put somebody on the roster"),
        send=_("Put on the roster"),
        back=(reverse("training:trainers"), _("Trainers")),
        done=_("The person is on the roster. Now record the level and the days."),
    )
    return form_page(
        request,
        page,
        form,
        missing_as_refusal(
            lambda given: actions.list_trainer(
                request.actor, given["code"], travel_days=given["travel_days"]
            )
        ),
        lambda made: reverse("training:trainer", args=[made.practitioner.code]),
        {"roster.travel": "travel_days", "oversight.no-record": "code"},
    )


@never_cache
@require_http_methods(GET_OR_POST)
@signed_in
def travel(request: ActorRequest, code: str) -> HttpResponse:
    """How many days a year a trainer may travel."""
    person = _find(request, code, Permission.TRAINEE_EDIT)
    profile = queries.find_trainer(request.actor, code, today=timezone.localdate())
    held = profile.practitioner.trainer.travel_days
    page = FormPage(
        heading=_("Days of travel"),
        send=_("Save"),
        back=_back(person.code),
        done=_("The days of travel were saved."),
    )
    return form_page(
        request,
        page,
        forms.TravelForm(request.POST or None, initial={"travel_days": held}),
        lambda given: actions.list_trainer(request.actor, person.code, **given),
        lambda _made: _back(person.code)[0],
    )


@never_cache
@require_http_methods(GET_OR_POST)
@signed_in
def level(request: ActorRequest, code: str) -> HttpResponse:
    """Decide how far a trainer has come."""
    person = _find(request, code, Permission.TRAINING_DECIDE)
    form = forms.LevelForm(
        request.POST or None,
        families=queries.families(),
        initial={"since": timezone.localdate().isoformat()},
    )
    page = FormPage(
        heading=_("Decide the level"),
        send=_("Record the level"),
        back=_back(person.code),
        done=_("The level was recorded."),
        lead=_("The record has to reach the level, unless it was earned elsewhere."),
        template="training/roster/level_form.html",
    )
    return form_page(
        request,
        page,
        form,
        lambda given: actions.award_level(request.actor, person.code, **given),
        lambda _made: _back(person.code)[0],
        {
            "roster.step": "level",
            "roster.basis": "basis",
            "roster.day": "since",
            "roster.once": "since",
        },
    )


@never_cache
@require_http_methods(GET_OR_POST)
@signed_in
def observe(request: ActorRequest, code: str) -> HttpResponse:
    """Record an observation by rubric."""
    if not request.actor.may_any((Permission.TRAINING_EDIT, Permission.EVENT_RUN)):
        require(request.actor, Permission.TRAINING_EDIT)
    person = _find(request, code, None)
    form = forms.ObservationForm(
        request.POST or None,
        initial={
            "observed_on": timezone.localdate().isoformat(),
            "event": request.GET.get("event", ""),
        },
    )
    page = FormPage(
        heading=_("Record an observation"),
        send=_("Record it"),
        back=_back(person.code),
        done=_("The observation was recorded."),
        lead=_("Passed: no grade of 1, at least 3 for keeping people safe, and 2.5 on average."),
        seen=_("The trainer and whoever plans training sees it."),
    )

    def act(given: dict[str, Any]) -> object:
        return actions.observe(
            request.actor,
            person.code,
            form.grades(),
            **{key: given[key] for key in ("observer", "observed_on", "kind", "event", "comment")},
        )

    return form_page(
        request,
        page,
        form,
        missing_as_refusal(act),
        lambda _made: _back(person.code)[0],
        {
            "observation.observer": "observer",
            "observation.self": "observer",
            "observation.day": "observed_on",
        },
    )


@never_cache
@require_http_methods(GET_OR_POST)
@signed_in
def availability(request: ActorRequest, code: str) -> HttpResponse:
    """Say when a trainer can go, or is away."""
    person = _find(request, code, None)
    is_own = request.actor.user_id is not None and person.user_id == request.actor.user_id
    if not is_own:
        require(request.actor, Permission.TRAINEE_EDIT, within=person)
    page = FormPage(
        heading=_("Days"),
        send=_("Save the days"),
        back=_back(person.code),
        done=_("The days were saved."),
    )
    return form_page(
        request,
        page,
        forms.AvailabilityForm(request.POST or None),
        lambda given: actions.say_availability(request.actor, person.code, **given),
        lambda _made: _back(person.code)[0],
        {"availability.period": "last"},
    )


@require_POST
@signed_in
def availability_remove(request: ActorRequest, code: str, pk: UUID) -> HttpResponse:
    actions.take_back_availability(request.actor, code, pk)
    messages.success(request, _("The days were taken back."))
    return redirect("training:trainer", code=code)


@never_cache
@require_http_methods(GET_OR_POST)
@signed_in
def restrict(request: ActorRequest, code: str) -> HttpResponse:
    """Decide that a trainer is not sent, anywhere or to one country."""
    person = _find(request, code, Permission.TRAINING_DECIDE)
    known = [
        (each.alpha3, geography.country_name(each.alpha3, language()))
        for each in geography.countries()
    ]
    form = forms.RestrictionForm(
        request.POST or None,
        countries=sorted(known, key=lambda pair: pair[1]),
        initial={"since": timezone.localdate().isoformat()},
    )
    page = FormPage(
        heading=_("Restrict a trainer"),
        send=_("Record the restriction"),
        back=_back(person.code),
        done=_("The restriction was recorded."),
    )
    return form_page(
        request,
        page,
        form,
        lambda given: actions.restrict(request.actor, person.code, **given),
        lambda _made: _back(person.code)[0],
        {"restriction.period": "until"},
    )


@require_POST
@signed_in
def restriction_lift(request: ActorRequest, code: str, pk: UUID) -> HttpResponse:
    actions.lift_restriction(request.actor, code, pk)
    messages.success(request, _("The restriction was lifted."))
    return redirect("training:trainer", code=code)
