"""Every figure has a definition that reads in each language, and no figure is made without."""

import re
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from cairn.core import intervals
from cairn.training import measures
from cairn.training.measures.definitions import all_definitions, definition_of, register
from cairn.training.measures.engines import ENGINES, warm
from cairn.training.measures.figure import Figure, Flag, Unit, flag_label, text_of

PACKAGE = Path(next(iter(measures.__path__)))
CODE = re.compile(
    r'(?:Figure|undefined|hidden|share|difference|_blank|_gain|_too_few)\(\s*"([a-z0-9-]+)"'
    r'|code(?:, unit)? = "([a-z0-9-]+)"'
)


def test_every_code_in_the_package_has_a_definition() -> None:
    found = {
        one or other
        for path in PACKAGE.glob("*.py")
        for one, other in CODE.findall(path.read_text(encoding="utf-8"))
    }
    assert {"gain", "women", "outcome-rate", "facility", "reliability"} <= found
    assert not found - {definition.code for definition in all_definitions()}


def test_every_definition_says_all_it_has_to() -> None:
    for definition in all_definitions():
        assert all(str(getattr(definition, field.name)).strip() for field in fields(definition))
        assert re.fullmatch(r"[a-z0-9-]+", definition.code)


def test_a_figure_without_definition_cannot_be_made() -> None:
    with pytest.raises(KeyError):
        Figure("no-such-figure", 1.0, 5, None, None, Unit.COUNT, 0, "An invented figure.")


def test_a_figure_that_is_not_a_number_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="finite"):
        Figure("gain", float("nan"), 5, None, None, Unit.COUNT, 0, "An invented figure.")


def test_a_code_is_defined_once() -> None:
    gain = definition_of("gain")
    with pytest.raises(ValueError, match="already"):
        register(gain.code, "a", "b", "c", "d", "e")


def test_every_flag_has_words() -> None:
    assert all(flag_label(flag) != flag for flag in Flag)
    assert flag_label("something-else") == "something-else"


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "text"),
    [
        (0.2272, Unit.SHARE, 1, "22.7%"),
        (4.2, Unit.MARKS, 1, "4.2"),
        (8379.4, Unit.MONEY, 0, "US$\N{NO-BREAK SPACE}8,379"),
        (601.2, Unit.DAYS, 0, "601"),
        (-14.5, Unit.PERCENTAGE_POINTS, 1, "-14.5"),
        (-0.001, Unit.RATIO, 2, "0.00"),
    ],
)
def test_values_read_as_people_write_them(
    value: float, unit: Unit, decimals: int, text: str
) -> None:
    assert text_of(value, unit, decimals) == text


def test_a_record_holds_numbers_as_they_are() -> None:
    figure = Figure("gain", 1 / 3, 7, 0.1, 0.5, Unit.SHARE, 0, "A third.", (Flag.EXPLORATORY,))
    record = figure.as_record()
    assert record["value"] == 1 / 3
    assert record["flags"] == ["exploratory"]
    assert figure.flagged(Flag.EXPLORATORY).flags == (Flag.EXPLORATORY,)


def test_every_engine_that_a_measure_imports_late_can_be_loaded_before() -> None:
    late = re.compile(r"^ +from ((?:scipy|statsmodels)[\w.]*) import", re.MULTILINE)
    files = [*PACKAGE.glob("*.py"), Path(str(intervals.__file__))]
    found = {name for path in files for name in late.findall(path.read_text("utf-8"))}
    assert found == set(ENGINES)
    warm()
    assert found <= set(sys.modules)
