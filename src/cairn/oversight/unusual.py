"""What makes access to sealed values unusual: thresholds with their reasons. Pure.

A sign says that somebody should look, never that somebody did wrong: the data-protection officer
asks and decides. The thresholds are this project's own choice, as no standard gives numbers; an
installation changes them in its settings (`UNUSUAL_ACCESS`) once it knows its usual work.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Rule(TextChoices):
    """Which rule gave the sign."""

    MANY_PERSONS = "many-persons", gettext_lazy("Many persons in a short time")
    MORE_THAN_USUAL = "more-than-usual", gettext_lazy("Far more persons than on a usual day")
    OUT_OF_HOURS = "out-of-hours", gettext_lazy("Out of hours")
    OUTSIDE_CASELOAD = "outside-caseload", gettext_lazy("Outside one's own caseload")
    MANY_READERS = "many-readers", gettext_lazy("One record opened by many people")
    REFUSED_OFTEN = "refused-often", gettext_lazy("Refused again and again")
    BEFORE_EXPORT = "before-export", gettext_lazy("Many opened right before an export")
    BEFORE_END = "before-end", gettext_lazy("Many opened right before a role ends")


@dataclass(frozen=True, slots=True)
class Limits:
    """Every threshold. Times of day are local to the record; days are those of the installation.

    `many_persons`: more than this many different persons within `many_within` is unusual. A
        caseworker sees some six to ten people a day; twenty in an hour is browsing or copying.
    `times_usual`, `least_unusual`: as many as this multiple of the person's own usual day, and no
        fewer than this number, so that a quiet week does not make a normal day look strange.
    `usual_over`, `usual_from`: the usual day is the median over so many days before, and is known
        only when the person opened something on at least so many of them.
    `opens_at` (included), `closes_at` (excluded): working hours. `weekend`: days without work,
        Monday 0 to Sunday 6; empty, as shelters and units work every day.
    `many_readers`: more than this many people at one record within a day. A team with a
        supervisor, an interpreter and a stand-in is four; one more is let pass.
    `refusals`: this many refused openings within `refused_within` are tries, not slips.
    `before_export`, `before_end`: how long before an export was asked for, or a role ends,
        opening `before_persons` different persons or more looks like gathering. A handover opens
        records too, so it is a question, not an accusation.
    """

    many_persons: int = 20
    many_within: timedelta = HOUR
    times_usual: int = 3
    least_unusual: int = 10
    usual_over: timedelta = timedelta(days=28)
    usual_from: int = 5
    opens_at: time = time(6)
    closes_at: time = time(20)
    weekend: frozenset[int] = frozenset()
    many_readers: int = 5
    refusals: int = 5
    refused_within: timedelta = timedelta(minutes=10)
    before_export: timedelta = HOUR
    before_end: timedelta = timedelta(days=3)
    before_persons: int = 5


def limits_from(changes: Mapping[str, Any]) -> Limits:
    """The default limits with `changes`, as settings write them.

    Times of day are "HH:MM", spans are minutes, `weekend` is a list of days. Raises ValueError
    that names a limit which is unknown or has no sense.
    """
    known = {each.name: getattr(Limits(), each.name) for each in fields(Limits)}
    taken = {}
    for name, value in changes.items():
        if name not in known:
            raise ValueError(f"UNUSUAL_ACCESS: {name!r} is not one of {', '.join(known)}.")
        try:
            taken[name] = _read(value, type(known[name]))
        except (TypeError, ValueError):
            raise ValueError(f"UNUSUAL_ACCESS: {name} cannot be {value!r}.") from None
    limits = replace(Limits(), **taken)
    if limits.opens_at >= limits.closes_at:
        raise ValueError("UNUSUAL_ACCESS: opens_at must be before closes_at.")
    return limits


def _read(value: Any, kind: type) -> Any:
    if kind is time:
        return time.fromisoformat(value)
    if isinstance(value, str):  # as the environment gives it: "40", and days as "4+5"
        value = value.split("+") if kind is frozenset else int(value)
    if kind is frozenset:
        days = frozenset(int(day) for day in value)
        if not days <= set(range(7)):
            raise ValueError
        return days
    if int(value) != value or value < 1:
        raise ValueError
    return timedelta(minutes=value) if kind is timedelta else int(value)


@dataclass(frozen=True, slots=True)
class Opening:
    """Sealed values of one record were opened. `at`: aware.

    `clocks`: the time zones of the record's country, or the installation's own. `is_emergency`:
    opened by emergency access, which is reviewed one by one anyway. `is_duty_line`: a line of the
    person's own duty list, which shows a whole caseload at once.
    """

    actor: UUID
    record: UUID
    at: datetime
    clocks: tuple[ZoneInfo, ...]
    is_own_caseload: bool = True
    is_emergency: bool = False
    is_duty_line: bool = False


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing to look at: at most one for each rule, actor, record and window.

    `actor` is None where many people are meant, `record` where many records are. `since`, `until`:
    the window, end excluded. `last_at`: what was seen last in it. `count`: persons, people or
    refusals, by rule; it only grows as more is seen.
    """

    rule: Rule
    actor: UUID | None
    record: UUID | None
    since: datetime
    until: datetime
    last_at: datetime
    count: int


# Several alerts about one busy day would hide the others; several hours apart are two matters.
WINDOWS = {
    Rule.MANY_PERSONS: HOUR,
    Rule.MORE_THAN_USUAL: DAY,
    Rule.OUT_OF_HOURS: DAY,
    Rule.OUTSIDE_CASELOAD: DAY,
    Rule.MANY_READERS: DAY,
    Rule.REFUSED_OFTEN: HOUR,
    Rule.BEFORE_EXPORT: DAY,
    Rule.BEFORE_END: DAY,
}


def window(rule: Rule, at: datetime, clock: ZoneInfo) -> tuple[datetime, datetime]:
    """The hour or the day of the installation that `at` lies in: start, and end (excluded)."""
    local = at.astimezone(clock)
    if WINDOWS[rule] == DAY:
        day = local.date()
        return datetime.combine(day, time(), clock), datetime.combine(day + DAY, time(), clock)
    # Hours are counted in UTC, so that the two hours of one name in autumn stay two.
    start = at.astimezone(ZoneInfo("UTC")).replace(minute=0, second=0, microsecond=0)
    return start, start + HOUR


@dataclass(slots=True)
class _Seen:
    """What a rule collects for one window."""

    last_at: datetime
    count: int = 0
    things: set[UUID] = field(default_factory=set)


class _Windows:
    """Gathers what one rule sees into one sign for each actor, record and window."""

    def __init__(self, rule: Rule, clock: ZoneInfo) -> None:
        self._rule, self._clock = rule, clock
        self._seen: dict[tuple[UUID | None, UUID | None, datetime, datetime], _Seen] = {}

    def add(
        self,
        at: datetime,
        actor: UUID | None = None,
        record: UUID | None = None,
        *,
        count: int = 0,
        thing: UUID | None = None,
    ) -> None:
        """Note the highest `count`, or one more different `thing`."""
        place = (actor, record, *window(self._rule, at, self._clock))
        seen = self._seen.setdefault(place, _Seen(at))
        seen.last_at = max(seen.last_at, at)
        if thing is not None:
            seen.things.add(thing)
        seen.count = max(seen.count, count, len(seen.things))

    def signs(self) -> list[Sign]:
        return [
            Sign(self._rule, actor, record, since, until, seen.last_at, seen.count)
            for (actor, record, since, until), seen in self._seen.items()
        ]


def sliding(
    happened: Iterable[tuple[datetime, UUID]], within: timedelta
) -> Iterator[tuple[datetime, int, int]]:
    """At each moment: how many different things, and how many in all, in the `within` up to it.

    The span is open at its beginning: what is exactly `within` ago no longer counts.
    """
    ordered = sorted(happened)
    counts: dict[UUID, int] = {}
    first = 0
    for last, (at, thing) in enumerate(ordered):
        counts[thing] = counts.get(thing, 0) + 1
        while ordered[first][0] <= at - within:
            gone = ordered[first][1]
            counts[gone] -= 1
            if not counts[gone]:
                del counts[gone]
            first += 1
        yield at, len(counts), last - first + 1


def many_persons(openings: Sequence[Opening], limits: Limits, clock: ZoneInfo) -> list[Sign]:
    """More than `limits.many_persons` different persons by one actor within the time.

    Lines of one's own duty list do not count: they are the work that somebody was given.
    """
    windows = _Windows(Rule.MANY_PERSONS, clock)
    for actor, own in _by_actor(_without_duty_lists(openings)).items():
        moments = ((each.at, each.record) for each in own)
        for at, different, _all in sliding(moments, limits.many_within):
            if different > limits.many_persons:
                windows.add(at, actor, count=different)
    return windows.signs()


def usual_day(counts: Mapping[date, int], today: date, limits: Limits) -> float | None:
    """How many persons somebody opens on a usual day; None while too few days are known.

    `counts`: different persons by day. The median of the days before `today` on which there was
    something: one great day does not move it, days off do not lower it.
    """
    since = today - limits.usual_over
    known = [count for day, count in counts.items() if since <= day < today and count]
    return median(known) if len(known) >= limits.usual_from else None


def more_than_usual(
    openings: Sequence[Opening],
    usual: Mapping[UUID, float | None],
    limits: Limits,
    clock: ZoneInfo,
) -> list[Sign]:
    """A day with three times as many persons as the actor's own usual day, and at least ten.

    `openings`: those of one day or more; `usual`: by actor, None where it is not known. Lines of
    one's own duty list count in neither.
    """
    windows = _Windows(Rule.MORE_THAN_USUAL, clock)
    for actor, own in _by_actor(_without_duty_lists(openings)).items():
        if (day := usual.get(actor)) is None:
            continue
        least = max(limits.least_unusual, limits.times_usual * day)
        persons: dict[date, set[UUID]] = {}
        for each in own:
            today = persons.setdefault(each.at.astimezone(clock).date(), set())
            today.add(each.record)
            if len(today) >= least:
                windows.add(each.at, actor, count=len(today))
    return windows.signs()


def is_out_of_hours(at: datetime, clocks: Sequence[ZoneInfo], limits: Limits) -> bool:
    """True when it is outside working hours by every one of `clocks` (a country may have many)."""
    return bool(clocks) and all(_is_off(at.astimezone(clock), limits) for clock in clocks)


def _is_off(local: datetime, limits: Limits) -> bool:
    working = limits.opens_at <= local.time() < limits.closes_at
    return not working or local.weekday() in limits.weekend


def out_of_hours(openings: Sequence[Opening], limits: Limits, clock: ZoneInfo) -> list[Sign]:
    """Persons opened out of hours. Emergency access is left out: it comes by night."""
    windows = _Windows(Rule.OUT_OF_HOURS, clock)
    for each in openings:
        if not each.is_emergency and is_out_of_hours(each.at, each.clocks, limits):
            windows.add(each.at, each.actor, thing=each.record)
    return windows.signs()


def outside_caseload(openings: Sequence[Opening], clock: ZoneInfo) -> list[Sign]:
    """Persons opened outside one's own caseload: from the first on, as one may be a neighbour."""
    windows = _Windows(Rule.OUTSIDE_CASELOAD, clock)
    for each in openings:
        if not each.is_own_caseload and not each.is_emergency:
            windows.add(each.at, each.actor, thing=each.record)
    return windows.signs()


def many_readers(openings: Sequence[Opening], limits: Limits, clock: ZoneInfo) -> list[Sign]:
    """One record opened by more than `limits.many_readers` different people within 24 hours."""
    windows = _Windows(Rule.MANY_READERS, clock)
    records: dict[UUID, list[tuple[datetime, UUID]]] = {}
    for each in openings:
        records.setdefault(each.record, []).append((each.at, each.actor))
    for record, moments in records.items():
        for at, different, _all in sliding(moments, DAY):
            if different > limits.many_readers:
                windows.add(at, record=record, count=different)
    return windows.signs()


def refused_often(
    refusals: Iterable[tuple[UUID, datetime]], limits: Limits, clock: ZoneInfo
) -> list[Sign]:
    """Openings refused to one actor, again and again. `refusals`: (actor, when)."""
    windows = _Windows(Rule.REFUSED_OFTEN, clock)
    actors: dict[UUID, list[tuple[datetime, UUID]]] = {}
    for actor, at in refusals:
        actors.setdefault(actor, []).append((at, actor))
    for actor, moments in actors.items():
        for at, _different, count in sliding(moments, limits.refused_within):
            if count >= limits.refusals:
                windows.add(at, actor, count=count)
    return windows.signs()


def before_export(
    openings: Sequence[Opening],
    exports: Iterable[tuple[UUID, datetime]],
    limits: Limits,
    clock: ZoneInfo,
) -> list[Sign]:
    """Many persons opened in the time before the same actor asks for an export.

    `exports`: (actor, when it was asked for). The window is that of the export.
    """
    windows = _Windows(Rule.BEFORE_EXPORT, clock)
    own = _by_actor(openings)
    for actor, asked in exports:
        since = asked - limits.before_export
        persons = {each.record for each in own.get(actor, []) if since <= each.at <= asked}
        if len(persons) >= limits.before_persons:
            windows.add(asked, actor, count=len(persons))
    return windows.signs()


def before_end(
    openings: Sequence[Opening],
    ends: Mapping[UUID, datetime],
    limits: Limits,
    clock: ZoneInfo,
) -> list[Sign]:
    """Many persons opened on a day shortly before the actor's role ends.

    `ends`: by actor, the moment from which the last role that opens records no longer holds.
    """
    windows = _Windows(Rule.BEFORE_END, clock)
    for actor, own in _by_actor(openings).items():
        end = ends.get(actor)
        if end is None:
            continue
        days: dict[date, set[UUID]] = {}
        for each in own:
            if end - limits.before_end <= each.at < end:
                today = days.setdefault(each.at.astimezone(clock).date(), set())
                today.add(each.record)
                if len(today) >= limits.before_persons:
                    windows.add(each.at, actor, count=len(today))
    return windows.signs()


def _by_actor(openings: Iterable[Opening]) -> dict[UUID, list[Opening]]:
    """Openings of each actor, in order of time."""
    found: dict[UUID, list[Opening]] = {}
    for each in sorted(openings, key=lambda opening: opening.at):
        found.setdefault(each.actor, []).append(each)
    return found


def _without_duty_lists(openings: Iterable[Opening]) -> list[Opening]:
    return [each for each in openings if not (each.is_duty_line and each.is_own_caseload)]
