"""Tokens, tellings, reviews, profiles and steps one by one: pure, each refusal with its code."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from uuid import UUID

import pytest

from cairn.core.errors import RuleBroken
from cairn.identification.rules import care, duty, profiles, reflection, rights, telling
from cairn.identification.rules.care import Guarded, InterviewState, Question, Step
from cairn.identification.rules.procedures import AgeStatus, Stage, Standard, State
from cairn.identification.rules.profiles import AuthorityKind, Profile, Right
from cairn.identification.rules.reflection import Reflection
from cairn.identification.rules.rights import Change, Entry
from cairn.identification.rules.telling import Interpreter, Telling, ToldHow, ToldTo

DAY = date(2026, 3, 10)
LAW = Profile(country="XTA", source="Invented Act")


def later(days: int) -> date:
    return DAY + timedelta(days=days)


def refused(code: str, act: Callable[[], object]) -> None:
    with pytest.raises(RuleBroken) as refusal:
        act()
    assert refusal.value.code == code


def test_a_token_catches_every_wrong_sign_and_every_two_that_changed_places() -> None:
    token = duty.drawn()
    assert duty.tidied(token.lower().replace("-", " ")) == token
    signs = token.replace("-", "")
    for place, sign in enumerate(signs):
        for other in duty.ALPHABET:
            if other != sign:
                assert duty.tidied(signs[:place] + other + signs[place + 1 :]) == ""
    for one in range(len(signs)):
        for two in range(one + 1, len(signs)):
            swapped = list(signs)
            swapped[one], swapped[two] = swapped[two], swapped[one]
            if swapped != list(signs):
                assert duty.tidied("".join(swapped)) == ""


def test_a_mistyped_token_is_told_from_an_unknown_one() -> None:
    for typed in ("", "222", "no token at all", duty.drawn() + "2"):
        refused("duty.typing", partial(duty.check_token, typed))
    assert duty.check_token(" 222-222-222-222 ") == "222-222-222-222"
    assert len({duty.drawn() for _each in range(50)}) == 50


TOLD = Telling(DAY, ToldTo.PERSON, ToldHow.BOTH, "ne")


@pytest.mark.parametrize(
    ("told", "age", "code"),
    [
        (TOLD, AgeStatus.ADULT, ""),
        (replace(TOLD, told_on=later(-2)), AgeStatus.ADULT, "telling.day"),
        (replace(TOLD, told_on=later(1)), AgeStatus.ADULT, "telling.day"),
        (replace(TOLD, language="fr"), AgeStatus.ADULT, "telling.language"),
        (
            replace(TOLD, language="fr", interpreter=Interpreter.CHECKED),
            AgeStatus.ADULT,
            "",
        ),
        (TOLD, AgeStatus.CHILD, "telling.guardian"),
        (TOLD, AgeStatus.DISPUTED, "telling.guardian"),
        (replace(TOLD, told_to=ToldTo.GUARDIAN), AgeStatus.DISPUTED, ""),
    ],
)
def test_somebody_is_told_in_a_language_and_a_child_with_the_guardian(
    told: Telling, age: AgeStatus, code: str
) -> None:
    law = replace(LAW, languages=("ne",))

    def tell() -> None:
        telling.check_telling(told, law, age, decided_on=later(-1), today=DAY)

    if code:
        refused(code, tell)
    else:
        tell()


def test_a_review_is_asked_for_in_its_days_and_without_end_where_nobody_was_told() -> None:
    short = replace(LAW, review_days=20)
    last = telling.last_day_for_review(State.CONCLUSIVE_NEGATIVE, DAY, short)
    assert last == later(20)
    assert telling.last_day_for_review(State.CONCLUSIVE_POSITIVE, DAY, short) is None

    def ask(now: State, on: date, last_day: date | None) -> None:
        telling.check_review(now, on, decided_on=DAY, last_day=last_day, today=later(4_000))

    for now in (State.NO_REASONABLE_GROUNDS, State.CONCLUSIVE_NEGATIVE):
        ask(now, later(20), last)
        ask(now, later(3_900), None)
        refused("review.late", partial(ask, now, later(21), last))
        refused("review.day", partial(ask, now, later(-1), last))
    for now in set(State) - {State.NO_REASONABLE_GROUNDS, State.CONCLUSIVE_NEGATIVE}:
        refused("review.move", partial(ask, now, DAY, last))
    one, other = UUID(int=1), UUID(int=2)
    telling.check_reviewer(one, other)
    refused("review.same-person", lambda: telling.check_reviewer(one, one))


@pytest.mark.parametrize(
    ("law", "code"),
    [
        (LAW, ""),
        (replace(LAW, source=" "), "profile.source"),
        (replace(LAW, reflection_days=29), "profile.reflection"),
        (replace(LAW, review_days=-1), "profile.review"),
        (
            replace(LAW, ends={State.CONCLUSIVE_NEGATIVE: frozenset({Right.ASSISTANCE})}),
            "profile.ends",
        ),
        (replace(LAW, ends={State.DEFERRED: frozenset({Right.RESIDENCE})}), "profile.ends"),
        (replace(LAW, opens={Stage.END: {Right.RESIDENCE: 9}}), "profile.opens"),
        (replace(LAW, opens={Stage.CONCLUSIVE: {Right.NO_REMOVAL: 9}}), "profile.opens"),
        (replace(LAW, opens={Stage.CONCLUSIVE: {Right.RESIDENCE: 0}}), "profile.days"),
        (
            replace(LAW, standards={Stage.CONCLUSIVE: frozenset({Standard.GROUNDS})}),
            "profile.standards",
        ),
        (replace(LAW, standards={Stage.CONCLUSIVE: frozenset()}), "profile.standards"),
    ],
)
def test_a_profile_that_cannot_be_the_law_is_refused(law: Profile, code: str) -> None:
    if code:
        refused(code, lambda: profiles.check_profile(law))
    else:
        profiles.check_profile(law)


def test_a_profile_is_stored_in_codes_and_read_again() -> None:
    law = replace(
        LAW,
        deciders=frozenset({AuthorityKind.PANEL, AuthorityKind.NGO}),
        standards={Stage.CONCLUSIVE: frozenset({Standard.SURE})},
        opens={Stage.CONCLUSIVE: {Right.RESIDENCE: 180, Right.LEGAL_AID: None}},
        ends={State.CONCLUSIVE_NEGATIVE: frozenset({Right.NO_REMOVAL})},
        languages=("ne", "en"),
    )
    assert Profile.of(law.stored()) == law
    assert law.takes(State.CONCLUSIVE_POSITIVE) == {Standard.SURE}
    assert law.takes(State.OVERTURNED, State.CONCLUSIVE_NEGATIVE) == {Standard.SURE}
    assert law.takes(State.UPHELD, State.NO_REASONABLE_GROUNDS) == {Standard.GROUNDS}


@pytest.mark.parametrize("outcome", [state for state in State if state != State.DETECTED])
@pytest.mark.parametrize("kind", ["", *AuthorityKind.values])
def test_only_the_kinds_of_authority_that_the_profile_names_decide(
    outcome: State, kind: str
) -> None:
    law = replace(LAW, deciders=frozenset({AuthorityKind.PANEL}))
    profiles.check_authority_kind(kind, outcome, LAW)
    finds_nothing = {State.UNDER_ASSESSMENT, State.UNDER_REVIEW, State.DISCONTINUED}
    if kind == "panel" or outcome in finds_nothing:
        profiles.check_authority_kind(kind, outcome, law)
        return
    refused("decision.authority-kind", lambda: profiles.check_authority_kind(kind, outcome, law))


def test_the_time_for_reflection_goes_its_way_and_its_end_stays_an_end() -> None:
    wanted = {
        Reflection.ELIGIBLE: {Reflection.OFFERED},
        Reflection.OFFERED: {Reflection.RUNNING},
        Reflection.RUNNING: {Reflection.EXTENDED, *reflection.ENDS},
        Reflection.EXTENDED: {Reflection.EXTENDED, *reflection.ENDS},
    }
    for now in Reflection:
        for to in Reflection:
            if to in wanted.get(now, set()):
                reflection.check_step(now, to)
            else:
                refused("reflection.step", partial(reflection.check_step, now, to))
    assert reflection.possible_steps(None) == []
    assert reflection.last_day(DAY, 30) == later(29)
    refused("reflection.until", lambda: reflection.check_extension(DAY, before=DAY))
    refused("reflection.until", lambda: reflection.check_extension(None, before=DAY))
    refused("reflection.day", lambda: reflection.check_step_day(later(1), since=DAY, today=DAY))


def test_nothing_begins_and_nothing_is_extended_once_a_decision_ended_the_right() -> None:
    ended = Entry(Right.REFLECTION, Change.ENDED, DAY, later(5), 3)
    reflection.check_open(ended, Reflection.OFFERED, later(5))
    for to, on in ((Reflection.OFFERED, later(6)), (Reflection.EXTENDED, DAY)):
        refused("reflection.not-open", partial(reflection.check_open, ended, to, on))
    refused("reflection.not-open", lambda: reflection.check_open(None, Reflection.OFFERED, DAY))
    lapsed = Entry(Right.REFLECTION, Change.BEGUN, DAY, later(29), 2)
    reflection.check_open(lapsed, Reflection.EXTENDED, later(40))


def test_a_refusal_ends_what_the_law_ends_after_the_days_for_a_review_and_no_day_before() -> None:
    law = replace(
        LAW, review_days=20, ends={State.CONCLUSIVE_NEGATIVE: frozenset({Right.NO_REMOVAL})}
    )
    entries = rights.after_decision(State.REASONABLE_GROUNDS, DAY, [], law, 2)
    assert [entry.right for entry in entries] == [
        Right.ASSISTANCE,
        Right.NO_REMOVAL,
        Right.REFLECTION,
    ]
    assert rights.after_decision(State.CONCLUSIVE_NEGATIVE, later(9), entries, law, 3) == []
    made = rights.after_telling(
        State.CONCLUSIVE_NEGATIVE, later(10), entries, law, 3, review_days=law.review_days
    )
    assert made == [Entry(Right.NO_REMOVAL, Change.ENDED, DAY, later(30), 3)]
    lifted = rights.after_lifting(3, [*entries, *made], 4)
    assert lifted == [Entry(Right.NO_REMOVAL, Change.EXTENDED, DAY, None, 4)]
    # Taken up again after the end had come, the right is not alive again by itself.
    assert rights.after_lifting(3, [*entries, *made], 4, since=later(31)) == []


def test_a_right_with_days_is_never_made_shorter_by_a_further_decision() -> None:
    law = replace(
        LAW,
        opens={
            Stage.OPENING: {Right.RESIDENCE: 100, Right.LEGAL_AID: 10},
            Stage.CONCLUSIVE: {Right.RESIDENCE: 10, Right.LEGAL_AID: None},
        },
    )
    entries = rights.after_decision(State.UNDER_ASSESSMENT, DAY, [], law, 1)
    assert [entry.ends_on for entry in entries] == [later(99), later(9)]
    made = rights.after_decision(State.CONCLUSIVE_POSITIVE, later(5), entries, law, 3)
    assert made == [Entry(Right.LEGAL_AID, Change.EXTENDED, DAY, None, 3)]


def test_guardians_and_steps_hold_on_their_days_only() -> None:
    guardians = [Guarded(later(1), later(3))]
    assert [care.has_guardian(guardians, later(day)) for day in range(5)] == [
        False,
        True,
        True,
        True,
        False,
    ]
    yes = Step(Question.INTERVIEW, care.BestOutcome.YES, DAY, later(2))
    no = replace(yes, outcome=care.BestOutcome.NO)

    def hold(steps: list[Step], on: date) -> None:
        care.check_interview(AgeStatus.DISPUTED, on, guardians, steps)

    hold([no, yes], later(2))
    for steps, on in (
        ([], later(2)),
        ([yes, no], later(2)),
        ([yes], later(3)),
        ([replace(yes, assessed_on=later(3), review_on=None)], later(2)),
        ([replace(yes, question=Question.RETURN)], later(2)),
    ):
        refused("interview.best-interests", partial(hold, steps, on))


def test_the_small_refusals_of_care_have_their_codes() -> None:
    refused(
        "interview.interpreter",
        lambda: care.check_interpreter(InterviewState.HELD, Interpreter.UNCHECKED),
    )
    refused(
        "interview.move",
        lambda: care.check_interview_move(InterviewState.HELD, InterviewState.CANCELLED),
    )
    refused("interview.day", lambda: care.check_interview_day(later(1), today=DAY))
    refused("guardian.appointed", lambda: care.check_guardianship(" ", "Name", DAY, None))
    refused("guardian.name", lambda: care.check_guardianship("Court", " ", DAY, None))
    refused("guardian.days", lambda: care.check_guardianship("Court", "N", DAY, later(-1)))
    refused("guardian.days", lambda: care.check_guardian_end(DAY, later(3), later(4)))
    refused("best-interests.day", lambda: care.check_step(later(1), None, today=DAY))
    refused("best-interests.review", lambda: care.check_step(DAY, DAY, today=DAY))
    care.check_age_change(AgeStatus.ADULT, AgeStatus.CHILD, may_decide=False)
    care.check_age_change(AgeStatus.CHILD, AgeStatus.ADULT, may_decide=True)
    refused(
        "age.adult",
        lambda: care.check_age_change(AgeStatus.CHILD, AgeStatus.ADULT, may_decide=False),
    )
