"""Opening the desk's own sealed notes and reasons: for reviewers and for who wrote them."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from cairn.access.permissions import Permission
from cairn.core import audit
from cairn.core.actor import Actor
from cairn.oversight.models.base import OversightRecord
from cairn.vault.opening import Unreadable, open_values


def open_notes(
    actor: Actor,
    records: Sequence[OversightRecord],
    names: Sequence[str],
    *,
    authors: Sequence[Any] = (),
    permission: Permission = Permission.OVERSIGHT_REVIEW,
) -> list[dict[str, str | Unreadable]]:
    """The sealed texts `names` of the desk's own records, in their order; written down first.

    Allowed with `permission`, or for one of `authors` (ids of users). Persons' records are never
    opened here: those go through actions.readings. Raises PermissionDenied.
    """
    if not records:
        return []
    if any(not isinstance(record, OversightRecord) for record in records):
        raise TypeError("Only the desk's own records are opened here.")
    if not actor.may(permission) and (actor.user_id is None or actor.user_id not in authors):
        raise PermissionDenied(permission.value)
    with transaction.atomic(durable=True):
        audit.record(
            actor,
            "note.read",
            records[0],
            fields=sorted(names),
            records=[str(record.pk) for record in records][:50],
        )
    return open_values(records, names)
