"""Two who accept, take back, take a consent back or edit at the same moment as a file moves."""

from collections.abc import Callable
from functools import partial

import pytest

from cairn.core import audit
from cairn.core.actor import Actor
from cairn.core.models import AuditEntry
from cairn.referral.actions import Facts, SealedTexts, change_person
from cairn.referral.actions.consent import withdraw
from cairn.referral.actions.referrals import refer
from cairn.referral.actions.referrals_answers import Answer, Verb, answer
from cairn.referral.actions.sharing import Terms, accept_offer, propose_share
from cairn.referral.actions.sharing_moving import move_files
from cairn.referral.actions.sharing_transfer import answer_transfer, take_back_transfer
from cairn.referral.models import HandOver, HandOverLine, Moved, Person, ShareAgreement
from cairn.referral.rules.choices import Purpose
from cairn.referral.rules.consent import Said
from cairn.referral.rules.persons_contact import ContactRule
from cairn.referral.rules.sharing import HandOverState, ShareState
from cairn.referral.rules.sharing_transfer import LineState, Stays
from cairn.referral.tests.consent_factories import answered, in_days
from cairn.referral.tests.factories import actor_of, facts
from cairn.referral.tests.protocols_made import other, service
from cairn.referral.tests.referrals_made import focal_user, wanted
from cairn.referral.tests.sharing_made import (
    Two,
    accepted,
    offered,
    own,
    states,
    supervisor,
    two,
    willing,
)
from cairn.referral.tests.test_referrals_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True, databases="__all__")


def whole(actor: Actor, made: HandOver) -> Callable[[], object]:
    def act() -> None:
        answer_transfer(actor, made.code, [1, 2])
        move_files(actor, made.pk)

    return act


def owners(*persons: Person) -> set[str]:
    rows = Person.objects.filter(pk__in=[each.pk for each in persons])
    return set(rows.values_list("organisation__name", flat=True))


def two_accept(at: Two) -> None:
    """One is heard, the other is told; each file moves once."""
    second = supervisor("second", other())
    files = willing(at.worker), willing(at.worker)
    made = offered(at, *files)
    came = at_once(whole(at.taker, made), whole(second, made))
    assert came == ["done", "hand-over.decided"]
    assert owners(*files) == {other().name}
    assert Moved.objects.filter(person__in=files).count() == 2


def two_move(at: Two) -> None:
    """Two workers at the same files: each file moves once, and it ends once."""
    files = willing(at.worker), willing(at.worker)
    made = accepted(at, offered(at, *files))
    came = at_once(*[lambda: move_files(at.taker, made.pk)] * 3)
    assert came == ["done"] * 3
    assert Moved.objects.filter(person__in=files).count() == 2
    ended = AuditEntry.objects.filter(code="hand-over.moved", subject_id=str(made.pk))
    assert ended.count() == 1
    assert states(made) == [LineState.MOVED] * 2


def accepted_against_taken_back(at: Two) -> None:
    one = willing(at.worker)
    made = offered(at, one)
    came = at_once(whole(at.taker, made), lambda: take_back_transfer(at.giver, made.code))
    assert came == ["done", "hand-over.decided"]
    made.refresh_from_db()
    is_gone = made.state == HandOverState.DONE
    assert is_gone or made.state == HandOverState.TAKEN_BACK
    assert owners(one) == {other().name if is_gone else own().name}
    assert Moved.objects.filter(person=one).exists() is is_gone


def withdrawn_against_moved(at: Two) -> None:
    """Either the file has gone, and the consent is not the old owner's any more, or it stays."""
    one = willing(at.worker)
    made = accepted(at, offered(at, one))
    came = at_once(
        lambda: move_files(at.taker, made.pk),
        lambda: withdraw(at.worker, one.code, 1, Said.IN_PERSON),
    )
    line = HandOverLine.objects.get(hand_over=made)
    if line.state == LineState.MOVED:
        assert came == ["DoesNotExist", "done"]
        assert owners(one) == {other().name}
    else:
        assert came == ["done", "done"]
        assert (line.state, line.reason) == (LineState.STAYS, Stays.NO_BASIS)
        assert owners(one) == {own().name}


def edited_against_moved(at: Two) -> None:
    """Either the change came first, and went along, or it found nothing to change."""
    one = willing(at.worker)
    made = accepted(at, offered(at, one))
    changed = facts(contact_rule=ContactRule.NONE)
    came = at_once(
        lambda: move_files(at.taker, made.pk),
        lambda: edit(at.worker, one, changed),
    )
    one.refresh_from_db()
    assert owners(one) == {other().name}
    is_first = came == ["done", "done"]
    assert is_first or came == ["DoesNotExist", "done"]
    assert (one.contact_rule == ContactRule.NONE) is is_first


def edit(actor: Actor, one: Person, changed: Facts) -> None:
    change_person(actor, one.code, changed, SealedTexts())


def shared(at: Two, one: Person) -> ShareAgreement:
    """Offered to the other side, which has not answered."""
    terms = Terms(Purpose.ASSISTANCE, ["need"], in_days(9), {"need": "Blimberquat"})
    return propose_share(at.giver, one.code, other(), terms)


def test_whoever_answers_or_takes_back_never_waits_for_a_file_that_waits_for_them() -> None:
    """What is on its way of a person is held by all in one order, and the log after it."""
    at, focal, to = two(), actor_of(focal_user()), service()
    came = set()
    for _round in range(4):
        one = willing(at.worker)
        told = ["need", "contact", "health"]
        number = answered(at.worker, one, recipient=other(), categories=told).number
        sent = refer(at.worker, one.code, to.code, wanted()).referral
        share = shared(at, one)
        made = accepted(at, offered(at, one))
        came |= set(
            at_once(
                partial(move_files, at.taker, made.pk),
                partial(answer, focal, sent.code, Answer(Verb.ACCEPT)),
                partial(accept_offer, at.taker, share.code, 1),
                partial(withdraw, at.worker, one.code, number, Said.IN_PERSON),
            )
        )
        assert owners(one) == {other().name}
        share.refresh_from_db()
        assert share.state == ShareState.REVOKED
        assert not share.content
    # Who comes later is told so, or no longer finds the record.
    assert came <= {
        "done",
        "DoesNotExist",
        "referral.taken-back",
        "referral.no-basis",
        "share.move",
        "referral.move",
    }
    assert audit.verify().broken_at is None


def test_each_file_is_with_exactly_one_organisation() -> None:
    at = two()
    # Twice: which of two comes first differs from run to run.
    for _round in range(2):
        accepted_against_taken_back(at)
        withdrawn_against_moved(at)
        edited_against_moved(at)
    two_move(at)
    two_accept(at)
    assert not HandOver.objects.filter(state=HandOverState.MOVING).exists()
    assert audit.verify().broken_at is None
