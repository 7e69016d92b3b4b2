"""A source that a test fills, people who build and sign, and a release on its way."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from cairn.access.queries import actor_for
from cairn.access.tests.factories import user_with_role
from cairn.core.actor import Actor
from cairn.observatory import sources
from cairn.observatory.actions import releases, signing
from cairn.observatory.actions.releases import Plan
from cairn.observatory.models import Artefact, Release
from cairn.observatory.rules.pipeline import Period, Step, Way
from cairn.observatory.rules.protecting import ALL, How
from cairn.observatory.rules.series import (
    UNKNOWN,
    Aspect,
    Code,
    CountingUnit,
    Dimension,
    FieldClass,
    Series,
)
from cairn.observatory.sources import Completeness, Row, Source

YEAR = Period(date(2025, 1, 1), date(2025, 12, 31))
FIRST = Period(date(2025, 1, 1), date(2025, 3, 31))
SECOND = Period(date(2025, 4, 1), date(2025, 6, 30))
SEXES = ("f", "m", UNKNOWN)
AGES = ("child", "adult", UNKNOWN)
AREAS = ("a", "b", "c", "d", UNKNOWN)


def dimension(name: str, codes: Sequence[str], **given: Any) -> Dimension:
    kind = FieldClass.AREA if name == "area" else FieldClass.CATEGORY
    return Dimension(
        name, name.title(), kind, tuple(Code(code, f"{name} {code}") for code in codes), **given
    )


def small_series(**changes: Any) -> Series:
    plain: dict[str, Any] = {
        "name": "test",
        "label": "Invented persons",
        "dimensions": (
            dimension("sex", SEXES, aspects=frozenset({Aspect.SEX})),
            dimension("age", AGES, aspects=frozenset({Aspect.CHILD})),
            dimension("area", AREAS, aspects=frozenset({Aspect.PLACE})),
        ),
        "counting_unit": CountingUnit.PERSON,
        "legal_definition": "an invented law",
        "stage": "invented",
        "count_rule": "once",
        "source": "invented records",
        "coverage": "invented areas",
        "breaks": (),
    }
    return Series(**{**plain, **changes})


@dataclass
class Records:
    """What the source gives: (sex, age, area) -> persons, for every period; `early` for FIRST."""

    counts: dict[tuple[str, str, str], int]
    early: dict[tuple[str, str, str], int] = field(default_factory=dict)
    series: Series = field(default_factory=small_series)
    reads: int = 0
    grows: bool = False
    given: list[Row] = field(default_factory=list)

    def rows(self, period: Period) -> Iterator[Row]:
        self.reads += 1
        yield from self.given
        counts = self.early if period == FIRST else self.counts
        more = self.reads if self.grows else 0
        for codes, number in counts.items():
            for at in range(number + more):
                # Whoever is in the first quarter is the same person in the year.
                token = f"{codes} {at}"
                yield token, dict(zip(("sex", "age", "area"), codes, strict=True))

    def completeness(self, _period: Period) -> Sequence[Completeness]:
        return [("Invented unit", 11, 12)]


def usual(**small: int) -> dict[tuple[str, str, str], int]:
    """Enough persons everywhere, but `small`: words such as f_child_a with their number."""
    found = {
        (sex, age, area): 30 + 3 * place + 7 * len(sex)
        for place, area in enumerate(AREAS)
        for sex in SEXES
        for age in AGES
    }
    for name, number in small.items():
        sex, age, area = name.split("_")
        found[sex, age, area] = number
    return found


@contextmanager
def source_of(records: Records) -> Iterator[Records]:
    sources.register(
        Source(
            "test",
            "Invented persons",
            lambda: records.series,
            lambda period: records.rows(period),
            records.completeness,
            is_once=False,
        )
    )
    try:
        yield records
    finally:
        sources.unregister("test")


def actor(role: str = "statistics-officer", name: str = "") -> Actor:
    return actor_for(user_with_role(role, name=name), today=timezone.localdate())


def plan(
    way: Way = Way.CUBE,
    period: Period = YEAR,
    columns: Sequence[Sequence[str]] = (("sex", "age", "area"),),
    *,
    is_merged: bool = False,
) -> Plan:
    return Plan("Invented release", "test", way, period, columns, is_merged)


def built(builder: Actor, wanted: Plan, how: How = ALL) -> Release:
    """Begun and built as far as it goes."""
    made = releases.begin(builder, wanted)
    return releases.build(builder, made.code, how=how)


def last_digest(release: Release) -> str:
    found: str = Artefact.objects.get(release=release, step=Step.ATTACK).digest
    return found


def published(builder: Actor, signers: Sequence[Actor], wanted: Plan, how: How = ALL) -> Release:
    release = built(builder, wanted, how)
    for each in signers:
        signing.sign(each, release.code, last_digest(release))
    return signing.publish(builder, release.code)
