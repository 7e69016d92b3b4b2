"""When bulletins come out, and which may be issued. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken

# Every two months, on a day that is known long before: six a year, in the even months.
A_YEAR = 6
DAY = 15
Name = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Due:
    """One line of the calendar.

    `is_out`: it was issued; `is_due`: its day has come; `is_over`: that of the next one as well.
    """

    year: int
    number: int
    on: date
    is_out: bool
    is_due: bool
    is_over: bool


def due_on(year: int, number: int) -> date:
    """The day from which a bulletin may come out. `number`: 1 to 6."""
    return date(year, 2 * number, DAY)


def after_that(year: int, number: int) -> Name:
    """The next one."""
    return (year, number + 1) if number < A_YEAR else (year + 1, 1)


def calendar(today: date, out: Collection[Name], *, before: int = 2, after: int = 4) -> list[Due]:
    """The last `before` days that have come and the next `after`, earliest first."""
    names = [(year, number) for year in _years(today) for number in range(1, A_YEAR + 1)]
    come = [name for name in names if due_on(*name) <= today]
    to_come = [name for name in names if due_on(*name) > today]
    return [
        Due(*name, due_on(*name), name in out, name in come, due_on(*after_that(*name)) <= today)
        for name in [*come[-before:], *to_come[:after]]
    ]


def _years(today: date) -> range:
    return range(today.year - 1, today.year + 2)


def check_issue(name: Name, today: date, out: Collection[Name], releases: int) -> None:
    """Raise RuleBroken unless this bulletin may come out now.

    Codes: "observatory.bulletin-number", "observatory.bulletin-early", "observatory.bulletin-late",
    "observatory.bulletin-out", "observatory.bulletin-empty".
    """
    year, number = name
    if not 1 <= number <= A_YEAR or not 2000 <= year <= 2999:
        raise RuleBroken(
            "observatory.bulletin-number",
            _("There is no such bulletin."),
            _("Six come out in a year."),
        )
    if today < due_on(year, number):
        raise RuleBroken(
            "observatory.bulletin-early",
            _("This bulletin comes out on %(day)s.") % {"day": due_on(year, number).isoformat()},
            _("The calendar is fixed, so that nobody is told earlier than others."),
        )
    if today >= due_on(*after_that(year, number)) and name not in out:
        raise RuleBroken(
            "observatory.bulletin-late",
            _("The day of the next one has come: this one would tell what was not known then."),
            _("Issue the next one."),
        )
    if name in out:
        raise RuleBroken(
            "observatory.bulletin-out",
            _("This bulletin is out, and is not changed any more."),
            _("What changed since stands in the next one."),
        )
    if not releases:
        raise RuleBroken(
            "observatory.bulletin-empty",
            _("Nothing is published of which a bulletin could tell."),
            _("Publish a release first."),
        )
