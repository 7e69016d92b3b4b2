"""Attendance: from marks that only ever grow in number to minutes present. Pure.

A mark is never changed. What was wrong is corrected by a later mark: another statement about the
whole session, or a VOID that names the mark it takes back. Every result is a function of the set
of marks; the order in which they arrive says nothing. Source: the training study, 5 (pain 8), 6.3
and section 9.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.training.rules.choices import MarkKind

# Two entries closer together than this are one badge held up twice. A judgement.
SAME_ENTRY = timedelta(minutes=5)
# A clock that is wrong by no more than this is not worth a remark. A judgement.
CLOCK_TOLERANCE = timedelta(minutes=2)
# A mark counts as made in the window when it is out by no more: the offset of a clock is measured
# over a slow line, and kept in whole seconds. A judgement.
WINDOW_GRACE = timedelta(minutes=1)
# Where the day is divided: sessions that begin before one in the afternoon belong to the morning.
MIDDAY = time(13, 0)
# From this share of its minutes on, a half day counts as attended.
HALF_DAY_SHARE = 0.5
SECONDS_A_MINUTE = 60

Interval = tuple[datetime, datetime]


class Flag(TextChoices):
    """What somebody at the desk should look at before a certificate rests on it."""

    NO_EXIT = "no-exit", _("No exit was marked: counted until the end of the session.")
    NO_ENTRY = "no-entry", _("No entry was marked: counted from the start of the session.")
    EXIT_TWICE = "exit-twice", _("Two exits without an entry between them: the first one counts.")
    ENTRY_TWICE = (
        "entry-twice",
        _("Two entries without an exit between them: the first one counts."),
    )
    OUTSIDE = "outside", _("A mark lies outside the hours of the session.")
    CLOCK_UNKNOWN = "clock-unknown", _("The clock of the device was not compared with ours.")
    CLOCK_CORRECTED = (
        "clock-corrected",
        _("The clock of the device was wrong and was corrected for."),
    )
    CLOCK_JUMPED = "clock-jumped", _("The clock of the device was set back between two marks.")
    CONFLICT = "conflict", _("One mark came twice with different content: the first one counts.")
    STRAY_VOID = (
        "stray-void",
        _("A correction names a mark that is not of this person and session."),
    )


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark as received.

    `id`: made on the device. `at`: aware, as the device's clock had it. `sequence`: the device's
    own count, growing with each mark. `offset`: device clock minus true time, None where nobody
    compared them. `corrects`: for VOID, the mark that it takes back. `received_at`: only tells
    which of two contents under one id was first.
    """

    id: Hashable
    session: Hashable
    person: Hashable
    kind: str
    at: datetime
    device: str = ""
    sequence: int = 0
    offset: timedelta | None = None
    corrects: Hashable | None = None
    received_at: datetime | None = None

    @property
    def content(self) -> tuple[str, ...]:
        """What two marks of one id must agree in."""
        return tuple(
            str(each)
            for each in (
                self.session,
                self.person,
                self.kind,
                self.at.timestamp(),
                self.device,
                self.sequence,
                self.corrects,
            )
        )

    @property
    def true_time(self) -> datetime:
        """`at`, less what the device's clock was ahead by, where that is known."""
        return self.at - (self.offset or timedelta())


@dataclass(frozen=True, slots=True)
class SessionTime:
    """When a session took place: planned or, where known, actual time. Aware, end after start."""

    session: Hashable
    starts: datetime
    ends: datetime

    @property
    def seconds(self) -> int:
        return int((self.ends - self.starts).total_seconds())


@dataclass(frozen=True, slots=True)
class Presence:
    """One person in one session. `intervals`: apart from each other, inside the session, in order.

    `is_marked`: False when nobody said anything about this person: not known, not absent.
    """

    session: Hashable
    person: Hashable
    intervals: tuple[Interval, ...] = ()
    flags: frozenset[Flag] = frozenset()
    is_marked: bool = False

    @property
    def seconds(self) -> int:
        return seconds_of(self.intervals)

    @property
    def minutes(self) -> int:
        """Whole minutes present."""
        return self.seconds // SECONDS_A_MINUTE


class Judgement(StrEnum):
    """What becomes of a mark that arrives."""

    ACCEPTED = "accepted"
    NOT_OPEN = "not-open"
    TOO_EARLY = "too-early"
    TOO_LATE = "too-late"


def judge_window(
    opened_at: datetime | None, closed_at: datetime | None, true_time: datetime | None
) -> Judgement:
    """Whether a mark lies in the window that the facilitator set for its session.

    Both ends belong to the window, with WINDOW_GRACE around it; `closed_at` None: still open.
    `true_time` None, as the device's clock is unknown: the mark is taken when the window was opened
    at all, since its time proves nothing either way, and is flagged when minutes are counted.
    """
    if opened_at is None:
        return Judgement.NOT_OPEN
    if true_time is None:
        return Judgement.ACCEPTED
    if true_time < opened_at - WINDOW_GRACE:
        return Judgement.TOO_EARLY
    if closed_at is not None and true_time > closed_at + WINDOW_GRACE:
        return Judgement.TOO_LATE
    return Judgement.ACCEPTED


def distinct(marks: Iterable[Mark]) -> tuple[list[Mark], frozenset[Hashable]]:
    """Each id once, and the ids that came with more than one content.

    Of several contents the one received first counts; where that is not known or equal, the
    smallest, so that no order of arrival decides.
    """
    by_id: dict[Hashable, list[Mark]] = {}
    for mark in marks:
        by_id.setdefault(mark.id, []).append(mark)
    chosen = [min(copies, key=_first_received) for copies in by_id.values()]
    conflicts = {key for key, copies in by_id.items() if len({copy.content for copy in copies}) > 1}
    return chosen, frozenset(conflicts)


def _first_received(mark: Mark) -> tuple[float, tuple[str, ...]]:
    received = mark.received_at.timestamp() if mark.received_at else float("inf")
    return received, mark.content


def voided(marks: Iterable[Mark]) -> tuple[frozenset[Hashable], frozenset[Hashable]]:
    """Ids of marks that do not count, and of corrections that name a mark of somebody else.

    A VOID may itself be taken back by another VOID. Corrections that take each other back in a
    circle take back nothing. A correction whose mark has not arrived waits for it.
    """
    known = {mark.id: mark for mark in marks}
    strays: set[Hashable] = set()
    targets: dict[Hashable, Hashable] = {}
    for mark in known.values():
        if mark.kind != MarkKind.VOID or mark.corrects not in known:
            continue
        target = known[mark.corrects]
        if (target.session, target.person) != (mark.session, mark.person):
            strays.add(mark.id)
        else:
            targets[mark.id] = target.id
    # From the corrections that nobody took back down to the marks: a circle is never reached.
    waiting = dict.fromkeys(known, 0)
    for target_id in targets.values():
        waiting[target_id] += 1
    dead: set[Hashable] = set()
    ready = [key for key, count in waiting.items() if count == 0]
    while ready:
        key = ready.pop()
        reached = targets.get(key)
        if reached is None:
            continue
        if key not in dead:
            dead.add(reached)
        waiting[reached] -= 1
        if waiting[reached] == 0:
            ready.append(reached)
    return frozenset(dead), frozenset(strays)


@dataclass(frozen=True, slots=True)
class Placed:
    """A mark with the time that counts for it."""

    mark: Mark
    at: datetime
    flags: frozenset[Flag]


def placed(marks: Iterable[Mark]) -> list[Placed]:
    """The marks of one session in the order in which they were made.

    Within a device its own sequence decides, whatever its clock said: a mark is never placed
    before the one made before it. Between devices time decides, corrected by each one's offset.
    """
    result: list[Placed] = []
    in_order = sorted(marks, key=lambda mark: (mark.device, mark.sequence, str(mark.id)))
    for device, group in groupby(in_order, key=lambda mark: mark.device):
        latest: datetime | None = None
        for mark in group:
            flags = _clock_flags(mark)
            moment = mark.true_time
            # Marks without a device were made at the desk: their sequence says nothing.
            if device and latest is not None and moment < latest:
                if latest - moment > CLOCK_TOLERANCE:
                    flags.add(Flag.CLOCK_JUMPED)
                moment = latest
            latest = moment
            result.append(Placed(mark, moment, frozenset(flags)))
    return sorted(
        result,
        key=lambda each: (each.at, each.mark.device, each.mark.sequence, str(each.mark.id)),
    )


def _clock_flags(mark: Mark) -> set[Flag]:
    if mark.kind not in (MarkKind.IN, MarkKind.OUT):
        return set()  # a statement about a whole session does not hang on the minute
    if mark.offset is None:
        return {Flag.CLOCK_UNKNOWN}
    return {Flag.CLOCK_CORRECTED} if abs(mark.offset) > CLOCK_TOLERANCE else set()


def presences(when: SessionTime, marks: Iterable[Mark]) -> dict[Hashable, Presence]:
    """Presence in one session of everybody with a mark in it, by person.

    Marks of other sessions are passed over. In the order of `placed`: PRESENT says "the whole
    session", ABSENT "not at all", and either replaces what was said before; entries and exits
    made after it change it from their time on.
    """
    own, conflicts = distinct(mark for mark in marks if mark.session == when.session)
    dead, strays = voided(own)
    folds: dict[Hashable, _Fold] = {}
    for each in placed(own):
        mark = each.mark
        fold = folds.setdefault(mark.person, _Fold(when))
        if mark.id in conflicts:
            fold.flags.add(Flag.CONFLICT)
        if mark.id in strays:
            fold.flags.add(Flag.STRAY_VOID)
        if mark.kind != MarkKind.VOID and mark.id not in dead:
            fold.take(each)
    return {person: fold.result(person) for person, fold in folds.items()}


class _Fold:
    """The state of one person while the marks of a session are gone through."""

    def __init__(self, when: SessionTime) -> None:
        self.when = when
        self.intervals: list[Interval] = []
        self.open_since: datetime | None = None
        self.has_left = False
        self.is_marked = False
        # Nobody whose entry is not known is counted from before this moment.
        self.earliest = when.starts
        self.flags: set[Flag] = set()
        # Remarks on entries and exits, forgotten with them when a statement replaces them.
        self.remarks: set[Flag] = set()

    def take(self, each: Placed) -> None:
        self.is_marked = True
        if each.mark.kind == MarkKind.PRESENT:
            self._state([(self.when.starts, self.when.ends)])
        elif each.mark.kind == MarkKind.ABSENT:
            self._state([])
            self.earliest = each.at
        else:
            self.remarks |= each.flags
            if each.mark.kind == MarkKind.IN:
                self._enter(each.at)
            else:
                self._leave(each.at)

    def _state(self, intervals: list[Interval]) -> None:
        self.intervals, self.open_since, self.has_left = intervals, None, False
        self.remarks.clear()

    def _enter(self, at: datetime) -> None:
        if at >= self.when.ends:
            self.remarks.add(Flag.OUTSIDE)
        if self.open_since is not None:
            if at - self.open_since > SAME_ENTRY:
                self.remarks.add(Flag.ENTRY_TWICE)
        elif not any(start <= at < end for start, end in self.intervals):
            self.open_since = at
            self.has_left = False

    def _leave(self, at: datetime) -> None:
        if at <= self.when.starts:
            self.remarks.add(Flag.OUTSIDE)
        if self.open_since is not None:
            self.intervals.append((self.open_since, at))
            self.open_since = None
        elif self.has_left:
            self.remarks.add(Flag.EXIT_TWICE)
        elif self.intervals:  # stated present, and left before the end
            self.intervals = [(start, min(end, at)) for start, end in self.intervals]
        else:
            self.intervals.append((self.earliest, at))
            self.remarks.add(Flag.NO_ENTRY)
        self.has_left = True

    def result(self, person: Hashable) -> Presence:
        intervals, remarks = list(self.intervals), set(self.remarks)
        if self.open_since is not None:
            intervals.append((self.open_since, self.when.ends))
            remarks.add(Flag.NO_EXIT)
        return Presence(
            self.when.session,
            person,
            within(intervals, self.when),
            frozenset(self.flags | remarks),
            self.is_marked,
        )


def within(intervals: Iterable[Interval], when: SessionTime) -> tuple[Interval, ...]:
    """`intervals` cut to the hours of the session and joined where they overlap."""
    cut = [(max(start, when.starts), min(end, when.ends)) for start, end in intervals]
    return united(cut)


def united(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """`intervals` without overlaps, in order; empty and reversed ones are left out."""
    joined: list[Interval] = []
    for start, end in sorted(each for each in intervals if each[0] < each[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)


def seconds_of(intervals: Iterable[Interval]) -> int:
    """Whole seconds of intervals that do not overlap."""
    return int(sum((end - start).total_seconds() for start, end in intervals))


@dataclass(frozen=True, slots=True)
class Attendance:
    """One person over the sessions of an event. Seconds; sessions at the same time count once.

    `unmarked`: sessions about which nobody said anything of this person.
    """

    person: Hashable
    seconds: int
    of_seconds: int
    flags: frozenset[Flag]
    unmarked: tuple[Hashable, ...]
    half_days: int = 0
    of_half_days: int = 0

    @property
    def minutes(self) -> int:
        return self.seconds // SECONDS_A_MINUTE

    @property
    def of_minutes(self) -> int:
        return self.of_seconds // SECONDS_A_MINUTE

    @property
    def share(self) -> float | None:
        """Present share of the time held, 0 to 1; None while no session was held."""
        return self.seconds / self.of_seconds if self.of_seconds else None


def attendance(
    times: Sequence[SessionTime],
    marks: Iterable[Mark],
    persons: Iterable[Hashable],
    zone: ZoneInfo,
) -> dict[Hashable, Attendance]:
    """Attendance of each of `persons` over `times`, by person. `zone`: of the event.

    `times`: the sessions that were held. Marks of persons not in `persons` are passed over.
    """
    by_session: dict[Hashable, list[Mark]] = {}
    for mark in marks:
        by_session.setdefault(mark.session, []).append(mark)
    found = {when.session: presences(when, by_session.get(when.session, [])) for when in times}
    halves = half_days(times, zone)
    of_seconds = seconds_of(united((when.starts, when.ends) for when in times))
    result = {}
    for person in persons:
        own = {
            when.session: found[when.session].get(person, Presence(when.session, person))
            for when in times
        }
        result[person] = Attendance(
            person=person,
            seconds=_together(own.values()),
            of_seconds=of_seconds,
            flags=frozenset().union(*(presence.flags for presence in own.values())),
            unmarked=tuple(key for key, presence in own.items() if not presence.is_marked),
            half_days=sum(_attended(half, own) for half in halves),
            of_half_days=len(halves),
        )
    return result


def _together(all_presences: Iterable[Presence]) -> int:
    return seconds_of(
        united(interval for presence in all_presences for interval in presence.intervals)
    )


@dataclass(frozen=True, slots=True)
class HalfDay:
    """The morning or afternoon of one day of an event, in the event's zone."""

    day: date
    is_morning: bool
    times: tuple[SessionTime, ...]

    @property
    def key(self) -> str:
        """Such as "2026-03-02-am": names the half day in forms and sheets."""
        return f"{self.day.isoformat()}-{'am' if self.is_morning else 'pm'}"

    @property
    def part(self) -> str:
        return str(
            pgettext_lazy("half of a day", "Morning")
            if self.is_morning
            else pgettext_lazy("half of a day", "Afternoon")
        )


def half_days(times: Iterable[SessionTime], zone: ZoneInfo) -> list[HalfDay]:
    """The half days that sessions begin in, in order. A session belongs to one half day only."""
    groups: dict[tuple[date, bool], list[SessionTime]] = {}
    for when in sorted(times, key=lambda each: (each.starts, each.ends)):
        local = when.starts.astimezone(zone)
        groups.setdefault((local.date(), local.time() < MIDDAY), []).append(when)
    return [
        HalfDay(day, is_morning, tuple(group))
        for (day, is_morning), group in sorted(
            groups.items(), key=lambda item: (item[0][0], not item[0][1])
        )
    ]


def _attended(half: HalfDay, own: dict[Hashable, Presence]) -> bool:
    held = seconds_of(united((when.starts, when.ends) for when in half.times))
    present = _together(own[when.session] for when in half.times)
    return bool(held) and present >= HALF_DAY_SHARE * held


def overlaps(first: tuple[datetime, datetime], second: tuple[datetime, datetime]) -> bool:
    """True when two sessions share time; one that ends as the other begins does not."""
    return first[0] < second[1] and second[0] < first[1]
