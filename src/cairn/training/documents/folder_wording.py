"""Words, dates and times of the documents of an event, in the language of the document.

A payload, from queries or tests, is a mapping:
    language        of the document: "en", "fr", "ar"
    generated_on    ISO day
    event           reference, title, lang (of the title), place, country, dates (in words),
                    time_zone (IANA), state
    sessions        title, starts and ends (aware ISO moments), room, method, trainers (list),
                    materials (list)
    participants    code, name ("" unless opened with a reason), agency, role, qr (what the
                    QR holds; the code when empty)
    staff           the same
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from cairn.ui.formats import date_text, locale, zone_text

Payload = Mapping[str, Any]
Content = dict[str, Any]
TEMPLATES = "training/documents/typst"


def shared_labels() -> dict[str, str]:
    """Labels that every page of these documents may need, in the active language."""
    return {
        "page_of": _("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
        "unshown": _("The sign %(sign)s stands for a character that no font here can draw.")
        % {"sign": "\ufffd"},
        "agenda": _("Agenda"),
        "badges": _("Badges"),
        "sheets": _("Attendance sheets"),
        "name_plates": _("Name plates"),
        "door_signs": _("Door signs"),
        "folder": _("Event folder"),
        "contents": _("Contents"),
        "time": _("Time"),
        "session": pgettext("part of a training", "Session"),
        "room": _("Room"),
        "trainers": _("Trainers"),
        "number": pgettext("column of a list", "No."),
        "code": _("Code"),
        "name": _("Name"),
        "agency": _("Agency"),
        "morning": pgettext("half of a day", "Morning"),
        "afternoon": pgettext("half of a day", "Afternoon"),
        "signature": _("Signature"),
        "signature_trainer": _("Signature of the trainer"),
        "no_sessions": _("No session has been planned yet."),
        "no_people": _("Nobody is enrolled yet."),
        "no_rooms": _("No room has been given to a session yet."),
        "by_hand": _("Name, written by hand"),
        "qr": _("QR code of %(code)s") % {"code": "{code}"},
        "fold": _("Fold here"),
        "sheet_note": _(
            "Sign once for each half day that you attended. Codes stand for names: the list of "
            "names is kept apart. Empty lines are for people who came without being enrolled."
        ),
        "sheet_keying": _(
            "Key this sheet in under “Paper sheet” of the event: one tick for each signature."
        ),
    }


@dataclass(frozen=True, slots=True)
class Moment:
    """One local moment of the event. `day` names it in full, `key` sorts it."""

    key: date
    day: str
    clock: str


class Wording:
    """How one document says days and times: in its language, in the zone of its event."""

    def __init__(self, payload: Payload) -> None:
        self.language = str(payload["language"])
        self.zone = ZoneInfo(str(payload["event"].get("time_zone") or "UTC"))
        self.made_on = date.fromisoformat(str(payload["generated_on"])[:10])
        with override(self.language):
            self.labels = shared_labels()

    def local(self, moment: Any) -> datetime:
        """An aware ISO text or datetime, in the zone of the event."""
        when = moment if isinstance(moment, datetime) else datetime.fromisoformat(str(moment))
        return when.astimezone(self.zone)

    def day(self, when: date) -> str:
        """A day with its weekday: "Monday 2 March 2026"."""
        with override(self.language):
            noon = datetime(when.year, when.month, when.day, 12, tzinfo=self.zone)
            return format_skeleton("yMMMMEEEEd", noon, locale=locale())

    def span(self, starts: Any, ends: Any) -> str:
        """Two moments of one day as "09:00–12:30"."""
        return f"{self.local(starts):%H:%M}–{self.local(ends):%H:%M}"

    def zone_note(self, moment: Any) -> str:
        """Which zone the times are in: "Asia/Kathmandu (UTC+5:45)"."""
        return f"{self.zone.key} ({zone_text(self.local(moment))})"

    def footer(self, document: str, reference: str) -> str:
        with override(self.language):
            return _("%(document)s of %(event)s, made on %(date)s") % {
                "document": document,
                "event": reference,
                "date": date_text(self.made_on),
            }

    def list(self, items: Any) -> str:
        with override(self.language):
            comma = pgettext("between the items of a list", ", ")
        return comma.join(str(item) for item in items or [] if item)


def opening(payload: Payload, wording: Wording, document: str) -> Content:
    """What every document of an event begins with: labels, title, head, footer."""
    event = payload["event"]
    reference = str(event["reference"])
    return {
        "labels": wording.labels,
        "title": f"{document} {reference}",
        "document": document,
        "event": {
            "reference": reference,
            "title": str(event.get("title") or reference),
            "lang": str(event.get("lang") or wording.language),
            "place": wording.list([event.get("place"), event.get("country")]),
            "dates": str(event.get("dates") or ""),
        },
        "footer": wording.footer(document, reference),
    }
