"""What geography hands out: countries, regions, groups, and the reading of a printed place."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext

WORLD = "001"


class Kind(StrEnum):
    """What a printed place turned out to be. The values are stable: they may be stored."""

    COUNTRY = "country"
    GROUP = "group"
    REGION = "region"
    WORLD = "world"
    UNDETERMINED = "undetermined"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why a printed place is `unknown`, or what to bear in mind about one that is known."""

    NONE = ""
    EMPTY = "empty"
    NOT_FOUND = "not_found"
    AMBIGUOUS = "ambiguous"
    DISSOLVED = "dissolved"
    PART = "part"
    NOT_LISTED = "not_listed"


@dataclass(frozen=True, slots=True)
class Country:
    """A country or area of ISO 3166-1 with its place in UN M49.

    `numeric` is the ISO and M49 code, three digits. `region`, `sub_region` and
    `intermediate_region` are M49 codes; "" where M49 has none (Antarctica has no region at all).
    The flags are the UN lists of least developed countries, landlocked developing countries and
    small island developing States on the date in `tables/m49.csv`.
    """

    alpha3: str
    alpha2: str
    numeric: str
    region: str
    sub_region: str
    intermediate_region: str
    is_ldc: bool
    is_lldc: bool
    is_sids: bool

    @property
    def region_codes(self) -> tuple[str, ...]:
        """M49 codes from the widest to the narrowest, the world left out."""
        placed = (self.region, self.sub_region, self.intermediate_region)
        return tuple(code for code in placed if code)


@dataclass(frozen=True, slots=True)
class Region:
    """A geographic region of M49. `parent` is "" for the world."""

    code: str
    parent: str


@dataclass(frozen=True, slots=True)
class Membership:
    """One country's time in a group. Both days count; None is "from the founding" and "to now".

    `precision` is "day", "month" or "year": how exactly the dates are published. A month or year
    is entered as its first day (`since`) or last day (`until`).
    """

    alpha3: str
    since: date | None
    until: date | None
    precision: str
    note: str

    def covers(self, on: date | None) -> bool:
        """Whether the country is a member on that day; None asks for memberships with no end."""
        if on is None:
            return self.until is None
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


@dataclass(frozen=True, slots=True)
class Group:
    """A group of countries that projects are written for.

    `kind`: "organisation" (States join and leave it), "set" (made of the groups in `parts`) or
    "area" (a usage of programme papers, without dates). `founded` is None for sets and areas.
    `as_of`: the day up to which the list was kept. `source`: where the list comes from.
    """

    code: str
    kind: str
    founded: date | None
    parts: tuple[str, ...]
    memberships: tuple[Membership, ...]
    as_of: date
    source: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A place that an unread name may have meant. `score`: 0 to 100, higher is nearer.

    `code` is ISO alpha-3, an M49 code or a group code.
    """

    code: str
    name: str
    score: float


@dataclass(frozen=True, slots=True)
class Resolution:
    """How one printed place was read.

    `codes` by kind: country - ISO alpha-3; group - group codes; world - ("001",); region - M49
    codes, and other codes too where a printing joins both ("Africa & Middle East");
    undetermined - where the countries will be chosen, empty when even that is open; unknown - ().
    Usually one code; several when one printed phrase names several places.
    `minimum`, `maximum`: how many countries an undetermined place will have, None when not said.
    `nearest`, when `kind` is unknown: up to three suggestions, nearest first; for a former State or
    an ambiguous name every place that it may mean, with score 100.
    """

    text: str
    kind: Kind
    codes: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    nearest: tuple[Suggestion, ...] = ()
    reason: Reason = Reason.NONE

    @property
    def is_known(self) -> bool:
        """True unless the text could not be read. An undetermined place is known to be open."""
        return self.kind != Kind.UNKNOWN

    @property
    def explanation(self) -> str:
        """One sentence for people on why the text was not read, in the active language, or ""."""
        names = {"text": self.text}
        match self.reason:
            case Reason.EMPTY:
                return gettext("No place was given.")
            case Reason.NOT_FOUND:
                return gettext("“%(text)s” is not a place that is known here.") % names
            case Reason.AMBIGUOUS:
                return gettext("“%(text)s” can mean more than one place.") % names
            case Reason.DISSOLVED:
                return gettext("“%(text)s” no longer exists as a State.") % names
            case Reason.PART:
                return gettext("“%(text)s” is a part of a country, not a country.") % names
            case Reason.NOT_LISTED:
                return gettext("“%(text)s” has no ISO 3166 country code.") % names
        return ""
