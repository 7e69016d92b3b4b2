"""Returns step by step: what blocks them, and what a concern opens again."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from cairn.access.tests.factories import organisation, user_with_role
from cairn.core.actor import Actor
from cairn.core.models import AuditEntry
from cairn.oversight.models import Notice
from cairn.referral.actions import close_person
from cairn.referral.actions.outbox import send_outbox
from cairn.referral.actions.persons_rows import (
    NewFinding,
    NewGuardian,
    appoint_guardian,
    assess_risk,
    find_best_interests,
)
from cairn.referral.actions.plans import move_plan, propose_plan
from cairn.referral.actions.returns import (
    arrive,
    close_return,
    consider_return,
    decline_return,
    prepare_departure,
    set_out,
    settle_in,
)
from cairn.referral.actions.returns_concern import note_visit, raise_concern
from cairn.referral.actions.risks import Against, decide_risk
from cairn.referral.models import (
    MonitoringVisit,
    Person,
    Plan,
    ReturnPlan,
    ReturnRisk,
    ReturnStep,
    RiskAssessment,
)
from cairn.referral.queries import persons as person_queries
from cairn.referral.queries import returns as queries
from cairn.referral.rules.persons import AgeBand
from cairn.referral.rules.persons_contact import PanelKind, RiskLevel
from cairn.referral.rules.persons_gates import BestOutcome, Question
from cairn.referral.rules.plans import PLAN_ENDS, PlanState, months_after
from cairn.referral.rules.returns import Found, ReturnState, Wish
from cairn.referral.rules.risks import RiskGround
from cairn.referral.tests.factories import REASON, actor_of, person, provider
from cairn.referral.tests.plans_made import (
    FEAR,
    SAID,
    SOURCES,
    WISH,
    ago,
    agreed_plan,
    assessed,
    brought_to,
    counselled,
    there,
    thought_of,
    today,
)
from cairn.referral.tests.referrals_made import refused

pytestmark = pytest.mark.django_db
S = ReturnState
FEARED_FROM = (S.TRAVELLING, S.RECEIVED, S.REINTEGRATION, S.MONITORED)


@pytest.fixture
def worker() -> Actor:
    return provider()


@pytest.fixture
def made(worker: Actor) -> Person:
    return person(worker)


def closed(worker: Actor, made: Person) -> ReturnPlan:
    """A return that was followed and closed."""
    plan = brought_to(worker, made, S.MONITORED)
    return close_return(worker, made.code, plan.number, is_wish=True)


def test_a_return_is_prepared_done_and_followed(worker: Actor, made: Person) -> None:
    plan = brought_to(worker, made, S.MONITORED)
    visits = list(MonitoringVisit.objects.filter(plan=plan).order_by("months"))
    assert [(each.months, each.due_on) for each in visits] == [
        (months, months_after(ago(100), months)) for months in (3, 6, 12)
    ]
    with refused("return.visits"):
        close_return(worker, made.code, plan.number)
    plan = close_return(worker, made.code, plan.number, is_wish=True)
    assert (plan.state, plan.closed_on) == (S.CLOSED, today())
    steps = ReturnStep.objects.filter(plan=plan).order_by("number")
    assert [each.after for each in steps] == [
        S.NOT_CONSIDERED, S.COUNSELLED, S.RISK_ASSESSED, S.PRE_DEPARTURE, S.TRAVELLING, S.RECEIVED,
        S.REINTEGRATION, S.MONITORED, S.CLOSED,
    ]  # fmt: skip


@pytest.mark.parametrize("found", Found)
def test_not_safe_and_not_known_block_until_assessed_anew(
    worker: Actor, made: Person, found: Found
) -> None:
    plan = counselled(worker, thought_of(worker, made))
    plan = assessed(worker, plan, found, safeguards=SAID)
    if found in {Found.SAFE, Found.SAFEGUARDS}:
        assert plan.state == S.RISK_ASSESSED
        return
    assert plan.state == S.BLOCKED
    with refused("return.unsafe"):
        prepare_departure(worker, made.code, plan.number, partner=there())
    assert assessed(worker, plan).state == S.RISK_ASSESSED
    prepared = prepare_departure(worker, made.code, plan.number, partner=there())
    assert prepared.state == S.PRE_DEPARTURE
    # Found unsafe on the eve of the journey: nobody sets out.
    assert assessed(worker, prepared, found).state == S.BLOCKED
    with refused("return.unsafe"):
        set_out(worker, made.code, plan.number)


def test_nobody_travels_who_did_not_say_yes_or_whom_nobody_meets(
    worker: Actor, made: Person
) -> None:
    plan = counselled(worker, thought_of(worker, made), Wish.NOT_YET)
    assessed(worker, plan)
    with refused("return.wish"):
        prepare_departure(worker, made.code, plan.number, partner=there())
    plan = counselled(worker, plan)
    with refused("return.move"):
        prepare_departure(worker, made.code, plan.number, partner=there())
    assessed(worker, plan)
    with refused("return.partner"):
        prepare_departure(worker, made.code, plan.number, partner=None)
    with refused("return.day"):
        prepare_departure(worker, made.code, plan.number, partner=there(), departs_on=ago(1))
    plan.refresh_from_db()
    assert (plan.state, plan.partner) == (S.RISK_ASSESSED, None)


def test_a_no_ends_it_until_the_choices_are_explained_again(worker: Actor, made: Person) -> None:
    plan = counselled(worker, thought_of(worker, made), Wish.NO)
    assert (plan.state, plan.wanted_on) == (S.DECLINED, None)
    plan = counselled(worker, plan)
    assert (plan.state, plan.wanted_on) == (S.COUNSELLED, today())
    assessed(worker, plan)
    prepare_departure(worker, made.code, plan.number, partner=there())
    plan = decline_return(worker, made.code, plan.number)
    assert (plan.state, plan.wanted_on) == (S.DECLINED, None)
    with refused("return.move"):
        set_out_anyway(worker, plan)


def set_out_anyway(worker: Actor, plan: ReturnPlan) -> None:
    """With all that a departure rests on, but for the state."""
    ReturnPlan.objects.filter(pk=plan.pk).update(wanted_on=today(), partner=there())
    set_out(worker, plan.person.code, plan.number)


def test_a_partner_who_is_left_out_meets_nobody(worker: Actor, made: Person) -> None:
    plan = brought_to(worker, made, S.PRE_DEPARTURE)
    editor = actor_of(user_with_role("directory-editor", name="editor"))
    against = Against(organisation(), "NPL", there(), RiskGround.IMPLICATED_FORCE, today())
    decide_risk(editor, against, REASON)
    with refused("return.excluded"):
        set_out(worker, made.code, plan.number)
    assessed(worker, plan)
    with refused("return.excluded"):
        prepare_departure(worker, made.code, plan.number, partner=there())


@pytest.mark.parametrize("age", [AgeBand.CHILD, AgeBand.AGE_DISPUTED])
def test_a_child_returns_with_a_guardian_and_a_determination_only(
    worker: Actor, age: AgeBand
) -> None:
    child = person(worker, age_band=age)
    plan = assessed(worker, counselled(worker, thought_of(worker, child)))
    with refused("person.guardian"):
        prepare_departure(worker, child.code, plan.number, partner=there())
    appoint_guardian(worker, child.code, NewGuardian("Guardia", "", "Court of Inventia", ago(3)))
    with refused("return.child"):
        prepare_departure(worker, child.code, plan.number, partner=there())
    finding = NewFinding(
        PanelKind.DETERMINATION, Question.RETURN, BestOutcome.NOT_NOW, "Panel", ago(2)
    )
    find_best_interests(worker, child.code, finding)
    with refused("return.child"):
        prepare_departure(worker, child.code, plan.number, partner=there())
    finding = NewFinding(PanelKind.DETERMINATION, Question.RETURN, BestOutcome.YES, "Panel", ago(1))
    find_best_interests(worker, child.code, finding)
    prepared = prepare_departure(worker, child.code, plan.number, partner=there())
    assert prepared.state == S.PRE_DEPARTURE
    # What was determined is asked again on the day of the journey.
    finding = NewFinding(PanelKind.DETERMINATION, Question.RETURN, BestOutcome.NO, "Panel", today())
    find_best_interests(worker, child.code, finding)
    with refused("return.child"):
        set_out(worker, child.code, plan.number)


def told(actor: Actor) -> list[str]:
    send_outbox({})
    return list(Notice.objects.visible_to(actor).values_list("code", flat=True))


@pytest.mark.parametrize("state", FEARED_FROM)
@pytest.mark.parametrize("is_file_closed", [False, True])
def test_a_concern_reopens_record_and_plan_raises_the_danger_and_tells(
    worker: Actor, made: Person, state: ReturnState, is_file_closed: bool
) -> None:
    supervisor = actor_of(user_with_role("case-supervisor", name="supervisor"))
    agreed_plan(worker, made, PlanState.COMPLETED)
    plan = brought_to(worker, made, state)
    if is_file_closed:
        close_person(worker, made.code, closed_on=today(), keep_until=today())
    plan = raise_concern(worker, made.code, plan.number, words=FEAR)
    made.refresh_from_db()
    assert (plan.state, plan.closed_on) == (S.CONCERN, None)
    assert made.closed_on is None
    assert made.keep_until is not None
    assert made.keep_until > today() + timedelta(days=365)
    assert Plan.objects.get(person=made).state == PlanState.ACTIVE
    risk = person_queries.risk(made)
    assert risk is not None
    assert risk.level == RiskLevel.HIGH
    assert "return.concern" in told(worker)
    assert "return.concern" in told(supervisor)
    codes = list(AuditEntry.objects.values_list("code", flat=True))
    assert codes.count("return.concern") == 1
    assert codes.count("person.reopened") == int(is_file_closed)


def test_a_concern_after_the_return_was_closed_opens_that_return_again(
    worker: Actor, made: Person
) -> None:
    plan = closed(worker, made)
    close_person(worker, made.code, closed_on=today())
    plan = raise_concern(worker, made.code, plan.number, words=FEAR)
    assert (plan.state, plan.closed_on) == (S.CONCERN, None)
    with refused("return.open"):
        consider_return(worker, made.code)
    plan = close_return(worker, made.code, plan.number)
    assert (plan.state, plan.closed_on) == (S.CLOSED, today())
    assert consider_return(worker, made.code).number == 2


@pytest.mark.parametrize(
    ("state", "becomes"),
    [
        (S.NOT_CONSIDERED, S.NOT_CONSIDERED),
        (S.COUNSELLED, S.COUNSELLED),
        (S.RISK_ASSESSED, S.BLOCKED),
        (S.PRE_DEPARTURE, S.BLOCKED),
        *((state, S.CONCERN) for state in FEARED_FROM),
    ],
)
def test_a_concern_about_an_earlier_return_stops_the_one_that_is_open(
    worker: Actor, made: Person, state: ReturnState, becomes: ReturnState
) -> None:
    first = closed(worker, made)
    second = brought_to(worker, made, state)
    first = raise_concern(worker, made.code, first.number, words=FEAR)
    second.refresh_from_db()
    assert (first.state, first.closed_on) == (S.CONCERN, today())
    assert (second.state, second.closed_on) == (becomes, None)
    assert queries.current(made) == second
    # The earlier one is closed again for itself, and the other stays.
    assert close_return(worker, made.code, first.number).state == S.CLOSED
    assert ReturnPlan.objects.get(person=made, closed_on=None) == second


def test_a_concern_never_makes_a_danger_less_or_forgets_what_makes_it(
    worker: Actor, made: Person
) -> None:
    plan = brought_to(worker, made, S.RECEIVED)
    assess_risk(
        worker, made.code, level=RiskLevel.EXTREME, factors=["threats"], assessed_on=today()
    )
    raise_concern(worker, made.code, plan.number, words=FEAR)
    risk = person_queries.risk(made)
    assert risk is not None
    assert (risk.level, list(risk.factors)) == (RiskLevel.EXTREME, ["threats"])
    assert RiskAssessment.objects.filter(person=made).count() == 2


@pytest.mark.parametrize(
    "earlier", ["none", "never agreed", "runs", "two, the older agreed", "two, the older runs"]
)
def test_after_a_concern_exactly_one_plan_has_not_ended(
    worker: Actor, made: Person, earlier: str
) -> None:
    if earlier == "runs":
        agreed_plan(worker, made)
    if earlier.startswith("two"):
        agreed_plan(worker, made, PlanState.COMPLETED)
    if earlier not in {"none", "runs"}:
        other = propose_plan(worker, made.code)
        move_plan(worker, made.code, other.number, PlanState.ENDED_BY_PERSON)
    if earlier.endswith("older runs"):
        move_plan(worker, made.code, 1, PlanState.ACTIVE)
    plan = brought_to(worker, made, S.RECEIVED)
    raise_concern(worker, made.code, plan.number, words=FEAR)
    (live,) = Plan.objects.filter(person=made).exclude(state__in=PLAN_ENDS)
    is_agreed = earlier in {"runs", "two, the older agreed", "two, the older runs"}
    assert live.state == (PlanState.ACTIVE if is_agreed else PlanState.PROPOSED)


def test_a_visit_that_shows_danger_reopens_a_closed_record_and_another_one_does_not(
    worker: Actor, made: Person
) -> None:
    plan = brought_to(worker, made, S.REINTEGRATION)
    close_person(worker, made.code, closed_on=today())
    seen: dict[str, Any] = {"held_on": today(), "is_reached": True}
    with refused("person.is-closed"):
        note_visit(worker, made.code, plan.number, 3, **seen)
    with refused("return.words"):
        note_visit(worker, made.code, plan.number, 3, has_concern=True, **seen)
    made.refresh_from_db()
    assert made.closed_on == today()
    visit = note_visit(worker, made.code, plan.number, 3, has_concern=True, note=FEAR, **seen)
    made.refresh_from_db()
    assert (visit.has_concern, made.is_open) == (True, True)
    assert ReturnPlan.objects.get(pk=plan.pk).state == S.CONCERN


def test_an_erased_record_is_not_opened_again(worker: Actor, made: Person) -> None:
    plan = brought_to(worker, made, S.RECEIVED)
    Person.objects.filter(pk=made.pk).update(erased_on=today(), closed_on=today(), keep_until=None)
    with refused("person.is-erased"):
        raise_concern(worker, made.code, plan.number, words=FEAR)


@pytest.mark.parametrize("state", [S.COUNSELLED, S.PRE_DEPARTURE])
def test_nobody_is_feared_for_who_has_not_left(
    worker: Actor, made: Person, state: ReturnState
) -> None:
    plan = brought_to(worker, made, state)
    before = AuditEntry.objects.count()
    with refused("return.move"):
        raise_concern(worker, made.code, plan.number, words=FEAR)
    assert AuditEntry.objects.count() == before
    assert not Plan.objects.filter(person=made).exists()


def test_who_may_not_neither_sees_nor_moves_a_return(worker: Actor, made: Person) -> None:
    plan = brought_to(worker, made, S.RECEIVED)
    stranger = provider("stranger", at=organisation("Invented Other Agency"))
    for act in (settle_in, close_return, decline_return, set_out):
        with pytest.raises(Person.DoesNotExist):
            act(stranger, made.code, plan.number)
    with pytest.raises(Person.DoesNotExist):
        raise_concern(stranger, made.code, plan.number, words=FEAR)
    with pytest.raises((PermissionDenied, Person.DoesNotExist)):
        raise_concern(
            actor_of(user_with_role("data-protection-officer", name="looker")),
            made.code,
            plan.number,
            words=FEAR,
        )
    assert not ReturnPlan.objects.visible_to(stranger).exists()
    assert ReturnPlan.objects.get(pk=plan.pk).state == S.RECEIVED


def test_who_saw_another_state_changes_nothing(worker: Actor, made: Person) -> None:
    plan = brought_to(worker, made, S.TRAVELLING)
    with refused("return.meanwhile"):
        arrive(worker, made.code, plan.number, received_on=today(), seen=S.PRE_DEPARTURE)
    assert not MonitoringVisit.objects.filter(plan=plan).exists()


def test_visits_are_due_where_a_return_is_followed_in_an_open_record(
    worker: Actor, made: Person
) -> None:
    plan = brought_to(worker, made, S.REINTEGRATION)
    (due,) = queries.visits_due(worker, today())
    assert (due.months, due.person) == (3, made)
    assert queries.visits_due(worker, today(), within=120).count() == 2
    raise_concern(worker, made.code, plan.number, words=FEAR)
    assert not queries.visits_due(worker, today())


@pytest.mark.parametrize("model", [ReturnPlan, ReturnRisk, MonitoringVisit, RiskAssessment])
def test_words_lie_sealed_in_the_database(worker: Actor, made: Person, model: type[Any]) -> None:
    plan = brought_to(worker, made, S.MONITORED)
    raise_concern(worker, made.code, plan.number, words=FEAR)
    assert model.objects.filter(person=made).exists()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {model._meta.db_table}")  # noqa: S608
        stored = str(cursor.fetchall())
    assert not any(word in stored for word in (WISH, SOURCES, FEAR, SAID))
    assert FEAR not in str(list(Notice.objects.values_list("facts", flat=True)))
