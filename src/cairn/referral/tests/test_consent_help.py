"""Help does not depend on consent: whatever the person says, the same may be offered."""

import ast
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import cairn.referral
from cairn.access.tests.factories import user_with_role
from cairn.core import clock
from cairn.referral.actions.consent import withdraw
from cairn.referral.actions.matters import note_matter
from cairn.referral.actions.plans import (
    end_episode,
    note_follow_up,
    set_goal,
    settle_goal,
    write_safety_plan,
)
from cairn.referral.actions.referrals import refer
from cairn.referral.actions.referrals_answers import Verb
from cairn.referral.models import (
    FollowUp,
    Goal,
    Person,
    Plan,
    Referral,
    Service,
    ServiceEpisode,
)
from cairn.referral.models.consent import Consent
from cairn.referral.queries.routing import ranked, wish_for
from cairn.referral.rules.choices import Need, Purpose
from cairn.referral.rules.consent import ConsentState, Said
from cairn.referral.rules.plans import (
    Area,
    EpisodeOutcome,
    GoalState,
    Later,
    MatterKind,
    PlanState,
)
from cairn.referral.rules.referrals import State
from cairn.referral.rules.returns import ReturnState
from cairn.referral.tests.consent_factories import answered
from cairn.referral.tests.factories import actor_of, person
from cairn.referral.tests.plans_made import SAID, agreed_plan, brought_to, given, today
from cairn.referral.tests.protocols_made import agreed, both, other, service
from cairn.referral.tests.referrals_made import DANGER, referred, say, sides, wanted

PACKAGE = Path(cairn.referral.__file__).parent
# What finds, offers and plans help. None of it may know what was agreed.
HELP = (
    "rules/routing.py",
    "rules/services.py",
    "rules/plans.py",
    "rules/returns.py",
    "queries/routing.py",
    "queries/services.py",
    "models/services.py",
    "actions/plans.py",
    "actions/matters.py",
    "actions/returns.py",
    "actions/returns_concern.py",
    "queries/plans.py",
    "queries/returns.py",
)
CONSENT = ("cairn.referral.rules.consent", "cairn.referral.models.consent",
           "cairn.referral.queries.consent", "cairn.referral.actions.consent")  # fmt: skip


@pytest.mark.parametrize("path", HELP)
def test_what_offers_help_does_not_know_what_was_agreed(path: str) -> None:
    tree = ast.parse((PACKAGE / path).read_text())
    imported = {
        f"{node.module}.{each.name}" if isinstance(node, ast.ImportFrom) else each.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for each in node.names
    }
    assert imported
    assert not [name for name in imported if name.startswith(CONSENT) or name.endswith(".Consent")]


def offered(actor: Any, one: Person) -> list[Any]:
    """What each need leads to, with every reason."""
    now = clock.now()
    return [ranked(actor, one, wish_for(one, need.value), now) for need in Need]


@pytest.mark.django_db
@pytest.mark.parametrize("state", ConsentState)
def test_the_same_help_is_offered_in_every_state(state: ConsentState) -> None:
    user = user_with_role("service-provider")
    actor = actor_of(user)
    agreed(both())
    service()
    one = person(actor)
    before = offered(actor, one)
    assert any(ranking.offered for ranking in before)
    made = answered(actor, one, recipient=other())
    Consent._base_manager.filter(pk=made.pk).update(state=state)
    assert offered(actor, one) == before
    client = Client()
    client.force_login(user)
    page = client.get(one.get_absolute_url()).content.decode()
    assert reverse("referral:referral-new", args=[one.code]) in page


@pytest.mark.django_db
def test_taking_back_changes_nothing_of_what_is_offered() -> None:
    actor = actor_of(user_with_role("service-provider"))
    agreed(both())
    service()
    one = person(actor)
    made = answered(actor, one, recipient=other())
    before = offered(actor, one)
    withdraw(actor, one.code, made.number, Said.IN_PERSON)
    assert offered(actor, one) == before
    kept = Person.objects.get(pk=one.pk)
    assert kept.is_open
    assert (kept.caseworker, kept.version) == (one.caseworker, one.version)
    assert kept.keep_until == one.keep_until
    assert kept.opened_on <= timezone.localdate()


def all_help(actor: Any, one: Person) -> list[str]:
    """Every kind of help is given to a person, and what each came to."""
    code = one.code
    plan = agreed_plan(actor, one)
    goal = set_goal(actor, code, plan.number, area=Area.HEALTH, words=SAID)
    episode = given(actor, one, goal=goal.number)
    later = FollowUp.objects.get(episode=episode, months=3)
    seen = note_follow_up(actor, code, later.number, seen_on=today(), outcome=Later.IN_PLACE)
    safety = write_safety_plan(actor, code, signs=SAID, steps=SAID)
    claim = note_matter(actor, code, MatterKind.COMPENSATION, acts=SAID)
    journey = brought_to(actor, one, ReturnState.MONITORED)
    danger = {"urgency": "emergency", "emergency_reason": DANGER}
    sent = refer(actor, code, Service.objects.get().code, wanted(**danger)).referral
    # Whether a safety plan is there, and the states of all else.
    states = [plan.state, goal.state, episode.outcome, seen.outcome, str(safety.number)]
    return [str(each) for each in (*states, claim.state, journey.state, sent.state)]


@pytest.mark.once
@pytest.mark.django_db
def test_every_kind_of_help_is_given_in_every_state_and_comes_to_the_same() -> None:
    actor = actor_of(user_with_role("service-provider"))
    agreed(both())
    service()
    came = {"never asked": all_help(actor, person(actor))}
    for state in ConsentState:
        one = person(actor)
        for purpose in (Purpose.ASSISTANCE, Purpose.RETURN):
            made = answered(actor, one, recipient=other(), purpose=purpose)
            Consent._base_manager.filter(pk=made.pk).update(state=state)
        came[state] = all_help(actor, one)
    assert came == dict.fromkeys(came, came["never asked"])
    assert came["never asked"][0] == PlanState.ACTIVE
    assert came["never asked"][-2:] == [ReturnState.MONITORED, State.SENT]


@pytest.mark.django_db
def test_help_that_runs_goes_on_when_everything_is_taken_back() -> None:
    at = sides()
    plan, episode = agreed_plan(at.worker, at.person), given(at.worker, at.person)
    goal = set_goal(at.worker, at.person.code, plan.number, area=Area.HEALTH, words=SAID)
    accepted = referred(at)
    say(at, accepted, Verb.ACCEPT)
    before = help_of(at.person)
    withdraw(at.worker, at.person.code, Consent.objects.get().number, Said.IN_PERSON)
    assert help_of(at.person) == before
    say(at, accepted, Verb.BEGIN)
    say(at, accepted, Verb.FINISH, outcome="completed", feedback="helped", rating=5)
    settle_goal(at.worker, at.person.code, goal.number, GoalState.REACHED)
    end_episode(
        at.worker,
        at.person.code,
        episode.number,
        ends_on=today(),
        outcome=EpisodeOutcome.DONE,
    )
    accepted.refresh_from_db()
    assert (accepted.state, accepted.rating) == (State.FEEDBACK_RETURNED, 5)


def help_of(one: Person) -> list[Any]:
    """Plan, goals, services and referrals of a person, as they stand."""
    rows: list[Any] = []
    for model in (Plan, Goal, ServiceEpisode, FollowUp, Referral):
        found = list(model._base_manager.filter(person=one).order_by("pk").values_list("pk"))
        assert found
        rows += found
    states = [
        Plan.objects.values_list("state", flat=True).get(person=one),
        Goal.objects.values_list("state", flat=True).get(person=one),
        ServiceEpisode.objects.values_list("ends_on", "outcome").get(person=one),
        Referral.objects.values_list("state", flat=True).get(person=one),
    ]
    return [*rows, *states]
