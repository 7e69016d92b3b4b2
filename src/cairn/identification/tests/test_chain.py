"""Reports and decisions for the chain: by country and quarter, to those who see the programme."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cairn.access.tests.factories import user_with_role
from cairn.core import measures
from cairn.core.actor import PUBLIC, Actor
from cairn.core.errors import RuleBroken
from cairn.core.held_back import LEAST_TOLD, Sum, determined
from cairn.core.measures import Figure, Period, Question
from cairn.identification.chain import (
    ALL,
    OUTCOMES,
    TRAINED,
    UNTRAINED,
    decisions_told,
    reports_told,
)
from cairn.identification.models import Report
from cairn.identification.rules.choices import Channel, ReportState, WorkerProfile
from cairn.identification.rules.procedures import State
from cairn.identification.tests.factories import actor_of, authority, decide, procedure
from cairn.identification.tests.intake_factories import receiver, reception_key

WHO = [UUID(int=number) for number in (1, 2, 3)]
rows_of = st.lists(
    st.tuples(
        st.sampled_from([UNTRAINED, "1", "2", "3"]), st.sampled_from(WHO), st.integers(1, 30)
    ),
    max_size=6,
)


@given(rows_of)
def test_no_report_follows_from_what_is_told(rows: list[tuple[str, UUID | None, int]]) -> None:
    found = reports_told(rows)
    hidden = {key for key, count in found.items() if count is None}
    generations = tuple(key for key in found if key not in {ALL, TRAINED, UNTRAINED})
    sums = [Sum(ALL, (TRAINED, UNTRAINED)), *([Sum(TRAINED, generations)] if generations else [])]
    assert not determined(sums, hidden)
    for key, count in found.items():
        assert count is None or not 0 < count < LEAST_TOLD
        for who in WHO:
            own = sum(
                many
                for name, by, many in rows
                if by == who and key in {ALL, name, UNTRAINED if name == UNTRAINED else TRAINED}
            )
            assert count is None or not 0 < count - own < LEAST_TOLD


@given(st.lists(st.tuples(st.sampled_from(OUTCOMES), st.sampled_from(WHO), st.integers(1, 30))))
def test_no_decision_follows_from_what_is_told(rows: list[tuple[str, UUID | None, int]]) -> None:
    found = decisions_told(rows)
    assert not determined([Sum(ALL, OUTCOMES)], {key for key in found if found[key] is None})
    assert all(count is None or not 0 < count < LEAST_TOLD for count in found.values())


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Period, "is_settled", lambda _self, _today: True)


def this_quarter() -> Period:
    today = timezone.localdate()
    return Period.quarter(today.year, (today.month + 2) // 3)


def asked(actor: Actor, code: str, country: str = "") -> tuple[Figure, ...]:
    return measures.figures(actor, code, Question(this_quarter(), country=country))


def whole(actor: Actor, code: str, country: str = "") -> Any:
    return asked(actor, code, country)[0].found.value


def reported(country: str, count: int, generation: int | None, **more: Any) -> None:
    unit = receiver(country=country)
    key, _private = reception_key(unit)
    now = timezone.now()
    Report.objects.bulk_create(
        Report(
            id=(id := uuid4()),
            code="INVENT-INVENT",
            receiver=unit,
            key=key,
            channel=Channel.WEB,
            profile=WorkerProfile.POLICE,
            generation=generation,
            edition="2026-1",
            made_at=now,
            received_at=now,
            digest=id.hex * 2,
            **more,
        )
        for _each in range(count)
    )


@pytest.mark.django_db
def test_reports_are_told_by_country_and_together_is_what_the_countries_tell(
    settled: None, django_assert_num_queries: Any
) -> None:
    officer = actor_of(user_with_role("programme-officer"))
    reported("NPL", 12, 1)
    reported("NPL", 11, None)
    reported("NPL", 4, 1, state=ReportState.DUPLICATE)
    reported("KEN", 3, 2)
    assert whole(officer, "identification.reports", "NPL") == 23
    assert whole(officer, "identification.reports_trained", "NPL") == 12
    (few, *_parts) = asked(officer, "identification.reports", "KEN")
    assert (few.found.value, few.found.is_held_back) == (None, True)
    with django_assert_num_queries(1), measures.together():
        assert whole(officer, "identification.reports") == 23
        assert whole(officer, "identification.reports_trained") == 12
    assert whole(officer, "identification.reports", "LBN") == 0


@pytest.mark.django_db
def test_decisions_are_told_by_what_they_came_to(settled: None) -> None:
    deciding = authority(country="NPL")
    for _each in range(10):
        decide(deciding, procedure(deciding), State.UNDER_ASSESSMENT, State.REASONABLE_GROUNDS)
    made = asked(actor_of(user_with_role("programme-officer")), "identification.decisions", "NPL")
    assert [(dict(each.found.part), str(each.found.value)) for each in made] == [
        ({}, "10"),
        ({"outcome": "reasonable-grounds"}, "10"),
    ]
    assert [str(each.measure.words(*each.found.part[0])) for each in made[1:]] == [
        "Reasonable grounds"
    ]


@pytest.mark.django_db
def test_the_public_and_those_who_receive_reports_are_told_nothing_here(settled: None) -> None:
    reported("NPL", 40, 1)
    for actor in (PUBLIC, authority(country="NPL")):
        for code in ("identification.reports", "identification.decisions"):
            assert asked(actor, code, "NPL") == ()


@pytest.mark.django_db
def test_a_quarter_that_does_not_stand_is_not_told() -> None:
    reported("NPL", 40, 1)
    officer = actor_of(user_with_role("programme-officer"))
    (found,) = asked(officer, "identification.reports", "NPL")
    assert found.found.is_held_back
    assert found.found.value is None
    with pytest.raises(RuleBroken):
        measures.figures(officer, "identification.reports", Question(Period.year(2025)))
