"""Schedules of the standard (RFC 5545 rules, one a week) to times of a week, and back."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from cairn.referral.hsds.shapes import BYDAY
from cairn.referral.rules.services import MOST_SPANS

_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2})?")
_DAY_CODES = {ours: code for code, ours in BYDAY.items()}


def hours_of(
    schedules: Sequence[Mapping[str, Any]], zone: Any
) -> tuple[dict[str, list[list[str]]], str, str, set[str]]:
    """(times of a week, words, time zone, notes) of the schedules of a service.

    `zone`: our own field, "" where it is that of the installation; None for files of others, which
    give an offset. What is no plain week (every second one, a day of the month, a
    season) stays as words, with the note "schedule".
    """
    hours: dict[str, list[list[str]]] = {}
    words: list[str] = []
    notes: set[str] = set()
    offset: Any = None
    for each in schedules:
        offset = each.get("timezone") if each.get("timezone") not in (None, "") else offset
        span, days = _span(each), _days(each)
        if span is None or not days or not _is_plain(each):
            notes.add("schedule")
        else:
            for day in days:
                if span not in hours.setdefault(day, []) and len(hours[day]) < MOST_SPANS:
                    hours[day].append(span)
        if each.get("description"):
            words.append(" ".join(str(each["description"]).split()))
    named = zone.strip() if isinstance(zone, str) else _fixed(offset)
    return {day: sorted(spans) for day, spans in hours.items()}, "; ".join(words), named, notes


def _is_plain(each: Mapping[str, Any]) -> bool:
    is_weekly = str(each.get("freq") or "WEEKLY").upper() == "WEEKLY"
    is_every = str(each.get("interval") or "1") in {"1", "1.0"}
    others = ("byweekno", "bymonthday", "byyearday", "count", "until", "valid_to")
    return is_weekly and is_every and not any(each.get(name) for name in others)


def _span(each: Mapping[str, Any]) -> list[str] | None:
    start, end = _time(each.get("opens_at")), _time(each.get("closes_at"))
    if start is None or end is None or start == "24:00":
        return None
    # The standard has no hour 24: a whole day is written as 00:00 to 00:00 or to 23:59.
    end = "24:00" if end in {"00:00", "23:59"} else end
    return None if start == end else [start, end]


def _time(written: Any) -> str | None:
    found = _TIME.fullmatch(str(written or "").strip())
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2])
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def _days(each: Mapping[str, Any]) -> list[str]:
    codes = [code.strip().upper() for code in str(each.get("byday") or "").split(",")]
    return [BYDAY[code] for code in codes if code in BYDAY]


def _fixed(offset: Any) -> str:
    """A whole number of hours from UTC as a zone without summer time; "" for anything else."""
    try:
        hours = float(str(offset))
    except ValueError:
        return ""
    if not hours.is_integer() or not -12 <= hours <= 14:
        return ""
    # Names of this kind count westwards, against the usual sign.
    return f"Etc/GMT{-int(hours):+d}" if hours else "Etc/UTC"


def schedules_of(hours: Mapping[str, Any], zone: str, now: datetime) -> list[dict[str, Any]]:
    """Times of a week as schedules: one for each span, with all days that have it."""
    days: dict[tuple[str, str], list[str]] = {}
    for ours, code in _DAY_CODES.items():
        for start, end in hours.get(ours, ()):
            days.setdefault((start, end), []).append(code)
    offset = now.astimezone(ZoneInfo(zone)).utcoffset() if zone else now.utcoffset()
    found = []
    for (start, end), codes in days.items():
        line: dict[str, Any] = {
            "freq": "WEEKLY",
            "interval": 1,
            "byday": ",".join(codes),
            "opens_at": start,
            "closes_at": "23:59" if end == "24:00" else end,
        }
        if offset is not None:
            line["timezone"] = round(offset.total_seconds() / 3600, 2)
        found.append(line)
    return found
