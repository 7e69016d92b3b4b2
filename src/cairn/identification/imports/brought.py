"""A partner's file as reports: checked whole, and known again when it comes a second time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cairn.core.htcds.intake import Problem, Rows
from cairn.identification.envelopes.format import code_of, reference_of
from cairn.identification.rules.intake import Plain

# Problems that are told with their words; the others are counted.
MOST_TOLD: Final = 100


@dataclass(frozen=True, slots=True)
class Item:
    """One row that could be read. `key`: what tells it from every other, as the file gives it."""

    row: int
    key: str
    content: dict[str, Any]
    identity: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Brought:
    """A file as it would be taken in: all of it, or nothing as long as there is a problem."""

    items: tuple[Item, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    digest: str

    @property
    def stands(self) -> bool:
        return bool(self.items) and not self.problems

    @property
    def told(self) -> tuple[Problem, ...]:
        return self.problems[:MOST_TOLD]

    @property
    def untold(self) -> int:
        return len(self.problems) - len(self.told)

    def ids(self, unit: UUID, sender: str) -> list[UUID]:
        """The id of each item's report. Partners number alike, so `sender` says whose row it is."""
        return [report_id(unit, f"{sender}\n{each.key}") for each in self.items]

    def plain(self, unit: UUID, sender: str) -> list[Plain]:
        """What is to be sealed, with ids by which the same row is known when it comes again."""
        return [
            Plain(each.content, each.identity, id)
            for each, id in zip(self.items, self.ids(unit, sender), strict=True)
        ]


def report_id(unit: UUID, key: str) -> UUID:
    """The id of the report that a row becomes: the same for the same key and unit.

    A keyed hash, so that nobody who sees ids can try out what a row may have said.
    """
    digest = salted_hmac("cairn.partner", f"{unit}\n{key}", algorithm="sha256").digest()
    return UUID(bytes=digest[:16], version=4)


def reference(unit: UUID, key: str) -> str:
    """The reference of the report that a row becomes."""
    return reference_of(code_of(str(report_id(unit, key))))


def gathered(
    rows: Rows, items: Sequence[Item], problems: Sequence[Problem], notes: Sequence[str]
) -> Brought:
    """The rows that were read together; one that stands twice in the file counts once."""
    kept: dict[str, Item] = {}
    wrong = list(problems)
    twice = 0
    for item in items:
        first = kept.setdefault(item.key, item)
        if first is item:
            continue
        if (first.content, first.identity) == (item.content, item.identity):
            twice += 1
        else:
            wrong.append(_same_id(first.row, item.row))
    told = [*rows.notes, *notes]
    if twice:
        told.append(
            ngettext(
                "%(count)d row stands in the file more than once and is taken once.",
                "%(count)d rows stand in the file more than once and are taken once.",
                twice,
            )
            % {"count": twice}
        )
    return Brought(tuple(kept.values()), tuple(wrong), tuple(told), rows.digest)


def _same_id(first: int, row: int) -> Problem:
    return Problem(
        row,
        "",
        _("It has the same id as row %(row)d, and says something else.") % {"row": first},
        _("Give each submission an id of its own; a correction is a new submission."),
    )
