"""Reports from the field: months, counts, notes without persons, strength of claims; requests."""

from datetime import date

import pytest

from cairn.core.errors import RuleBroken
from cairn.portfolio.rules import RequestState
from cairn.training.rules import outcomes
from cairn.training.rules.choices import RequestKind, Strength
from cairn.training.rules.outcomes import Factor

TODAY = date(2026, 3, 15)
S, K = Strength, RequestKind


def _code(refusal: pytest.ExceptionInfo[RuleBroken]) -> str:
    return refusal.value.code


def test_claims_grow_from_own_word_to_document() -> None:
    assert [outcomes.rank(each) for each in Strength] == [0, 1, 2]
    assert outcomes.strongest([]) is None
    assert outcomes.strongest([S.DOCUMENTED, S.SELF_REPORTED]) == S.DOCUMENTED


@pytest.mark.parametrize("now", [None, *Strength])
@pytest.mark.parametrize("to", Strength)
def test_a_claim_is_raised_and_never_lowered(now: Strength | None, to: Strength) -> None:
    if now is None or outcomes.rank(to) > outcomes.rank(now):
        outcomes.check_strength(now, to, evidence="Invented log, 2026", is_own_report=False)
        return
    with pytest.raises(RuleBroken) as refusal:
        outcomes.check_strength(now, to, evidence="Invented log, 2026", is_own_report=False)
    assert _code(refusal) == "claim.weaker"


def test_nobody_confirms_their_own_report_and_a_document_is_named() -> None:
    outcomes.check_strength(None, S.SELF_REPORTED, evidence="", is_own_report=True)
    for to in (S.SUPERVISOR_CONFIRMED, S.DOCUMENTED):
        with pytest.raises(RuleBroken) as refusal:
            outcomes.check_strength(S.SELF_REPORTED, to, evidence="x", is_own_report=True)
        assert _code(refusal) == "claim.own"
    with pytest.raises(RuleBroken) as refusal:
        outcomes.check_strength(None, S.DOCUMENTED, evidence=" ", is_own_report=False)
    assert _code(refusal) == "claim.evidence"


@pytest.mark.parametrize(
    "factors", [[], ["none-known", "new-law"], ["the-weather"], ["new-law", "the-weather"]]
)
def test_the_question_of_other_factors_is_answered(factors: list[str]) -> None:
    with pytest.raises(RuleBroken) as refusal:
        outcomes.check_factors(factors)
    assert _code(refusal) == "claim.factors"


def test_known_factors_are_accepted() -> None:
    outcomes.check_factors([Factor.NONE_KNOWN])
    outcomes.check_factors([Factor.NEW_LAW, Factor.PARTNERS])


@pytest.mark.parametrize(
    ("month", "trained", "allowed"),
    [
        (date(2026, 3, 1), None, True),
        (date(2026, 3, 31), None, True),
        (date(2026, 4, 1), None, False),
        (date(2023, 3, 1), None, True),
        (date(2023, 2, 1), None, False),
        (date(2026, 1, 1), date(2026, 1, 30), True),
        (date(2025, 12, 31), date(2026, 1, 1), False),
    ],
)
def test_a_month_lies_after_the_training_and_not_ahead(
    month: date, trained: date | None, allowed: bool
) -> None:
    if allowed:
        outcomes.check_month(month, today=TODAY, trained_on=trained)
        return
    with pytest.raises(RuleBroken) as refusal:
        outcomes.check_month(month, today=TODAY, trained_on=trained)
    assert _code(refusal) == "outcome.month"


@pytest.mark.parametrize(("count", "allowed"), [(0, False), (1, True), (500, True), (501, False)])
def test_a_report_counts_from_one(count: int, allowed: bool) -> None:
    if allowed:
        outcomes.check_count(count)
        return
    with pytest.raises(RuleBroken, match="from 1 to 500"):
        outcomes.check_count(count)


@pytest.mark.parametrize(
    ("note", "code"),
    [
        ("call +999 55 123 456", "outcome.note-contact"),
        ("0999-555-123", "outcome.note-contact"),
        ("٠٩٩٩ ٥٥٥ ١٢٣", "outcome.note-contact"),
        ("write to somebody@example.test", "outcome.note-contact"),
        ("see https://example.test/x", "outcome.note-contact"),
        ("passport AB 12345", "outcome.note-document"),
        ("met on 3.2.2026", "outcome.note-day"),
        ("met on 2026-02-03", "outcome.note-day"),
        ("a girl, 15 years old", "outcome.note-age"),
        ("a girl aged 15", "outcome.note-age"),
        ("une fille de 15 ans", "outcome.note-age"),
        ("فتاة عمرها 15 سنة", "outcome.note-age"),
        ("with Mrs. Invented", "outcome.note-name"),
        ("avec Mme invented", "outcome.note-name"),
        ("a person named Invented", "outcome.note-name"),
        ("مع السيد فلان", "outcome.note-name"),
        ("x" * 161, "outcome.note-long"),
    ],
)
def test_a_note_that_tells_of_a_person_is_refused(note: str, code: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        outcomes.check_note(note)
    assert _code(refusal) == code


@pytest.mark.parametrize(
    "note",
    [
        "",
        "advice to the border unit on screening at the ferry terminal",
        "12 reports, 3 patrols with the new form",
        "the unit called for support",
        "formulaire adopté par la brigade",
        "استعمال الاستمارة الجديدة منذ سنة",
        "x" * 160,
    ],
)
def test_a_note_about_work_is_accepted(note: str) -> None:
    outcomes.check_note(note)


def test_two_capitals_inside_a_sentence_are_asked_about() -> None:
    assert outcomes.doubts("advice to the Invented Person at the gate") == ["Invented Person"]
    assert outcomes.doubts("Border unit trained. New form in use.") == []


@pytest.mark.parametrize("state", RequestState)
def test_every_state_of_a_request_says_what_it_waits_for(state: RequestState) -> None:
    step = outcomes.next_step(
        state, received_on=date(2026, 3, 5), by=date(2026, 3, 14), today=TODAY
    )
    is_over = state in {RequestState.DECLINED, RequestState.FOLLOWED_UP}
    assert step.age == 10
    assert step.is_late is not is_over
    assert (step.by is None) is is_over
    assert step.sentence.startswith("Nothing") is is_over


def test_a_request_is_late_only_after_its_day_and_age_needs_a_day_of_receipt() -> None:
    step = outcomes.next_step(RequestState.RECEIVED, received_on=None, by=TODAY, today=TODAY)
    assert (step.age, step.is_late) == (0, False)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (
            "follow-up training for instructors to integrate the module into peacekeeping"
            " curricula",
            (K.INSTRUCTOR_FOLLOW_UP, K.CURRICULUM),
        ),
        ("training of trainers for national awareness-raising", (K.TOT,)),
        (
            "technical assistance for policy and legislative development",
            (K.LEGISLATION, K.POLICY),
        ),
        ("forming regional working groups", (K.WORKING_GROUP,)),
        ("a new roof", (K.OTHER,)),
    ],
)
def test_the_kind_of_a_printed_request_is_read_from_its_words(
    text: str, kinds: tuple[RequestKind, ...]
) -> None:
    assert outcomes.kinds_of(text) == kinds
