"""The clocks of a referral: until when it is seen and decided, and what happens when it is not.

All is computed from moments that are handed in. Times: the reference on referrals asks for an
answer within hours in an emergency; the numbers are defaults, `settings.REFERRAL_CLOCKS` sets
others ({"urgent.seen": minutes, "urgent.decided": minutes, …}).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Final

from cairn.referral.rules.choices import Urgency
from cairn.referral.rules.referrals import OUTCOMES, PREPARED, WAITING, State


@dataclass(frozen=True, slots=True)
class Clock:
    """How long somebody may take until the referral was seen, and until it is decided."""

    seen: timedelta
    decided: timedelta

    @property
    def gap(self) -> timedelta:
        """Between the steps after a breach: three of them reach from one end to the other."""
        return max((self.decided - self.seen) / 3, timedelta(minutes=1))


CLOCKS: Final[Mapping[str, Clock]] = {
    Urgency.EMERGENCY: Clock(timedelta(hours=1), timedelta(hours=4)),
    Urgency.URGENT: Clock(timedelta(hours=24), timedelta(hours=48)),
    Urgency.ROUTINE: Clock(timedelta(days=3), timedelta(days=7)),
}

# Judgements. What was prepared and never sent is no help to anybody after two weeks.
PREPARED_FOR: Final = timedelta(days=14)
# Whoever accepted has four days to begin or to say what came of it, and is asked twice.
NEWS_AFTER: Final = timedelta(days=4)
# Help that has begun may last: after a fortnight it is asked whether it goes on, one tap answers.
GOES_ON_AFTER: Final = timedelta(days=14)
# An outcome without a word about it is told to the sender as it is.
WORD_AFTER: Final = timedelta(days=2)
# What the sender was told and did not look at is closed after four days.
CLOSED_AFTER: Final = timedelta(days=4)
# How often it is asked how things go, before the sender is told that nothing was heard.
_ASKED_AT_MOST: Final = 2


class Step(IntEnum):
    """What was done since the time ran out."""

    NONE = 0
    REMINDED = 1
    FOCAL_POINT = 2
    ALTERNATE = 3
    OVER = 4


class Due(StrEnum):
    """What the clock does when a referral falls due."""

    REMIND = "remind"
    FOCAL_POINT = "focal-point"
    ALTERNATE = "alternate"
    EXPIRE = "expire"
    ASK_NEWS = "ask-news"
    NO_NEWS = "no-news"
    TELL = "tell"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Times:
    """Until when it is seen and decided, and when the clock looks at it next."""

    ack_by: datetime | None
    decide_by: datetime | None
    next_at: datetime | None


def clocks(minutes: Mapping[str, int] | None = None) -> dict[str, Clock]:
    """The clocks with what an installation sets; `minutes`: "urgent.seen" -> minutes.

    Raises ValueError for a name that no clock has, or a decision before it was seen.
    """
    found = dict(CLOCKS)
    for name, value in (minutes or {}).items():
        urgency, _dot, part = name.partition(".")
        if urgency not in found or part not in {"seen", "decided"} or value < 1:
            raise ValueError(f"No clock of referrals is called {name!r}.")
        now = found[urgency]
        span = timedelta(minutes=value)
        found[urgency] = Clock(span, now.decided) if part == "seen" else Clock(now.seen, span)
    if bad := [name for name, clock in found.items() if clock.decided < clock.seen]:
        raise ValueError(f"The decision on {bad[0]} would come before it was seen.")
    return found


def times_of(
    state: State, urgency: str, *, since: datetime, sent_at: datetime | None, clock: Clock
) -> Times:
    """The clock from the moment `since`, at which a referral came into `state`.

    `sent_at`: when it was sent, for states before the answer. A question and its answer give the
    service its whole time for the decision again.
    """
    if state in PREPARED:
        return Times(None, None, since + PREPARED_FOR)
    if state in WAITING:
        start = sent_at or since
        ack_by, decide_by = start + clock.seen, start + clock.decided
        if state in {State.SENT, State.DELIVERED}:
            return Times(ack_by, decide_by, ack_by)
        if state is State.INFORMATION_REQUESTED:
            return Times(ack_by, None, since + clock.seen)
        decide_by = max(decide_by, since + clock.gap)
        return Times(ack_by, decide_by, decide_by)
    waits = {
        State.ACCEPTED: NEWS_AFTER,
        State.SERVICE_STARTED: GOES_ON_AFTER,
        State.FEEDBACK_RETURNED: CLOSED_AFTER,
        **dict.fromkeys(OUTCOMES, WORD_AFTER),
    }
    wait = waits.get(state)
    return Times(None, None, since + wait if wait else None)


def due(state: State, step: int) -> Due | None:
    """What comes next for a referral that is due and on which `step` steps were taken."""
    if state in PREPARED:
        return Due.EXPIRE
    if state in WAITING:
        ladder = (Due.REMIND, Due.FOCAL_POINT, Due.ALTERNATE, Due.EXPIRE)
        return ladder[min(step, len(ladder) - 1)]
    if state in {State.ACCEPTED, State.SERVICE_STARTED}:
        return Due.ASK_NEWS if step < _ASKED_AT_MOST else Due.NO_NEWS
    if state in OUTCOMES:
        return Due.TELL
    return Due.CLOSE if state is State.FEEDBACK_RETURNED else None


def wait_after(state: State, clock: Clock) -> timedelta:
    """How long the clock waits between two steps."""
    return clock.gap if state in WAITING else NEWS_AFTER


def next_at(was_due: datetime, now: datetime, wait: timedelta) -> datetime:
    """When the next step comes: as planned, or a whole wait from now when that is over.

    So a clock that stood still for a day takes one step with each referral, and then waits.
    """
    planned = was_due + wait
    return planned if planned > now else now + wait
