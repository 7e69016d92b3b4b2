"""Time does not run back: not in the log, not for what ends, and a clock that was set is told."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from cairn.core import audit, clock
from cairn.core.actor import PUBLIC
from cairn.core.clock import Clock, Jump
from cairn.core.models import AuditEntry

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
Turn = Callable[[timedelta], None]


class Machine:
    """A machine whose clock can be set and whose counter only grows."""

    def __init__(self) -> None:
        self.wall, self.counter = NOON.timestamp(), 100.0

    def pass_time(self, seconds: float) -> None:
        self.wall, self.counter = self.wall + seconds, self.counter + seconds


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine()
    monkeypatch.setattr(timezone, "now", lambda: datetime.fromtimestamp(made.wall, UTC))
    return made


@pytest.fixture
def process(machine: Machine) -> Clock:
    return Clock(lambda: machine.wall, lambda: machine.counter)


@pytest.fixture
def turn(monkeypatch: pytest.MonkeyPatch) -> Turn:
    """Sets the clock of this machine, as far as Django sees it."""
    true_now = timezone.now

    def set_clock(by: timedelta) -> None:
        monkeypatch.setattr(timezone, "now", lambda: true_now() + by)

    return set_clock


def test_an_even_clock_is_left_as_it_is(machine: Machine, process: Clock) -> None:
    machine.pass_time(90)
    assert process.after(None) == NOON + timedelta(seconds=90)
    assert process.after(NOON) == NOON + timedelta(seconds=90)
    assert process.observe(NOON) is None


def test_a_clock_set_back_does_not_take_time_with_it(machine: Machine, process: Clock) -> None:
    machine.pass_time(60)
    before = process.after(None)
    machine.wall -= 86_400
    machine.pass_time(30)
    assert process.after(None) == before + timedelta(seconds=30)
    assert process.observe(None) == Jump(86_400, "back")
    assert process.observe(None) is None


def test_a_clock_set_forward_is_followed_and_told(machine: Machine, process: Clock) -> None:
    machine.wall += 3_600
    assert process.after(None) == NOON + HOUR
    assert process.observe(None) == Jump(3_600, "forward")
    assert process.observe(None) is None


def test_small_corrections_are_no_jump(machine: Machine, process: Clock) -> None:
    for correction in (4, -4, 1):
        machine.wall += correction
        assert process.observe(None) is None


def test_a_process_that_starts_on_a_clock_behind_the_log_goes_on_from_the_log(
    machine: Machine, process: Clock
) -> None:
    newest = NOON + HOUR
    assert process.observe(newest) == Jump(3_600, "back")
    assert process.observe(newest) is None
    assert process.after(newest) == newest
    machine.pass_time(10)
    assert process.after(newest) == newest + timedelta(seconds=10)


def test_a_clock_that_was_put_right_can_be_told_of_again(machine: Machine, process: Clock) -> None:
    newest = NOON + HOUR
    assert process.observe(newest)
    machine.pass_time(7_200)
    assert process.observe(newest) is None
    machine.wall -= 7_200
    machine.counter += 1
    found = process.observe(newest)
    assert found is not None
    assert found.direction == "back"


@pytest.mark.django_db
def test_a_grant_that_ended_stays_ended_when_the_clock_is_set_back(turn: Turn) -> None:
    ends_at = clock.now() + HOUR
    turn(2 * HOUR)
    audit.record(PUBLIC, "invented.done")
    turn(-24 * HOUR)
    assert timezone.now() < ends_at < clock.now()


@pytest.mark.django_db
def test_the_log_tells_of_a_clock_set_back_once_and_stays_in_order(turn: Turn) -> None:
    first = audit.record(PUBLIC, "invented.done", number=1)
    turn(-HOUR)
    audit.record(PUBLIC, "invented.done", number=2)
    audit.record(PUBLIC, "invented.done", number=3)
    entries = list(AuditEntry.objects.order_by("sequence"))
    assert [entry.code for entry in entries] == [
        "invented.done", "clock.jumped", "invented.done", "invented.done",
    ]  # fmt: skip
    assert entries[1].facts["seconds"] in {3_599, 3_600}
    assert entries[1].actor_id == "system"
    times = [entry.at for entry in entries]
    assert times == sorted(times)
    assert times[0] == first.at
    assert audit.verify().broken_at is None


@pytest.mark.django_db
def test_a_second_jump_is_told_again(turn: Turn) -> None:
    for by in (timedelta(0), -HOUR, timedelta(minutes=5), -HOUR):
        turn(by)
        audit.record(PUBLIC, "invented.done")
    codes = AuditEntry.objects.order_by("sequence").values_list("code", flat=True)
    assert [code == "clock.jumped" for code in codes] == [False, True, False, False, True, False]


@pytest.mark.django_db
def test_a_jump_whose_entry_was_rolled_back_is_told_with_the_next(turn: Turn) -> None:
    def fail() -> None:
        with transaction.atomic():
            audit.record(PUBLIC, "invented.done", number=2)
            raise ValueError

    audit.record(PUBLIC, "invented.done", number=1)
    turn(-HOUR)
    with pytest.raises(ValueError, match=r"^$"):
        fail()
    audit.record(PUBLIC, "invented.done", number=3)
    codes = AuditEntry.objects.order_by("sequence").values_list("code", flat=True)
    assert list(codes) == ["invented.done", "clock.jumped", "invented.done"]


@pytest.mark.django_db
@pytest.mark.parametrize("by", [timedelta(seconds=-4), timedelta(0), timedelta(days=400)])
def test_small_corrections_and_steps_forward_leave_no_entry(turn: Turn, by: timedelta) -> None:
    audit.record(PUBLIC, "invented.done", number=1)
    turn(by)
    audit.record(PUBLIC, "invented.done", number=2)
    first, second = AuditEntry.objects.order_by("sequence")
    assert first.code == second.code
    assert first.at <= second.at


@pytest.mark.django_db
def test_an_even_clock_has_nothing_to_tell() -> None:
    audit.record(PUBLIC, "invented.done")
    assert clock.observe() is None
