"""What an IATI file says, as plain values, whether it is written or was read."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Words:
    """A text and its language (ISO 639-1), empty when it is the activity's own."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation. `reference`: its IATI identifier; `kind`: OrganisationType; may be empty."""

    name: str
    reference: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Described:
    """A description; `kind`: DescriptionType."""

    kind: str
    words: Words


@dataclass(frozen=True, slots=True)
class Participant:
    body: Body
    role: str


@dataclass(frozen=True, slots=True)
class Dated:
    """A day of the activity; `note` says what is not exact about it."""

    kind: str
    day: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """A country, region, sector or tag. `percentage` None: the only one of its kind."""

    code: str
    vocabulary: str = ""
    percentage: Decimal | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Budget:
    """Money for a period; both days belong to it."""

    starts: date
    ends: date
    value: Decimal
    currency: str
    value_date: date
    status: str


@dataclass(frozen=True, slots=True)
class Transaction:
    kind: str
    day: date
    value: Decimal
    currency: str
    note: str = ""
    provider: Body | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """A value with the part of the whole that it is about: (name, value) pairs."""

    value: Decimal
    dimensions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Period:
    starts: date
    ends: date
    targets: tuple[Measured, ...] = ()
    actuals: tuple[Measured, ...] = ()


@dataclass(frozen=True, slots=True)
class Indicator:
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
