"""What others learn of reports: counts, and none that tells of one officer or one person."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cairn.core.held_back import LEAST_TOLD
from cairn.identification.models import Report
from cairn.identification.rules.choices import Channel, WorkerProfile
from cairn.identification.statistics import screenings, told
from cairn.identification.tests.intake_factories import receiver, reception_key


def test_small_counts_are_left_out_and_so_is_what_would_give_them_away() -> None:
    counts = told(40, {1: 30, 2: 12, 3: 4})
    assert (counts.total, counts.by_trained) == (86, 46)
    assert counts.by_generation == {1: 30, 2: None, 3: None}


def test_small_counts_hide_each_other_only_when_they_are_many_together() -> None:
    assert told(40, {1: 30, 2: 6, 3: 4}).by_generation == {1: 30, 2: None, 3: None}
    assert told(40, {1: 30, 2: 3, 3: 4}).by_generation == {1: None, 2: None, 3: None}


@given(
    st.integers(0, 40),
    st.dictionaries(st.integers(1, 5), st.integers(1, 40), max_size=5),
)
def test_no_difference_of_what_is_told_is_a_small_count(
    untrained: int, by_generation: dict[int, int]
) -> None:
    counts = told(untrained, by_generation)
    shown = [count for count in counts.by_generation.values() if count is not None]
    assert all(count >= LEAST_TOLD for count in shown)
    if counts.by_trained is not None:
        assert not 0 < counts.by_trained - sum(shown) < LEAST_TOLD
    if counts.total is not None:
        known = sum(shown) if counts.by_trained is None else counts.by_trained
        assert not 0 < counts.total - known < LEAST_TOLD


@pytest.mark.parametrize("untrained", range(1, LEAST_TOLD))
def test_few_without_training_do_not_follow_from_the_total(untrained: int) -> None:
    counts = told(untrained, {1: 50})
    assert counts.total == 50 + untrained
    assert counts.by_trained is None


def test_few_reports_altogether_are_no_figure_and_none_is_nought() -> None:
    assert told(3, {1: 4}).total is None
    assert told(0, {}).total == 0


@pytest.mark.django_db
def test_reports_are_counted_by_the_training_of_whoever_made_them() -> None:
    unit = receiver()
    key, _private = reception_key(unit)
    now = timezone.now()
    for generation in [1] * 12 + [None] * 11:
        id = uuid4()
        Report.objects.create(
            id=id,
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
        )
    counts = screenings(now - timedelta(days=1), now + timedelta(days=1), unit.country)
    assert (counts.total, counts.by_trained, counts.by_generation) == (23, 12, {1: 12})
    before = now - timedelta(days=1)
    assert screenings(before - timedelta(days=1), before, unit.country).total == 0
