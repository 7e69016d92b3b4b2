"""Rooms and trainers that are booked twice at the same time."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from cairn.training.models import Staffing, TrainingEvent, TrainingSession
from cairn.training.rules.states import EventState

# Events that do not take place book nobody.
IDLE = (EventState.CANCELLED, EventState.POSTPONED)


def conflicts(
    event: TrainingEvent,
    starts_at: datetime,
    ends_at: datetime,
    *,
    room: str = "",
    session: TrainingSession | None = None,
) -> list[str]:
    """Sentences about rooms and trainers of `event` that are taken between the two moments.

    `session`: the one that is being changed, left out of the comparison. A room is the same when
    its name is, at the same place. Three queries at most. References and codes, no names.
    """
    at_once = TrainingSession.objects.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)
    at_once = at_once.exclude(event__state__in=IDLE).select_related("event")
    if session is not None and session.pk:
        at_once = at_once.exclude(pk=session.pk)
    return [*_rooms(event, at_once, room), *_trainers(event, at_once, session)]


def _rooms(event: TrainingEvent, at_once: QuerySet[TrainingSession], room: str) -> list[str]:
    if not room.strip():
        return []
    same_place = Q(event=event)
    if event.place:
        same_place |= Q(event__place__iexact=event.place, event__country=event.country)
    return [
        _("The room “%(room)s” is taken at that time by “%(title)s” of %(event)s.")
        % {"room": room, "title": each.title, "event": each.event.reference}
        for each in at_once.filter(same_place, room__iexact=room.strip())[:3]
    ]


def _trainers(
    event: TrainingEvent, at_once: QuerySet[TrainingSession], session: TrainingSession | None
) -> list[str]:
    own = Staffing.objects.filter(event=event)
    if session is not None and session.pk:
        own = own.filter(Q(sessions=None) | Q(sessions=session))
    else:
        own = own.filter(sessions=None)
    people = dict(own.values_list("practitioner_id", "practitioner__code"))
    if not people:
        return []
    elsewhere = list(at_once.exclude(event=event).values_list("pk", "event_id"))
    busy = (
        Staffing.objects.filter(practitioner__in=people)
        .exclude(event=event)
        .filter(
            Q(sessions__in=[pk for pk, _event in elsewhere])
            | Q(sessions=None, event__in={event_id for _pk, event_id in elsewhere})
        )
        .values_list("practitioner_id", "event__reference")
        .distinct()
    )
    return [
        _("Trainer %(code)s teaches at %(event)s at that time.")
        % {"code": people[pk], "event": reference}
        for pk, reference in sorted(busy, key=lambda each: each[1])[:3]
    ]
