"""Sentences that stand in a file beside a value, written here and read back from here.

Texts of the file are English whoever makes it, so that the same records give the same file.
"""

import re
from datetime import date
from decimal import Decimal

from cairn.core.errors import RuleBroken
from cairn.core.partial_dates import PartialDate
from cairn.portfolio.iati import codes

NO_DAY = "The day is not on record."
INEXACT = "The day is not on record, only %s."
DAY_WITHHELD = "The dates of this project are withheld; this day stands for none."
STATED_BUDGET = "Budget: US$ %s. Its period is not on record."
_INEXACT = re.compile(re.escape(INEXACT).replace("%s", r"(\d{4}(?:-\d\d)?)"))
_STATED_BUDGET = re.compile(re.escape(STATED_BUDGET).replace("%s", r"([\d,]{1,20}\.\d\d)"))


def day_as_known(day: date | None, note: str) -> str:
    """A day of a file as it is kept: "2024-02-03", "2024-02" or "2024", "" for none.

    `note` is believed only where the day lies inside what it names.
    """
    if day is None or day == codes.NO_DAY or note.startswith(NO_DAY):
        return ""
    if found := _INEXACT.match(note):
        try:
            written = PartialDate.parse(found[1])
        except RuleBroken:
            return day.isoformat()
        if written.first <= day <= written.last:
            return str(written)
    return day.isoformat()


def stated_budget(text: str) -> Decimal | None:
    """The amount that a description tells, where a period for it is missing."""
    found = _STATED_BUDGET.fullmatch(text)
    return Decimal(found[1].replace(",", "")) if found else None
