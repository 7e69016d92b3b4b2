"""What taking an activity in would write: rows for the imports that the portfolio has already.

A file adds and corrects, it never deletes: what it does not tell stays as it is on record. What
cannot be told apart (is this payment another one, or the same corrected?) is refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from cairn.core import geography
from cairn.portfolio.iati import codes
from cairn.portfolio.iati.codes import DateType
from cairn.portfolio.iati.comparing import Differences
from cairn.portfolio.iati.detail import Detail, ReadBudget
from cairn.portfolio.iati.dividing import Span, divided, span
from cairn.portfolio.iati.paying import FIELDS, Asked, Ledger, Payments
from cairn.portfolio.iati.reading import ERROR, WARNING, Complaint, ReadActivity
from cairn.portfolio.iati.wording import day_as_known

Period = tuple[date, date, Decimal]
# The kinds of import that rows are for, in the order in which they build on each other.
KINDS = (
    "projects", "narratives", "pledges", "budgets", "agreements", "receipts", "expenditures",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BudgetLineKept:
    """A dated line of a budget: its period as it is kept; `is_whole`: of no phase."""

    starts: str
    ends: str
    usd: Decimal
    is_whole: bool

    @property
    def days(self) -> Span | None:
        return span(self.starts, self.ends)


@dataclass(frozen=True, slots=True)
class Record:
    """The project that an activity is about, as far as taking in needs it.

    `is_new`: it is not on record yet; `programme`: code of the project that a new one lies in;
    `budgets`: as its own file tells them; `is_inside`: its money is told at another one.
    """

    reference: str
    title: str = ""
    is_new: bool = True
    is_reduced: bool = False
    is_inside: bool = False
    programme: str = ""
    starts: str = ""
    ends: str = ""
    months: int | None = None
    lines: Sequence[BudgetLineKept] = ()
    budgets: Sequence[Period] = ()
    ledger: Ledger = field(default_factory=Ledger)


@dataclass(slots=True)
class Plan:
    """Rows to write, and the fields whose differences stay as they are on record."""

    rows: list[Asked] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)


def plan(read: ReadActivity, detail: Detail, record: Record, changes: Differences) -> Plan:
    """Rows for all that differs; what cannot be taken in is complained of in `read`."""
    if detail.is_reduced or record.is_reduced:
        _say(
            read, read.line, "", "iati.reduced",
            _("The country of this project is withheld in the file or on record."),
            _("Nothing of it is taken in: correct the project on its page."), WARNING,
        )  # fmt: skip
        return Plan(kept=set(changes))
    made = Plan(kept={name for name, (_before, after) in changes.items() if not after})
    if "status" in changes and not record.is_new:
        made.kept.add("status")
        _say(
            read, read.line, "activity-status", "iati.status_kept",
            _("The state of a project is decided, not read in."), _("Decide it on its page."),
            WARNING,
        )  # fmt: skip
    wanted = set(changes) - made.kept
    cells = _project(read, detail, record, wanted)
    budgets = [] if record.is_inside else _budgets(read, detail, record, cells, wanted)
    if "countries" in cells:
        made.kept -= {"countries", "regions"}
    if cells or record.is_new or "title" in wanted:
        title = record.title if record.title and "title" not in wanted else read.title
        named = {"id": record.reference, "title": title}
        made.rows.append(Asked("projects", read.line, named | cells))
    made.rows += _texts(read, record, wanted)
    if record.is_inside:
        _refuse_inside(read, detail)
        return made
    made.rows += budgets
    payments = Payments(read, detail, record.reference, record.ledger).rows()
    touched = {row.kind for row in payments}
    steps = zip(("pledges", "agreements", "receipts", "expenditures"), FIELDS.values(), strict=True)
    made.kept |= {name for kind, name in steps if name in changes and kind not in touched}
    made.rows += payments
    return made


def _project(
    read: ReadActivity, detail: Detail, record: Record, wanted: set[str]
) -> dict[str, str]:
    """Cells of the file of projects, those that differ; the title stands in each row anyway."""
    cells: dict[str, str] = {}
    for name, kind, day in (
        ("starts", DateType.PLANNED_START, read.starts),
        ("ends", DateType.PLANNED_END, read.ends),
    ):
        known = day_as_known(day, detail.notes.get(kind, ""))
        if known and name in wanted:
            cells[name] = known
    if wanted & {"countries", "regions"}:
        places = _places(read, detail)
        if places is not None:
            cells["countries"] = " | ".join(places)
    if record.is_new:
        if detail.language:
            cells["language"] = detail.language
        if record.programme:
            cells["programme"] = record.programme
    return cells


def _places(read: ReadActivity, detail: Detail) -> list[str] | None:
    """Places by the names that the import knows; None where one has none."""
    by_alpha2 = {each.alpha2: each.alpha3 for each in geography.countries()}
    regions = {each.code for each in geography.regions()} | {geography.WORLD}
    unknown = [code for code in read.countries if code not in by_alpha2]
    named = [
        code
        for code in read.regions
        if not (code == codes.UNSPECIFIED_REGION and code in detail.dac_regions)
    ]
    unknown += [code for code in named if code not in regions or code in detail.dac_regions]
    for code in unknown:
        _say(
            read, read.line, "recipient-country", "iati.place",
            _("“%(code)s” is no country of ISO 3166-1 and no region of UN M49.")
            % {"code": code[:20]},
            _("Name the place by one of these codes."),
        )  # fmt: skip
    if unknown:
        return None
    return [geography.country_name(by_alpha2[code], "en") for code in read.countries] + [
        geography.region_name(code, "en") for code in named
    ]


def _texts(read: ReadActivity, record: Record, wanted: set[str]) -> list[Asked]:
    """Outline and objectives. An outline that repeats the title stands for none."""
    found = {
        name: read.texts.get(kind, "")
        for name, kind in (("outline", codes.GENERAL), ("objectives", codes.OBJECTIVES))
        if name in wanted and not (name == "outline" and read.texts.get(kind) == read.title)
    }
    if not found:
        return []
    return [Asked("narratives", read.line, {"project_id": record.reference} | found)]


def _budgets(
    read: ReadActivity, detail: Detail, record: Record, cells: dict[str, str], changed: set[str]
) -> list[Asked]:
    """Rows of dated lines, where the total alone would not give the periods of the file.

    The total itself goes into `cells`. A line on record that the file would leave standing beside
    its own periods is no line of this file: then the budget is refused.
    """
    given = _counted(detail.budgets)
    periods = [(each.starts, each.ends, each.value) for each in given]
    total = sum((value for _starts, _ends, value in periods), Decimal(0))
    wanted = _split(total, periods)
    if not given:
        if detail.stated is not None and not record.budgets and "budget" in changed:
            cells["budget_usd"] = f"{detail.stated}"
        return []
    if wanted == [each for each in record.budgets if each[2]]:
        return []
    if other := next((each for each in given if each.currency != "USD"), None):
        _say(
            read, other.line, "budget", "iati.rate",
            _("A budget in %(currency)s needs its rate to the US dollar.")
            % {"currency": other.currency},
            _("Enter it on the page of the project, then bring the file again."),
        )  # fmt: skip
        return []
    cells["budget_usd"] = f"{total:f}"
    whole = span(cells.get("starts", record.starts), cells.get("ends", record.ends), record.months)
    kept = {each.days: each for each in record.lines if each.days and each.is_whole}
    own = [(each.days, each.usd) for each in record.lines if each.days]
    if _would_be(total, own, whole) == wanted:
        return []
    rows = []
    for each in given:
        days = (each.starts, each.ends)
        old = kept.get(days)
        own = [line for line in own if not (old and line[0] == days)] + [(days, each.value)]
        if each.value and (old is None or old.usd != each.value):
            line = {
                "project_id": record.reference,
                "starts": old.starts if old else each.starts.isoformat(),
                "ends": old.ends if old else each.ends.isoformat(),
                "amount_usd": f"{each.value:f}",
            }
            rows.append(Asked("budgets", each.line, line))
    if _would_be(total, own, whole) != wanted:
        _say(
            read, given[0].line, "budget", "iati.budget_kept",
            _("The periods on record would stand beside those of the file."),
            _("Correct the budget on the page of the project, then bring the file again."),
        )  # fmt: skip
        return []
    return rows


def _counted(budgets: Sequence[ReadBudget]) -> list[ReadBudget]:
    """A revised budget stands in the place of the original of the same period."""
    revised = {(each.starts, each.ends) for each in budgets if each.is_revised}
    return [each for each in budgets if each.is_revised or (each.starts, each.ends) not in revised]


def _split(total: Decimal, periods: Sequence[Period]) -> list[Period]:
    """Periods as they would be told: cut at the turns of the year, without those of nothing."""
    lines = [((starts, ends), value) for starts, ends, value in periods]
    return [each for each in divided(total, lines, None) if each[2]]


def _would_be(
    total: Decimal,
    lines: Sequence[tuple[Span, Decimal]],
    whole: Span | None,
) -> list[Period]:
    return [each for each in divided(total, lines, whole) if each[2]]


def _refuse_inside(read: ReadActivity, detail: Detail) -> None:
    lines = [each.line for each in detail.budgets]
    lines += [each.line for each in detail.transactions]
    if lines:
        _say(
            read, lines[0], "", "iati.inside",
            _("This project lies inside the budget of another one, where its money is told."),
            _("Give the money at that project."),
        )  # fmt: skip


def _say(
    read: ReadActivity, line: int, element: str, code: str, message: str, remedy: str,
    severity: str = ERROR,
) -> None:  # fmt: skip
    read.add(Complaint(line, element, code, message, remedy, severity))
