"""Steps of requests and incidents: their history, and the page that records the next one."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.oversight.actions.notes import open_notes
from cairn.oversight.forms import StepForm
from cairn.oversight.models import Incident, Step, SubjectRequest
from cairn.oversight.rules import IncidentState, RequestState, moves_from
from cairn.oversight.views.shared import FormPage, form_page, named
from cairn.oversight.views.showing import shown_value

Record = SubjectRequest | Incident
States = type[RequestState] | type[IncidentState]


def history(
    actor: Actor, record: Record, states: States, open_with: Permission | None = None
) -> list[dict[str, Any]]:
    """The steps of `record`, for the component "history"; their notes only with `open_with`.

    Opening the notes is written down. Raises PermissionDenied without `open_with`.
    """
    steps = list(Step.objects.visible_to(actor).filter(record_id=record.pk))
    notes = [""] * len(steps)
    if open_with is not None:
        opened = open_notes(actor, steps, ["note"], permission=open_with)
        parts = [shown_value("", each["note"]) for each in opened]
        notes = [part.text or part.problem for part in parts]
    who = named(step.by for step in steps)
    return [
        {
            "who": who(step.by),
            "what": _("moved it to “%(state)s”.") % {"state": states(step.after).label},
            "why": note,
            "when": step.at,
        }
        for step, note in zip(steps, notes, strict=True)
    ]


def step_page(
    request: ActorRequest,
    found: Record,
    states: States,
    act: Callable[[Actor, UUID, Any, str], object],
    address: str,
) -> HttpResponse:
    """Take `found` a step on by `act`; `address` names the page of the record."""
    moves = [(str(each.value), each.label) for each in moves_from(states(found.state))]
    back = reverse(address, args=[found.pk])
    page = FormPage(
        heading=_("Next step"),
        send=_("Record the step"),
        back=(back, found.reference),
        done=_("The step is recorded."),
        facts=[(_("State"), found.get_state_display())],
    )
    return form_page(
        request,
        page,
        StepForm(request.POST or None, moves=moves, initial={"to": request.GET.get("to", "")}),
        lambda given: act(request.actor, found.pk, states(given["to"]), given["note"]),
        lambda made: back,
        {"oversight.reason": "note", "oversight.move": "to"},
    )
