"""Files that go to another organisation: what may go, who decides, what follows on both sides."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from cairn.access.tests.factories import organisation, user_with_role
from cairn.core import audit
from cairn.core.models import AuditEntry
from cairn.oversight.actions.break_glass import break_glass
from cairn.oversight.models import BreakGlass, Hold, Notice
from cairn.oversight.rules import Purpose as ReadingPurpose
from cairn.referral.actions import open_person
from cairn.referral.actions.consent import withdraw
from cairn.referral.actions.outbox import send_outbox
from cairn.referral.actions.referrals import prepare, refer
from cairn.referral.actions.referrals_answers import Answer, Verb, answer
from cairn.referral.actions.sharing import Terms, accept_offer, propose_share
from cairn.referral.actions.sharing_moving import keep_late_note, move_all, move_files
from cairn.referral.actions.sharing_transfer import (
    answer_transfer,
    propose_transfer,
    take_back_transfer,
)
from cairn.referral.models import (
    BestInterests,
    Consent,
    HandOver,
    HandOverLine,
    LateNote,
    MatchKey,
    Moved,
    Person,
    Protocol,
    Referral,
    ReferralEvent,
    ShareAgreement,
)
from cairn.referral.queries.sharing_transfer import gates
from cairn.referral.rules import AgeBand
from cairn.referral.rules.choices import Purpose
from cairn.referral.rules.consent import Said
from cairn.referral.rules.persons_gates import Question
from cairn.referral.rules.referrals import State
from cairn.referral.rules.sharing import Gone, HandOverState, ShareState, Why
from cairn.referral.rules.sharing_transfer import WHOLE, Facts, LineState, Stays, stays
from cairn.referral.subjects.sharing import forget_all
from cairn.referral.tests.consent_factories import answered, guardian_of, in_days
from cairn.referral.tests.factories import NAME, REASON, actor_of, person
from cairn.referral.tests.protocols_made import editor, other, risk, service
from cairn.referral.tests.referrals_made import focal_user, refused, wanted
from cairn.referral.tests.sharing_made import (
    ALL,
    Two,
    accepted,
    moved,
    offered,
    says_yes,
    states,
    supervisor,
    two,
    willing,
)

pytestmark = pytest.mark.django_db
L = LineState


@pytest.fixture
def at() -> Two:
    return two()


def where(*persons: Person) -> list[Any]:
    kept = dict(Person.objects.values_list("pk", "organisation__name"))
    return [kept[each.pk] for each in persons]


def told(actor: Any) -> set[str]:
    send_outbox({})
    return set(Notice.objects.visible_to(actor).values_list("code", flat=True))


# -- what may go ---------------------------------------------------------------------------------


class Covers:
    def __init__(self, categories: frozenset[str]) -> None:
        self.categories = categories


GOOD: dict[str, Any] = {
    "is_open": True,
    "is_elsewhere": False,
    "is_held": False,
    "is_to_be_erased": False,
    "is_excluded": False,
    "ground": Covers(WHOLE),
    "protocol": Covers(WHOLE),
    "is_guarded": True,
    "serves_child": True,
}
BAD: list[tuple[str, Any, Stays]] = [
    ("is_open", False, Stays.CLOSED),
    ("is_elsewhere", True, Stays.ELSEWHERE),
    ("is_held", True, Stays.HELD),
    ("is_to_be_erased", True, Stays.ERASURE),
    ("is_excluded", True, Stays.EXCLUDED),
    ("ground", None, Stays.NO_BASIS),
    ("protocol", None, Stays.NO_PROTOCOL),
    ("ground", Covers(WHOLE - {"health"}), Stays.CATEGORIES),
    ("protocol", Covers(WHOLE - {"account"}), Stays.CATEGORIES),
    ("is_guarded", False, Stays.GUARDIAN),
    ("serves_child", False, Stays.INTERESTS),
]


@pytest.mark.parametrize(("name", "value", "reason"), BAD)
def test_each_thing_that_stands_against_it_keeps_a_file_where_it_is(
    name: str, value: Any, reason: Stays
) -> None:
    assert stays(Facts(**GOOD)) is None
    assert stays(Facts(**GOOD | {name: value})) == reason


def _hold(at: Two, one: Person) -> None:
    Hold.objects.create(
        kind="person", subject_id=one.pk, code=one.code, placed_by=one.pk, placed_at=timezone.now()
    )


def _end_protocol(at: Two, one: Person) -> None:
    Protocol.objects.update(ends_on=in_days(-1), starts_on=in_days(-9))


CASES: list[tuple[Callable[[Two, Person], Any], Stays]] = [
    (lambda at, one: risk(editor("riskier")), Stays.EXCLUDED),
    (_hold, Stays.HELD),
    (_end_protocol, Stays.NO_PROTOCOL),
    (lambda at, one: withdraw(at.worker, one.code, 1, Said.IN_PERSON), Stays.NO_BASIS),
    (lambda at, one: says_yes(at.worker, one, categories=["need"]), Stays.CATEGORIES),
    (lambda at, one: Person.objects.update(age_band=AgeBand.AGE_DISPUTED), Stays.GUARDIAN),
    (lambda at, one: offered(at, one), Stays.ELSEWHERE),
]


@pytest.mark.parametrize(("change", "reason"), CASES)
def test_what_is_stored_keeps_a_file_where_it_is(
    at: Two, change: Callable[[Two, Person], Any], reason: Stays
) -> None:
    one = willing(at.worker)
    assert gates([one], other().pk, timezone.localdate())[one.pk].stays is None
    change(at, one)
    one.refresh_from_db()
    assert gates([one], other().pk, timezone.localdate())[one.pk].stays == reason
    with refused("hand-over.none"):
        offered(at, one)


def test_a_child_goes_only_where_it_was_found_to_serve_the_child(at: Two) -> None:
    child = person(at.worker, age_band=AgeBand.CHILD)
    guardian_of(child)
    says_yes_for(at, child)
    with refused("hand-over.none"):
        offered(at, child)
    found(child, Question.TELLING)
    with refused("hand-over.none"):
        offered(at, child)
    found(child, Question.TRANSFER)
    assert states(moved(at, child)) == [L.MOVED]


def says_yes_for(at: Two, child: Person) -> None:
    """The law is the ground for a child here, and no consent."""
    made = Consent(
        data_key=child.data_key,
        person=child,
        number=1,
        code=f"{child.code.lower()}.c1",
        recorded_at=timezone.now(),
        purpose=Purpose.TRANSFER,
        recipient=other(),
        recipient_class="organisation",
        categories=ALL,
        basis="legal-duty",
        state="not-possible",
        decided_at=timezone.now(),
        starts_on=in_days(-1),
        expires_on=in_days(30),
    )
    made.save()


def found(child: Person, question: Question) -> None:
    number = BestInterests.objects.filter(person=child).count() + 1
    BestInterests(
        data_key=child.data_key,
        person=child,
        number=number,
        code=f"{child.code.lower()}.b{number}",
        recorded_at=timezone.now(),
        kind="assessment",
        question=question,
        outcome="yes",
        decided_by="An invented panel",
        decided_on=in_days(-1),
        review_on=in_days(30),
    ).save()


def test_those_that_may_not_go_stay_and_say_why(at: Two) -> None:
    may, may_not = willing(at.worker), person(at.worker)
    made = offered(at, may, may_not)
    lines = {line.person_id: line for line in HandOverLine.objects.filter(hand_over=made)}
    assert (lines[may.pk].state, lines[may.pk].basis) == (L.OFFERED, "consent")
    assert (lines[may_not.pk].state, lines[may_not.pk].reason) == (L.STAYS, Stays.NO_BASIS)
    accepted(at, made)
    move_files(at.taker, made.pk)
    assert where(may, may_not) == [other().name, organisation().name]


def test_only_the_supervisor_of_the_place_offers_and_only_to_somebody_who_can_answer(
    at: Two,
) -> None:
    one = willing(at.worker)
    with pytest.raises(PermissionDenied):
        propose_transfer(at.worker, [one.code], other(), Why.POST_CLOSES)
    with refused("hand-over.changed"):
        propose_transfer(at.taker, [one.code], organisation(), Why.POST_CLOSES)
    with refused("share.self"):
        propose_transfer(at.giver, [one.code], organisation(), Why.POST_CLOSES)
    with refused("hand-over.none"):
        propose_transfer(at.giver, [one.code], organisation("Invented Empty"), Why.POST_CLOSES)


# -- the answer ----------------------------------------------------------------------------------


def test_nothing_opens_before_the_other_side_has_accepted(at: Two) -> None:
    one = willing(at.worker)
    made = offered(at, one)
    assert not Person.objects.visible_to(at.taker).exists()
    assert HandOver.objects.visible_to(at.taker).get() == made
    assert told(at.taker) == {"hand-over.offered"}
    accepted(at, made)
    # On its way, and still its old owner's.
    assert not Person.objects.visible_to(at.taker).exists()
    assert where(one) == [organisation().name]


def test_it_is_taken_line_by_line_and_what_is_not_taken_stays(at: Two) -> None:
    first, second = sorted((willing(at.worker), willing(at.worker)), key=lambda one: one.code)
    made = accepted(at, offered(at, first, second), [2])
    assert states(made) == [L.DECLINED, L.ACCEPTED]
    move_files(at.taker, made.pk)
    assert where(first, second) == [organisation().name, other().name]
    assert told(at.giver) >= {"hand-over.taken", "hand-over.moved"}


def test_declined_as_a_whole_it_can_be_offered_again(at: Two) -> None:
    one = willing(at.worker)
    made = answer_transfer(at.taker, offered(at, one).code, ())
    assert made.state == HandOverState.REFUSED
    assert told(at.giver) == {"hand-over.refused"}
    with refused("hand-over.decided"):
        accepted(at, made)
    assert states(moved(at, one)) == [L.MOVED]


def test_what_may_not_go_any_more_is_not_accepted(at: Two) -> None:
    one = willing(at.worker)
    made = offered(at, one)
    withdraw(at.worker, one.code, 1, Said.IN_PERSON)
    assert states(made) == [L.STAYS]
    with refused("hand-over.changed"):
        accepted(at, made, [1])


def test_taken_back_it_cannot_be_accepted(at: Two) -> None:
    one = willing(at.worker)
    made = take_back_transfer(at.giver, offered(at, one).code)
    assert states(made) == [L.TAKEN_BACK]
    with refused("hand-over.decided"):
        accepted(at, made)
    assert where(one) == [organisation().name]


def test_only_who_supervises_over_there_answers(at: Two) -> None:
    made = offered(at, willing(at.worker))
    with pytest.raises(PermissionDenied):
        answer_transfer(at.giver, made.code, [1])
    with pytest.raises(PermissionDenied):
        take_back_transfer(at.taker, made.code)
    stranger = supervisor("stranger", organisation("Invented Stranger"))
    with pytest.raises(HandOver.DoesNotExist):
        answer_transfer(stranger, made.code, [1])


def test_who_takes_them_on_works_over_there(at: Two) -> None:
    one = willing(at.worker)
    made = offered(at, one)
    helper = actor_of(user_with_role("service-provider", name="helper", at=other()))
    with refused("person.caseworker"):
        answer_transfer(at.taker, made.code, [1], to_user=at.worker.user_id)
    answer_transfer(at.taker, made.code, [1], to_user=helper.user_id)
    move_all({})
    one.refresh_from_db()
    assert one.caseworker == helper.user_id


# -- what moves ----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_new_owner_opens_the_record_and_the_old_one_does_not() -> None:
    at = two()
    one = willing(at.worker)
    other_worker = actor_of(user_with_role("service-provider", name="new", at=other()))
    moved(at, one)
    opened = open_person(other_worker, one.code, ReadingPurpose.ASSISTANCE, REASON)
    assert opened.values["name"] == NAME
    for old in (at.worker, at.giver):
        with pytest.raises(Person.DoesNotExist):
            open_person(old, one.code, ReadingPurpose.ASSISTANCE, REASON)
        gone = Moved.objects.visible_to(old).get(record=one.code)
        assert (gone.how, gone.ask) == (Gone.MOVED, other())
    assert not Moved.objects.visible_to(other_worker).exists()


def test_what_was_agreed_and_shared_ends_and_nobody_finds_it_by_its_identity(at: Two) -> None:
    one = willing(at.worker)
    third = supervisor("third", organisation("Invented Third"))
    MatchKey.objects.create(organisation=organisation(), mark=7, person=one)
    answered(at.worker, one, recipient=other(), categories=["need"])
    terms = Terms(Purpose.ASSISTANCE, ["need"], in_days(9), {"need": "Blimberquat"})
    active = propose_share(at.giver, one.code, other(), terms)
    accept_offer(at.taker, active.code, 1)
    waiting = propose_share(at.giver, one.code, other(), terms)
    moved(at, one)
    shares = ShareAgreement.objects.in_bulk([active.pk, waiting.pk])
    assert {each.state for each in shares.values()} == {ShareState.REVOKED}
    assert not any(each.content for each in shares.values())
    assert "share.over" in told(at.taker)
    assert set(Consent.objects.values_list("state", flat=True)) == {"expired"}
    assert not MatchKey.objects.exists()
    assert not ShareAgreement.objects.visible_to(third).exists()


def test_an_emergency_access_ends_with_the_old_owner(at: Two) -> None:
    one = willing(at.worker)
    far = actor_of(user_with_role("service-provider", name="far", at=organisation("Invented Far")))
    break_glass(far, "person", one.code, REASON)
    assert Person.objects.visible_to(far).exists()
    moved(at, one)
    assert BreakGlass.objects.get().ended_at is not None
    assert not Person.objects.visible_to(far).exists()


def test_referrals_go_along_with_their_clocks_and_what_was_not_sent_is_taken_back(at: Two) -> None:
    one = willing(at.worker)
    answered(at.worker, one, recipient=other(), categories=["need", "contact", "health"])
    focal, to = actor_of(focal_user()), service()
    running, waiting = (
        refer(at.worker, one.code, to.code, wanted()).referral for _each in range(2)
    )
    answer(focal, running.code, Answer(Verb.ACCEPT))
    kept = prepare(at.worker, one.code, to.code, wanted())
    due = Referral.objects.get(pk=waiting.pk).next_at
    moved(at, one)
    found = Referral.objects.in_bulk([running.pk, waiting.pk, kept.pk])
    assert {each.organisation for each in found.values()} == {other()}
    assert found[running.pk].state == State.ACCEPTED
    assert found[kept.pk].state == State.RECALLED
    assert (found[waiting.pk].state, found[waiting.pk].next_at) == (State.SENT, due)
    events = ReferralEvent.objects.filter(event="handed-over")
    assert set(events.values_list("referral", flat=True)) == {running.pk, waiting.pk}
    assert not Referral.objects.visible_to(at.worker).exists()
    assert "referral.handed-over" in told(focal)


def test_what_ended_meanwhile_keeps_the_file_where_it_is(at: Two) -> None:
    goes, stays_here = willing(at.worker), willing(at.worker)
    made = accepted(at, offered(at, goes, stays_here))
    withdraw(at.worker, stays_here.code, 1, Said.IN_PERSON)
    risk_free = HandOverLine.objects.get(hand_over=made, person=stays_here)
    assert (risk_free.state, risk_free.reason) == (L.STAYS, Stays.NO_BASIS)
    move_files(at.taker, made.pk)
    made.refresh_from_db()
    assert made.state == HandOverState.DONE
    assert where(goes, stays_here) == [other().name, organisation().name]


def test_a_protocol_that_ended_on_the_way_keeps_it_too(at: Two) -> None:
    one = willing(at.worker)
    made = accepted(at, offered(at, one))
    _end_protocol(at, one)
    move_files(at.taker, made.pk)
    assert HandOverLine.objects.get().reason == Stays.NO_PROTOCOL
    assert where(one) == [organisation().name]
    assert not Moved.objects.exists()


def test_done_again_nothing_moves_twice(at: Two) -> None:
    one, two_ = willing(at.worker), willing(at.worker)
    made = accepted(at, offered(at, one, two_))
    assert move_files(at.taker, made.pk, at_most=1) == 1
    made.refresh_from_db()
    assert made.state == HandOverState.MOVING
    assert move_all({}).facts == {"moved": 1}
    assert move_all({}).facts == {"moved": 0}
    assert Moved.objects.count() == 2
    assert AuditEntry.objects.filter(code="person.moved").count() == 2
    assert AuditEntry.objects.filter(code="hand-over.moved").count() == 1
    assert audit.verify().broken_at is None


def test_a_record_can_come_back(at: Two) -> None:
    one = willing(at.worker)
    moved(at, one)
    back = actor_of(user_with_role("service-provider", name="back", at=other()))
    says_yes(back, one, recipient=organisation())
    made = propose_transfer(at.taker, [one.code], organisation(), Why.BETTER_PLACED)[0]
    answer_transfer(at.giver, made.code, [1])
    move_all({})
    assert where(one) == [organisation().name]
    assert set(Moved.objects.values_list("code", flat=True)) == {
        f"{one.code.lower()}.t1",
        f"{one.code.lower()}.t2",
    }


def test_with_the_person_all_of_it_is_forgotten(at: Two) -> None:
    one = willing(at.worker)
    made = moved(at, one)
    keep_late_note(at.worker, one.code, "person-edit", "Snarkleton moved house")
    forget_all(Person.objects.get(pk=one.pk))
    gone = Moved.objects.get()
    assert (gone.how, gone.ask, gone.by) == (Gone.REVOKED, None, None)
    assert HandOverLine.objects.get(hand_over=made).card == {}
    assert LateNote.objects.get().recorded_by is None


def test_the_card_tells_age_needs_and_languages_and_nothing_else(at: Two) -> None:
    one = willing(at.worker, languages=["ne"])
    made = offered(at, one)
    line = HandOverLine.objects.get(hand_over=made)
    assert line.card == {"age_band": "adult", "needs": {}, "languages": ["ne"]}


def test_a_late_note_is_kept_for_the_new_owner_and_limited(
    at: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = willing(at.worker)
    moved(at, one)
    keep_late_note(at.worker, one.code, "person-needs-new", "level: high")
    new = actor_of(user_with_role("service-provider", name="new", at=other()))
    assert LateNote.objects.visible_to(new).get().source == organisation()
    assert not LateNote.objects.visible_to(at.worker).exists()
    assert "late-note.came" in told(at.taker)
    monkeypatch.setattr("cairn.referral.actions.sharing_moving.MOST_NOTES", 1)
    with refused("moved.too-many"):
        keep_late_note(at.worker, one.code, "person-edit", "More")
    with pytest.raises(Moved.DoesNotExist):
        keep_late_note(new, one.code, "person-edit", "More")


def test_a_child_is_shared_about_only_when_that_serves_the_child(at: Two) -> None:
    child = person(at.worker, age_band=AgeBand.CHILD)
    guardian_of(child)
    says_yes_for(at, child)
    Consent.objects.update(purpose=Purpose.ASSISTANCE)
    terms = Terms(Purpose.ASSISTANCE, ["need"], in_days(9), {"need": "Blimberquat"})
    with refused("person.best-interests"):
        propose_share(at.giver, child.code, other(), terms)
    found(child, Question.TRANSFER)
    with refused("person.best-interests"):
        propose_share(at.giver, child.code, other(), terms)
    found(child, Question.TELLING)
    share = propose_share(at.giver, child.code, other(), terms)
    # What was found has to hold on the day of the acceptance as well.
    rows = BestInterests._base_manager.filter(question=Question.TELLING)
    rows.update(decided_on=in_days(-9), review_on=in_days(-1))
    with refused("person.best-interests"):
        accept_offer(at.taker, share.code, 1)
