"""The pages of what is noted about a person, as colleagues and strangers meet them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cairn.access.models import User
from cairn.access.tests.factories import organisation
from cairn.core.actor import Actor
from cairn.oversight.models import Reading
from cairn.referral.actions import enter_person
from cairn.referral.actions.persons import SealedTexts
from cairn.referral.actions.persons_identity import write_identity
from cairn.referral.actions.persons_rows import assess_needs, assess_risk, note_alias
from cairn.referral.models import (
    Alias,
    BestInterests,
    Guardian,
    Identity,
    NeedsAssessment,
    Person,
    RiskAssessment,
)
from cairn.referral.rules.persons import AgeBand
from cairn.referral.rules.persons_contact import AliasKind, ContactRule, RiskFactor, RiskLevel
from cairn.referral.tests.factories import REASON, facts, person, provider
from cairn.referral.tests.test_persons_actions import WHO, fill

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
OPENING = {"purpose": "assistance", "reason": REASON}
PAGES = ("identity", "guardians", "needs", "conflicts")
FORMS = (
    "identity/write",
    "names/new",
    "guardians/new",
    "best-interests/new",
    "needs/new",
    "danger/new",
)
Texts = Callable[[str], str]


@pytest.fixture
def actor() -> Actor:
    return provider()


@pytest.fixture
def worker(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=str(actor.user_id)))
    return client


@pytest.fixture
def made(actor: Actor) -> Person:
    return person(actor, age_band=AgeBand.CHILD)


def text_of(answer: Any) -> str:
    found: str = answer.content.decode()
    return found


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_nothing_sealed_and_opens_it_once(
    page: str, actor: Actor, worker: Client, made: Person
) -> None:
    fill(actor, made.code)
    address = f"/persons/{made.code}/{page}/"
    closed = worker.get(address)
    assert "Quibble" not in text_of(closed)
    assert "Zarquil" not in text_of(closed)
    assert worker.post(address, {}).status_code == 422
    assert not Reading.objects.exists()
    opened = worker.post(address, OPENING)
    if page == "conflicts":
        assert opened.status_code == 409
        return
    assert "Quibble" in text_of(opened)
    assert "no-store" in opened["Cache-Control"]
    assert "Quibble" not in text_of(worker.get(address))


@pytest.mark.parametrize("page", [*PAGES, *FORMS])
def test_for_strangers_no_page_exists(page: str, made: Person) -> None:
    stranger = provider("elsewhere", at=organisation("Invented Other"))
    client = Client()
    client.force_login(User.objects.get(pk=str(stranger.user_id)))
    for send in (client.get, client.post):
        assert send(f"/persons/{made.code}/{page}/").status_code == 404


@pytest.mark.parametrize("page", FORMS)
def test_every_form_keeps_what_was_typed_and_says_what_is_wrong(
    page: str, worker: Client, made: Person
) -> None:
    assert worker.get(f"/persons/{made.code}/{page}/").status_code == 200
    answer = worker.post(
        f"/persons/{made.code}/{page}/",
        {"note": "Typeda", "name": "Typeda", "view": "Typeda", "given": "Typeda", "birth": "xx"},
    )
    assert answer.status_code == 422
    assert "Typeda" in text_of(answer)


def test_the_rows_are_written_on_their_pages(worker: Client, made: Person) -> None:
    at = f"/persons/{made.code}"
    day = TODAY.isoformat()
    for page, given in (
        ("names/new", {"name": "N", "kind": "work"}),
        ("guardians/new", {"name": "N", "appointed_by": "A court", "starts_on": day}),
        ("danger/new", {"level": "high", "factors": ["near"], "assessed_on": day, "seen": "0"}),
        ("needs/new", {"need_health": "urgent", "need_safe_place": "", "assessed_on": day}),
        (
            "best-interests/new",
            {
                "kind": "assessment",
                "question": "family",
                "outcome": "yes",
                "decided_by": "A panel",
                "decided_on": day,
            },
        ),
        ("names/1/end", {"sure": "on"}),
        ("guardians/1/end", {"ends_on": day}),
    ):
        assert worker.post(f"{at}/{page}/", given).status_code == 302, page
    assert Alias.objects.get().ended_on == TODAY
    assert Guardian.objects.get().ends_on == TODAY
    assert RiskAssessment.objects.get().factors == [RiskFactor.NEAR]
    assert NeedsAssessment.objects.get().needs == {"health": "urgent"}
    assert BestInterests.objects.get().outcome == "yes"
    assert worker.post(f"{at}/names/9/end/", {"sure": "on"}).status_code == 404


def test_a_refusal_stands_at_its_field(worker: Client, made: Person) -> None:
    answer = worker.post(
        f"/persons/{made.code}/best-interests/new/",
        {
            "kind": "assessment",
            "question": "return",
            "outcome": "yes",
            "decided_by": "One colleague",
            "decided_on": TODAY.isoformat(),
        },
    )
    assert answer.status_code == 409
    assert "determined by a panel" in text_of(answer)
    assert "One colleague" in text_of(answer)


# -- who it is -----------------------------------------------------------------------------------


def test_an_identity_is_written_opened_and_written_anew(worker: Client, made: Person) -> None:
    address = f"/persons/{made.code}/identity/write/"
    assert "Given names" in text_of(worker.get(address))
    first = {"given": "Zarquil", "paper_kind_1": "passport", "paper_number_1": "ZQ 1", "seen": "0"}
    assert worker.post(address, first).status_code == 302
    closed = text_of(worker.get(address))
    assert "Given names" not in closed
    opened = text_of(worker.post(address, OPENING))
    assert 'value="Zarquil"' in opened
    assert 'value="ZQ 1"' in opened
    assert 'name="seen" value="1"' in opened
    assert worker.post(address, {"given": "Zarquila", "seen": "1"}).status_code == 302
    assert Identity.objects.get().version == 2
    late = worker.post(address, {"given": "Latea", "seen": "1"}, follow=True)
    assert "A colleague wrote it meanwhile." in text_of(late)


ENTRY = {
    "country": "NPL",
    "age_band": "adult",
    "contact_rule": "through-us",
    "opened_on": "2026-01-15",
    "given": "Zarquil",
    "family": "Inventeria",
    "birth": "1998-04-03",
}


def test_somebody_alike_is_shown_before_a_second_record_is_made(
    actor: Actor, worker: Client
) -> None:
    known = enter_person(actor, facts(), SealedTexts(), identity=WHO | {"birth": "1998-04-03"})
    typed = ENTRY | {"organisation": str(organisation().pk)}
    shown = worker.post("/persons/new/", typed)
    page = text_of(shown)
    assert shown.status_code == 200
    assert known.code in page
    assert 'value="Zarquil"' in page  # what was typed is still there
    assert Person.objects.count() == 1
    answer = worker.post("/persons/new/", typed | {"looked": "on"})
    assert answer.status_code == 302
    assert Person.objects.count() == 2
    assert not Reading.objects.exists()


def test_without_an_identity_nothing_is_looked_for(actor: Actor, worker: Client) -> None:
    enter_person(actor, facts(), SealedTexts(), identity=WHO)
    typed = {name: value for name, value in ENTRY.items() if name not in WHO}
    typed["organisation"] = str(organisation().pk)
    assert worker.post("/persons/new/", typed).status_code == 302
    assert Identity.objects.count() == 1


def test_nobody_alike_means_no_further_step(worker: Client) -> None:
    typed = ENTRY | {"organisation": str(organisation().pk), "sex": "female"}
    assert worker.post("/persons/new/", typed).status_code == 302
    assert Identity.objects.get().person.sex == "female"


# -- the page of a person ------------------------------------------------------------------------


def test_the_page_says_first_how_not_to_make_contact(actor: Actor, worker: Client) -> None:
    strict = enter_person(
        actor,
        facts(contact_rule=ContactRule.NONE),
        SealedTexts(do_not_contact=["Brothera Quibble"]),
    )
    page = text_of(worker.get(f"/persons/{strict.code}/"))
    assert page.index("No contact: the person comes to us") < page.index("Driven from home")
    assert "There is a sealed list of whom and what to avoid." in page
    assert "Quibble" not in page
    free = enter_person(actor, facts(contact_rule=ContactRule.ANY), SealedTexts())
    assert "Nobody calls, writes or visits" not in text_of(worker.get(f"/persons/{free.code}/"))


def test_an_unknown_danger_is_taken_for_extreme(actor: Actor, worker: Client, made: Person) -> None:
    address = f"/persons/{made.code}/"
    assert "Take it for extreme until somebody has assessed it." in text_of(worker.get(address))
    assess_risk(
        actor,
        made.code,
        level=RiskLevel.LOW,
        assessed_on=TODAY - timedelta(days=9),
        review_on=TODAY - timedelta(days=1),
    )
    page = text_of(worker.get(address))
    assert "Take it for extreme" not in page
    assert "To be looked at again since" in page


def test_a_child_without_a_guardian_is_told_on_its_page(
    actor: Actor, worker: Client, made: Person
) -> None:
    assert "Nobody is guardian" in text_of(worker.get(f"/persons/{made.code}/"))
    adult = person(actor)
    assert "Nobody is guardian" not in text_of(worker.get(f"/persons/{adult.code}/"))


def test_a_page_asks_the_same_however_much_is_noted(
    actor: Actor, worker: Client, made: Person
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts: dict[str, list[int]] = {}
    for _round in range(2):
        for each in range(4):
            note_alias(actor, made.code, kind=AliasKind.WORK, name=f"N{each}")
            assess_risk(actor, made.code, level=RiskLevel.LOW, assessed_on=TODAY, note="N")
            assess_needs(actor, made.code, needs={"health": "urgent"}, assessed_on=TODAY)
        for page in ("", *(f"{name}/" for name in PAGES)):
            worker.get(f"/persons/{made.code}/{page}")
            with CaptureQueriesContext(connection) as queries:
                worker.get(f"/persons/{made.code}/{page}")
            counts.setdefault(page, []).append(len(queries))
    assert all(first == second for first, second in counts.values()), counts


def test_a_list_of_whom_to_avoid_is_typed_line_by_line(worker: Client, made: Person) -> None:
    page = text_of(worker.get(f"/persons/{made.code}/edit/"))
    assert "one in each line" not in page  # a change says that what is sealed is not shown
    opened = worker.post(
        f"/persons/{made.code}/edit/",
        {
            "organisation": str(organisation().pk),
            "country": "NPL",
            "age_band": "child",
            "contact_rule": "any",
            "opened_on": "2026-01-15",
            "do_not_contact": "Brothera\n\nBossa\n",
        },
    )
    assert opened.status_code == 302
    shown = text_of(worker.post(f"/persons/{made.code}/open/", OPENING))
    assert "Brothera<br>Bossa" in shown


def test_identity_pages_tell_whether_it_is_known(
    actor: Actor, worker: Client, made: Person
) -> None:
    assert "Not known, and not needed for help." in text_of(worker.get(f"/persons/{made.code}/"))
    write_identity(actor, made.code, WHO)
    assert "Known, and sealed apart" in text_of(worker.get(f"/persons/{made.code}/"))
