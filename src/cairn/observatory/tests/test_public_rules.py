"""Reading what was published, its tables, its time, its movements; when bulletins come out."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from cairn.core.errors import RuleBroken
from cairn.observatory.rules.bulletins import calendar, check_issue, due_on
from cairn.observatory.rules.publication import STATEMENTS, Break, read
from cairn.observatory.rules.publication_flows import drawn, movements
from cairn.observatory.rules.publication_tables import Asked, figures
from cairn.observatory.rules.publication_time import breaks_before, starts_on, timelines
from cairn.observatory.tests.public_scene import payload, year


def _refused(made: dict[str, Any]) -> str:
    with pytest.raises(RuleBroken) as refusal:
        read(made)
    return refusal.value.code


@pytest.mark.parametrize("name", [*STATEMENTS, "breaks"])
def test_without_one_statement_nothing_is_read(name: str) -> None:
    made = payload()
    made["series"][name] = None if name == "breaks" else "  "
    assert _refused(made) == "observatory.statements"


def _small(made: dict[str, Any]) -> None:
    made["groupings"][1]["cells"][0]["value"] = 3


def _foreign_code(made: dict[str, Any]) -> None:
    made["groupings"][1]["cells"][0]["at"] = ["infant"]


def _four_columns(made: dict[str, Any]) -> None:
    made["groupings"].append({"by": ["age", "sex", "area", "origin"], "cells": []})


def _worked_out(made: dict[str, Any]) -> None:
    made["audit"]["exact"] = 1


def _half_a_person(made: dict[str, Any]) -> None:
    made["groupings"][1]["cells"][0]["value"] = 12.5


def _no_period(made: dict[str, Any]) -> None:
    del made["period"]


@pytest.mark.parametrize(
    "spoil", [_small, _foreign_code, _four_columns, _worked_out, _half_a_person, _no_period]
)
def test_what_may_not_go_out_is_not_read(spoil: Callable[[dict[str, Any]], None]) -> None:
    made = payload()
    read(made)
    spoil(made)
    assert _refused(made) == "observatory.payload"


def test_a_hidden_cell_and_one_that_is_not_listed_look_the_same() -> None:
    made = payload()
    listed = figures(read(made), Asked(("area",)))
    for each in made["groupings"]:
        each["cells"] = [cell for cell in each["cells"] if cell["value"] is not None]
    assert figures(read(made), Asked(("area",))) == listed
    mali = next(line for line in listed.lines if line.at == ("MLI",))
    assert mali.values == (None,)
    assert mali not in listed.told


def test_columns_stand_in_the_order_of_the_reader_and_a_filter_narrows() -> None:
    told = read(payload())
    table = figures(told, Asked(("sex", "age")))
    assert [each.name for each in table.down] == ["sex"]
    assert table.across is not None
    assert table.across.name == "age"
    female = next(line for line in table.lines if line.at == ("female",))
    only = figures(told, Asked(("sex",), (("age", "child"),)))
    assert next(line for line in only.lines if line.at == ("female",)).values == (
        female.values[table.across_codes.index("child")],
    )


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (Asked(("shelter",)), "observatory.column"),
        (Asked(("age",), (("sex", "third"),)), "observatory.code"),
        (Asked(("age", "area")), "observatory.columns"),
        (Asked(("age", "age")), "observatory.columns"),
        (Asked(("age", "sex", "area", "origin")), "observatory.columns"),
    ],
)
def test_what_was_not_published_is_not_answered(asked: Asked, code: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        figures(read(payload()), asked)
    assert refusal.value.code == code
    assert refusal.value.remedy


def test_years_are_joined_only_where_nothing_changed_between_them() -> None:
    change = [{"on": "2024-03-01", "what": "a new law"}]
    releases = [
        read(year("R-2026-01", 2025, 255, breaks=change, stage="presumed")),
        read(year("R-2025-01", 2024, 230, breaks=change)),
        read(year("R-2024-02", 2023, 210)),
        read(year("R-2024-01", 2022, 205)),
        read(year("R-2023-01", 2022, 999)),
    ]
    (line,) = timelines(releases)
    assert [moment.value for moment in line.moments] == [205, 210, 230, 255]
    assert [moment.is_joined for moment in line.moments] == [False, True, False, False]
    assert [each.what for each in line.moments[2].breaks] == ["a new law"]
    assert line.moments[3].changed == ("stage",)
    assert line.is_broken


def test_movements_are_those_shown_and_not_known_is_never_drawn() -> None:
    found = movements(read(payload()))
    assert found is not None
    assert (found.start.name, found.end.name) == ("origin", "area")
    assert [(each.start, each.end, each.value) for each in found.lines] == [
        ("NPL", "IND", 60),
        ("NPL", "NPL", 55),
        ("NGA", "NGA", 25),
        ("unknown", "IND", 10),
    ]
    assert found.hidden == 1
    assert "unknown" not in {each.start for each in drawn(found)}


def test_areas_put_together_stand_for_their_members() -> None:
    made = payload()
    codes = made["series"]["dimensions"][2]["codes"]
    codes.append({"code": "rest-1", "label": "Others", "parent": "", "members": ["MLI", "NGA"]})
    column = read(made).by_name["area"]
    assert column.parts_of("rest-1") == ("MLI", "NGA")
    assert column.parts_of("m49-034") == ("NPL", "IND")


def test_six_bulletins_a_year_on_fixed_days() -> None:
    assert [due_on(2026, number).isoformat() for number in (1, 6)] == ["2026-02-15", "2026-12-15"]
    found = calendar(date(2026, 11, 22), {(2026, 4)})
    assert [(each.year, each.number) for each in found] == [
        (2026, 4),
        (2026, 5),
        (2026, 6),
        (2027, 1),
        (2027, 2),
        (2027, 3),
    ]
    assert [each.is_out for each in found] == [True, *[False] * 5]
    assert [each.is_due for each in found] == [True, True, *[False] * 4]
    assert [each.is_over for each in found] == [True, *[False] * 5]


@pytest.mark.parametrize(
    ("name", "releases", "code"),
    [
        ((2026, 7), 1, "observatory.bulletin-number"),
        ((2026, 6), 1, "observatory.bulletin-early"),
        ((2026, 3), 1, "observatory.bulletin-late"),
        ((2026, 4), 1, "observatory.bulletin-out"),
        ((2026, 5), 0, "observatory.bulletin-empty"),
    ],
)
def test_a_bulletin_comes_on_its_day_once_and_says_something(
    name: tuple[int, int], releases: int, code: str
) -> None:
    today, out = date(2026, 11, 22), {(2026, 4)}
    check_issue((2026, 5), today, out, 1)
    with pytest.raises(RuleBroken) as refusal:
        check_issue(name, today, out, releases)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("code", "start"),
    [
        ("2025", date(2025, 1, 1)),
        ("2025-Q3", date(2025, 7, 1)),
        ("2025-S2", date(2025, 7, 1)),
        ("2025-07", date(2025, 7, 1)),
        ("2025-13", None),
        ("unknown", None),
    ],
)
def test_periods_are_read_by_their_codes(code: str, start: date | None) -> None:
    assert starts_on(code) == start


def test_a_break_within_a_period_parts_it_from_both_neighbours() -> None:
    codes = ["2021", "2022", "2023", "2024"]
    at_the_border = Break(date(2023, 1, 1), "a new form")
    within = Break(date(2022, 6, 1), "a new law")
    assert breaks_before(codes, [at_the_border]) == [(), (), (at_the_border,), ()]
    assert breaks_before(codes, [within]) == [(), (within,), (within,), ()]
