from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from cairn.core.errors import RuleBroken
from cairn.observatory.rules.areas import merged_areas
from cairn.observatory.rules.series import (
    MAY_GROUP,
    UNKNOWN,
    Aspect,
    Break,
    Code,
    FieldClass,
    Thresholds,
    check_dimension,
    check_groupings,
    check_series,
    groupings,
)
from cairn.observatory.tests import scene

SERIES = scene.series((6, 4, 3, 3))


@pytest.mark.parametrize("kind", FieldClass)
def test_only_categories_periods_and_areas_are_dimensions(kind: FieldClass) -> None:
    given = replace(SERIES.dimensions[0], field_class=kind)
    if kind in MAY_GROUP:
        check_dimension(given)
        return
    with pytest.raises(RuleBroken, match=str(kind.label)) as refused:
        check_series(replace(SERIES, dimensions=(given,)))
    assert refused.value.code == "observatory.dimension"


@pytest.mark.parametrize(
    "field",
    ["legal_definition", "counting_unit", "stage", "count_rule", "source", "coverage", "breaks"],
)
def test_a_series_that_leaves_something_to_guess_is_refused(field: str) -> None:
    check_series(SERIES)
    nothing = None if field in {"breaks", "counting_unit"} else "  "
    with pytest.raises(RuleBroken, match="does not say") as refused:
        check_series(replace(SERIES, **{field: nothing}))  # type: ignore[arg-type]
    assert refused.value.code == "observatory.metadata"


def test_breaks_are_said_or_said_to_be_none() -> None:
    check_series(replace(SERIES, breaks=(Break(date(2024, 1, 1), "The law changed."),)))


@pytest.mark.parametrize(
    ("codes", "trouble"),
    [
        ((Code("a", "A"), Code("a", "A"), Code(UNKNOWN, "?")), "twice"),
        ((Code("", "A"), Code(UNKNOWN, "?")), "empty"),
        ((Code("a", "A", "b"), Code(UNKNOWN, "?")), "not in the list"),
        ((Code("a", "A", "b"), Code("b", "B", "a"), Code(UNKNOWN, "?")), "contains itself"),
        ((Code("a", "A"), Code("b", "B", "a"), Code(UNKNOWN, "?")), "would be the same"),
        ((Code("a", "A"), Code("b", "B")), "no code for"),
    ],
)
def test_a_code_list_that_cannot_be_counted_by_is_refused(
    codes: tuple[Code, ...], trouble: str
) -> None:
    with pytest.raises(RuleBroken, match=trouble):
        check_dimension(replace(SERIES.dimensions[0], codes=codes))


def test_groupings_are_those_allowed_and_no_others() -> None:
    assert len(list(groupings(scene.series()))) == 12 + 66 + 220
    apart = replace(SERIES, refused=frozenset({frozenset({"column00", "column01"})}))
    assert ("column00", "column01", "column02") not in set(groupings(apart))
    assert ("column00", "column02", "column03") in set(groupings(apart))
    for wrong in (("column00", "column01"), ("column00", "no-such"), ("column02", "column02")):
        with pytest.raises(RuleBroken) as refused:
            check_groupings(apart, [wrong])
        assert refused.value.code == "observatory.grouping"


def test_a_column_that_is_never_a_dimension_is_in_no_grouping() -> None:
    shelter = replace(SERIES.dimensions[0], field_class=FieldClass.SHELTER)
    given = replace(SERIES, dimensions=(shelter, *SERIES.dimensions[1:]))
    assert all("column00" not in names for names in groupings(given))
    with pytest.raises(RuleBroken):
        check_groupings(given, [("column00",)])


def test_the_threshold_is_higher_for_child_sex_and_place_together() -> None:
    told = {aspect: scene.dimension(aspect.value, 3, aspect) for aspect in Aspect}
    assert Thresholds().of([told[Aspect.CHILD], told[Aspect.SEX]]) == 10
    assert Thresholds().of(told.values()) == 20
    assert Thresholds().of([]) == 10


def test_small_areas_are_merged_and_none_is_left_to_be_worked_out() -> None:
    areas = scene.in_regions(scene.dimension("area", 10), 3)
    counts = dict.fromkeys(areas.leaves, 30) | {"c001": 3, UNKNOWN: 4}
    drawn = merged_areas(areas, counts, 10)
    # One small area takes the next smallest with it: the region less the rest says nothing.
    assert drawn["c001"] == drawn["c000"] == "rest-r0"
    assert drawn["c002"] == "c002"
    assert drawn[UNKNOWN] == ""
    # A region with too few persons merges with the smallest other one.
    drawn = merged_areas(areas, counts | {"c003": 1, "c004": 0, "c005": 2}, 10)
    assert {drawn[f"c00{place}"] for place in range(6)} == {"rest"}
    assert drawn["c006"] == "c006"


def test_no_area_that_is_drawn_has_fewer_persons_than_the_threshold() -> None:
    areas = scene.in_regions(scene.dimension("area", 13), 4)
    draw = np.random.default_rng(5)
    for _time in range(200):
        counts = dict(zip(areas.leaves, draw.integers(0, 25, len(areas.leaves)), strict=True))
        together: dict[str, int] = {}
        for leaf, name in merged_areas(areas, counts, 10).items():
            together[name] = together.get(name, 0) + int(counts[leaf])
        together.pop("", None)
        assert all(number >= 10 for number in together.values())
