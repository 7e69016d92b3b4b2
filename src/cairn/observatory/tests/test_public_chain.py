"""What published statistics tell for the chain: the figure of the quarter's release, or none."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from cairn.core import measures
from cairn.core.actor import PUBLIC
from cairn.core.errors import RuleBroken
from cairn.core.measures import Period, Question
from cairn.observatory.tests.public_scene import payload, publish, withdraw

pytestmark = pytest.mark.django_db
QUARTER = Period.quarter(2025, 3)
CODE = "observatory.identified"


def _quarter(code: str = "R-2026-01") -> dict[str, object]:
    made = payload(code, series={"name": "identified"})
    made["period"] = {"since": "2025-07-01", "until": "2025-09-30"}
    for dimension in made["series"]["dimensions"]:
        if dimension["name"] == "area":
            dimension["name"] = "country"
    made["tables"] = [["age", "sex"], ["country", "origin"]]
    for each in made["groupings"]:
        each["by"] = ["country" if name == "area" else name for name in each["by"]]
    return made


def _told(question: Question) -> dict[tuple[tuple[str, str], ...], Decimal | None]:
    found = measures.figures(PUBLIC, CODE, question)
    return {each.found.part: each.found.value for each in found}


def test_the_quarter_is_told_as_its_release_shows_it() -> None:
    publish(_quarter())
    told = _told(Question(QUARTER))
    assert told[()] == 255
    assert told[("age", "child"),] == 95
    assert told[("age", "unknown"),] is None


def test_a_country_is_told_where_the_release_shows_it() -> None:
    publish(_quarter())
    assert _told(Question(QUARTER, country="NPL"))[()] == 120
    (hidden,) = measures.figures(PUBLIC, CODE, Question(QUARTER, country="MLI"))
    assert hidden.found.value is None
    assert hidden.found.is_held_back
    (foreign,) = measures.figures(PUBLIC, CODE, Question(QUARTER, country="FRA"))
    assert foreign.found.is_held_back


def test_without_a_release_nothing_is_known_and_nothing_is_counted() -> None:
    (found,) = measures.figures(PUBLIC, CODE, Question(QUARTER))
    assert found.found.value is None
    assert not found.found.is_held_back
    assert str(found.found.note) == "No release of this quarter is published."


def test_a_withdrawn_release_is_not_told() -> None:
    old = publish(_quarter("R-2026-02"), at=datetime(2026, 1, 5, tzinfo=UTC))
    row = publish(_quarter(), at=datetime(2026, 1, 9, tzinfo=UTC))
    withdraw(row)
    asked = measures.measure(CODE)
    assert asked.rows(PUBLIC, Question(QUARTER)) == f"/statistics/{old.release.code}/"
    withdraw(old)
    assert _told(Question(QUARTER)) == {(): None}


def test_no_project_is_told_persons() -> None:
    with pytest.raises(RuleBroken):
        measures.figures(PUBLIC, CODE, Question(QUARTER, project="P49"))
