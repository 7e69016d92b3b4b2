"""Files of aid data (IATI 2.03): the same for everybody, streamed an activity at a time."""

from collections.abc import Callable, Iterator
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet
from django.utils import timezone

from cairn.portfolio.iati.records import Body
from cairn.portfolio.iati.writing import activities_file, organisation_file
from cairn.portfolio.models import Project
from cairn.portfolio.queries import iati as queries
from cairn.portfolio.queries.listing import Filters

CONTENT_TYPE = "application/xml; charset=utf-8"


def publisher() -> Body:
    """Who publishes, as this installation is set up. Raises ImproperlyConfigured."""
    body = Body(settings.IATI_NAME, settings.IATI_REFERENCE, settings.IATI_KIND)
    # The standard ruleset, 1.14: no / & | ? and no spaces; a prefix of a register and a number.
    if not body.name or "-" not in body.reference or set(body.reference) & set("/&|? \t"):
        raise ImproperlyConfigured("CAIRN_IATI_REFERENCE or CAIRN_IATI_NAME cannot be published.")
    return body


def activities(found: QuerySet[Project], *, now: datetime) -> Iterator[bytes]:
    """The activities file of `found` (from queries.published), in parts."""
    own = publisher()
    today = timezone.localdate(now)
    return activities_file(own, queries.activities(found, own, today=today), now=now)


def organisation(*, now: datetime) -> Iterator[bytes]:
    """The organisation file: budgets and spending by calendar year."""
    own = publisher()
    return organisation_file(own, queries.yearly(own, today=timezone.localdate(now)), now=now)


def every_activity(*, now: datetime) -> Iterator[bytes]:
    return activities(queries.published(Filters()), now=now)


# Name of the file in the address -> its content.
FILES: dict[str, Callable[..., Iterator[bytes]]] = {
    "activities": every_activity,
    "organisation": organisation,
}
