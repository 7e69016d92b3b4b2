"""Marks for answers: closed questions by their key, short answers by a rubric and a person.

No rule here gives less than 0 or more than the highest mark of an item.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.training.testing.answers import Answer
from cairn.training.testing.kinds import MARK_STEP, QuestionType
from cairn.training.testing.questions import Item

ZERO = Decimal(0)


def score(item: Item, answer: Answer) -> Decimal | None:
    """The mark for a checked answer, to two decimals; None for a short answer (see `rubric_mark`).

    Not answered: 0. Single and true/false: all or nothing. The other types give part of the mark:

    - multiple: each right choice counts 1 / number of right ones, each wrong choice takes
      1 / number of wrong ones away, never below 0. So who ticks everything gets 0.
    - ordering: the share of neighbours in the right order that also follow each other in the
      answer. One pair moved as a block costs its borders only.
    - matching: the share of prompts with their match. A wrong one takes nothing away.

    A short answer that was left empty needs nobody to read it: 0.
    """
    if answer is None:
        return ZERO
    if item.type == QuestionType.SHORT:
        return None
    return _rounded(item.max_mark * _share(item, answer))


def _share(item: Item, answer: Answer) -> Decimal:
    """How much of the mark an answer deserves, from 0 to 1."""
    if item.type == QuestionType.MULTIPLE:
        right, chosen = set(item.key), set(answer or ())
        wrong = set(item.options) - right
        gained = Decimal(len(chosen & right)) / len(right)
        lost = Decimal(len(chosen & wrong)) / len(wrong)
        return max(ZERO, gained - lost)
    if item.type == QuestionType.ORDERING:
        order = list(answer or ())
        neighbours = set(pairwise(order))
        expected = list(pairwise(item.key))
        return Decimal(sum(pair in neighbours for pair in expected)) / len(expected)
    if item.type == QuestionType.MATCHING:
        pairs = answer if isinstance(answer, dict) else {}
        matched = [
            pairs.get(prompt) == option
            for prompt, option in zip(item.prompts, item.key, strict=True)
        ]
        return Decimal(sum(matched)) / len(matched)
    return Decimal(1) if answer == item.key[0] else ZERO


def rubric_mark(item: Item, marks: Mapping[str, Any]) -> Decimal:
    """The mark for a short answer: the sum over the lines of its rubric, {code of line: mark}.

    A line that is left out gives 0. Raises RuleBroken: "mark.line" (no such line), "mark.number",
    "mark.maximum" (more than the line gives, which is also how a sum could pass the maximum).
    """
    lines = {line.code: line.marks for line in item.rubric}
    total = ZERO
    for code, given in marks.items():
        if code not in lines:
            raise RuleBroken(
                "mark.line",
                _("The rubric has no line “%(line)s”.") % {"line": str(code)[:40]},
                _("Mark by the lines that are shown."),
            )
        total += check_mark(given, lines[code])
    return check_mark(total, item.max_mark)


def check_mark(mark: Any, highest: Decimal) -> Decimal:
    """`mark` as a number from 0 to `highest` with at most two decimals.

    Raises RuleBroken: "mark.number" (no such number), "mark.maximum" (more than can be had).
    """
    try:
        value = Decimal(str(mark).strip().replace(",", "."))
    except ArithmeticError:
        value = Decimal("NaN")
    if isinstance(mark, bool) or not value.is_finite() or value < 0 or value % MARK_STEP:
        raise RuleBroken(
            "mark.number",
            _("“%(mark)s” is not a mark.") % {"mark": str(mark)[:40]},
            _("Write a number from 0 to %(highest)s with at most two decimals.")
            % {"highest": plain(highest)},
        )
    if value > highest:
        raise RuleBroken(
            "mark.maximum",
            _("A mark of %(mark)s is more than can be had here: %(highest)s.")
            % {"mark": plain(value), "highest": plain(highest)},
            _("Look at the answer again, and give at most %(highest)s.")
            % {"highest": plain(highest)},
        )
    return value


@dataclass(frozen=True, slots=True)
class Agreed:
    """What two markers come to. `mark` is None while they are too far apart: a third decides."""

    mark: Decimal | None
    difference: Decimal


# Two markers who differ by more than this share of the highest mark do not agree, and a third
# looks. A convention of this programme: a quarter is one level on a rubric of four.
AGREE_WITHIN = Decimal("0.25")


def agreed(item: Item, marks: Sequence[Decimal]) -> Agreed:
    """The mark of one, two or three markers of a short answer, in the order of marking.

    One: theirs. Two within `AGREE_WITHIN` of the highest mark: their mean. Two further apart: none
    yet. Three: the mean of the two that are nearest to each other, the higher pair when equally
    near, so that no single marker can decide against the others.
    """
    if not marks:
        return Agreed(None, ZERO)
    if len(marks) == 1:
        return Agreed(marks[0], ZERO)
    if len(marks) == 2:
        difference = abs(marks[0] - marks[1])
        if difference > item.max_mark * AGREE_WITHIN:
            return Agreed(None, difference)
        return Agreed(_rounded((marks[0] + marks[1]) / 2), difference)
    ordered = sorted(marks[:3])
    low, high = ordered[1] - ordered[0], ordered[2] - ordered[1]
    pair = ordered[1:] if high <= low else ordered[:2]
    return Agreed(_rounded((pair[0] + pair[1]) / 2), ordered[2] - ordered[0])


@dataclass(frozen=True, slots=True)
class Total:
    """The score of a test. `mark` is None while a short answer still waits for a marker."""

    mark: Decimal | None
    highest: Decimal
    answered: int
    waiting: int

    @property
    def percent(self) -> Decimal | None:
        """The mark in percent of the highest, to one decimal."""
        if self.mark is None or not self.highest:
            return None
        return (self.mark / self.highest * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)


def total(marked: Iterable[tuple[Item, Answer, Decimal | None]]) -> Total:
    """Adds up a test from (item, answer, mark): mark None means that it waits for a marker.

    Raises RuleBroken("mark.maximum", "mark.number") for a mark that its item cannot have.
    """
    reached, highest, answered, waiting = ZERO, ZERO, 0, 0
    for item, answer, mark in marked:
        highest += item.max_mark
        answered += answer is not None
        if mark is None:
            waiting += 1
        else:
            reached += check_mark(mark, item.max_mark)
    return Total(None if waiting else reached, highest, answered, waiting)


def is_passed(mark: Decimal | None, cut_score: Decimal | None) -> bool | None:
    """Whether a mark reaches the cut score; None while either is missing."""
    if mark is None or cut_score is None:
        return None
    return mark >= cut_score


def plain(value: Decimal) -> str:
    """A mark as people write it: 1, 2.5, without needless zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(MARK_STEP, ROUND_HALF_UP)
