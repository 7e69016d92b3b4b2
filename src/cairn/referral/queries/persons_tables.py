"""The rows about a person as tables: what is clear in them, newest first, a page at most."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cairn.core import clock
from cairn.referral.models.persons import Person
from cairn.referral.models.persons_identity import Identity
from cairn.referral.models.persons_rows import (
    Alias,
    BestInterests,
    Guardian,
    NeedsAssessment,
    RiskAssessment,
)
from cairn.referral.rules.choices import Need, Urgency
from cairn.referral.rules.persons_contact import RiskFactor, RiskLevel
from cairn.referral.rules.persons_needs import in_order
from cairn.ui.templatetags.ui import listed

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Cell:
    """One value. `kind`: "text", "day" (a date) or "state" (with the code of its tone)."""

    value: str | date | None
    kind: str = "text"
    code: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row; its first cell names it. `deed`: (words, address) of what can be done with it."""

    cells: Sequence[Cell]
    deed: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """`empty`: what is said where there is no row."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Row]
    empty: str

    @property
    def lines(self) -> list[tuple[list[tuple[str, Cell]], tuple[str, str] | None]]:
        """Each row as pairs of heading and cell, and what can be done with it."""
        return [(list(zip(self.head, row.cells, strict=True)), row.deed) for row in self.rows]

    @property
    def has_deeds(self) -> bool:
        return any(row.deed for row in self.rows)


def _today() -> date:
    return timezone.localdate(clock.now())


def names(person: Person, may_change: bool) -> list[Table]:
    """Whether who it is is known, and the other names without their words. Two queries."""
    known = Identity.objects.filter(person=person)
    aliases = Alias.objects.filter(person=person).order_by("-number")[:MOST_SHOWN]
    return [
        Table(
            _("Who the person is"),
            (_("Version"), _("Written on")),
            [
                Row([Cell(str(each.version)), Cell(timezone.localdate(each.recorded_at), "day")])
                for each in known
            ],
            _("It is not known who the person is, or nobody has written it."),
        ),
        Table(
            _("Other names"),
            (_("Number"), _("Where it comes from"), _("Noted on"), _("Not used since")),
            [
                Row(
                    [
                        Cell(str(each.number)),
                        Cell(each.get_kind_display()),
                        Cell(timezone.localdate(each.recorded_at), "day"),
                        Cell(each.ended_on, "day"),
                    ],
                    deed(
                        may_change and each.ended_on is None,
                        _("Not used any more"),
                        "person-alias-end",
                        person,
                        each.number,
                    ),
                )
                for each in aliases
            ],
            _("No other name is noted."),
        ),
    ]


def deed(
    is_there: bool, words: str, name: str, person: Person, *numbers: int
) -> tuple[str, str] | None:
    """What can be done with a row: words and the address of that name; None when it cannot."""
    if not is_there:
        return None
    return words, reverse(f"referral:{name}", args=[person.code, *numbers])


def care(person: Person, may_change: bool) -> list[Table]:
    """Guardians, and what was found to be best. Two queries."""
    today = _today()
    guardians = Guardian.objects.filter(person=person).order_by("-number")[:MOST_SHOWN]
    found = BestInterests.objects.filter(person=person).order_by("-number")[:MOST_SHOWN]
    return [
        Table(
            _("Guardians"),
            (_("Number"), _("Appointed by"), _("From"), _("Until"), _("State")),
            [
                Row(
                    [
                        Cell(str(each.number)),
                        Cell(each.appointed_by),
                        Cell(each.starts_on, "day"),
                        Cell(each.ends_on, "day"),
                        _guardian_state(each, today),
                    ],
                    deed(
                        may_change and each.ends_on is None,
                        _("Record its end"),
                        "person-guardian-end",
                        person,
                        each.number,
                    ),
                )
                for each in guardians
            ],
            _("No guardian is recorded."),
        ),
        Table(
            _("Best interests"),
            (
                _("Question"),
                _("What was found"),
                _("Which procedure"),
                _("Who sat together"),
                pgettext("day", "On"),
                _("Looked at again on"),
            ),
            [
                Row(
                    [
                        Cell(each.get_question_display()),
                        Cell(each.get_outcome_display()),
                        Cell(each.get_kind_display()),
                        Cell(each.decided_by),
                        Cell(each.decided_on, "day"),
                        Cell(each.review_on, "day"),
                    ]
                )
                for each in found
            ],
            _("Nothing was found yet."),
        ),
    ]


def _guardian_state(guardian: Guardian, today: date) -> Cell:
    if guardian.starts_on > today:
        return Cell(pgettext("guardian", "Not yet"), "state", "guardian_ended")
    if guardian.ends_on is not None and guardian.ends_on < today:
        return Cell(pgettext("guardian", "Ended"), "state", "guardian_ended")
    return Cell(pgettext("guardian", "Holds"), "state", "guardian_holds")


def needs(person: Person, may_change: bool) -> list[Table]:
    """Assessments of danger and of needs, newest first. Two queries."""
    risks = RiskAssessment.objects.filter(person=person).order_by("-number")[:MOST_SHOWN]
    found = NeedsAssessment.objects.filter(person=person).order_by("-number")[:MOST_SHOWN]
    return [
        Table(
            _("Danger"),
            (_("Number"), _("How great"), _("What makes it so"), _("Assessed on"), _("Again on")),
            [
                Row(
                    [
                        Cell(str(each.number)),
                        Cell(str(RiskLevel(each.level).label), "state", f"danger_{each.level}"),
                        Cell(listed(RiskFactor(code).label for code in each.factors)),
                        Cell(each.assessed_on, "day"),
                        Cell(each.review_on, "day"),
                    ]
                )
                for each in risks
            ],
            _("Nobody has assessed the danger: take it for extreme until then."),
        ),
        Table(
            _("Needs"),
            (_("Number"), _("What is needed"), _("Asked on")),
            [
                Row(
                    [
                        Cell(str(each.number)),
                        Cell(
                            listed(
                                f"{Need(need).label} ({Urgency(urgency).label})"
                                for need, urgency in in_order(each.needs)
                            )
                            or _("Nothing was needed.")
                        ),
                        Cell(each.assessed_on, "day"),
                    ]
                )
                for each in found
            ],
            _("Nobody has asked what is needed."),
        ),
    ]
