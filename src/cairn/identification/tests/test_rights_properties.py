"""What holds of every procedure, whatever happens in it: random courses through pure rules."""

import inspect
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cairn.core.errors import RuleBroken
from cairn.identification.rules import care, procedures, profiles, reflection, rights, telling
from cairn.identification.rules.procedures import NEGATIVE, REVIEWED, AgeStatus, Stage, State
from cairn.identification.rules.profiles import ENDING, FLOOR, AuthorityKind, Profile, Right
from cairn.identification.rules.reflection import ENDS, RUNS, SHORTENING, Reflection
from cairn.identification.rules.rights import Change, Entry

START = date(2026, 3, 1)
AHEAD = [timedelta(days=days) for days in (0, 1, 29, 30, 60, 200, 900, 40_000)]
DECIDERS = [UUID(int=number) for number in range(1, 4)]

lengths = st.one_of(st.none(), st.integers(1, 400))
with_length = [Right.RESIDENCE, Right.LEGAL_AID, Right.NON_PUNISHMENT]
opened = st.one_of(
    st.dictionaries(st.sampled_from(with_length), lengths),
    st.dictionaries(st.sampled_from(list(Right)), st.none()),
)
laws = st.builds(
    Profile,
    country=st.just("XTA"),
    source=st.just("Invented Act"),
    deciders=st.frozensets(st.sampled_from(list(AuthorityKind))),
    opens=st.dictionaries(st.sampled_from(profiles.OPENING_STAGES), opened),
    ends=st.dictionaries(
        st.sampled_from(sorted(ENDING)), st.frozensets(st.sampled_from(list(Right)))
    ),
    reflection_days=st.integers(30, 120),
    review_days=st.integers(0, 60),
)
# (what is tried, which of the possible choices, days that pass before)
moves = st.lists(
    st.tuples(
        st.sampled_from(["decide", "tell", "review", "reflect"]),
        st.integers(0, 20),
        st.integers(0, 50),
    ),
    max_size=25,
)


@dataclass
class Course:
    """One procedure, driven by the pure rules in the way in which the actions drive them."""

    law: Profile
    today: date = START
    outcomes: list[State] = field(default_factory=list)
    deciders: list[UUID] = field(default_factory=list)
    told: dict[int, date] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    steps: list[tuple[int, Reflection]] = field(default_factory=list)
    seen: list[State] = field(default_factory=list)

    @property
    def now(self) -> State:
        return procedures.state_of(self.outcomes)

    @property
    def period(self) -> int:
        return sum(
            each.right is Right.REFLECTION and each.change is Change.OPENED for each in self.entries
        )

    @property
    def reflecting(self) -> Reflection | None:
        if not self.period:
            return None
        own = [step for period, step in self.steps if period == self.period]
        return own[-1] if own else Reflection.ELIGIBLE

    def add(self, made: list[Entry]) -> None:
        self.entries += made

    def take(self, what: str, choice: int, days: int) -> None:
        self.today += timedelta(days=days)
        getattr(self, what)(choice)

    def decide(self, choice: int) -> None:
        outcomes = procedures.decidable(self.now)
        if not outcomes:
            return
        outcome = outcomes[choice % len(outcomes)]
        decider = DECIDERS[choice % len(DECIDERS)]
        if outcome in REVIEWED:
            first = self.deciders[-2]
            if decider == first:
                with pytest.raises(RuleBroken):
                    telling.check_reviewer(decider, first)
                return
            telling.check_reviewer(decider, first)
        lifted = len(self.outcomes)
        negative = self.now in ENDING | {State.UPHELD}
        self.outcomes.append(outcome)
        self.deciders.append(decider)
        number = len(self.outcomes)
        if outcome == State.UNDER_ASSESSMENT and negative:
            self.add(rights.after_lifting(lifted, self.entries, number, since=self.today))
        self.add(rights.after_decision(outcome, self.today, self.entries, self.law, number))

    def tell(self, choice: int) -> None:
        number = len(self.outcomes)
        if not number or number in self.told:
            return
        self.told[number] = self.today
        is_upheld = self.now == State.UPHELD
        judged = self.outcomes[-3] if is_upheld else self.now
        days = 0 if is_upheld else self.law.review_days
        self.add(
            rights.after_telling(
                judged, self.today, self.entries, self.law, number, review_days=days
            )
        )

    def review(self, choice: int) -> None:
        number = len(self.outcomes)
        day = self.told.get(number)
        last = None if day is None else telling.last_day_for_review(self.now, day, self.law)
        try:
            telling.check_review(
                self.now, self.today, decided_on=START, last_day=last, today=self.today
            )
        except RuleBroken:
            return
        self.outcomes.append(State.UNDER_REVIEW)
        self.deciders.append(DECIDERS[choice % len(DECIDERS)])
        self.add(rights.after_lifting(number, self.entries, number + 1))

    def reflect(self, choice: int) -> None:
        steps = reflection.possible_steps(self.reflecting)
        held = rights.standing(self.entries).get(Right.REFLECTION)
        if not steps:
            return
        step = steps[choice % len(steps)]
        try:
            reflection.check_open(held, step, self.today)
        except RuleBroken:
            return
        assert held is not None
        if step is Reflection.RUNNING:
            until = reflection.last_day(self.today, self.law.reflection_days)
            self.add(rights.reflection_begins(self.today, until, self.entries))
        elif step is Reflection.EXTENDED:
            assert held.ends_on is not None
            until = held.ends_on + timedelta(days=choice + 1)
            self.add(rights.reflection_extends(until, self.entries))
        elif step in SHORTENING:
            self.add(rights.reflection_ends(self.today, self.entries))
        self.steps.append((self.period, step))


def days_of(entries: list[Entry], right: Right, today: date) -> set[date]:
    """Days from today on at which the right holds: what is past, a newer entry does not tell."""
    newest = rights.standing(entries).get(right)
    return {today + ahead for ahead in AHEAD if newest is not None and newest.holds(today + ahead)}


@settings(max_examples=40, deadline=None)
@given(laws, moves)
def test_the_invariants_hold_after_every_step(
    law: Profile, taken: list[tuple[str, int, int]]
) -> None:
    course = Course(law)
    for what, choice, days in taken:
        before, was, decided = list(course.entries), course.now, len(course.outcomes)
        course.take(what, choice, days)
        entries, today = course.entries, course.today
        # Nothing that was written is changed, and an end never comes before its start.
        assert entries[: len(before)] == before
        assert all(each.ends_on is None or each.starts_on <= each.ends_on for each in entries)
        # Help, once opened, has no end here, whatever is found.
        assert all(each.ends_on is None for each in entries if each.right is Right.ASSISTANCE)
        if any(each.right is Right.ASSISTANCE for each in before):
            assert rights.holds(entries, Right.ASSISTANCE, today)
        new = course.outcomes[decided:]
        if new and new[0] in {State.REASONABLE_GROUNDS, State.OVERTURNED}:
            assert all(rights.holds(entries, right, today) for right in FLOOR)
        # Deciding, whichever way, shortens nothing; only a telling or the end of reflection does.
        if what in {"decide", "review"}:
            assert all(
                days_of(before, right, today) <= days_of(entries, right, today) for right in Right
            )
        if new and new[0] in NEGATIVE | {State.DEFERRED, State.UPHELD, State.DISCONTINUED}:
            assert entries == before
        # A telling ends only what the law ends by it.
        if what == "tell":
            judged = course.outcomes[-3] if was == State.UPHELD else was
            for right in Right:
                if right not in law.rights_ended(judged):
                    assert days_of(before, right, today) <= days_of(entries, right, today)
        # While the time for reflection runs, removal is barred to its last day.
        held = rights.standing(entries).get(Right.REFLECTION)
        if course.reflecting in RUNS and held is not None:
            assert held.ends_on is not None
            span = [day for day in (today, held.ends_on) if held.holds(day)]
            assert all(rights.holds(entries, Right.NO_REMOVAL, day) for day in span)
        # Under review every right that the decision would end stays as it was before its telling.
        if course.now == State.UNDER_REVIEW and was in NEGATIVE:
            ends = [each for each in entries if each.decision == decided]
            for right in {each.right for each in ends if each.change is Change.ENDED}:
                first = next(
                    place
                    for place, each in enumerate(entries)
                    if each.right is right
                    and each.change is Change.ENDED
                    and each.decision == decided
                )
                assert days_of(entries[:first], right, today) <= days_of(entries, right, today)


@settings(max_examples=20, deadline=None)
@given(laws, moves)
def test_lapse_of_time_refuses_nobody_and_ends_no_bar(
    law: Profile, taken: list[tuple[str, int, int]]
) -> None:
    course = Course(law)
    for what, choice, days in taken:
        if what == "tell" and course.now in ENDING | {State.UPHELD}:
            continue
        course.take(what, choice, days)
    # Nobody was told of anything that ends a right, so however long nothing happens, the bar and
    # the help stay, and the state is that of the last decision.
    opened_once = {each.right for each in course.entries}
    for right in {Right.ASSISTANCE, Right.NO_REMOVAL} & opened_once:
        assert rights.holds(course.entries, right, course.today + timedelta(days=40_000))
    assert course.now == (course.outcomes[-1] if course.outcomes else State.DETECTED)


# Whoever wishes to work with the police and whoever does not; and all the other ends.
ALIKE = [
    (one, other)
    for kind in (SHORTENING, ENDS - SHORTENING)
    for one in sorted(kind)
    for other in sorted(kind)
]


@settings(max_examples=20, deadline=None)
@given(laws, st.sampled_from(ALIKE))
def test_how_the_time_for_reflection_ended_changes_neither_rights_nor_decisions(
    law: Profile, ends: tuple[Reflection, Reflection]
) -> None:
    courses = []
    for end in ends:
        course = Course(law)
        for outcome in (State.UNDER_ASSESSMENT, State.REASONABLE_GROUNDS):
            course.decide(procedures.decidable(course.now).index(outcome))
        for step in (Reflection.OFFERED, Reflection.RUNNING, end):
            course.reflect(reflection.possible_steps(course.reflecting).index(step))
        courses.append(course)
    assert courses[0].entries == courses[1].entries
    assert courses[0].now == courses[1].now == State.REASONABLE_GROUNDS


@pytest.mark.parametrize("module", [procedures, profiles, rights, telling])
def test_cooperation_with_the_police_is_an_input_of_no_rule(module: object) -> None:
    functions = [
        each
        for _name, each in inspect.getmembers(module, inspect.isfunction)
        if each.__module__ == getattr(module, "__name__", "")
    ]
    assert functions
    for function in functions:
        for name in inspect.signature(function).parameters:
            assert not any(part in name for part in ("cooperat", "police", "testif"))


def test_no_reason_of_a_decision_is_about_cooperation_or_time() -> None:
    for ground in procedures.Ground:
        words = f"{ground.value} {ground.label}".lower()
        assert not any(part in words for part in ("cooperat", "police", "testi", "late", "lapse"))
    assert set(procedures.GROUNDS) == set(State) - {State.DETECTED}


@given(
    st.sampled_from([AgeStatus.CHILD, AgeStatus.DISPUTED]),
    st.booleans(),
    st.sampled_from([None, *care.BestOutcome]),
)
def test_no_child_and_nobody_of_disputed_age_is_interviewed_without_guardian_and_best_interests(
    status: AgeStatus, guarded: bool, outcome: care.BestOutcome | None
) -> None:
    guardians = [care.Guarded(START, None)] if guarded else []
    steps = [care.Step(care.Question.INTERVIEW, outcome, START, None)] if outcome else []
    care.check_interview(AgeStatus.ADULT, START, [], [])
    if guarded and outcome in {care.BestOutcome.YES, care.BestOutcome.SAFEGUARDS}:
        care.check_interview(status, START, guardians, steps)
        return
    with pytest.raises(RuleBroken) as refusal:
        care.check_interview(status, START, guardians, steps)
    assert refusal.value.code == ("interview.best-interests" if guarded else "interview.guardian")


@settings(max_examples=30, deadline=None)
@given(laws)
def test_reasonable_grounds_open_the_floor_whatever_the_profile_forgets(law: Profile) -> None:
    found = law.rights_opened(Stage.REASONABLE_GROUNDS)
    assert set(found) >= FLOOR
    assert all(found[right] is None for right in FLOOR)
    for outcome in State:
        assert Right.ASSISTANCE not in law.rights_ended(outcome)
        assert outcome in ENDING or not law.rights_ended(outcome)
