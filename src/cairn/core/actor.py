"""Who acts: what every action and every `visible_to` receives instead of a request or a user."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Scope:
    """One membership of today: a role, and the records for which it holds.

    `unit_id` None, `country` "" and `area` "": no narrower than the organisation.
    """

    role: str
    permissions: frozenset[str]
    organisation_id: UUID
    unit_id: UUID | None = None
    country: str = ""
    area: str = ""

    def covers(
        self,
        organisation_id: UUID | None,
        unit_id: UUID | None = None,
        country: str = "",
        area: str = "",
    ) -> bool:
        """True when a record of this organisation, unit, country and area lies inside."""
        return (
            self.organisation_id == organisation_id
            and self.unit_id in {None, unit_id}
            and self.country in {"", country}
            and self.area in {"", area}
        )


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, the public, or the system itself.

    `user_id` is None for the public and the system. `roles` are role codes; `permissions` are the
    values that those roles give today (access computes them). `organisation_ids`: where the
    person is a member today; `scopes`: the memberships one by one. `awaits_second_factor`: the
    person's roles need one and this session has not shown it, so that nothing is permitted yet.
    """

    user_id: UUID | None = None
    name: str = ""
    roles: frozenset[str] = frozenset()
    permissions: frozenset[str] = frozenset()
    organisation_ids: frozenset[UUID] = field(default_factory=frozenset)
    scopes: tuple[Scope, ...] = ()
    is_system: bool = False
    awaits_second_factor: bool = False

    @property
    def is_public(self) -> bool:
        return self.user_id is None and not self.is_system

    def may(self, permission: str) -> bool:
        """True when one of the actor's roles gives `permission`."""
        return permission in self.permissions

    def may_any(self, permissions: Iterable[str]) -> bool:
        return any(permission in self.permissions for permission in permissions)

    def scopes_with(self, permission: str) -> list[Scope]:
        """The memberships that give `permission`."""
        return [scope for scope in self.scopes if permission in scope.permissions]

    def may_within(
        self,
        permission: str,
        organisation_id: UUID | None,
        unit_id: UUID | None = None,
        country: str = "",
        area: str = "",
    ) -> bool:
        """True when a membership gives `permission` for records of that place."""
        if self.is_system:
            return permission in self.permissions
        return any(
            scope.covers(organisation_id, unit_id, country, area)
            for scope in self.scopes_with(permission)
        )


PUBLIC = Actor(name="public")
