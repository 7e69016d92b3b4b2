"""What stands in a file of the standard, as far as it is used here."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

VERSION: Final = "3.0"
MOST_SERVICES: Final = 20_000
SENSITIVITY: Final = "sensitivity"
# Our own lists, as names of taxonomies: field of a service here -> name in a file.
TAXONOMIES: Final = {
    "kinds": "cairn:service-type",
    "needs": "cairn:need",
    "sexes": "cairn:sex",
    "exclusions": "cairn:exclusion",
}
OWN_FIELDS: Final = (SENSITIVITY, "capacity", "capacity_updated", "country", "zone")
# RFC 5545 names of days -> ours.
BYDAY: Final = {
    "MO": "mon",
    "TU": "tue",
    "WE": "wed",
    "TH": "thu",
    "FR": "fri",
    "SA": "sat",
    "SU": "sun",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is refused, and what to do. `row` 0: the whole file; `field` as in the file."""

    row: int
    field: str
    message: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One service of a file with all that belongs to it. `row`: its number there, from 1."""

    row: int
    service: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Point:
    """An office or a telephone of a public service. `way`: "door" or "phone"."""

    name: str
    way: str
    area: str
    phone: str = ""
    reach: str = ""


@dataclass(slots=True)
class Brought:
    """A service as it would be taken in. `values`: field of the record -> value.

    `is_over`: the file says that it is not given any more. `capacity_at`: when the capacity was
    said, None where none is.
    """

    row: int
    source_id: str = ""
    organisation: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    points: tuple[Point, ...] = ()
    assured_on: date | None = None
    capacity_at: datetime | None = None
    is_over: bool = False
    problems: list[Problem] = field(default_factory=list)
    notes: set[str] = field(default_factory=set)

    def refuse(self, name: str, message: str, remedy: str = "") -> None:
        self.problems.append(Problem(self.row, name, message, remedy))
