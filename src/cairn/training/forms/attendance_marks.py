"""The shape of marks as a phone sends them: JSON read into values, or refused in words."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from unicodedata import category
from uuid import UUID

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.training.actions.attendance_intake import MarkSent

# A count that a device keeps: larger ones do not fit the column.
LARGEST = 2**53
# A clock without a battery starts in 1970; beyond these a moment is no clock's, and neither the
# database nor arithmetic with other zones holds it.
YEARS = range(1970, 2091)


@dataclass(frozen=True, slots=True)
class Batch:
    """What one phone sends at once. `offset_seconds`: its clock minus ours, None: not told."""

    event: str
    marks: list[MarkSent]


def read_batch(body: bytes, *, now: datetime) -> Batch:
    """The batch in a request's body.

    {"event": reference, "sent_at": ISO moment by the phone's clock as it sends, "device": text,
    "marks": [{"id", "session", "code", "kind", "means", "at", "sequence", "corrects"}]}. The
    distance of `sent_at` to `now` is how wrong the clock is. Raises RuleBroken("mark.shape").
    """
    try:
        given = json.loads(body)
        device = _text(given.get("device", ""), 40)
        sent_at = _moment(given["sent_at"]) if given.get("sent_at") else None
        offset = None if sent_at is None else round((sent_at - now).total_seconds())
        marks = [_mark(each, device, offset) for each in given["marks"]]
        return Batch(_text(given["event"], 20), marks)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise RuleBroken(
            "mark.shape",
            _("What was sent cannot be read as attendance marks."),
            _("Load the page of the session again; what is on the device stays there."),
        ) from error


def _mark(given: Any, device: str, offset: int | None) -> MarkSent:
    corrects = given.get("corrects")
    sequence = given.get("sequence", 0)
    if not isinstance(sequence, int) or not 0 <= sequence < LARGEST:
        raise ValueError(sequence)
    return MarkSent(
        id=UUID(given["id"]),
        session=_key(given.get("session")),
        code=_text(given.get("code", ""), 40),
        kind=_text(given["kind"], 8),
        means=_text(given.get("means", "code"), 6),
        at=_moment(given["at"]),
        device=device,
        sequence=sequence,
        offset_seconds=offset,
        corrects=UUID(corrects) if corrects else None,
    )


def _key(given: Any) -> UUID | None:
    """A session that cannot be read is a session that is not of this event: refused, not lost."""
    try:
        return UUID(given)
    except (ValueError, TypeError, AttributeError):
        return None


def _text(given: Any, longest: int) -> str:
    if not isinstance(given, str):
        raise TypeError(given)
    text = given.strip()[:longest]
    # Nobody types these: PostgreSQL keeps no NUL, and half a sign cannot be written down at all.
    if any(category(sign) in {"Cc", "Cs"} for sign in text):
        raise ValueError("a sign that no keyboard has")
    return text


def _moment(given: Any) -> datetime:
    found = parse_datetime(_text(given, 40))
    if found is None or found.tzinfo is None or found.year not in YEARS:
        raise ValueError(given)
    return found
