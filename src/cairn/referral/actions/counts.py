"""Counts that leave as a file: who took which is written down."""

from collections.abc import Iterator

from django.db import transaction

from cairn.access.permissions import Permission, require
from cairn.core import audit
from cairn.core.actor import Actor
from cairn.referral import statistics
from cairn.referral.queries.counts import countries
from cairn.referral.rules.counts import Quarter


@transaction.atomic
def take_counts(
    actor: Actor, country: str, quarter: Quarter
) -> Iterator[list[str | int | float | None]]:
    """The protected counts of a country and quarter as lines of a file, none where not allowed.

    Raises PermissionDenied.
    """
    require(actor, Permission.ASSISTANCE_COUNT)
    if country not in countries(actor):
        return iter(())
    found = statistics.assistance(country, quarter)
    audit.record(actor, "assistance.counts-taken", country=country, quarter=str(quarter))
    return statistics.rows_of(found)
