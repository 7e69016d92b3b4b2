"""How wrong a kit's clock is, from the two moments at which it met the installation's clock.

A bundle takes time to be carried, so each meeting bounds the error on one side only: on the way
out the kit reads it after it was made, on the way back it is read after the kit made it. Order
never depends on any of this: records go by their device's sequence.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

# Below this a clock counts as right: marks are made by the minute.
TOLERANCE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Offset:
    """By how much a kit's clock is ahead of the true time: at least `low`, at most `high`.

    None: nothing is known on that side. Negative: the clock is behind.
    """

    low: timedelta | None = None
    high: timedelta | None = None

    @property
    def best(self) -> timedelta | None:
        """What to take off the kit's times: nothing where the clock may be right, else the least
        that explains what was seen; None when nothing was measured.
        """
        if self.low is None and self.high is None:
            return None
        if self.low is not None and self.low > TOLERANCE:
            return self.low
        if self.high is not None and self.high < -TOLERANCE:
            return self.high
        return timedelta(0)

    @property
    def width(self) -> timedelta | None:
        """How far the true error may lie from another: None when a side is open."""
        if self.low is None or self.high is None:
            return None
        return self.high - self.low

    @property
    def is_contradictory(self) -> bool:
        """True when no single error explains both meetings: the clock was set in between."""
        return self.low is not None and self.high is not None and self.low > self.high + TOLERANCE

    def narrowed(self, other: "Offset") -> "Offset":
        """Both together: the tighter bound of each side."""
        lows = [each for each in (self.low, other.low) if each is not None]
        highs = [each for each in (self.high, other.high) if each is not None]
        return Offset(max(lows, default=None), min(highs, default=None))


def on_the_way_out(made_at: datetime, read_at: datetime) -> Offset:
    """`made_at` by the installation's clock, `read_at`, which is later, by the kit's."""
    return Offset(high=read_at - made_at)


def on_the_way_back(made_at: datetime, read_at: datetime) -> Offset:
    """`made_at` by the kit's clock, `read_at` by the installation's."""
    return Offset(low=made_at - read_at)


def stated(kit_says: datetime, true_time: datetime) -> Offset:
    """Somebody read a right clock beside the kit: both sides, to the minute."""
    error, minute = kit_says - true_time, timedelta(minutes=1)
    return Offset(error - minute, error + minute)


def corrected(moment: datetime, offset: Offset) -> datetime:
    """A kit's time as the installation's, as well as is known."""
    best = offset.best
    return moment if best is None else moment - best
