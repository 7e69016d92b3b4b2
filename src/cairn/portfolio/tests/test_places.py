"""From printed places to countries, regions and one chapter."""

from datetime import date

import pytest

from cairn.portfolio.places import places_of
from cairn.portfolio.rules import Chapter
from cairn.portfolio.search import folded


@pytest.mark.parametrize(
    ("printed", "region", "chapter"),
    [
        (["Global"], "", Chapter.WORLD),
        (["Burundi"], "Africa & Middle East", Chapter.AFRICA),
        (["Kenya", "Yemen"], "", Chapter.SEVERAL),
        (["Regional"], "Africa", Chapter.AFRICA),
        ([], "Middle East & North Africa", Chapter.SEVERAL),
        (["Sub-Region - West Central Africa"], "", Chapter.AFRICA),
        (["Eastern Europe (subregion)"], "", Chapter.EUROPE),
        (["five pilot countries in Latin America"], "", Chapter.AMERICAS),
        (["Nigeria", "a maximum of six European countries"], "", Chapter.SEVERAL),
        ([], "", Chapter.NONE),
    ],
)
def test_each_project_stands_in_one_chapter(
    printed: list[str], region: str, chapter: Chapter
) -> None:
    assert places_of(printed, region, on=None).chapter == chapter


def test_named_countries_and_members_of_groups_are_told_apart() -> None:
    found = places_of(["Egypt", "ECOWAS"], "", on=date(2024, 1, 1))
    assert ("EGY", "") in found.countries
    assert ("MLI", "ECOWAS") in found.countries


def test_members_are_those_of_the_day() -> None:
    later = places_of(["ECOWAS"], "", on=date(2026, 1, 1))
    assert ("MLI", "ECOWAS") not in later.countries


def test_countries_still_to_be_chosen_are_not_guessed() -> None:
    found = places_of(["five pilot countries in Latin America"], "", on=None)
    assert found.countries == ()
    assert (found.resolved[0].minimum, found.resolved[0].maximum) == (5, 5)


def test_a_printed_region_counts_only_where_no_place_is_named() -> None:
    found = places_of(["Nepal"], "Africa", on=None)
    assert found.continents == ("142",)


@pytest.mark.parametrize(
    ("text", "found"),
    [("Népal", "nepal"), ("  CÔTE   d’Ivoire ", "cote d’ivoire"), ("السِّنغال", "السنغال")],
)
def test_case_accents_and_marks_do_not_matter_in_search(text: str, found: str) -> None:
    assert folded(text) == found
