"""Rules of triage: clocks, moves of a report, why it is closed, which reports look alike.

A report ends in an outcome that a person gave, with a reason; a machine closes nothing, joins
nothing and counts no points.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cairn.core.errors import RuleBroken
from cairn.identification.rules.choices import ReportState

# Reference study on casework, E3: emergencies are acknowledged within 1 hour, urgent matters
# within 24. A report in which somebody is in danger now is an emergency; any other is urgent.
READ_URGENT_WITHIN = timedelta(hours=1)
READ_WITHIN = timedelta(hours=24)
# From the opening to an outcome: three days, the shorter of the clocks of routine matters there.
TRIAGE_WITHIN = timedelta(hours=72)
# Reports about one person come from one incident or one route; after two weeks a likeness of few
# coded facts says little. A judgement.
ALIKE_WITHIN = timedelta(days=14)
# Fewer agreeing facts would suggest half of a camp. A judgement.
ALIKE_FACTS = 3
ALIKE_SIGNS = 2
# A report that led to no procedure is kept for a year: somebody may report the same again. A
# judgement, as for the report's outside (rule "report"); with a procedure it follows that one.
KEEP_FOR = timedelta(days=365)


class ClosedReason(TextChoices):
    """Why a report was closed, or taken up again. Which go with which outcome: REASONS."""

    EXPLAINED = "explained", gettext_lazy("What was seen has another explanation")
    OTHER_MATTER = "other-matter", gettext_lazy("Another matter, handed to whom it belongs")
    MISTAKEN = "mistaken", gettext_lazy("Sent by mistake or for practice")
    TOO_LITTLE = "too-little", gettext_lazy("Too little was seen or noted")
    NOT_REACHED = "not-reached", gettext_lazy("Nobody can be reached about it")
    UNREADABLE = "unreadable", gettext_lazy("Its content cannot be read")
    SAME_PERSON = "same-person", gettext_lazy("Reported already: the same person and place")
    NEW_FACTS = "new-facts", gettext_lazy("More became known")
    CLOSED_WRONGLY = "closed-wrongly", gettext_lazy("It was closed by mistake")
    REVIEW = "review", pgettext_lazy("reason to take up again", "Somebody asked for another look")


REASONS: dict[ReportState, tuple[ClosedReason, ...]] = {
    ReportState.NO_CONCERN: (
        ClosedReason.EXPLAINED,
        ClosedReason.OTHER_MATTER,
        ClosedReason.MISTAKEN,
    ),
    ReportState.INSUFFICIENT: (
        ClosedReason.TOO_LITTLE,
        ClosedReason.NOT_REACHED,
        ClosedReason.UNREADABLE,
    ),
    ReportState.DUPLICATE: (ClosedReason.SAME_PERSON,),
    ReportState.OPENED: (
        ClosedReason.NEW_FACTS,
        ClosedReason.CLOSED_WRONGLY,
        ClosedReason.REVIEW,
    ),
}
CLOSED = frozenset(
    {
        ReportState.LINKED,
        ReportState.NO_CONCERN,
        ReportState.INSUFFICIENT,
        ReportState.DUPLICATE,
    }
)
# Every closed report can be taken up again; nothing becomes "not opened" once it was opened.
MOVES: dict[ReportState, frozenset[ReportState]] = {
    ReportState.RECEIVED: frozenset({ReportState.OPENED}),
    ReportState.OPENED: CLOSED,
    **{state: frozenset({ReportState.OPENED}) for state in CLOSED},
}

# What each outcome brings about, as the form tells whoever chooses it.
CONSEQUENCES: dict[ReportState, Promise] = {
    ReportState.LINKED: gettext_lazy(
        "The authority looks into it under the code of a procedure. Nothing is decided by this."
    ),
    ReportState.NO_CONCERN: gettext_lazy(
        "Nothing follows from this report. Help that was offered is not taken back."
    ),
    ReportState.INSUFFICIENT: gettext_lazy(
        "Nothing can follow now. It can be taken up again when more becomes known."
    ),
    ReportState.DUPLICATE: gettext_lazy(
        "Both reports are kept as they are; this one points to the other, and that can be undone."
    ),
}


class Flaw(TextChoices):
    """Why a report could not be read as it should; seen in the queue until somebody settles it."""

    NOT_OPENED = "not-opened", gettext_lazy("It does not open with the key that it names")
    UNREADABLE = "unreadable", gettext_lazy("Its content is damaged")
    VERSION = "version", gettext_lazy("Its content has a version that is not known here")
    MISSING = "missing", gettext_lazy("It lacks an answer that every report gives")
    UNKNOWN_FIELD = "unknown-field", gettext_lazy("It has a field that is not known here")
    WRONG_TYPE = "wrong-type", gettext_lazy("A field holds what does not belong there")
    WRONG_CODE = "wrong-code", gettext_lazy("A field has a code that is not known here")
    TOO_LONG = "too-long", gettext_lazy("A field is too long")
    MARKUP = "markup", gettext_lazy("A text holds the code of a web page")
    CONTROL_SIGNS = "control-signs", gettext_lazy("A text holds hidden signs")
    JUDGEMENT_REASON = (
        "judgement-reason",
        gettext_lazy("The officer judged lower than the signs and gave no reason"),
    )


def flaw_of(code: str) -> Flaw:
    """The flaw with this code; what is not known here counts as damaged."""
    return Flaw(code) if code in Flaw.values else Flaw.UNREADABLE


# --- Clocks ----------------------------------------------------------------------------------


def read_by(urgent: bool, received_at: datetime) -> datetime:
    """Until when a report that was just received is to be read."""
    return received_at + (READ_URGENT_WITHIN if urgent else READ_WITHIN)


def triage_by(opened_at: datetime) -> datetime:
    """Until when a report that was opened, or taken up again, has an outcome."""
    return opened_at + TRIAGE_WITHIN


# --- Moves -----------------------------------------------------------------------------------


def outcomes(now: ReportState, *, flaw: str) -> list[ReportState]:
    """What may become of a report next, by somebody's word, in the order of the states.

    One that cannot be opened may still be closed as insufficient: else it would wait for ever.
    """
    if now == ReportState.RECEIVED:
        return [ReportState.INSUFFICIENT] if flaw else []
    return [state for state in ReportState if state in MOVES[now]]


def check_opening(now: ReportState, *, flaw: str) -> None:
    """Raise RuleBroken("report.opened") for a report that was opened, and understood, before."""
    if now != ReportState.RECEIVED and not (now == ReportState.OPENED and flaw):
        raise RuleBroken(
            "report.opened",
            _("This report was opened before."),
            _("Read it on its page, with a reason."),
        )


def check_outcome(now: ReportState, outcome: ReportState, *, flaw: str) -> None:
    """Raise RuleBroken("report.move") unless `outcome` may follow the state `now`."""
    if outcome not in outcomes(now, flaw=flaw):
        raise RuleBroken(
            "report.move",
            _("A report that is “%(now)s” cannot become “%(to)s”.")
            % {"now": now.label, "to": outcome.label},
        )


def check_not_erased(erased_on: date | None) -> None:
    """Raise RuleBroken("report.erased"): nothing is written into a report that was erased."""
    if erased_on is not None:
        raise RuleBroken("report.erased", _("This record was erased."))


def check_taking_up(now: ReportState) -> None:
    """Raise RuleBroken("report.move") unless the report is closed."""
    if now not in CLOSED:
        raise RuleBroken("report.move", _("Only a closed report is taken up again."))


def check_reason(outcome: ReportState, reason: str) -> ClosedReason:
    """The reason as a code. Raises RuleBroken("report.reason") when it does not go with it."""
    allowed = REASONS.get(outcome, ())
    if reason not in allowed:
        raise RuleBroken("report.reason", _("Choose a reason that goes with the outcome."))
    return ClosedReason(reason)


def check_repeats(report: object, other: object, other_state: ReportState) -> None:
    """Whether `report` may be marked as repeating `other` (ids).

    Raises RuleBroken "report.same" (itself), or "report.repeats" (the other one repeats a third:
    so no circle can come about, and the first of all is one step away).
    """
    if report == other:
        raise RuleBroken("report.same", _("A report cannot repeat itself."))
    if other_state == ReportState.DUPLICATE:
        raise RuleBroken(
            "report.repeats",
            _("The report that you chose repeats another one itself."),
            _("Choose that other one."),
        )


def check_in_one_unit(is_one: bool) -> None:
    """Raise RuleBroken("report.other-unit") for reports to two different units."""
    if not is_one:
        raise RuleBroken(
            "report.other-unit", _("Both reports have to be in the hands of the same unit.")
        )


# --- The age of a person, on its way into a procedure -----------------------------------------

# A doubt about age counts as childhood (Council of Europe Convention on Action against
# Trafficking in Human Beings, 2005, Art. 10(3)).
AGE_STATUS = {"child": "child", "maybe-child": "age-disputed", "adult": "adult"}


def age_status_of(age: str) -> str:
    """The age status of a procedure, from the age in a report; in doubt "age-disputed"."""
    return AGE_STATUS.get(age, "age-disputed")


def more_careful_age(known: str, reported: str) -> str:
    """Of two age statuses the one that protects more: a child before a doubt before an adult.

    A report never makes an adult of a child; only a person with authority does (casework study,
    E5: child and age disputed win over their opposite until a human decides).
    """
    order = ("adult", "age-disputed", "child")
    return max(known, reported, key=order.index)


# --- Reports that look alike -----------------------------------------------------------------


class Likeness(TextChoices):
    """In what two reports agree, as the suggestion says it."""

    AREA = "area", gettext_lazy("the same area")
    SETTING = "setting", gettext_lazy("the same kind of place")
    AGE_BAND = "age-band", gettext_lazy("the same age band")
    SEX = "sex", gettext_lazy("the same sex")
    LANGUAGE = "language", gettext_lazy("the same language")
    SIGNS = "signs", gettext_lazy("several of the same signs")


@dataclass(frozen=True, slots=True)
class Facts:
    """The coded facts of an opened report; an empty text is not known, and counts for nothing."""

    made_at: datetime
    area: str = ""
    setting: str = ""
    age_band: str = ""
    sex: str = ""
    language: str = ""
    signs: frozenset[str] = frozenset()


def likeness(one: Facts, other: Facts) -> tuple[Likeness, ...]:
    """In what two reports agree, when it is enough to show them side by side; else nothing.

    They are within fourteen days, contradict each other in none of area, age band, sex and
    language where both know it, and agree in at least three facts. Nobody sees a number.
    """
    if abs(one.made_at - other.made_at) > ALIKE_WITHIN:
        return ()
    firm = (
        (Likeness.AREA, one.area, other.area),
        (Likeness.AGE_BAND, one.age_band, other.age_band),
        (Likeness.SEX, one.sex, other.sex),
        (Likeness.LANGUAGE, one.language, other.language),
    )
    if any(mine and theirs and mine != theirs for _word, mine, theirs in firm):
        return ()
    pairs = (*firm, (Likeness.SETTING, one.setting, other.setting))
    agree = {word for word, mine, theirs in pairs if mine and mine == theirs}
    if len(one.signs & other.signs) >= ALIKE_SIGNS:
        agree.add(Likeness.SIGNS)
    return tuple(each for each in Likeness if each in agree) if len(agree) >= ALIKE_FACTS else ()


def signs_seen(content: Mapping[str, object]) -> list[str]:
    """The codes of the signs that were answered with yes; unknown and no are not among them."""
    seen = content.get("seen")
    if not isinstance(seen, Mapping):
        return []
    return sorted(str(code) for code, answer in seen.items() if answer == "yes")
