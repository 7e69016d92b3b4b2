"""Sending and answering: outcomes, refusals, what each side may read, and what is told to whom."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from cairn.access.queries import SYSTEM
from cairn.access.tests.factories import organisation, user_with_role
from cairn.core.actor import PUBLIC
from cairn.core.models import AuditEntry
from cairn.oversight.actions.erasures import approve_erasure, ask_erasure
from cairn.oversight.models import Reading
from cairn.oversight.rules import Purpose
from cairn.referral.actions import SealedTexts, close_person
from cairn.referral.actions import referrals as actions
from cairn.referral.actions.consent import answer_consent, withdraw
from cairn.referral.actions.referrals_answers import Answer, Verb, answer
from cairn.referral.actions.referrals_reading import (
    begin_file,
    open_referral,
    proposed,
    words_for_file,
)
from cairn.referral.models import (
    Consent,
    Guardian,
    OneTimeLink,
    Person,
    Protocol,
    Referral,
    ReferralEvent,
)
from cairn.referral.queries.referrals import own_file
from cairn.referral.rules import AgeBand
from cairn.referral.rules.consent import Assent, GivenBy, Said
from cairn.referral.rules.referrals import State
from cairn.referral.tests.consent_factories import asked, guardian_of, reply
from cairn.referral.tests.factories import REASON, actor_of, unit
from cairn.referral.tests.protocols_made import agreed, both, other, risk, service
from cairn.referral.tests.referrals_made import (
    CONTENT,
    DANGER,
    HEALTH,
    TOLD,
    WAY,
    Sides,
    elsewhere,
    focal_user,
    notices,
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


def state(referral: Referral) -> str:
    return Referral.objects.get(pk=referral.pk).state


def events(referral: Referral) -> list[str]:
    rows = ReferralEvent.objects.filter(referral=referral).order_by("number")
    return list(rows.values_list("event", flat=True))


def stored() -> bytes:
    """Every value of the tables of referrals, as the database holds it."""
    found = []
    with connection.cursor() as cursor:
        for table in ("referral_referral", "referral_referralevent", "referral_outboxmessage"):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - names from above
            found += [str(bytes(v) if isinstance(v, memoryview) else v) for r in cursor for v in r]
    return " ".join(found).encode()


def test_a_referral_goes_from_sending_to_closing_and_each_step_is_kept(at: Sides) -> None:
    made = referred(at)
    assert state(made) == State.DELIVERED
    assert notices(at.focal) == ["referral.arrived"]
    say(at, made, Verb.SEEN)
    say(at, made, Verb.ACCEPT)
    say(at, made, Verb.BEGIN)
    say(at, made, Verb.FINISH, outcome="completed", feedback="helped", rating=5, note="All well.")
    actions.close(at.worker, made.code)
    assert state(made) == State.CLOSED
    assert events(made) == [
        "prepared",
        "cleared",
        "sent",
        "delivered",
        "acknowledged",
        "accepted",
        "service-started",
        "completed",
        "feedback-returned",
        "closed",
    ]
    assert notices(at.worker) == ["referral.accepted", "referral.feedback"]
    codes = AuditEntry.objects.filter(subject_id=str(made.pk)).values_list("code", flat=True)
    assert {f"referral.{each}" for each in events(made)} == set(codes)


def test_what_is_written_lies_sealed_and_the_clear_part_is_the_card(at: Sides) -> None:
    made = referred(at, **ALIVE)
    for words in (HEALTH, WAY, DANGER):
        assert words.encode() not in stored()
    assert made.card == {"language": "ne", "age_band": "adult", "exclusions": []}
    assert made.data_key != at.person.data_key


def test_the_recipient_reads_the_words_from_acceptance_on_and_not_before(at: Sides) -> None:
    made = referred(at)
    for verb in (None, Verb.SEEN):
        if verb:
            say(at, made, verb)
        with refused("referral.not-open"):
            open_referral(at.focal, made.code, Purpose.ASSISTANCE, REASON)
    say(at, made, Verb.ACCEPT)
    opened = open_referral(at.focal, made.code, Purpose.ASSISTANCE, REASON)
    assert opened.words is not None
    assert opened.words.values["content"] == CONTENT
    assert Reading.objects.filter(kind="referral", basis="work").count() == 1


def test_the_sender_reads_its_own_words_at_any_time(at: Sides) -> None:
    made = referred(at)
    opened = open_referral(at.worker, made.code, Purpose.ASSISTANCE, REASON)
    assert opened.words is not None
    assert opened.words.values["content"] == CONTENT


def test_danger_to_life_waits_for_neither_consent_nor_protocol_nor_answer() -> None:
    at = sides(is_agreed=False)
    with refused("referral.no-basis"):
        referred(at)
    made = referred(at, **ALIVE)
    assert (made.state, made.basis) == (State.DELIVERED, "vital-interest")
    opened = open_referral(at.focal, made.code, Purpose.SAFETY, REASON)
    assert opened.words is not None
    assert opened.words.values == {"content": CONTENT, "emergency_reason": DANGER}
    assert notices(at.focal) == ["referral.emergency"]


def test_danger_to_life_never_goes_to_an_excluded_recipient(at: Sides) -> None:
    risk(actor_of(user_with_role("directory-editor", name="decider")))
    for changes in ({}, ALIVE):
        with refused("referral.excluded"):
            referred(at, **changes)
    assert not Referral.objects.exists()


def test_an_emergency_with_consent_and_no_danger_stated_keeps_its_words_closed(at: Sides) -> None:
    made = referred(at, urgency="emergency")
    assert made.basis == "consent"
    with refused("referral.not-open"):
        open_referral(at.focal, made.code, Purpose.ASSISTANCE, REASON)


def test_without_a_protocol_nothing_is_sent() -> None:
    at = sides()
    Protocol.objects.update(ended_on=timezone.localdate())
    with refused("referral.no-protocol"):
        referred(at)
    assert not Referral.objects.exists()


def test_a_protocol_that_ran_out_between_sending_and_accepting_opens_nothing(at: Sides) -> None:
    made = referred(at)
    Protocol.objects.update(ended_on=timezone.localdate())
    for _time in range(2):
        with refused("referral.no-protocol"):
            say(at, made, Verb.ACCEPT)
    assert state(made) == State.DELIVERED
    assert notices(at.worker) == ["referral.not-covered"]


def test_a_protocol_that_ran_out_after_clearing_stops_the_sending(at: Sides) -> None:
    made = actions.prepare(at.worker, at.person.code, at.service.code, wanted())
    actions.clear(at.worker, made.code)
    Protocol.objects.update(ended_on=timezone.localdate())
    with refused("referral.no-protocol"):
        actions.send(at.worker, made.code)
    assert state(made) == State.CLEARED


def test_more_than_was_agreed_is_not_told(at: Sides) -> None:
    told = wanted(categories=["need", "account"], content={"account": "An invented story"})
    with refused("referral.categories"):
        actions.refer(at.worker, at.person.code, at.service.code, told)
    with refused("referral.content"):
        actions.refer(at.worker, at.person.code, at.service.code, wanted(categories=["need"]))


def test_a_child_without_guardian_is_not_referred_but_in_danger_to_life() -> None:
    at = sides(is_agreed=False, age_band=AgeBand.CHILD)
    agreed(both())
    guardian_of(at.person)
    consent = asked(at.worker, at.person, recipient=other(), categories=TOLD)
    said = reply(given_by=GivenBy.GUARDIAN, assent=Assent.YES)
    answer_consent(at.worker, at.person.code, consent.number, said)
    assert referred(at).state == State.DELIVERED
    Guardian._base_manager.update(ends_on=timezone.localdate() - timedelta(days=1))
    with refused("referral.guardian"):
        referred(at)
    assert referred(at, **ALIVE).state == State.DELIVERED


def test_a_closed_person_a_full_service_and_the_own_place_are_refused(at: Sides) -> None:
    with refused("referral.self"):
        actions.prepare(at.worker, at.person.code, service(organisation()).code, wanted())
    full = service(capacity="closed", capacity_at=timezone.now(), name="Invented full house")
    with refused("referral.service-closed"):
        actions.prepare(at.worker, at.person.code, full.code, wanted())
    close_person(at.worker, at.person.code, closed_on=timezone.localdate())
    with refused("person.is-closed"):
        actions.prepare(at.worker, at.person.code, at.service.code, wanted())


def test_danger_needs_its_reason_and_an_emergency() -> None:
    at = sides(is_agreed=False)
    with refused("referral.no-basis"):
        referred(at, urgency="emergency", emergency_reason="  ")
    with refused("referral.no-basis"):
        referred(at, urgency="urgent", emergency_reason=DANGER)


@pytest.mark.parametrize("verb", [None, Verb.SEEN, Verb.ASK])
def test_it_is_taken_back_until_it_is_accepted(at: Sides, verb: Verb | None) -> None:
    made = referred(at)
    if verb:
        say(at, made, verb, note="Which days suit?")
    actions.recall(at.worker, made.code, "No longer needed.")
    assert state(made) == State.RECALLED
    assert "referral.taken-back" in notices(at.focal)


def test_what_was_accepted_is_not_taken_back(at: Sides) -> None:
    made = referred(at)
    say(at, made, Verb.ACCEPT)
    with refused("referral.move"):
        actions.recall(at.worker, made.code)


@pytest.mark.parametrize("verb", Verb)
def test_a_provider_that_answers_after_recall_is_told_so_and_changes_nothing(
    at: Sides, verb: Verb
) -> None:
    made = referred(at)
    actions.recall(at.worker, made.code)
    before = (AuditEntry.objects.count(), ReferralEvent.objects.count())
    with refused("referral.taken-back"):
        say(at, made, verb, note="Late", reason="full", outcome="completed", feedback="helped")
    assert state(made) == State.RECALLED
    assert (AuditEntry.objects.count(), ReferralEvent.objects.count()) == before


def test_a_question_goes_there_and_back_and_both_sides_read_it(at: Sides) -> None:
    made = referred(at)
    say(at, made, Verb.ASK, note="Which days suit?")
    assert notices(at.worker) == ["referral.asked"]
    actions.answer_question(at.worker, made.code, "Mornings only.")
    assert state(made) == State.ACKNOWLEDGED
    for reader in (at.focal, at.worker):
        opened = open_referral(reader, made.code, Purpose.ASSISTANCE, REASON)
        notes = [each.values["note"] for each in opened.notes]
        assert notes == ["Which days suit?", "Mornings only."]
        assert (opened.words is None) == (reader is at.focal)
    assert b"Mornings" not in stored()


def test_an_empty_question_or_answer_is_refused(at: Sides) -> None:
    made = referred(at)
    with refused("referral.words"):
        say(at, made, Verb.ASK, note="  ")
    say(at, made, Verb.ASK, note="Which days suit?")
    with refused("referral.words"):
        actions.answer_question(at.worker, made.code, "")


def test_declining_says_why_and_opens_nothing(at: Sides) -> None:
    made = referred(at)
    with refused("referral.reason"):
        say(at, made, Verb.DECLINE, reason="because")
    say(at, made, Verb.DECLINE, reason="full", note="Next week perhaps.")
    made.refresh_from_db()
    assert (made.state, made.reason) == (State.DECLINED, "full")
    assert notices(at.worker) == ["referral.declined"]
    with refused("referral.not-open"):
        open_referral(at.focal, made.code, Purpose.ASSISTANCE, REASON)
    assert len(open_referral(at.worker, made.code, Purpose.ASSISTANCE, REASON).notes) == 1


def test_another_service_is_named_and_the_sender_decides(at: Sides) -> None:
    second = service(name="Invented second help")
    made = referred(at)
    say(at, made, Verb.REDIRECT, service=second.code)
    made.refresh_from_db()
    assert (made.state, made.alternate) == (State.REDIRECTED, second)
    follow = actions.again(at.worker, made.code, second.code)
    made.refresh_from_db()
    assert made.redirected_to == follow
    assert follow.state == State.DRAFT
    sent = actions.send(at.worker, follow.code).referral
    say(at, sent, Verb.ACCEPT)
    words = open_referral(at.focal, sent.code, Purpose.ASSISTANCE, REASON).words
    assert words is not None
    assert words.values["content"] == CONTENT


def test_two_colleagues_at_once_the_second_is_told(at: Sides) -> None:
    made = referred(at)
    colleague = actor_of(focal_user("second-focal"))
    say(at, made, Verb.DECLINE, reason="full")
    with refused("referral.move"):
        answer(colleague, made.code, Answer(Verb.ACCEPT), expected="delivered")
    second = referred(at)
    say(at, second, Verb.SEEN)
    with refused("referral.changed"):
        answer(colleague, second.code, Answer(Verb.ACCEPT), expected="delivered")
    assert state(second) == State.ACKNOWLEDGED


def test_the_same_request_twice_is_done_once(at: Sides) -> None:
    first, again, reply = uuid4(), uuid4(), uuid4()
    args = (at.worker, at.person.code, at.service.code, wanted())
    made = actions.refer(*args, client_id=first).referral
    assert actions.refer(*args, client_id=first).referral.pk == made.pk
    for _time in range(2):
        answer(at.focal, made.code, Answer(Verb.ASK, note="Which days?"), client_id=again)
    for _time in range(2):
        actions.answer_question(at.worker, made.code, "Any day.", client_id=reply)
    assert Referral.objects.count() == 1
    assert events(made).count("information-requested") == 1
    assert events(made).count("answered") == 1


def test_strangers_find_nothing_and_each_side_does_only_its_own_part(at: Sides) -> None:
    made = referred(at)
    for stranger in (elsewhere(), PUBLIC, actor_of(user_with_role("data-protection-officer"))):
        for act in (
            lambda who: actions.recall(who, made.code),
            lambda who: answer(who, made.code, Answer(Verb.ACCEPT)),
            lambda who: open_referral(who, made.code, Purpose.ASSISTANCE, REASON),
        ):
            with pytest.raises(Referral.DoesNotExist):
                act(stranger)
    with pytest.raises(PermissionDenied):
        actions.recall(at.focal, made.code)
    with pytest.raises(PermissionDenied):
        answer(at.worker, made.code, Answer(Verb.ACCEPT))
    with pytest.raises(Person.DoesNotExist):
        actions.refer(elsewhere("third"), at.person.code, at.service.code, wanted())
    with pytest.raises(Person.DoesNotExist):
        actions.refer(at.focal, at.person.code, at.service.code, wanted())


def test_the_recipient_sees_nothing_of_what_is_only_prepared(at: Sides) -> None:
    made = actions.prepare(at.worker, at.person.code, at.service.code, wanted())
    assert not Referral.objects.visible_to(at.focal).exists()
    actions.send(at.worker, made.code)
    assert Referral.objects.visible_to(at.focal).get() == made
    seen = ReferralEvent.objects.visible_to(at.focal).values_list("event", flat=True)
    assert "prepared" not in set(seen)


def test_another_unit_of_the_recipient_sees_nothing(at: Sides) -> None:
    ward, kitchen = unit("Invented Ward", other()), unit("Invented Kitchen", other())
    there = replace(at, service=service(unit=ward, name="Invented ward help"))
    inside = actor_of(focal_user("in-ward", unit=ward))
    outside = actor_of(focal_user("in-kitchen", unit=kitchen))
    made = referred(there)
    assert Referral.objects.visible_to(inside).filter(pk=made.pk).exists()
    assert not Referral.objects.visible_to(outside).exists()


def test_withdrawn_consent_takes_back_what_waits_and_closes_what_was_accepted(at: Sides) -> None:
    waiting, accepted = referred(at), referred(at)
    say(at, accepted, Verb.ACCEPT)
    consent = Consent.objects.get()
    withdraw(at.worker, at.person.code, consent.number, Said.IN_PERSON)
    accepted.refresh_from_db()
    assert state(waiting) == State.WITHDRAWN
    # Help goes on; only what was told is closed.
    assert accepted.state == State.ACCEPTED
    with refused("referral.not-open"):
        open_referral(at.focal, accepted.code, Purpose.ASSISTANCE, REASON)
    say(at, accepted, Verb.BEGIN)
    told = notices(at.focal)
    assert "referral.taken-back" in told
    assert "referral.consent-withdrawn" in told
    with refused("referral.no-basis"):
        referred(at)


def test_withdrawn_consent_does_not_touch_what_was_sent_in_danger_to_life(at: Sides) -> None:
    made = referred(at, **ALIVE)
    assert made.consent is not None
    actions.stop_for_withdrawal(at.worker, at.person, made.consent)
    assert state(made) == State.DELIVERED


def test_the_file_of_the_recipient_is_its_own_and_the_sender_never_sees_it(at: Sides) -> None:
    shelter = actor_of(user_with_role("service-provider", name="shelter-worker", at=other()))
    made = referred(at)
    with refused("referral.file"):
        words_for_file(shelter, made.code)
    answer(shelter, made.code, Answer(Verb.ACCEPT))
    texts = proposed(words_for_file(shelter, made.code))
    assert texts["safe_contact"] == WAY
    assert HEALTH in texts["note"]
    same = uuid4()
    file = begin_file(shelter, made.code, SealedTexts(note="Own"), client_id=same)
    assert begin_file(shelter, made.code, SealedTexts(note="Own"), client_id=same) == file
    assert Person.objects.visible_to(shelter).get() == file
    assert not Person.objects.visible_to(at.worker).filter(pk=file.pk).exists()
    made.refresh_from_db()
    assert own_file(shelter, made) == file.code
    assert own_file(at.worker, made) == ""
    with refused("referral.file"):
        begin_file(shelter, made.code, SealedTexts())
    with pytest.raises(PermissionDenied):
        words_for_file(at.focal, made.code)


def test_whoever_has_no_age_on_the_card_counts_as_a_child_in_the_file_of_the_recipient(
    at: Sides,
) -> None:
    shelter = actor_of(user_with_role("service-provider", name="shelter-worker", at=other()))
    made = referred(at)
    made.card = {**made.card, "age_band": ""}
    made.save(update_fields=["card"])
    answer(shelter, made.code, Answer(Verb.ACCEPT))
    assert begin_file(shelter, made.code, SealedTexts()).age_band == AgeBand.AGE_DISPUTED


def test_an_erased_person_leaves_referrals_without_words_and_without_a_clock(at: Sides) -> None:
    waiting, accepted = referred(at), referred(at)
    say(at, accepted, Verb.ACCEPT)
    officer = actor_of(user_with_role("data-protection-officer"))
    erasure = ask_erasure(at.worker, "person", at.person.code, REASON)
    approve_erasure(officer, erasure.pk)
    for made, end in ((waiting, State.RECALLED), (accepted, State.CLOSED)):
        made.refresh_from_db()
        assert (made.state, made.next_at, made.card) == (end, None, {})
        with refused("referral.not-open"):
            open_referral(at.worker, made.code, Purpose.ASSISTANCE, REASON)


def test_events_are_written_once(at: Sides) -> None:
    made = referred(at)
    event = ReferralEvent.objects.filter(referral=made).first()
    assert event is not None
    for act in (event.save, event.delete, ReferralEvent.objects.all().delete):
        with pytest.raises(TypeError):
            act()
    with pytest.raises(TypeError):
        ReferralEvent.objects.update(event="other")


def test_the_system_sees_all_of_them(at: Sides) -> None:
    made = referred(at)
    assert list(Referral.objects.visible_to(SYSTEM)) == [made]


def test_a_recipient_without_an_account_gets_a_link_and_a_number_that_recall_ends(
    at: Sides,
) -> None:
    outside = service(name="Invented outside help", is_outside=True)
    prepared = actions.prepare(at.worker, at.person.code, outside.code, wanted())
    sent = actions.send(at.worker, prepared.code)
    assert sent.referral.is_external
    assert sent.token
    assert sent.number
    assert sent.token.encode() not in stored()
    # The words were opened for it, and that is kept.
    assert Reading.objects.filter(kind="referral").count() == 1
    direct = actions.refer(at.worker, at.person.code, outside.code, wanted())
    assert direct.token not in {"", sent.token}
    assert OneTimeLink.objects.exclude(ended_at=None).count() == 0
    actions.recall(at.worker, prepared.code)
    assert OneTimeLink.objects.exclude(ended_at=None).count() == 1
