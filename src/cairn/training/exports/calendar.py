"""A calendar that phones and desks subscribe to: iCalendar (RFC 5545) of events and sessions.

Calendars are copied to telephones and to other firms' servers, so an entry carries a reference,
times and a place, and neither names nor a word about what is taught.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import override
from icalendar import Calendar, Event

# RFC 7986, 5.7: how often a calendar program should look again.
REFRESH = timedelta(hours=1)
PRODUCT = "-//Cairn//Training//EN"


@dataclass(frozen=True, slots=True)
class Entry:
    """One event or session.

    `number`: position of a session in its event, 0 for a whole event. `starts`, `ends`: aware
    moments, or days for an event without hours (`ends` then included). `changes`: how often it
    was changed, RFC 5545 SEQUENCE. `changed_at`: aware. `status`: "CONFIRMED", "TENTATIVE",
    "CANCELLED".
    """

    id: UUID
    reference: str
    starts: datetime | date
    ends: datetime | date
    changes: int
    changed_at: datetime
    status: str = "CONFIRMED"
    number: int = 0
    place: str = ""
    zone: str = "UTC"
    address: str = field(default="", repr=False)


def calendar(entries: Iterable[Entry], *, name: str, language: str) -> bytes:
    """The feed as text/calendar. An entry that is cancelled stays in it, so that phones drop it.

    `name`: of the calendar as programs show it; give it no word about the subject.
    """
    with override(language):
        feed = Calendar()
        feed.add("prodid", PRODUCT)
        feed.add("version", "2.0")
        feed.add("method", "PUBLISH")
        feed.add("x-wr-calname", name)
        feed.add("name", name)
        feed.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        feed.add("x-published-ttl", REFRESH)
        for entry in entries:
            feed.add_component(_component(entry))
        feed.add_missing_timezones()
    return bytes(feed.to_ical())


def _component(entry: Entry) -> Event:
    component = Event()
    component.add("uid", f"{entry.id}@cairn")
    component.add("dtstamp", entry.changed_at.astimezone(UTC))
    component.add("last-modified", entry.changed_at.astimezone(UTC))
    component.add("sequence", entry.changes)
    component.add("status", entry.status)
    component.add("summary", _summary(entry))
    component.add("class", "PRIVATE")
    component.add("transp", "TRANSPARENT" if entry.status == "CANCELLED" else "OPAQUE")
    if entry.place:
        component.add("location", entry.place)
    if entry.address:
        component.add("url", entry.address)
    starts, ends = entry.starts, entry.ends
    if isinstance(starts, datetime) and isinstance(ends, datetime):
        # In the zone of the event: the hour on its wall stays when summer time begins there.
        zone = ZoneInfo(entry.zone)
        component.add("dtstart", starts.astimezone(zone))
        component.add("dtend", ends.astimezone(zone))
    else:
        component.add("dtstart", starts)
        # RFC 5545, 3.6.1: DTEND is the day after the last one.
        component.add("dtend", ends + timedelta(days=1))
    return component


def _summary(entry: Entry) -> str:
    if not entry.number:
        return entry.reference
    return _("%(event)s, session %(number)d") % {"event": entry.reference, "number": entry.number}
