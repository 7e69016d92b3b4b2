"""Pages of plans, services, claims and returns: what they show, to whom, and what they send."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from cairn.access.models import User
from cairn.access.tests.factories import organisation, user_with_role
from cairn.core.actor import Actor
from cairn.oversight.models import Reading
from cairn.oversight.queries.records import history
from cairn.referral.actions import close_person
from cairn.referral.actions.matters import note_matter
from cairn.referral.actions.plans import set_goal, write_safety_plan
from cairn.referral.models import (
    FollowUp,
    Goal,
    Matter,
    MonitoringVisit,
    Person,
    Plan,
    ReturnPlan,
    SafetyPlan,
    ServiceEpisode,
)
from cairn.referral.queries.plans import rights_panel
from cairn.referral.rules.plans import Area, MatterKind, PlanState
from cairn.referral.rules.returns import ReturnState
from cairn.referral.subjects.persons import PERSON
from cairn.referral.tests.factories import REASON, actor_of, person
from cairn.referral.tests.plans_made import (
    FEAR,
    SAID,
    SOURCES,
    WISH,
    ago,
    agreed_plan,
    brought_to,
    given,
    there,
    thought_of,
    today,
)
from cairn.referral.wording import SENTENCES

pytestmark = pytest.mark.django_db
OPENING = {"purpose": "assistance", "reason": REASON}
PAGES = ("plans", "episodes", "safety", "matters", "returns")
S = ReturnState


@pytest.fixture
def user() -> User:
    return user_with_role("service-provider")


@pytest.fixture
def worker(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


@pytest.fixture
def actor(user: User) -> Actor:
    return actor_of(user)


@pytest.fixture
def made(actor: Actor) -> Person:
    return person(actor)


def at(name: str, one: Person, *numbers: int) -> str:
    return reverse(f"referral:{name}", args=[one.code, *numbers])


def filled(actor: Actor, one: Person) -> None:
    """Something of everything."""
    agreed_plan(actor, one)
    set_goal(actor, one.code, 1, area=Area.WORK, words=SAID)
    given(actor, one)
    write_safety_plan(actor, one.code, signs=SAID, steps=SAID)
    note_matter(actor, one.code, MatterKind.COMPENSATION, acts=SAID, forum="Invented court")
    brought_to(actor, one, S.REINTEGRATION)


def sent(worker: Client, address: str, data: dict[str, Any], to: str) -> None:
    answer = worker.post(address, data)
    form = answer.context and answer.context.get("form")
    assert answer.status_code == 302, form.errors if form else answer.content
    assert answer["Location"] == to


def test_a_plan_is_proposed_agreed_and_filled_on_its_pages(worker: Client, made: Person) -> None:
    to = at("plans", made)
    sent(worker, at("plan-new", made), {"note": SAID}, to)
    sent(worker, at("plan-move", made, 1), {"to": "agreed", "agreed_on": str(today())}, to)
    sent(worker, at("plan-move", made, 1), {"to": "active", "seen": "agreed"}, to)
    sent(worker, at("goal-new", made, 1), {"area": "work", "words": SAID}, to)
    sent(worker, at("goal-settle", made, 1), {"state": "reached"}, to)
    assert Plan.objects.get(person=made).state == PlanState.ACTIVE
    assert Goal.objects.get(person=made).words.mark()
    shown = worker.get(to).content.decode()
    assert "Under way" in shown
    assert "Reached" in shown
    assert SAID not in shown


def test_services_their_ends_and_what_came_of_them_are_written_down(
    worker: Client, made: Person
) -> None:
    to = at("episodes", made)
    service = {
        "service_type": "livelihood",
        "provider": str(there().pk),
        "starts_on": str(ago(100)),
    }
    sent(worker, at("episode-new", made), service, to)
    later = {"seen_on": str(today()), "outcome": "in-place", "note": SAID}
    sent(worker, at("follow-up", made, 1), later, to)
    ended = {"ends_on": str(today()), "outcome": "done"}
    sent(worker, at("episode-end", made, 1), ended, to)
    assert ServiceEpisode.objects.get(person=made).outcome == "done"
    assert FollowUp.objects.get(person=made, number=1).outcome == "in-place"
    shown = worker.get(to).content.decode()
    assert "Still in this work or training" in shown


def test_a_safety_plan_and_a_claim_are_written_down(worker: Client, made: Person) -> None:
    sent(worker, at("safety-new", made), {"steps": SAID}, at("safety", made))
    assert SafetyPlan.objects.filter(person=made).count() == 1
    to = at("matters", made)
    claim = {"kind": "compensation", "acts": SAID, "noticed_on": str(ago(3))}
    sent(worker, at("matter-new", made), claim, to)
    step = {"to": "raised", "happened_on": str(today()), "forum": "Invented court"}
    sent(worker, at("matter-move", made, 1), step, to)
    assert Matter.objects.get(person=made).state == "raised"
    assert "Invented court" in worker.get(to).content.decode()


def test_a_return_is_followed_from_the_first_word_to_a_concern(
    worker: Client, made: Person
) -> None:
    to = at("returns", made)
    step = at("return-move", made, 1)
    sent(worker, at("return-new", made), {"to_country": "MDA"}, to)
    said = {"wish": "yes", "said_on": str(today()), "to_country": "MDA", "wishes": WISH}
    sent(worker, at("return-counsel", made, 1), said, to)
    assert "Nobody travels yet" in worker.get(to).content.decode()
    danger = {"found": "safe", "assessed_on": str(today()), "sources": SOURCES}
    sent(worker, at("return-assess", made, 1), danger, to)
    sent(worker, at("return-prepare", made, 1), {"partner": str(there().pk)}, to)
    sent(worker, step, {"to": "travelling", "seen": "pre-departure"}, to)
    sent(worker, step, {"to": "received", "received_on": str(ago(100))}, to)
    sent(worker, step, {"to": "reintegration"}, to)
    visit = {"held_on": str(ago(5)), "is_reached": "yes", "has_concern": "no"}
    sent(worker, at("return-visit", made, 1, 3), visit, to)
    assert MonitoringVisit.objects.get(person=made, months=3).held_on == ago(5)
    refused = worker.post(step, {"to": "closed"})
    assert refused.status_code == 409
    assert "is_wish" in refused.context["form"].errors
    sent(worker, at("return-concern", made, 1), {"words": FEAR}, to)
    assert ReturnPlan.objects.get(person=made).state == S.CONCERN
    assert "Trafficked again, it is feared" in worker.get(to).content.decode()


def test_a_concern_can_be_raised_from_a_record_that_was_closed(
    worker: Client, actor: Actor, made: Person
) -> None:
    brought_to(actor, made, S.MONITORED)
    close_person(actor, made.code, closed_on=today())
    page = worker.get(at("returns", made))
    assert [href for _words, href in page.context["deeds"]] == [at("return-concern", made, 1)]
    sent(worker, at("return-concern", made, 1), {"words": FEAR}, at("returns", made))
    made.refresh_from_db()
    assert made.is_open


REFUSED = (
    ("plan-move", (1,), {"to": "under-review", "review_on": "2020-01-01"}, "review_on"),
    ("goal-new", (1,), {"area": "law", "words": SAID, "target_on": "2020-01-01"}, "target_on"),
    ("return-assess", (2,), {"found": "safeguards", "assessed_on": "2026-01-20", "sources": "S"},
     "safeguards"),
    ("return-counsel", (2,), {"wish": "yes", "said_on": "2026-01-20"}, "to_country"),
)  # fmt: skip


@pytest.mark.parametrize(("name", "numbers", "data", "field"), REFUSED)
def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(
    worker: Client,
    actor: Actor,
    made: Person,
    name: str,
    numbers: tuple[int, ...],
    data: dict[str, str],
    field: str,
) -> None:
    agreed_plan(actor, made)
    if 2 in numbers:
        first = thought_of(actor, made)
        ReturnPlan.objects.filter(pk=first.pk).update(state=S.CLOSED, closed_on=today())
        ReturnPlan.objects.filter(pk=thought_of(actor, made).pk).update(
            state=S.COUNSELLED, to_country=""
        )
    answer = worker.post(at(name, made, *numbers), data)
    assert answer.status_code == 409
    form = answer.context["form"]
    assert list(form.errors) == [field]
    assert form.data.get("words", SAID) == SAID


@pytest.mark.parametrize("name", PAGES)
def test_words_are_shown_once_with_a_reason_and_the_opening_is_kept(
    worker: Client, actor: Actor, made: Person, name: str
) -> None:
    filled(actor, made)
    said = WISH if name == "returns" else SAID
    assert said not in worker.get(at(name, made)).content.decode()
    without = worker.post(at(name, made), {"purpose": "assistance"})
    assert without.status_code == 422
    assert Reading.objects.count() == 0
    opened = worker.post(at(name, made), OPENING)
    assert said in opened.content.decode()
    assert Reading.objects.count() >= 1


@pytest.mark.parametrize("name", PAGES)
def test_colleagues_of_other_places_find_nothing(
    client: Client, actor: Actor, made: Person, name: str
) -> None:
    filled(actor, made)
    client.force_login(
        user_with_role(
            "service-provider", name="stranger", at=organisation("Invented Other Agency")
        )
    )
    assert client.get(at(name, made)).status_code == 404
    assert client.post(at(name, made), OPENING).status_code == 404
    assert Reading.objects.count() == 0


@pytest.mark.parametrize("name", [*PAGES, "person"])
def test_pages_ask_no_more_questions_the_more_there_is(
    worker: Client, actor: Actor, made: Person, name: str
) -> None:
    filled(actor, made)
    worker.get(at(name, made))
    with CaptureQueriesContext(connection) as few:
        worker.get(at(name, made))
    for _each in range(4):
        set_goal(actor, made.code, 1, area=Area.LAW, words=SAID)
        given(actor, made)
        write_safety_plan(actor, made.code, signs=SAID, steps=SAID)
        note_matter(actor, made.code, MatterKind.NON_PUNISHMENT, acts=SAID)
    with CaptureQueriesContext(connection) as many:
        worker.get(at(name, made))
    assert len(many) == len(few)


def test_the_page_of_a_person_tells_where_plan_and_return_stand(
    worker: Client, actor: Actor, made: Person
) -> None:
    empty = worker.get(at("person", made)).content.decode()
    assert "There is no plan. Help waits for none." in empty
    assert "No return was thought about." in empty
    filled(actor, made)
    shown = worker.get(at("person", made)).content.decode()
    assert "0 of 1 goal settled" in shown
    assert "Work and livelihood" in shown
    assert "Settling in" in shown
    assert SAID not in shown


def test_without_a_link_no_right_is_shown(actor: Actor, made: Person) -> None:
    assert rights_panel(actor, made)["links"] == []


def test_steps_that_are_not_there_are_not_offered(
    worker: Client, actor: Actor, made: Person
) -> None:
    brought_to(actor, made, S.RISK_ASSESSED)
    offered = [href for _words, href in worker.get(at("returns", made)).context["deeds"]]
    names = ("return-prepare", "return-move", "return-counsel", "return-assess")
    assert offered == [at(name, made, 1) for name in names]
    answer = worker.post(at("return-move", made, 1), {"to": "travelling"})
    assert answer.status_code == 422
    assert ReturnPlan.objects.get(person=made).state == S.RISK_ASSESSED


def test_a_visit_that_is_due_comes_before_every_other_step(
    worker: Client, actor: Actor, made: Person
) -> None:
    brought_to(actor, made, S.REINTEGRATION)
    first = worker.get(at("returns", made)).context["deeds"][0]
    assert first[1] == at("return-visit", made, 1, 3)
    visit = {"held_on": str(ago(5)), "is_reached": "no", "has_concern": "no"}
    sent(worker, at("return-visit", made, 1, 3), visit, at("returns", made))
    first = worker.get(at("returns", made)).context["deeds"][0]
    assert first[1] == at("return-move", made, 1)


def test_a_review_that_is_near_is_shown_with_its_clock(
    worker: Client, actor: Actor, made: Person
) -> None:
    agreed_plan(actor, made)
    review_on = str(today() + timedelta(days=3))
    sent(
        worker,
        at("plan-move", made, 1),
        {"to": "under-review", "review_on": review_on},
        at("plans", made),
    )
    assert "To be looked at again" in worker.get(at("person", made)).content.decode()


def test_the_history_names_the_state_that_was_reached(worker: Client, actor: Actor) -> None:
    made = person(actor)
    agreed_plan(actor, made)
    brought_to(actor, made, S.COUNSELLED)
    told = [line.what for line in history(PERSON, made, SENTENCES, actor)]
    assert f"took plan 1 a step further: {PlanState.ACTIVE.label}." in told
    assert f"took return 1 a step further: {S.COUNSELLED.label}." in told
    with translation.override("ar"):
        words = [line.what for line in history(PERSON, made, SENTENCES, actor)]
        assert any(str(PlanState.ACTIVE.label) in line for line in words)
    page = worker.get(made.get_absolute_url()).content.decode()
    assert f"a step further: {PlanState.ACTIVE.label}." in page
