"""Whether a report by counts can be true: checks that ask a person, and refuse what cannot be.

Pure. Source of the states: the training study, 6.5 ("draft, sent, plausible, sampled, verified").
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.core.partial_dates import PartialDate
from cairn.training.rules.choices import Sex

# More than this in one room was hardly a training. A judgement; a person decides.
MANY = 120
# A day of training has at most so many taught hours. A judgement.
HOURS_A_DAY = 9
# Taught hours that differ from those of the versions by more than half. A judgement.
HOURS_APART = 0.5


@dataclass(frozen=True, slots=True)
class Counted:
    """How many of one kind. `agency`: key of an organisation, or empty."""

    sex: str
    count: int
    agency: str = ""
    country: str = ""
    profession: str = ""


def check_counts(counts: Sequence[Counted]) -> int:
    """The total. Raises RuleBroken("report.counts") when nobody is counted, or fewer than none."""
    if any(each.count < 0 for each in counts) or not sum(each.count for each in counts):
        raise RuleBroken(
            "report.counts",
            _("The report counts nobody."),
            _("Enter how many came; a zero may stay empty."),
        )
    return sum(each.count for each in counts)


def check_tally(tally: Mapping[str, float], total: int) -> None:
    """Raise RuleBroken("report.tally") for a tally {"n", "mean", "max"} that cannot be."""
    if not tally:
        return
    number, mean, most = tally.get("n"), tally.get("mean"), tally.get("max")
    if number is None or mean is None or most is None:
        raise RuleBroken(
            "report.tally",
            _("A tally of a test needs three figures."),
            _("Enter how many took it, their mean mark and the highest possible mark."),
        )
    if not 0 < number <= total:
        raise RuleBroken(
            "report.tally",
            _("More people took the test than came, or nobody did."),
            _("Look at the numbers again."),
        )
    if not 0 <= mean <= most:
        raise RuleBroken(
            "report.tally",
            _("The mean mark is above the highest possible mark."),
            _("Look at the marks again."),
        )


def check_past(day: str, *, today: date) -> None:
    """Raise RuleBroken("report.day") for a training that is still to come."""
    if day and PartialDate.parse(day).first > today:
        raise RuleBroken(
            "report.day",
            _("The training lies in the future."),
            _("Report it after it has taken place."),
        )


def doubts(
    *,
    total: int,
    counts: Sequence[Counted],
    hours: Decimal | None,
    days: int,
    planned_hours: Decimal | None,
    same_day_elsewhere: int,
) -> list[str]:
    """What somebody should ask before calling the report plausible; empty when nothing stands out.

    `days`: length of the training. `planned_hours`: of the module versions, None when unknown.
    `same_day_elsewhere`: other events of the reporter on these days.
    """
    found = []
    if total > MANY:
        found.append(_("%(total)d people in one training is unusual.") % {"total": total})
    if hours is None:
        found.append(_("The report does not say how many hours were taught."))
    elif hours > HOURS_A_DAY * max(days, 1):
        found.append(
            _("%(hours)s hours do not fit into the days of the training.") % {"hours": hours}
        )
    elif planned_hours and abs(hours - planned_hours) > Decimal(str(HOURS_APART)) * planned_hours:
        found.append(
            _("%(hours)s hours were taught; the modules have %(planned)s.")
            % {"hours": hours, "planned": planned_hours}
        )
    if same_day_elsewhere:
        found.append(_("The reporter is entered at another training on the same days."))
    stated = sum(each.count for each in counts if each.sex != Sex.NOT_STATED)
    if stated < total:
        found.append(_("The sex of some participants is not stated."))
    return found
