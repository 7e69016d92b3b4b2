"""The table, the scene and the readings of releases on their way.

Releases are shared by all who may see statistics before they are published, wherever they work;
what was published is everybody's. Nobody's own organisation matters.
"""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

from django.utils import timezone

from cairn.access.permissions import Permission as P
from cairn.observatory.models import Artefact, LedgerEntry, Published, Release, Signature
from cairn.observatory.rules.pipeline import ReleaseState, Step, Way
from tests.doors.outcome import AGAINST_A_RULE, EVERYWHERE, FORM, MOVED, SENDING, Door, Kind, R
from tests.doors.people import places
from tests.doors.someone import Someone
from tests.doors.stage import Scene

STRAYS = frozenset({R.OTHER_ZONE, R.MISSING})
KINDS: dict[str, Kind] = {
    "release": Kind("statistics", {P.STATISTICS_VIEW: EVERYWHERE}, EVERYWHERE | STRAYS),
}
VIEWS, BUILDS, SIGNS = (
    frozenset({each}) for each in (P.STATISTICS_VIEW, P.STATISTICS_BUILD, P.STATISTICS_SIGN)
)
DOORS: dict[str, Door] = {
    "observatory:releases": Door(before=VIEWS),
    "observatory:release-new": Door(methods=FORM, before=BUILDS),
    "observatory:release-ledger": Door(before=VIEWS),
    "observatory:release": Door("release"),
    "observatory:release-figures": Door("release"),
    "observatory:release-build": Door("release", SENDING, before=BUILDS, posts=MOVED),
    "observatory:release-sign": Door("release", FORM, before=SIGNS, is_recent=True),
    "observatory:release-publish": Door(
        "release",
        FORM,
        before=VIEWS,
        any_of=BUILDS | SIGNS,
        is_recent=True,
        posts=AGAINST_A_RULE,
    ),
    "observatory:release-refuse": Door("release", FORM, before=VIEWS, any_of=BUILDS | SIGNS),
    "observatory:release-withdraw": Door("release", FORM, before=SIGNS, is_recent=True),
}


QUALITY = {"mass_kept": 1.0, "mean_error": None, "cells": 1, "hidden": 0}
PROTECTION = {
    "threshold": 10,
    "threshold_together": 20,
    "rounding": 5,
    "noise_furthest": 5,
    "noise_variance": 4.0,
}
PAYLOAD: dict[str, Any] = {
    "release": "R-2020-01",
    "title": "Invented release",
    "kind": "cube",
    "reference_date": "2021-04-01",
    "period": {"since": "2020-01-01", "until": "2020-12-31"},
    "series": {
        "name": "assisted",
        "label": "Invented persons",
        "legal_definition": "an invented law",
        "counting_unit": "person",
        "stage": "invented",
        "count_rule": "once",
        "source": "invented records",
        "coverage": "nowhere",
        "breaks": [],
        "dimensions": [
            {
                "name": "sex",
                "label": "Sex",
                "class": "category",
                "aspects": ["sex"],
                "zero_tells": True,
                "codes": [
                    {"code": "female", "label": "female", "parent": ""},
                    {"code": "unknown", "label": "not known", "parent": ""},
                ],
            }
        ],
        "refused": [],
    },
    "completeness": [{"name": "Invented unit", "reported": 12, "expected": 12}],
    "protection": PROTECTION,
    "quality": QUALITY,
    "audit": {"exact": 0, "questions": 1, "linked_releases": []},
    "tables": [["sex"]],
    "groupings": [
        {"by": [], "cells": [{"at": [], "value": 40}]},
        {"by": ["sex"], "cells": [{"at": ["female"], "value": 30}]},
    ],
}
SUMMARIES: dict[Step, dict[str, Any]] = {
    Step.EXTRACT: {"records": 40, "series": "assisted", "completeness": []},
    Step.CUBE: {"groupings": [["sex"]], "merged": False},
    Step.PROTECT: {"quality": QUALITY, "protection": PROTECTION},
    Step.ATTACK: {
        "passes": True,
        "exact": 0,
        "differences": 0,
        "printed": 0,
        "questions": 1,
        "proved_small": 0,
        "linked": [],
        "findings": [],
    },
}


def sees(someone: Someone, _row: Any) -> bool:
    return someone.may(P.STATISTICS_VIEW)


READINGS: dict[type, Callable[[Someone, Any], bool]] = {
    Release: sees,
    Artefact: sees,
    Signature: sees,
    LedgerEntry: sees,
    Published: lambda someone, row: row.withdrawn_at is None or someone.may(P.STATISTICS_VIEW),
}


def add(scene: Scene) -> None:
    """In each relation a release that waits for signatures, and one that went out."""
    for number, (relation, _organisation, _country) in enumerate(places(), start=1):
        release = make_release(f"R-2020-{number:02d}")
        scene.put("release", relation, release.code)
    out = make_release("R-2020-99", ReleaseState.PUBLISHED)
    now = timezone.now()
    Published.objects.create(release=out, payload=PAYLOAD, digest="1" * 64, published_at=now)
    Signature.objects.create(release=out, signed_by=uuid4(), signed_at=now, digest="1" * 64)
    LedgerEntry.objects.create(
        number=1,
        release=out,
        at=now,
        event="published",
        what="Invented",
        figures=1,
        content="1" * 64,
        previous="0" * 64,
        hash="2" * 64,
    )


def make_release(code: str, state: ReleaseState = ReleaseState.ATTACKED) -> Release:
    now = timezone.now()
    made = Release.objects.create(
        code=code,
        title="Invented release",
        source="assisted",
        way=Way.CUBE,
        period_first=date(2020, 1, 1),
        period_last=date(2020, 12, 31),
        columns=[["sex"]],
        state=state,
        made_at=now,
        made_by=uuid4(),
    )
    for number, (step, summary) in enumerate(SUMMARIES.items(), start=1):
        Artefact.objects.create(
            release=made,
            step=step,
            number=number,
            content="0" * 64,
            digest=f"{number}" * 64,
            previous="0" * 64,
            made_at=now,
            summary=summary,
            payload=PAYLOAD if step == Step.PROTECT else None,
        )
    return made
