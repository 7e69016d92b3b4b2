"""How much may be asked of a year of a series, and how far an answer may lie from the truth.

Every answer to an open question has fresh noise of a known size (differential privacy), and each
spends a part of a budget, epsilon. Epsilons add up over questions: when those of a year of records
are spent, nothing new is told of it, in any later year either. Unit of protection: a person, who
counts in one cell of each answer, however many records.
"""

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cairn.core.errors import RuleBroken
from cairn.observatory.rules.series import MOST_DIMENSIONS, Series, check_groupings

# Epsilon of a year of records and of a question. Source: the exchange study (d) tried 1 to 8 on
# counts, and 4 on the 3,000 records of a large national system; sixteen questions share it.
YEARLY = Decimal("4.00")
QUESTION = Decimal("0.25")
# A question is refused when its code lists have more cells: nobody reads them, and each is noise.
MOST_CELLS = 5_000
# The share of answers that lie within the error that is printed beside them.
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Ask:
    """A question: persons of a series in a calendar year by up to three columns, in its order."""

    series: str
    year: int
    columns: tuple[str, ...]

    def digest(self) -> str:
        said = json.dumps([self.series, self.year, list(self.columns)])
        return hashlib.sha256(said.encode()).hexdigest()


def question_of(series: Series, year: int, columns: Sequence[str]) -> Ask:
    """The question in the order of the series: the same columns turned round are the same.

    Raises RuleBroken ("observatory.grouping", "budget.cells").
    """
    if not columns:
        raise RuleBroken(
            "observatory.grouping",
            _("No column is chosen."),
            _("Choose one to %(most)d columns.") % {"most": MOST_DIMENSIONS},
        )
    check_groupings(series, [tuple(columns)])
    names = tuple(each.name for each in series.dimensions if each.name in set(columns))
    cells = math.prod(len(series.by_name[name].leaves) for name in names)
    if cells > MOST_CELLS:
        raise RuleBroken(
            "budget.cells",
            _("These columns make %(cells)d cells together; at most %(most)d are answered.")
            % {"cells": cells, "most": MOST_CELLS},
            _("Leave out a column."),
        )
    return Ask(series.name, year, names)


def check_budget(spent: Decimal, cost: Decimal = QUESTION, yearly: Decimal = YEARLY) -> None:
    """Raise RuleBroken("budget.spent") when `cost` does not fit into what is left of the year."""
    if spent + cost > yearly:
        raise RuleBroken(
            "budget.spent",
            _("The budget of this year of records is spent: no new question is answered."),
            _("What was answered before stays open to all. Each year has a budget of its own."),
        )


def questions_left(spent: Decimal, cost: Decimal = QUESTION, yearly: Decimal = YEARLY) -> int:
    return max(0, int((yearly - spent) // cost))


def left_words(left: int) -> str:
    return ngettext(
        "%(count)d new question can still be answered of this year.",
        "%(count)d new questions can still be answered of this year.",
        left,
    ) % {"count": left}


def error_bound(epsilon: Decimal, confidence: float = CONFIDENCE) -> int:
    """Persons by which a count lies off at most, with this confidence.

    Of the two-sided geometric distribution with a = exp(-epsilon), P(|noise| > t) is
    2 a^(t+1) / (1 + a): the least whole t for which that is at most 1 - confidence.
    """
    a = math.exp(-float(epsilon))
    t = math.log((1 - confidence) * (1 + a) / 2) / math.log(a) - 1
    return max(0, math.ceil(t - 1e-9))
