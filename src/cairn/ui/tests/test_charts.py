"""Bars, what any picture may carry into a page, and what happens when it cannot be drawn."""

import logging
import os
import re
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

from cairn.ui.charts import Bar, bars, fluid_bar_chart, world
from cairn.ui.charts.svg import fitted, text_width
from cairn.ui.tests.pictures import ROWS, SVG, chart, draw_map, mark_of, rectangles

HOSTILE = "A & B <script>alert(\"1\")</script> 'x' ]]> \x00\x0b مشروع"


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """Pictures are kept between calls; no test may live off another's."""
    for kept in (bars._draw, world._draw):
        kept.cache_clear()


# Bars


def test_bars_stand_in_the_order_given_and_in_proportion() -> None:
    picture = chart()
    first = rectangles(picture, "chart-first")
    names = [row.get("aria-label", "") for row in fromstring(picture) if row.get("aria-label")]
    assert [name.partition(":")[0] for name in names] == ["Colombia", "Nigeria", "Kenya"]
    assert len(first) == 2
    widths = [right - left for left, right in first]
    assert widths[0] == pytest.approx(2 * widths[1], abs=0.3)


def test_the_second_figure_begins_where_the_first_ends() -> None:
    picture = chart()
    pairs = zip(
        rectangles(picture, "chart-first"), rectangles(picture, "chart-second"), strict=True
    )
    for (_, end), (start, _) in pairs:
        assert start == pytest.approx(end, abs=0.15)


def test_bars_grow_to_the_left_and_labels_stand_right_in_right_to_left_pages() -> None:
    picture = chart(direction="rtl", language="ar")
    right_edges = {right for _, right in rectangles(picture, "chart-first")}
    assert len(right_edges) == 1
    label = next(
        t for t in fromstring(picture).iter(f"{SVG}text") if t.get("class") == "chart-label"
    )
    assert label.get("text-anchor") == "end"
    assert float(label[0].get("x", "")) == 720 > max(right_edges)
    left_to_right = chart()
    assert len({left for left, _ in rectangles(left_to_right, "chart-first")}) == 1


def test_a_narrow_chart_puts_labels_above_bars_of_the_full_width() -> None:
    picture = chart(width=340)
    assert fromstring(picture).get("viewBox", "").startswith("0 0 340 ")
    left, _ = rectangles(picture, "chart-first")[0]
    assert left == 0
    row = mark_of(picture, "Colombia")
    bar = next(row.iter(f"{SVG}rect"))
    for line in row.iter(f"{SVG}tspan"):
        assert float(line.get("y", "")) < float(bar.get("y", ""))


def test_a_page_gets_a_wide_and_a_narrow_drawing_and_a_legend_for_two_series() -> None:
    words: dict[str, Any] = {
        "title": "t",
        "description": "d",
        "value_label": "Pledged",
        "language": "en",
        "direction": "ltr",
    }
    both = fluid_bar_chart(ROWS, second_label="Short <of>", **words)
    assert both.count("<svg") == 2
    assert "Short &lt;of&gt;</li>" in both
    single = fluid_bar_chart([Bar("Kenya", 3)], **words)
    assert "chart-legend" not in single
    assert fluid_bar_chart([], **words) == ""


def test_each_row_is_named_in_full_and_linked() -> None:
    row = mark_of(chart(), "Colombia")
    assert row.tag == f"{SVG}a"
    assert row.get("href") == "/projects/P49/"
    name = "Colombia: Pledged US$ 8,000,000, Shortfall US$ 2,000,000, share 34%"
    assert row.get("aria-label", "").replace("\u00a0", " ") == name
    assert row.findtext(f"{SVG}title", "").replace("\u00a0", " ") == name
    assert mark_of(chart(), "Kenya").tag == f"{SVG}g"


def test_figures_beside_bars_are_short_and_in_the_language_of_the_page() -> None:
    shown = {
        language: [
            re.sub("[\u00a0\u202f]", " ", "".join(text.itertext()))
            for text in fromstring(chart(language=language)).iter(f"{SVG}text")
            if text.get("class") == "chart-amount"
        ]
        for language in ("en", "fr", "ar")
    }
    assert shown["en"][0] == "\u2068US$ 10M (34%)\u2069"
    assert shown["fr"][1] == "\u20685 M $US\u2069"
    assert shown["ar"][1] == "\u20685 مليون \u2066US$\u2069\u2069"


def test_a_long_label_is_cut_on_screen_and_whole_in_its_name() -> None:
    label = (
        "Strengthening the criminal justice response to trafficking in persons in the Sahel " * 2
    )
    row = mark_of(chart([Bar(label, 1)]), "Strengthening")
    lines = [line.text or "" for line in row.iter(f"{SVG}tspan")][:-1]
    assert len(lines) == 2
    assert lines[1].endswith("…\u2069")
    assert label.strip() in row.get("aria-label", "")


@pytest.mark.parametrize("label", ["x" * 200, "ab " * 90, "打击人口贩运" * 20, "مكافحة " * 40])
def test_lines_of_a_label_stay_inside_their_column(label: str) -> None:
    lines = fitted(label, width=240, size=13, lines=2)
    assert len(lines) == 2
    assert all(text_width(line, 13) <= 240 for line in lines)
    assert lines[1].endswith("…")


def test_a_label_that_fits_is_left_alone() -> None:
    assert fitted("  Mali and\tNiger ", width=240, size=13, lines=2) == ["Mali and Niger"]
    assert fitted("", width=240, size=13, lines=2) == [""]


def test_a_figure_too_small_to_scale_is_still_seen() -> None:
    picture = chart([Bar("Large", 10_000_000), Bar("Small", 1)])
    left, right = rectangles(picture, "chart-first")[1]
    assert right - left == pytest.approx(1, abs=0.11)


@pytest.mark.parametrize("figure", [-1, float("nan"), float("inf")])
def test_a_bar_refuses_what_it_cannot_show(figure: float) -> None:
    figures: dict[str, Any] = {"label": "x", "value": 1}
    for field in ("value", "second", "share"):
        with pytest.raises(ValueError, match="cannot show"):
            Bar(**figures | {field: figure})


def test_no_rows_give_no_picture_and_too_many_are_refused() -> None:
    assert chart([]) == ""
    with pytest.raises(ValueError, match="at most 100 rows"):
        chart([Bar("x", 1)] * 101)


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "//other.example/x", "data:text/html,x", "/a b", "/\\x"]
)
def test_an_address_that_leaves_the_site_by_stealth_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="cannot link"):
        chart([Bar("x", 1, href=address)])
    with pytest.raises(ValueError, match="cannot link"):
        draw_map({"KEN": 1}, hrefs={"KEN": address})


# What a page may carry


def everything() -> Iterator[str]:
    for language, direction in (("en", "ltr"), ("ar", "rtl")):
        words = {"title": HOSTILE, "description": HOSTILE, "language": language}
        rows = [Bar(HOSTILE, 3, 0.2, "/x/?a=1&b=2", 1), Bar("y", 1)]
        for width in (340, 720):
            yield chart(rows, value_label=HOSTILE, direction=direction, width=width, **words)
        yield draw_map(
            {"KEN": 1, "TUV": 2},
            names={"KEN": HOSTILE},
            hrefs={"KEN": "/x/?a=1&b=2"},
            unit=HOSTILE,
            direction=direction,
            **words,
        ).svg


def test_pictures_obey_the_strict_content_policy() -> None:
    for picture in everything():
        root = fromstring(picture)
        tags = {element.tag.removeprefix(SVG) for element in root.iter()}
        assert tags <= {"svg", "title", "desc", "g", "a", "rect", "text", "tspan", "path", "circle"}
        attributes = {name for element in root.iter() for name in element.keys()}
        assert not {name for name in attributes if name == "style" or name.startswith("on")}
        assert "xlink" not in picture
        assert "width" not in root.keys()
        assert root.get("viewBox")


def test_hostile_text_arrives_as_text() -> None:
    visible = HOSTILE.replace("\x00", "").replace("\x0b", "")
    for picture in everything():
        root = fromstring(picture)
        assert root.findtext(f"{SVG}title") == visible
        assert root.findtext(f"{SVG}desc") == visible
        assert any(visible in mark.get("aria-label", "") for mark in root)


@settings(max_examples=25, deadline=None)
@given(label=st.text(max_size=60))
def test_any_label_gives_a_well_formed_picture(label: str) -> None:
    root = fromstring(chart([Bar(label, 1)]))
    assert len(list(root.iter(f"{SVG}rect"))) == 1


# Keeping and failing


class Library:
    """Stands for the drawing library: counts calls, fails on demand."""

    def __init__(self, failure: BaseException | None = None) -> None:
        import vl_convert

        self.draw = vl_convert.vegalite_to_svg
        self.failure = failure
        self.calls = 0

    def vegalite_to_svg(self, *args: Any, **options: Any) -> str:
        self.calls += 1
        if self.failure:
            raise self.failure
        assert options["allowed_base_urls"] == []
        return str(self.draw(*args, **options))


def test_a_picture_is_drawn_once_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    library = Library()
    monkeypatch.setitem(sys.modules, "vl_convert", library)
    assert chart() == chart()
    assert library.calls == 1
    chart(language="fr")
    assert library.calls == 2


def test_a_map_of_other_values_needs_no_second_projection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world._places.cache_clear()
    library = Library()
    monkeypatch.setitem(sys.modules, "vl_convert", library)
    first, second = draw_map({"KEN": 1}), draw_map({"KEN": 1, "MLI": 2}, language="fr")
    assert first.svg
    assert first.svg != second.svg
    assert library.calls == 1


def test_pictures_kept_are_limited_in_number() -> None:
    for number in range(70):
        chart([Bar(str(number), 1)])
        if number == 0:
            assert bars._draw.cache_info().currsize == 1
    assert bars._draw.cache_info().currsize == 64
    assert world._draw.cache_info().maxsize == 16


class Panic(BaseException):
    """What a fault in compiled code looks like from Python."""


@pytest.mark.parametrize("failure", [ValueError("marked-secret"), RuntimeError(), Panic()])
def test_a_failing_library_leaves_the_page_standing(
    failure: BaseException, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    world._places.cache_clear()
    with monkeypatch.context() as patch, caplog.at_level(logging.ERROR, "cairn.charts"):
        patch.setitem(sys.modules, "vl_convert", Library(failure))
        assert chart([Bar("marked-label", 1)]) == ""
        picture = draw_map({"KEN": 5})
    assert picture.svg == ""
    assert [band.count for band in picture.bands] == [1]
    assert caplog.text.count("charts.renderer") == 2
    assert "marked" not in caplog.text
    assert chart([Bar("marked-label", 1)]), "a failure is not kept"


def test_an_interrupt_is_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", Library(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        chart()


@pytest.mark.parametrize(
    ("library", "code"),
    [
        (None, "charts.missing"),
        (SimpleNamespace(vegalite_to_svg=lambda *_, **__: "<svg"), "charts.unreadable"),
        (
            SimpleNamespace(
                vegalite_to_svg=lambda *_, **__: '<!DOCTYPE s [<!ENTITY a "b">]><s>&a;</s>'
            ),
            "charts.unreadable",
        ),
    ],
)
def test_a_missing_or_babbling_library_is_logged_by_its_code(
    library: object,
    code: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", library)
    assert chart() == ""
    assert code in caplog.text


def test_a_forked_process_does_not_wait_for_a_thread_that_it_does_not_have(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert chart()
    parent = os.getpid()
    monkeypatch.setattr(os, "getpid", lambda: parent + 1)
    assert chart(language="fr") == ""
    assert "charts.forked" in caplog.text
