"""Issuing a bulletin: on its day, of what is published, once."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from cairn.access.permissions import Permission, person, require
from cairn.core import audit
from cairn.core.actor import Actor
from cairn.observatory.actions.ledger import hold
from cairn.observatory.models import Bulletin
from cairn.observatory.queries import bulletins as queries
from cairn.observatory.queries import published
from cairn.observatory.rules import bulletins as rules
from cairn.observatory.rules.pipeline import digest


@transaction.atomic
def issue_bulletin(actor: Actor, year: int, number: int, *, today: date | None = None) -> Bulletin:
    """Freeze what is public now as the bulletin of this number.

    `today`: None for the day of the clock. Raises PermissionDenied, RuleBroken (as
    `rules.bulletins.check_issue`).
    """
    require(actor, Permission.STATISTICS_BUILD)
    issued_by = person(actor)
    hold()
    found = published.newest(actor, most=queries.MOST_SERIES)
    rules.check_issue(
        (year, number), today or timezone.localdate(), queries.names(actor), len(found)
    )
    payload = queries.content(found, queries.published_since(actor, found))
    made = Bulletin(
        year=year,
        number=number,
        payload=payload,
        digest=digest(payload),
        issued_at=timezone.now(),
        issued_by=issued_by,
    )
    made.save()
    audit.record(actor, "bulletin.issued", made, year=year, number=number, releases=len(found))
    return made
