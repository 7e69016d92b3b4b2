"""Every permission of the platform, alphabetical: `context:verb`. Who has which: roles.py."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from cairn.core.actor import Actor


class Permission(StrEnum):
    ACCOUNT_INVITE = "account:invite"
    ASSISTANCE_COUNT = "assistance:count"
    AUDIT_EXPORT = "audit:export"
    AUDIT_VIEW = "audit:view"
    CASELOAD_SUPERVISE = "caseload:supervise"
    CREDENTIAL_ISSUE = "credential:issue"
    CREDENTIAL_REVOKE = "credential:revoke"
    DEVICE_MANAGE = "device:manage"
    DEVICE_OPEN = "device:open"
    DEVICE_VIEW = "device:view"
    DIRECTORY_EDIT = "directory:edit"
    DIRECTORY_KEEP = "directory:keep"
    DIRECTORY_VIEW = "directory:view"
    DOCUMENT_EDIT = "document:edit"
    DOCUMENT_PUBLISH = "document:publish"
    DUPLICATE_REVIEW = "duplicate:review"
    DUTY_CHECK = "duty:check"
    ERASURE_APPROVE = "erasure:approve"
    ERASURE_ASK = "erasure:ask"
    EVENT_RUN = "event:run"
    EXPERT_OPEN = "expert:open"
    EXPERT_VIEW = "expert:view"
    EXPORT_APPROVE = "export:approve"
    FINDING_EXPLAIN = "finding:explain"
    FUNDING_EDIT = "funding:edit"
    INCIDENT_HANDLE = "incident:handle"
    INCIDENT_REPORT = "incident:report"
    INDICATOR_EDIT = "indicator:edit"
    INDICATOR_VIEW = "indicator:view"
    KEY_OPERATE = "key:operate"
    KIT_OPERATE = "kit:operate"
    LIBRARY_EDIT = "library:edit"
    LINK_AUTHORISE = "link:authorise"
    LOCATION_OPEN = "location:open"
    LOCATION_VIEW = "location:view"
    NOMINATION_MAKE = "nomination:make"
    OUTCOME_REPORT = "outcome:report"
    OVERSIGHT_REVIEW = "oversight:review"
    OVERSIGHT_VIEW = "oversight:view"
    PAPER_ENTER = "paper:enter"
    PERSON_BREAK_GLASS = "person:break-glass"
    PERSON_EDIT = "person:edit"
    PERSON_EXPORT = "person:export"
    PERSON_OPEN = "person:open"
    PERSON_VIEW = "person:view"
    PORTFOLIO_DECIDE = "portfolio:decide"
    PORTFOLIO_EDIT = "portfolio:edit"
    PORTFOLIO_EXPORT = "portfolio:export"
    PORTFOLIO_IMPORT = "portfolio:import"
    PORTFOLIO_PUBLISH = "portfolio:publish"
    PORTFOLIO_VIEW = "portfolio:view"
    PROCEDURE_DECIDE = "procedure:decide"
    PROCEDURE_EDIT = "procedure:edit"
    PROCEDURE_EXPORT = "procedure:export"
    PROCEDURE_OPEN = "procedure:open"
    PROCEDURE_VIEW = "procedure:view"
    PROTOCOL_SIGN = "protocol:sign"
    PROTOCOL_VIEW = "protocol:view"
    RECEIVER_MANAGE = "receiver:manage"
    REFERRAL_ANSWER = "referral:answer"
    REFERRAL_OPEN = "referral:open"
    REFERRAL_SEND = "referral:send"
    REFERRAL_VIEW = "referral:view"
    REPORT_OPEN = "report:open"
    REPORT_RELEASE = "report:release"
    REPORT_SUBMIT = "report:submit"
    REPORT_TRIAGE = "report:triage"
    REPORT_VIEW = "report:view"
    REQUEST_EDIT = "request:edit"
    REQUEST_VIEW = "request:view"
    RESULT_RECORD = "result:record"
    RETENTION_DECIDE = "retention:decide"
    RISK_DECIDE = "risk:decide"
    RISK_VIEW = "risk:view"
    ROLE_CONFIRM = "role:confirm"
    ROLE_GRANT = "role:grant"
    ROLE_VIEW = "role:view"
    SHARE_AGREE = "share:agree"
    SHARE_VIEW = "share:view"
    STATISTICS_BUILD = "statistics:build"
    STATISTICS_SIGN = "statistics:sign"
    STATISTICS_VIEW = "statistics:view"
    SUBJECT_REQUEST_HANDLE = "subject-request:handle"
    TRAINEE_EDIT = "trainee:edit"
    TRAINEE_EXPORT = "trainee:export"
    TRAINEE_OPEN = "trainee:open"
    TRAINEE_VIEW = "trainee:view"
    TRAINING_DECIDE = "training:decide"
    TRAINING_EDIT = "training:edit"
    TRAINING_VIEW = "training:view"
    VETTING_OPEN = "vetting:open"
    VETTING_RECORD = "vetting:record"


# Whoever may open a sealed field, decide, export persons or administer shows a second factor.
SECOND_FACTOR = frozenset(
    {
        Permission.ACCOUNT_INVITE,
        Permission.AUDIT_EXPORT,
        Permission.CASELOAD_SUPERVISE,
        Permission.CREDENTIAL_ISSUE,
        Permission.CREDENTIAL_REVOKE,
        Permission.DEVICE_MANAGE,
        Permission.DEVICE_OPEN,
        Permission.DIRECTORY_KEEP,
        Permission.DOCUMENT_PUBLISH,
        Permission.DUPLICATE_REVIEW,
        Permission.ERASURE_APPROVE,
        Permission.EVENT_RUN,
        Permission.EXPERT_OPEN,
        Permission.EXPORT_APPROVE,
        Permission.INDICATOR_EDIT,
        Permission.KEY_OPERATE,
        Permission.KIT_OPERATE,
        Permission.LINK_AUTHORISE,
        Permission.LOCATION_OPEN,
        Permission.NOMINATION_MAKE,
        Permission.OVERSIGHT_REVIEW,
        Permission.PERSON_BREAK_GLASS,
        Permission.PERSON_EXPORT,
        Permission.PERSON_OPEN,
        Permission.PORTFOLIO_DECIDE,
        Permission.PORTFOLIO_PUBLISH,
        Permission.PROCEDURE_DECIDE,
        Permission.PROCEDURE_EXPORT,
        Permission.PROCEDURE_OPEN,
        Permission.PROTOCOL_SIGN,
        Permission.RECEIVER_MANAGE,
        Permission.REFERRAL_OPEN,
        Permission.REPORT_OPEN,
        Permission.REPORT_RELEASE,
        Permission.REPORT_TRIAGE,
        Permission.RETENTION_DECIDE,
        Permission.RISK_DECIDE,
        Permission.ROLE_CONFIRM,
        Permission.ROLE_GRANT,
        Permission.SHARE_AGREE,
        Permission.STATISTICS_BUILD,
        Permission.STATISTICS_SIGN,
        Permission.SUBJECT_REQUEST_HANDLE,
        Permission.TRAINEE_EXPORT,
        Permission.TRAINEE_OPEN,
        Permission.TRAINING_DECIDE,
        Permission.VETTING_OPEN,
    }
)

# A role that gives one of these works only when a second person has confirmed its grant.
CONFIRMED = frozenset(
    {
        Permission.DEVICE_OPEN,
        Permission.ERASURE_APPROVE,
        Permission.EXPERT_OPEN,
        Permission.EXPORT_APPROVE,
        Permission.KEY_OPERATE,
        Permission.LOCATION_OPEN,
        Permission.PERSON_OPEN,
        Permission.PROCEDURE_DECIDE,
        Permission.PROCEDURE_OPEN,
        Permission.REFERRAL_OPEN,
        Permission.REPORT_OPEN,
        Permission.ROLE_GRANT,
        Permission.VETTING_OPEN,
    }
)


def require(actor: Actor, permission: Permission, within: object | None = None) -> None:
    """Raise PermissionDenied unless one of the actor's roles gives `permission`.

    `within`: the record it is for; then a membership must also cover the record's organisation,
    unit, country and area (attributes `organisation_id`, `unit_id`, `country`, `area`).
    """
    if within is None:
        allowed = actor.may(permission)
    else:
        allowed = actor.may_within(
            permission,
            getattr(within, "organisation_id", None),
            getattr(within, "unit_id", None),
            getattr(within, "country", ""),
            getattr(within, "area", ""),
        )
    if not allowed:
        raise PermissionDenied(permission.value)


def person(actor: Actor) -> UUID:
    """The id of the user who acts; PermissionDenied for the public and the system."""
    if actor.user_id is None:
        raise PermissionDenied("person")
    return actor.user_id


def scoped(
    actor: Actor,
    permission: Permission,
    *,
    organisation: str = "organisation",
    unit: str = "unit",
    country: str = "country",
    area: str = "",
) -> Q:
    """The records that the actor's memberships with `permission` cover, as a filter.

    The names are lookups from the queryset's model; an empty name means that its records have no
    such column, so that a membership narrowed by it covers none of them.
    """
    if actor.is_system:
        return Q() if actor.may(permission) else Q(pk__in=[])
    covered = Q(pk__in=[])
    for scope in actor.scopes_with(permission):
        wanted: dict[str, Any] = {organisation: scope.organisation_id}
        narrowed = ((unit, scope.unit_id), (country, scope.country), (area, scope.area))
        if any(value and not name for name, value in narrowed):
            continue
        wanted |= {name: value for name, value in narrowed if value}
        covered |= Q(**wanted)
    return covered
