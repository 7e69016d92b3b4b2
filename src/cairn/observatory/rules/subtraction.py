"""Every pair of published figures of which one contains the other: what their difference tells."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from django.utils.translation import gettext as _

from cairn.observatory.rules.releases import Release, persons_words
from cairn.observatory.rules.series import Dimension, Thresholds
from cairn.observatory.rules.tables import Cell, cell

# (dimension, code) -> wider codes of another list, such as the age bands before a break.
Overlaps = Mapping[tuple[str, str], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Figure:
    """One published figure: in which release, and of whom (in words, and as a cell)."""

    release: str
    who: str
    value: int
    at: Cell = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """Two figures that give a small group away: the persons in the larger and not the smaller."""

    larger: Figure
    smaller: Figure
    persons: int

    @property
    def sentence(self) -> str:
        return _(
            "“%(larger)s” (%(larger_release)s, %(larger_value)d) less “%(smaller)s” "
            "(%(smaller_release)s, %(smaller_value)d) leaves %(persons)s."
        ) % {
            "larger": self.larger.who,
            "larger_release": self.larger.release,
            "larger_value": self.larger.value,
            "smaller": self.smaller.who,
            "smaller_release": self.smaller.release,
            "smaller_value": self.smaller.value,
            "persons": persons_words(self.persons, self.persons),
        }


def subtractions(
    releases: Sequence[Release],
    thresholds: Thresholds,
    *,
    within: Mapping[str, Iterable[str]] | None = None,
    overlaps: Overlaps | None = None,
) -> Iterator[Difference]:
    """All differences of two figures that are exact and below the threshold.

    Over all releases and tables: a part from its whole, a category from a wider one, one year
    from several, this release from the one before. A group whose cell is shown anyway (at or
    above its threshold) is no finding.
    """
    wider = _wider_codes(releases, overlaps or {})
    containing: dict[str, set[str]] = {}
    for larger, smaller in (within or {}).items():
        for each in smaller:
            containing.setdefault(each, {each}).add(larger)
    by_population: dict[str, list[Release]] = {}
    for release in releases:
        by_population.setdefault(release.population, []).append(release)
    for release in releases:
        around = containing.get(release.population, {release.population})
        larger_ones = [one for each in sorted(around) for one in by_population.get(each, ())]
        for at, value in release.shown.items():
            for whole_cell in _containing(at, wider):
                for other in larger_ones:
                    if whole_cell == at and other.population == release.population:
                        continue
                    found = _difference(release, at, other, whole_cell, thresholds)
                    if found is not None:
                        yield _named(release, at, value, other, whole_cell, found)


def _containing(at: Cell, wider: Mapping[tuple[str, str], tuple[str, ...]]) -> Iterator[Cell]:
    choices = [[(name, code) for code in wider[name, code]] for name, code in at]
    for conditions in product(*choices):
        yield cell(conditions)


def _difference(
    release: Release, at: Cell, other: Release, whole_cell: Cell, thresholds: Thresholds
) -> int | None:
    """The persons that are in the larger only, when they are known exactly and too few."""
    if whole_cell not in other.shown:
        return None
    least, most = other.known[whole_cell]
    part_least, part_most = release.known[at]
    if most is None or part_most is None:
        return None
    fewest, highest = max(0, least - part_most), most - part_least
    # A difference is a group by the columns of the smaller figure.
    return fewest if fewest == highest < release.threshold(at, thresholds) else None


def _named(
    release: Release, at: Cell, value: int, other: Release, whole_cell: Cell, persons: int
) -> Difference:
    return Difference(
        Figure(other.name, other.words(whole_cell), other.shown[whole_cell], whole_cell),
        Figure(release.name, release.words(at), value, at),
        persons,
    )


def _wider_codes(
    releases: Iterable[Release], overlaps: Overlaps
) -> Mapping[tuple[str, str], tuple[str, ...]]:
    dimensions: dict[int, Dimension] = {
        id(each): each
        for release in releases
        for table in release.tables
        for each in table.dimensions
    }
    found: dict[tuple[str, str], dict[str, None]] = {}
    for dimension in dimensions.values():
        for code in dimension.by_code:
            found.setdefault((dimension.name, code), {}).update(
                dict.fromkeys(dimension.wider(code))
            )
    for (name, code), codes in overlaps.items():
        for each in (code, *codes):
            further = found.get((name, each), {"": None})
            found.setdefault((name, code), {}).update({each: None} | further)
    return {key: tuple(codes) for key, codes in found.items()}
