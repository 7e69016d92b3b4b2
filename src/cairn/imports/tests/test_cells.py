"""Turning the text of a cell into a value, without guessing."""

from datetime import date
from decimal import Decimal as D

import pytest

from cairn.core.errors import RuleBroken
from cairn.imports import cells


@pytest.mark.parametrize("cell", ["2025-02-03", "2025-02-03T00:00:00", "2025-02-03 00:00"])
def test_a_day_may_carry_midnight(cell: str) -> None:
    assert cells.day(cell) == date(2025, 2, 3)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2025-02", "cell.day"),
        ("2025", "cell.day"),
        ("2025-02-03 and later", "date.shape"),
        ("2025-02-03T14:30", "date.shape"),
        ("20250203", "date.shape"),
        ("2025-W05", "date.shape"),
        ("0205-02-03", "date.year"),
        ("2025-02-30", "date.day"),
    ],
)
def test_a_day_that_is_half_said_is_refused(cell: str, code: str) -> None:
    with pytest.raises(RuleBroken) as told:
        cells.day(cell)
    assert told.value.code == code
    assert told.value.remedy


@pytest.mark.parametrize(
    ("cell", "value"), [("5", D(5)), ("-5.25", D("-5.25")), ("+0.001", D("0.001"))]
)
def test_a_number_is_read_as_written(cell: str, value: D) -> None:
    assert cells.decimal(cell) == value


@pytest.mark.parametrize(
    "cell", ["1_000", "1e5", "NaN", "Infinity", "1,5", "1,000", "٣", "12 %", "9" * 13, ".5", "5."]
)
def test_a_number_in_another_form_is_refused(cell: str) -> None:
    with pytest.raises(RuleBroken) as told:
        cells.decimal(cell)
    assert told.value.code == "cell.number"


@pytest.mark.parametrize("cell", ["-1", "1.0", "1 000", "²", "٣", "1234567890"])
def test_a_count_is_a_whole_number(cell: str) -> None:
    with pytest.raises(RuleBroken) as told:
        cells.whole(cell)
    assert told.value.code == "cell.whole"


@pytest.mark.parametrize(("cell", "code"), [("eur", "EUR"), (" USD ", "USD")])
def test_a_currency_is_a_code_of_iso_4217(cell: str, code: str) -> None:
    assert cells.currency(cell) == code


@pytest.mark.parametrize("cell", ["Nepal", "NPL", "Népal", "نيبال", "尼泊尔"])
def test_a_country_is_known_by_name_or_code(cell: str) -> None:
    assert cells.country(cell) == "NPL"


def test_an_unknown_country_offers_the_nearest() -> None:
    with pytest.raises(RuleBroken) as told:
        cells.country("Nepall")
    assert "Nepal (NPL)" in told.value.remedy


def test_a_group_is_no_country() -> None:
    with pytest.raises(RuleBroken):
        cells.country("ECOWAS")


def test_lists_drop_blanks() -> None:
    assert cells.words(" a | | b|") == ["a", "b"]
