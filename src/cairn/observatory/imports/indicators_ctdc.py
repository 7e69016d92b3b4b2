"""Reading a file in the layout of CTDC: into counts, and into what is wrong line by line.

Its lines are about persons: they are counted while they are read, and are stored nowhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.core.tables import Table, fold, read_table
from cairn.observatory.rules import indicators_ctdc as rules
from cairn.observatory.rules.indicators_ctdc import Counted, Fault, Person, Place

# Complaints that are listed; how many there are is told of all.
MOST_FAULTS = 50


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says. Nothing may be kept while `faults` or `refusal` is there.

    `few`: years and countries of which forms of exploitation are left out, all or by sex and age.
    """

    lines: int
    counts: Counted
    faults: tuple[Fault, ...]
    fault_count: int
    unlisted: tuple[str, ...]
    refusal: RuleBroken | None = None
    few: frozenset[Place] = frozenset()

    @property
    def may_be_kept(self) -> bool:
        return bool(self.counts) and not self.fault_count and self.refusal is None


def read_lines(stream: IO[bytes], filename: str, *, this_year: int) -> Reading:
    """Read a CSV or XLSX file. Columns that the layout does not have are left out and named.

    Raises TableRefused, and RuleBroken("indicators.columns").
    """
    table = read_table(stream, filename=filename)
    known = {fold(name) for name in rules.COLUMNS}
    missing = [name for name in rules.NEEDED if fold(name) not in table.keys]
    if missing:
        raise RuleBroken(
            "indicators.columns",
            _("Row 1: these columns are missing: %(names)s.") % {"names": ", ".join(missing)},
            _("Bring the file as the CTDC dictionary of 2021 describes it."),
        )
    persons: list[Person] = []
    alike: list[tuple[str, ...]] = []
    faults: list[Fault] = []
    count = 0
    for one in _lines(table, this_year):
        if isinstance(one, Fault):
            count += 1
            if len(faults) < MOST_FAULTS:
                faults.append(one)
        else:
            persons.append(one[0])
            alike.append(one[1])
    refusal = None
    try:
        rules.check_alike(alike)
    except RuleBroken as error:
        refusal = error
    counts, few = rules.counted(persons)
    unlisted = tuple(name for name in table.keys if name not in known)
    return Reading(
        len(persons) + count,
        counts,
        tuple(faults),
        count,
        unlisted,
        refusal,
        few,
    )


def _lines(table: Table, this_year: int) -> Iterator[Fault | tuple[Person, tuple[str, ...]]]:
    """Each line, with what tells of the person in it."""
    telling = [fold(name) for name in rules.TELLING]
    for row in table.rows:
        read = rules.read_line(row.number, row.cells, this_year)
        if isinstance(read, Fault):
            yield read
        else:
            yield read, tuple(row.cells.get(name, "").strip() for name in telling)
