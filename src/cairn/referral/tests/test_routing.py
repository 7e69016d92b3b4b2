"""Routing: who is offered and who is left out, each with reasons; the caseworker decides."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from cairn.core.errors import RuleBroken
from cairn.referral.rules.access_points import Age, Need, Sex
from cairn.referral.rules.choices import Urgency
from cairn.referral.rules.persons import AgeBand
from cairn.referral.rules.routing import (
    AGAINST,
    MOST_ALTERNATES,
    TO_ASK,
    Candidate,
    Ranking,
    Reason,
    Wish,
    alternates,
    check_wish,
    rank,
)
from cairn.referral.rules.services import Exclusion, ServiceType, Standing

TODAY = date(2026, 11, 22)
SPACE = UUID(int=6)
WISH = Wish(need="health", age_band="adult", country="NPL")


def candidate(name: str = "Invented help", **changes: Any) -> Candidate:
    """A service that fits WISH in every way."""
    plain = Candidate(
        id=uuid5(SPACE, name),
        code=name,
        name=name,
        organisation_id=uuid5(SPACE, "organisation"),
        organisation="Invented Agency",
        country="NPL",
        area="Invented Town",
        standing=Standing.OPEN,
        looked_on=TODAY,
        needs=frozenset({"health"}),
        kinds=frozenset({"health"}),
        languages=frozenset({"ne"}),
        open_now=True,
        has_protocol=True,
    )
    return replace(plain, **changes)


def out(wish: Wish, **changes: Any) -> set[Reason]:
    """Why the service is left out; empty when it is offered."""
    found = rank(wish, [candidate(**changes)], TODAY)
    return {reason for each in found.left_out for reason in each.reasons}


def reasons(wish: Wish, **changes: Any) -> set[Reason]:
    found = rank(wish, [candidate(**changes)], TODAY)
    return {reason for each in found.offered for reason in each.reasons}


def order(wish: Wish, *candidates: Candidate) -> list[str]:
    return [each.candidate.name for each in rank(wish, candidates, TODAY).offered]


@pytest.mark.parametrize(
    ("wish", "changes", "expected"),
    [
        ({}, {"excluded": "implicated-force"}, Reason.EXCLUDED),
        ({}, {"standing": Standing.TAKEN_OUT}, Reason.TAKEN_OUT),
        ({}, {"standing": Standing.FULL}, Reason.FULL),
        ({}, {"standing": Standing.STALE}, Reason.STALE),
        ({}, {"country": "KEN"}, Reason.NOT_COUNTRY),
        ({}, {"needs": frozenset({"legal"})}, Reason.NOT_NEED),
        ({"kinds": frozenset({"shelter"})}, {}, Reason.NOT_KIND),
        ({}, {"ages": frozenset({Age.CHILD})}, Reason.NOT_AGE),
        ({"age_band": "child"}, {"ages": frozenset({Age.ADULT})}, Reason.NOT_AGE),
        ({"age_band": "age-disputed"}, {"ages": frozenset({Age.ADULT})}, Reason.NOT_AGE),
        ({"sex": "male"}, {"sexes": frozenset({"female"})}, Reason.NOT_SEX),
        (
            {"situation": frozenset({"no-papers"})},
            {"exclusions": frozenset({"no-papers", "step-free"})},
            Reason.TURNED_AWAY,
        ),
        ({}, {"is_reachable": False}, Reason.NO_WAY),
        ({}, {"is_reachable": False, "is_sheltered": True}, Reason.SECRET),
        ({}, {"has_protocol": False}, Reason.NO_PROTOCOL),
        ({"urgency": Urgency.URGENT}, {"has_protocol": False}, Reason.NO_PROTOCOL),
    ],
)
def test_what_keeps_a_service_out(
    wish: dict[str, Any], changes: dict[str, Any], expected: Reason
) -> None:
    assert out(replace(WISH, **wish), **changes) == {expected}
    assert out(WISH) == set()


def test_all_that_speaks_against_a_service_is_said() -> None:
    met = out(WISH, excluded="conflict", standing=Standing.FULL, has_protocol=False)
    assert met == {Reason.EXCLUDED, Reason.FULL, Reason.NO_PROTOCOL}


@pytest.mark.parametrize(
    ("wish", "changes", "expected"),
    [
        ({}, {}, Reason.NEED),
        ({"kinds": frozenset({"health"})}, {}, Reason.KIND),
        ({}, {"ages": frozenset({Age.ADULT})}, Reason.AGE),
        ({"age_band": "age-disputed"}, {"ages": frozenset({Age.CHILD})}, Reason.AGE),
        ({"sex": "female"}, {"sexes": frozenset({"female"})}, Reason.SEX),
        ({}, {"sexes": frozenset({"female"})}, Reason.SEX_ASK),
        ({"languages": ("ar", "ne")}, {}, Reason.LANGUAGE),
        ({"languages": ("ar",)}, {}, Reason.INTERPRETER),
        ({"languages": ("ar",)}, {"languages": frozenset()}, Reason.LANGUAGE_ASK),
        ({"area": "  invented   TOWN "}, {}, Reason.AREA),
        ({"area": "Elsewhere"}, {}, Reason.AREA_OTHER),
        ({}, {}, Reason.OPEN_NOW),
        ({}, {"open_now": False}, Reason.OPEN_LATER),
        ({}, {"open_now": None}, Reason.HOURS_ASK),
        ({}, {}, Reason.PLACES),
        ({}, {"standing": Standing.WAITING_LIST}, Reason.WAITING_LIST),
        ({}, {"standing": Standing.NOT_KNOWN}, Reason.PLACES_ASK),
        ({}, {}, Reason.SAFE),
        ({}, {}, Reason.PROTOCOL),
        ({}, {"has_protocol": False, "is_own": True}, Reason.OWN),
        ({"urgency": Urgency.EMERGENCY}, {"has_protocol": False}, Reason.NO_PROTOCOL_YET),
        ({}, {"looked_on": TODAY - timedelta(days=45)}, Reason.FRESH),
        ({}, {"looked_on": TODAY - timedelta(days=46)}, Reason.FRESH_ASK),
        ({}, {"is_sheltered": True}, Reason.NEED),
    ],
)
def test_what_speaks_for_a_service_or_is_to_be_asked(
    wish: dict[str, Any], changes: dict[str, Any], expected: Reason
) -> None:
    assert expected in reasons(replace(WISH, **wish), **changes)


@pytest.mark.parametrize("urgency", Urgency)
@pytest.mark.parametrize(
    "worse",
    [
        {"standing": Standing.WAITING_LIST},
        {"standing": Standing.NOT_KNOWN},
        {"area": "Elsewhere"},
        {"open_now": False},
        {"open_now": None},
        {"languages": frozenset({"en"})},
        {"looked_on": TODAY - timedelta(days=50)},
    ],
    ids=lambda worse: "-".join(worse),
)
def test_a_service_that_fits_worse_in_one_thing_comes_later(
    urgency: Urgency, worse: dict[str, Any]
) -> None:
    wish = replace(WISH, urgency=urgency, area="Invented Town", languages=("ne",))
    good, bad = candidate("Zz good"), candidate("Aa worse", **worse)
    assert order(wish, bad, good) == ["Zz good", "Aa worse"]


def test_in_danger_that_somebody_is_there_now_counts_more_than_a_free_place() -> None:
    there = candidate("There", standing=Standing.NOT_KNOWN)
    free = candidate("Free", open_now=False)
    assert order(replace(WISH, urgency=Urgency.EMERGENCY), free, there) == ["There", "Free"]
    assert order(WISH, there, free) == ["Free", "There"]


def test_what_fits_alike_stands_in_the_order_of_names() -> None:
    assert order(WISH, candidate("b"), candidate("A"), candidate("c")) == ["A", "b", "c"]


def test_alternates_are_the_best_that_were_not_asked_yet() -> None:
    found = rank(WISH, [candidate(name) for name in "abcdef"], TODAY)
    asked = frozenset({candidate("a").id, candidate("c").id})
    left = [each.candidate.name for each in alternates(found, asked)]
    assert left == ["b", "d", "e"]
    assert len(left) == MOST_ALTERNATES
    assert alternates(Ranking(), asked) == ()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"need": "gold"}, "routing.need"),
        ({"urgency": "soon"}, "routing.urgency"),
        ({"purpose": "war"}, "routing.purpose"),
        ({"kinds": frozenset({"casino"})}, "routing.kinds"),
        ({"situation": frozenset({"poor"})}, "routing.situation"),
    ],
)
def test_a_wish_that_nothing_can_be_ranked_by_is_refused(
    changes: dict[str, Any], code: str
) -> None:
    check_wish(WISH)
    with pytest.raises(RuleBroken) as refused:
        check_wish(replace(WISH, **changes))
    assert refused.value.code == code


def test_every_reason_is_either_against_or_not_and_says_something() -> None:
    assert not AGAINST & TO_ASK
    assert all(str(reason.label).endswith((".", "life.")) for reason in Reason)
    assert len({str(reason.label) for reason in Reason}) == len(Reason)


def some(choices: Any) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(list(choices.values)), max_size=3)


# What may be otherwise with a service than with one that fits in every way.
TRAITS: dict[str, st.SearchStrategy[Any]] = {
    "country": st.just("KEN"),
    "area": st.sampled_from(["invented town", "Elsewhere"]),
    "standing": st.sampled_from(Standing),
    "looked_on": st.dates(TODAY - timedelta(days=90), TODAY),
    "needs": some(Need),
    "kinds": some(ServiceType),
    "ages": some(Age),
    "sexes": some(Sex),
    "languages": st.frozensets(st.sampled_from(["ne", "ar", "fr"])),
    "exclusions": some(Exclusion),
    "open_now": st.sampled_from([False, None]),
    "is_reachable": st.just(False),
    "is_sheltered": st.just(True),
    "excluded": st.just("implicated-force"),
    "has_protocol": st.just(False),
    "is_own": st.just(True),
}


@st.composite
def near_misses(draw: st.DrawFn) -> Candidate:
    """A service that fits, but for two things at most: most that is drawn could be offered."""
    names = draw(st.sets(st.sampled_from(sorted(TRAITS)), max_size=2))
    return candidate(
        draw(st.text("abcd", min_size=1, max_size=6)),
        **{name: draw(TRAITS[name]) for name in sorted(names)},
    )


CANDIDATES = st.lists(near_misses(), max_size=8, unique_by=lambda each: each.code)
WISHES = st.builds(
    Wish,
    need=st.sampled_from(["health", "health", "legal"]),
    age_band=st.sampled_from(list(AgeBand.values)),
    country=st.just("NPL"),
    urgency=st.sampled_from(list(Urgency.values)),
    kinds=st.sampled_from([frozenset(), frozenset({"health"}), frozenset({"shelter"})]),
    sex=st.sampled_from(["", *Sex.values]),
    languages=st.sampled_from([(), ("ne",), ("ar", "en")]),
    area=st.sampled_from(["", "Invented Town"]),
    situation=some(Exclusion),
)


def test_what_is_drawn_is_offered_often_enough_for_the_rules_below() -> None:
    """Without it a rule about what is offered could be true of nothing."""
    offered: list[int] = []

    @settings(max_examples=60, derandomize=True, database=None, phases=[Phase.generate])
    @given(wish=WISHES, candidates=CANDIDATES)
    def draw(wish: Wish, candidates: list[Candidate]) -> None:
        offered.append(len(rank(wish, candidates, TODAY).offered))

    draw()
    assert sum(count > 0 for count in offered) >= 10
    assert max(offered) >= 2


@given(wish=WISHES, candidates=CANDIDATES)
def test_every_service_stands_in_exactly_one_list_with_its_reasons(
    wish: Wish, candidates: list[Candidate]
) -> None:
    found = rank(wish, candidates, TODAY)
    offered = [each.candidate.code for each in found.offered]
    left_out = [each.candidate.code for each in found.left_out]
    assert sorted([*offered, *left_out]) == sorted(each.code for each in candidates)
    for offer in found.offered:
        assert offer.reasons
        assert not AGAINST & set(offer.reasons)
    for each in found.left_out:
        assert each.reasons
        assert set(each.reasons) <= AGAINST


@given(wish=WISHES, candidates=CANDIDATES)
def test_no_excluded_recipient_closed_service_or_protected_place_is_ever_offered(
    wish: Wish, candidates: list[Candidate]
) -> None:
    for offer in rank(wish, candidates, TODAY).offered:
        service = offer.candidate
        assert not service.excluded
        assert service.standing in {Standing.OPEN, Standing.WAITING_LIST, Standing.NOT_KNOWN}
        assert service.is_reachable
        assert not service.exclusions & wish.situation
        assert wish.need in service.needs
        agreed = service.has_protocol or service.is_own
        assert agreed or wish.urgency == Urgency.EMERGENCY


UNSIGNED = {"has_protocol": False, "is_own": False}
# Each of these alone speaks against a service, whatever speaks for it.
SPOILT: list[dict[str, Any]] = [
    {"excluded": "conflict-of-interest"},
    {"standing": Standing.FULL},
    {"standing": Standing.STALE},
    {"standing": Standing.TAKEN_OUT},
    {"is_reachable": False},
    {"is_reachable": False, "is_sheltered": True},
    {"country": "KEN"},
    {"needs": frozenset({"other"})},
]


@given(wish=WISHES, candidates=CANDIDATES)
def test_what_is_offered_is_left_out_as_soon_as_one_thing_speaks_against_it(
    wish: Wish, candidates: list[Candidate]
) -> None:
    for offer in rank(wish, candidates, TODAY).offered:
        spoilt = [*SPOILT, *([] if wish.urgency == Urgency.EMERGENCY else [UNSIGNED])]
        for changes in spoilt:
            found = rank(wish, [replace(offer.candidate, **changes)], TODAY)
            assert not found.offered
            assert found.left_out[0].reasons


@given(wish=WISHES, candidates=CANDIDATES, data=st.data())
def test_the_order_in_which_services_are_read_does_not_matter(
    wish: Wish, candidates: list[Candidate], data: st.DataObject
) -> None:
    mixed = data.draw(st.permutations(candidates))
    assert rank(wish, mixed, TODAY) == rank(wish, candidates, TODAY)


@given(wish=WISHES, candidates=CANDIDATES)
def test_a_risk_takes_out_one_service_and_moves_no_other(
    wish: Wish, candidates: list[Candidate]
) -> None:
    before = order(wish, *candidates)
    for name in before[:2]:
        without = [
            replace(each, excluded="conflict-of-interest") if each.name == name else each
            for each in candidates
        ]
        assert order(wish, *without) == [each for each in before if each != name]
