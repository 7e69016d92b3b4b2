"""What a file of the data standard says of one person, and what of it a ground covers."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from cairn.referral.rules.choices import DataCategory as C


@dataclass(frozen=True, slots=True)
class Sent:
    """A referral that was sent. `to`: empty where the place is protected. `words`: of others."""

    to: str = ""
    on: date | None = None
    need: str = ""
    urgency: str = ""
    state: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Came:
    """The referral with which the record began here."""

    sender: str = ""
    on: date | None = None
    need: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """A return. `to`: who meets the person there."""

    state: str
    to: str = ""
    country: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """A service that was given. `by`: empty where the place is protected."""

    kind: str
    by: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A goal of the plan of support. `steps`: what is to be done, in a partner's words."""

    area: str
    words: str = ""
    state: str = "open"
    target_on: date | None = None
    settled_on: date | None = None
    steps: str = ""


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """A person. Codes are ours; what is not known or not told is empty.

    `birth`: as much as is known ("1998", "1998-04-03"). `basis`: on what it is told. `words`: what
    a partner wrote beside; never anything that is sealed here.
    """

    reference: str
    given: str = ""
    family: str = ""
    birth: str = ""
    nationality: str = ""
    sex: str = ""
    age_band: str = ""
    displacement: str = ""
    languages: tuple[str, ...] = ()
    is_open: bool = True
    basis: str = ""
    needs: Mapping[str, str] = field(default_factory=dict)
    came: Came | None = None
    sent: tuple[Sent, ...] = ()
    returns: tuple[ReturnLine, ...] = ()
    services: tuple[ServiceLine, ...] = ()
    goals: tuple[GoalLine, ...] = ()
    words: str = ""

    @property
    def has_identity(self) -> bool:
        return bool(self.given or self.family or self.birth or self.nationality)


# What each ground has to cover for a part to be told. The reference, whether the record is open and
# the ground itself tell nothing of the person.
COVERED_BY: Final = MappingProxyType(
    {
        "given": C.IDENTITY,
        "family": C.IDENTITY,
        "birth": C.IDENTITY,
        "nationality": C.IDENTITY,
        "sex": C.FAMILY,
        "age_band": C.FAMILY,
        "displacement": C.LEGAL,
        "languages": C.NEED,
        "needs": C.NEED,
        "came": C.ASSISTANCE,
        "sent": C.ASSISTANCE,
        "returns": C.ASSISTANCE,
        "services": C.ASSISTANCE,
        "goals": C.ASSISTANCE,
    }
)
ALWAYS: Final = frozenset({"reference", "is_open", "basis"})
# What a file of this standard can tell at all.
TOLD: Final = frozenset(each.value for each in COVERED_BY.values())
_EMPTY: Final = PersonRecord("")


def limited_to(record: PersonRecord, categories: Collection[str]) -> PersonRecord:
    """The record with nothing but what `categories` cover. Words of others never go on."""
    dropped: dict[str, Any] = {
        each.name: getattr(_EMPTY, each.name)
        for each in fields(PersonRecord)
        if each.name not in ALWAYS and COVERED_BY.get(each.name) not in categories
    }
    return replace(record, **dropped)
