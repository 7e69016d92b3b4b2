"""Two who accept, take back, take a consent back or edit at the same moment as a file moves."""

from collections.abc import Callable

import pytest

from cairn.core import audit
from cairn.core.actor import Actor
from cairn.core.models import AuditEntry
from cairn.referral.actions import Facts, SealedTexts, change_person
from cairn.referral.actions.consent import withdraw
from cairn.referral.actions.sharing_moving import move_files
from cairn.referral.actions.sharing_transfer import answer_transfer, take_back_transfer
from cairn.referral.models import HandOver, HandOverLine, Moved, Person
from cairn.referral.rules.consent import Said
from cairn.referral.rules.persons_contact import ContactRule
from cairn.referral.rules.sharing import HandOverState
from cairn.referral.rules.sharing_transfer import LineState, Stays
from cairn.referral.tests.factories import facts
from cairn.referral.tests.protocols_made import other
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
