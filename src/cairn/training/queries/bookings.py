"""Rooms and trainers that are booked twice at the same time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cairn.training.models import Staffing, TrainingEvent, TrainingSession
from cairn.training.rules.attendance import overlaps
from cairn.training.rules.states import EventState

# Events that do not take place book nobody.
IDLE = (EventState.CANCELLED, EventState.POSTPONED)
# More sentences than this about one session help nobody.
MOST_SAID = 3


@dataclass(frozen=True, slots=True)
class _Booked:
    """What is booked while an event lasts: sessions of all events, and who teaches where.

    `own`, `elsewhere`: entries of the staff with the ids of their sessions, empty for all.
    """

    event: TrainingEvent
    sessions: Sequence[TrainingSession]
    own: Sequence[tuple[Staffing, frozenset[UUID]]]
    elsewhere: Sequence[tuple[Staffing, frozenset[UUID]]]


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
    its name is, at the same place. Five queries at most. References and codes, no names.
    """
    key = session.pk if session is not None else None
    booked = _booked(event, starts_at, ends_at)
    return _told(booked, key, (starts_at, ends_at), room)


def conflicts_of(
    event: TrainingEvent, sessions: Sequence[TrainingSession]
) -> dict[UUID, list[str]]:
    """The same for each of the event's sessions. Five queries, however many there are."""
    if not sessions:
        return {}
    booked = _booked(
        event, min(each.starts_at for each in sessions), max(each.ends_at for each in sessions)
    )
    return {
        each.pk: _told(booked, each.pk, (each.starts_at, each.ends_at), each.room)
        for each in sessions
    }


def _booked(event: TrainingEvent, starts_at: datetime, ends_at: datetime) -> _Booked:
    sessions = list(
        TrainingSession.objects.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)
        .exclude(event__state__in=IDLE)
        .select_related("event")
    )
    own = _with_sessions(event.staffing.all())
    others = {each.event_id for each in sessions} - {event.pk}
    people = {entry.practitioner_id for entry, _sessions in own}
    elsewhere = Staffing.objects.filter(event__in=others, practitioner__in=people)
    return _Booked(event, sessions, own, _with_sessions(elsewhere))


def _with_sessions(rows: QuerySet[Staffing]) -> list[tuple[Staffing, frozenset[UUID]]]:
    found = rows.select_related("practitioner", "event").prefetch_related("sessions")
    return [(entry, frozenset(each.pk for each in entry.sessions.all())) for entry in found]


def _told(
    booked: _Booked, key: UUID | None, when: tuple[datetime, datetime], room: str
) -> list[str]:
    at_once = [
        each
        for each in booked.sessions
        if each.pk != key and overlaps(when, (each.starts_at, each.ends_at))
    ]
    return [*_rooms(booked.event, at_once, room), *_trainers(booked, at_once, key)]


def _rooms(event: TrainingEvent, at_once: Sequence[TrainingSession], room: str) -> list[str]:
    wanted = room.strip().casefold()
    if not wanted:
        return []
    return [
        _("The room “%(room)s” is taken at that time by “%(title)s” of %(event)s.")
        % {"room": room, "title": each.title, "event": each.event.reference}
        for each in at_once
        if each.room.strip().casefold() == wanted and _same_place(event, each.event)
    ][:MOST_SAID]


def _same_place(event: TrainingEvent, other: TrainingEvent) -> bool:
    if event.pk == other.pk:
        return True
    places = (event.place.strip().casefold(), other.place.strip().casefold())
    return bool(places[0]) and places[0] == places[1] and event.country == other.country


def _trainers(booked: _Booked, at_once: Sequence[TrainingSession], key: UUID | None) -> list[str]:
    teaching = {
        entry.practitioner_id: entry.practitioner.code
        for entry, sessions in booked.own
        if not sessions or key in sessions
    }
    taken = {each.pk: each.event_id for each in at_once}
    busy = {
        (teaching[entry.practitioner_id], entry.event.reference)
        for entry, sessions in booked.elsewhere
        if entry.practitioner_id in teaching
        and (sessions & set(taken) or (not sessions and entry.event_id in taken.values()))
    }
    return [
        _("Trainer %(code)s teaches at %(event)s at that time.")
        % {"code": code, "event": reference}
        for code, reference in sorted(busy)
    ][:MOST_SAID]
