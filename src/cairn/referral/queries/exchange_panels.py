"""The part of a person's page that leads to files for other programs."""

from collections.abc import Mapping
from typing import Any

from cairn.access.permissions import Permission
from cairn.core.actor import Actor


def panel(actor: Actor, person: Any) -> Mapping[str, Any] | None:
    """For whoever may take this very record out. No query."""
    place = (person.organisation_id, person.unit_id, person.country)
    may = all(
        actor.may_within(each, *place)
        for each in (Permission.PERSON_EXPORT, Permission.PERSON_OPEN)
    )
    return {"code": person.code} if may and person.erased_on is None else None
