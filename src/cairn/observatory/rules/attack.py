"""The attack before every publication: what anybody could work out from all that is published.

A linear program over the published figures alone, never over the true counts: this release, its
linked tables, and every earlier one; with the rules of rounding, noise and thresholds, which are
public. For each hidden cell it asks for the least and the most that it can be.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from numpy.typing import NDArray
from scipy.optimize import Bounds as Limits
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import csr_array

from cairn.core.errors import RuleBroken
from cairn.observatory.rules.releases import UNBOUNDED, Bounds, Release, persons_words
from cairn.observatory.rules.series import Thresholds
from cairn.observatory.rules.solver import ROUNDING, Program, Reals, push_up, whole
from cairn.observatory.rules.tables import Cell, sum_matrix

# Of persons: (population, cell); of the persons in the first population and not in the second:
# (first, cell, second).
Group = tuple[str, Cell] | tuple[str, Cell, str]
# Ranges this narrow are asked again in whole persons, where fractions could hide a certainty.
NARROW = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """A hidden group and what can be worked out of it. `threshold`: what it should hide below."""

    group: Group
    who: str
    least: int
    most: int | None
    threshold: int

    @property
    def is_exact(self) -> bool:
        return self.least == self.most

    @property
    def sentence(self) -> str:
        return _("%(who)s: %(persons)s, from sums and differences of what is published.") % {
            "who": self.who,
            "persons": persons_words(self.least, self.most),
        }


@dataclass(frozen=True)
class Audit:
    """`found`: small groups found exactly; one is enough to refuse. `proved_small`: groups that
    are certainly below their threshold, though not which number. `hidden`: groups attacked.
    """

    found: tuple[Finding, ...]
    proved_small: tuple[Finding, ...]
    hidden: int

    @property
    def passes(self) -> bool:
        return not self.found

    def sentences(self) -> list[str]:
        """The verdict for the person who signs, then each group that was found."""
        if self.passes:
            verdict = _("The attack found none of %(hidden)d hidden groups exactly.")
        else:
            verdict = ngettext(
                "The attack found %(found)d of %(hidden)d hidden groups exactly: "
                "this cannot be published.",
                "The attack found %(found)d of %(hidden)d hidden groups exactly: "
                "this cannot be published.",
                len(self.found),
            )
        lines = [verdict % {"found": len(self.found), "hidden": self.hidden}]
        if self.proved_small:
            lines.append(
                ngettext(
                    "%(number)d more is certainly below its threshold, though not by how much.",
                    "%(number)d more are certainly below their threshold, though not by how much.",
                    len(self.proved_small),
                )
                % {"number": len(self.proved_small)}
            )
        return [*lines, *(each.sentence for each in self.found)]


def check_audit(audit: Audit) -> None:
    """Raise RuleBroken("observatory.attack") while any small group can be found exactly."""
    if not audit.passes:
        raise RuleBroken(
            "observatory.attack",
            " ".join(audit.sentences()[:4]),
            _("Hide more cells, merge areas or categories, or take a longer period."),
        )


def attack(
    releases: Sequence[Release],
    thresholds: Thresholds,
    *,
    within: Mapping[str, Iterable[str]] | None = None,
    parts: Mapping[str, Sequence[str]] | None = None,
    complete: Collection[str] = (),
) -> Audit:
    """Everything that can be worked out from these releases together.

    `within`: population -> populations that are wholly part of it, such as all years up to 2024
    -> all years up to 2023. The persons who came between are attacked too. `parts`: population ->
    populations that are wholly part of it and have nobody in common, such as a year and some of
    its quarters; who is in none of them is attacked. `complete`: those of which it is taken that
    their parts leave nobody out. Raises ValueError when the releases contradict each other.
    """
    return _Attack(releases, thresholds, within or {}, parts or {}, complete).audit()


class _Attack:
    def __init__(
        self,
        releases: Sequence[Release],
        thresholds: Thresholds,
        within: Mapping[str, Iterable[str]],
        parts: Mapping[str, Sequence[str]],
        complete: Collection[str],
    ) -> None:
        self.thresholds = thresholds
        self.known: dict[Group, Bounds] = {}
        self.release_of: dict[Group, Release] = {}
        for release in releases:
            for table in release.tables:
                for at in table.cells:
                    self._learn(release, (release.population, at), release.known.get(at, UNBOUNDED))
        sums: set[tuple[Group, tuple[Group, ...]]] = {
            ((release.population, total), tuple((release.population, part) for part in parts))
            for release in releases
            for table in release.tables
            for total, parts in table.sums()
        }
        sums |= set(self._between(within))
        sums |= set(self._together(parts, complete))
        self.groups = list(self.known)
        place = {group: at for at, group in enumerate(self.groups)}
        rows = [(place[total], [place[part] for part in parts]) for total, parts in sums]
        self.matrix = sum_matrix(rows, len(place))

    def _learn(self, release: Release, group: Group, bounds: Bounds) -> None:
        least, most = self.known.get(group, UNBOUNDED)
        self.release_of.setdefault(group, release)
        if bounds[1] is not None:
            most = bounds[1] if most is None else min(most, bounds[1])
        self.known[group] = (max(least, bounds[0]), most)

    def _between(
        self, within: Mapping[str, Iterable[str]]
    ) -> Iterable[tuple[Group, tuple[Group, ...]]]:
        """The persons who are in the larger population only, in each cell that both show."""
        for larger, smaller in [(one, each) for one, many in within.items() for each in many]:
            for group in list(self.known):
                both = (larger, group[1])
                if group[0] == smaller and len(group) == 2 and both in self.known:
                    between = (larger, group[1], smaller)
                    self._learn(self.release_of[both], between, UNBOUNDED)
                    yield both, (group, between)

    def _together(
        self, parts: Mapping[str, Sequence[str]], complete: Collection[str]
    ) -> Iterable[tuple[Group, tuple[Group, ...]]]:
        """The persons who are in none of several populations that are apart, in each cell."""
        for larger, names in parts.items():
            for group in [each for each in self.known if each[0] == larger and len(each) == 2]:
                at = group[1]
                smaller: list[Group] = [(each, at) for each in names if (each, at) in self.known]
                if len(smaller) == len(names) and larger in complete:
                    yield group, tuple(smaller)
                elif len(smaller) > 1:
                    rest = (larger, at, ", ".join(each[0] for each in smaller))
                    self._learn(self.release_of[group], rest, UNBOUNDED)
                    yield group, (*smaller, rest)

    def audit(self) -> Audit:
        lower = np.array([least for least, _most in self.known.values()], np.float64)
        upper = np.array(
            [np.inf if most is None else most for _least, most in self.known.values()], np.float64
        )
        if np.any(lower > upper):
            raise ValueError("What is published contradicts itself.")
        open_cells = np.flatnonzero(lower < upper)
        ranges = _Ranges(self.matrix, lower, upper, open_cells)
        enough = np.array([self._threshold(self.groups[at]) for at in open_cells.tolist()])
        targets = np.flatnonzero(lower[open_cells] < enough)
        ranges.explore(targets, enough)
        found: list[Finding] = []
        proved: list[Finding] = []
        for place in targets.tolist():
            group, threshold = self.groups[open_cells[place]], int(enough[place])
            least, most = ranges.of(place, enough=threshold)
            if most is not None and most < threshold:
                finding = Finding(group, self._words(group), least, most, threshold)
                (found if finding.is_exact else proved).append(finding)
        return Audit(tuple(found), tuple(proved), len(targets))

    def _threshold(self, group: Group) -> int:
        return self.release_of[group].threshold(group[1], self.thresholds)

    def _words(self, group: Group) -> str:
        release = self.release_of[group]
        who = {"who": release.words(group[1]), "population": group[0]}
        if len(group) == 2:
            return _("%(who)s (%(population)s)") % who
        return _("%(who)s (in %(population)s and not in %(earlier)s)") % (
            who | {"earlier": group[2]}
        )


class _Ranges:
    """The range of each open cell. Every answer is kept as a witness for all others."""

    def __init__(
        self, matrix: csr_array, lower: Reals, upper: Reals, places: NDArray[np.int64]
    ) -> None:
        fixed = np.where(lower == upper, lower, 0.0)
        sums = -(matrix @ fixed)
        columns = csr_array(matrix[:, places])
        used = np.diff(columns.indptr) > 0
        if np.any(np.abs(sums[~used]) > ROUNDING):
            raise ValueError("What is published contradicts itself.")
        self.matrix, self.sums = csr_array(columns[used]), sums[used]
        self.lower, self.upper = lower[places], upper[places]
        self.program = Program(self.matrix, self.sums, self.sums, self.lower, self.upper)
        self.seen_least = np.full(len(places), np.inf)
        self.seen_most = np.full(len(places), -np.inf)

    def explore(self, targets: NDArray[np.int64], enough: NDArray[np.int64]) -> None:
        """Settle what can be settled many at a time."""

        def is_done() -> NDArray[np.bool_]:
            low, high, least = self.seen_least[targets], self.seen_most[targets], enough[targets]
            return np.asarray((low < least) & (least <= high))

        push_up(self.program, targets, is_done, self._learn)

    def _learn(self, found: Reals) -> None:
        if whole(found):
            self.seen_least = np.minimum(self.seen_least, np.round(found))
            self.seen_most = np.maximum(self.seen_most, np.round(found))

    def of(self, place: int, *, enough: int) -> tuple[int, int | None]:
        """Least and most, in whole persons; not sought further where the cell has been seen
        with two values of which one is `enough`."""
        if self.seen_least[place] < enough <= self.seen_most[place]:
            return int(self.seen_least[place]), int(self.seen_most[place])
        most = self._seen(place, -1)
        least = self._seen(place, 1) or 0
        if most is not None and most - least <= NARROW and not self._proved(place, least, most):
            return self._whole(place, 1), self._whole(place, -1)
        return least, most

    def _proved(self, place: int, least: int, most: int) -> bool:
        """Whether tables of whole persons were seen for both ends."""
        return bool(self.seen_least[place] <= least and self.seen_most[place] >= most)

    def _seen(self, place: int, sign: int) -> int | None:
        value, found = self.program.extreme(place, sign)
        if found is not None:
            self._learn(found)
        if not np.isfinite(value):
            return None
        # Persons are whole: 2.4 to 3.3 can only be 3.
        return int(np.ceil(value - ROUNDING) if sign > 0 else np.floor(value + ROUNDING))

    def _whole(self, place: int, sign: int) -> int:
        prices = np.zeros(len(self.lower))
        prices[place] = sign
        found = milp(
            prices,
            integrality=np.ones(len(prices)),
            bounds=Limits(self.lower, self.upper),
            constraints=LinearConstraint(self.matrix, self.sums, self.sums),
        )
        if found.x is None:
            raise ValueError("What is published contradicts itself.")
        return round(float(found.x[place]))
