"""Counts that single out nobody: which figures of tables that add up are held back. Pure."""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from cairn.referral.rules.choices import Need
from cairn.referral.rules.services import ServiceType as T

# A count of fewer than this is not told: the same threshold as for counts of reports.
LEAST_TOLD: Final = 10
# What only one organisation does would be told of that organisation by name.
LEAST_ORGANISATIONS: Final = 2
# A judgement: a quarter is told when the time to answer its last referral is long over, so that
# its figures stand, and two looks at it do not differ by one person.
SETTLED_AFTER: Final = timedelta(days=21)
# How many quarters can be chosen.
QUARTERS_SHOWN: Final = 12
# Any prime far above the number of cells: sums are solved in whole numbers, without rounding.
_PRIME: Final = 2**61 - 1

# Which kind of service a need asks for first; others count under the first kind of the service.
KINDS_FOR: Final[Mapping[str, tuple[str, ...]]] = {
    Need.SAFE_PLACE: (T.SHELTER,),
    Need.HEALTH: (T.HEALTH,),
    Need.COUNSELLING: (T.MENTAL_HEALTH,),
    Need.LEGAL: (T.LEGAL_AID,),
    Need.CHILD: (T.CHILD_PROTECTION, T.CASE_MANAGEMENT),
    Need.ASYLUM: (T.ASYLUM, T.LEGAL_AID),
    Need.BASIC_NEEDS: (T.BASIC_NEEDS, T.CASH),
    Need.FAMILY: (T.FAMILY_TRACING,),
    Need.WORK_RIGHTS: (T.LEGAL_AID, T.LIVELIHOOD),
    Need.RETURN: (T.RETURN, T.REINTEGRATION),
    Need.INTERPRETER: (T.INTERPRETATION,),
    Need.HOTLINE: (T.HOTLINE,),
}


def kind_for(need: str, kinds: Sequence[str]) -> str:
    """The one kind of service under which a referral is counted, so that kinds add up."""
    fitting = [each for each in KINDS_FOR.get(need, ()) if each in kinds]
    return (fitting or list(kinds) or [""])[0]


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Three months of a calendar year. Quarters do not overlap, and no longer time is told: a
    year less three of its quarters would give the fourth away."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def starts_on(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def after(self) -> date:
        """The first day that belongs to the next one."""
        return self.next.starts_on

    @property
    def next(self) -> "Quarter":
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def before(self) -> "Quarter":
        return Quarter(self.year - (self.number == 1), (self.number - 2) % 4 + 1)


def quarter_of(day: date) -> Quarter:
    return Quarter(day.year, (day.month + 2) // 3)


def settled_quarters(today: date) -> list[Quarter]:
    """Those that can be told today, the last first."""
    found: list[Quarter] = []
    last = quarter_of(today - SETTLED_AFTER).before
    while len(found) < QUARTERS_SHOWN:
        found.append(last)
        last = last.before
    return found


def leaves_few(count: int, shares: Iterable[int]) -> bool:
    """True where an organisation that takes its own share from a figure learns a small rest.

    `shares`: how much of `count` each organisation knows, because it sent, received or helped.
    """
    return any(0 < count - share < LEAST_TOLD for share in shares)


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
