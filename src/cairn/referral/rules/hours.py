"""Times of a week as people write them: "08:00-12:00, 14:00-16:00". Pure."""

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.core.errors import RuleBroken
from cairn.referral.rules.services import DAYS, check_hours

DAY_WORDS = dict(
    zip(
        DAYS,
        (
            gettext_lazy("Monday"),
            gettext_lazy("Tuesday"),
            gettext_lazy("Wednesday"),
            gettext_lazy("Thursday"),
            gettext_lazy("Friday"),
            gettext_lazy("Saturday"),
            gettext_lazy("Sunday"),
        ),
        strict=True,
    )
)
_SPAN = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?\s*[-–—]\s*(\d{1,2})(?:[:.h](\d{2}))?")


def spans_of(typed: str) -> list[list[str]]:
    """The spans of one day: "8-12, 14:00-16:30" -> [["08:00", "12:00"], ["14:00", "16:30"]].

    Raises RuleBroken("service.hours").
    """
    found = []
    for part in re.split(r"[,،;\n]+", typed):
        word = part.strip()
        if not word:
            continue
        span = _SPAN.fullmatch(word)
        if span is None:
            raise RuleBroken(
                "service.hours",
                _("“%(word)s” cannot be read as times.") % {"word": word[:40]},
                _("Write them as 08:00-16:00, with a comma between several."),
            )
        start, start_minute, end, end_minute = span.groups(default="00")
        found.append([f"{int(start):02}:{start_minute}", f"{int(end):02}:{end_minute}"])
    check_hours({DAYS[0]: found}, "")
    return found


def written(spans: Sequence[Sequence[str]]) -> str:
    """The spans of one day as they are typed."""
    return ", ".join("-".join(span) for span in spans)


def week(hours: object) -> list[tuple[str, str]]:
    """(days, times) for a page, in the order of the week; days that follow each other with the
    same times stand together."""
    known = hours if isinstance(hours, dict) else {}
    runs: list[tuple[str, str, str]] = []
    last = ""
    for day, words in DAY_WORDS.items():
        times = written(known.get(day, []))
        if times and times == last:
            runs[-1] = (runs[-1][0], str(words), times)
        elif times:
            runs.append((str(words), str(words), times))
        last = times
    return [(first if first == end else f"{first} – {end}", times) for first, end, times in runs]
