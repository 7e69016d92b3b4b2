"""Pages of referrals: what each side sees, that nothing sealed shows, and constant queries."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from cairn.access.models import User
from cairn.access.tests.factories import organisation, user_with_role
from cairn.core.actor import Actor
from cairn.referral.actions import referrals as actions
from cairn.referral.actions.referrals_answers import Verb
from cairn.referral.models import Person, Referral
from cairn.referral.rules.referrals import State
from cairn.referral.tests.factories import REASON
from cairn.referral.tests.protocols_made import other, service
from cairn.referral.tests.referrals_made import (
    DANGER,
    HEALTH,
    WAY,
    Sides,
    agency_user,
    pass_messages,
    referred,
    say,
    sides,
    wanted,
)

pytestmark = pytest.mark.django_db
OPENING = {"purpose": "assistance", "reason": REASON}


@pytest.fixture
def at() -> Sides:
    return sides()


def as_user(actor: Actor) -> Client:
    client = Client()
    assert actor.user_id is not None
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


@pytest.fixture
def worker(at: Sides) -> Client:
    return as_user(at.worker)


@pytest.fixture
def focal(at: Sides) -> Client:
    return as_user(at.focal)


def address(referral: Referral, name: str = "referral", *more: str) -> str:
    return reverse(f"referral:{name}", args=[referral.code, *more])


def chosen(at: Sides, **changes: str) -> str:
    asked = {
        "service": at.service.code,
        "need": "health",
        "urgency": "urgent",
        "purpose": "assistance",
    } | changes
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return f"{reverse('referral:referral-new', args=[at.person.code])}?{query}"


WRITTEN = {
    "place": "Invented Town",
    "language": "Nepali",
    "exclusions": ["step-free"],
    "words_health": HEALTH,
    "words_contact": WAY,
    "do": "send",
}


def test_a_person_is_referred_in_two_steps_and_the_second_says_who_will_see_what(
    at: Sides, worker: Client
) -> None:
    first = worker.get(reverse("referral:referral-new", args=[at.person.code]))
    assert "Invented help" in first.content.decode()
    second = worker.get(chosen(at)).content.decode()
    assert "sees at once: need, urgency, area, language, age" in second
    assert "words_health" in second
    assert "words_account" not in second  # not agreed to be told
    sent = worker.post(chosen(at), WRITTEN, follow=True)
    made = Referral.objects.get()
    assert (made.state, made.card["exclusions"]) == (State.SENT, ["step-free"])
    assert made.card["language"] == "ne"
    assert made.categories == ["contact", "health", "need"]
    assert HEALTH not in sent.content.decode()
    assert "Sent" in sent.content.decode()


def test_what_was_typed_stays_when_it_is_refused_and_the_reason_is_said(at: Sides) -> None:
    bare = Sides(
        at.worker,
        at.focal,
        at.person,
        service(name="Unagreed help", at=organisation("Invented Third Agency")),
    )
    client = as_user(bare.worker)
    shown = client.get(chosen(bare)).content.decode()
    assert "referral.no-basis" in shown
    refused = client.post(chosen(bare), {"place": "Invented Town", "do": "send"})
    assert refused.status_code == 409
    assert "Invented Town" in refused.content.decode()
    assert not Referral.objects.exists()


def test_danger_to_life_is_stated_on_the_form_and_sent_at_once(at: Sides, worker: Client) -> None:
    href = chosen(at, urgency="emergency")
    assert "danger to life" in worker.get(href).content.decode()
    worker.post(href, WRITTEN | {"emergency_reason": DANGER})
    made = Referral.objects.get()
    assert made.is_emergency
    assert made.basis == "vital-interest"


def test_it_can_be_kept_and_sent_later_and_the_same_form_twice_is_one(
    at: Sides, worker: Client
) -> None:
    same = WRITTEN | {"client_id": str(uuid4()), "do": "keep"}
    for _time in range(2):
        worker.post(chosen(at), same)
    made = Referral.objects.get()
    assert made.state == State.DRAFT
    page = worker.get(address(made, "referral-send")).content.decode()
    assert "You can take it back until it accepts" in page
    worker.post(address(made, "referral-send"), {"expected": "draft"})
    made.refresh_from_db()
    assert made.state == State.SENT


def test_the_focal_point_decides_with_one_button_and_sees_the_card_alone(
    at: Sides, focal: Client
) -> None:
    made = referred(at)
    page = focal.get(address(made)).content.decode()
    assert "What you need to decide" in page
    assert "Nepali" in page
    assert at.person.code not in page
    assert at.person.get_absolute_url() not in page
    assert "Sealed part" not in page
    focal.post(address(made, "referral-accept"), {"expected": "delivered"})
    made.refresh_from_db()
    assert made.state == State.ACCEPTED
    opened = focal.post(address(made, "referral-open"), OPENING).content.decode()
    assert HEALTH in opened
    assert WAY in opened
    assert HEALTH not in focal.get(address(made)).content.decode()


@pytest.mark.parametrize(
    ("verb", "given", "after"),
    [
        ("decline", {"reason": "full"}, State.DECLINED),
        ("ask", {"note": "Which days?"}, State.INFORMATION_REQUESTED),
    ],
)
def test_the_focal_point_declines_or_asks(
    at: Sides, focal: Client, verb: str, given: dict[str, str], after: State
) -> None:
    made = referred(at)
    href = address(made, "referral-say", verb)
    assert focal.get(href).status_code == 200
    assert focal.post(href, {"expected": "delivered"}).status_code == 422
    focal.post(href, given | {"expected": "delivered"})
    made.refresh_from_db()
    assert made.state == after


def test_another_service_is_named_and_the_sender_prepares_a_referral_there(
    at: Sides, focal: Client, worker: Client
) -> None:
    second = service(name="Invented second help")
    made = referred(at)
    focal.post(address(made, "referral-say", "redirect"), {"service": second.code})
    page = worker.get(address(made)).content.decode()
    assert "Invented second help" in page
    worker.post(address(made, "referral-again"), {"service": second.code})
    follow = Referral.objects.exclude(pk=made.pk).get()
    assert (follow.service, follow.state) == (second, State.DRAFT)


def test_the_outcome_comes_back_and_is_closed(at: Sides, focal: Client, worker: Client) -> None:
    made = referred(at)
    say(at, made, Verb.ACCEPT)
    focal.post(address(made, "referral-begin"), {"expected": "accepted"})
    focal.post(address(made, "referral-say", "goes-on"), {"note": "All well so far."})
    focal.post(address(made, "referral-say", "finish"), {"feedback": "partly", "rating": "4"})
    page = worker.get(address(made)).content.decode()
    assert "Helped in part" in page
    assert "rated 4 of 5" in page
    opened = worker.post(address(made, "referral-open"), OPENING).content.decode()
    assert "All well so far." in opened
    worker.post(address(made, "referral-close"))
    made.refresh_from_db()
    assert made.state == State.CLOSED


def test_a_question_is_read_and_answered_by_the_sender(at: Sides, worker: Client) -> None:
    made = referred(at)
    say(at, made, Verb.ASK, note="Which days?")
    assert "Answer the question" in worker.get(address(made)).content.decode()
    worker.post(address(made, "referral-reply"), {"text": "Mornings."})
    made.refresh_from_db()
    assert made.state == State.ACKNOWLEDGED


def test_a_provider_that_was_slower_than_the_recall_is_told_so(
    at: Sides, focal: Client, worker: Client
) -> None:
    made = referred(at)
    worker.post(address(made, "referral-recall"), {"note": "Solved.", "expected": "delivered"})
    late = focal.post(address(made, "referral-accept"), {"expected": "delivered"})
    assert late.status_code == 409
    assert "taken back" in late.content.decode()
    page = focal.get(address(made)).content.decode()
    assert "Invented Town" not in page
    made.refresh_from_db()
    assert made.state == State.RECALLED


def test_an_own_file_is_begun_from_the_opened_words(at: Sides) -> None:
    shelter = agency_user("shelter-worker", at=other())
    client = Client()
    client.force_login(shelter)
    made = referred(at)
    client.post(address(made, "referral-accept"))
    form = client.post(address(made, "referral-file")).content.decode()
    assert HEALTH in form
    entered = client.post(
        address(made, "referral-file"),
        {"name": "", "safe_contact": WAY, "note": HEALTH, "client_id": str(uuid4())},
    )
    file = Person.objects.exclude(pk=at.person.pk).get()
    assert entered["Location"] == file.get_absolute_url()
    assert file.code in client.get(address(made)).content.decode()
    assert file.code not in as_user(at.worker).get(address(made)).content.decode()


def test_the_panel_of_a_person_shows_its_referrals(at: Sides, worker: Client) -> None:
    made = referred(at)
    page = worker.get(at.person.get_absolute_url()).content.decode()
    assert made.code in page
    assert reverse("referral:referral-new", args=[at.person.code]) in page


def test_lists_are_narrowed_and_a_focal_point_sees_what_came_in(
    at: Sides, worker: Client, focal: Client
) -> None:
    made, second = referred(at), referred(at, urgency="routine", need="counselling")
    say(at, second, Verb.DECLINE, reason="full")
    assert "Referrals that came in" in focal.get(reverse("referral:referrals")).content.decode()
    whole = reverse("referral:referrals")
    for query, there, away in (
        ("state=waiting", made, second),
        ("state=ended", second, made),
        ("urgency=routine", second, made),
        ("need=health", made, second),
        (f"q={made.code.lower()}", made, second),
    ):
        page = worker.get(f"{whole}?{query}").content.decode()
        assert there.get_absolute_url() in page, query
        assert away.get_absolute_url() not in page, query
    assert made.code in focal.get(reverse("referral:referrals-received")).content.decode()


def test_a_search_finds_a_code_or_an_area(at: Sides, worker: Client, focal: Client) -> None:
    made, second = referred(at, place="Santay"), referred(at, place="Invented Town")
    for client, name in ((worker, "referrals"), (focal, "referrals-received")):
        for words, there, away in (
            ("santay", made, second),
            ("INVENTED TOWN", second, made),
            (second.code, second, made),
            (second.code.replace("-", " "), second, made),
        ):
            page = client.get(reverse(f"referral:{name}"), {"q": words}).content.decode()
            assert there.get_absolute_url() in page, words
            assert away.get_absolute_url() not in page, words
        page = client.get(reverse(f"referral:{name}"), {"q": "Nowhere"}).content.decode()
        assert made.get_absolute_url() not in page


@pytest.mark.parametrize("name", ["referrals", "referrals-received"])
def test_lists_ask_as_often_for_many_as_for_few(
    at: Sides, django_assert_num_queries: DjangoAssertNumQueries, name: str
) -> None:
    client = as_user(at.worker if name == "referrals" else at.focal)
    href = reverse(f"referral:{name}")
    for _few in range(2):
        referred(at)
    client.get(href)
    first = _queries(client, href)
    for _more in range(6):
        referred(at)
    with django_assert_num_queries(first):
        client.get(href)


def _queries(client: Client, href: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        client.get(href)
    return len(seen)


def test_the_page_asks_as_often_with_a_long_history(at: Sides) -> None:
    client = as_user(at.worker)
    made = referred(at)
    client.get(address(made))
    first = _queries(client, address(made))
    for number in range(4):
        say(at, made, Verb.ASK, note=f"Question {number}?")
        actions.answer_question(at.worker, made.code, "An answer.")
    assert _queries(client, address(made)) == first


def test_strangers_find_no_page(at: Sides) -> None:
    made = referred(at)
    stranger = Client()
    stranger.force_login(user_with_role("programme-officer"))
    for name in ("referral", "referral-send", "referral-recall", "referral-reply"):
        assert stranger.get(address(made, name)).status_code == 404
    assert stranger.get(reverse("referral:referrals")).status_code == 403
    assert Client().get(address(made)).status_code == 302


def test_a_notice_leads_to_the_referral(at: Sides, focal: Client) -> None:
    made = referred(at)
    pass_messages()
    page = focal.get(reverse("oversight:notices")).content.decode()
    assert address(made) in page
    assert "waits for your answer" in page


def test_another_prepared_referral_is_nobodys_business(at: Sides, focal: Client) -> None:
    made = actions.prepare(at.worker, at.person.code, at.service.code, wanted())
    assert focal.get(address(made)).status_code == 404
