"""Writes about requests for assistance."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.core import audit
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.storing import saved_as_new
from cairn.portfolio import rules
from cairn.portfolio.models import AssistanceRequest, Event, Project, RequestMove
from cairn.portfolio.rules import RequestState


@transaction.atomic
def receive_request(
    actor: Actor,
    reference: str,
    requested_by: str,
    request: str,
    *,
    countries: Sequence[str] = (),
    after_event: Event | None = None,
    received_on: date | None = None,
) -> AssistanceRequest:
    """Enter a request. Raises PermissionDenied, RuleBroken ("request.reference")."""
    require(actor, Permission.REQUEST_EDIT)
    made = AssistanceRequest(
        reference=reference,
        requested_by=requested_by,
        request=request,
        countries=list(countries),
        after_event=after_event,
        received_on=received_on,
    )
    if not saved_as_new(made):
        raise RuleBroken(
            "request.reference",
            _("Another request has the reference “%(reference)s”.") % {"reference": reference},
            _("Choose another reference."),
        )
    _step(actor, made, "", RequestState.RECEIVED, "")
    audit.record(actor, "request.received", made)
    return made


@transaction.atomic
def move_request(
    actor: Actor,
    reference: str,
    to: RequestState,
    *,
    reason: str = "",
    project: Project | None = None,
) -> AssistanceRequest:
    """Take a request one step on, or decline it with a reason.

    Raises AssistanceRequest.DoesNotExist, PermissionDenied, RuleBroken ("request.move",
    "request.reason", "request.project").
    """
    request = (
        AssistanceRequest.objects.visible_to(actor).select_for_update().get(reference=reference)
    )
    require(actor, Permission.REQUEST_EDIT)
    now = RequestState(request.state)
    project_id = project.pk if project else request.project_id
    rules.check_request_move(now, to, reason=reason, has_project=project_id is not None)
    request.state, request.project_id = to, project_id
    request.version += 1
    request.save(update_fields=["state", "project", "version"])
    _step(actor, request, now, to, reason.strip())
    audit.record(actor, "request.moved", request, before=now.value, after=to.value)
    return request


def _step(actor: Actor, request: AssistanceRequest, before: str, after: str, reason: str) -> None:
    RequestMove.objects.create(
        request=request,
        before=before,
        after=after,
        reason=reason,
        moved_at=timezone.now(),
        author_id=actor.user_id,
        author_name=actor.name,
    )
