"""The agenda of an event: sessions by day with times, rooms and trainers, as PDF."""

from cairn.training.documents.folder_wording import (
    TEMPLATES,
    Content,
    Payload,
    Wording,
    opening,
)
from cairn.ui.pdf import render


def agenda_days(payload: Payload, wording: Wording) -> list[Content]:
    """Sessions by local day, in order: `day`, `rows` of time, title, lang, room, trainers."""
    lang = str(payload["event"].get("lang") or wording.language)
    days: dict[str, Content] = {}
    for session in sorted(payload.get("sessions") or [], key=lambda each: str(each["starts"])):
        starts = wording.local(session["starts"])
        day = days.setdefault(
            starts.date().isoformat(), {"day": wording.day(starts.date()), "rows": []}
        )
        day["rows"].append(
            {
                "time": wording.span(session["starts"], session["ends"]),
                "title": str(session["title"]),
                "lang": lang,
                "method": str(session.get("method") or ""),
                "room": str(session.get("room") or ""),
                "trainers": wording.list(session.get("trainers")),
                "materials": [str(each) for each in session.get("materials") or []],
            }
        )
    return [days[key] for key in sorted(days)]


def agenda_content(payload: Payload) -> Content:
    """What the template of the agenda reads."""
    wording = Wording(payload)
    sessions = payload.get("sessions") or []
    return {
        **opening(payload, wording, wording.labels["agenda"]),
        "days": agenda_days(payload, wording),
        "zone": wording.zone_note(sessions[0]["starts"]) if sessions else "",
    }


def render_agenda(payload: Payload) -> bytes:
    """The agenda as tagged PDF. Raises PdfFailed."""
    wording = Wording(payload)
    return render(
        f"{TEMPLATES}/event-agenda.typ",
        agenda_content(payload),
        language=wording.language,
        document=f"agenda-{payload['event']['reference']}",
        created=wording.made_on,
    )
