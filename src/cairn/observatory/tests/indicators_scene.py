"""An invented release, as it was published, with columns that the layouts have words for."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.observatory.rules.publication import Publication, read

STAFF = Actor(
    user_id=uuid4(),
    name="Invented Officer",
    permissions=frozenset({Permission.STATISTICS_VIEW.value, Permission.STATISTICS_BUILD.value}),
)
COLUMNS: Mapping[str, Sequence[str]] = {
    "country": ("MLI", "NPL", "unknown"),
    "sex": ("f", "m", "unknown"),
    "age": ("child", "adult", "unknown"),
    "form": ("sexual", "labour", "forced-marriage", "unknown"),
    "citizenship": ("MLI", "NER", "unknown"),
}
Cells = Sequence[tuple[Sequence[str], int | None]]


def payload(
    groupings: Mapping[Any, Cells],
    *,
    since: str = "2025-01-01",
    until: str = "2025-12-31",
    unit: str = "person",
    columns: Mapping[str, Sequence[str]] = COLUMNS,
) -> dict[str, Any]:
    used = {name for by in groupings for name in by}
    return {
        "release": "R-2026-01",
        "title": "Invented victims",
        "kind": "cube",
        "reference_date": "2026-04-01",
        "period": {"since": since, "until": until},
        "series": {
            "name": "invented",
            "label": "Invented victims",
            "legal_definition": "Palermo Protocol, article 3",
            "counting_unit": unit,
            "stage": "formally identified",
            "count_rule": "once in the year",
            "source": "invented records",
            "coverage": "invented areas",
            "breaks": [],
            "dimensions": [
                {
                    "name": name,
                    "label": name.title(),
                    "class": "area" if name == "country" else "category",
                    "codes": [{"code": code, "label": code, "parent": ""} for code in codes],
                }
                for name, codes in columns.items()
                if name in used
            ],
        },
        "completeness": [],
        "protection": {
            "threshold": 10,
            "threshold_together": 20,
            "rounding": 5,
            "noise_furthest": 5,
            "noise_variance": 4.0,
        },
        "quality": {"mass_kept": 0.9, "mean_error": 0.1, "cells": 4, "hidden": 1},
        "audit": {"exact": 0, "questions": 1, "linked_releases": []},
        "groupings": [
            {"by": list(by), "cells": [{"at": list(at), "value": value} for at, value in cells]}
            for by, cells in groupings.items()
        ],
    }


def publication(groupings: Mapping[Any, Cells], **words: Any) -> Publication:
    return read(payload(groupings, **words))
