"""What the printed matter of an event says, as plain values: agenda, staff, participants."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from cairn.core import geography
from cairn.core.partial_dates import span_text
from cairn.training.models import Enrolment, Staffing, TrainingEvent
from cairn.training.queries.events import AWAY
from cairn.training.queries.links import link
from cairn.training.rules.events import read_day


def payload(
    event: TrainingEvent,
    *,
    language: str,
    today: date,
    host: str,
    names: Mapping[UUID, str] | None = None,
) -> dict[str, Any]:
    """The payload of cairn.training.documents in `language`. Four queries.

    `host`: "https://..." of this installation, for the address in the QR code. `names`: of
    practitioners by id, when somebody opened them with a reason; codes stand alone otherwise.
    """
    opened = names or {}
    staff = list(event.staffing.select_related("practitioner").prefetch_related("sessions"))
    return {
        "language": language,
        "generated_on": today.isoformat(),
        "event": {
            "reference": event.reference,
            "title": event.title,
            "lang": str(event.languages[0]) if event.languages else language,
            "place": event.place,
            "country": _country(event.country, language),
            "dates": span_text(read_day(event.starts), read_day(event.ends), language),
            "time_zone": event.time_zone,
        },
        "sessions": _sessions(event, staff),
        "participants": [
            {
                "code": each.personal_code,
                "name": opened.get(each.practitioner_id, ""),
                "agency": each.agency.name if each.agency else "",
                "role": "",
                "qr": qr_address(event, each.personal_code, host),
            }
            for each in participants(event)
        ],
        "staff": [
            {
                "code": each.practitioner.code,
                "name": opened.get(each.practitioner_id, ""),
                "role": each.get_role_display(),
            }
            for each in _once(staff)
        ],
    }


def participants(event: TrainingEvent) -> list[Enrolment]:
    """Who is expected, by personal code."""
    rows = event.enrolments.exclude(state__in=AWAY).select_related("agency", "practitioner")
    return list(rows.order_by("personal_code"))


def qr_address(event: TrainingEvent, code: str, host: str) -> str:
    """What the QR of a badge holds: the way to the person's own test, or the code alone."""
    place = link("training:join-as", event.join_code, code) if event.join_code else None
    return f"{host}{place}" if place else code


def _sessions(event: TrainingEvent, staff: list[Staffing]) -> list[dict[str, Any]]:
    rows = event.sessions.prefetch_related("materials")
    return [
        {
            "title": each.title,
            "starts": each.starts_at.isoformat(),
            "ends": each.ends_at.isoformat(),
            "room": each.room,
            "method": each.method,
            "trainers": [
                entry.practitioner.code
                for entry in staff
                if not entry.sessions.all() or each in entry.sessions.all()
            ],
            "materials": [material.title for material in each.materials.all()],
        }
        for each in rows
    ]


def _once(staff: list[Staffing]) -> list[Staffing]:
    """Each person once, in the first of their roles."""
    return list({each.practitioner_id: each for each in reversed(staff)}.values())[::-1]


def _country(code: str, language: str) -> str:
    try:
        return geography.country_name(code, language) if code else ""
    except KeyError:
        return code
