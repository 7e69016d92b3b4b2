"""Rules of triage: clocks, moves, reasons, ages that travel, and what counts as alike."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cairn.core.errors import RuleBroken
from cairn.identification.rules import triage as rules
from cairn.identification.rules.choices import ReportState
from cairn.identification.rules.triage import CLOSED, REASONS, ClosedReason, Facts, Flaw, Likeness

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
FACTS = Facts(
    NOON,
    area="north",
    setting="mine",
    age_band="12-17",
    sex="male",
    language="fr",
    signs=frozenset({"one", "two", "three"}),
)


def changed(**changes: Any) -> Facts:
    names = ("made_at", "area", "setting", "age_band", "sex", "language", "signs")
    return Facts(**{name: changes.get(name, getattr(FACTS, name)) for name in names})


def code_of(caught: pytest.ExceptionInfo[RuleBroken]) -> str:
    return caught.value.code


def test_an_urgent_report_is_read_within_an_hour_and_any_other_within_a_day() -> None:
    assert rules.read_by(True, NOON) == NOON + timedelta(hours=1)
    assert rules.read_by(False, NOON) == NOON + timedelta(hours=24)
    assert rules.triage_by(NOON) == NOON + timedelta(hours=72)


@pytest.mark.parametrize(("now", "to"), list(product(ReportState, ReportState)))
@pytest.mark.parametrize("flaw", ["", "not-opened"])
def test_only_listed_moves_are_allowed(now: ReportState, to: ReportState, flaw: str) -> None:
    closes = now == ReportState.OPENED and to in CLOSED
    takes_up = now in CLOSED and to == ReportState.OPENED
    gives_up = now == ReportState.RECEIVED and to == ReportState.INSUFFICIENT and bool(flaw)
    if closes or takes_up or gives_up:
        rules.check_outcome(now, to, flaw=flaw)
    else:
        with pytest.raises(RuleBroken) as caught:
            rules.check_outcome(now, to, flaw=flaw)
        assert code_of(caught) == "report.move"


@pytest.mark.parametrize("now", ReportState)
@pytest.mark.parametrize("flaw", ["", "markup"])
def test_a_report_is_opened_once_unless_it_was_not_understood(now: ReportState, flaw: str) -> None:
    if now == ReportState.RECEIVED or (now == ReportState.OPENED and flaw):
        rules.check_opening(now, flaw=flaw)
    else:
        with pytest.raises(RuleBroken) as caught:
            rules.check_opening(now, flaw=flaw)
        assert code_of(caught) == "report.opened"


@pytest.mark.parametrize("now", ReportState)
def test_only_what_is_closed_is_taken_up_again(now: ReportState) -> None:
    if now in CLOSED:
        rules.check_taking_up(now)
    else:
        with pytest.raises(RuleBroken):
            rules.check_taking_up(now)


@pytest.mark.parametrize(
    ("outcome", "reason"), list(product(ReportState, [*ClosedReason.values, ""]))
)
def test_each_outcome_takes_its_own_reasons_only(outcome: ReportState, reason: str) -> None:
    if reason in REASONS.get(outcome, ()):
        assert rules.check_reason(outcome, reason) == reason
    else:
        with pytest.raises(RuleBroken) as caught:
            rules.check_reason(outcome, reason)
        assert code_of(caught) == "report.reason"


def test_every_reason_belongs_to_one_outcome_and_every_outcome_says_what_it_brings() -> None:
    named = [reason for reasons in REASONS.values() for reason in reasons]
    assert sorted(named) == sorted(ClosedReason)
    assert set(rules.CONSEQUENCES) == set(CLOSED)


def test_a_report_repeats_neither_itself_nor_one_that_repeats_another() -> None:
    one, other = uuid4(), uuid4()
    rules.check_repeats(one, other, ReportState.OPENED)
    with pytest.raises(RuleBroken) as caught:
        rules.check_repeats(one, one, ReportState.OPENED)
    assert code_of(caught) == "report.same"
    with pytest.raises(RuleBroken) as caught:
        rules.check_repeats(one, other, ReportState.DUPLICATE)
    assert code_of(caught) == "report.repeats"
    rules.check_in_one_unit(True)
    with pytest.raises(RuleBroken):
        rules.check_in_one_unit(False)


@pytest.mark.parametrize(
    ("age", "status"),
    [
        ("child", "child"),
        ("maybe-child", "age-disputed"),
        ("adult", "adult"),
        ("", "age-disputed"),
        ("nonsense", "age-disputed"),
    ],
)
def test_a_doubt_about_age_travels_as_a_doubt(age: str, status: str) -> None:
    assert rules.age_status_of(age) == status


def test_the_age_that_protects_more_wins_whichever_comes_first() -> None:
    ages = ("adult", "age-disputed", "child")
    for known, reported in product(ages, ages):
        wins = rules.more_careful_age(known, reported)
        assert wins == rules.more_careful_age(reported, known)
        assert ages.index(wins) == max(ages.index(known), ages.index(reported))


def test_a_flaw_that_is_not_known_here_counts_as_damage() -> None:
    assert rules.flaw_of("markup") is Flaw.MARKUP
    assert rules.flaw_of("of tomorrow") is Flaw.UNREADABLE


def test_every_flaw_of_the_check_of_contents_has_words() -> None:
    named = {
        "unreadable",
        "version",
        "missing",
        "unknown-field",
        "wrong-type",
        "wrong-code",
        "too-long",
        "markup",
        "control-signs",
        "judgement-reason",
    }
    assert named <= set(Flaw.values)
    assert max(len(code) for code in Flaw.values) <= 32


# --- Likeness --------------------------------------------------------------------------------


def test_two_reports_with_the_same_facts_agree_in_all_of_them() -> None:
    assert rules.likeness(FACTS, FACTS) == tuple(Likeness)


@pytest.mark.parametrize(
    "contradiction",
    [{"area": "south"}, {"age_band": "18-24"}, {"sex": "female"}, {"language": "ar"}],
    ids=str,
)
def test_one_known_contradiction_is_enough_to_suggest_nothing(
    contradiction: dict[str, str],
) -> None:
    assert rules.likeness(FACTS, changed(**contradiction)) == ()


def test_another_kind_of_place_is_no_contradiction() -> None:
    found = rules.likeness(FACTS, changed(setting="route"))
    assert found == tuple(each for each in Likeness if each != Likeness.SETTING)


@pytest.mark.parametrize(
    ("unknown", "is_alike"),
    [
        (("area",), True),
        (("area", "sex"), True),
        (("area", "sex", "language"), True),
        (("area", "sex", "language", "age_band"), False),
    ],
    ids=str,
)
def test_what_is_not_known_counts_neither_for_nor_against(
    unknown: tuple[str, ...], is_alike: bool
) -> None:
    assert bool(rules.likeness(FACTS, changed(**dict.fromkeys(unknown, "")))) is is_alike


def test_one_sign_in_common_says_nothing_and_two_do() -> None:
    one = rules.likeness(FACTS, changed(signs=frozenset({"one", "else"})))
    two = rules.likeness(FACTS, changed(signs=frozenset({"one", "two", "else"})))
    assert Likeness.SIGNS not in one
    assert Likeness.SIGNS in two


@pytest.mark.parametrize(("days", "is_alike"), [(14, True), (14.001, False), (-14, True)])
def test_only_reports_within_fourteen_days_are_alike(days: float, is_alike: bool) -> None:
    other = changed(made_at=NOON + timedelta(days=days))
    assert bool(rules.likeness(FACTS, other)) is is_alike


some_facts = st.builds(
    Facts,
    made_at=st.datetimes(datetime(2026, 11, 1), datetime(2026, 12, 20)).map(  # noqa: DTZ001
        lambda moment: moment.replace(tzinfo=UTC)
    ),
    area=st.sampled_from(["", "north", "south"]),
    setting=st.sampled_from(["", "mine", "route"]),
    age_band=st.sampled_from(["", "12-17", "18-24"]),
    sex=st.sampled_from(["", "female", "male"]),
    language=st.sampled_from(["", "fr", "ar"]),
    signs=st.frozensets(st.sampled_from(["one", "two", "three"])),
)


@settings(max_examples=60)
@given(some_facts, some_facts)
def test_likeness_is_mutual_and_never_rests_on_fewer_than_three_facts(
    one: Facts, other: Facts
) -> None:
    found = rules.likeness(one, other)
    assert found == rules.likeness(other, one)
    assert len(found) == 0 or len(found) >= rules.ALIKE_FACTS


def test_only_a_clear_yes_is_a_sign_that_was_seen() -> None:
    seen = {"b": "yes", "a": "yes", "c": "no", "d": "unknown"}
    assert rules.signs_seen({"seen": seen}) == ["a", "b"]
    assert rules.signs_seen({}) == []
    assert rules.signs_seen({"seen": "damaged"}) == []
