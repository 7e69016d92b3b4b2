"""Rules of the desk: every pair of states of every kind, limits of texts, days and moments."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.db.models import TextChoices

from cairn.core.errors import RuleBroken
from cairn.oversight import rules
from cairn.oversight.rules import (
    AlertState,
    ErasureState,
    ExportState,
    IncidentState,
    RequestState,
    ReviewState,
)

TODAY = date(2026, 3, 11)
NOW = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)

# Written by hand a second time, so that the table under test is not its own witness.
# A list: in a set, pairs of two kinds with the same words would be one.
ALLOWED = [
    (ReviewState.WAITING, ReviewState.JUSTIFIED),
    (ReviewState.WAITING, ReviewState.NOT_JUSTIFIED),
    (AlertState.OPEN, AlertState.EXPLAINED),
    (AlertState.OPEN, AlertState.ESCALATED),
    (AlertState.EXPLAINED, AlertState.ESCALATED),
    (ExportState.ASKED, ExportState.APPROVED),
    (ExportState.ASKED, ExportState.REFUSED),
    (ExportState.ASKED, ExportState.EXPIRED),
    (ExportState.APPROVED, ExportState.TAKEN),
    (ExportState.APPROVED, ExportState.REFUSED),
    (ExportState.APPROVED, ExportState.EXPIRED),
    (RequestState.RECEIVED, RequestState.IDENTITY_VERIFIED),
    (RequestState.RECEIVED, RequestState.REFUSED),
    (RequestState.IDENTITY_VERIFIED, RequestState.HOLD_CHECKED),
    (RequestState.IDENTITY_VERIFIED, RequestState.REFUSED),
    (RequestState.HOLD_CHECKED, RequestState.FULFILLED),
    (RequestState.HOLD_CHECKED, RequestState.PARTLY),
    (RequestState.HOLD_CHECKED, RequestState.REFUSED),
    (RequestState.FULFILLED, RequestState.NOTIFIED),
    (RequestState.PARTLY, RequestState.NOTIFIED),
    (RequestState.REFUSED, RequestState.NOTIFIED),
    (IncidentState.REPORTED, IncidentState.CONTAINED),
    (IncidentState.REPORTED, IncidentState.ASSESSED),
    (IncidentState.CONTAINED, IncidentState.ASSESSED),
    (IncidentState.ASSESSED, IncidentState.CONTAINED),
    (IncidentState.ASSESSED, IncidentState.NOTIFIED),
    (IncidentState.ASSESSED, IncidentState.CLOSED),
    (IncidentState.NOTIFIED, IncidentState.CLOSED),
    (ErasureState.ASKED, ErasureState.APPROVED),
    (ErasureState.ASKED, ErasureState.REFUSED),
    (ErasureState.APPROVED, ErasureState.ERASED),
]
KINDS = (ReviewState, AlertState, ExportState, RequestState, IncidentState, ErasureState)
PAIRS = [(now, to) for kind in KINDS for now in kind for to in kind]


def refused(code: str, rule: Callable[[], object]) -> RuleBroken:
    with pytest.raises(RuleBroken) as broken:
        rule()
    assert broken.value.code == code
    assert str(broken.value)
    return broken.value


@pytest.mark.parametrize(("now", "to"), PAIRS, ids=lambda state: f"{type(state).__name__}.{state}")
def test_a_state_becomes_only_what_the_table_says(now: TextChoices, to: TextChoices) -> None:
    is_allowed = any((a, b) == (now, to) and type(a) is type(now) for a, b in ALLOWED)
    if is_allowed:
        rules.check_move(now, to)
    else:
        refusal = refused("oversight.move", lambda: rules.check_move(now, to))
        assert str(now.label) in refusal.message
        assert str(to.label) in refusal.message
    assert (to in rules.moves_from(now)) is is_allowed


def test_states_that_share_a_word_are_not_taken_for_each_other() -> None:
    assert ExportState.ASKED.value == ErasureState.ASKED.value
    refused("oversight.move", lambda: rules.check_move(ExportState.ASKED, ErasureState.APPROVED))
    refused("oversight.move", lambda: rules.check_move(ErasureState.ASKED, ExportState.EXPIRED))


def test_every_kind_of_state_has_its_table_and_ends_somewhere() -> None:
    assert set(rules.MOVES) == set(KINDS)
    for kind in KINDS:
        assert set(rules.MOVES[kind]) == set(kind)
        assert any(not rules.moves_from(state) for state in kind)


def test_moves_are_offered_in_the_order_of_their_kind() -> None:
    assert rules.moves_from(RequestState.HOLD_CHECKED) == [
        RequestState.FULFILLED,
        RequestState.PARTLY,
        RequestState.REFUSED,
    ]


@pytest.mark.parametrize("length", [10, 11, 999, 1000])
def test_a_reason_of_fair_length_is_kept_without_blanks_around_it(length: int) -> None:
    assert rules.check_reason("  " + "x" * length + " \n") == "x" * length


@pytest.mark.parametrize(
    "text", ["", "short", "x" * 9, " " * 30, "   x" * 2 + " " * 20, "x" * 1001]
)
def test_a_reason_that_says_nothing_or_too_much_is_refused(text: str) -> None:
    refusal = refused("oversight.reason", lambda: rules.check_reason(text))
    assert "10" in refusal.remedy or "1000" in refusal.remedy


def test_a_hundred_records_are_opened_at_once_and_no_more() -> None:
    rules.check_amount(100, 100)
    assert "100" in refused("oversight.too-many", lambda: rules.check_amount(101, 100)).message


def test_one_person_never_does_both_parts() -> None:
    rules.check_other_person(UUID(int=1), UUID(int=2), "Two people.")
    rules.check_other_person(UUID(int=1), None, "Two people.")
    same = UUID(int=1), UUID(int=1)
    assert (
        refused("oversight.second-person", lambda: rules.check_other_person(*same, "Two.")).message
        == "Two."
    )
    refused("oversight.second-person", lambda: rules.check_other_person(None, None, "Two."))


def test_inside_one_zone_nothing_is_linked() -> None:
    rules.check_link_zones("protection", "identification")
    refused("link.same-zone", lambda: rules.check_link_zones("protection", "protection"))


def test_a_link_ends_within_a_year_and_after_ninety_days_by_itself() -> None:
    assert rules.link_ends(None, today=TODAY) == TODAY + 90 * DAY
    for day in (TODAY, TODAY + DAY, TODAY + 366 * DAY):
        assert rules.link_ends(day, today=TODAY) == day
    for day in (TODAY - DAY, TODAY + 367 * DAY):
        refused("link.expiry", lambda day=day: rules.link_ends(day, today=TODAY))  # type: ignore[misc]


def test_a_record_is_kept_longer_to_a_later_day_within_a_year() -> None:
    last = TODAY + 366 * DAY
    for before in (None, TODAY - DAY, TODAY - 1000 * DAY):
        assert rules.keep_until(TODAY, today=TODAY, before=before) == TODAY
        assert rules.keep_until(last, today=TODAY, before=before) == last
    assert rules.keep_until(TODAY + 6 * DAY, today=TODAY, before=TODAY + 5 * DAY)
    wrong = [
        (TODAY - DAY, None),
        (last + DAY, None),
        (TODAY, TODAY),
        (TODAY + DAY, TODAY + 5 * DAY),
        (TODAY + 5 * DAY, TODAY + 5 * DAY),
    ]
    for asked, before in wrong:
        with pytest.raises(RuleBroken) as broken:
            rules.keep_until(asked, today=TODAY, before=before)
        assert broken.value.code == "retention.until"
        assert "link" not in str(broken.value).lower()


def test_only_parts_that_a_record_has_are_named() -> None:
    known = {"name", "note"}
    rules.check_scope({"name"}, known)
    rules.check_scope({"name", "note"}, known)
    rules.check_scope(set(), known, may_be_empty=True)
    refused("link.scope", lambda: rules.check_scope(set(), known))
    refused("link.scope", lambda: rules.check_scope({"name", "code"}, known))
    refused("link.scope", lambda: rules.check_scope({"code"}, known, may_be_empty=True))


@pytest.mark.parametrize("length", [10, 200])
def test_a_purpose_is_one_line_of_fair_length(length: int) -> None:
    assert rules.check_purpose(" " + "x" * length + " ") == "x" * length


@pytest.mark.parametrize("length", [0, 9, 201])
def test_a_purpose_that_says_nothing_or_too_much_is_refused(length: int) -> None:
    refused("link.purpose", lambda: rules.check_purpose(" " + "x" * length + " "))


def test_an_export_waits_until_its_moment_and_no_longer() -> None:
    rules.check_waits(NOW + timedelta(seconds=1), now=NOW)
    refused("export.expired", lambda: rules.check_waits(NOW, now=NOW))
    refused("export.expired", lambda: rules.check_waits(NOW - DAY, now=NOW))


def test_what_was_received_or_happened_is_not_in_the_future() -> None:
    rules.check_not_future(TODAY, today=TODAY)
    refused("request.future", lambda: rules.check_not_future(TODAY + DAY, today=TODAY))
    rules.check_happened(NOW, now=NOW)
    later = NOW + timedelta(seconds=1)
    refused("incident.future", lambda: rules.check_happened(later, now=NOW))


def test_a_held_or_erased_record_is_not_erased() -> None:
    rules.check_not_held(0)
    refused("erasure.held", lambda: rules.check_not_held(1))
    rules.check_has_key(True)
    refused("erasure.erased", lambda: rules.check_has_key(False))


def test_clocks_of_the_law() -> None:
    # GDPR Article 33(1): 72 hours; Article 12(3): one month, taken as 30 days.
    assert rules.notify_by(NOW) == datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
    assert rules.answer_by(date(2026, 1, 31)) == date(2026, 3, 2)
    assert timedelta(hours=24) == rules.BREAK_GLASS_LASTS == rules.EXPORT_WAITS
