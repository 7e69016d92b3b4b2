"""The picture of the chain: every step by its name, in both directions, with nothing unsafe."""

import re

import pytest

from cairn.results.views.chain_picture import Stone, chain_picture

STONES = [
    Stone("Money", "$3,000,000", "Pledged", "today", "/results/measures/portfolio.pledged/", True),
    Stone("Training", "held back", "Officers <trained>", "2024", "", False),
]


def drawn(direction: str = "ltr", language: str = "en") -> str:
    return chain_picture(
        STONES, title="Invented", description="Two", language=language, direction=direction
    )


def test_every_step_has_a_name_and_leads_to_its_figure() -> None:
    picture = drawn()
    name = "Money: Pledged, today: $3,000,000"
    assert picture.count(f'aria-label="{name}"') == 2
    assert picture.count('href="/results/measures/portfolio.pledged/"') == 2
    assert picture.count("chart-chain-open") == 2
    assert "&lt;trained&gt;" in picture
    assert "<script" not in picture
    assert "style=" not in picture


@pytest.mark.parametrize(("direction", "first_is_left"), [("ltr", True), ("rtl", False)])
def test_the_wide_picture_runs_with_the_line(direction: str, *, first_is_left: bool) -> None:
    wide = drawn(direction).split("chart-narrow")[0]
    places = [float(each) for each in re.findall(r'<rect[^>]* x="([\d.]+)"', wide)]
    assert (places[0] < places[1]) is first_is_left
    assert all(0 <= each <= 720 for each in places)


def test_there_is_no_picture_of_nothing() -> None:
    assert chain_picture([], title="", description="", language="en", direction="ltr") == ""
