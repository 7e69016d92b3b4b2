"""A recipient without an account: link and number, card, answer, content once, and the attacks."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from cairn.access.models import User
from cairn.core import clock
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.referral.actions import outside
from cairn.referral.actions import referrals as actions
from cairn.referral.actions.referrals import Sent
from cairn.referral.actions.referrals_answers import Answer, Verb
from cairn.referral.models import OneTimeLink, Referral, Service
from cairn.referral.rules.outside import LIVES, MOST_ATTEMPTS, check_number
from cairn.referral.rules.referrals import State
from cairn.referral.tests.referrals_made import CONTENT, Sides, sides, wanted
from cairn.vault.errors import Altered
from cairn.vault.handed import HandedKey, mark_of, uncovered

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Sides:
    found = sides()
    Service.objects.filter(pk=found.service.pk).update(is_outside=True)
    found.service.refresh_from_db()
    return found


@pytest.fixture
def sent(at: Sides) -> Sent:
    made = actions.refer(at.worker, at.person.code, at.service.code, wanted())
    assert made.token
    assert made.number
    return made


def wrong(number: str) -> str:
    return f"{(int(number) + 1) % 10**8:08d}"


def state(sent: Sent) -> str:
    return Referral.objects.get(pk=sent.referral.pk).state


def page(client: Client, sent: Sent, **fields: Any) -> Any:
    address = reverse("referral:answer-outside", args=[sent.token])
    if not fields:
        return client.get(address)
    return client.post(address, {"number": sent.number, **fields})


def test_the_link_tells_nothing_before_its_number_and_seeing_it_counts_as_arrived(
    client: Client, sent: Sent
) -> None:
    before = page(client, sent).content.decode()
    assert sent.referral.code not in before
    assert sent.referral.place not in before
    assert state(sent) == State.SENT
    after = page(client, sent, verb="")
    assert sent.referral.place in after.content.decode()
    for words in CONTENT.values():
        assert words not in after.content.decode()
    assert state(sent) in {State.DELIVERED, State.ACKNOWLEDGED}
    # A browser sends a form of a page without any referrer as from nowhere, and it is refused.
    assert after["Referrer-Policy"] == "same-origin"


def test_after_acceptance_the_content_is_shown_once_and_destroyed(
    client: Client, sent: Sent
) -> None:
    early = page(client, sent, verb="open")
    assert early.status_code == 409
    assert OneTimeLink.objects.get().content is not None
    page(client, sent, verb="accept")
    assert state(sent) == State.ACCEPTED
    told = page(client, sent, verb="open").content.decode()
    for words in CONTENT.values():
        assert words in told
    link = OneTimeLink.objects.get()
    assert (link.content, link.shown_at is not None) == (None, True)
    again = page(client, sent, verb="open")
    assert again.status_code == 409
    for words in CONTENT.values():
        assert words not in again.content.decode()
    # The same link tells the outcome.
    page(client, sent, verb="finish", feedback="helped", rating="4", note="")
    assert state(sent) == State.FEEDBACK_RETURNED


def test_declining_needs_a_reason_and_leaves_nothing(client: Client, sent: Sent) -> None:
    assert page(client, sent, verb="decline", reason="").status_code == 422
    page(client, sent, verb="decline", reason="full", note="")
    assert state(sent) == State.DECLINED
    assert page(client, sent, verb="accept").status_code == 409
    assert state(sent) == State.DECLINED


def test_the_fifth_wrong_number_ends_the_link_for_the_right_one_too(
    client: Client, sent: Sent
) -> None:
    for left in reversed(range(MOST_ATTEMPTS)):
        with pytest.raises(RuleBroken) as told:
            outside.open_link(sent.token, wrong(sent.number))
        assert told.value.code == "link.wrong"
        assert str(left) in str(told.value.remedy) or left == 0
    with pytest.raises(RuleBroken, match="does not work"):
        outside.open_link(sent.token, sent.number)
    link = OneTimeLink.objects.get()
    assert (link.content, link.ended_at is not None) == (None, True)
    assert AuditEntry.objects.filter(code="referral.link_wrong").count() == MOST_ATTEMPTS
    assert page(client, sent, verb="").status_code == 410


def test_right_numbers_do_not_wear_the_link_out(sent: Sent) -> None:
    for _each in range(MOST_ATTEMPTS + 2):
        outside.open_link(sent.token, sent.number)
    assert OneTimeLink.objects.get().attempts == 0


@pytest.mark.parametrize("how", ["recalled", "expired", "unknown"])
def test_every_dead_link_says_the_same(client: Client, at: Sides, sent: Sent, how: str) -> None:
    token = sent.token
    if how == "recalled":
        actions.recall(at.worker, sent.referral.code)
        assert OneTimeLink.objects.get().content is None
    elif how == "expired":
        OneTimeLink.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    else:
        token = "x" * 32
    address = reverse("referral:answer-outside", args=[token])
    answer = client.post(address, {"number": sent.number})
    assert answer.status_code == 410
    assert "does not work" in answer.content.decode()
    with pytest.raises(RuleBroken) as told:
        outside.open_link(token, sent.number)
    assert told.value.code == "link.dead"


def test_an_answer_after_recall_changes_nothing(at: Sides, sent: Sent) -> None:
    held = outside.open_link(sent.token, sent.number)
    actions.recall(at.worker, sent.referral.code)
    with pytest.raises(RuleBroken):
        outside.answer_by_link(held, Answer(Verb.ACCEPT))
    with pytest.raises(RuleBroken):
        outside.show_content(held)
    assert state(sent) == State.RECALLED


def test_the_database_holds_neither_token_number_nor_words(sent: Sent) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM referral_onetimelink")
        stored = b" ".join(
            bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode()
            for row in cursor
            for v in row
        )
    for secret in (sent.token, sent.number, *CONTENT.values()):
        assert secret.encode() not in stored
    link = OneTimeLink.objects.get()
    assert link.mark == mark_of(sent.token)
    # With the key of the referral as well: link and number are needed all the same.
    inner = uncovered(sent.referral.data_key, bytes(link.content), link.pk, outside.CONTENT)
    for token, number in (
        (sent.token, wrong(sent.number)),
        (link.mark, sent.number),
        ("", sent.number),
    ):
        with pytest.raises(Altered):
            HandedKey(token, number, link.pk).unseal(inner, outside.CONTENT)


def test_a_new_link_ends_the_old_one(at: Sides, sent: Sent) -> None:
    token, number = outside.make_link(at.worker, sent.referral, CONTENT)
    with pytest.raises(RuleBroken, match="does not work"):
        outside.open_link(sent.token, sent.number)
    assert outside.open_link(token, number).referral.pk == sent.referral.pk


def test_a_link_outlives_the_slowest_answer(sent: Sent) -> None:
    link = OneTimeLink.objects.get()
    assert link.expires_at - link.made_at == LIVES


@pytest.mark.parametrize("typed", ["1234 5678", "12-34-56-78", "١٢٣٤٥٦٧٨", " 12345678 "])
def test_a_number_is_read_as_people_type_it(typed: str) -> None:
    assert check_number(typed) == "12345678"


@pytest.mark.parametrize("typed", ["", "1234567", "123456789", "abcdefgh"])
def test_what_is_no_number_is_refused_without_costing_a_try(sent: Sent, typed: str) -> None:
    with pytest.raises(RuleBroken) as told:
        outside.open_link(sent.token, typed)
    assert told.value.code == "link.number"
    assert OneTimeLink.objects.get().attempts == 0


SAYS = "Flumbertine speaks it, and comes along"


def test_the_answer_to_a_question_is_read_by_link_and_number_and_by_nobody_else(
    client: Client, at: Sides, sent: Sent
) -> None:
    asked = page(client, sent, verb="ask", note="Who speaks the language?").content.decode()
    assert "stands here when you open this link again" in asked
    assert state(sent) == State.INFORMATION_REQUESTED
    actions.answer_question(at.worker, sent.referral.code, SAYS)
    link = OneTimeLink.objects.get()
    for kept in (link.answer, link.latch, link.slot):
        assert kept is not None
        assert SAYS.encode() not in bytes(kept)
    again = page(client, sent, verb="").content.decode()
    assert SAYS in again
    assert SAYS not in page(client, sent).content.decode()
    # It is no part of what is shown once, and can be read as long as it is to be decided.
    assert SAYS in page(client, sent, verb="").content.decode()
    for words in CONTENT.values():
        assert words not in again
    other = HandedKey(sent.token, wrong(sent.number), link.pk)
    latch, answer = (
        uncovered(sent.referral.data_key, bytes(getattr(link, what)), link.pk, what)
        for what in (outside.LATCH, outside.ANSWER)
    )
    with pytest.raises(Altered):
        other.taken(latch, answer, outside.ANSWER)
    assert SAYS not in page(client, sent, verb="accept").content.decode()


def test_a_newer_answer_takes_the_place_of_an_older_one(
    client: Client, at: Sides, sent: Sent
) -> None:
    for text in ("Glimmerquist knows", SAYS):
        page(client, sent, verb="ask", note="And now?")
        actions.answer_question(at.worker, sent.referral.code, text)
    told = page(client, sent, verb="").content.decode()
    assert SAYS in told
    assert "Glimmerquist" not in told


def test_taking_a_referral_back_destroys_the_answer_too(
    client: Client, at: Sides, sent: Sent
) -> None:
    page(client, sent, verb="ask", note="And now?")
    actions.answer_question(at.worker, sent.referral.code, SAYS)
    actions.recall(at.worker, sent.referral.code)
    link = OneTimeLink.objects.get()
    assert (link.answer, link.content) == (None, None)
    assert page(client, sent, verb="").status_code == 410


@pytest.mark.parametrize("how", ["old", "over", "open"])
def test_the_sender_is_told_how_the_answer_reaches_the_service(
    client: Client, at: Sides, sent: Sent, how: str
) -> None:
    page(client, sent, verb="ask", note="And now?")
    if how == "old":
        OneTimeLink.objects.update(slot=None, latch=None)
    elif how == "over":
        OneTimeLink.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    worker = Client()
    worker.force_login(User.objects.get(pk=str(at.worker.user_id)))
    form = worker.get(reverse("referral:referral-reply", args=[sent.referral.code]))
    words = "when it opens its link again" if how == "open" else "by telephone"
    assert words in form.content.decode()
    actions.answer_question(at.worker, sent.referral.code, SAYS)
    assert (OneTimeLink.objects.get().answer is not None) is (how == "open")
    assert state(sent) == State.ACKNOWLEDGED
