"""Counts of assistance: right, frozen, the same for all, and nothing small by any subtraction."""

import csv
from collections.abc import Hashable
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cairn.access.tests.factories import organisation, sign_in, user_with_role
from cairn.core.held_back import LEAST_TOLD, Sum, determined, held_back
from cairn.core.models import AuditEntry
from cairn.core.pseudonyms import save_with_code
from cairn.referral import statistics
from cairn.referral.actions.counts import take_counts
from cairn.referral.models import Person, Referral, Service
from cairn.referral.queries.counts import countries
from cairn.referral.rules import counts as rules
from cairn.referral.rules.counts import Quarter, kind_for
from cairn.referral.statistics import ACCEPTED, DECLINED, UNANSWERED, Tally, crossed
from cairn.referral.tests.factories import actor_of
from cairn.referral.tests.plans_made import given as served
from cairn.referral.tests.referrals_made import Sides, referred, sides

ONE, TWO = UUID(int=1), UUID(int=2)
# A quarter, and a day on which it is told.
QUARTER, TOLD_ON = Quarter(2026, 2), date(2026, 8, 1)


def recovered(sums: list[Sum], counts: dict[Any, int], hidden: frozenset[Hashable]) -> set[Any]:
    """What somebody who subtracts told figures in every way finds out: exact elimination, by
    fractions, written apart from the rule."""
    unknown = sorted(hidden, key=str)
    at = {key: index for index, key in enumerate(unknown)}
    rows: list[list[Fraction]] = []
    for each in sums:
        row = [Fraction(0)] * (len(unknown) + 1)
        for sign, keys in ((-1, [each.whole]), (1, each.parts)):
            for key in keys:
                if key in at:
                    row[at[key]] += sign
                else:
                    row[-1] -= sign * counts[key]
        rows.append(row)
    top = 0
    for column in range(len(unknown)):
        pivot = next((i for i in range(top, len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[top], rows[pivot] = rows[pivot], rows[top]
        rows[top] = [value / rows[top][column] for value in rows[top]]
        for i, row in enumerate(rows):
            if i != top and row[column]:
                times = row[column]
                rows[i] = [a - times * b for a, b in zip(row, rows[top], strict=True)]
        top += 1
    alone = [row for row in rows if sum(bool(value) for value in row[:-1]) == 1]
    return {unknown[next(i for i, value in enumerate(row) if value)] for row in alone}


@given(
    st.lists(
        st.lists(st.integers(0, 25), min_size=4, max_size=4),
        min_size=1,
        max_size=5,
    )
)
def test_no_subtraction_gives_back_a_cell_that_is_held_back(table: list[list[int]]) -> None:
    rows, columns = range(len(table)), range(4)
    counts: dict[Any, int] = {(r, c): table[r][c] for r in rows for c in columns}
    sums = [Sum(("row", r), tuple((r, c) for c in columns)) for r in rows]
    sums += [Sum(("column", c), tuple((r, c) for r in rows)) for c in columns]
    sums.append(Sum("all", tuple(("row", r) for r in rows)))
    sums.append(Sum("all", tuple(("column", c) for c in columns)))
    for each in sums:
        counts[each.whole] = sum(counts[part] for part in each.parts)
    hidden = held_back(counts, sums)
    assert not recovered(sums, counts, hidden)
    assert all(key in hidden for key, count in counts.items() if 0 < count < LEAST_TOLD)
    for each in sums:
        held = [counts[part] for part in each.parts if part in hidden]
        assert not held or each.whole in hidden or sum(held) >= LEAST_TOLD


def test_a_cell_on_a_bridge_between_two_blocks_is_found_although_each_line_hides_two() -> None:
    """Each row and each column lacks two figures or more, and still one follows from all sums."""
    missing = {(0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 2), (2, 3), (3, 2), (3, 3)}
    sums = [Sum(("row", r), tuple((r, c) for c in range(4))) for r in range(4)]
    sums += [Sum(("column", c), tuple((r, c) for r in range(4))) for c in range(4)]
    assert determined(sums, missing) == {(1, 2)}
    counts: dict[Any, int] = {
        (r, c): 3 if (r, c) in missing else 40 for r in range(4) for c in range(4)
    }
    for each in sums:
        counts[each.whole] = sum(counts[part] for part in each.parts)
    assert not recovered(sums, counts, held_back(counts, sums))


def test_what_is_large_is_told() -> None:
    counts: dict[Any, int] = {"all": 35, "a": 20, "b": 15, "c": 0}
    assert not held_back(counts, [Sum("all", ("a", "b", "c"))])
    few: dict[Any, int] = {"all": 38, "a": 20, "b": 15, "c": 3}
    assert held_back(few, [Sum("all", ("a", "b", "c"))]) == {"b", "c"}


def tallied(*lines: tuple[str, str, str, int]) -> Tally:
    """(kind, area, outcome, how many), half by each of two organisations."""
    made = Tally.empty()
    for kind, area, outcome, count in lines:
        for at in range(count):
            hours = None if outcome == UNANSWERED else 5.0
            made.add(kind, area, (ONE, TWO)[at % 2], outcome, hours)
    return made


def test_rates_and_the_median_are_told_where_enough_answered() -> None:
    made = tallied(
        ("health", "North", ACCEPTED, 60),
        ("health", "North", DECLINED, 20),
        ("health", "North", UNANSWERED, 20),
    )
    lines, grid = statistics.protected(made)
    line = lines["kind", "health"]
    assert (line.asked, line.answered, line.hours) == (100, 80, 5)
    assert (line.response, line.acceptance) == (0.8, 0.75)
    assert grid.cells == ((100, 100), (100, 100))


def test_how_one_organisation_alone_answers_is_not_told_by_any_table() -> None:
    made = Tally.empty()
    for by, area in ((ONE, "North"), (ONE, "South"), (TWO, "South")):
        for outcome in (ACCEPTED, DECLINED, UNANSWERED):
            for _ in range(20):
                made.add("shelter", area, by, outcome, 1.0)
    lines, _grid = statistics.protected(made)
    north, south = lines["area", "North"], lines["area", "South"]
    assert north.asked == 60
    assert (north.accepted, north.declined, north.unanswered, north.hours) == (None,) * 4
    assert [south.accepted, south.declined, south.unanswered].count(None) >= 2


def test_persons_by_age_and_sex_hide_the_few_and_what_would_tell_them() -> None:
    found = {("adult", "female"): 40, ("adult", "male"): 12, ("child", "female"): 25}
    found |= {("child", "male"): 2}
    grid = crossed(found, ("adult", "child"), ("female", "male"))
    assert grid.cells == ((None, None, 52), (None, None, 27), (65, 14, 79))


def test_a_quarter_is_told_when_its_answers_are_over_and_no_longer_time_ever_is() -> None:
    shown = rules.settled_quarters(TOLD_ON)
    assert shown[0] == QUARTER
    assert rules.settled_quarters(date(2026, 7, 20))[0] == Quarter(2026, 1)
    for later, earlier in pairwise(shown):
        assert earlier.after == later.starts_on
    assert Quarter(2025, 4).next == Quarter(2026, 1)
    assert rules.quarter_of(date(2026, 12, 31)) == Quarter(2026, 4)


def test_a_referral_counts_once_however_many_kinds_a_service_has() -> None:
    assert kind_for("legal", ["shelter", "legal-aid"]) == "legal-aid"
    assert kind_for("interpreter", ["shelter", "cash"]) == "shelter"
    assert kind_for("legal", []) == ""


def told_now() -> Quarter:
    """The last quarter that is told today."""
    return rules.settled_quarters(timezone.localdate())[0]


def many(at: Sides, one: Referral, count: int, **changes: Any) -> None:
    """The same referral `count` times, as if each had been sent in the quarter."""
    sent = datetime.combine(told_now().starts_on, time(12), tzinfo=UTC)
    for _ in range(count):
        fresh = Referral(
            **{
                field.attname: getattr(one, field.attname)
                for field in Referral._meta.concrete_fields
                if field.name not in {"id", "code", "data_key", "content", "emergency_reason"}
            }
        )
        fresh.sent_at, fresh.next_at = sent, None
        fresh.decided_at = sent + timedelta(hours=8)
        for name, value in changes.items():
            setattr(fresh, name, value)
        save_with_code(fresh)


@pytest.mark.django_db
def test_the_page_and_the_file_tell_the_quarter(
    client: Client, django_assert_num_queries: Any
) -> None:
    at = sides()
    one = referred(at)
    quarter = told_now()
    served(at.worker, at.person, starts_on=quarter.starts_on)
    many(at, one, 12, state="closed")
    third = organisation("Invented Third Agency")
    Service.objects.filter(pk=at.service.pk).update(organisation=third)
    many(at, one, 3, state="recalled")
    many(at, one, 11, state="expired", decided_at=None)
    country = at.service.country
    with django_assert_num_queries(4):
        found = statistics.assistance(country, quarter)
    assert found.total.asked == 23
    assert found.total.accepted is None
    assert found.services == (("livelihood", None),)
    assert found.services_total is None
    assert [cell for row in found.persons.cells for cell in row if cell] == []
    user = user_with_role("case-supervisor", name="overseer", country=country)
    sign_in(client, user)
    asked = f"?country={country}&quarter={quarter}"
    page = client.get(reverse("referral:counts") + asked).content.decode()
    assert "not told" in page
    for word in (third.display_name, at.person.code, one.code):
        assert word not in page
    answer: Any = client.get(reverse("referral:counts-file") + asked)
    lines = list(csv.DictReader(answer.getvalue().decode("utf-8-sig").splitlines()))
    asked_in_all = [each for each in lines if each["table"] == "referrals-by-all"]
    assert asked_in_all[0] == {
        "table": "referrals-by-all",
        "row": "",
        "figure": "asked",
        "value": "23",
    }
    taken = AuditEntry.objects.get(code="assistance.counts-taken")
    assert (taken.actor_id, taken.facts) == (
        str(user.pk),
        {"country": country, "quarter": str(quarter)},
    )


@pytest.mark.django_db
def test_a_file_of_counts_of_another_country_is_empty_and_nothing_was_taken() -> None:
    sides()
    narrow = actor_of(user_with_role("case-supervisor", name="narrow", country="NPL"))
    assert list(take_counts(narrow, "LBN", QUARTER)) == []
    with pytest.raises(PermissionDenied):
        take_counts(actor_of(user_with_role("service-provider", name="none")), "NPL", QUARTER)
    assert not AuditEntry.objects.filter(code="assistance.counts-taken").exists()


@pytest.mark.django_db
def test_whoever_counts_in_one_country_sees_the_whole_country_and_no_other() -> None:
    at = sides()
    Service.objects.filter(pk=at.service.pk).update(country="LBN")
    narrow = actor_of(user_with_role("case-supervisor", name="narrow", country="NPL"))
    wide = actor_of(user_with_role("statistics-officer", name="wide"))
    assert countries(narrow) == ["NPL"]
    assert countries(wide) == ["LBN"]
    assert countries(at.focal) == []
    assert Person.objects.count() == 1
