"""Figures over time and movements on the map: gaps, breaks, and nothing drawn that is hidden."""

from typing import Any
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from cairn.ui.charts import Flow, FlowEnd, MapPicture, TimePoint, flow_map, time_chart
from cairn.ui.charts.times import runs, ticks

SVG = "{http://www.w3.org/2000/svg}"
POINTS = (
    TimePoint("2021", 40.0),
    TimePoint("2022", 55.0),
    TimePoint("2023", None),
    TimePoint("2024", 60.0),
    TimePoint("2025", 70.0, is_joined=False, note="a new <law>", href="/statistics/R-2026-01/"),
)
NEPAL, INDIA = FlowEnd("Nepal", ("NPL",)), FlowEnd("India", ("IND",))
REST = FlowEnd("Other areas of Western Africa", ("MLI", "GHA"))


def _times(points: Any = POINTS, **changes: Any) -> Element:
    words: dict[str, Any] = {
        "title": "Over time",
        "description": "Points",
        "value_label": "Persons",
        "language": "en",
        "direction": "ltr",
    }
    picture: Element = fromstring(time_chart(points, **words | changes))
    return picture


def _wide(picture: Element) -> Element:
    return picture[0][0]


def _flows(*flows: Flow) -> MapPicture:
    return flow_map(
        flows,
        title="Movements",
        description="Curves",
        legend_title="Persons",
        language="en",
        direction="ltr",
    )


def _of(root: Element, kind: str) -> list[Element]:
    return [each for each in root.iter() if kind in each.get("class", "").split()]


def test_neither_a_gap_nor_a_break_is_joined() -> None:
    assert runs(POINTS) == [[0, 1], [3], [4]]
    drawn = _wide(_times())
    assert len(_of(drawn, "chart-times-line")) == 1
    assert len(_of(drawn, "chart-times-break")) == 1
    assert len(_of(drawn, "chart-times-point")) == 4


def test_a_hidden_figure_is_said_to_be_hidden_and_has_no_point() -> None:
    drawn = _wide(_times())
    (hidden,) = _of(drawn, "chart-times-hidden")
    assert hidden.get("aria-label") == "2023: hidden"
    assert not list(hidden.iter(f"{SVG}circle"))


def test_every_point_is_a_link_with_its_figure_where_it_leads_somewhere() -> None:
    (linked,) = [each for each in _of(_wide(_times()), "chart-times-point") if each.get("href")]
    assert linked.tag == f"{SVG}a"
    assert linked.get("aria-label") == "2025: Persons 70"


def test_time_runs_from_right_to_left_where_the_page_does() -> None:
    def first(picture: Element) -> float:
        return float(next(_wide(picture).iter(f"{SVG}circle")).get("cx", ""))

    assert first(_times()) < first(_times(direction="rtl", language="ar"))


def test_nothing_is_drawn_where_every_figure_is_hidden() -> None:
    words = {"title": "", "description": "", "value_label": "", "language": "en"}
    assert time_chart([TimePoint("2025", None)], direction="ltr", **words) == ""
    with pytest.raises(ValueError, match="at most 60"):
        time_chart([TimePoint("2025", 1.0)] * 61, direction="ltr", **words)


@pytest.mark.parametrize("most", [1, 7, 255, 6_600, 1_000_000])
def test_the_axis_begins_at_zero_and_reaches_the_highest_figure(most: int) -> None:
    found = ticks(most)
    assert found[0] == 0
    assert most <= found[-1] <= 2 * most + 4
    assert len(found) <= 7


def test_a_movement_is_a_curve_and_within_an_area_a_ring() -> None:
    picture = fromstring(_flows(Flow(NEPAL, INDIA, 60), Flow(NEPAL, NEPAL, 25)).svg)
    names = {each.get("aria-label") for each in _of(picture, "chart-flow")}
    assert names == {"Nepal to India: 60", "Within Nepal: 25"}
    assert len(_of(picture, "chart-flow-line")) == 1
    assert len(_of(picture, "chart-flow-ring")) == 1


def test_there_and_back_are_two_curves() -> None:
    picture = fromstring(_flows(Flow(NEPAL, INDIA, 60), Flow(INDIA, NEPAL, 60)).svg)
    bends = {each.get("d", "").split("Q")[1].split()[0] for each in _of(picture, "chart-flow-line")}
    assert len(bends) == 2


def test_areas_put_together_have_one_middle_and_one_without_shape_is_named() -> None:
    found = _flows(Flow(REST, INDIA, 40), Flow(FlowEnd("Nowhere", ()), INDIA, 30))
    assert found.without_shape == ("Nowhere",)
    picture = fromstring(found.svg)
    assert [each.get("aria-label") for each in _of(picture, "chart-flow")] == [
        "Other areas of Western Africa to India: 40"
    ]


def test_without_movements_there_is_no_map() -> None:
    assert _flows().svg == ""


@pytest.mark.parametrize("value", [0, -5])
def test_nobody_is_not_a_movement(value: int) -> None:
    with pytest.raises(ValueError, match="nobody"):
        Flow(NEPAL, INDIA, value)
