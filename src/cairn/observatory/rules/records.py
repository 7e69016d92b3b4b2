"""A series as plain types, for what is stored and published, and back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from cairn.observatory.rules.series import (
    Aspect,
    Break,
    Code,
    CountingUnit,
    Dimension,
    FieldClass,
    Series,
)


def series_record(series: Series) -> dict[str, Any]:
    """Everything that is said of the series; words in the language of the moment."""
    return {
        "name": series.name,
        "label": str(series.label),
        "legal_definition": str(series.legal_definition),
        "counting_unit": series.counting_unit.value if series.counting_unit else "",
        "stage": str(series.stage),
        "count_rule": str(series.count_rule),
        "source": str(series.source),
        "coverage": str(series.coverage),
        "breaks": [
            {"on": each.on.isoformat(), "what": str(each.what)} for each in series.breaks or ()
        ],
        "dimensions": [_dimension_record(each) for each in series.dimensions],
        "refused": sorted(sorted(each) for each in series.refused),
    }


def _dimension_record(dimension: Dimension) -> dict[str, Any]:
    return {
        "name": dimension.name,
        "label": str(dimension.label),
        "class": dimension.field_class.value,
        "aspects": sorted(each.value for each in dimension.aspects),
        "zero_tells": dimension.zero_tells,
        "codes": [_code_record(each) for each in dimension.codes],
    }


def _code_record(code: Code) -> dict[str, Any]:
    found: dict[str, Any] = {"code": code.code, "label": str(code.label), "parent": code.parent}
    return found | ({"members": list(code.members)} if code.members else {})


def series_from(record: Mapping[str, Any]) -> Series:
    """The series again; a record that was published says that breaks were declared."""
    return Series(
        name=record["name"],
        label=record["label"],
        dimensions=tuple(dimension_from(each) for each in record["dimensions"]),
        counting_unit=CountingUnit(record["counting_unit"]) if record["counting_unit"] else None,
        legal_definition=record["legal_definition"],
        stage=record["stage"],
        count_rule=record["count_rule"],
        source=record["source"],
        coverage=record["coverage"],
        breaks=tuple(
            Break(date.fromisoformat(each["on"]), each["what"]) for each in record["breaks"]
        ),
        refused=frozenset(frozenset(each) for each in record.get("refused", ())),
    )


def dimension_from(record: Mapping[str, Any]) -> Dimension:
    return Dimension(
        name=record["name"],
        label=record["label"],
        field_class=FieldClass(record["class"]),
        codes=tuple(
            Code(each["code"], each["label"], each["parent"], tuple(each.get("members", ())))
            for each in record["codes"]
        ),
        aspects=frozenset(Aspect(each) for each in record.get("aspects", ())),
        zero_tells=record.get("zero_tells", True),
    )
