"""The log is verified in the background: in parts, behind a break too, with an alert for each."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cairn.core import audit
from cairn.core.actor import PUBLIC
from cairn.core.models import AuditEntry
from cairn.core.tests import tampering
from cairn.oversight.actions import chain
from cairn.oversight.actions.chain import verify_chain
from cairn.oversight.models import Alert
from cairn.oversight.models.alerts import AlertKind
from cairn.oversight.outcomes import Facts, Finding
from cairn.oversight.rules import AlertState

pytestmark = pytest.mark.django_db


def record(count: int) -> None:
    for number in range(count):
        audit.record(PUBLIC, "invented.done", number=number)


def alerts() -> list[dict[str, Any]]:
    rows = Alert.objects.filter(kind=AlertKind.CHAIN_BROKEN).order_by("first_at")
    return [alert.facts for alert in rows]


@pytest.fixture
def looked() -> Facts:
    """Six entries, all of them looked at."""
    record(6)
    outcome = verify_chain({})
    assert outcome.finding is Finding.WELL
    return outcome.facts


def test_the_first_round_looks_at_everything(looked: Facts) -> None:
    assert looked["verified"] == 6
    assert looked["verified_hash"] == AuditEntry.objects.get(sequence=6).hash
    assert looked["whole_at"]


def test_a_later_round_looks_at_what_is_new(looked: Facts, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    digest = audit.digest

    def noting(entry: AuditEntry) -> str:
        seen.append(entry.sequence)
        return digest(entry)

    record(2)
    monkeypatch.setattr(audit, "digest", noting)
    assert verify_chain(looked).facts["verified"] == 8
    assert seen == [6, 7, 8]


def test_once_a_day_all_of_it_is_looked_at_again(looked: Facts) -> None:
    tampering.alter(2)  # behind where the rounds have come
    assert verify_chain(looked).finding is Finding.WELL
    yesterday = (timezone.now() - timedelta(days=1, seconds=1)).isoformat()
    outcome = verify_chain({**looked, "whole_at": yesterday})
    assert outcome.finding is Finding.BROKEN
    assert alerts() == [{"sequence": 2, "flaw": "altered"}]


def test_a_long_log_is_looked_at_in_several_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "AT_MOST", 3)
    monkeypatch.setattr(chain.go_on, "__defaults__", (3,))
    record(8)
    tampering.alter(7)
    facts: Facts = {}
    for _ in range(8):
        outcome = verify_chain(facts)
        facts = outcome.facts
    assert facts["verified"] == 8
    assert facts["whole_since"] is None
    assert facts["whole_at"]
    assert facts["breaks"] == [[7, "altered"]]


@pytest.mark.parametrize(
    ("tamper", "told"),
    [
        (lambda: tampering.alter(6), {"sequence": 6, "flaw": "altered"}),
        (lambda: tampering.cut_off(5), {"sequence": 6, "flaw": "cut-off"}),
        (lambda: tampering.rewrite(sequence=1), {"sequence": 6, "flaw": "rewritten"}),
        (lambda: tampering.remove(7), {"sequence": 7, "flaw": "missing"}),
        (lambda: tampering.reorder(7, 8), {"sequence": 7, "flaw": "detached"}),
    ],
    ids=["altered", "cut off", "rewritten", "missing", "reordered"],
)
def test_a_break_is_an_alert_that_names_entry_and_flaw(
    looked: Facts, tamper: Callable[[], None], told: dict[str, Any]
) -> None:
    if told["sequence"] == 7:
        record(2)
    tamper()
    assert verify_chain(looked).finding is Finding.BROKEN
    assert told in alerts()


def test_a_break_is_logged_by_codes_only(looked: Facts, caplog: pytest.LogCaptureFixture) -> None:
    tampering.alter(6, code="invented.secret")
    with caplog.at_level(logging.ERROR):
        facts = verify_chain(looked).facts
    messages = [record.getMessage() for record in caplog.records]
    assert messages == ["audit.chain_broken sequence=6 flaw=altered"]
    caplog.clear()
    verify_chain(facts)
    assert not caplog.records  # it was told once


def test_the_same_break_is_one_alert_however_often_it_is_seen(looked: Facts) -> None:
    tampering.alter(6)
    facts = looked
    for _ in range(3):
        facts = verify_chain(facts).facts
    assert len(alerts()) == 1
    assert facts["breaks"] == [[6, "altered"]]


def test_appending_goes_on_and_later_breaks_are_found_too(looked: Facts) -> None:
    tampering.alter(6)
    facts = verify_chain(looked).facts
    record(4)
    outcome = verify_chain(facts)
    assert outcome.facts["verified"] == 10
    assert len(alerts()) == 1
    tampering.alter(10, code="invented.other")
    outcome = verify_chain(outcome.facts)
    assert outcome.facts["breaks"] == [[6, "altered"], [10, "altered"]]
    assert {"sequence": 10, "flaw": "altered"} in alerts()


def test_a_break_that_somebody_explained_is_not_raised_again(looked: Facts) -> None:
    tampering.alter(6)
    facts = verify_chain(looked).facts
    Alert.objects.update(state=AlertState.EXPLAINED)
    assert verify_chain(facts).finding is Finding.BROKEN
    assert Alert.objects.count() == 1


def test_a_log_written_anew_names_some_breaks_and_not_thousands(looked: Facts) -> None:
    record(60)
    with tampering.unguarded():
        AuditEntry.objects.filter(sequence__gt=6).update(code="invented.undone")
    facts = looked
    for _ in range(4):
        facts = verify_chain(facts).facts
    assert len(facts["breaks"]) == chain.MOST_BREAKS
    assert len(alerts()) == chain.MOST_BREAKS


def test_an_empty_log_is_whole() -> None:
    outcome = verify_chain({})
    assert (outcome.finding, outcome.facts["verified"]) == (Finding.WELL, 0)
