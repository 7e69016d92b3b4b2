"""What an IATI file says, as plain values, whether it is written or was read.

What comes by the ten thousand is a named tuple, which is made three times as fast.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple


class Words(NamedTuple):
    """A text and its language (ISO 639-1), empty when it is the activity's own."""

    text: str
    language: str = ""


class Body(NamedTuple):
    """An organisation. `reference`: its IATI identifier; `kind`: OrganisationType; may be empty."""

    name: str
    reference: str = ""
    kind: str = ""


class Described(NamedTuple):
    """A description; `kind`: DescriptionType."""

    kind: str
    words: Words


class Participant(NamedTuple):
    body: Body
    role: str


class Dated(NamedTuple):
    """A day of the activity; `note` says what is not exact about it."""

    kind: str
    day: date
    note: str = ""


class Share(NamedTuple):
    """A country, region, sector or tag. `percentage` None: the only one of its kind."""

    code: str
    vocabulary: str = ""
    percentage: Decimal | None = None
    name: str = ""


class Budget(NamedTuple):
    """Money for a period; both days belong to it."""

    starts: date
    ends: date
    value: Decimal
    currency: str
    value_date: date
    status: str


class Transaction(NamedTuple):
    kind: str
    day: date
    value: Decimal
    currency: str
    note: str = ""
    provider: Body | None = None


class Measured(NamedTuple):
    """A value with the part of the whole that it is about: (name, value) pairs."""

    value: Decimal
    dimensions: tuple[tuple[str, str], ...] = ()


class Period(NamedTuple):
    starts: date
    ends: date
    targets: tuple[Measured, ...] = ()
    actuals: tuple[Measured, ...] = ()


class Indicator(NamedTuple):
    """`baseline`: (year, value)."""

    measure: str
    title: Words
    baseline: tuple[int, Decimal] | None = None
    periods: tuple[Period, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    kind: str
    title: Words
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    kind: str
    reference: str


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity. `language` and `currency` hold wherever nothing else is said."""

    identifier: str
    title: Words
    descriptions: tuple[Described, ...]
    participants: tuple[Participant, ...]
    status: str
    dates: tuple[Dated, ...]
    countries: tuple[Share, ...] = ()
    regions: tuple[Share, ...] = ()
    sectors: tuple[Share, ...] = ()
    tags: tuple[Share, ...] = ()
    budgets: tuple[Budget, ...] = ()
    transactions: tuple[Transaction, ...] = ()
    related: tuple[Relation, ...] = ()
    results: tuple[Result, ...] = ()
    hierarchy: int = 1
    language: str = "en"
    currency: str = "USD"
    updated: datetime | None = None


@dataclass(frozen=True, slots=True)
class Spent:
    """Money of one organisation in a calendar year. `country`: alpha-2, empty for all."""

    year: int
    value: Decimal
    country: str = ""


@dataclass(frozen=True, slots=True)
class Yearly:
    """What an organisation file tells, US dollars by calendar year."""

    budgets: tuple[Spent, ...] = ()
    country_budgets: tuple[Spent, ...] = ()
    spending: tuple[Spent, ...] = field(default=())
