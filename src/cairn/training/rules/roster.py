"""The roster of trainers: the ladder, what its next step asks for, a computed status. Pure.

Nobody sets a status by hand: it follows from dated facts, and each answer names the fact and its
day. Ladder and states: the training study, 6.4; its point 5 #12 says why there is no flag.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from cairn.core.errors import RuleBroken
from cairn.core.language import language
from cairn.core.partial_dates import PartialDate
from cairn.training.rules.choices import LadderStep

# One observed delivery or refresher in 24 months keeps a qualification: the example of the study.
RENEWAL_MONTHS = 24
# A year without a delivery: the same twelve months by which the study counts the use of trainers.
DORMANT_MONTHS = 12
# Three months' notice is time enough to arrange an observation; a judgement of this platform.
DUE_WITHIN = timedelta(days=90)

STEPS = tuple(LadderStep)


class Standing(TextChoices):
    """Where a trainer stands, computed. Source: the training study, 6.4."""

    CURRENT = "current", gettext_lazy("Current")
    DUE = "due", gettext_lazy("Due for renewal")
    LAPSED = "lapsed", gettext_lazy("Lapsed")
    DORMANT = "dormant", gettext_lazy("Dormant")
    AWAY = "deployed-away", gettext_lazy("Deployed away")


# Who can be asked to train or to join a team. A dormant trainer gives a refresher first.
CAN_BE_ASKED = frozenset({Standing.CURRENT, Standing.DUE})


class Fact(TextChoices):
    """What a status rests on."""

    IN_POST = "in-post", gettext_lazy("Deployment")
    VALIDITY = "validity", gettext_lazy("Validity of the qualification")
    RENEWAL = "renewal", gettext_lazy("Last observation or refresher")
    VETTING = "vetting", gettext_lazy("Vetting")
    DELIVERY = "delivery", gettext_lazy("Last delivery")
    AVAILABILITY = "availability", gettext_lazy("Availability")
    RESTRICTION = "restriction", gettext_lazy("Restriction")


class Condition(TextChoices):
    """What a step of the ladder asks for."""

    TOT = "tot", gettext_lazy("A training of trainers passed")
    ASSISTED = "assisted", gettext_lazy("Events as assistant or above")
    SUPERVISED = "supervised", gettext_lazy("Supervised sessions")
    CO_DELIVERED = "co-delivered", gettext_lazy("Events as co-trainer or above")
    OBSERVED = "observed", gettext_lazy("Observations passed")
    LED = "led", gettext_lazy("Events as lead")
    ASSESSED = "assessed", gettext_lazy("Assessments made beside an assessor")


# How much of each a step asks for, beside everything below it. The order of the steps and
# "n supervised sessions" are the study's (6.4); the numbers are a judgement of this platform
# and a programme may pass its own.
Ladder = Mapping[LadderStep, Mapping[Condition, int]]
LADDER: Ladder = {
    LadderStep.PARTICIPANT: {Condition.TOT: 1},
    LadderStep.ASSISTANT: {Condition.ASSISTED: 1},
    LadderStep.CO_TRAINER: {Condition.SUPERVISED: 3, Condition.OBSERVED: 1},
    LadderStep.LEAD: {Condition.CO_DELIVERED: 2, Condition.OBSERVED: 2},
    LadderStep.MASTER: {Condition.LED: 4, Condition.OBSERVED: 3, Condition.ASSESSED: 2},
}


class Criterion(TextChoices):
    """What an observer rates, from 1 (not shown) to 4 (could be shown to others)."""

    CONTENT = "content", gettext_lazy("Content is right and up to date")
    METHOD = "method", gettext_lazy("Works with cases and lets people practise")
    LANGUAGE = "language", gettext_lazy("Is understood by everybody in the room")
    TIME = "time", gettext_lazy("Keeps time and covers the objectives")
    RESPECT = "respect", gettext_lazy("Treats everybody with respect, and brings in the quiet")
    SAFETY = "safety", gettext_lazy("Keeps people safe: no names, no stories that tell who it was")


GRADES = (1, 2, 3, 4)
# The middle of the upper half, on average; and safety is not averaged away. A judgement of this
# platform.
PASS_AVERAGE = 2.5
PASS_SAFETY = 3
PASS_EACH = 2


@dataclass(frozen=True, slots=True)
class Work:
    """What is on record of somebody's way: counts, each for one family of modules and language."""

    tot: int = 0
    assisted: int = 0
    supervised: int = 0
    co_delivered: int = 0
    observed: int = 0
    led: int = 0
    assessed: int = 0

    def count(self, condition: Condition) -> int:
        """How much of `condition` there is."""
        return int(getattr(self, condition.replace("-", "_")))


@dataclass(frozen=True, slots=True)
class Missing:
    """One condition of a step that is not met."""

    condition: Condition
    wanted: int
    have: int

    @property
    def short(self) -> int:
        return self.wanted - self.have


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands on the ladder. `reached` None: not even the first step.

    `next`: None at the top. `missing`: what the next step still asks for.
    """

    reached: LadderStep | None
    next: LadderStep | None
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class Dates:
    """The dated facts about one trainer.

    `qualified_on`: since when the present qualification is held. `valid_until`, `vetted_until`:
    last days; `vetted_until` None: no clearance on record. `in_post`: first and last day (None:
    open) of a deployment that takes the trainer away. `away`: periods said to be unavailable.
    `restricted_since`: first day of a restriction that stands.
    """

    qualified_on: date
    valid_until: date | None = None
    last_delivery: date | None = None
    last_observed: date | None = None
    last_refresher: date | None = None
    vetted_until: date | None = None
    needs_vetting: bool = True
    in_post: tuple[date, date | None] | None = None
    away: tuple[tuple[date, date | None], ...] = ()
    restricted_since: date | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """A fact that makes the status what it is, with its day. `sentence`: translated."""

    fact: Fact
    on: date | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Status:
    """The computed status. `reasons`: those that decide it; `notes`: what else to know.

    `renew_by`: the day on which the status would lapse if nothing happens.
    """

    standing: Standing
    reasons: tuple[Reason, ...]
    notes: tuple[Reason, ...]
    renew_by: date

    @property
    def can_be_asked(self) -> bool:
        """Current or due, and nothing in `notes` stands against it."""
        return self.standing in CAN_BE_ASKED and not self.notes


def months_later(day: date, months: int) -> date:
    """`day` so many months later; the last of the month where that month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def place_on_ladder(work: Work, ladder: Ladder = LADDER) -> Place:
    """How far `work` reaches, and what the next step still asks for. No step is jumped over."""
    reached = None
    for step in STEPS:
        missing = tuple(
            Missing(condition, wanted, work.count(condition))
            for condition, wanted in ladder[step].items()
            if work.count(condition) < wanted
        )
        if missing:
            return Place(reached, step, missing)
        reached = step
    return Place(reached, None, ())


def check_award(step: LadderStep, work: Work, ladder: Ladder = LADDER) -> None:
    """Raise RuleBroken("roster.step") unless `work` reaches `step`; says what is missing."""
    for below in STEPS[: STEPS.index(step) + 1]:
        missing = [
            Missing(condition, wanted, work.count(condition))
            for condition, wanted in ladder[below].items()
            if work.count(condition) < wanted
        ]
        if missing:
            raise RuleBroken(
                "roster.step",
                _("For “%(step)s” there is still missing: %(missing)s.")
                % {
                    "step": step.label,
                    "missing": "; ".join(missing_sentence(each) for each in missing),
                },
                _("Plan a supervised delivery or an observation, and record it."),
            )


def missing_sentence(missing: Missing) -> str:
    """What a step still asks for, in words."""
    words = {"short": missing.short}
    match missing.condition:
        case Condition.TOT:
            return _("a training of trainers, passed")
        case Condition.ASSISTED:
            said = ngettext(
                "%(short)d event as assistant", "%(short)d events as assistant", missing.short
            )
        case Condition.SUPERVISED:
            said = ngettext(
                "%(short)d supervised session", "%(short)d supervised sessions", missing.short
            )
        case Condition.CO_DELIVERED:
            said = ngettext(
                "%(short)d event as co-trainer", "%(short)d events as co-trainer", missing.short
            )
        case Condition.OBSERVED:
            said = ngettext(
                "%(short)d observation passed", "%(short)d observations passed", missing.short
            )
        case Condition.LED:
            said = ngettext("%(short)d event as lead", "%(short)d events as lead", missing.short)
        case Condition.ASSESSED:
            said = ngettext(
                "%(short)d assessment beside an assessor",
                "%(short)d assessments beside an assessor",
                missing.short,
            )
    return said % words


def renew_by(dates: Dates) -> date:
    """The last day before a qualification lapses: the end of its validity, or of its renewal.

    An observed delivery or a refresher counts from its day, and the first term from the day of
    qualification.
    """
    seen = [dates.qualified_on, dates.last_observed, dates.last_refresher]
    renewal = months_later(max(day for day in seen if day), RENEWAL_MONTHS)
    return min(renewal, dates.valid_until) if dates.valid_until else renewal


def status(dates: Dates, *, today: date) -> Status:
    """Where a trainer stands on `today`, with every fact that decides it.

    The first that holds: deployed away; lapsed (validity, renewal or vetting is over); dormant
    (no delivery for twelve months, counted from qualification where there was none); due (any of
    those three ends within 90 days); else current. Being unavailable or restricted is a note.
    """
    until = renew_by(dates)
    notes = _notes(dates, today)
    if away := _in_post(dates, today):
        return Status(Standing.AWAY, (away,), notes, until)
    ends = _ends(dates)
    if over := tuple(_over(fact, day) for fact, day in ends if day is None or day < today):
        return Status(Standing.LAPSED, over, notes, until)
    worked = dates.last_delivery or dates.qualified_on
    quiet_since = months_later(worked, DORMANT_MONTHS)
    if quiet_since < today:
        return Status(Standing.DORMANT, (_quiet(dates, worked),), notes, until)
    soon = tuple(_soon(fact, day) for fact, day in ends if day and day <= today + DUE_WITHIN)
    if soon:
        return Status(Standing.DUE, soon, notes, until)
    return Status(Standing.CURRENT, (_works(dates),), notes, until)


def _ends(dates: Dates) -> list[tuple[Fact, date | None]]:
    """Each fact that can end, with its last day; None for a clearance that is not there."""
    seen = [dates.qualified_on, dates.last_observed, dates.last_refresher]
    found: list[tuple[Fact, date | None]] = [
        (Fact.RENEWAL, months_later(max(day for day in seen if day), RENEWAL_MONTHS))
    ]
    if dates.valid_until:
        found.insert(0, (Fact.VALIDITY, dates.valid_until))
    if dates.needs_vetting:
        found.append((Fact.VETTING, dates.vetted_until))
    return found


def _in_post(dates: Dates, today: date) -> Reason | None:
    if dates.in_post is None:
        return None
    first, last = dates.in_post
    if today < first or (last is not None and last < today):
        return None
    if last is None:
        said = _("In post elsewhere since %(day)s.") % {"day": _day(first)}
    else:
        said = _("In post elsewhere until %(day)s.") % {"day": _day(last)}
    return Reason(Fact.IN_POST, last or first, said)


def _over(fact: Fact, day: date | None) -> Reason:
    if day is None:
        return Reason(fact, None, _("There is no valid vetting on record."))
    said = {
        Fact.VALIDITY: _("The qualification was valid until %(day)s."),
        Fact.RENEWAL: _(
            "An observed delivery or a refresher was due by %(day)s and is not on record."
        ),
        Fact.VETTING: _("The vetting was valid until %(day)s."),
    }[fact]
    return Reason(fact, day, said % {"day": _day(day)})


def _soon(fact: Fact, day: date) -> Reason:
    said = {
        Fact.VALIDITY: _("The qualification ends on %(day)s."),
        Fact.RENEWAL: _("An observed delivery or a refresher is due by %(day)s."),
        Fact.VETTING: _("The vetting ends on %(day)s."),
    }[fact]
    return Reason(fact, day, said % {"day": _day(day)})


def _quiet(dates: Dates, worked: date) -> Reason:
    if dates.last_delivery:
        said = _("The last delivery was on %(day)s, more than twelve months ago.")
    else:
        said = _("Qualified on %(day)s, and no delivery in the twelve months after.")
    return Reason(Fact.DELIVERY, worked, said % {"day": _day(worked)})


def _works(dates: Dates) -> Reason:
    if dates.last_delivery:
        said = _("The last delivery was on %(day)s.") % {"day": _day(dates.last_delivery)}
        return Reason(Fact.DELIVERY, dates.last_delivery, said)
    said = _("Qualified on %(day)s; no delivery yet.") % {"day": _day(dates.qualified_on)}
    return Reason(Fact.DELIVERY, dates.qualified_on, said)


def _notes(dates: Dates, today: date) -> tuple[Reason, ...]:
    """What stands against asking a trainer today, whatever the status."""
    found = []
    for first, last in dates.away:
        if first <= today and (last is None or today <= last):
            said = (
                _("Not available until %(day)s.") % {"day": _day(last)}
                if last
                else _("Not available since %(day)s.") % {"day": _day(first)}
            )
            found.append(Reason(Fact.AVAILABILITY, last or first, said))
    if dates.restricted_since and dates.restricted_since <= today:
        said = _("A restriction stands since %(day)s.") % {"day": _day(dates.restricted_since)}
        found.append(Reason(Fact.RESTRICTION, dates.restricted_since, said))
    return tuple(found)


def _day(day: date) -> str:
    return PartialDate.of(day).display(language())


class Verdict(TextChoices):
    """What an observation comes to."""

    PASSED = "passed", pgettext_lazy("observation of a trainer", "Passed")
    NOT_YET = "not-yet", pgettext_lazy("observation of a trainer", "Not yet")


def check_grades(grades: Mapping[str, int]) -> None:
    """Raise RuleBroken("observation.grades") unless every criterion has a grade from 1 to 4."""
    missing = [str(each.label) for each in Criterion if each not in grades]
    if missing:
        raise RuleBroken(
            "observation.grades",
            _("These are not graded: %(missing)s.") % {"missing": "; ".join(missing)},
            _("Give each a grade from 1 to 4."),
        )
    wrong = [key for key, grade in grades.items() if key not in Criterion or grade not in GRADES]
    if wrong:
        raise RuleBroken(
            "observation.grades",
            _("A grade is 1, 2, 3 or 4."),
            _("Check the grades."),
        )


def verdict(grades: Mapping[str, int]) -> Verdict:
    """What the grades come to: no criterion below 2, safety at least 3, 2.5 on average.

    Raises RuleBroken("observation.grades").
    """
    check_grades(grades)
    values = [grades[each] for each in Criterion]
    passes = (
        min(values) >= PASS_EACH
        and grades[Criterion.SAFETY] >= PASS_SAFETY
        and sum(values) / len(values) >= PASS_AVERAGE
    )
    return Verdict.PASSED if passes else Verdict.NOT_YET


def check_observer(
    observer: LadderStep | None, *, is_assessor: bool, is_self: bool, on: date, today: date
) -> None:
    """Raise RuleBroken unless this person may observe.

    "observation.self": nobody observes themselves. "observation.observer": an observer is a lead
    trainer or above, or an assessor. "observation.day": a day to come.
    """
    if is_self:
        raise RuleBroken(
            "observation.self",
            _("Nobody observes themselves."),
            _("Choose another observer."),
        )
    may = is_assessor or observer in {LadderStep.LEAD, LadderStep.MASTER}
    if not may:
        raise RuleBroken(
            "observation.observer",
            _("A delivery is observed by a lead trainer, a master trainer or an assessor."),
            _("Choose another observer."),
        )
    if on > today:
        raise RuleBroken(
            "observation.day",
            _("A delivery cannot be observed on a day to come."),
            _("Check the day."),
        )


def check_period(first: date, last: date | None, *, code: str) -> None:
    """Raise RuleBroken(`code`) for a period that ends before it begins."""
    if last is not None and last < first:
        raise RuleBroken(code, _("The period would end before it begins."), _("Check both days."))
