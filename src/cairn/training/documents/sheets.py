"""Attendance sheets with codes and signature boxes by half day, and door signs, as PDF."""

from datetime import date
from typing import Any

from cairn.training.documents.agenda import agenda_days
from cairn.training.documents.folder_wording import (
    TEMPLATES,
    Content,
    Payload,
    Wording,
    opening,
)
from cairn.training.rules.attendance import SessionTime, half_days
from cairn.ui.pdf import render

# Lines for people who come without being enrolled. A judgement: a tenth, and two at least.
WALK_IN_SHARE = 10
WALK_IN_LEAST = 2


def sheet_days(payload: Payload, wording: Wording) -> list[Content]:
    """One sheet for each day: `day`, `halves` (label, hours), `rows`, `spare` (empty lines)."""
    sessions = payload.get("sessions") or []
    times = [
        SessionTime(number, wording.local(each["starts"]), wording.local(each["ends"]))
        for number, each in enumerate(sessions)
    ]
    rows = [
        [str(number), str(person["code"]), str(person.get("name") or "")]
        for number, person in enumerate(payload.get("participants") or [], 1)
    ]
    by_day: dict[date, list[Content]] = {}
    for half in half_days(times, wording.zone):
        by_day.setdefault(half.day, []).append(
            {
                "label": wording.labels["morning" if half.is_morning else "afternoon"],
                "hours": wording.span(half.times[0].starts, max(each.ends for each in half.times)),
            }
        )
    spare = max(WALK_IN_LEAST, len(rows) // WALK_IN_SHARE)
    return [
        {"day": wording.day(day), "halves": halves, "rows": rows, "spare": spare}
        for day, halves in sorted(by_day.items())
    ]


def sheets_content(payload: Payload) -> Content:
    """What the template of the attendance sheets reads."""
    wording = Wording(payload)
    return {
        **opening(payload, wording, wording.labels["sheets"]),
        "sheets": sheet_days(payload, wording),
    }


def room_signs(payload: Payload, wording: Wording) -> list[Content]:
    """One sign for each room: `room`, `days` as in the agenda with the sessions in it."""
    rooms: dict[str, list[Any]] = {}
    for session in payload.get("sessions") or []:
        if room := str(session.get("room") or ""):
            rooms.setdefault(room, []).append(session)
    return [
        {"room": room, "days": agenda_days({**payload, "sessions": sessions}, wording)}
        for room, sessions in sorted(rooms.items())
    ]


def signs_content(payload: Payload) -> Content:
    """What the template of the door signs reads."""
    wording = Wording(payload)
    return {
        **opening(payload, wording, wording.labels["door_signs"]),
        "rooms": room_signs(payload, wording),
    }


def render_sheets(payload: Payload) -> bytes:
    """Attendance sheets, one or more pages for each day. Raises PdfFailed."""
    return _render(payload, "event-sheets", sheets_content(payload))


def render_door_signs(payload: Payload) -> bytes:
    """A page for each door, in landscape. No word says what the training is about."""
    return _render(payload, "event-signs", signs_content(payload))


def _render(payload: Payload, name: str, content: Content) -> bytes:
    wording = Wording(payload)
    return render(
        f"{TEMPLATES}/{name}.typ",
        content,
        language=wording.language,
        document=f"{name}-{payload['event']['reference']}",
        created=wording.made_on,
    )
