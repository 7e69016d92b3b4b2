"""Counts that single out nobody: which figures of tables that add up are held back. Pure."""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

# A count of fewer than this is not told outside of the zone in which it was counted, and no sum
# from which it follows. Source: the design, exchange study e5.
LEAST_TOLD: Final = 10
# Any prime far above the number of cells: sums are solved in whole numbers, without rounding.
_PRIME: Final = 2**61 - 1


def leaves_few(count: int, shares: Iterable[int]) -> bool:
    """True where an organisation that takes its own share from a figure learns a small rest.

    `shares`: how much of `count` each organisation knows, because it sent, received or helped.
    """
    return any(0 < count - share < LEAST_TOLD for share in shares)


# How much of each figure each organisation knows of itself, by the key of the figure.
Shares = defaultdict[Hashable, Counter[UUID | None]]


def shares_of_none() -> Shares:
    return defaultdict(Counter)


def known_by_rest(counts: Mapping[Hashable, int], shares: Shares) -> list[Hashable]:
    """Figures of which an organisation that knows its own share would learn a small rest."""
    return [
        key
        for key, count in counts.items()
        if key in shares and leaves_few(count, shares[key].values())
    ]


@dataclass(frozen=True, slots=True)
class Sum:
    """A figure that is what others add up to."""

    whole: Hashable
    parts: tuple[Hashable, ...]

    @property
    def terms(self) -> tuple[Hashable, ...]:
        return (self.whole, *self.parts)


def held_back(
    counts: Mapping[Hashable, int], sums: Sequence[Sum], also: Collection[Hashable] = ()
) -> frozenset[Hashable]:
    """The figures that are not told: small ones, `also`, and what would give them away.

    Afterwards no subtraction, however many figures it takes, gives a figure that is held back;
    and where a whole is told, its parts that are not come to the threshold together.
    """
    hidden = {key for key, count in counts.items() if 0 < count < LEAST_TOLD} | set(also)
    while True:
        further = _too_little(counts, sums, hidden) or _given_away(counts, sums, hidden)
        if not further:
            return frozenset(hidden)
        hidden |= further


def told(
    counts: Mapping[Hashable, int], sums: Sequence[Sum], shares: Shares
) -> dict[Hashable, int | None]:
    """The figures as they may be told; None: held back."""
    hidden = held_back(counts, sums, known_by_rest(counts, shares))
    return {key: None if key in hidden else count for key, count in counts.items()}


def added(tables: Iterable[Mapping[Hashable, int | None]]) -> dict[Hashable, int | None]:
    """What is told of several places together: of each figure the sum of what each place tells.

    None where no place tells it. What is held back anywhere is not in it, so that it gives away
    nothing that the places do not tell themselves.
    """
    sums: dict[Hashable, int | None] = {}
    for table in tables:
        for key, count in table.items():
            before = sums.get(key)
            sums[key] = before if count is None else (before or 0) + count
    return sums


def _too_little(
    counts: Mapping[Hashable, int], sums: Sequence[Sum], hidden: set[Hashable]
) -> set[Hashable]:
    """What is held back besides, where the parts held back of a told whole are few together."""
    for each in sums:
        held = [part for part in each.parts if part in hidden]
        if held and each.whole not in hidden and sum(counts[one] for one in held) < LEAST_TOLD:
            if not any(counts[one] for one in held):
                continue
            return {_least(counts, each.parts, hidden) or each.whole}
    return set()


def _given_away(
    counts: Mapping[Hashable, int], sums: Sequence[Sum], hidden: set[Hashable]
) -> set[Hashable]:
    """What is held back besides, where the sums alone give away a figure."""
    known = determined(sums, hidden)
    near = [each for each in sums if any(term in known for term in each.terms)]
    parts = [part for each in near for part in each.parts]
    wholes = [each.whole for each in near]
    for keys, above in ((parts, 1), (wholes, 1), (parts + wholes, 0)):
        if found := _least(counts, keys, hidden, above):
            return {found}
    return set()


def _least(
    counts: Mapping[Hashable, int],
    keys: Iterable[Hashable],
    hidden: Collection[Hashable],
    above: int = 1,
) -> Hashable | None:
    """The smallest figure that is told still, of those that are not nothing."""
    told = [key for key in keys if key not in hidden and counts[key] >= above]
    return min(told, key=lambda key: (counts[key], str(key)), default=None)


def determined(sums: Sequence[Sum], hidden: Collection[Hashable]) -> frozenset[Hashable]:
    """Those held back that follow from the sums and the figures told.

    Each sum is an equation whose unknowns are the figures held back. Solved for as many unknowns
    as it can be, one that stands alone in its equation is given away.
    """
    solved: dict[Hashable, dict[Hashable, int]] = {}
    for each in sums:
        row = _equation(each, hidden)
        for pivot, other in solved.items():
            if pivot in row:
                _subtract(row, other, row[pivot])
        if not row:
            continue
        pivot = next(iter(row))
        inverse = pow(row[pivot], -1, _PRIME)
        row = {key: value * inverse % _PRIME for key, value in row.items()}
        for other in solved.values():
            if pivot in other:
                _subtract(other, row, other[pivot])
        solved[pivot] = row
    return frozenset(pivot for pivot, row in solved.items() if len(row) == 1)


def _equation(each: Sum, hidden: Collection[Hashable]) -> dict[Hashable, int]:
    row: dict[Hashable, int] = {}
    for term in each.terms:
        if term in hidden:
            row[term] = (row.get(term, 0) + (_PRIME - 1 if term == each.whole else 1)) % _PRIME
    return row


def _subtract(row: dict[Hashable, int], other: Mapping[Hashable, int], times: int) -> None:
    for key, value in other.items():
        left = (row.get(key, 0) - times * value) % _PRIME
        if left:
            row[key] = left
        else:
            row.pop(key, None)
