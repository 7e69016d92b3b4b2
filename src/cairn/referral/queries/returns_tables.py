"""Returns as tables, and what the page of one says above them."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cairn.access.permissions import Permission
from cairn.core import clock, geography
from cairn.core.actor import Actor
from cairn.core.language import language
from cairn.referral.models.persons import Person
from cairn.referral.models.returns import MonitoringVisit, ReturnPlan
from cairn.referral.queries import returns as queries
from cairn.referral.queries.persons_panels import may_edit
from cairn.referral.queries.persons_tables import Cell, Row, Table, deed
from cairn.referral.rules.returns import (
    LEFT,
    PREPARED,
    RETURN_MOVES,
    Danger,
    ReturnState,
    lacks,
)
from cairn.ui.templatetags.ui import listed


def returns(person: Person, may_change: bool) -> list[Table]:
    """Visits of the return that is shown, its assessments, and every return. At most three."""
    shown = queries.current(person)
    visits = queries.visits(shown) if shown is not None else []
    tables = [
        Table(
            _("Visits"),
            (_("Months later"), _("To be visited on"), _("Visited on"), _("What it showed")),
            [
                Row(
                    [
                        Cell(str(each.months)),
                        Cell(each.due_on, "day"),
                        Cell(each.held_on, "day"),
                        _shown(each),
                    ],
                    _visit_deed(person, shown, each, may_change) if shown is not None else None,
                )
                for each in visits
            ],
            "",
        ),
        Table(
            _("Assessments of the danger"),
            (
                _("Assessed on"),
                _("What was found"),
                _("Which dangers there are"),
                pgettext("assistance", "Return"),
            ),
            [
                Row(
                    [
                        Cell(each.assessed_on, "day"),
                        Cell(each.get_found_display(), "state", f"found_{each.found}"),
                        Cell(listed(Danger(code).label for code in each.dangers)),
                        Cell(str(each.plan.number)),
                    ]
                )
                for each in queries.assessments(person)
            ],
            _("The danger of a return was not assessed yet."),
        ),
        Table(
            pgettext("assistance", "Returns"),
            (_("Number"), _("State"), _("To which country"), _("Who meets the person there")),
            [_one(person, each, shown, may_change) for each in queries.returns(person)],
            _("No return was thought about. Nobody has to."),
        ),
    ]
    return [each for each in tables if each.rows or each.empty]


def _shown(visit: MonitoringVisit) -> Cell:
    if visit.held_on is None:
        return Cell("")
    if visit.has_concern:
        return Cell(_("Danger is feared"), "state", "visit_concern")
    if visit.is_reached:
        return Cell(_("Reached, nothing feared"), "state", "visit_well")
    return Cell(_("Not reached"), "state", "visit_not_reached")


def _visit_deed(
    person: Person, plan: ReturnPlan, visit: MonitoringVisit, may_change: bool
) -> tuple[str, str] | None:
    return deed(
        may_change and visit.held_on is None and plan.state in _VISITED,
        _("Write it down"),
        "return-visit",
        person,
        plan.number,
        visit.months,
    )


_VISITED = frozenset({ReturnState.RECEIVED, ReturnState.REINTEGRATION, ReturnState.MONITORED})


def _country(plan: ReturnPlan) -> str:
    return geography.country_name(plan.to_country, language()) if plan.to_country else ""


def _one(person: Person, plan: ReturnPlan, shown: ReturnPlan | None, may_change: bool) -> Row:
    is_past = shown is not None and plan.pk != shown.pk
    return Row(
        [
            Cell(str(plan.number)),
            Cell(plan.get_state_display(), "state", f"return_{plan.state}"),
            Cell(_country(plan)),
            Cell(plan.partner.display_name if plan.partner else ""),
        ],
        deed(
            may_change and is_past and plan.state == ReturnState.CLOSED,
            _("Danger is feared"),
            "return-concern",
            person,
            plan.number,
        )
        or deed(
            may_change and is_past and plan.state == ReturnState.CONCERN,
            _("Take a step"),
            "return-move",
            person,
            plan.number,
        ),
    )


# Steps that ask for little more than that they were taken, see `forms.returns.ReturnStepForm`.
PLAIN = (
    ReturnState.TRAVELLING,
    ReturnState.RECEIVED,
    ReturnState.REINTEGRATION,
    ReturnState.CLOSED,
    ReturnState.DECLINED,
)


def plain_steps(state: ReturnState) -> list[ReturnState]:
    """Which of them can be taken from `state`; a yes or no to the choices is asked for itself."""
    return [each for each in PLAIN if each in RETURN_MOVES[state]]


def deeds(plan: ReturnPlan, *, may_change: bool, may_reopen: bool) -> list[tuple[str, str]]:
    """(words, address) of what can be done now, the most likely first.

    `may_reopen`: also where the record is closed; then nothing but a concern can be raised.
    """
    state, number, person = ReturnState(plan.state), plan.number, plan.person
    onward = RETURN_MOVES[state]
    is_assessed = state in PREPARED
    offered = (
        (may_change and plan.closed_on is not None, _("Think about a return"), "return-new"),
        (ReturnState.PRE_DEPARTURE in onward, _("Prepare the departure"), "return-prepare"),
        (
            ReturnState.RISK_ASSESSED in onward and not is_assessed,
            _("Assess the danger"),
            "return-assess",
        ),
        (bool(plain_steps(state)), _("Take a step"), "return-move"),
        (ReturnState.COUNSELLED in onward, _("Explain the choices"), "return-counsel"),
        (
            ReturnState.RISK_ASSESSED in onward and is_assessed,
            _("Assess the danger again"),
            "return-assess",
        ),
    )
    found = [
        deed(True, words, name, person, *([] if name == "return-new" else [number]))
        for is_there, words, name in offered
        if is_there and may_change
    ]
    feared = may_reopen and ReturnState.CONCERN in onward
    found.append(deed(feared, _("Danger is feared"), "return-concern", person, number))
    return [each for each in found if each]


def _visit_due(plan: ReturnPlan, may_change: bool) -> list[tuple[str, str]]:
    """The visit that is due and not written down comes before every other step."""
    today = timezone.localdate(clock.now())
    waiting = [each for each in queries.visits(plan) if each.held_on is None]
    if not may_change or plan.state not in _VISITED or not waiting or waiting[0].due_on > today:
        return []
    words, months = _("Write down the visit that is due"), waiting[0].months
    found = deed(True, words, "return-visit", plan.person, plan.number, months)
    return [found] if found else []


def facts(actor: Actor, person: Person, may_change: bool) -> dict[str, Any]:
    """What the page says above its tables: where the return stands, and what it lacks."""
    plan = queries.current(person)
    if plan is None:
        new = deed(may_change, _("Think about a return"), "return-new", person)
        return {"plan": None, "deeds": [new] if new else []}
    plan.person, state = person, ReturnState(plan.state)
    place = (person.organisation_id, person.unit_id, person.country)
    may_reopen = person.erased_on is None and actor.may_within(Permission.PERSON_EDIT, *place)
    is_open_question = state in PREPARED | {ReturnState.COUNSELLED, ReturnState.BLOCKED}
    lacking = []
    if is_open_question:
        lacking = lacks(queries.readiness(plan, timezone.localdate(clock.now())))
    return {
        "plan": plan,
        "country": _country(plan),
        "tone": f"return_{plan.state}",
        "is_feared": state is ReturnState.CONCERN,
        "is_open_question": is_open_question,
        "lacks": [str(each.message) for each in lacking],
        "deeds": [
            *_visit_due(plan, may_change),
            *deeds(plan, may_change=may_change, may_reopen=may_reopen),
        ],
    }


def panel(actor: Actor, person: Person) -> Mapping[str, Any]:
    """Where a return stands, and when the next visit is. At most two queries."""
    plan = queries.current(person)
    waiting = [each for each in queries.visits(plan) if each.held_on is None] if plan else []
    is_followed = plan is not None and plan.state in LEFT
    return {
        "person": person,
        "plan": plan,
        "tone": f"return_{plan.state}" if plan else "",
        "next": waiting[0] if waiting and is_followed else None,
        "is_feared": plan is not None and plan.state == ReturnState.CONCERN,
        "may_edit": may_edit(actor, person),
    }
