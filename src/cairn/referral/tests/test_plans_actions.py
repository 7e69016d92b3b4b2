"""Plans, services given, safety plans and claims: what may be done, and what is kept of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from cairn.access.tests.factories import organisation, user_with_role
from cairn.core.actor import Actor
from cairn.core.models import AuditEntry
from cairn.oversight.rules import Purpose
from cairn.referral.actions import close_person
from cairn.referral.actions.matters import move_matter, note_matter
from cairn.referral.actions.persons_rows import open_rows
from cairn.referral.actions.plans import (
    begin_episode,
    end_episode,
    move_plan,
    note_follow_up,
    propose_plan,
    set_goal,
    settle_goal,
    write_safety_plan,
)
from cairn.referral.models import (
    FollowUp,
    Goal,
    Matter,
    MatterStep,
    Person,
    Plan,
    PlanStep,
    Referral,
    SafetyPlan,
    ServiceEpisode,
)
from cairn.referral.queries import plans as queries
from cairn.referral.rules.plans import (
    PLAN_ENDS,
    Area,
    EpisodeOutcome,
    GoalState,
    Later,
    MatterKind,
    MatterState,
    PlanState,
    months_after,
)
from cairn.referral.subjects.plans import GOAL, MATTER, MATTER_STEP, SAFETY
from cairn.referral.tests.factories import REASON, actor_of, person, provider
from cairn.referral.tests.plans_made import SAID, ago, agreed_plan, given, there, today
from cairn.referral.tests.referrals_made import refused

pytestmark = pytest.mark.django_db
P = PlanState


@pytest.fixture
def worker() -> Actor:
    return provider()


@pytest.fixture
def made(worker: Actor) -> Person:
    return person(worker)


def last_entry() -> tuple[str, dict[str, Any]]:
    entry = AuditEntry.objects.latest("pk")
    return entry.code, entry.facts


def test_a_plan_goes_from_proposal_to_end_and_is_taken_up_again(
    worker: Actor, made: Person
) -> None:
    plan = propose_plan(worker, made.code, review_on=today() + timedelta(days=30), note=SAID)
    assert (plan.state, plan.agreed_on, plan.number) == (P.PROPOSED, None, 1)
    with refused("plan.agreed"):
        move_plan(worker, made.code, 1, P.AGREED)
    move_plan(worker, made.code, 1, P.AGREED, agreed_on=ago(1))
    move_plan(worker, made.code, 1, P.ACTIVE)
    move_plan(worker, made.code, 1, P.UNDER_REVIEW)
    plan = move_plan(worker, made.code, 1, P.COMPLETED)
    assert (plan.ended_on, plan.review_on) == (today(), None)
    plan = move_plan(worker, made.code, 1, P.ACTIVE)
    assert (plan.ended_on, plan.agreed_on) == (None, ago(1))
    steps = PlanStep.objects.filter(plan=plan).values_list("before", "after")
    assert [after for _before, after in steps] == [
        P.PROPOSED, P.AGREED, P.ACTIVE, P.UNDER_REVIEW, P.COMPLETED, P.ACTIVE,
    ]  # fmt: skip
    code, facts = last_entry()
    assert code == "plan.moved"
    assert (facts["before"], facts["after"]) == ("completed", "active")


def test_one_plan_runs_and_none_beside_one_that_is_taken_up_again(
    worker: Actor, made: Person
) -> None:
    agreed_plan(worker, made)
    with refused("plan.runs"):
        propose_plan(worker, made.code)
    move_plan(worker, made.code, 1, P.LOST_CONTACT)
    propose_plan(worker, made.code)
    with refused("plan.runs"):
        move_plan(worker, made.code, 1, P.ACTIVE)
    assert Plan.objects.filter(person=made).count() == 2


def test_a_plan_that_nobody_agreed_to_does_not_run_without_a_yes(
    worker: Actor, made: Person
) -> None:
    propose_plan(worker, made.code)
    move_plan(worker, made.code, 1, P.ENDED_BY_PERSON)
    with refused("plan.agreed"):
        move_plan(worker, made.code, 1, P.ACTIVE)
    plan = move_plan(worker, made.code, 1, P.ACTIVE, agreed_on=today())
    assert (plan.state, plan.agreed_on) == (P.ACTIVE, today())


def test_who_saw_another_state_changes_nothing(worker: Actor, made: Person) -> None:
    agreed_plan(worker, made)
    with refused("plan.meanwhile"):
        move_plan(worker, made.code, 1, P.COMPLETED, seen=P.UNDER_REVIEW)
    assert Plan.objects.get(person=made).state == P.ACTIVE


@pytest.mark.parametrize("end", sorted(PLAN_ENDS))
def test_goals_belong_to_a_plan_that_runs(worker: Actor, made: Person, end: PlanState) -> None:
    agreed_plan(worker, made)
    goal = set_goal(worker, made.code, 1, area=Area.WORK, words=SAID, target_on=today())
    assert queries.open_goals(made) == [goal]
    settled = settle_goal(worker, made.code, goal.number, GoalState.REACHED)
    assert settled.settled_on == today()
    assert settle_goal(worker, made.code, goal.number, GoalState.OPEN).settled_on is None
    move_plan(worker, made.code, 1, end)
    with refused("plan.ended"):
        set_goal(worker, made.code, 1, area=Area.WORK, words=SAID)
    with refused("plan.ended"):
        settle_goal(worker, made.code, goal.number, GoalState.REACHED)
    assert queries.open_goals(made) == []


def test_a_placement_is_asked_about_after_three_six_and_twelve_months(
    worker: Actor, made: Person
) -> None:
    episode = given(worker, made, "vocational-training")
    rows = FollowUp.objects.filter(episode=episode).order_by("months")
    assert [(each.months, each.due_on) for each in rows] == [
        (months, months_after(ago(100), months)) for months in (3, 6, 12)
    ]
    (due,) = queries.follow_ups_due(worker, today())
    assert due.months == 3
    note_follow_up(worker, made.code, due.number, seen_on=today(), outcome=Later.IN_PLACE)
    assert not queries.follow_ups_due(worker, today())
    assert last_entry()[1] == {"number": due.number, "months": 3, "outcome": "in-place"}
    with refused("follow-up.seen"):
        note_follow_up(worker, made.code, due.number, seen_on=today(), outcome=Later.NONE)


def test_nobody_asks_what_came_of_a_placement_that_never_began_or_of_a_closed_record(
    worker: Actor, made: Person
) -> None:
    first, other = given(worker, made), person(worker)
    given(worker, other)
    assert queries.follow_ups_due(worker, today()).count() == 2
    end_episode(worker, made.code, first.number, ends_on=today(), outcome=EpisodeOutcome.NOT_BEGUN)
    assert [each.person for each in queries.follow_ups_due(worker, today())] == [other]
    assert queries.follow_ups(made) == []
    close_person(worker, other.code, closed_on=today())
    assert not queries.follow_ups_due(worker, today())


def test_other_services_are_written_down_without_such_questions(
    worker: Actor, made: Person
) -> None:
    episode = given(worker, made, "health")
    assert not FollowUp.objects.filter(episode=episode).exists()
    ended = end_episode(
        worker, made.code, episode.number, ends_on=today(), outcome=EpisodeOutcome.LEFT
    )
    assert (ended.ends_on, ended.outcome) == (today(), "left")
    with refused("episode.ended"):
        end_episode(worker, made.code, episode.number, ends_on=today(), outcome=EpisodeOutcome.DONE)


def test_a_service_stands_on_a_goal_and_a_referral_of_the_same_person_only(
    worker: Actor, made: Person
) -> None:
    other = person(worker)
    agreed_plan(worker, other)
    goal = set_goal(worker, other.code, 1, area=Area.HEALTH, words=SAID)
    with pytest.raises(Goal.DoesNotExist):
        given(worker, made, goal=goal.number)
    with pytest.raises(Referral.DoesNotExist):
        given(worker, made, referral="AAA-AAA")
    assert given(worker, other, goal=goal.number).goal == goal
    assert not ServiceEpisode.objects.filter(person=made).exists()


def test_the_newest_safety_plan_holds_and_none_is_changed(worker: Actor, made: Person) -> None:
    write_safety_plan(worker, made.code, signs=SAID, steps="Go to the neighbour")
    newer = write_safety_plan(
        worker, made.code, signs="", steps="Go to the shop", review_on=today() + timedelta(days=9)
    )
    assert queries.safety_plans(made)[0] == newer
    newer.review_on = None
    with pytest.raises(TypeError):
        newer.save()
    with pytest.raises(TypeError):
        SafetyPlan.objects.filter(person=made).delete()


def test_a_claim_is_followed_to_its_remedy_with_who_decided_and_why_not(
    worker: Actor, made: Person
) -> None:
    note_matter(worker, made.code, MatterKind.NON_PUNISHMENT, acts=SAID, noticed_on=ago(9))
    with refused("matter.forum"):
        move_matter(worker, made.code, 1, MatterState.RAISED, happened_on=ago(8))
    move_matter(
        worker, made.code, 1, MatterState.RAISED, happened_on=ago(8), forum="Invented court"
    )
    with refused("matter.day"):
        move_matter(worker, made.code, 1, MatterState.CONSIDERED, happened_on=ago(9))
    move_matter(worker, made.code, 1, MatterState.CONSIDERED, happened_on=ago(7))
    with refused("matter.reason"):
        move_matter(worker, made.code, 1, MatterState.NOT_APPLIED, happened_on=ago(6))
    refusal = move_matter(
        worker, made.code, 1, MatterState.NOT_APPLIED, happened_on=ago(6), reason=SAID
    )
    assert refusal.forum == "Invented court"
    for state in ("raised", "considered", "applied", "remedied"):
        move_matter(worker, made.code, 1, MatterState(state), happened_on=today())
    with refused("matter.move"):
        move_matter(worker, made.code, 1, MatterState.RAISED, happened_on=today())
    steps = MatterStep.objects.filter(person=made).values_list("after", flat=True)
    assert list(steps) == [
        "noticed", "raised", "considered", "not-applied", "raised", "considered", "applied",
        "remedied",
    ]  # fmt: skip


ACTS: dict[str, Callable[[Actor, str], object]] = {
    "propose": lambda actor, code: propose_plan(actor, code),
    "move": lambda actor, code: move_plan(actor, code, 1, P.UNDER_REVIEW),
    "goal": lambda actor, code: set_goal(actor, code, 1, area=Area.LAW, words=SAID),
    "settle": lambda actor, code: settle_goal(actor, code, 1, GoalState.REACHED),
    "episode": lambda actor, code: begin_episode(actor, code, _service()),
    "end": lambda actor, code: end_episode(
        actor, code, 1, ends_on=today(), outcome=EpisodeOutcome.DONE
    ),
    "later": lambda actor, code: note_follow_up(
        actor, code, 1, seen_on=today(), outcome=Later.NONE
    ),
    "safety": lambda actor, code: write_safety_plan(actor, code, signs="", steps=SAID),
    "matter": lambda actor, code: note_matter(actor, code, MatterKind.COMPENSATION, acts=SAID),
    "matter step": lambda actor, code: move_matter(
        actor, code, 1, MatterState.DROPPED, happened_on=today()
    ),
}


def _service() -> Any:
    from cairn.referral.actions.plans import Given

    return Given("health", there(), today())


@pytest.mark.parametrize("act", ACTS.values(), ids=list(ACTS))
def test_who_may_not_and_a_closed_record_change_nothing(
    worker: Actor, made: Person, act: Callable[[Actor, str], object]
) -> None:
    agreed_plan(worker, made)
    set_goal(worker, made.code, 1, area=Area.WORK, words=SAID)
    given(worker, made)
    note_matter(worker, made.code, MatterKind.COMPENSATION, acts=SAID)
    stranger = provider("stranger", at=organisation("Invented Other Agency"))
    looker = actor_of(user_with_role("data-protection-officer", name="looker"))
    before = AuditEntry.objects.count()
    with pytest.raises(Person.DoesNotExist):
        act(stranger, made.code)
    with pytest.raises((PermissionDenied, Person.DoesNotExist)):
        act(looker, made.code)
    assert AuditEntry.objects.count() == before
    close_person(worker, made.code, closed_on=today())
    with refused("person.is-closed"):
        act(worker, made.code)
    assert AuditEntry.objects.count() == before + 1


@pytest.mark.parametrize("model", [Plan, Goal, ServiceEpisode, FollowUp, SafetyPlan, Matter])
def test_words_lie_sealed_in_the_database(worker: Actor, made: Person, model: type[Any]) -> None:
    agreed_plan(worker, made)
    set_goal(worker, made.code, 1, area=Area.WORK, words=SAID)
    given(worker, made)
    note_follow_up(worker, made.code, 1, seen_on=today(), outcome=Later.NONE, note=SAID)
    write_safety_plan(worker, made.code, signs=SAID, steps=SAID, helpers=SAID)
    note_matter(worker, made.code, MatterKind.COMPENSATION, acts=SAID, link=SAID)
    assert model.objects.filter(person=made).exists()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {model._meta.db_table}")  # noqa: S608
        assert SAID not in str(cursor.fetchall())
    assert SAID not in str(list(AuditEntry.objects.values_list("facts", flat=True)))


def test_what_is_sealed_is_opened_with_a_reason(
    worker: Actor, made: Person, django_capture_on_commit_callbacks: Any
) -> None:
    agreed_plan(worker, made)
    set_goal(worker, made.code, 1, area=Area.WORK, words=SAID)
    write_safety_plan(worker, made.code, signs="", steps=SAID)
    note_matter(worker, made.code, MatterKind.COMPENSATION, acts=SAID)
    opened = open_rows(
        worker, made.code, (GOAL, SAFETY, MATTER, MATTER_STEP), Purpose.ASSISTANCE, REASON
    )
    assert [each.values.get("words") or each.values.get("steps") or each.values.get("acts")
            for each in opened] == [SAID] * 3  # fmt: skip


def test_plans_to_be_looked_at_come_the_oldest_first_and_ended_ones_never(
    worker: Actor, made: Person
) -> None:
    other = person(worker)
    propose_plan(worker, made.code, review_on=today() + timedelta(days=9))
    propose_plan(worker, other.code, review_on=today() + timedelta(days=3))
    due = queries.plans_to_review(worker, today(), within=9)
    assert [each.person for each in due] == [other, made]
    move_plan(worker, other.code, 1, P.ENDED_BY_PERSON)
    assert [each.person for each in queries.plans_to_review(worker, today(), within=9)] == [made]
    stranger = provider("stranger", at=organisation("Invented Other Agency"))
    assert not queries.plans_to_review(stranger, today(), within=9)
