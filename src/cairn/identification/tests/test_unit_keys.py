"""Reception keys: the rules, then the actions with their refusals and attacks."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from cairn.access.tests.factories import organisation, user_with_role
from cairn.core import clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.identification.actions import unit_keys as actions
from cairn.identification.envelopes import hpke
from cairn.identification.models import KeyHandover, KeyHolder, ReceivingUnit, ReceptionKey
from cairn.identification.rules import unit_keys as rules
from cairn.identification.tests.factories import actor_of
from cairn.identification.tests.intake_factories import receiver
from cairn.identification.tests.reception import (
    OTHER,
    PASSPHRASE,
    Sender,
    cheap,
    member,
    unit_with_key,
)

PRIVATE = bytes(range(32))
PLACE = rules.bound("0123456789abcdef", "somebody")


# --- Rules -----------------------------------------------------------------------------------


def test_what_was_wrapped_opens_with_the_same_passphrase_however_it_was_typed() -> None:
    blob = rules.wrapped(PRIVATE, "Café invented words", PLACE, cost=2)
    assert rules.unwrapped(blob, " Cafe\u0301 invented words ", PLACE) == PRIVATE
    assert PRIVATE not in blob


def test_nothing_else_opens_it_neither_words_nor_place_nor_changed_bytes() -> None:
    blob = rules.wrapped(PRIVATE, PASSPHRASE, PLACE, cost=2)
    elsewhere = rules.bound("0123456789abcdef", "somebody else")
    for bytes_, words, place in [
        (blob, OTHER, PLACE),
        (blob, PASSPHRASE, elsewhere),
        (blob[:-1] + bytes([blob[-1] ^ 1]), PASSPHRASE, PLACE),
        (blob[:1] + bytes([3]) + blob[2:], PASSPHRASE, PLACE),
        (blob[:20], PASSPHRASE, PLACE),
        (b"", PASSPHRASE, PLACE),
        (b"\x02" + blob[1:], PASSPHRASE, PLACE),
    ]:
        with pytest.raises(rules.WrongPassphrase):
            rules.unwrapped(bytes_, words, place)


def test_a_blob_cannot_ask_for_more_memory_than_there_is() -> None:
    blob = rules.wrapped(PRIVATE, PASSPHRASE, PLACE, cost=2)
    with pytest.raises(rules.WrongPassphrase):
        rules.unwrapped(blob[:1] + bytes([60]) + blob[2:], PASSPHRASE, PLACE)


def test_two_wraps_of_one_key_have_nothing_in_common() -> None:
    one, other = (rules.wrapped(PRIVATE, PASSPHRASE, PLACE, cost=2) for _ in range(2))
    assert one[2:] != other[2:]
    assert rules.COST == 15


@pytest.mark.parametrize(
    "weak", ["", "eleven sign", "aaaaaaaaaaaaaaaa", "abcabcabcabcabc", "x" * 201, "  short one  "]
)
def test_a_weak_passphrase_is_refused(weak: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        rules.check_passphrase(weak)
    assert caught.value.code == "key.passphrase-weak"


def test_a_passphrase_does_not_hold_the_user_name() -> None:
    assert rules.check_passphrase(f" {PASSPHRASE} ", name="invented-name") == PASSPHRASE
    with pytest.raises(RuleBroken):
        rules.check_passphrase("my Invented-Name is here", name="invented-name")


def test_codes_have_the_length_that_their_life_asks_for() -> None:
    assert len(rules.tidied_code(rules.handover_code())) == 16
    assert len(rules.tidied_code(rules.recovery_code())) == 28
    assert rules.tidied_code(" k7qm–2rpc 9hjk ") == "K7QM2RPC9HJK"
    assert rules.handover_code() != rules.handover_code()


def test_a_key_lasts_ninety_days_for_phones() -> None:
    assert rules.last_day(date(2026, 1, 1)) == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("asked", "same", "current", "unopened", "refused"),
    [
        (True, False, False, False, ""),
        (True, True, False, False, "key.second-person"),
        (False, False, False, False, "key.not-asked"),
        (True, False, True, False, "key.current"),
        (True, False, False, True, "key.unopened"),
    ],
)
def test_two_persons_destroy_a_key_that_nothing_waits_for(
    asked: bool, same: bool, current: bool, unopened: bool, refused: str
) -> None:
    who, other = uuid4(), uuid4()
    asked_by = (who if same else other) if asked else None

    def check() -> None:
        rules.check_destruction(asked_by, who, is_current=current, has_unopened=unopened)

    if not refused:
        check()
        return
    with pytest.raises(RuleBroken) as caught:
        check()
    assert caught.value.code == refused


@pytest.mark.parametrize(("holders", "may"), [(0, False), (1, False), (2, True), (5, True)])
def test_the_last_holder_stays(holders: int, may: bool) -> None:
    if may:
        rules.check_ending(holders)
    else:
        with pytest.raises(RuleBroken):
            rules.check_ending(holders)


def test_a_handover_waits_for_a_day_and_is_taken_once() -> None:
    now = timezone.now()
    rules.check_handover(now + timedelta(seconds=1), None, now=now)
    for expires, taken in [(now, None), (now + timedelta(hours=1), now)]:
        with pytest.raises(RuleBroken):
            rules.check_handover(expires, taken, now=now)


# --- Actions ---------------------------------------------------------------------------------


@pytest.fixture
def maker() -> Actor:
    return member("maker")


def colleague(name: str) -> tuple[Actor, UUID]:
    actor = member(name)
    assert actor.user_id is not None
    return actor, actor.user_id


def hand(actor: Actor, key: ReceptionKey, to: UUID, passphrase: str = PASSPHRASE) -> str:
    with cheap():
        return actions.hand_over(actor, key.pk, passphrase, to)


def take(actor: Actor, key: ReceptionKey, code: str, passphrase: str = OTHER) -> KeyHolder:
    with cheap():
        return actions.take_over(actor, key.pk, code, passphrase)


def codes(prefix: str = "reception_key.") -> list[str]:
    rows = AuditEntry.objects.filter(code__startswith=prefix).order_by("sequence")
    return list(rows.values_list("code", flat=True))


@pytest.mark.django_db
def test_the_maker_holds_the_new_key_and_the_bare_private_half_is_nowhere(maker: Actor) -> None:
    _unit, key, code = unit_with_key(maker)
    private = actions.private_half(maker, key, PASSPHRASE)
    assert hpke.public_of(private) == bytes(key.public)
    assert key.pk == hpke.key_id(bytes(key.public))
    stored = [bytes(row.wrapped or b"") for row in KeyHolder.objects.all()]
    assert len(stored) == 2
    assert not any(private in blob for blob in stored)
    assert codes() == ["reception_key.made"]
    facts = str([entry.facts for entry in AuditEntry.objects.all()])
    assert PASSPHRASE not in facts
    assert code not in facts


@pytest.mark.django_db
def test_a_wrong_passphrase_opens_nothing_and_is_recorded(maker: Actor) -> None:
    _unit, key, _code = unit_with_key(maker)
    with pytest.raises(rules.WrongPassphrase):
        actions.private_half(maker, key, OTHER)
    assert codes()[-1] == "reception_key.refused"


@pytest.mark.django_db
def test_a_colleague_gets_the_key_by_a_code_that_works_once_and_for_them_only(
    maker: Actor,
) -> None:
    _unit, key, _code = unit_with_key(maker)
    second, second_id = colleague("second")
    third, third_id = colleague("third")
    with pytest.raises(RuleBroken) as caught:
        actions.private_half(second, key, PASSPHRASE)
    assert caught.value.code == "key.holder"
    code = hand(maker, key, second_id)
    with pytest.raises(RuleBroken) as caught:
        take(third, key, code)
    assert caught.value.code == "key.handover"
    with pytest.raises(rules.WrongCode):
        take(second, key, "K7QM-2RPC-9HJK-4DFG")
    take(second, key, f" {code.lower()} ")
    assert actions.private_half(second, key, OTHER) == actions.private_half(maker, key, PASSPHRASE)
    with pytest.raises(RuleBroken) as caught:
        take(second, key, code)
    assert caught.value.code == "key.handover"
    assert KeyHandover.objects.get().wrapped is None
    assert third_id not in KeyHolder.objects.values_list("user_id", flat=True)


@pytest.mark.django_db
def test_a_code_is_void_after_a_day_and_when_a_new_one_is_given(maker: Actor) -> None:
    _unit, key, _code = unit_with_key(maker)
    second, second_id = colleague("second")
    first = hand(maker, key, second_id)
    again = hand(maker, key, second_id)
    with pytest.raises(rules.WrongCode):
        take(second, key, first)
    KeyHandover.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    with pytest.raises(RuleBroken) as caught:
        take(second, key, again)
    assert caught.value.code == "key.handover"


@pytest.mark.django_db
def test_a_key_goes_to_nobody_who_may_not_open_reports_of_the_unit(maker: Actor) -> None:
    _unit, key, _code = unit_with_key(maker)
    outsider = user_with_role("service-provider", name="helper", at=organisation())
    elsewhere = member("elsewhere", at=organisation("Another Agency"))
    for user_id in (outsider.pk, elsewhere.user_id, uuid4()):
        assert user_id is not None
        with pytest.raises(RuleBroken) as caught:
            hand(maker, key, user_id)
        assert caught.value.code == "key.member"
    assert not KeyHandover.objects.exists()


@pytest.mark.django_db
def test_members_of_another_unit_do_not_see_the_key(maker: Actor) -> None:
    unit, key, code = unit_with_key(maker)
    stranger = member("stranger", at=organisation("Another Agency"))
    with pytest.raises(ReceptionKey.DoesNotExist):
        hand(stranger, key, uuid4())
    with pytest.raises(ReceptionKey.DoesNotExist):
        actions.recover(stranger, key.pk, code, OTHER)
    with pytest.raises(ReceptionKey.DoesNotExist):
        actions.retire(stranger, key.pk)
    with pytest.raises(ReceivingUnit.DoesNotExist):
        actions.make_key(stranger, unit, PASSPHRASE)


@pytest.mark.django_db
def test_whoever_only_supervises_phones_neither_makes_nor_holds_keys() -> None:
    unit = receiver(at=organisation())
    supervisor = actor_of(user_with_role("field-supervisor", at=organisation()))
    with pytest.raises(PermissionDenied):
        actions.make_key(supervisor, unit, PASSPHRASE)
    assert not ReceptionKey.objects.exists()


@pytest.mark.django_db
def test_a_new_key_takes_the_place_of_the_old_which_still_opens_what_it_sealed(
    maker: Actor,
) -> None:
    unit, old, _code = unit_with_key(maker)
    _unit, new, _code = unit_with_key(maker, unit=unit)
    old.refresh_from_db()
    assert (old.is_current, new.is_current) == (False, True)
    assert actions.private_half(maker, old, PASSPHRASE)
    with pytest.raises(rules.WrongPassphrase), cheap():
        actions.make_key(maker, unit, OTHER)
    assert ReceptionKey.objects.count() == 2


@pytest.mark.django_db
def test_a_new_passphrase_holds_for_every_key_of_the_unit(maker: Actor) -> None:
    unit, old, _code = unit_with_key(maker)
    _unit, new, _code = unit_with_key(maker, unit=unit)
    with pytest.raises(rules.WrongPassphrase), cheap():
        actions.change_passphrase(maker, unit.code, OTHER, "a third invented saying")
    with cheap():
        assert actions.change_passphrase(maker, unit.code, PASSPHRASE, OTHER) == 2
    for key in (old, new):
        assert actions.private_half(maker, key, OTHER)
        with pytest.raises(rules.WrongPassphrase):
            actions.private_half(maker, key, PASSPHRASE)


@pytest.mark.django_db
def test_the_code_of_the_safe_helps_when_the_passphrase_is_lost(maker: Actor) -> None:
    _unit, key, code = unit_with_key(maker)
    with pytest.raises(rules.WrongCode), cheap():
        actions.recover(maker, key.pk, "-".join(["K7QM"] * 7), OTHER)
    with cheap():
        actions.recover(maker, key.pk, code, OTHER)
    assert actions.private_half(maker, key, OTHER)
    with pytest.raises(rules.WrongPassphrase):
        actions.private_half(maker, key, PASSPHRASE)
    actions.end_holder(maker, key.pk, None)
    with pytest.raises(RuleBroken) as caught, cheap():
        actions.recover(maker, key.pk, code, PASSPHRASE)
    assert caught.value.code == "key.holder"
    assert codes() == [
        "reception_key.made",
        "reception_key.refused",
        "reception_key.recovered",
        "reception_key.refused",
        "reception_key.holder_ended",
    ]


@pytest.mark.django_db
def test_a_holder_whose_copy_was_taken_away_opens_nothing_any_more(maker: Actor) -> None:
    _unit, key, _code = unit_with_key(maker)
    second, second_id = colleague("second")
    with pytest.raises(RuleBroken) as caught:
        actions.end_holder(maker, key.pk, maker.user_id)
    assert caught.value.code == "key.last-holder"
    take(second, key, hand(maker, key, second_id))
    actions.end_holder(maker, key.pk, second_id)
    with pytest.raises(RuleBroken) as caught:
        actions.private_half(second, key, OTHER)
    assert caught.value.code == "key.holder"
    assert KeyHolder.objects.get(user_id=second_id).wrapped is None
    with pytest.raises(KeyHolder.DoesNotExist):
        actions.end_holder(maker, key.pk, second_id)


@pytest.mark.django_db
def test_a_key_is_destroyed_by_two_persons_when_nothing_unread_hangs_on_it(maker: Actor) -> None:
    unit, old, code = unit_with_key(maker)
    second, _second_id = colleague("second")
    with pytest.raises(RuleBroken) as caught:
        actions.ask_destruction(maker, old.pk)
    assert caught.value.code == "key.current"
    Sender(unit).send()
    unit_with_key(maker, unit=unit)
    actions.ask_destruction(maker, old.pk)
    with pytest.raises(RuleBroken) as caught:
        actions.destroy(second, old.pk)
    assert caught.value.code == "key.unopened"
    unit.reports.update(state="no-concern", due_at=None)
    with pytest.raises(RuleBroken) as caught:
        actions.destroy(maker, old.pk)
    assert caught.value.code == "key.second-person"
    actions.keep_key(second, old.pk)
    with pytest.raises(RuleBroken) as caught:
        actions.destroy(second, old.pk)
    assert caught.value.code == "key.not-asked"
    actions.ask_destruction(maker, old.pk)
    gone = actions.destroy(second, old.pk)
    assert not gone.holders.filter(wrapped__isnull=False).exists()
    for attempt in (
        lambda: actions.private_half(maker, gone, PASSPHRASE),
        lambda: actions.recover(maker, gone.pk, code, OTHER),
        lambda: actions.hand_over(maker, gone.pk, PASSPHRASE, uuid4()),
        lambda: actions.destroy(second, gone.pk),
    ):
        with pytest.raises(RuleBroken) as caught:
            attempt()
        assert caught.value.code == "key.destroyed"
