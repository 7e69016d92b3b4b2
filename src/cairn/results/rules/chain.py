"""Which time the chain of results is asked about, and by which figure each of its steps is known.

Pure: values in, values out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from cairn.core.measures import Counted, Period, Step

# The design's programme is not older; earlier years hold nothing, and would only fill the choice.
EARLIEST: Final = 2015
QUARTERS: Final = (1, 2, 3, 4)
# By which figure a step is known, the first that can be told: what came out, then what went in.
HEADLINES: Final[Mapping[Step, tuple[str, ...]]] = {
    Step.MONEY: ("portfolio.pledged", "portfolio.budget"),
    Step.TRAINING: ("training.people", "training.trainings"),
    Step.FIELD: (
        "identification.reports_trained",
        "training.cases_supported",
        "identification.reports",
    ),
    Step.HELP: ("referral.persons", "referral.services", "referral.accepted", "referral.sent"),
    Step.DECISIONS: ("identification.decisions", "identification.identified"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A time that somebody chose: a quarter, a year (`quarter` 0), or all years (`year` 0)."""

    year: int = 0
    quarter: int = 0

    @classmethod
    def read(cls, year: str, quarter: str, today: date) -> "Asked":
        """What stands in an address; what is no year or quarter of the choice is not chosen."""
        chosen = int(year) if year in {str(one) for one in years(today)} else 0
        part = int(quarter) if quarter in {str(one) for one in QUARTERS} and chosen else 0
        return cls(chosen, part)

    def period(self, today: date) -> Period:
        if not self.year:
            return Period(date(EARLIEST, 1, 1), date(today.year, 12, 31))
        return Period.quarter(self.year, self.quarter) if self.quarter else Period.year(self.year)


def years(today: date) -> list[int]:
    """That can be chosen, the last first."""
    return list(range(today.year, EARLIEST - 1, -1))


def period_for(counted: Counted, asked: Period, today: date) -> Period:
    """The time that a figure is told of when `asked` is chosen.

    Persons are told by quarter: the last quarter within it that stands, or its first quarter, of
    which nothing can be told yet.
    """
    if counted is not Counted.PERSONS or asked.is_quarter:
        return asked
    inside = quarters_of(asked)
    return next((each for each in reversed(inside) if each.is_settled(today)), inside[0])


def quarters_of(period: Period) -> list[Period]:
    """The quarters of the years that it covers, the first first."""
    return [
        Period.quarter(year, number)
        for year in range(period.first.year, period.last.year + 1)
        for number in QUARTERS
    ]


def finished_years(first: date, last: date, today: date) -> list[Period]:
    """The years from the one of `first` to the one of `last` that are over today."""
    until = min(last.year, today.year - 1)
    return [Period.year(year) for year in range(first.year, until + 1)]
