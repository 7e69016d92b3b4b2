"""What each round does: ends what is over, reminds, counts, and finds keys and clocks wrong."""

import logging
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from cairn.access.models import User
from cairn.access.tests.factories import user_with_role
from cairn.core import clock
from cairn.core.models import AuditEntry
from cairn.oversight import subjects
from cairn.oversight.actions import erasures, watch
from cairn.oversight.models import Alert, BreakGlass, Notice, Reading
from cairn.oversight.models.alerts import AlertKind
from cairn.oversight.outcomes import Finding, Outcome
from cairn.oversight.queries import retention
from cairn.oversight.rules import ReviewState
from cairn.vault import health, keyring
from cairn.vault.models import DataKey

pytestmark = pytest.mark.django_db
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def access(opened_ago: timedelta, **more: Any) -> BreakGlass:
    """An emergency access of 24 hours by somebody invented."""
    opened = timezone.now() - opened_ago
    made = BreakGlass(
        opened_at=opened,
        expires_at=opened + DAY,
        actor_id=more.pop("actor_id", uuid4()),
        kind="invented",
        subject_id=uuid4(),
        code="INV-1",
        reason="An invented reason, long enough",
        review_note="",
        **more,
    )
    made.save(force_insert=True)
    return made


def codes() -> list[str]:
    return list(AuditEntry.objects.order_by("sequence").values_list("code", flat=True))


def test_an_emergency_access_ends_by_itself_at_its_time() -> None:
    over, live = access(DAY + MINUTE), access(DAY - MINUTE)
    outcome = watch.watch_emergencies({})
    over.refresh_from_db()
    live.refresh_from_db()
    assert over.ended_at == over.expires_at
    assert live.ended_at is None
    assert (outcome.facts["ended"], outcome.facts["live"], outcome.facts["waiting"]) == (1, 1, 2)
    assert codes() == ["glass.expired"]
    assert AuditEntry.objects.get().subject_id == str(over.pk)


def test_an_access_is_ended_once() -> None:
    access(DAY + MINUTE)
    watch.watch_emergencies({})
    assert watch.watch_emergencies({}).facts["ended"] == 0
    assert codes() == ["glass.expired"]


def reviewer() -> User:
    return user_with_role("data-protection-officer")


def test_a_late_review_is_remembered_once_a_day() -> None:
    told = reviewer()
    late = access(DAY + MINUTE)
    access(DAY - MINUTE)
    outcome = watch.watch_emergencies({})
    assert (outcome.finding, outcome.facts["late"], outcome.facts["reminded"]) == (
        Finding.FOUND,
        1,
        1,
    )
    notice = Notice.objects.get(code="glass.unreviewed")
    assert (notice.user_id, notice.subject_id) == (told.pk, late.pk)
    assert watch.watch_emergencies({}).facts["reminded"] == 0
    Notice.objects.update(at=timezone.now() - DAY - MINUTE)
    assert watch.watch_emergencies({}).facts["reminded"] == 1


def test_nobody_is_reminded_of_their_own_access_or_of_what_was_reviewed() -> None:
    own = reviewer()
    access(DAY + MINUTE, actor_id=own.pk)
    access(3 * DAY, review=ReviewState.JUSTIFIED, reviewed_by=own.pk)
    watch.watch_emergencies({})
    assert not Notice.objects.exists()


def test_keys_that_cannot_be_used_are_an_alert_by_code(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert watch.check_keys({}).finding is Finding.WELL
    problem = health.Problem("root.wrong", "Root key 12345678 is wanted.", "put it back.")
    monkeypatch.setattr(health, "check", lambda: [problem])
    with caplog.at_level(logging.ERROR):
        outcome = watch.check_keys({})
    watch.check_keys({})
    assert (outcome.finding, outcome.facts) == (Finding.BROKEN, {"problems": ["root.wrong"]})
    assert Alert.objects.get(kind=AlertKind.KEYS).facts == {"problem": "root.wrong"}
    assert "keys.unusable code=root.wrong" in caplog.text
    assert "12345678" not in caplog.text


@pytest.mark.parametrize(("direction", "recorded"), [("forward", ["clock.jumped"]), ("back", [])])
def test_a_jump_of_the_clock_is_an_alert(
    direction: Any, recorded: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "observe", lambda: clock.Jump(3600.4, direction))
    assert watch.check_clock({}).finding is Finding.FOUND
    alert = Alert.objects.get(kind=AlertKind.CLOCK_JUMPED)
    assert alert.facts == {"seconds": 3600, "direction": direction}
    assert codes() == recorded


def test_a_clock_that_goes_evenly_is_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "observe", lambda: None)
    assert watch.check_clock({"last": "x", "seconds": 3}) == Outcome(facts={"last": "x"})
    assert not Alert.objects.exists()


def test_sessions_that_are_over_go_and_their_devices_with_them() -> None:
    owner = user_with_role("trainer")
    keys = []
    for _ in range(2):
        session = SessionStore()
        session.create()
        keys.append(str(session.session_key))
        UserSession.objects.create(
            user=owner, session_key=session.session_key, ip="192.0.2.1", user_agent="Invented"
        )
    Session.objects.filter(session_key=keys[0]).update(expire_date=timezone.now() - MINUTE)
    assert watch.tidy_sessions({}).facts == {"devices": 1}
    assert list(UserSession.objects.values_list("session_key", flat=True)) == [keys[1]]


def reading() -> Reading:
    made = Reading(
        at=timezone.now(),
        kind="invented",
        subject_zone="protection",
        purpose="safety",
        reason="An invented reason, long enough",
        audit_sequence=1,
    )
    made.save(force_insert=True)
    return made


def test_a_row_whose_key_is_lost_is_found_and_one_that_was_erased_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watch, "_CHUNK", 2)
    rows = [reading() for _ in range(5)]
    assert watch.look_for_orphans({}).finding is Finding.WELL
    keyring.destroy(rows[0].data_key)
    assert watch.look_for_orphans({}).finding is Finding.WELL
    DataKey.objects.filter(pk=rows[1].data_key).delete()
    outcome = watch.look_for_orphans({})
    assert outcome.finding is Finding.BROKEN
    assert outcome.facts["lost"] == {"oversight.Reading": 1}
    assert Alert.objects.get(kind=AlertKind.KEYS).facts["keys"] == 1


def test_what_is_due_is_counted_and_nothing_is_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = SimpleNamespace(key="invented")
    monkeypatch.setattr(subjects, "kinds", lambda: [kind])

    def due(of: object, today: date) -> Any:
        return SimpleNamespace(count=lambda: 3)

    monkeypatch.setattr(retention, "due", due)
    outcome = watch.count_due({})
    assert outcome.finding is Finding.FOUND
    assert outcome.facts["kinds"] == {"invented": 3}
    assert codes() == []


def test_facts_hold_codes_ids_and_counts_only() -> None:
    """Whatever a round writes down can be stored as JSON and names nobody."""
    access(DAY + MINUTE)
    reading()
    for run in (watch.watch_emergencies, watch.look_for_orphans, watch.count_due):
        for value in run({}).facts.values():
            assert isinstance(value, (int, dict, list)), value


def test_interrupted_erasures_are_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[UUID | None] = []

    def finish(actor: Any) -> int:
        asked.append(actor.user_id)
        return 2

    monkeypatch.setattr(erasures, "finish_erasures", finish)
    assert watch.finish_erasures({}).facts == {"finished": 2}
    assert asked == [None]
