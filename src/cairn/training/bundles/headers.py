"""The first line inside a bundle: what it is, for whom, and the hash of every record in it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.training.bundles.envelopes import Envelope, canonical


class Purpose(StrEnum):
    """Which way a bundle goes."""

    OUT = "out"  # from the installation to the kit
    BACK = "back"  # from the kit to the installation
    RECEIPT = "receipt"  # from the installation: what came of a bundle that came back


@dataclass(frozen=True, slots=True)
class Header:
    """What a bundle says of itself; signed as a whole.

    `schema`: number of the form of its records; `kit` (its code), `event`, `checkout`: whose it is;
    `sequence`: counts the bundles of this checkout and way from 1; `made_at`: by the clock of the
    machine that made it (it may be wrong by hours); `counts`: kind -> how many; `hashes`: SHA-256
    of each record, in their order; `notes`: further values, such as the key to answer to.
    """

    purpose: Purpose
    schema: int
    kit: str
    event: UUID
    checkout: UUID
    sequence: int
    made_at: datetime
    counts: Mapping[str, int]
    hashes: Sequence[str]
    notes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return len(self.hashes)

    def line(self) -> bytes:
        values = asdict(self)
        values |= {name: str(values[name]) for name in ("event", "checkout")}
        values["made_at"] = self.made_at.isoformat()
        return canonical(values)


@dataclass(frozen=True, slots=True)
class Route:
    """Whose bundle it is and which way it goes: the part of a header that a caller knows."""

    purpose: Purpose
    kit: str
    event: UUID
    checkout: UUID
    sequence: int


def header_for(
    route: Route,
    records: Sequence[Envelope],
    made_at: datetime,
    schema: int,
    notes: Mapping[str, Any],
) -> Header:
    """The header of a bundle that holds `records` in this order."""
    return Header(
        route.purpose,
        schema,
        route.kit,
        route.event,
        route.checkout,
        route.sequence,
        made_at,
        dict(sorted(Counter(each.kind for each in records).items())),
        [each.hash for each in records],
        notes,
    )


def of_values(values: Any) -> Header:
    """The header from the values of its line. Raises RuleBroken ("bundle.header")."""
    try:
        hashes, counts, notes = values["hashes"], values["counts"], values["notes"]
        made_at = datetime.fromisoformat(values["made_at"])
        if made_at.tzinfo is None or not isinstance(notes, dict):
            raise ValueError
        if not all(isinstance(each, str) and len(each) == 64 for each in hashes):
            raise ValueError
        if sum(map(_count, counts.values())) != len(hashes):
            raise ValueError
        return Header(
            Purpose(values["purpose"]),
            _count(values["schema"]),
            str(values["kit"]),
            UUID(values["event"]),
            UUID(values["checkout"]),
            _count(values["sequence"]),
            made_at,
            counts,
            hashes,
            notes,
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise RuleBroken(
            "bundle.header",
            _("The first line of this bundle is not written the way Cairn writes it."),
            _("Make the bundle again on the machine that it comes from."),
        ) from None


def _count(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError
    return value
