"""The picture of a cascade and the share that falls in steps: what is drawn, said and refused."""

from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from cairn.ui.charts import CascadeLine, CascadeStone, StepPoint, generation_chart, step_chart
from cairn.ui.charts.generations import MOST_NODES, fold, kind_of
from cairn.ui.charts.steps import ticks

SVG = "{http://www.w3.org/2000/svg}"
STONES = (
    CascadeStone("roots", "Invented experts", 0, 4),
    CascadeStone("X01", "X01", 1, 40, 0.9, href="/training/events/X01/"),
    CascadeStone("X02", "X02", 1, 10, 0.7),
    CascadeStone("X03", "X03", 2, 160, 0.4),
    CascadeStone("X04", "X04", 2, 31, None, is_counted=True),
)
LINES = (
    CascadeLine("roots", "X01", 40),
    CascadeLine("X01", "X03", 80),
    CascadeLine("X02", "X03", 20),
    CascadeLine("X02", "gone", 5),
)
# Kaplan-Meier of days 30*, 45*, 60, 75*, 90*, 120, 150*, 180: the training study, section 7.
POINTS = tuple(
    StepPoint(day, share)
    for day, share in ((30, 0.875), (45, 0.75), (75, 0.6), (90, 0.45), (150, 0.225))
)


def drawings(picture: str) -> list[Element]:
    """The wide and the narrow drawing."""
    found: list[Element] = [
        each
        for each in fromstring(f"<div>{picture}</div>").iter(f"{SVG}svg")
        if each.get("role") == "graphics-document document"
    ]
    assert len(found) == 2
    return found


def cascade(stones: Any = STONES, lines: Any = LINES, **changes: Any) -> str:
    words: dict[str, Any] = {
        "title": "Who trained whom",
        "description": "Two generations.",
        "quality_label": "Passed",
        "language": "en",
        "direction": "ltr",
    }
    return generation_chart(stones, lines, **words | changes)


def steps(points: Any = POINTS, **changes: Any) -> str:
    words: dict[str, Any] = {
        "title": "Activation",
        "description": "Half within 90 days.",
        "day_label": "Days",
        "share_label": "without a first session",
        "language": "en",
        "direction": "ltr",
        "until": 180,
        "censored": (60, 120, 180),
    }
    return step_chart(points, **words | changes)


def stones_of(drawing: Element) -> dict[str, Element]:
    """Name of each node -> its shape."""
    found = {}
    for group in drawing.iter():
        if group.get("class") == "chart-row":
            found[group.get("aria-label", "")] = next(
                each for each in group if "chart-cascade-stone" in each.get("class", "")
            )
    return found


def middles(drawing: Element) -> dict[str, float]:
    """Across, where the label of each node stands."""
    return {
        "".join(text.itertext()).strip("\u2068\u2069"): float(text[0].get("x", ""))
        for text in drawing.iter(f"{SVG}text")
        if text.get("class") == "chart-label"
    }


def test_generations_stand_in_columns_and_run_the_other_way_in_right_to_left_pages() -> None:
    at = middles(drawings(cascade())[0])
    assert at["X01"] == at["X02"] < at["X03"] == at["X04"]
    mirrored = middles(drawings(cascade(direction="rtl", language="ar"))[0])
    assert mirrored["X01"] == mirrored["X02"] > mirrored["X03"]
    assert mirrored["X03"] == pytest.approx(720 - at["X03"], abs=0.2)


def test_a_narrow_drawing_puts_generations_one_below_the_other() -> None:
    narrow = drawings(cascade())[1]
    assert narrow.get("viewBox", "").startswith("0 0 340 ")
    y = {
        "".join(text.itertext()).strip("\u2068\u2069"): float(text[0].get("y", ""))
        for text in narrow.iter(f"{SVG}text")
    }
    assert y["Generation 1"] < y["X01"] < y["Generation 2"] < y["X03"]


def test_quality_is_a_shape_a_tone_and_a_word() -> None:
    shapes = stones_of(drawings(cascade())[0])
    said = {name.partition(",")[0]: shape for name, shape in shapes.items()}
    corners = {key: shape.get("points", "").count(",") for key, shape in said.items()}
    assert corners == {"Invented experts": 4, "X01": 0, "X02": 4, "X03": 3, "X04": 4}
    assert [said[key].get("class", "").split()[1] for key in ("X01", "X02", "X03")] == [
        "chart-band-5",
        "chart-band-3",
        "chart-band-1",
    ]
    picture = cascade()
    for words in ("Passed: 80% or more", "Passed: 60% to under 80%", "Passed: under 60%"):
        assert f"{words}</li>" in picture


def test_each_node_is_named_in_full_and_linked() -> None:
    drawing = drawings(cascade())[0]
    assert list(stones_of(drawing))[1:3] == [
        "X01, Generation 1: 40 people, Passed 90%",
        "X02, Generation 1: 10 people, Passed 70%",
    ]
    [link] = drawing.iter(f"{SVG}a")
    assert link.get("href") == "/training/events/X01/"
    assert drawing.findtext(f"{SVG}title") == "Who trained whom"
    assert drawing.findtext(f"{SVG}desc") == "Two generations."


def test_people_known_by_number_have_a_dashed_outline_that_the_legend_explains() -> None:
    shapes = stones_of(drawings(cascade())[0])
    [counted] = [name for name, each in shapes.items() if "counted" in each.get("class", "")]
    assert counted == "X04, Generation 2: 31 people, counted, not measured"
    assert "Dashed outline: people are counted, not named" in cascade()
    assert "Dashed outline" not in cascade(STONES[:4])


def test_areas_follow_people_and_widths_the_heaviest_line() -> None:
    drawing = drawings(cascade([*STONES[:3], CascadeStone("X03", "X03", 2, 160, 0.9)]))[0]
    radii = {
        name.partition(",")[0]: float(shape.get("r", "0"))
        for name, shape in stones_of(drawing).items()
    }
    assert radii["X03"] == pytest.approx(2 * radii["X01"], abs=0.1)
    widths = [float(each.get("stroke-width", "")) for each in drawing.iter(f"{SVG}path")]
    assert widths == [14, 3.5, 7]


def test_the_smallest_of_many_are_drawn_as_one_with_their_people_and_lines() -> None:
    many = [CascadeStone(f"X{n:03}", f"X{n:03}", 1, n, 0.5, is_counted=True) for n in range(1, 61)]
    lines = [CascadeLine("roots", each.key, each.people) for each in many]
    kept, links = fold([STONES[0], *many], lines, most=8)
    others = kept[-1]
    assert (len(kept), others.label, others.people) == (9, "and 53 others", sum(range(1, 54)))
    assert others.is_counted
    assert others.quality == pytest.approx(0.5)
    assert sum(each.people for each in links) == sum(each.people for each in lines)
    assert not fold([STONES[0], *many, STONES[2]], [], most=8)[0][-1].is_counted


def test_a_deep_cascade_keeps_to_about_forty_nodes() -> None:
    deep = [
        CascadeStone(f"X{g}-{n}", f"X{g}-{n}", g, 1 + n, 0.5) for g in range(11) for n in range(30)
    ]
    wide = drawings(cascade(deep, ()))[0]
    assert 22 <= len(stones_of(wide)) <= MOST_NODES
    across = sorted(set(middles(wide).values()))
    assert min(b - a for a, b in pairwise(across)) >= 71


@pytest.mark.parametrize(
    ("quality", "kind"), [(None, "unknown"), (0.599, "low"), (0.6, "middle"), (0.8, "high")]
)
def test_the_kind_of_a_node_changes_at_the_limits_that_the_legend_names(
    quality: float | None, kind: str
) -> None:
    assert kind_of(quality) == kind


def test_nothing_that_could_run_or_restyle_gets_into_a_picture() -> None:
    hostile = "\"><script>alert('1')</script>"
    stones = [CascadeStone("a", hostile, 0, 1), CascadeStone("b", hostile, 1, 1)]
    picture = cascade(stones, [CascadeLine("a", "b", 1)], title=hostile, quality_label=hostile)
    picture += steps(title=hostile, share_label=hostile)
    assert "<script" not in picture
    assert "style=" not in picture
    with pytest.raises(ValueError, match="cannot link"):
        cascade([CascadeStone("a", "a", 0, 1, href="javascript:alert(1)")])


@pytest.mark.parametrize(
    "wrong", [{"generation": -1}, {"people": float("nan")}, {"people": -1}, {"quality": 1.1}]
)
def test_a_node_that_cannot_be_drawn_is_refused(wrong: dict[str, Any]) -> None:
    given: dict[str, Any] = {"key": "a", "label": "a", "generation": 0, "people": 1}
    with pytest.raises(ValueError, match=r"A node has|The quality"):
        CascadeStone(**given | wrong)


def test_no_nodes_and_no_steps_draw_nothing() -> None:
    assert cascade((), ()) == ""
    assert steps(()) == ""


# Steps


def corners(drawing: Element) -> list[tuple[float, float]]:
    [line] = [each for each in drawing.iter() if each.get("class") == "chart-steps-line"]
    return [
        (float(x), float(y))
        for x, y in (part.split(" ") for part in line.get("d", "M").removeprefix("M").split("L"))
    ]


def test_the_line_stays_until_a_day_and_falls_on_it() -> None:
    drawing = drawings(steps())[0]
    found = corners(drawing)
    assert len(found) == 2 + 2 * len(POINTS)
    for (x0, y0), (x1, y1) in pairwise(found):
        assert x0 == x1 or y0 == y1
    top, bottom = found[0][1], found[-1][1]
    foot = drawing.get("viewBox", "").split(" ")[3]
    assert bottom == pytest.approx(top + (float(foot) - 52) * (1 - 0.225), abs=0.2)
    assert found[-1][0] == 706


def test_days_run_from_the_right_in_right_to_left_pages() -> None:
    found = corners(drawings(steps(direction="rtl", language="ar"))[0])
    assert found[0][0] > found[-1][0]
    assert found[0][0] == 720 - corners(drawings(steps())[0])[0][0]


def test_each_step_and_each_one_who_left_is_said_in_words() -> None:
    bounded = (StepPoint(30, 0.875, 0.39, 0.98), *POINTS[1:])
    drawing = drawings(steps(bounded))[0]
    said = [
        each.get("aria-label")
        for each in drawing.iter()
        if each.get("class") == "chart-steps-point"
    ]
    assert said[0] == "Day 30: without a first session 88%, interval 39% to 98%"
    assert said[4] == "Day 150: without a first session 22%"
    left = [each for each in drawing.iter() if each.get("class") == "chart-steps-left"]
    assert [each.findtext(f"{SVG}title") for each in left] == [
        f"Day {day}: left before it happened" for day in (60, 120, 180)
    ]


def test_an_interval_is_drawn_only_where_there_is_one() -> None:
    assert "chart-steps-interval" not in steps()
    assert steps([StepPoint(30, 0.5, 0.2, 0.8)]).count("chart-steps-interval") == 2


@pytest.mark.parametrize(
    ("until", "days"),
    [(1, [0, 1]), (9, [0, 2, 4, 6, 8]), (180, [0, 50, 100, 150]), (400, [0, 100, 200, 300, 400])],
)
def test_the_axis_has_round_days(until: float, days: list[int]) -> None:
    assert ticks(until) == days


@pytest.mark.parametrize(
    "wrong",
    [{"day": -1, "share": 0.5}, {"day": 1, "share": 1.2}, {"day": 1, "share": 1, "low": -1}],
)
def test_a_step_out_of_range_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="A step"):
        StepPoint(**wrong)


def test_too_many_steps_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 500"):
        steps([StepPoint(day, 0.5) for day in range(501)])
