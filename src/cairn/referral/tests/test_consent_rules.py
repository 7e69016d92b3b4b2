"""Rules of consent: every move, every refusal, and which record holds for a recipient."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.core.errors import RuleBroken
from cairn.referral.rules import consent as rules
from cairn.referral.rules.choices import DataCategory, LegalBasis, Purpose
from cairn.referral.rules.consent import (
    ANSWERS,
    GIVEN,
    LIVE,
    MOVES,
    NAMED,
    Answer,
    Assent,
    Capacity,
    ConsentState,
    GivenBy,
    Heard,
)
from cairn.referral.rules.consent_purposes import PURPOSES, check_asked
from cairn.referral.rules.services import ServiceType

TODAY = date(2026, 6, 15)
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
CLINIC, OTHER = UUID(int=1), UUID(int=2)
S = ConsentState

# The machine once more, as the reference study writes it, and what was added with its reason.
WRITTEN = {
    ("not-sought", "explained"),
    ("not-sought", "not-possible"),
    ("explained", "given"),
    ("explained", "given-with-limits"),
    ("explained", "refused"),
    ("explained", "not-possible"),
    *((yes, end) for yes in ("given", "given-with-limits") for end in ("withdrawn", "expired")),
    ("given", "superseded"),
    ("given-with-limits", "superseded"),
    ("not-possible", "expired"),
    ("not-possible", "superseded"),
    # Added: what was told before the last day is with others still when the person wants it back.
    ("expired", "withdrawn"),
}


def code_of(act: Any, *args: Any, **options: Any) -> str:
    """The code of the refusal, "" where there is none."""
    try:
        act(*args, **options)
    except RuleBroken as refusal:
        return refusal.code
    return ""


@pytest.mark.parametrize("now", S)
@pytest.mark.parametrize("to", S)
def test_only_written_moves_are_allowed(now: ConsentState, to: ConsentState) -> None:
    refused = code_of(rules.check_move, now, to)
    assert refused == ("" if (now.value, to.value) in WRITTEN else "consent.move")


def test_no_answer_leads_back_to_a_yes() -> None:
    for ended in (S.REFUSED, S.WITHDRAWN, S.EXPIRED, S.SUPERSEDED):
        assert MOVES[ended] <= {S.WITHDRAWN}
        assert rules.is_settled(ended)
    assert MOVES[S.WITHDRAWN] == frozenset()
    assert not any(rules.is_settled(each) for each in {*GIVEN, S.NOT_SOUGHT, S.EXPLAINED})


def answer(**changes: Any) -> Answer:
    plain = Answer(S.GIVEN, Capacity.ABLE, GivenBy.PERSON, None, TODAY, TODAY + timedelta(days=30))
    return replace(plain, **changes)


CHILD = {"given_by": GivenBy.GUARDIAN, "assent": Assent.YES, "is_guarded": True}


@pytest.mark.parametrize(
    ("changes", "basis", "is_child", "code"),
    [
        ({}, LegalBasis.CONSENT, False, ""),
        ({"state": S.EXPLAINED}, LegalBasis.CONSENT, False, "consent.state"),
        ({"state": S.NOT_POSSIBLE}, LegalBasis.CONSENT, False, "consent.basis"),
        ({"state": S.NOT_POSSIBLE}, LegalBasis.LEGAL_DUTY, False, ""),
        ({"has_limits": True}, LegalBasis.CONSENT, False, "consent.limits"),
        ({"state": S.GIVEN_WITH_LIMITS}, LegalBasis.CONSENT, False, "consent.limits"),
        ({"state": S.GIVEN_WITH_LIMITS, "has_limits": True}, LegalBasis.CONSENT, False, ""),
        ({"starts_on": None}, LegalBasis.CONSENT, False, "consent.starts"),
        ({"starts_on": TODAY + timedelta(days=1)}, LegalBasis.CONSENT, False, "consent.starts"),
        ({"expires_on": None}, LegalBasis.CONSENT, False, "consent.days"),
        ({"expires_on": TODAY - timedelta(days=1)}, LegalBasis.CONSENT, False, "consent.days"),
        (
            {"starts_on": TODAY - timedelta(9), "expires_on": TODAY - timedelta(days=1)},
            LegalBasis.CONSENT,
            False,
            "consent.days",
        ),
        ({"expires_on": TODAY}, LegalBasis.CONSENT, False, ""),
        ({"expires_on": TODAY + timedelta(days=366)}, LegalBasis.CONSENT, False, ""),
        ({"expires_on": TODAY + timedelta(days=367)}, LegalBasis.CONSENT, False, "consent.days"),
        ({"given_by": None}, LegalBasis.CONSENT, False, "consent.given-by"),
        ({"capacity": Capacity.SUPPORTED}, LegalBasis.CONSENT, False, ""),
        ({"capacity": Capacity.NOT_NOW}, LegalBasis.CONSENT, False, "consent.capacity"),
        ({"given_by": GivenBy.GUARDIAN}, LegalBasis.CONSENT, False, "consent.guardian"),
        (
            {"given_by": GivenBy.GUARDIAN, "is_guarded": True},
            LegalBasis.CONSENT,
            False,
            "consent.given-by",
        ),
        (
            {"given_by": GivenBy.GUARDIAN, "is_guarded": True, "capacity": Capacity.NOT_NOW},
            LegalBasis.CONSENT,
            False,
            "",
        ),
        ({}, LegalBasis.CONSENT, True, "consent.guardian"),
        ({**CHILD, "is_guarded": False}, LegalBasis.CONSENT, True, "consent.guardian"),
        (CHILD, LegalBasis.CONSENT, True, ""),
        ({**CHILD, "assent": Assent.NOT_ABLE}, LegalBasis.CONSENT, True, ""),
        ({**CHILD, "assent": None}, LegalBasis.CONSENT, True, "consent.assent"),
        ({**CHILD, "assent": Assent.NOT_ASKED}, LegalBasis.CONSENT, True, "consent.assent"),
        ({**CHILD, "assent": Assent.NO}, LegalBasis.CONSENT, True, "consent.assent"),
        # The basis may be another one: then a yes is still a yes, with all that belongs to it.
        ({}, LegalBasis.LEGAL_DUTY, True, "consent.guardian"),
        # A no needs nobody's leave, neither a guardian nor a day.
        (
            {"state": S.REFUSED, "given_by": None, "starts_on": None, "expires_on": None},
            LegalBasis.CONSENT,
            True,
            "",
        ),
    ],
)
def test_an_answer_stands_or_is_refused(
    changes: dict[str, Any], basis: LegalBasis, is_child: bool, code: str
) -> None:
    refused = code_of(rules.check_answer, answer(**changes), basis, is_child=is_child, today=TODAY)
    assert refused == code


def test_nobody_agrees_for_a_child_over_the_childs_own_no_whatever_else_is_said() -> None:
    for state in GIVEN:
        for capacity in Capacity:
            for by in (None, *GivenBy):
                said = Answer(
                    state, capacity, by, Assent.NO, TODAY, TODAY, state == S.GIVEN_WITH_LIMITS, True
                )
                assert code_of(
                    rules.check_answer, said, LegalBasis.CONSENT, is_child=True, today=TODAY
                )


@pytest.mark.parametrize(
    ("language", "spoken", "is_interpreted", "code"),
    [
        ("ti", ["ti", "ar"], False, ""),
        ("en", ["ti", "ar"], False, "consent.language"),
        ("en", ["ti", "ar"], True, ""),
        ("en", [], False, ""),
        ("", ["ti"], True, "consent.language"),
    ],
)
def test_what_is_not_understood_is_not_explained(
    language: str, spoken: list[str], is_interpreted: bool, code: str
) -> None:
    refused = code_of(rules.check_language, language, spoken, is_interpreted=is_interpreted)
    assert refused == code


def test_a_consent_without_a_day_ends_by_itself() -> None:
    assert rules.ends(TODAY, None) == TODAY + timedelta(days=180)
    assert rules.ends(TODAY, TODAY) == TODAY


def test_every_purpose_has_bases_a_sentence_and_a_source_and_none_stands_on_danger() -> None:
    assert set(PURPOSES) == set(Purpose)
    for rule in PURPOSES.values():
        assert rule.bases
        assert str(rule.sentence)
        assert "Art." in rule.source
        assert LegalBasis.VITAL_INTEREST not in rule.bases
        assert rule.most


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("basis", LegalBasis)
def test_a_purpose_stands_on_its_own_bases_only(purpose: Purpose, basis: LegalBasis) -> None:
    asked = code_of(check_asked, purpose, basis, list(PURPOSES[purpose].most))
    if basis == LegalBasis.VITAL_INTEREST:
        assert asked == "consent.vital"
    else:
        assert asked == ("" if basis in PURPOSES[purpose].bases else "consent.basis")


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("category", DataCategory)
def test_no_more_may_be_told_than_the_purpose_needs(
    purpose: Purpose, category: DataCategory
) -> None:
    refused = code_of(check_asked, purpose, LegalBasis.CONSENT, [category])
    assert refused == ("" if category in PURPOSES[purpose].most else "consent.categories")


def test_nothing_and_unknown_things_may_not_be_told() -> None:
    for wrong in ([], ["photograph"], ["need", "photograph"]):
        assert code_of(check_asked, Purpose.ASSISTANCE, LegalBasis.CONSENT, wrong) == (
            "consent.categories"
        )


def heard(at: int = 0, **changes: Any) -> Heard:
    """A yes to the clinic, `at` hours after noon."""
    plain = Heard(
        S.GIVEN,
        LegalBasis.CONSENT,
        NAMED,
        CLINIC,
        frozenset({"need"}),
        TODAY - timedelta(days=5),
        TODAY + timedelta(days=5),
        NOON + timedelta(hours=at),
        uuid4(),
    )
    return replace(plain, **changes)


ANY: dict[str, Any] = {"recipient_class": ServiceType.HEALTH.value, "recipient_id": None}
KINDS = [ServiceType.HEALTH.value]


def stands(*rows: Heard, organisation: UUID = CLINIC, kinds: list[str] = KINDS) -> Heard | None:
    return rules.standing(rows, organisation, kinds, TODAY)


def test_a_yes_holds_for_whom_it_names_and_for_nobody_else() -> None:
    yes, wide = heard(), heard(**ANY)
    assert stands(yes) == yes
    assert stands(yes, organisation=OTHER) is None
    assert stands(wide, organisation=OTHER) == wide
    assert stands(wide, organisation=OTHER, kinds=["shelter"]) is None
    assert stands(wide, kinds=[]) is None
    # The word for "by name" is no kind of service.
    assert stands(yes, organisation=OTHER, kinds=[NAMED]) is None


@pytest.mark.parametrize("state", S)
def test_only_live_states_let_something_be_told(state: ConsentState) -> None:
    assert bool(stands(heard(state=state))) is (state in LIVE)


@pytest.mark.parametrize(
    ("starts", "ends", "holds"), [(-1, 1, True), (0, 0, True), (1, 5, False), (-5, -1, False)]
)
def test_both_days_are_included(starts: int, ends: int, holds: bool) -> None:
    row = heard(starts_on=TODAY + timedelta(days=starts), expires_on=TODAY + timedelta(days=ends))
    assert bool(stands(row)) is holds


@pytest.mark.parametrize("no", [S.REFUSED, S.WITHDRAWN])
def test_a_no_to_somebody_by_name_wins_over_a_yes_to_their_kind(no: ConsentState) -> None:
    refused = heard(0, state=no)
    assert stands(refused, heard(-1, **ANY)) is None
    assert stands(refused, heard(+1, **ANY)) is None
    assert stands(refused, heard(+1, **ANY), organisation=OTHER) is not None


@pytest.mark.parametrize("no", [S.REFUSED, S.WITHDRAWN])
def test_a_no_to_a_kind_counts_against_every_older_yes(no: ConsentState) -> None:
    refused = heard(0, state=no, **ANY)
    assert stands(heard(-1), refused) is None
    later = heard(+1)
    assert stands(refused, later) == later


def test_a_later_yes_by_name_counts_after_a_no_by_name() -> None:
    again = heard(+1)
    assert stands(heard(0, state=S.REFUSED), again) == again


def test_the_one_that_names_the_recipient_comes_first_then_the_newest() -> None:
    named, wide, newer = heard(0), heard(+1, **ANY), heard(+2, **ANY)
    assert stands(named, wide, newer) == named
    assert stands(wide, newer) == newer


def test_a_yes_whose_time_is_over_lets_a_yes_to_the_kind_stand() -> None:
    over, wide = heard(0, state=S.EXPIRED), heard(-1, **ANY)
    assert stands(over, wide) == wide


ROWS = st.lists(
    st.builds(
        lambda state, name, hour, kind: heard(
            hour, state=state, **(ANY if kind else {"recipient_id": name})
        ),
        st.sampled_from(S),
        st.sampled_from([CLINIC, OTHER]),
        st.integers(0, 50),
        st.booleans(),
    ),
    max_size=8,
    unique_by=lambda row: row.decided_at,
)


@given(ROWS)
def test_what_stands_is_live_about_the_recipient_and_newer_than_every_no(rows: list[Heard]) -> None:
    found = stands(*rows)
    noes = [row for row in rows if row.is_no() and row.is_about(CLINIC, KINDS)]
    if found is not None:
        assert found.is_live(TODAY)
        assert found.is_about(CLINIC, KINDS)
        assert all(no.decided_at < found.decided_at for no in noes)


@given(ROWS, st.integers(51, 99), st.sampled_from([S.REFUSED, S.WITHDRAWN]), st.booleans())
def test_a_no_that_comes_last_always_wins(
    rows: list[Heard], hour: int, state: ConsentState, is_wide: bool
) -> None:
    no = heard(hour, state=state, **(ANY if is_wide else {}))
    assert stands(*rows, no) is None


@given(ROWS)
def test_the_order_in_which_records_are_read_decides_nothing(rows: list[Heard]) -> None:
    assert stands(*rows) == stands(*reversed(rows))


def test_an_answer_takes_the_place_of_one_to_the_same_recipient_only() -> None:
    assert rules.takes_place_of(heard(1), heard(0))
    assert not rules.takes_place_of(heard(1), heard(0, state=S.REFUSED))
    assert not rules.takes_place_of(heard(1), heard(0, recipient_id=OTHER))
    assert not rules.takes_place_of(heard(1, **ANY), heard(0))


def test_an_answer_is_narrower_when_something_may_not_be_told_any_more() -> None:
    old = heard(0, categories=frozenset({"need", "health"}))
    assert rules.is_narrower(heard(1), old)
    assert not rules.is_narrower(replace(old, decided_at=NOON), heard(0))
    assert rules.is_narrower(replace(old, state=S.REFUSED), old)
    assert set(ANSWERS) - {S.REFUSED} == LIVE
