"""Who acts: what every action and every `visible_to` receives instead of a request or a user."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, the public, or the system itself.

    `user_id` is None for the public and the system. `roles` are role codes; `permissions` are the
    values that those roles give today (access computes them). `organisation_ids`: where the
    person is a member today.
    """

    user_id: UUID | None = None
    name: str = ""
    roles: frozenset[str] = frozenset()
    permissions: frozenset[str] = frozenset()
    organisation_ids: frozenset[UUID] = field(default_factory=frozenset)
    is_system: bool = False

    @property
    def is_public(self) -> bool:
        return self.user_id is None and not self.is_system

    def may(self, permission: str) -> bool:
        """True when one of the actor's roles gives `permission`."""
        return permission in self.permissions

    def may_any(self, permissions: Iterable[str]) -> bool:
        return any(permission in self.permissions for permission in permissions)


PUBLIC = Actor(name="public")
