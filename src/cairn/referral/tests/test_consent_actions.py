"""Writes about consent: outcome, refusals, what the log says, and what follows at once."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from cairn.access.queries import SYSTEM
from cairn.access.tests.factories import organisation, user_with_role
from cairn.core.actor import PUBLIC
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.oversight.actions.break_glass import break_glass
from cairn.oversight.actions.erasures import approve_erasure, ask_erasure
from cairn.oversight.models import Notice, Reading, SubjectRequest
from cairn.oversight.models.desk import Wish
from cairn.oversight.rules import Purpose as ReadingPurpose
from cairn.referral.actions import close_person
from cairn.referral.actions.consent import (
    Explained,
    answer_consent,
    ask_consent,
    end_all,
    explain_consent,
    note_receipt,
    open_consent,
    withdraw,
)
from cairn.referral.actions.consent_rounds import expire_due
from cairn.referral.models import Person
from cairn.referral.models.consent import Consent, ConsentStep
from cairn.referral.queries.consent import grounds
from cairn.referral.rules import AgeBand
from cairn.referral.rules.choices import Interpreter, LegalBasis, Purpose
from cairn.referral.rules.consent import (
    LIVE,
    Assent,
    Capacity,
    ConsentState,
    GivenBy,
    Receipt,
    Said,
)
from cairn.referral.tests.consent_factories import (
    EXPLAINED,
    LIMITS,
    TALK,
    answered,
    asked,
    clinic,
    guardian_of,
    in_days,
    question,
    reply,
    to_any,
)
from cairn.referral.tests.factories import REASON, actor_of, person, provider

pytestmark = pytest.mark.django_db
S = ConsentState


def codes() -> list[str]:
    """What the log tells of consent."""
    rows = AuditEntry.objects.filter(code__startswith="consent.").order_by("sequence")
    return list(rows.values_list("code", flat=True))


def refused(act: Callable[[], Any]) -> str:
    with pytest.raises(RuleBroken) as refusal:
        act()
    return refusal.value.code


def trail(consent: Consent) -> list[tuple[str, str]]:
    rows = ConsentStep.objects.filter(consent=consent).order_by("number")
    return list(rows.values_list("before", "after"))


def test_what_is_asked_is_kept_with_its_steps() -> None:
    actor = provider()
    one = person(actor)
    made = ask_consent(actor, one.code, question())
    explain_consent(actor, one.code, made.number, EXPLAINED)
    answer_consent(actor, one.code, made.number, reply(note=TALK))
    kept = Consent.objects.get()
    assert (kept.code, kept.number) == (f"{one.code.lower()}.c1", 1)
    assert (kept.state, kept.language, kept.given_by) == (S.GIVEN, "en", GivenBy.PERSON)
    assert (kept.starts_on, kept.expires_on) == (in_days(0), in_days(30))
    assert kept.receipt
    assert trail(kept) == [
        ("", S.NOT_SOUGHT),
        (S.NOT_SOUGHT, S.EXPLAINED),
        (S.EXPLAINED, S.GIVEN),
    ]
    assert codes() == ["consent.asked", "consent.explained", "consent.answered"]
    entry = AuditEntry.objects.get(code="consent.answered")
    assert (entry.subject_id, entry.facts["state"]) == (str(one.pk), "given")


def test_limits_and_notes_are_sealed_and_opened_with_a_reason() -> None:
    actor = provider()
    one = person(actor)
    made = asked(actor, one)
    answer_consent(actor, one.code, made.number, reply(S.GIVEN_WITH_LIMITS, note=TALK))
    with connection.cursor() as cursor:
        cursor.execute("SELECT limits, note FROM referral_consent")
        stored = b" ".join(bytes(value) for value in cursor.fetchone())
    for text in (LIMITS, TALK):
        assert text.encode() not in stored
        assert text not in str(list(AuditEntry.objects.values()))
    opened = open_consent(actor, Consent.objects.get(), ReadingPurpose.ASSISTANCE, REASON)
    assert opened.values == {"limits": LIMITS, "note": TALK}
    assert Reading.objects.get().kind == "consent"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"basis": LegalBasis.VITAL_INTEREST}, "consent.vital"),
        ({"purpose": Purpose.RETURN, "basis": LegalBasis.LEGAL_DUTY}, "consent.basis"),
        ({"categories": []}, "consent.categories"),
        ({"categories": ["account"]}, "consent.categories"),
        ({"recipient": None}, "consent.recipient"),
        ({"recipient_class": "health"}, "consent.recipient"),
        ({"recipient_class": "everybody", "recipient": None}, "consent.recipient"),
    ],
)
def test_what_cannot_be_asked_is_refused(changes: dict[str, Any], code: str) -> None:
    actor = provider()
    one = person(actor)
    assert refused(lambda: ask_consent(actor, one.code, question(**changes))) == code
    assert not Consent.objects.exists()
    assert codes() == []


def test_it_is_explained_in_a_language_of_the_person_or_interpreted() -> None:
    actor = provider()
    one = person(actor, languages=["ti"])
    made = ask_consent(actor, one.code, question())
    alone = Explained("en", Interpreter.NONE)
    assert refused(lambda: explain_consent(actor, one.code, made.number, alone)) == (
        "consent.language"
    )
    explained = explain_consent(actor, one.code, made.number, Explained("ti", Interpreter.NONE))
    assert explained.state == S.EXPLAINED


def test_a_consent_that_ends_before_it_starts_is_refused_and_nothing_changes() -> None:
    actor = provider()
    one = person(actor)
    made = asked(actor, one)
    wrong = reply(starts_on=in_days(0), expires_on=in_days(-1))
    assert refused(lambda: answer_consent(actor, one.code, made.number, wrong)) == "consent.days"
    assert Consent.objects.get().state == S.EXPLAINED
    # Nor does the database take it, whatever the code says.
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent._base_manager.update(starts_on=in_days(0), expires_on=in_days(-1))


def test_danger_to_life_is_never_kept_as_a_ground_in_advance() -> None:
    actor = provider()
    asked(actor, person(actor))
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent._base_manager.update(basis=LegalBasis.VITAL_INTEREST)


@pytest.mark.parametrize("band", [AgeBand.CHILD, AgeBand.AGE_DISPUTED])
def test_a_minor_without_a_guardian_agrees_to_nothing(band: AgeBand) -> None:
    actor = provider()
    one = person(actor, age_band=band)
    made = asked(actor, one)
    alone = reply()
    assert refused(lambda: answer_consent(actor, one.code, made.number, alone)) == (
        "consent.guardian"
    )
    with_one = reply(given_by=GivenBy.GUARDIAN, assent=Assent.YES)
    guardian_of(one, ends_on=in_days(-1))
    assert refused(lambda: answer_consent(actor, one.code, made.number, with_one)) == (
        "consent.guardian"
    )
    lasting = guardian_of(one)
    unheard = reply(given_by=GivenBy.GUARDIAN, assent=Assent.NOT_ASKED)
    assert refused(lambda: answer_consent(actor, one.code, made.number, unheard)) == (
        "consent.assent"
    )
    given = answer_consent(actor, one.code, made.number, with_one)
    assert (given.guardian, given.assent, given.state) == (lasting, Assent.YES, S.GIVEN)


def test_a_minor_says_no_without_anybody() -> None:
    actor = provider()
    one = person(actor, age_band=AgeBand.CHILD)
    made = asked(actor, one)
    said = answer_consent(actor, one.code, made.number, reply(S.REFUSED, assent=Assent.NO))
    assert (said.state, said.assent, said.receipt) == (S.REFUSED, Assent.NO, "")


def test_where_nobody_could_be_asked_another_basis_is_named() -> None:
    actor = provider()
    one = person(actor)
    made = ask_consent(actor, one.code, question(basis=LegalBasis.PUBLIC_INTEREST))
    said = reply(S.NOT_POSSIBLE, capacity=Capacity.NOT_NOW)
    answer_consent(actor, one.code, made.number, said)
    ground = grounds(one, Purpose.ASSISTANCE, clinic().pk, in_days(0))
    assert ground is not None
    assert (ground.basis, ground.categories) == (
        LegalBasis.PUBLIC_INTEREST,
        frozenset({"need", "contact"}),
    )


def test_what_is_agreed_lets_exactly_that_be_told() -> None:
    actor = provider()
    one, other = person(actor), person(actor)
    made = answered(actor, one)
    ground = grounds(one, Purpose.ASSISTANCE, clinic().pk, in_days(0))
    assert ground is not None
    assert (ground.consent_id, ground.expires_on) == (made.pk, in_days(30))
    assert ground.categories == frozenset({"need", "contact"})
    assert grounds(one, Purpose.LEGAL_AID, clinic().pk, in_days(0)) is None
    assert grounds(one, Purpose.ASSISTANCE, organisation("Invented Other").pk, in_days(0)) is None
    assert grounds(other, Purpose.ASSISTANCE, clinic().pk, in_days(0)) is None
    assert grounds(one, Purpose.ASSISTANCE, clinic().pk, in_days(31)) is None


def test_a_consent_to_a_kind_of_service_covers_services_of_that_kind_only() -> None:
    actor = provider()
    one = person(actor)
    answered(actor, one, **to_any("health"))
    for kinds, is_covered in ((["health", "cash"], True), (["shelter"], False), ([], False)):
        ground = grounds(one, Purpose.ASSISTANCE, clinic().pk, in_days(0), kinds)
        assert (ground is not None) is is_covered


@pytest.mark.parametrize("state", S)
def test_only_live_states_give_a_ground(state: ConsentState) -> None:
    actor = provider()
    one = person(actor)
    made = answered(actor, one)
    Consent._base_manager.filter(pk=made.pk).update(state=state)
    ground = grounds(one, Purpose.ASSISTANCE, clinic().pk, in_days(0))
    assert (ground is not None) is (state in LIVE)


def test_a_newer_answer_takes_the_place_of_the_older_one() -> None:
    actor = provider()
    one = person(actor)
    old, elsewhere = answered(actor, one), answered(actor, one, recipient=organisation("Other"))
    new = answered(actor, one, categories=["need", "contact", "safety"])
    kept = Consent.objects.get(pk=old.pk)
    assert (kept.state, kept.superseded_by_id) == (S.SUPERSEDED, new.pk)
    assert Consent.objects.get(pk=elsewhere.pk).state == S.GIVEN
    assert not SubjectRequest.objects.exists()


def test_a_later_no_takes_back_what_was_agreed() -> None:
    actor = provider()
    one = person(actor)
    old = answered(actor, one)
    answered(actor, one, S.REFUSED)
    kept = Consent.objects.get(pk=old.pk)
    assert kept.state == S.WITHDRAWN
    assert ConsentStep.objects.get(after=S.WITHDRAWN).how == Said.LATER_ANSWER
    assert SubjectRequest.objects.get().wish == Wish.ERASURE
    assert grounds(one, Purpose.ASSISTANCE, clinic().pk, in_days(0)) is None


def test_taking_back_stops_everything_and_opens_a_review_of_what_is_kept() -> None:
    actor = provider()
    one = person(actor)
    made = answered(actor, one)
    withdraw(actor, one.code, made.number, Said.PHONE, safe_channel="By the neighbour", note=TALK)
    assert Consent.objects.get().state == S.WITHDRAWN
    assert trail(made)[-1] == (S.GIVEN, S.WITHDRAWN)
    assert grounds(one, Purpose.ASSISTANCE, clinic().pk, in_days(0)) is None
    review = SubjectRequest.objects.get()
    assert (review.wish, review.kind, review.code) == (Wish.ERASURE, "person", one.code)
    assert review.recorded_by == actor.user_id
    assert bool(review.safe_channel)
    assert codes()[-1] == "consent.withdrawn"
    assert AuditEntry.objects.get(code="consent.withdrawn").facts == {"number": 1, "how": "phone"}
    again = refused(lambda: withdraw(actor, one.code, made.number, Said.PHONE))
    assert again == "consent.move"


def test_whoever_asks_the_desk_sees_the_wish_and_not_the_words() -> None:
    actor = provider()
    one = person(actor)
    withdraw(actor, one.code, answered(actor, one).number, Said.IN_PERSON, note=TALK)
    assert not SubjectRequest.objects.visible_to(actor).exists()
    officer = actor_of(user_with_role("data-protection-officer"))
    assert SubjectRequest.objects.visible_to(officer).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM oversight_subjectrequest")
        assert TALK.encode() not in b" ".join(
            bytes(value) for value in cursor.fetchone() if isinstance(value, bytes | memoryview)
        )


def test_a_consent_of_a_closed_record_can_be_taken_back_but_nothing_new_is_asked() -> None:
    actor = provider()
    one = person(actor)
    made, other = answered(actor, one), asked(actor, one, purpose=Purpose.LEGAL_AID)
    close_person(actor, one.code, closed_on=in_days(0))
    for attempt in (
        lambda: ask_consent(actor, one.code, question()),
        lambda: answer_consent(actor, one.code, other.number, reply()),
        lambda: note_receipt(actor, one.code, made.number, Receipt.TAKEN),
    ):
        assert refused(attempt) == "person.is-closed"
    assert withdraw(actor, one.code, made.number, Said.PHONE).state == S.WITHDRAWN


@pytest.mark.parametrize(
    "state", [each for each in S if each not in {S.GIVEN, S.GIVEN_WITH_LIMITS, S.EXPIRED}]
)
def test_only_what_was_agreed_is_taken_back(state: ConsentState) -> None:
    actor = provider()
    one = person(actor)
    made = answered(actor, one)
    Consent._base_manager.filter(pk=made.pk).update(state=state)
    assert refused(lambda: withdraw(actor, one.code, made.number, Said.PHONE)) == "consent.move"
    assert not SubjectRequest.objects.exists()


def test_the_slip_is_noted_as_taken_or_left() -> None:
    actor = provider()
    one = person(actor)
    made, no = answered(actor, one), answered(actor, one, S.REFUSED, purpose=Purpose.LEGAL_AID)
    assert note_receipt(actor, one.code, made.number, Receipt.LEFT).receipt_taken == Receipt.LEFT
    refusal = refused(lambda: note_receipt(actor, one.code, no.number, Receipt.TAKEN))
    assert refusal == "consent.receipt"


def test_those_past_their_day_expire_once_and_whoever_works_with_the_person_is_told() -> None:
    actor = provider()
    one, other = person(actor), person(actor, is_mine=False)
    over, running, theirs = answered(actor, one), answered(actor, one, **to_any()), None
    theirs = answered(actor, other)
    for row in (over, theirs):
        Consent._base_manager.filter(pk=row.pk).update(
            starts_on=in_days(-9), expires_on=in_days(-1)
        )
    assert expire_due({}).facts == {"expired": 2}
    assert expire_due({}).facts == {"expired": 0}
    states = dict(Consent.objects.values_list("pk", "state"))
    assert states == {over.pk: S.EXPIRED, running.pk: S.GIVEN, theirs.pk: S.EXPIRED}
    step = ConsentStep.objects.get(consent=over, after=S.EXPIRED)
    assert step.recorded_by is None
    notice = Notice.objects.get()
    assert (notice.user_id, notice.code) == (actor.user_id, "consent.expired")
    assert notice.facts == {"pseudonym": one.code}


def test_the_last_day_itself_still_counts() -> None:
    actor = provider()
    one = person(actor)
    made = asked(actor, one)
    answer_consent(actor, one.code, made.number, reply(expires_on=in_days(0)))
    assert expire_due({}).facts == {"expired": 0}
    assert grounds(one, Purpose.ASSISTANCE, clinic().pk, in_days(0)) is not None
    assert grounds(one, Purpose.ASSISTANCE, clinic().pk, in_days(1)) is None


def test_steps_are_never_changed_nor_removed() -> None:
    actor = provider()
    answered(actor, person(actor))
    step = ConsentStep.objects.earliest("number")
    attempts: list[Callable[[], Any]] = [
        step.save,
        step.delete,
        lambda: ConsentStep.objects.update(how="phone"),
        lambda: ConsentStep.objects.all().delete(),
    ]
    for attempt in attempts:
        with pytest.raises(TypeError):
            attempt()


def test_for_everybody_else_there_is_no_consent() -> None:
    actor = provider()
    one = person(actor)
    made = answered(actor, one)
    strangers = [
        provider("other-organisation", at=organisation("Invented Other")),
        provider("other-country", country="SEN"),
        actor_of(user_with_role("referral-focal-point")),
        actor_of(user_with_role("directory-editor")),
        actor_of(user_with_role("data-protection-officer")),
        PUBLIC,
    ]
    before = codes()
    for stranger in strangers:
        assert not Consent.objects.visible_to(stranger).exists()
        assert not ConsentStep.objects.visible_to(stranger).exists()
        for attempt in (
            partial(ask_consent, stranger, one.code, question()),
            partial(explain_consent, stranger, one.code, 1, EXPLAINED),
            partial(answer_consent, stranger, one.code, 1, reply()),
            partial(withdraw, stranger, one.code, 1, Said.PHONE),
            partial(note_receipt, stranger, one.code, 1, Receipt.TAKEN),
        ):
            with pytest.raises(Person.DoesNotExist):
                attempt()
    assert codes() == before
    assert Consent.objects.visible_to(SYSTEM).get() == made


def test_who_sees_a_record_by_emergency_access_changes_nothing() -> None:
    actor = provider()
    one = person(actor)
    made = answered(actor, one)
    abroad = provider("other-country", country="SEN")
    break_glass(abroad, "person", one.code, "A life is in danger now.")
    assert Consent.objects.visible_to(abroad).get() == made
    with pytest.raises(PermissionDenied):
        withdraw(abroad, one.code, made.number, Said.PHONE)


def test_after_erasure_nothing_tells_what_was_agreed_with_whom() -> None:
    actor = provider()
    one = person(actor)
    made = asked(actor, one)
    answer_consent(actor, one.code, made.number, reply(S.GIVEN_WITH_LIMITS, note=TALK))
    erasure = ask_erasure(actor, "person", one.code, "The person wishes it so.")
    approve_erasure(actor_of(user_with_role("data-protection-officer")), erasure.pk)
    kept = Consent.objects.select_related("person").get()
    assert (kept.recipient, kept.recipient_class, kept.categories) == (None, "", [])
    assert (kept.language, kept.receipt, kept.capacity) == ("", "", "")
    assert grounds(kept.person, Purpose.ASSISTANCE, clinic().pk, in_days(0)) is None
    assert not Consent.objects.live(timezone.localdate()).exists()


def test_what_was_agreed_with_the_old_holder_ends_when_the_record_goes_elsewhere() -> None:
    actor = provider()
    one = person(actor)
    live, no = answered(actor, one), answered(actor, one, S.REFUSED, purpose=Purpose.LEGAL_AID)
    with transaction.atomic():
        assert end_all(actor, Person.objects.select_for_update().get(pk=one.pk)) == 1
    assert Consent.objects.get(pk=live.pk).state == S.EXPIRED
    assert Consent.objects.get(pk=no.pk).state == S.REFUSED
    assert grounds(one, Purpose.ASSISTANCE, clinic().pk, in_days(0)) is None
    assert ConsentStep.objects.get(after=S.EXPIRED).recorded_by == actor.user_id


def test_days_that_nobody_names_are_half_a_year() -> None:
    actor = provider()
    one = person(actor)
    made = asked(actor, one)
    given = answer_consent(actor, one.code, made.number, reply(expires_on=None))
    assert given.expires_on == in_days(0) + timedelta(days=180)
