"""Somebody with memberships, as the plain readings take them."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from cairn.access.permissions import Permission as P
from cairn.access.roles import ROLES


@dataclass(frozen=True, slots=True)
class Held:
    """One membership as the rules read it: days include both ends; empty means no narrower."""

    role: str
    organisation: UUID
    unit: UUID | None
    country: str
    starts: date
    ends: date | None
    is_confirmed: bool

    def holds(self, today: date) -> bool:
        ended = self.ends is not None and self.ends < today
        return self.starts <= today and not ended and self.is_confirmed

    def gives(self, permission: P) -> bool:
        return permission in ROLES[self.role]

    def covers(self, record: Any) -> bool:
        return (
            record.organisation_id == self.organisation
            and (self.unit is None or self.unit == record.unit_id)
            and (not self.country or self.country == record.country)
        )


@dataclass(frozen=True, slots=True)
class Someone:
    """A person with the memberships that hold today; `user` None is a visitor."""

    user: UUID | None
    held: tuple[Held, ...]

    def may(self, permission: P) -> bool:
        return any(each.gives(permission) for each in self.held)

    def reaches(self, permission: P, record: Any) -> bool:
        return any(each.gives(permission) and each.covers(record) for each in self.held)
