"""Rules about a training event as a whole: its days, its sessions, what a move takes.

Pure: values in, RuleBroken out. The states and moves themselves are in rules/states.py.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.core.partial_dates import PartialDate
from cairn.training.rules.states import EventState

# Who puts an event off or calls it off says why: agencies and donors ask.
REASONED = frozenset({EventState.POSTPONED, EventState.CANCELLED})
# What the event's own trainers may do; every other move is the training officer's.
BY_TRAINERS = frozenset({EventState.RUNNING, EventState.DELIVERED})
# A session that is longer than this is a slip of the pen. A judgement.
LONGEST_SESSION_HOURS = 12
SHORTEST_REASON = 3


def read_day(text: str) -> PartialDate | None:
    """ "2025", "2025-02" or "2025-02-03" as a date; None when empty. Raises PartialDateRefused."""
    return PartialDate.parse(text) if text.strip() else None


def check_days(starts: str, ends: str) -> None:
    """Raise RuleBroken("training_event.days") when the end lies before the start."""
    first, last = read_day(starts), read_day(ends)
    if first and last and last.last < first.first:
        raise RuleBroken(
            "training_event.days",
            _("The event ends on %(ends)s, before it starts on %(starts)s.")
            % {"starts": starts, "ends": ends},
            _("Choose a last day that is not before the first one."),
        )


def check_zone(name: str) -> ZoneInfo:
    """The time zone called `name`. Raises RuleBroken("training_event.zone")."""
    if name not in available_timezones():
        raise RuleBroken(
            "training_event.zone",
            _("“%(name)s” is not a time zone.") % {"name": name},
            _("Write it as Region/City, for example Africa/Dakar."),
        )
    return ZoneInfo(name)


def check_move_reason(to: EventState, reason: str) -> None:
    """Raise RuleBroken("training_event.reason") when a move that needs a reason has none."""
    if to in REASONED and len(reason.strip()) < SHORTEST_REASON:
        raise RuleBroken(
            "training_event.reason",
            _("An event is put off or called off with a reason."),
            _("Write it so that it can be sent to the agencies; no names."),
        )


def check_ready(
    to: EventState,
    *,
    starts: str,
    is_named: bool,
    sessions: int,
    teachers: int,
    refused: int,
    today: date,
) -> None:
    """Raise RuleBroken("training_event.not-ready") unless the event has what the state `to` means.

    `sessions`, `teachers`: how many there are. `refused`: records that nobody has looked at yet.
    """
    first = read_day(starts)
    lacks = ""
    if to in {EventState.CONFIRMED, EventState.RUNNING} and first is None:
        lacks = _("It has no first day yet.")
    elif to == EventState.RUNNING and is_named and not sessions:
        lacks = _("It has no session yet, so nobody could be marked as present.")
    elif to == EventState.RUNNING and not teachers:
        lacks = _("Nobody is entered as a trainer yet.")
    elif to == EventState.DELIVERED and first and first.first > today:
        lacks = _("It has not begun yet.")
    elif to == EventState.CLOSED and refused:
        lacks = _("Records that were refused wait for somebody to look at them.")
    if lacks:
        raise RuleBroken(
            "training_event.not-ready",
            _("The event cannot become “%(state)s” yet. %(lacks)s")
            % {"state": to.label, "lacks": lacks},
            _("The checklist on its page says what is missing."),
        )


def check_session(
    starts_at: datetime, ends_at: datetime, *, starts: str, ends: str, zone: ZoneInfo
) -> None:
    """Raise RuleBroken("session.times" or "session.day") for a session at an impossible time.

    `starts`, `ends`: days of the event as far as they are known.
    """
    if ends_at <= starts_at:
        raise RuleBroken(
            "session.times",
            _("The session ends before it starts."),
            _("Choose an end after the start."),
        )
    if (ends_at - starts_at).total_seconds() > LONGEST_SESSION_HOURS * 3600:
        raise RuleBroken(
            "session.times",
            _("The session is longer than %(hours)d hours.") % {"hours": LONGEST_SESSION_HOURS},
            _("Enter a session for each day."),
        )
    first, last = read_day(starts), read_day(ends or starts)
    days = (starts_at.astimezone(zone).date(), ends_at.astimezone(zone).date())
    if (first and days[0] < first.first) or (last and days[1] > last.last):
        raise RuleBroken(
            "session.day",
            _("The session lies outside the days of the event."),
            _("Change the day of the session, or the days of the event."),
        )


def check_reason(reason: str, code: str) -> str:
    """`reason` without blanks around it. Raises RuleBroken(`code`) when it says nothing."""
    tidy = reason.strip()
    if len(tidy) < SHORTEST_REASON:
        raise RuleBroken(
            code,
            _("This is recorded with a reason."),
            _("Write in a few words why; no names."),
        )
    return tidy
