"""The ladder of trainers and their computed status, day by day. Without a database."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cairn.core.errors import RuleBroken
from cairn.training.rules import roster
from cairn.training.rules.choices import LadderStep
from cairn.training.rules.roster import (
    Condition,
    Criterion,
    Dates,
    Fact,
    Standing,
    Verdict,
    Work,
    months_later,
    place_on_ladder,
    status,
)

TODAY = date(2026, 6, 15)
DAY = timedelta(days=1)
L, S, F = LadderStep, Standing, Fact
TOP = Work(tot=1, assisted=9, supervised=9, co_delivered=9, observed=9, led=9, assessed=9)
WELL = Dates(
    qualified_on=date(2025, 1, 10),
    valid_until=date(2028, 1, 10),
    last_delivery=date(2026, 5, 1),
    last_observed=date(2026, 1, 20),
    vetted_until=date(2027, 6, 30),
)


@pytest.mark.parametrize(
    ("work", "reached", "following", "missing"),
    [
        (Work(), None, L.PARTICIPANT, {(Condition.TOT, 1)}),
        (Work(tot=1), L.PARTICIPANT, L.ASSISTANT, {(Condition.ASSISTED, 1)}),
        (
            Work(tot=1, assisted=1, supervised=1),
            L.ASSISTANT,
            L.CO_TRAINER,
            {(Condition.SUPERVISED, 2), (Condition.OBSERVED, 1)},
        ),
        (
            Work(tot=1, assisted=3, supervised=3, observed=1),
            L.CO_TRAINER,
            L.LEAD,
            {(Condition.CO_DELIVERED, 2), (Condition.OBSERVED, 1)},
        ),
        (
            Work(tot=1, assisted=5, supervised=3, observed=2, co_delivered=2, led=1),
            L.LEAD,
            L.MASTER,
            {(Condition.LED, 3), (Condition.OBSERVED, 1), (Condition.ASSESSED, 2)},
        ),
        (TOP, L.MASTER, None, set()),
    ],
)
def test_each_step_says_what_the_next_one_asks_for(
    work: Work,
    reached: LadderStep | None,
    following: LadderStep | None,
    missing: set[tuple[Condition, int]],
) -> None:
    place = place_on_ladder(work)
    assert (place.reached, place.next) == (reached, following)
    assert {(each.condition, each.short) for each in place.missing} == missing


@pytest.mark.parametrize("condition", Condition)
def test_no_step_is_jumped_over(condition: Condition) -> None:
    without = replace(TOP, **{condition.replace("-", "_"): 0})
    lowest = next(step for step in LadderStep if condition in roster.LADDER[step])
    place = place_on_ladder(without)
    assert place.next == lowest
    with pytest.raises(RuleBroken) as refusal:
        roster.check_award(L.MASTER, without)
    assert refusal.value.code == "roster.step"


def test_an_award_that_the_record_reaches_is_made() -> None:
    for step in LadderStep:
        roster.check_award(step, TOP)


def test_a_refused_award_says_how_much_is_missing() -> None:
    with pytest.raises(RuleBroken, match="2 supervised sessions; 1 observation passed"):
        roster.check_award(L.CO_TRAINER, Work(tot=1, assisted=1, supervised=1))


def test_a_programme_may_ask_for_more_supervised_sessions() -> None:
    stricter = {**roster.LADDER, L.CO_TRAINER: {Condition.SUPERVISED: 5}}
    place = place_on_ladder(Work(tot=1, assisted=1, supervised=3, observed=1), stricter)
    assert place.missing[0].short == 2


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2024, 2, 29), 24, date(2026, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2025, 12, 1), 1, date(2026, 1, 1)),
        (date(2025, 11, 30), 13, date(2026, 12, 30)),
    ],
)
def test_months_end_on_the_last_day_there_is(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later


@pytest.mark.parametrize(
    ("change", "standing", "fact", "on"),
    [
        ({}, S.CURRENT, F.DELIVERY, date(2026, 5, 1)),
        ({"valid_until": TODAY - DAY}, S.LAPSED, F.VALIDITY, TODAY - DAY),
        ({"valid_until": TODAY}, S.DUE, F.VALIDITY, TODAY),
        ({"valid_until": TODAY + timedelta(90)}, S.DUE, F.VALIDITY, TODAY + timedelta(90)),
        ({"valid_until": TODAY + timedelta(91)}, S.CURRENT, F.DELIVERY, date(2026, 5, 1)),
        ({"vetted_until": None}, S.LAPSED, F.VETTING, None),
        ({"vetted_until": None, "needs_vetting": False}, S.CURRENT, F.DELIVERY, date(2026, 5, 1)),
        ({"vetted_until": TODAY - DAY}, S.LAPSED, F.VETTING, TODAY - DAY),
        ({"vetted_until": TODAY + DAY}, S.DUE, F.VETTING, TODAY + DAY),
        # One observed delivery in 24 months.
        (
            {"last_observed": date(2024, 6, 15), "qualified_on": date(2023, 1, 1)},
            S.DUE,
            F.RENEWAL,
            TODAY,
        ),
        (
            {"last_observed": date(2024, 6, 14), "qualified_on": date(2023, 1, 1)},
            S.LAPSED,
            F.RENEWAL,
            date(2026, 6, 14),
        ),
        (
            {
                "last_observed": date(2024, 6, 14),
                "qualified_on": date(2023, 1, 1),
                "last_refresher": date(2026, 2, 1),
            },
            S.CURRENT,
            F.DELIVERY,
            date(2026, 5, 1),
        ),
        # Twelve months without a delivery.
        ({"last_delivery": date(2025, 6, 15)}, S.CURRENT, F.DELIVERY, date(2025, 6, 15)),
        ({"last_delivery": date(2025, 6, 14)}, S.DORMANT, F.DELIVERY, date(2025, 6, 14)),
        ({"last_delivery": None}, S.DORMANT, F.DELIVERY, date(2025, 1, 10)),
        (
            {"last_delivery": None, "qualified_on": date(2025, 9, 1)},
            S.CURRENT,
            F.DELIVERY,
            date(2025, 9, 1),
        ),
        ({"in_post": (TODAY, None)}, S.AWAY, F.IN_POST, TODAY),
        ({"in_post": (TODAY - DAY, TODAY)}, S.AWAY, F.IN_POST, TODAY),
        ({"in_post": (TODAY + DAY, None)}, S.CURRENT, F.DELIVERY, date(2026, 5, 1)),
        ({"in_post": (TODAY - DAY, TODAY - DAY)}, S.CURRENT, F.DELIVERY, date(2026, 5, 1)),
    ],
)
def test_a_status_follows_from_a_dated_fact(
    change: dict[str, object], standing: Standing, fact: Fact, on: date | None
) -> None:
    found = status(replace(WELL, **change), today=TODAY)  # type: ignore[arg-type]
    assert found.standing == standing
    assert (found.reasons[0].fact, found.reasons[0].on) == (fact, on)
    assert found.reasons[0].sentence.endswith(".")


def test_every_reason_for_lapsing_is_told_and_the_order_of_states_holds() -> None:
    gone = replace(WELL, valid_until=TODAY - DAY, vetted_until=None, last_delivery=date(2020, 1, 1))
    found = status(gone, today=TODAY)
    assert found.standing == S.LAPSED
    assert [each.fact for each in found.reasons] == [F.VALIDITY, F.VETTING]
    assert status(replace(gone, in_post=(TODAY, None)), today=TODAY).standing == S.AWAY
    quiet = replace(WELL, last_delivery=date(2020, 1, 1), valid_until=TODAY + DAY)
    assert status(quiet, today=TODAY).standing == S.DORMANT


def test_absence_and_restriction_are_notes_that_keep_somebody_from_being_asked() -> None:
    assert status(WELL, today=TODAY).can_be_asked
    away = status(replace(WELL, away=((TODAY, TODAY + DAY),)), today=TODAY)
    assert (away.standing, away.can_be_asked) == (S.CURRENT, False)
    assert [(each.fact, each.on) for each in away.notes] == [(F.AVAILABILITY, TODAY + DAY)]
    assert status(replace(WELL, away=((TODAY + DAY, None),)), today=TODAY).can_be_asked
    held = status(replace(WELL, restricted_since=TODAY), today=TODAY)
    assert [each.fact for each in held.notes] == [F.RESTRICTION]
    assert not held.can_be_asked


@pytest.mark.parametrize("standing", Standing)
def test_only_current_and_due_trainers_can_be_asked(standing: Standing) -> None:
    found = roster.Status(standing, (), (), TODAY)
    assert found.can_be_asked is (standing in {S.CURRENT, S.DUE})


def test_the_day_of_renewal_is_the_earlier_of_validity_and_observation() -> None:
    assert roster.renew_by(WELL) == date(2028, 1, 10)
    assert roster.renew_by(replace(WELL, last_observed=None)) == date(2027, 1, 10)
    assert roster.renew_by(replace(WELL, valid_until=date(2026, 7, 1))) == date(2026, 7, 1)


GOOD: dict[str, int] = dict.fromkeys(Criterion, 3)


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({}, Verdict.PASSED),
        ({Criterion.TIME: 2}, Verdict.PASSED),
        ({Criterion.TIME: 1}, Verdict.NOT_YET),
        ({Criterion.SAFETY: 2}, Verdict.NOT_YET),
        ({each: 2 for each in Criterion if each != Criterion.SAFETY}, Verdict.NOT_YET),
        ({Criterion.TIME: 2, Criterion.METHOD: 2, Criterion.CONTENT: 2}, Verdict.PASSED),
        (
            {each: 2 for each in Criterion if each != Criterion.SAFETY} | {Criterion.SAFETY: 4},
            Verdict.NOT_YET,
        ),
    ],
)
def test_safety_is_not_averaged_away(change: dict[str, int], outcome: Verdict) -> None:
    assert roster.verdict({**GOOD, **change}) == outcome


@pytest.mark.parametrize(
    "grades",
    [{}, {**GOOD, Criterion.TIME: 0}, {**GOOD, Criterion.TIME: 5}, {**GOOD, "charm": 4}],
)
def test_grades_outside_the_rubric_are_refused(grades: dict[str, int]) -> None:
    with pytest.raises(RuleBroken) as refusal:
        roster.verdict(grades)
    assert refusal.value.code == "observation.grades"


@pytest.mark.parametrize(
    ("step", "is_assessor", "is_self", "on", "code"),
    [
        (L.LEAD, False, False, TODAY, ""),
        (L.MASTER, False, False, TODAY, ""),
        (L.ASSISTANT, True, False, TODAY, ""),
        (None, True, False, TODAY, ""),
        (L.CO_TRAINER, False, False, TODAY, "observation.observer"),
        (None, False, False, TODAY, "observation.observer"),
        (L.MASTER, True, True, TODAY, "observation.self"),
        (L.MASTER, True, False, TODAY + DAY, "observation.day"),
    ],
)
def test_an_observer_is_a_lead_trainer_or_an_assessor_and_somebody_else(
    step: LadderStep | None, is_assessor: bool, is_self: bool, on: date, code: str
) -> None:
    if not code:
        roster.check_observer(step, is_assessor=is_assessor, is_self=is_self, on=on, today=TODAY)
        return
    with pytest.raises(RuleBroken) as refusal:
        roster.check_observer(step, is_assessor=is_assessor, is_self=is_self, on=on, today=TODAY)
    assert refusal.value.code == code


def test_a_period_does_not_end_before_it_begins() -> None:
    roster.check_period(TODAY, TODAY, code="availability.period")
    roster.check_period(TODAY, None, code="availability.period")
    with pytest.raises(RuleBroken, match="before it begins"):
        roster.check_period(TODAY, TODAY - DAY, code="availability.period")
