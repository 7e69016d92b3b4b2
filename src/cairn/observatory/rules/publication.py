"""What was published, read back from its payload: refused when a reader would have to guess.

A publication is the payload of one release and nothing else. Whoever shows, downloads or asks for
figures goes through here, so that one place knows what may be read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken

# A published value; None is hidden: it may be anything, also nobody.
Value = int | None
At = tuple[str, ...]
Columns = tuple[str, ...]
MOST_COLUMNS = 3
# Codes of what is not known: it has no place on a map.
UNKNOWN_CODES = frozenset({"unknown"})
# What a series must say before any of its figures is read (exchange study, e5).
STATEMENTS = ("legal_definition", "counting_unit", "stage", "count_rule", "source", "coverage")


@dataclass(frozen=True, slots=True)
class Code:
    """One value of a column. `parent`: the wider code that holds it, "" at the top.

    `members`: the codes that were put together in it, where they were too small to stand alone.
    """

    code: str
    label: str
    parent: str = ""
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """A published column. `field_class`: "category", "period" or "area"."""

    name: str
    label: str
    field_class: str
    codes: tuple[Code, ...]

    @cached_property
    def by_code(self) -> Mapping[str, Code]:
        return {each.code: each for each in self.codes}

    @cached_property
    def wider(self) -> frozenset[str]:
        """Codes that hold others."""
        return frozenset(each.parent for each in self.codes) - {""}

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        return tuple(each.code for each in self.codes if each.code not in self.wider)

    def label_of(self, code: str) -> str:
        found = self.by_code.get(code)
        return found.label if found else code

    def parts_of(self, code: str) -> tuple[str, ...]:
        """The codes that a code stands for, through all below it and all put together in it."""
        below = [each.code for each in self.codes if each.parent == code]
        if below:
            return tuple(part for each in below for part in self.parts_of(each))
        found = self.by_code.get(code)
        return (found.members if found else ()) or (code,)


@dataclass(frozen=True, slots=True)
class Break:
    """From this day on figures do not compare with those before."""

    on: date
    what: str


@dataclass(frozen=True, slots=True)
class Reported:
    """How complete the source is for one country or unit: periods reported of those expected."""

    name: str
    reported: int
    expected: int


@dataclass(frozen=True, slots=True)
class Protection:
    """How figures were protected; `noise_furthest` 0 and `rounding` 1 where counts are exact."""

    threshold: int
    threshold_together: int
    rounding: int
    noise_furthest: int
    noise_variance: float


@dataclass(frozen=True, slots=True)
class Quality:
    """What protection cost. `mass_kept`: share of the sum of all cells that is shown, 0 to 1.

    `mean_error`: of a figure that is shown, as a share of the true one, on average. `cells`,
    `hidden`: how many of each.
    """

    mass_kept: float | None
    mean_error: float | None
    cells: int
    hidden: int


@dataclass(frozen=True)
class Publication:
    """One published release. Days of the period are both included.

    `language`: of its words; the title stays as somebody typed it.
    """

    code: str
    title: str
    kind: str
    reference_date: date
    since: date
    until: date
    series: str
    label: str
    statements: Mapping[str, str]
    breaks: tuple[Break, ...]
    columns: tuple[Column, ...]
    completeness: tuple[Reported, ...]
    protection: Protection
    quality: Quality
    questions: int
    linked: tuple[str, ...]
    groupings: Mapping[Columns, Mapping[At, Value]]
    language: str = "en"

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        return {each.name: each for each in self.columns}

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.columns)

    @property
    def whole(self) -> Value:
        """Everybody in the release; None where that is hidden or not told."""
        return self.groupings.get((), {}).get((), None)

    @cached_property
    def areas(self) -> tuple[Column, ...]:
        return tuple(each for each in self.columns if each.field_class == "area")

    @cached_property
    def shown(self) -> int:
        """How many figures are shown in all groupings."""
        return sum(
            value is not None for cells in self.groupings.values() for value in cells.values()
        )

    def grouping(self, names: Sequence[str]) -> Columns | None:
        """The published grouping of these columns in any order; None where there is none."""
        wanted = set(names)
        return next((by for by in self.groupings if set(by) == wanted), None)

    @cached_property
    def is_exact(self) -> bool:
        return self.protection.noise_furthest == 0 and self.protection.rounding <= 1


def read(payload: Mapping[str, Any]) -> Publication:
    """The publication in a payload.

    Raises RuleBroken ("observatory.statements": a reader would have to guess what is counted;
    "observatory.payload": it is not what a release publishes).
    """
    try:
        found = _publication(payload)
    except (KeyError, TypeError, ValueError, AttributeError) as failure:
        raise _not_readable() from failure
    check_statements(found.label, payload["series"])
    _check_cells(found)
    return found


def check_statements(label: str, series: Mapping[str, Any]) -> None:
    """Raise RuleBroken("observatory.statements") unless all that must be said is said."""
    said = all(str(series.get(name) or "").strip() for name in STATEMENTS)
    if not said or series.get("breaks") is None:
        raise RuleBroken(
            "observatory.statements",
            _("“%(name)s” does not say all that a reader must know, so its figures are not shown.")
            % {"name": label},
            _("Definition, unit, stage, rule, source, coverage and breaks are needed."),
        )


def _not_readable() -> RuleBroken:
    return RuleBroken(
        "observatory.payload",
        _("This release cannot be read."),
        _("Tell the statistics officer: it has to be published anew."),
    )


def _publication(payload: Mapping[str, Any]) -> Publication:
    series, protection, quality = payload["series"], payload["protection"], payload["quality"]
    audit = payload["audit"]
    if int(audit["exact"]):
        raise ValueError("cells that can be worked out")
    return Publication(
        code=str(payload["release"]),
        title=str(payload["title"]),
        kind=str(payload["kind"]),
        reference_date=_day(payload["reference_date"]),
        since=_day(payload["period"]["since"]),
        until=_day(payload["period"]["until"]),
        series=str(series["name"]),
        label=str(series["label"]),
        statements={name: str(series.get(name) or "") for name in STATEMENTS},
        breaks=tuple(
            sorted(
                (Break(_day(each["on"]), str(each["what"])) for each in series["breaks"] or ()),
                key=lambda each: each.on,
            )
        ),
        columns=tuple(_column(each) for each in series["dimensions"]),
        completeness=tuple(
            Reported(str(each["name"]), int(each["reported"]), int(each["expected"]))
            for each in payload["completeness"]
        ),
        protection=Protection(
            int(protection["threshold"]),
            int(protection["threshold_together"]),
            int(protection["rounding"]),
            int(protection["noise_furthest"]),
            float(protection["noise_variance"]),
        ),
        quality=Quality(
            _number(quality["mass_kept"]),
            _number(quality["mean_error"]),
            int(quality["cells"]),
            int(quality["hidden"]),
        ),
        questions=int(audit["questions"]),
        linked=tuple(map(str, audit["linked_releases"])),
        groupings={
            tuple(map(str, each["by"])): {
                tuple(map(str, cell["at"])): _value(cell["value"]) for cell in each["cells"]
            }
            for each in payload["groupings"]
        },
    )


def _column(found: Mapping[str, Any]) -> Column:
    codes = tuple(
        Code(
            str(each["code"]),
            str(each["label"]),
            str(each.get("parent") or ""),
            tuple(map(str, each.get("members") or ())),
        )
        for each in found["codes"]
    )
    return Column(str(found["name"]), str(found["label"]), str(found["class"]), codes)


def _day(text: Any) -> date:
    return date.fromisoformat(str(text)[:10])


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _value(value: Any) -> Value:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError("a figure is a whole number from zero up, or hidden")
    return value


def _check_cells(found: Publication) -> None:
    """A second lock after the release's own: what may not go out is not read either."""
    least = found.protection.threshold - found.protection.rounding / 2
    for by, cells in found.groupings.items():
        columns = [found.by_name.get(name) for name in by]
        if len(by) > MOST_COLUMNS or len(set(by)) < len(by) or None in columns:
            raise _not_readable()
        for at, value in cells.items():
            known = len(at) == len(by) and all(
                column is not None and code in column.by_code
                for column, code in zip(columns, at, strict=True)
            )
            if not known or (value is not None and 0 < value < least):
                raise _not_readable()
