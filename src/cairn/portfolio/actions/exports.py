"""Writes about exports: that somebody of the programme took rows out is on record."""

from django.db import transaction
from django.db.models import QuerySet

from cairn.access.permissions import Permission, require
from cairn.core import audit
from cairn.core.actor import PUBLIC, Actor
from cairn.portfolio.models import Project
from cairn.portfolio.queries.listing import Filters, projects


@transaction.atomic
def export_projects(actor: Actor, filters: Filters, kind: str) -> tuple[Actor, QuerySet[Project]]:
    """Record the export, then hand out the rows: (whose eyes to read them with, projects).

    Whoever sees more than the public needs PORTFOLIO_EXPORT, and the export is recorded with its
    kind, the number of rows and of filters. Everybody else takes what is open anyway: nothing to
    record. Raises PermissionDenied.
    """
    if not actor.may(Permission.PORTFOLIO_VIEW):
        return PUBLIC, projects(PUBLIC, filters)
    require(actor, Permission.PORTFOLIO_EXPORT)
    found = projects(actor, filters)
    audit.record(
        actor,
        "portfolio.exported",
        kind=kind,
        count=found.order_by().count(),
        filters=filters.active,
    )
    return actor, found
