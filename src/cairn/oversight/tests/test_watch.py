"""The watch: rounds in their time, each on its own, claimed once, and honest about failure."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from threading import Barrier, Event, Thread
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connections
from django.utils import timezone

from cairn.oversight import watch
from cairn.oversight.models import Alert, Round
from cairn.oversight.models.alerts import AlertKind
from cairn.oversight.outcomes import Facts, Finding, Outcome, Task
from cairn.vault.errors import RootError

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


class Counted:
    """A round that counts how often it ran, and what it was given."""

    def __init__(self, outcome: Outcome | Exception | None = None) -> None:
        self.given: list[Facts] = []
        self._outcome = outcome

    def __call__(self, facts: Facts) -> Outcome:
        self.given.append(facts)
        if isinstance(self._outcome, Exception):
            raise self._outcome
        return self._outcome or Outcome(facts={"runs": len(self.given)})


def task(run: Callable[[Facts], Outcome], name: str = "invented", **more: Any) -> Task:
    return Task(name, more.pop("period", MINUTE), run, **more)


def run(*tasks: Task, **more: Any) -> list[tuple[str, Outcome | None]]:
    return [(each.name, outcome) for each, outcome in watch.run_due(tasks, **more)]


def began(name: str, ago: timedelta) -> None:
    """As if the round had begun that long ago."""
    Round.objects.filter(name=name).update(started_at=timezone.now() - ago)


def test_a_round_writes_down_when_it_ran_and_what_it_found() -> None:
    run(task(Counted(Outcome(Finding.FOUND, {"late": 2}))))
    row = Round.objects.get(name="invented")
    assert (row.verdict, row.facts["late"], row.claimed_until) == ("found", 2, None)
    assert row.started_at is not None
    assert row.ended_at is not None
    assert row.started_at <= row.ended_at


def test_a_round_is_given_what_it_wrote_down_last() -> None:
    counted = Counted()
    run(task(counted))
    run(task(counted), all_now=True)
    assert counted.given[0] == {}
    assert counted.given[1]["runs"] == 1


@pytest.mark.parametrize(
    ("ago", "due"),
    [
        (timedelta(), False),
        (timedelta(seconds=50), False),
        (MINUTE, True),
        (timedelta(days=3), True),
        (-timedelta(hours=5), True),  # the clock was set back behind the last start
    ],
)
def test_a_round_runs_when_its_period_is_over(ago: timedelta, due: bool) -> None:
    counted = Counted()
    run(task(counted))
    began("invented", ago)
    assert bool(run(task(counted))) is due
    assert len(counted.given) == 1 + due


def test_each_round_has_its_own_period() -> None:
    often, seldom = Counted(), Counted()
    rounds = task(often, "often"), task(seldom, "seldom", period=60 * MINUTE)
    run(*rounds)
    began("often", 2 * MINUTE)
    began("seldom", 2 * MINUTE)
    run(*rounds)
    assert (len(often.given), len(seldom.given)) == (2, 1)


def test_a_round_that_fails_does_not_stop_the_others(caplog: pytest.LogCaptureFixture) -> None:
    after = Counted()
    with caplog.at_level(logging.ERROR):
        run(
            task(Counted(ValueError("a secret name in the text")), "failing"),
            task(Counted(DatabaseError("another secret")), "failing-too"),
            task(after, "after"),
        )
    assert len(after.given) == 1
    assert Round.objects.get(name="failing").verdict == Finding.FAILED
    assert [record.getMessage() for record in caplog.records] == [
        "watch.round_failed name=failing error=ValueError",
        "watch.round_failed name=failing-too error=DatabaseError",
    ]
    assert "secret" not in caplog.text
    kinds = Alert.objects.filter(kind=AlertKind.ROUND_FAILED)
    assert [alert.facts for alert in kinds.order_by("window")] == [
        {"round": "failing", "error": "ValueError"},
        {"round": "failing-too", "error": "DatabaseError"},
    ]


def test_a_round_that_failed_keeps_its_facts_and_is_tried_again() -> None:
    run(task(Counted(Outcome(facts={"verified": 7}))))
    began("invented", 2 * MINUTE)
    run(task(Counted(ValueError())))
    facts = Round.objects.get(name="invented").facts
    assert (facts["verified"], facts["error"]) == (7, "ValueError")
    began("invented", 2 * MINUTE)
    well = Counted()
    run(task(well))
    assert well.given[0]["verified"] == 7
    row = Round.objects.get(name="invented")
    assert row.verdict == Finding.WELL
    assert "error" not in row.facts


def test_a_round_that_fails_all_day_is_one_alert() -> None:
    for _ in range(5):
        run(task(Counted(ValueError())), all_now=True)
    assert Alert.objects.filter(kind=AlertKind.ROUND_FAILED).count() == 1


def test_an_alert_that_cannot_be_kept_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def no_keys(*args: object, **options: object) -> None:
        raise RootError("root.gone", "No root key.", "put it back.")

    monkeypatch.setattr("cairn.oversight.actions.findings.raise_alert", no_keys)
    after = Counted()
    run(task(Counted(ValueError()), "failing"), task(after, "after"))
    assert len(after.given) == 1
    assert Round.objects.get(name="failing").verdict == Finding.FAILED
    assert "alert.not_kept kind=round-failed error=RootError" in caplog.text


def test_a_round_that_another_watch_has_is_left_alone() -> None:
    counted = Counted()
    one = task(counted)
    run(one)
    began("invented", 2 * MINUTE)
    now = timezone.now()
    assert watch.claim(one, now) is not None
    assert watch.claim(one, now) is None
    assert run(one, all_now=True) == [("invented", None)]
    assert len(counted.given) == 1


@pytest.mark.parametrize(
    ("until", "taken"),
    [
        (5 * MINUTE, True),
        (-timedelta(seconds=1), False),  # its watch was killed
        (60 * MINUTE, False),  # made before the clock was set back
    ],
)
def test_a_claim_holds_for_its_time_only(until: timedelta, taken: bool) -> None:
    one = task(Counted())
    now = timezone.now()
    Round.objects.create(name="invented", claimed_until=now + until)
    assert (watch.claim(one, now) is None) is taken


def test_a_watch_that_was_overtaken_writes_nothing_over_the_other() -> None:
    def overtaken(facts: Facts) -> Outcome:
        Round.objects.update(claimed_until=timezone.now() + 7 * MINUTE, facts={"by": "other"})
        return Outcome(Finding.FOUND, {"by": "this"})

    run(task(overtaken))
    row = Round.objects.get()
    assert (row.verdict, row.facts) == ("", {"by": "other"})
    assert row.claimed_until is not None


def test_who_read_the_clock_just_before_another_began_does_not_run_the_round_again() -> None:
    ran = Counted(Outcome())
    mine = timezone.now()
    assert run(task(ran)) != []
    assert watch.claim(task(ran), mine - timedelta(seconds=20)) is None
    assert len(ran.given) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_watches_at_once_one_runs_each_round() -> None:
    ran: list[str] = []
    together = Barrier(2)
    names = [f"round-{number}" for number in range(6)]
    for name in names:
        Round.objects.create(name=name)

    def note(name: str) -> Callable[[Facts], Outcome]:
        def noting(facts: Facts) -> Outcome:
            ran.append(name)
            return Outcome()

        return noting

    tasks = [task(note(name), name) for name in names]

    def one_watch() -> None:
        try:
            together.wait(timeout=20)
            list(watch.run_due(tasks))
        finally:
            connections.close_all()

    threads = [Thread(target=one_watch) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(ran) == names


def test_the_watch_sleeps_until_something_is_due() -> None:
    one = task(Counted())
    run(one)
    assert watch.seconds_to_next([one]) == watch.LONGEST_SLEEP
    began("invented", timedelta(seconds=50))
    assert 1 <= watch.seconds_to_next([one]) <= 9
    began("invented", 2 * MINUTE)
    assert watch.seconds_to_next([one]) == 1


def test_the_watch_ends_when_it_is_told_to() -> None:
    stop = Event()
    after = Counted()

    def stopping(facts: Facts) -> Outcome:
        stop.set()
        return Outcome()

    watch.keep(stop, [task(stopping, "stopping"), task(after, "after")])
    assert not after.given  # what is left waits for the next watch


def test_a_database_that_is_away_does_not_end_the_watch(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stop = Event()
    tries = []

    def away(*args: object, **options: object) -> None:
        tries.append(1)
        if len(tries) == 2:
            stop.set()
        raise DatabaseError("secret address")

    monkeypatch.setattr(watch, "run_due", away)
    monkeypatch.setattr(watch, "LONGEST_SLEEP", 0.0)
    watch.keep(stop, [])
    assert len(tries) == 2
    assert "watch.stumbled error=DatabaseError" in caplog.text
    assert "secret" not in caplog.text


def test_the_rounds_have_the_periods_that_were_promised() -> None:
    periods = {each.name: each.period for each in watch.ROUNDS}
    assert len(periods) == len(watch.ROUNDS)
    assert periods["chain"] == periods["keys"] == 5 * MINUTE
    assert periods["unusual-access"] == periods["emergencies"] == periods["clock"] == MINUTE
    assert periods["exports"] == periods["sessions"] == 10 * MINUTE
    assert periods["retention"] == 60 * MINUTE


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("keep_watch", *arguments, stdout=out)
    return out.getvalue()


def test_once_makes_every_round_and_says_what_was_found() -> None:
    lines = said("--once").splitlines()
    assert [line.split()[0] for line in lines] == [each.name for each in watch.ROUNDS]
    assert all(line.split()[1] == "well" for line in lines), lines
    assert set(Round.objects.values_list("verdict", flat=True)) == {"well"}


def test_once_ends_with_a_refusal_when_something_is_broken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        watch.run_due, "__defaults__", ((task(Counted(Outcome(Finding.BROKEN)), "chain"),),)
    )
    with pytest.raises(CommandError, match=r"Broken, or could not be checked: chain\.") as told:
        said("--once")
    assert told.value.returncode == 1


def test_limits_without_sense_are_refused_at_the_start(settings: LazySettings) -> None:
    settings.UNUSUAL_ACCESS = {"many_people": 3}
    with pytest.raises(CommandError, match="many_people"):
        said("--once")
    assert not Round.objects.exists()


def test_a_moment_between_two_rounds_is_not_due() -> None:
    now: datetime = timezone.now()
    row = Round(name="invented", started_at=now)
    one = task(Counted())
    assert not watch.is_due(row, one, now)
    assert not watch.is_due(row, one, now + MINUTE - timedelta(seconds=3))
    assert watch.is_due(row, one, now + MINUTE - watch.TOGETHER)
    assert watch.is_due(Round(name="invented"), one, now)
