"""Counts of assistance: which kind of service is counted, and which quarters are told. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from cairn.core.measures import SETTLED_AFTER
from cairn.referral.rules.choices import Need
from cairn.referral.rules.services import ServiceType as T

# What only one organisation does would be told of that organisation by name.
LEAST_ORGANISATIONS: Final = 2
# How many quarters can be chosen.
QUARTERS_SHOWN: Final = 12

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
