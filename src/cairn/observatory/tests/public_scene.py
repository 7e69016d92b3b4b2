"""An invented payload, and releases that were published with it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from cairn.observatory.models import Artefact, Published, Release
from cairn.observatory.rules.pipeline import ReleaseState, Step, Way, digest

BUILDER = UUID(int=7)
# Stands in the extract and in the exact counts, and nowhere else.
CANARY = 987_654_321
SERIES = "invented-scene"
AGES = (("child", "children"), ("adult", "adults"), ("unknown", "not known"))
SEXES = (("female", "female"), ("male", "male"), ("unknown", "not known"))
AREAS = (
    ("m49-034", "Southern Asia", ""),
    ("NPL", "Nepal", "m49-034"),
    ("IND", "India", "m49-034"),
    ("m49-202", "Sub-Saharan Africa", ""),
    ("NGA", "Nigeria", "m49-202"),
    ("MLI", "Mali", "m49-202"),
    ("unknown", "not known", ""),
)
AREA_COUNTS = {"NPL": 120, "IND": 85, "NGA": 40, "MLI": None, "unknown": 15}
FLOWS: dict[tuple[str, str], int | None] = {
    ("NPL", "IND"): 60,
    ("NGA", "NGA"): 25,
    ("NPL", "NPL"): 55,
    ("MLI", "NGA"): None,
    ("unknown", "IND"): 10,
}


def payload(code: str = "R-2026-01", **changes: Any) -> dict[str, Any]:
    """A cube by age, sex, area and origin; `changes` replace whole parts, or add to `series`."""
    series = {
        "name": SERIES,
        "label": "Invented persons",
        "legal_definition": "Article 3 of the invented Protocol",
        "counting_unit": "person",
        "stage": "identified by an invented authority",
        "count_rule": "once for each person",
        "source": "invented records",
        "coverage": "four invented countries",
        "breaks": [],
        "dimensions": [
            _dimension("age", "Age", "category", AGES),
            _dimension("sex", "Sex", "category", SEXES),
            _area("area", "Country of exploitation"),
            _area("origin", "Country of citizenship"),
        ],
    } | changes.pop("series", {})
    by_age = {"child": 95, "adult": 150, "unknown": None}
    by_sex = {"female": 160, "male": 85, "unknown": 10}
    both = {
        (age, sex): None if "unknown" in {age, sex} else 25 + 10 * len(age + sex)
        for age in by_age
        for sex in by_sex
    }
    made = {
        "release": code,
        "title": f"Invented release {code}",
        "kind": "cube",
        "reference_date": "2026-02-01",
        "period": {"since": "2025-01-01", "until": "2025-12-31"},
        "series": series,
        "completeness": [{"name": "Nepal", "reported": 11, "expected": 12}],
        "protection": {
            "threshold": 10,
            "threshold_together": 20,
            "rounding": 5,
            "noise_furthest": 5,
            "noise_variance": 4.0,
        },
        "quality": {"mass_kept": 0.91, "mean_error": 1.4, "cells": 60, "hidden": 12},
        "audit": {"exact": 0, "questions": 1234, "linked_releases": []},
        "tables": [["age", "sex"], ["area", "origin"]],
        "groupings": [
            {"by": [], "cells": [{"at": [], "value": 255}]},
            _grouping(("age",), {(code,): value for code, value in by_age.items()}),
            _grouping(("sex",), {(code,): value for code, value in by_sex.items()}),
            _grouping(("area",), {(code,): value for code, value in AREA_COUNTS.items()}),
            _grouping(("age", "sex"), both),
            _grouping(("area", "origin"), {(end, start): n for (start, end), n in FLOWS.items()}),
        ],
    }
    return made | changes


def _dimension(name: str, label: str, kind: str, codes: Any) -> dict[str, Any]:
    listed = [{"code": code, "label": words, "parent": ""} for code, words in codes]
    return {"name": name, "label": label, "class": kind, "codes": listed}


def _area(name: str, label: str) -> dict[str, Any]:
    listed = [{"code": code, "label": words, "parent": parent} for code, words, parent in AREAS]
    return {"name": name, "label": label, "class": "area", "codes": listed}


def _grouping(by: tuple[str, ...], cells: Mapping[Any, int | None]) -> dict[str, Any]:
    listed = [{"at": list(at), "value": value} for at, value in cells.items()]
    return {"by": list(by), "cells": listed}


def year(code: str, of: int, whole: int | None, **series: Any) -> dict[str, Any]:
    """A payload over a whole year with this total."""
    made = payload(code, series=series)
    made["period"] = {"since": f"{of}-01-01", "until": f"{of}-12-31"}
    made["groupings"][0]["cells"][0]["value"] = whole
    return made


def publish(made: dict[str, Any], *, at: datetime | None = None) -> Published:
    """The payload as a published release, with a canary in what lies behind it."""
    since, until = (date.fromisoformat(made["period"][name]) for name in ("since", "until"))
    at = at or datetime(2026, 2, 10, 9, tzinfo=UTC)
    release = Release.objects.create(
        code=made["release"],
        title=made["title"],
        source=made["series"]["name"],
        way=Way.CUBE,
        period_first=since,
        period_last=until,
        columns=["age", "sex"],
        state=ReleaseState.PUBLISHED,
        made_at=at,
        made_by=BUILDER,
    )
    for number, step in enumerate((Step.EXTRACT, Step.CUBE), start=1):
        Artefact.objects.create(
            release=release,
            step=step,
            number=number,
            content=digest(step),
            digest=digest([step, 1]),
            previous=digest([step, 0]),
            made_at=at,
            summary={"canary": CANARY},
            sealed=str(CANARY).encode(),
        )
    return Published.objects.create(
        release=release, payload=made, digest=digest(made), published_at=at
    )


def withdraw(row: Published, reason: str = "An invented country was counted twice.") -> None:
    row.withdrawn_at = datetime(2026, 3, 1, 9, tzinfo=UTC)
    row.reason = reason
    row.save()
