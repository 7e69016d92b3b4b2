"""Attacks on counts of assistance: an organisation takes its own share from what is told."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cairn.access.tests.factories import organisation
from cairn.core.held_back import LEAST_TOLD, leaves_few, shares_of_none
from cairn.referral import statistics
from cairn.referral.rules.counts import quarter_of
from cairn.referral.statistics import ACCEPTED, AREA, DECLINED, KIND, Tally
from cairn.referral.tests.factories import actor_of, person
from cairn.referral.tests.plans_made import given as served
from cairn.referral.tests.referrals_made import agency_user

WHO = [UUID(int=number) for number in range(1, 5)]


def test_a_shelter_does_not_learn_how_few_were_sent_to_the_other_one() -> None:
    made = Tally.empty()
    for by, count in ((WHO[0], 40), (WHO[1], 5)):
        for _each in range(count):
            made.add("shelter", "North", by, ACCEPTED, 1.0)
    lines, grid = statistics.protected(made)
    for line in (lines[KIND, "shelter"], lines[AREA, "North"]):
        assert (line.asked, line.accepted, line.hours) == (None, None, None)
    assert grid.cells == ((None, None), (None, None))


def test_a_sender_does_not_learn_how_few_were_sent_by_another() -> None:
    made = Tally.empty()
    for sender, count in ((WHO[0], 40), (WHO[1], 5)):
        for at in range(count):
            made.add("shelter", "North", WHO[2 + at % 2], ACCEPTED, 1.0, sender)
    lines, _grid = statistics.protected(made)
    assert lines[KIND, "shelter"].asked is None


def test_what_is_known_to_one_alone_and_what_leaves_many_is_told() -> None:
    assert not leaves_few(40, [40])
    assert not leaves_few(40, [30, 10])
    assert leaves_few(40, [31, 9])
    assert not leaves_few(0, [0])


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["shelter", "health"]),
            st.sampled_from(["North", "South"]),
            st.sampled_from(WHO),
            st.sampled_from(WHO),
            st.sampled_from([ACCEPTED, DECLINED]),
            st.integers(1, 30),
        ),
        max_size=8,
    )
)
def test_no_told_figure_less_ones_own_share_is_small(
    sent: list[tuple[str, str, UUID, UUID, str, int]],
) -> None:
    made = Tally.empty()
    own: dict[tuple[str, ...], dict[UUID, int]] = {}
    for kind, area, by, sender, outcome, count in sent:
        for _each in range(count):
            made.add(kind, area, by, outcome, None, sender)
        keys: list[tuple[str, ...]] = [(KIND, kind), (AREA, area), (kind, area)]
        for key in keys:
            for knows in {by, sender}:
                own.setdefault(key, {}).setdefault(knows, 0)
                own[key][knows] += count
    lines, grid = statistics.protected(made)
    told: dict[tuple[str, ...], int | None] = {key: line.asked for key, line in lines.items()}
    for area, cells in zip(grid.rows, grid.cells, strict=False):
        told |= {(kind, area): cell for kind, cell in zip(grid.columns, cells, strict=False)}
    for figure_of, shares in own.items():
        figure = told[figure_of]
        for share in shares.values():
            assert figure is None or not 0 < figure - share < LEAST_TOLD


def test_persons_of_another_organisation_are_not_found_by_taking_away_ones_own() -> None:
    found = {("adult", "female"): 45, ("adult", "male"): 60}
    shares = shares_of_none()
    for key in (("adult", "female"), ("adult", None), (None, "female"), (None, None)):
        shares[key][WHO[0]] += 40
        shares[key][WHO[1]] += 5
    for key in (("adult", "male"), ("adult", None), (None, "male"), (None, None)):
        shares[key][WHO[1]] += 60
    grid = statistics.crossed(found, ("adult",), ("female", "male"), shares)
    assert grid.cells[0] == (None, None, 105)


@pytest.mark.django_db
def test_services_that_began_elsewhere_are_not_found_by_taking_away_ones_own() -> None:
    today = timezone.localdate() - timedelta(days=1)
    for name, count in (("Invented Agency One", 12), ("Invented Agency Two", 3)):
        worker = actor_of(agency_user(name.split()[-1].lower(), at=organisation(name)))
        for _each in range(count):
            made = person(worker, organisation=organisation(name))
            served(worker, made, starts_on=today)
    counts = statistics.assistance("NPL", quarter_of(today))
    assert counts.services_total is None
    assert [count for _name, count in counts.services] == [None]
    assert counts.total.asked == 0
