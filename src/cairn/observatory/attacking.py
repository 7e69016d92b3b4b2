"""The attack on a release before it may be signed: what anybody could work out when it is out.

It reads payloads only, this one's and those of every linked release that ever went out, withdrawn
ones included: what was read once is known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.observatory.payloads import protection_of, release_of_payload
from cairn.observatory.rules.attack import Group, attack
from cairn.observatory.rules.cube_audit import PublishedCells, audit_cube
from cairn.observatory.rules.pipeline import Period, Way
from cairn.observatory.rules.protecting import ALL, MOST_IN_CUBE, How
from cairn.observatory.rules.records import series_from
from cairn.observatory.rules.releases import Release
from cairn.observatory.rules.subtraction import Difference, subtractions
from cairn.observatory.rules.tables import Cell, Table, cell

# As many findings are kept in words; the rest are counted.
MOST_FINDINGS = 40
QUARTERS = 4
EXACT, DIFFERENCE, PRINTED = "exact", "difference", "printed"


@dataclass(frozen=True, slots=True)
class Issued:
    """A release as the attack gets it. `population`: whom it counts, by source and period.

    `is_once`: each person of the source stands in one quarter only, so that quarters add up.
    """

    code: str
    population: str
    period: Period
    payload: Mapping[str, Any]
    digest: str = ""
    is_once: bool = False


@dataclass(frozen=True)
class Verdict:
    """`findings`: plain types, see `_finding`. `questions`: hidden groups asked for and pairs of
    figures subtracted; `proved_small`: groups certainly below their threshold, without a number.
    """

    findings: tuple[Mapping[str, Any], ...]
    questions: int
    proved_small: int
    linked: tuple[tuple[str, str], ...] = field(default=())

    @property
    def passes(self) -> bool:
        return not self.findings

    def record(self) -> dict[str, Any]:
        """For the summary of the step.

        Which groups are known exactly stands there, and not how many they are: a refusal must not
        tell what it keeps from being told.
        """
        kinds = [each["kind"] for each in self.findings]
        return {
            "passes": self.passes,
            "exact": kinds.count(EXACT),
            "differences": kinds.count(DIFFERENCE),
            "printed": kinds.count(PRINTED),
            "questions": self.questions,
            "proved_small": self.proved_small,
            "linked": [{"release": code, "digest": digest} for code, digest in self.linked],
            "findings": [_untold(each) for each in self.findings[:MOST_FINDINGS]],
        }


def _untold(finding: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in finding.items() if name != "persons"}
    for name in ("larger", "smaller"):
        if name in told:
            told[name] = {key: each for key, each in told[name].items() if key != "value"}
    return told


def attacked(this: Issued, linked: Sequence[Issued], how: How = ALL) -> Verdict:
    """Everything that can be worked out from this release and the linked ones together.

    Raises RuleBroken("observatory.contradiction") when they cannot all be true.
    """
    known = [this, *(linked if how.has_links else ())]
    apart = _other_lists(known)
    releases = [
        release_of_payload(each.payload, each.code, each.population, apart=apart) for each in known
    ]
    within = _within(known)
    findings: list[Mapping[str, Any]] = [
        _printed(releases[0], at, how) for at in _printed_small(releases[0], this, how)
    ]
    questions = proved = 0
    if this.payload["kind"] == Way.CUBE and how.has_programs:
        exact, small, asked = _cube_attack(this, how)
        findings += exact
        proved, questions = small, asked
    if how.has_programs:
        exact, small, asked = _programs(releases, known, within, how)
        findings += exact
        proved, questions = max(proved, small), max(questions, asked)
    if how.has_scan:
        overlaps = overlaps_of(known)
        found = subtractions(releases, how.wanted, within=within, overlaps=overlaps)
        findings += [_difference(each) for each in found]
        questions += sum(len(each.shown) for each in releases)
    unique = {repr(sorted(each.items())): each for each in findings}
    pairs = tuple((each.code, each.digest) for each in known[1:])
    return Verdict(tuple(unique.values()), questions, proved, pairs)


def _other_lists(known: Sequence[Issued]) -> frozenset[str]:
    """Dimensions of which two releases have different lists."""
    lists: dict[str, set[str]] = {}
    for each in known:
        for record in each.payload["series"]["dimensions"]:
            codes = sorted((code["code"], code["parent"]) for code in record["codes"])
            lists.setdefault(record["name"], set()).add(repr(codes))
    return frozenset(name for name, found in lists.items() if len(found) > 1)


def _within(known: Sequence[Issued]) -> dict[str, list[str]]:
    """Population -> those wholly inside it: a year and its quarters."""
    found: dict[str, dict[str, None]] = {}
    for outer in known:
        for inner in known:
            if outer.population != inner.population and outer.period.contains(inner.period):
                found.setdefault(outer.population, {})[inner.population] = None
    return {outer: list(inner) for outer, inner in found.items()}


def _parts(known: Sequence[Issued]) -> dict[str, list[Issued]]:
    """Population -> releases inside it that have nobody in common: the quarters of a year."""
    found: dict[str, dict[str, Issued]] = {}
    for outer in known:
        for inner in known:
            if (
                outer.is_once
                and outer.period != inner.period
                and outer.period.contains(inner.period)
            ):
                found.setdefault(outer.population, {})[inner.population] = inner
    return {outer: list(inner.values()) for outer, inner in found.items() if len(inner) > 1}


def overlaps_of(known: Sequence[Issued]) -> dict[tuple[str, str], list[str]]:
    """(dimension, code) -> codes of other releases' lists that contain it, such as merged areas."""
    leaves: dict[str, dict[str, frozenset[str]]] = {}
    for each in known:
        for dimension in series_from(each.payload["series"]).dimensions:
            for code in dimension.by_code:
                held: frozenset[str] = frozenset().union(
                    *(
                        dimension.by_code[part].members or {part}
                        for part in dimension.leaves_of(code)
                    )
                )
                leaves.setdefault(dimension.name, {}).setdefault(code, held)
    return {
        (name, code): [other for other, theirs in codes.items() if other != code and held < theirs]
        for name, codes in leaves.items()
        for code, held in codes.items()
        if any(held < theirs for other, theirs in codes.items() if other != code)
    }


def _printed_small(release: Release, this: Issued, how: How) -> list[Cell]:
    """Cells that are shown though they are certainly below the threshold, or say so."""
    series = series_from(this.payload["series"])
    found = []
    for at, value in release.shown.items():
        least = release.threshold(at, how.wanted)
        may_be_zero = bool(at) and not any(series.by_name[name].zero_tells for name, _code in at)
        if value < least and not (value == 0 and may_be_zero):
            found.append(at)
    return found


def _cube_attack(this: Issued, how: How) -> tuple[list[Mapping[str, Any]], int, int]:
    series = series_from(this.payload["series"])
    published = {}
    for listed in this.payload["groupings"]:
        dimensions = [series.by_name[name] for name in listed["by"]]
        shown = [each for each in listed["cells"] if each["value"] is not None]
        codes = [
            [part.leaves.index(code) for part, code in zip(dimensions, each["at"], strict=True)]
            for each in shown
        ]
        if not listed["by"] and not shown:
            continue
        published[tuple(listed["by"])] = PublishedCells(
            np.array(codes, np.int32).reshape(len(shown), len(dimensions)),
            np.array([each["value"] for each in shown], np.int64),
            protection_of(this.payload, series, listed["by"]),
            how.wanted.of(dimensions),
        )
    sizes = {each.name: len(each.leaves) for each in series.dimensions}
    found = audit_cube(sizes, published)
    exact: list[Mapping[str, Any]] = []
    for grouping, places, least in found.exact:
        codes_at = [series.by_name[n].leaves[p] for n, p in zip(grouping, places, strict=True)]
        exact.append(
            _finding(
                this.population,
                cell(zip(grouping, codes_at, strict=True)),
                int(least),
                how.wanted.of(series.by_name[name] for name in grouping),
            )
        )
    return exact, found.proved_small, found.hidden


def _programs(
    releases: Sequence[Release],
    known: Sequence[Issued],
    within: Mapping[str, list[str]],
    how: How,
) -> tuple[list[Mapping[str, Any]], int, int]:
    """Linear programs; of very large cubes over their tables by two columns."""
    sized = [_narrowed(each, issued.payload) for each, issued in zip(releases, known, strict=True)]
    parts = _parts(known)
    names = {outer: [each.population for each in inner] for outer, inner in parts.items()}
    # Anybody may take it that nothing was entered late, and be right: then four quarters are
    # the year. Where that cannot be, who came late is a group like others.
    whole = [outer for outer, inner in parts.items() if len(inner) == QUARTERS]
    try:
        try:
            audit = attack(sized, how.wanted, within=within, parts=names, complete=whole)
        except ValueError:
            audit = attack(sized, how.wanted, within=within, parts=names)
    except ValueError:
        raise RuleBroken(
            "observatory.contradiction",
            _("This release and an earlier one cannot both be true: %(releases)s.")
            % {"releases": ", ".join(each.name for each in releases)},
            _("Records of a period that was released have changed. Look into them first."),
        ) from None
    exact = [_of_group(each.group, each.least, each.threshold) for each in audit.found]
    return exact, len(audit.proved_small), audit.hidden


def _narrowed(release: Release, payload: Mapping[str, Any]) -> Release:
    """A very large cube by two columns: its three are attacked as ranges over all sums.

    Exact tables are always asked whole: nothing else looks at their cells.
    """
    size = sum(len(table.cells) for table in release.tables)
    if payload["kind"] != Way.CUBE or size <= MOST_IN_CUBE:
        return release
    pairs = {
        names: None
        for table in release.tables
        for names in combinations(table.dimensions, min(2, len(table.dimensions)))
    }
    tables = tuple(Table(", ".join(each.name for each in names), names) for names in pairs)
    return replace(release, tables=tables)


def _of_group(group: Group, least: int, threshold: int) -> Mapping[str, Any]:
    found = _finding(group[0], group[1], least, threshold)
    return {**found, "earlier": group[2]} if len(group) == 3 else found


def _finding(population: str, at: Cell, persons: int, threshold: int) -> dict[str, Any]:
    return {
        "kind": EXACT,
        "population": population,
        "at": [list(each) for each in at],
        "persons": persons,
        "threshold": threshold,
    }


def _printed(release: Release, at: Cell, how: How) -> dict[str, Any]:
    return {
        "kind": PRINTED,
        "population": release.population,
        "at": [list(each) for each in at],
        "persons": release.shown[at],
        "threshold": release.threshold(at, how.wanted),
    }


def _difference(found: Difference) -> dict[str, Any]:
    return {
        "kind": DIFFERENCE,
        "persons": found.persons,
        **{
            name: {
                "release": each.release,
                "at": [list(part) for part in each.at],
                "value": each.value,
            }
            for name, each in (("larger", found.larger), ("smaller", found.smaller))
        },
    }
