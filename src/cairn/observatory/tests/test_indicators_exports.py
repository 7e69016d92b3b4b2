"""Released figures in the layouts of GLOTIP, SDG 16.2.2 and CTDC: as published, and no more."""

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from cairn.core.errors import RuleBroken
from cairn.observatory.exports import indicators as exports
from cairn.observatory.rules import indicators as rules
from cairn.observatory.rules import indicators_ctdc as ctdc
from cairn.observatory.tests.indicators_scene import publication

BY_SEX = {("country", "sex"): [(("MLI", "f"), 25), (("MLI", "m"), None), (("NPL", "f"), 10)]}


def row(made: exports.File, place: int) -> dict[str, Any]:
    return dict(zip(made.columns, made.rows[place], strict=True))


def test_a_row_of_glotip_says_what_was_published() -> None:
    made = exports.glotip(publication(BY_SEX))
    assert row(made, 0) == {
        "Iso3_code": "MLI",
        "Country": "Mali",
        "Region": "Africa",
        "Subregion": "Sub-Saharan Africa",
        "Indicator": "Detected trafficking victims",
        "Dimension": "Total",
        "Category": "Total",
        "Sex": "Female",
        "Age": "Total",
        "Year": 2025,
        "Unit of measurement": "Counts",
        "txtVALUE": "25",
        "Source": "R-2026-01",
    }
    assert (len(made.rows), made.hidden) == (2, 1)


def test_hidden_figures_stay_out_and_codes_without_a_word_are_counted() -> None:
    made = exports.glotip(
        publication(
            {
                ("country", "form"): [
                    (("MLI", "sexual"), 40),
                    (("MLI", "forced-marriage"), 15),
                    (("unknown", "labour"), 20),
                    (("NPL", "labour"), None),
                ]
            }
        )
    )
    assert [each[6] for each in made.rows] == ["Sexual exploitation"]
    assert (made.no_place, made.hidden) == (2, 1)


def test_a_table_over_countries_together_is_no_national_figure() -> None:
    both = {("sex",): [(("f",), 35)], ("country",): [(("MLI",), 60)]}
    made = exports.glotip(publication(both))
    assert [each[0] for each in made.rows] == ["MLI"]


def test_citizenship_is_told_by_name() -> None:
    made = exports.glotip(
        publication(
            {("citizenship",): [(("NER",), 30), (("unknown",), 15)]},
        ),
        "MLI",
    )
    assert [(each[5], each[6], each[11]) for each in made.rows] == [
        ("by citizenship", "Niger", "30"),
        ("by citizenship", "Unknown", "15"),
    ]


@pytest.mark.parametrize(
    ("words", "country", "code"),
    [
        ({"until": "2025-03-31"}, "MLI", "indicators.year"),
        ({"since": "2024-01-01"}, "MLI", "indicators.year"),
        ({"unit": "case"}, "MLI", "indicators.unit"),
        ({}, "", "indicators.country"),
        ({}, "XXX", "indicators.country"),
    ],
)
def test_what_the_layout_cannot_say_is_refused(
    words: dict[str, str], country: str, code: str
) -> None:
    found = publication({("sex",): [(("f",), 25)]}, **words)
    with pytest.raises(RuleBroken) as refusal:
        exports.glotip(found, country)
    assert refusal.value.code == code


def people(persons: int, source: str = "Invented census 2024", sex: str = "female") -> Any:
    return exports.Population("MLI", 2025, sex, "total", Decimal(persons), source)


def test_a_rate_names_both_its_sources_and_is_not_made_up_without_one() -> None:
    made = exports.sdg(publication(BY_SEX), [people(1_000_000)])
    assert (len(made.rows), made.no_population, made.hidden) == (1, 1, 1)
    found = row(made, 0)
    assert (found["Value"], found["Units"]) == ("2.5000", "per 100,000 population")
    assert (found["Source"], found["Population source"]) == ("R-2026-01", "Invented census 2024")


def test_two_population_figures_give_two_rates() -> None:
    both = [people(1_000_000), people(500_000, "Invented estimate")]
    made = exports.sdg(publication(BY_SEX), both)
    assert [each[10] for each in made.rows] == ["2.5000", "5.0000"]


def test_a_population_of_nobody_has_no_rate() -> None:
    with pytest.raises(RuleBroken):
        rules.rate(25, Decimal(0))


SEX_AND_AGE = {
    ("sex", "age"): [
        (("f", "child"), 10),
        (("f", "adult"), 15),
        (("m", "adult"), None),
        (("m", "unknown"), 40),
    ]
}


def test_lines_are_as_many_as_published_and_groups_under_eleven_are_left_out() -> None:
    made = exports.ctdc_file(publication(SEX_AND_AGE), ["age", "sex"])
    assert made.columns == ctdc.COLUMNS
    assert len(made.columns) == 63
    assert (len(made.rows), made.few, made.hidden) == (55, 10, 1)
    assert min(Counter(made.rows).values()) >= ctdc.LEAST_ALIKE
    assert row(made, 0)["majorityStatus"] == "Adult"
    assert row(made, 0)["yearOfRegistration"] == "2025"
    assert row(made, 0)["isForcedLabour"] == ""


def test_without_the_gate_the_check_of_the_whole_file_refuses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = ctdc.check_alike
    monkeypatch.setattr(ctdc, "LEAST_ALIKE", 1)
    monkeypatch.setattr(ctdc, "check_alike", lambda lines: None)
    lines = exports.ctdc_file(publication(SEX_AND_AGE), ["sex", "age"]).rows
    monkeypatch.undo()
    with pytest.raises(RuleBroken) as refusal:
        real(lines)
    assert refusal.value.code == "indicators.alike"


def test_a_table_of_small_groups_gives_no_lines() -> None:
    few = {("sex", "age"): [(("f", "child"), 10), (("m", "child"), None)]}
    with pytest.raises(RuleBroken) as refusal:
        exports.ctdc_file(publication(few), ["sex", "age"])
    assert refusal.value.code == "indicators.empty"


def test_only_a_published_table_can_be_given() -> None:
    with pytest.raises(RuleBroken) as refusal:
        exports.ctdc_file(publication(SEX_AND_AGE), ["sex"])
    assert refusal.value.code == "indicators.grouping"
