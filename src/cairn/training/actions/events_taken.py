"""What goes out of the list of events and of an event on paper is on record."""

from django.db import transaction
from django.db.models import QuerySet

from cairn.access.permissions import Permission, require
from cairn.core import audit
from cairn.core.actor import Actor
from cairn.oversight.actions import readings
from cairn.oversight.actions.readings import Unreadable
from cairn.oversight.rules import Purpose
from cairn.training.actions import steps
from cairn.training.models import Practitioner, TrainingEvent
from cairn.training.queries import events as queries
from cairn.training.queries import printing


@transaction.atomic
def export_events(actor: Actor, filters: queries.Filters, kind: str) -> QuerySet[TrainingEvent]:
    """Record that the list was taken out, then hand out its rows. Raises PermissionDenied."""
    require(actor, Permission.TRAINING_VIEW)
    found = queries.events(actor, filters)
    audit.record(
        actor,
        "training_event.exported",
        kind=kind,
        count=found.order_by().count(),
        filters=filters.active,
    )
    return found


@transaction.atomic
def note_print(actor: Actor, event: TrainingEvent, document: str) -> None:
    """Record that a document with codes of participants was printed. Raises PermissionDenied."""
    steps.require_run(actor, event)
    audit.record(actor, "training_event.printed", event, document=document)


def open_names(actor: Actor, event: TrainingEvent, reason: str) -> dict[object, str]:
    """Names of everybody who gets a badge, by practitioner id; what cannot be read is left out.

    Opened with a reason that the data-protection officer reads; never inside a transaction. Names
    of more people than are opened at once come in several readings. Raises PermissionDenied,
    RuleBroken ("oversight.reason").
    """
    steps.require_run(actor, event)
    wanted = {each.practitioner_id for each in printing.participants(event)}
    wanted |= set(event.staffing.values_list("practitioner", flat=True))
    people = list(Practitioner.objects.visible_to(actor).filter(pk__in=wanted).order_by("code"))
    names: dict[object, str] = {}
    for start in range(0, len(people), readings.MOST_AT_ONCE):
        part = people[start : start + readings.MOST_AT_ONCE]
        for opened in readings.read(actor, part, ["name"], Purpose.TRAINING, reason):
            value = opened.values["name"]
            if value and not isinstance(value, Unreadable):
                names[opened.record.pk] = str(value)
    return names
