"""Birth dates as registers keep them: swapped, guessed, known by the year only."""

import re
from dataclasses import dataclass

_WRITTEN = re.compile(r"^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$")
# Days that clerks write when only the year is known.
_GUESSED = {(1, 1), (7, 1), (1, 7)}


@dataclass(frozen=True, slots=True)
class Birth:
    """`month`, `day` None: not known, or guessed."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def is_full(self) -> bool:
        return self.month is not None and self.day is not None

    @property
    def exact(self) -> str:
        """The full date, "" where only the year or the month is known."""
        return f"{self.year:04}-{self.month:02}-{self.day:02}" if self.is_full else ""

    @property
    def folded(self) -> str:
        """The full date with day and month in no order, "" where it is not known."""
        if self.month is None or self.day is None:
            return ""
        low, high = sorted((self.month, self.day))
        return f"{self.year:04}:{low:02}:{high:02}"

    @property
    def turning(self) -> str:
        """Day and month in no order without the year, "" where they are not known."""
        return self.folded[5:]


def birth(text: str) -> Birth | None:
    """Read "1998-04-03", "1998-04" or "1998"; None for anything else.

    The first of January and the first of July say no more than their year.
    """
    found = _WRITTEN.match(str(text or "").strip())
    if found is None:
        return None
    year, month, day = (int(each) if each else None for each in found.groups())
    if year is None or not 1850 <= year <= 2200:
        return None
    if month is None or not 1 <= month <= 12 or (day is not None and not 1 <= day <= 31):
        return Birth(year)
    if day is None or (month, day) in _GUESSED:
        return Birth(year)
    return Birth(year, month, day)
