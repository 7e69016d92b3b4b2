"""Rules about children, assessments and identities, one by one."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from cairn.core.errors import RuleBroken
from cairn.referral.rules import persons_conflicts as conflicts
from cairn.referral.rules import persons_gates as gates
from cairn.referral.rules import persons_identity as identity
from cairn.referral.rules import persons_needs as needs
from cairn.referral.rules.choices import Need, Urgency
from cairn.referral.rules.persons import AgeBand
from cairn.referral.rules.persons_contact import AdultGround, PanelKind, RiskFactor, RiskLevel
from cairn.referral.rules.persons_gates import BestOutcome, Finding, Guarded, Question

DAY = date(2026, 3, 10)
CHILDREN = [AgeBand.CHILD, AgeBand.AGE_DISPUTED]
LONG_AGO = date(2026, 1, 1)


def code_of(refused: Any) -> str:
    found: str = refused.value.code
    return found


@pytest.mark.parametrize(
    ("guardian", "holds"),
    [
        (Guarded(DAY), True),
        (Guarded(DAY, DAY), True),
        (Guarded(LONG_AGO, DAY), True),
        (Guarded(LONG_AGO, DAY - timedelta(days=1)), False),
        (Guarded(DAY + timedelta(days=1)), False),
    ],
)
@pytest.mark.parametrize("age", CHILDREN)
def test_a_child_needs_a_guardian_on_that_day(age: AgeBand, guardian: Any, holds: bool) -> None:
    assert gates.is_guarded(age, [guardian], DAY) is holds
    if holds:
        gates.check_guarded(age, [guardian], DAY)
        return
    with pytest.raises(RuleBroken) as refused:
        gates.check_guarded(age, [guardian], DAY)
    assert code_of(refused) == "person.guardian"


@pytest.mark.parametrize("age", CHILDREN)
def test_an_emergency_is_said_in_words_and_does_not_wait_for_a_guardian(age: AgeBand) -> None:
    gates.check_guarded(age, [], DAY, emergency="Bleeding, no hospital nearby.")
    with pytest.raises(RuleBroken):
        gates.check_guarded(age, [], DAY, emergency="   ")


def test_an_adult_needs_no_guardian() -> None:
    gates.check_guarded(AgeBand.ADULT, [], DAY)
    assert gates.serves_child(AgeBand.ADULT, [], Question.RETURN, DAY)


def finding(
    question: Question = Question.RETURN,
    outcome: BestOutcome = BestOutcome.YES,
    kind: PanelKind = PanelKind.DETERMINATION,
    on: date = LONG_AGO,
    review_on: date | None = None,
) -> Finding:
    return Finding(question, kind, outcome, on, review_on)


@pytest.mark.parametrize("question", Question)
@pytest.mark.parametrize("outcome", BestOutcome)
@pytest.mark.parametrize("kind", PanelKind)
def test_only_a_yes_opens_and_a_return_only_by_a_determination(
    question: Question, outcome: BestOutcome, kind: PanelKind
) -> None:
    is_yes = outcome in {BestOutcome.YES, BestOutcome.SAFEGUARDS}
    is_enough = kind == PanelKind.DETERMINATION or question != Question.RETURN
    found = finding(question, outcome, kind)
    assert gates.serves_child(AgeBand.CHILD, [found], question, DAY) is (is_yes and is_enough)


def test_the_newest_finding_counts() -> None:
    no = finding(outcome=BestOutcome.NO)
    assert not gates.serves_child(AgeBand.CHILD, [finding(), no], Question.RETURN, DAY)
    assert gates.serves_child(AgeBand.CHILD, [no, finding()], Question.RETURN, DAY)


def test_a_mere_assessment_takes_a_determination_away_and_does_not_replace_it() -> None:
    doubt = finding(outcome=BestOutcome.NOT_NOW, kind=PanelKind.ASSESSMENT)
    good = finding(kind=PanelKind.ASSESSMENT)
    old = finding(review_on=DAY - timedelta(days=1))
    assert not gates.serves_child(AgeBand.CHILD, [finding(), doubt], Question.RETURN, DAY)
    assert not gates.serves_child(AgeBand.CHILD, [old, good], Question.RETURN, DAY)
    assert gates.serves_child(AgeBand.CHILD, [finding(), good], Question.RETURN, DAY)


def test_a_finding_of_another_question_or_of_a_day_to_come_opens_nothing() -> None:
    other = finding(Question.FAMILY)
    later = finding(on=DAY + timedelta(days=1))
    assert not gates.serves_child(AgeBand.CHILD, [other, later], Question.RETURN, DAY)


def test_a_finding_holds_until_the_day_on_which_it_is_looked_at_again() -> None:
    found = finding(review_on=DAY)
    assert gates.serves_child(AgeBand.CHILD, [found], Question.RETURN, DAY)
    assert not gates.serves_child(AgeBand.CHILD, [found], Question.RETURN, DAY + timedelta(days=1))


@pytest.mark.parametrize("question", Question)
def test_what_nobody_found_is_refused_with_what_to_do(question: Question) -> None:
    gates.check_serves_child(AgeBand.ADULT, [], question, DAY)
    with pytest.raises(RuleBroken) as refused:
        gates.check_serves_child(AgeBand.CHILD, [], question, DAY)
    assert code_of(refused) == "person.best-interests"
    assert refused.value.remedy


@pytest.mark.parametrize("kind", PanelKind)
@pytest.mark.parametrize("question", Question)
@pytest.mark.parametrize("outcome", BestOutcome)
def test_one_colleague_alone_never_finds_that_a_child_returns(
    kind: PanelKind, question: Question, outcome: BestOutcome
) -> None:
    refused = (
        question == Question.RETURN
        and outcome in {BestOutcome.YES, BestOutcome.SAFEGUARDS}
        and kind == PanelKind.ASSESSMENT
    )
    if not refused:
        gates.check_panel(kind, question, outcome)
        return
    with pytest.raises(RuleBroken) as broken:
        gates.check_panel(kind, question, outcome)
    assert code_of(broken) == "interests.kind"


@pytest.mark.parametrize("now", AgeBand)
@pytest.mark.parametrize("to", AgeBand)
@pytest.mark.parametrize("ground", ["", "because", *AdultGround.values])
def test_a_child_becomes_an_adult_on_a_ground_only(now: AgeBand, to: AgeBand, ground: str) -> None:
    if now in CHILDREN and to == AgeBand.ADULT and ground not in AdultGround.values:
        with pytest.raises(RuleBroken) as refused:
            gates.check_age(now, to, ground)
        assert code_of(refused) == "person.adult"
    else:
        gates.check_age(now, to, ground)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"appointed_by": " "}, "guardian.by"),
        ({"name": ""}, "guardian.name"),
        ({"ends_on": DAY - timedelta(days=1)}, "guardian.days"),
    ],
)
def test_a_guardian_has_a_name_a_court_and_days_in_order(wrong: Any, code: str) -> None:
    right = {"appointed_by": "A court", "name": "N", "starts_on": DAY, "ends_on": DAY}
    gates.check_guardian(**right)  # type: ignore[arg-type]
    with pytest.raises(RuleBroken) as refused:
        gates.check_guardian(**right | wrong)
    assert code_of(refused) == code


@pytest.mark.parametrize(
    ("until", "ends_on", "is_fine"),
    [
        (None, DAY, True),
        (None, LONG_AGO, False),
        (DAY, DAY, True),
        (DAY, DAY + timedelta(days=1), False),
    ],
)
def test_a_guardianship_ends_between_its_days(until: Any, ends_on: date, is_fine: bool) -> None:
    if is_fine:
        gates.check_guardian_end(DAY, until, ends_on)
        return
    with pytest.raises(RuleBroken) as refused:
        gates.check_guardian_end(DAY, until, ends_on)
    assert code_of(refused) == "guardian.days"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"decided_by": " "}, "interests.by"),
        ({"decided_on": DAY + timedelta(days=1)}, "interests.day"),
        ({"review_on": LONG_AGO}, "interests.review"),
    ],
)
def test_a_finding_says_who_and_when(wrong: Any, code: str) -> None:
    right = {"decided_by": "A panel", "decided_on": LONG_AGO, "review_on": DAY}
    gates.check_finding(**right, today=DAY)  # type: ignore[arg-type]
    with pytest.raises(RuleBroken) as refused:
        gates.check_finding(**right | wrong, today=DAY)
    assert code_of(refused) == code


def test_an_adult_decides_and_a_name_is_a_name() -> None:
    gates.check_child(AgeBand.AGE_DISPUTED)
    broken: Callable[[], None]
    for broken, code in (
        (lambda: gates.check_child(AgeBand.ADULT), "interests.child"),
        (lambda: gates.check_alias("  "), "alias.name"),
        (lambda: gates.check_alias_used(DAY), "alias.ended"),
    ):
        with pytest.raises(RuleBroken) as refused:
            broken()
        assert code_of(refused) == code
    gates.check_alias("N")
    gates.check_alias_used(None)


# -- needs and danger ----------------------------------------------------------------------------


@pytest.mark.parametrize("level", RiskLevel)
def test_the_greater_the_danger_the_sooner_it_is_looked_at_again(level: RiskLevel) -> None:
    days = [needs.REVIEW_AFTER[each] for each in RiskLevel]
    assert days == sorted(days, reverse=True)
    day = needs.review_day(level, DAY, None)
    needs.check_risk([], DAY, day, DAY)
    assert needs.review_day(level, DAY, DAY + timedelta(days=3)) == DAY + timedelta(days=3)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"factors": ["near", "unheard-of"]}, "assessment.factors"),
        ({"assessed_on": DAY + timedelta(days=1)}, "assessment.day"),
        ({"review_on": DAY}, "assessment.review"),
        ({"review_on": DAY + timedelta(days=181)}, "assessment.review"),
    ],
)
def test_a_danger_is_assessed_in_order(wrong: Any, code: str) -> None:
    right: dict[str, Any] = {
        "factors": [RiskFactor.NEAR],
        "assessed_on": DAY,
        "review_on": DAY + timedelta(days=180),
    }
    needs.check_risk(**right, today=DAY)
    with pytest.raises(RuleBroken) as refused:
        needs.check_risk(**right | wrong, today=DAY)
    assert code_of(refused) == code


@pytest.mark.parametrize(
    ("found", "on", "code"),
    [
        ({"wings": "urgent"}, DAY, "assessment.needs"),
        ({"health": "soon"}, DAY, "assessment.needs"),
        ({}, DAY + timedelta(days=1), "assessment.day"),
    ],
)
def test_needs_come_from_the_lists(found: Any, on: date, code: str) -> None:
    needs.check_needs({}, DAY, DAY)
    needs.check_needs(dict.fromkeys(Need.values, "urgent"), DAY, DAY)
    with pytest.raises(RuleBroken) as refused:
        needs.check_needs(found, on, DAY)
    assert code_of(refused) == code


def test_what_cannot_wait_stands_first() -> None:
    found = {"legal": "routine", "health": "urgent", "safe-place": "routine", "child": "emergency"}
    assert [need for need, _urgency in needs.in_order(found)] == [
        "child",
        "health",
        "safe-place",
        "legal",
    ]
    assert needs.SOONEST_FIRST[0] == Urgency.EMERGENCY


# -- identity ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "birth",
    ["", "1998", "1998-04", "1998-04-03", "2000-02-29", "2026", "2026-03-10"],
)
def test_as_much_of_a_birth_as_is_known(birth: str) -> None:
    identity.check_birth(birth, today=DAY)


@pytest.mark.parametrize(
    "birth",
    ["98", "1998-13", "1998-02-30", "2027", "2026-03-11", "1899", "3.4.1998", "1998-4-3", "x"],
)
def test_no_other_birth(birth: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        identity.check_birth(birth, today=DAY)
    assert code_of(refused) == "identity.birth"


def test_what_is_empty_or_not_known_here_is_left_out() -> None:
    found = identity.tidied(
        {
            "given": "  Zar   quil ",
            "family": "",
            "others": ["A", " A ", ""],
            "documents": [{"kind": "", "number": " X 1 "}, {"kind": "passport", "number": " "}],
            "religion": "none of anybody's business",
        }
    )
    assert found == {
        "given": "Zar quil",
        "others": ["A"],
        "documents": [{"kind": "other", "number": "X 1"}],
    }
    assert identity.tidied({"given": " "}) == {}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"nationality": "XXX"}, "identity.nationality"),
        ({"sex": "x"}, "identity.sex"),
        ({"documents": [{"kind": "library-card", "number": "1"}]}, "identity.documents"),
        ({"given": "x" * 201}, "identity.long"),
        ({"phones": [str(each) for each in range(21)]}, "identity.long"),
    ],
)
def test_an_identity_holds_what_its_lists_know(wrong: Any, code: str) -> None:
    right = {"nationality": "NPL", "sex": "female", "given": "Zarquil"}
    identity.check_identity(right, today=DAY)
    with pytest.raises(RuleBroken) as refused:
        identity.check_identity(right | wrong, today=DAY)
    assert code_of(refused) == code


def test_an_identity_is_read_as_lines() -> None:
    text = identity.in_words(
        {
            "given": "Zarquil",
            "sex": "female",
            "nationality": "NPL",
            "others": ["Zarkil", "Zarqeel"],
            "documents": [{"kind": "passport", "number": "X1"}],
        }
    )
    assert text.splitlines() == [
        "Given names: Zarquil",
        "Other spellings and names: Zarkil; Zarqeel",
        "Sex: Female",
        "Nationality: Nepal",
        "Papers: Passport X1",
    ]
    assert identity.in_words(None) == ""


def test_whom_to_avoid_is_a_list_that_people_can_read() -> None:
    assert identity.lines([" a ", "", "a", "b"]) == ["a", "b"]
    identity.check_lines(["x" * 200] * 20)
    for wrong in (["x" * 201], ["x"] * 21):
        with pytest.raises(RuleBroken) as refused:
            identity.check_lines(wrong)
        assert code_of(refused) == "person.lines"


# -- resolving -----------------------------------------------------------------------------------


def test_only_what_is_open_and_was_written_can_be_chosen() -> None:
    conflicts.check_open(None)
    conflicts.check_clear(is_sealed=False)
    conflicts.check_sealed(is_sealed=True)
    conflicts.check_value("a", ["a", "b"])
    conflicts.check_both(False, "identity")
    conflicts.check_both(True, "note")
    conflicts.check_readable(True)
    conflicts.check_unchanged("m", "m")
    broken: Callable[[], None]
    for broken, code in (
        (lambda: conflicts.check_open(DAY), "conflict.resolved"),  # type: ignore[arg-type]
        (lambda: conflicts.check_clear(is_sealed=True), "conflict.sealed"),
        (lambda: conflicts.check_sealed(is_sealed=False), "conflict.clear"),
        (lambda: conflicts.check_value("c", ["a", "b"]), "conflict.value"),
        (lambda: conflicts.check_both(True, "identity"), "conflict.both"),
        (lambda: conflicts.check_readable(False), "conflict.unreadable"),
        (lambda: conflicts.check_unchanged("m", "n"), "conflict.changed"),
    ):
        with pytest.raises(RuleBroken) as refused:
            broken()
        assert code_of(refused) == code


def test_two_texts_put_together_lose_nothing() -> None:
    assert conflicts.joined("a", "b") == "a\n\nb"
    assert conflicts.joined("", "b") == "b"
    assert conflicts.joined(["a", "b"], ["b", "c"]) == ["a", "b", "c"]
    assert conflicts.joined(None, ["b"]) == ["b"]
