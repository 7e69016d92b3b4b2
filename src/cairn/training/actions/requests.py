"""Requests for help that come out of trainings: raised at an event, planned, answered, integrated.

The request itself and its states are the portfolio's; training adds kinds, origin and next step.
"""

import re
from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.core import audit
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.portfolio.actions.requests import receive_request
from cairn.portfolio.models import AssistanceRequest
from cairn.training.models import CurriculumIntegration, TrainingEvent, TrainingRequest
from cairn.training.rules.choices import RequestKind

_NUMBER = re.compile(r"TR(\d+)")


@transaction.atomic
def raise_request(
    actor: Actor,
    event: str,
    requested_by: str,
    request: str,
    kinds: Sequence[RequestKind],
    *,
    countries: Sequence[str] = (),
    received_on: date | None = None,
    next_step_by: date | None = None,
) -> TrainingRequest:
    """Enter what somebody asked for at a training; it goes into the programme's pipeline.

    Raises TrainingEvent.DoesNotExist, PermissionDenied, RuleBroken ("request.kinds",
    "request.reference").
    """
    require(actor, Permission.REQUEST_EDIT)
    at = TrainingEvent.objects.visible_to(actor).get(reference=event)
    _check_kinds(kinds)
    made = receive_request(
        actor,
        _next_reference(),
        requested_by.strip(),
        request.strip(),
        countries=countries,
        after_event=at.printed,
        received_on=received_on,
    )
    extra = TrainingRequest.objects.create(
        request=made,
        kinds=[kind.value for kind in kinds],
        raised_at=at,
        next_step_by=next_step_by,
    )
    audit.record(actor, "training_request.raised", made, event=at.reference)
    return extra


def _check_kinds(kinds: Sequence[RequestKind]) -> None:
    if not kinds:
        raise RuleBroken(
            "request.kinds", _("Say what is asked for."), _("Choose at least one kind.")
        )


def _next_reference() -> str:
    rows = AssistanceRequest.objects.filter(reference__startswith="TR")
    numbers = [
        int(match[1])
        for reference in rows.values_list("reference", flat=True)
        if (match := _NUMBER.fullmatch(reference))
    ]
    return f"TR{max(numbers, default=0) + 1:03}"


@transaction.atomic
def plan_request(
    actor: Actor,
    reference: str,
    *,
    kinds: Sequence[RequestKind],
    next_step_by: date | None,
    answered_by: str = "",
    integrated: CurriculumIntegration | None = None,
) -> TrainingRequest:
    """Say what kind a request is, by when its next step is due, and what answers it.

    `answered_by`: reference of the training that answers it. Raises AssistanceRequest.DoesNotExist,
    TrainingEvent.DoesNotExist, PermissionDenied, RuleBroken ("request.kinds").
    """
    rows = AssistanceRequest.objects.visible_to(actor).select_for_update(of=("self",))
    request = rows.get(reference=reference)
    require(actor, Permission.REQUEST_EDIT)
    _check_kinds(kinds)
    event = None
    if answered_by:
        event = TrainingEvent.objects.visible_to(actor).get(reference=answered_by)
    extra, _is_new = TrainingRequest.objects.update_or_create(
        request=request,
        defaults={
            "kinds": [kind.value for kind in kinds],
            "next_step_by": next_step_by,
            "answered_by": event,
            "integrated": integrated,
        },
    )
    audit.record(actor, "training_request.planned", request)
    return extra
