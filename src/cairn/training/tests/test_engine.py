"""Who trained whom: the rules on small scenes; whole and event by event against an oracle."""

from collections import defaultdict
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cairn.training.engine import (
    NO_GENERATION,
    PARTS,
    Cascade,
    Delivery,
    DeliveryRefused,
    GenerationRow,
    Loss,
    Node,
    Standing,
    Teacher,
    loss_of,
    pack,
)
from cairn.training.engine.columns import sort
from cairn.training.engine.generations import reach

ANNA, BILAL, CARMEN, DINA, EMEKA = range(5)


def event(number: int, day: int, teachers: Any = (), completed: Any = (), **more: Any) -> Delivery:
    """An event of one day. `teachers`: persons who taught all of it for an hour, or Teachers."""
    found = tuple(
        each if isinstance(each, Teacher) else Teacher(each, 60, 1.0) for each in teachers
    )
    return Delivery(number, day, more.pop("ends", day), found, tuple(completed), **more)


def cascade(*events: Delivery, roots: Any = (ANNA,), **more: Any) -> Cascade:
    return Cascade(pack(events, roots=roots), **more)


# Generations


def test_a_generation_is_one_more_than_the_lowest_of_the_trainers() -> None:
    found = cascade(
        event(1, 1, [ANNA], [BILAL]),
        event(2, 2, [BILAL], [CARMEN]),
        event(3, 3, [BILAL, CARMEN], [DINA]),
        event(4, 4, [CARMEN], [EMEKA]),
    )
    assert [found.generation(each) for each in (1, 2, 3, 4)] == [1, 2, 2, 3]
    assert found.node(DINA) == Node(2, 3, 3)
    assert found.node(ANNA) == Node(0)


def test_what_a_trainer_completed_counts_from_the_day_after() -> None:
    events = [event(1, 1, [ANNA], [BILAL], ends=3), event(2, 3, [BILAL], [CARMEN])]
    assert cascade(*events).generation(2) == NO_GENERATION
    later = replace(events[1], starts=4, ends=4)
    assert cascade(events[0], later).generation(2) == 2


def test_events_of_one_day_do_not_make_each_other() -> None:
    found = cascade(event(1, 5, [BILAL], [CARMEN]), event(2, 5, [ANNA], [BILAL]))
    assert found.generation(1) == NO_GENERATION
    assert found.node(CARMEN) is None


def test_two_who_train_each_other_keep_the_order_of_time() -> None:
    found = cascade(
        event(1, 1, [ANNA], [BILAL]),
        event(2, 2, [BILAL], [CARMEN]),
        event(3, 3, [CARMEN], [BILAL]),
        event(4, 4, [BILAL], [DINA]),
    )
    assert [found.generation(each) for each in (1, 2, 3, 4)] == [1, 2, 3, 2]
    assert found.node(BILAL) == Node(1, 1, 1)


@pytest.mark.parametrize(("share", "generation"), [(0.49, NO_GENERATION), (0.5, 1), (1, 1)])
def test_who_taught_less_than_half_of_the_objectives_is_not_the_trainer(
    share: float, generation: int
) -> None:
    assert cascade(event(1, 1, [Teacher(ANNA, 60, share)], [BILAL])).generation(1) == generation


def test_the_share_that_links_can_be_set_by_the_plan() -> None:
    events = (event(1, 1, [Teacher(ANNA, 60, 0.34)], [BILAL]),)
    assert cascade(*events, minimum_share=1 / 3).generation(1) == 1
    # 0.1 + 0.2 of floating point is not 0.3, yet the trainer taught it.
    rounding = (event(1, 1, [Teacher(ANNA, 60, 0.3)], [BILAL]),)
    assert cascade(*rounding, minimum_share=0.1 + 0.2).generation(1) == 1


def test_an_event_whose_trainers_came_from_outside_is_the_first_generation() -> None:
    found = cascade(
        event(1, 1, [], [BILAL], is_root=True), event(2, 2, [BILAL], heads=31), roots=()
    )
    assert [found.generation(each) for each in (1, 2)] == [1, 2]


def test_nobody_trains_themselves() -> None:
    found = cascade(event(1, 1, [ANNA], [ANNA, BILAL, BILAL]))
    assert [(row.persons, row.seats) for row in found.table()] == [(1, 1)]


def test_a_generation_reached_elsewhere_counts_from_its_day() -> None:
    source = pack([event(1, 5, [BILAL], [CARMEN]), event(2, 9, [CARMEN], [DINA])])
    for day, expected in ((4, [4, 5]), (5, [NO_GENERATION] * 2)):
        standing = Standing(np.array([BILAL]), np.array([3]), np.array([day]))
        found = reach(sort(source, 0.5).columns, standing)
        assert found.events.tolist() == expected


# Credit


def test_credit_goes_by_hours_and_adds_up_to_the_participants_exactly() -> None:
    teachers = [Teacher(ANNA, 60, 1), Teacher(BILAL, 60, 1), Teacher(CARMEN, 60, 0.2)]
    third = Teacher(DINA, 60, 0.5)
    found = cascade(event(1, 1, [*teachers, third], [EMEKA], heads=31)).credits(1)
    assert set(found) == {ANNA, BILAL, DINA}
    assert [sum(each) for each in zip(*found.values(), strict=True)] == [PARTS, 31 * PARTS]
    assert {named for named, _ in found.values()} == {333_333, 333_334}
    uneven = cascade(event(1, 1, [Teacher(ANNA, 90, 1), Teacher(BILAL, 30, 1)], heads=8))
    assert uneven.credits(1) == {ANNA: (0, 6 * PARTS), BILAL: (0, 2 * PARTS)}


def test_trainers_without_known_hours_share_alike() -> None:
    found = cascade(event(1, 1, [Teacher(ANNA, 0, 1), Teacher(BILAL, 0, 1)], heads=5))
    assert set(found.credits(1).values()) == {(0, 5 * PARTS // 2)}


def test_what_somebody_taught_is_listed_with_the_generation_they_had() -> None:
    found = cascade(
        event(7, 1, [ANNA], [BILAL]), event(5, 2, [BILAL], [CARMEN, DINA]), event(9, 3, [BILAL])
    )
    assert [(one.event, one.generation, one.own_generation) for one in found.taught_by(BILAL)] == [
        (5, 2, 1),
        (9, 2, 1),
    ]
    assert found.taught_by(BILAL)[0].named == 2 * PARTS
    assert found.taught_by(EMEKA) == []


# Counts


def test_a_person_counts_once_in_a_generation_and_a_seat_each_time() -> None:
    found = cascade(
        event(1, 1, [ANNA], [BILAL, CARMEN]),
        event(2, 2, [ANNA], [BILAL]),
        event(3, 3, [CARMEN], [BILAL, DINA]),
        event(4, 4, [EMEKA], [DINA], heads=7, women=2, is_verified=False),
        event(5, 5, [BILAL], heads=31, women=6, is_verified=False),
    )
    assert found.table() == [
        GenerationRow(1, 2, 2, 0, 3, 0, 0, 0, 0, 0),
        GenerationRow(2, 2, 2, 0, 2, 0, 31, 31, 6, 6),
        GenerationRow(NO_GENERATION, 1, 1, 1, 1, 1, 7, 7, 2, 2),
    ]


def test_a_person_counts_where_it_was_verified_before_where_it_was_first() -> None:
    found = cascade(event(1, 1, [ANNA], [BILAL], is_verified=False), event(2, 2, [ANNA], [BILAL]))
    assert found.firsts.tolist() == [0, 1]
    [row] = found.table()
    assert (row.persons, row.persons_unverified, row.seats, row.seats_unverified) == (1, 0, 2, 1)


# Refusals


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends": 0},
        {"heads": 3, "women": 4},
        {"heads": -1},
        {"completed": (-1,)},
        {"teachers": (Teacher(ANNA, 60, 1.2),)},
        {"teachers": (Teacher(ANNA, -1, 1),)},
        {"teachers": (Teacher(ANNA, 60, 1), Teacher(ANNA, 30, 1))},
    ],
)
def test_an_event_that_cannot_be_is_refused_and_nothing_changes(wrong: dict[str, Any]) -> None:
    found = cascade(event(1, 1, [ANNA], [BILAL]))
    refused = replace(event(2, 1), **wrong)
    with pytest.raises(DeliveryRefused) as raised:
        found.put(refused)
    assert raised.value.event == 2
    with pytest.raises(KeyError):
        found.generation(2)
    with pytest.raises(DeliveryRefused):
        pack([refused])


def test_the_same_event_twice_is_refused() -> None:
    with pytest.raises(DeliveryRefused, match="twice"):
        pack([event(1, 1), event(1, 2)])


def test_removing_what_is_not_there_says_so() -> None:
    with pytest.raises(KeyError):
        cascade(event(1, 1)).remove(2)


# Changes


def test_a_change_names_what_is_downstream_and_nothing_else() -> None:
    found = cascade(
        event(1, 1, [ANNA], [BILAL]),
        event(2, 2, [BILAL], [CARMEN]),
        event(3, 3, [CARMEN], [DINA]),
        event(4, 3, [ANNA], [EMEKA]),
    )
    change = found.remove(1)
    assert (change.events, change.persons) == ((1, 2, 3), (BILAL, CARMEN, DINA))
    assert [found.generation(each) for each in (2, 3, 4)] == [NO_GENERATION] * 2 + [1]
    back = found.put(event(1, 1, [ANNA], [BILAL]))
    assert back.events == (1, 2, 3)
    assert [found.generation(each) for each in (1, 2, 3, 4)] == [1, 2, 3, 1]


def test_a_change_that_changes_no_generation_stops_there() -> None:
    found = cascade(
        event(1, 1, [ANNA], [BILAL]), event(2, 2, [BILAL], [CARMEN]), event(3, 3, [CARMEN], [DINA])
    )
    assert found.put(event(1, 1, [ANNA], [BILAL], heads=4, women=1)).events == (1,)
    assert found.table()[0].heads == 4


def test_other_roots_move_what_they_taught() -> None:
    found = cascade(event(1, 1, [ANNA], [BILAL]), event(2, 2, [BILAL], [CARMEN]))
    assert found.put_roots([BILAL]).events == (1, 2)
    assert [found.generation(each) for each in (1, 2)] == [NO_GENERATION, 1]


def test_what_rests_on_one_trainer_alone_is_found_and_everything_put_back() -> None:
    found = cascade(
        event(1, 1, [ANNA], [BILAL, CARMEN]),
        event(2, 2, [BILAL], [DINA], heads=31),
        event(3, 3, [DINA], [EMEKA]),
        event(4, 4, [BILAL, CARMEN], [EMEKA]),
        event(5, 5, [DINA, ANNA], [CARMEN]),
        full_beyond=1,
    )
    before = found.table()
    assert loss_of(found, BILAL) == Loss(events=(2, 3), persons=1, heads=31)
    assert loss_of(found, CARMEN) == Loss()
    assert loss_of(found, ANNA).events == (1, 2, 3, 4, 5)
    assert found.table() == before


def test_who_leaves_may_make_others_come_later() -> None:
    found = cascade(
        event(1, 1, [ANNA], [BILAL]),
        event(2, 2, [BILAL], [CARMEN]),
        event(3, 3, [BILAL, CARMEN], [DINA]),
        event(4, 1, [EMEKA], [CARMEN]),
        roots=(ANNA, EMEKA),
        full_beyond=1,
    )
    assert loss_of(found, CARMEN) == Loss()
    assert loss_of(found, EMEKA) == Loss(events=(4,))
    assert loss_of(found, BILAL) == Loss(events=(2,))
    deep = cascade(
        event(1, 1, [ANNA], [BILAL]),
        event(2, 2, [BILAL], [CARMEN]),
        event(3, 3, [ANNA, CARMEN], [DINA]),
        full_beyond=1,
    )
    assert loss_of(deep, BILAL) == Loss(events=(2,), persons=1)
    outside = [event(1, 1, [ANNA], [BILAL], is_root=True), event(2, 2, [BILAL], [CARMEN])]
    assert loss_of(cascade(*outside, full_beyond=1), ANNA).events == (1, 2)


# Against an oracle


def oracle(events: list[Delivery], roots: frozenset[int], minimum: float) -> dict[str, Any]:
    """The rules word by word, event after event, with nothing kept but dictionaries."""
    generation: dict[int, int] = {}
    own: dict[tuple[int, int], int] = {}
    seats: dict[int, set[int]] = {}
    credit: dict[int, dict[int, Fraction]] = {}
    for one in sorted(events, key=lambda each: each.starts):
        lowest = []
        linked = [each for each in one.teachers if each.share >= minimum]
        for teacher in linked:
            reached = [0] if teacher.person in roots else []
            for other in events:
                if other.ends < one.starts and teacher.person in seats.get(other.event, ()):
                    reached += [generation[other.event]] if generation[other.event] > 0 else []
            own[one.event, teacher.person] = min(reached, default=NO_GENERATION)
            lowest += [min(reached)] if reached else []
        generation[one.event] = 1 if one.is_root else 1 + min(lowest) if lowest else NO_GENERATION
        seats[one.event] = set(one.completed) - {each.person for each in linked}
        hours = sum(each.minutes for each in linked)
        total = len(seats[one.event]) + one.heads
        credit[one.event] = {
            each.person: Fraction(total)
            * Fraction(each.minutes if hours else 1, hours or len(linked))
            for each in linked
        }
    firsts: dict[int, int] = defaultdict(int)
    for person in {person for each in seats.values() for person in each}:
        for wanted in set(generation.values()):
            mine = [
                (not one.is_verified, one.ends, one.event)
                for one in events
                if generation[one.event] == wanted and person in seats[one.event]
            ]
            if mine:
                firsts[min(mine)[2]] += 1
    return {
        "generation": generation,
        "own": own,
        "seats": {number: len(each) for number, each in seats.items()},
        "firsts": {one.event: firsts[one.event] for one in events},
        "credit": credit,
    }


def seen(found: Cascade, events: list[Delivery]) -> dict[str, Any]:
    rows = {one.event: found.row(one.event) for one in events}
    own = {}
    for number, row in rows.items():
        teachers = found.teachers(row)
        for at in np.flatnonzero(teachers.is_linked).tolist():
            own[number, int(teachers.person[at])] = int(teachers.generation[at])
    return {
        "generation": {number: found.generation(number) for number in rows},
        "own": own,
        "seats": {number: int(found.seat_counts[row]) for number, row in rows.items()},
        "firsts": {number: int(found.firsts[row]) for number, row in rows.items()},
    }


PEOPLE = st.integers(0, 8)
TEACHERS = st.lists(
    st.builds(Teacher, PEOPLE, st.integers(0, 3), st.sampled_from([0.25, 0.5, 1.0])),
    max_size=3,
    unique_by=lambda each: each.person,
)


@st.composite
def deliveries(draw: Any) -> Delivery:
    starts = draw(st.integers(0, 12))
    heads = draw(st.integers(0, 4))
    return Delivery(
        event=draw(st.integers(0, 11)),
        starts=starts,
        ends=starts + draw(st.integers(0, 2)),
        teachers=tuple(draw(TEACHERS)),
        completed=tuple(draw(st.lists(PEOPLE, max_size=4))),
        heads=heads,
        women=draw(st.integers(0, heads)),
        is_verified=draw(st.booleans()),
        is_root=draw(st.sampled_from([False, False, False, True])),
    )


CHANGES = st.lists(
    st.one_of(
        deliveries(),
        st.integers(0, 11),
        st.frozensets(PEOPLE, max_size=2),
    ),
    max_size=8,
)


@settings(max_examples=80, deadline=None)
@given(
    first=st.lists(deliveries(), max_size=10, unique_by=lambda each: each.event),
    changes=CHANGES,
    is_whole=st.booleans(),
)
def test_whole_and_event_by_event_agree_with_the_rules_word_by_word(
    first: list[Delivery], changes: list[Any], is_whole: bool
) -> None:
    now = {each.event: each for each in first}
    roots: frozenset[int] = frozenset({ANNA})
    found = Cascade(pack(first, roots=roots), full_beyond=0 if is_whole else 0.1)
    for change in changes:
        if isinstance(change, Delivery):
            found.put(change)
            now[change.event] = change
        elif isinstance(change, frozenset):
            found.put_roots(change)
            roots = change
        elif change in now:
            found.remove(change)
            del now[change]
    events = list(now.values())
    anew = Cascade(pack(events, roots=roots))
    expected = oracle(events, roots, 0.5)
    credit = expected.pop("credit")
    assert seen(found, events) == expected == seen(anew, events)
    assert found.table() == anew.table()
    for one in events:
        parts = found.credits(one.event)
        assert parts == anew.credits(one.event)
        total = expected["seats"][one.event] + one.heads
        assert not parts or sum(map(sum, parts.values())) == total * PARTS
        for person, exact in credit[one.event].items():
            assert abs(sum(parts[person]) - exact * PARTS) < 2
    for person in range(9):
        assert found.node(person) == anew.node(person)
        assert found.taught_by(person) == anew.taught_by(person)
    assert Cascade(found.deliveries()).table() == anew.table()
