"""What a recipient was told closes when what it stood on is over, whoever the recipient is."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from cairn.access.models import User
from cairn.access.tests.factories import organisation, user_with_role
from cairn.core.actor import Actor
from cairn.oversight.actions import readings
from cairn.oversight.models import SubjectRequest
from cairn.oversight.rules import Purpose
from cairn.referral.actions import outside
from cairn.referral.actions import referrals as actions
from cairn.referral.actions.consent import answer_consent, ask_consent, end_all, withdraw
from cairn.referral.actions.consent_rounds import expire_due
from cairn.referral.actions.referrals import Sent
from cairn.referral.actions.referrals_answers import Verb
from cairn.referral.actions.referrals_reading import (
    may_open_words,
    open_referral,
    words_for_file,
)
from cairn.referral.actions.sharing import Terms, accept_share, preview_share, propose_share
from cairn.referral.models import (
    Consent,
    OneTimeLink,
    Referral,
    ReferralEvent,
    Service,
    ShareAgreement,
)
from cairn.referral.rules.choices import LegalBasis
from cairn.referral.rules.choices import Purpose as Why
from cairn.referral.rules.consent import Capacity, ConsentState, Said
from cairn.referral.rules.referrals import State
from cairn.referral.rules.sharing import ShareState
from cairn.referral.tests.consent_factories import answered, in_days, question, reply, to_any
from cairn.referral.tests.factories import REASON, actor_of, person
from cairn.referral.tests.protocols_made import agreed, both, editor, other, risk, service
from cairn.referral.tests.referrals_made import (
    CONTENT,
    DANGER,
    TOLD,
    Sides,
    focal_user,
    notices,
    pass_messages,
    referred,
    refused,
    say,
    sides,
    wanted,
)

pytestmark = pytest.mark.django_db
ALIVE = {"urgency": "emergency", "emergency_reason": DANGER}


@pytest.fixture
def at() -> Sides:
    return sides()


def ran_out(on: date | None = None) -> None:
    """The last day of every consent was yesterday, or `on`."""
    last = on or timezone.localdate() - timedelta(days=1)
    Consent._base_manager.update(starts_on=last - timedelta(days=9), expires_on=last)


def read(at: Sides, made: Referral) -> object:
    opened = open_referral(at.focal, made.code, Purpose.ASSISTANCE, REASON)
    return opened.words.values["content"] if opened.words else None


def page_of(who: Actor, made: Referral) -> str:
    client = Client()
    client.force_login(User.objects.get(pk=who.user_id or ""))
    return client.get(made.get_absolute_url()).content.decode()


# -- a recipient with an account -----------------------------------------------------------------


def test_words_close_after_the_last_day_that_was_agreed_and_open_when_it_is_agreed_anew(
    at: Sides,
) -> None:
    made = referred(at)
    say(at, made, Verb.ACCEPT)
    ran_out(timezone.localdate())
    assert read(at, made) == CONTENT
    ran_out()
    with refused("referral.lapsed"):
        open_referral(at.focal, made.code, Purpose.ASSISTANCE, REASON)
    assert "The time for which the person agreed is over" in page_of(at.focal, made)
    # Help goes on, the sender reads its own words, and no other door opens them.
    say(at, made, Verb.BEGIN)
    assert may_open_words(at.worker, made)
    shelter = actor_of(user_with_role("service-provider", name="shelter-worker", at=other()))
    assert words_for_file(shelter, made.code) == {}
    with pytest.raises(PermissionDenied):
        readings.read(
            at.focal,
            [Referral.objects.get(pk=made.pk)],
            ["content"],
            Purpose.ASSISTANCE,
            REASON,
        )
    answered(at.worker, at.person, recipient=other(), purpose=Why.LEGAL_AID)
    with refused("referral.lapsed"):
        open_referral(at.focal, made.code, Purpose.ASSISTANCE, REASON)
    answered(at.worker, at.person, recipient=other(), categories=TOLD)
    assert read(at, made) == CONTENT


def test_an_acceptance_after_the_last_day_opens_nothing_and_the_sender_hears_of_it(
    at: Sides,
) -> None:
    made = referred(at)
    ran_out()
    with refused("referral.no-basis"):
        say(at, made, Verb.ACCEPT)
    made.refresh_from_db()
    assert made.state == State.DELIVERED
    assert notices(at.worker) == ["referral.not-covered"]


def test_what_was_told_to_save_a_life_does_not_wait_for_a_new_consent(at: Sides) -> None:
    made = referred(at, **ALIVE)
    ran_out()
    assert read(at, made) == CONTENT


def test_a_recipient_to_whom_nobody_is_referred_any_more_reads_nothing_more(at: Sides) -> None:
    accepted, alive = referred(at), referred(at, **ALIVE)
    say(at, accepted, Verb.ASK, note="Which days suit?")
    say(at, accepted, Verb.ACCEPT)
    assert read(at, alive) == CONTENT
    risk(editor("decider"))
    for made in (accepted, alive):
        with refused("referral.lapsed"):
            open_referral(at.focal, made.code, Purpose.SAFETY, REASON)
        page = page_of(at.focal, made)
        assert "The words open no more." in page
        # Who is left out, and why, is for few.
        assert "implicated" not in page.lower()
    with refused("referral.excluded"):
        say(at, alive, Verb.ACCEPT)


def test_a_record_that_goes_elsewhere_does_not_close_what_was_agreed_for_longer(
    at: Sides,
) -> None:
    made = referred(at)
    say(at, made, Verb.ACCEPT)
    end_all(at.worker, at.person)
    assert Consent.objects.get().state == "expired"
    assert read(at, made) == CONTENT


# -- a recipient without one ---------------------------------------------------------------------


@pytest.fixture
def sent(at: Sides) -> Sent:
    Service.objects.filter(pk=at.service.pk).update(is_outside=True, email="desk@help.invalid")
    at.service.refresh_from_db()
    return actions.refer(at.worker, at.person.code, at.service.code, wanted())


def answer_page(client: Client, sent: Sent, verb: str = "", **given: str) -> str:
    address = reverse("referral:answer-outside", args=[sent.token])
    fields = {"number": sent.number, "verb": verb, **given}
    return client.post(address, fields).content.decode()


def take_back(at: Sides) -> None:
    withdraw(at.worker, at.person.code, Consent.objects.get().number, Said.PHONE)


def test_whoever_accepted_by_a_link_is_told_that_it_was_taken_back_and_can_go_on_helping(
    at: Sides, sent: Sent, client: Client
) -> None:
    answer_page(client, sent, "accept")
    take_back(at)
    assert OneTimeLink.objects.get().content is None
    page = answer_page(client, sent, "open")
    assert "Destroy what you noted" in page
    assert not any(words in page for words in CONTENT.values())
    # The sender is asked to tell it as well, for no notice reaches whoever has no account.
    assert "referral.tell-outside" in notices(at.worker)
    answer_page(client, sent, "finish", feedback="helped", rating="", note="")
    assert Referral.objects.get().state == State.FEEDBACK_RETURNED


def test_whoever_only_saw_the_card_by_a_link_is_told_too_and_sees_it_no_more(
    at: Sides, sent: Sent, client: Client
) -> None:
    assert sent.referral.place in answer_page(client, sent)
    take_back(at)
    page = answer_page(client, sent)
    assert "Destroy what you noted" in page
    assert sent.referral.place not in page
    assert Referral.objects.get().state == State.WITHDRAWN
    answer_page(client, sent, "accept")
    assert Referral.objects.get().state == State.WITHDRAWN


def test_a_link_that_nobody_opened_ends_and_nobody_has_to_be_told(at: Sides, sent: Sent) -> None:
    take_back(at)
    with refused("link.dead"):
        outside.open_link(sent.token, sent.number)
    assert OneTimeLink.objects.get().content is None
    assert "referral.tell-outside" not in notices(at.worker)


def test_the_work_address_of_whoever_saw_something_gets_a_mail_without_words(
    at: Sides, sent: Sent, client: Client, settings: Settings
) -> None:
    settings.MAIL = True
    pass_messages()
    mail.outbox.clear()
    answer_page(client, sent)
    take_back(at)
    pass_messages()
    (told,) = mail.outbox
    assert told.to == ["desk@help.invalid"]
    assert not any(word in told.body for word in (sent.referral.code, "consent", sent.token))


def test_by_a_link_too_the_words_close_with_the_last_day(
    at: Sides, sent: Sent, client: Client
) -> None:
    answer_page(client, sent, "accept")
    ran_out()
    page = answer_page(client, sent, "open")
    assert "The time for which the person agreed is over" in page
    assert not any(words in page for words in CONTENT.values())
    # Not shown, so not destroyed: it is shown when the person agrees anew.
    answered(at.worker, at.person, recipient=other(), categories=TOLD)
    page = answer_page(client, sent, "open")
    assert all(words in page for words in CONTENT.values())


# -- after the last day --------------------------------------------------------------------------


def test_what_was_agreed_is_taken_back_after_its_last_day_too_and_each_recipient_hears_of_it(
    at: Sides,
) -> None:
    made = referred(at)
    say(at, made, Verb.ACCEPT)
    ran_out()
    assert expire_due({}).facts["expired"] == 1
    take_back(at)
    made.refresh_from_db()
    assert made.taken_back_at is not None
    assert "referral.consent-withdrawn" in notices(at.focal)
    assert SubjectRequest.objects.get().code == at.person.code


def test_of_two_that_followed_each_other_the_later_one_is_taken_back(at: Sides) -> None:
    first = Consent.objects.get()
    ran_out()
    expire_due({})
    later = answered(at.worker, at.person, recipient=other(), categories=TOLD)
    with refused("consent.renewed"):
        withdraw(at.worker, at.person.code, first.number, Said.PHONE)
    client = Client()
    client.force_login(User.objects.get(pk=at.worker.user_id or ""))
    for one, is_offered in ((first, False), (later, True)):
        page = client.get(one.get_absolute_url()).content.decode()
        address = reverse("referral:consent-withdraw", args=[at.person.code, one.number])
        assert (address in page) is is_offered
    assert referred(at).state == State.DELIVERED


def test_where_another_ground_stood_in_for_an_answer_there_is_nothing_to_take_back(
    at: Sides,
) -> None:
    made = ask_consent(
        at.worker,
        at.person.code,
        question(basis=LegalBasis.PUBLIC_INTEREST),
    )
    said = reply(ConsentState.NOT_POSSIBLE, capacity=Capacity.NOT_NOW)
    answer_consent(at.worker, at.person.code, made.number, said)
    ran_out()
    expire_due({})
    with refused("consent.move"):
        withdraw(at.worker, at.person.code, made.number, Said.PHONE)


# -- the person's own wish -----------------------------------------------------------------------


def test_a_referral_that_the_person_does_not_want_ends_as_the_persons_decision(at: Sides) -> None:
    """Whatever it stood on: nobody has to take back a consent for it."""
    made, same = referred(at), uuid4()
    client = Client()
    client.force_login(User.objects.get(pk=at.worker.user_id or ""))
    address = reverse("referral:referral-recall", args=[made.code])
    words = "Marfwick changed plans"
    fields = {"is_wish": "on", "note": words, "expected": made.state, "client_id": str(same)}
    for _time in range(2):
        assert client.post(address, fields).status_code == 302
    made.refresh_from_db()
    assert made.state == State.WITHDRAWN
    events = ReferralEvent.objects.filter(referral=made, event="withdrawn")
    (event,) = events
    assert (event.side, event.by) == ("person", at.worker.user_id)
    assert "referral.taken-back" in notices(at.focal)
    # Why is the sender's own: the service reads nothing of it, on no page.
    with refused("referral.not-open"):
        open_referral(at.focal, made.code, Purpose.ASSISTANCE, REASON)
    notes = open_referral(at.worker, made.code, Purpose.ASSISTANCE, REASON).notes
    assert [each.values["note"] for each in notes] == [words]
    # What was agreed stands, and so does the help: another referral can be sent at once.
    assert Consent.objects.get().state == "given"
    assert referred(at).state == State.DELIVERED


# -- all of them at once -------------------------------------------------------------------------


def test_one_consent_taken_back_reaches_each_recipient_at_once(client: Client) -> None:
    """Two services of two organisations, one without an account, and what is shared: all of it
    stood on one consent to a kind of service, or on the one to a name."""
    at = sides(is_agreed=False)
    chief = actor_of(user_with_role("case-supervisor", name="chief"))
    taker = actor_of(user_with_role("case-supervisor", name="taker", at=other()))
    third = organisation("Invented Third Agency")
    agreed(both())
    named = answered(at.worker, at.person, recipient=other(), categories=TOLD)
    any_health = answered(at.worker, at.person, categories=TOLD, **to_any("health"))
    waiting, accepted = referred(at), referred(at)
    say(at, accepted, Verb.ACCEPT)
    share = propose_share(
        chief,
        at.person.code,
        other(),
        Terms(Why.ASSISTANCE, ["need"], in_days(9), {"need": "Quiet"}),
    )
    preview_share(taker, share.code)
    accept_share(taker, share.code, 1)
    outdoors = service(name="Invented outside help", is_outside=True)
    gone = actions.refer(at.worker, at.person.code, outdoors.code, wanted())
    answer_page(client, gone, "accept")
    elsewhere = service(third, name="Invented third help")
    third_focal = actor_of(focal_user("third-focal", at=third))
    far = replace(at, service=elsewhere, focal=third_focal)
    far_made = referred(far, **ALIVE)
    rows = Referral.objects.filter(consent__in=[named.pk, any_health.pk])
    stood_on = set(rows.values_list("pk", flat=True))
    assert {waiting.pk, accepted.pk, gone.referral.pk} <= stood_on
    for consent in (named, any_health):
        withdraw(at.worker, at.person.code, consent.number, Said.IN_PERSON)

    waiting.refresh_from_db()
    accepted.refresh_from_db()
    assert waiting.state == State.WITHDRAWN
    assert accepted.taken_back_at is not None
    assert ShareAgreement.objects.get().state == ShareState.REVOKED
    assert "Destroy what you noted" in answer_page(client, gone)
    assert {"referral.taken-back", "referral.consent-withdrawn"} <= set(notices(at.focal))
    assert "referral.tell-outside" in notices(at.worker)
    # What saves a life stood on danger and not on consent, and stays.
    far_made.refresh_from_db()
    assert far_made.state == State.DELIVERED
    # Each of both wishes is looked at by data protection.
    assert SubjectRequest.objects.count() == 2
    other_person = person(at.worker)
    assert not SubjectRequest.objects.filter(code=other_person.code).exists()
