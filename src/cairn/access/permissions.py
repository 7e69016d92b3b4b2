"""Every permission of the platform, alphabetical: `context:verb`. Who has which: roles.py."""

from enum import StrEnum

from django.core.exceptions import PermissionDenied

from cairn.core.actor import Actor


class Permission(StrEnum):
    AUDIT_VIEW = "audit:view"
    FINDING_EXPLAIN = "finding:explain"
    FUNDING_EDIT = "funding:edit"
    LIBRARY_EDIT = "library:edit"
    PORTFOLIO_DECIDE = "portfolio:decide"
    PORTFOLIO_EDIT = "portfolio:edit"
    PORTFOLIO_EXPORT = "portfolio:export"
    PORTFOLIO_IMPORT = "portfolio:import"
    PORTFOLIO_PUBLISH = "portfolio:publish"
    PORTFOLIO_VIEW = "portfolio:view"
    REQUEST_EDIT = "request:edit"
    REQUEST_VIEW = "request:view"
    RESULT_RECORD = "result:record"
    ROLE_VIEW = "role:view"


def require(actor: Actor, permission: Permission) -> None:
    """Raise PermissionDenied unless one of the actor's roles gives `permission`."""
    if not actor.may(permission):
        raise PermissionDenied(permission.value)
