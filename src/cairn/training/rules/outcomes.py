"""What came of training: reports from the field, how strong a claim is, and requests. Pure.

Contribution, never attribution, and no data of victims or suspects: a kind, a month, an area and
a count. Source: the training study, 6.6 and its decision 8.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cairn.core.errors import RuleBroken
from cairn.portfolio.rules import REQUEST_MOVES, RequestState
from cairn.training.rules.choices import RequestKind, Strength

# One report of one officer or unit for one month: more than this is a slip of the finger.
MOST_IN_A_REPORT = 500
# Long enough for "joint patrols with the border unit", too short for a story about a person.
LONGEST_NOTE = 160
# Reports are about work after the training; older months are typed in from a source instead.
OLDEST_MONTHS = 36

# From the weakest to the strongest.
STRENGTHS: tuple[Strength, ...] = (
    Strength.SELF_REPORTED,
    Strength.SUPERVISOR_CONFIRMED,
    Strength.DOCUMENTED,
)


class Factor(TextChoices):
    """What else may have led to an outcome: a claim of contribution always asks."""

    OTHER_TRAINING = "other-training", gettext_lazy("Training by others")
    NEW_LAW = "new-law", gettext_lazy("A new law or order")
    LEADERSHIP = "leadership", gettext_lazy("A change of leadership or of priorities")
    STAFF = "staff", gettext_lazy("More staff or equipment")
    PARTNERS = "partners", gettext_lazy("Work of partners or civil society")
    SITUATION = "situation", gettext_lazy("A change of the situation on the ground")
    NONE_KNOWN = "none-known", gettext_lazy("None known")


def rank(strength: Strength) -> int:
    """0 for the weakest, 2 for the strongest."""
    return STRENGTHS.index(strength)


def strongest(strengths: Iterable[Strength]) -> Strength | None:
    """The strongest of several claims about one report; None for none."""
    return max(strengths, key=rank, default=None)


def check_strength(
    now: Strength | None, to: Strength, *, evidence: str, is_own_report: bool
) -> None:
    """Raise RuleBroken unless a claim may be raised from `now` to `to`.

    "claim.weaker": a claim is only raised; a correction is a new report. "claim.own": whoever
    reported does not confirm as their own supervisor. "claim.evidence": a documented claim names
    the document.
    """
    if now is not None and rank(to) <= rank(now):
        raise RuleBroken(
            "claim.weaker",
            _("The claim stands already as “%(now)s”.") % {"now": now.label},
            _("Withdraw the report when it was wrong, and enter a new one."),
        )
    if is_own_report and rank(to) >= rank(Strength.SUPERVISOR_CONFIRMED):
        raise RuleBroken(
            "claim.own",
            _("Somebody else than whoever reported it confirms a claim."),
            _("Ask the supervisor or the training officer."),
        )
    if to == Strength.DOCUMENTED and not evidence.strip():
        raise RuleBroken(
            "claim.evidence",
            _("A documented claim names the document that shows it."),
            _("Give title, date and keeper of the document, not its content."),
        )


def check_factors(factors: Sequence[str]) -> None:
    """Raise RuleBroken("claim.factors") unless the question of other factors is answered.

    "None known" is an answer, and stands alone.
    """
    if not factors:
        raise RuleBroken(
            "claim.factors",
            _("Say what else may have led to this; “none known” is an answer too."),
        )
    if any(each not in Factor for each in factors):
        raise RuleBroken("claim.factors", _("Choose from the list of factors."))
    if Factor.NONE_KNOWN in factors and len(set(factors)) > 1:
        raise RuleBroken(
            "claim.factors",
            _("“None known” stands alone."),
            _("Take it away, or take the others away."),
        )


def check_month(month: date, *, today: date, trained_on: date | None) -> None:
    """Raise RuleBroken("outcome.month") unless the month may be reported on.

    `month`: any day of it. `trained_on`: last day of the event that may have contributed.
    """
    first = month.replace(day=1)
    if first > today:
        raise RuleBroken("outcome.month", _("This month is still to come."), _("Check the month."))
    if _months_between(first, today) > OLDEST_MONTHS:
        raise RuleBroken(
            "outcome.month",
            ngettext(
                "A report goes back at most %(months)d month.",
                "A report goes back at most %(months)d months.",
                OLDEST_MONTHS,
            )
            % {"months": OLDEST_MONTHS},
            _("Older results are entered from their printed source."),
        )
    if trained_on is not None and first < trained_on.replace(day=1):
        raise RuleBroken(
            "outcome.month",
            _("This month lies before the training."),
            _("Check the month, or choose another event."),
        )


def _months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


def check_count(count: int) -> None:
    """Raise RuleBroken("outcome.count") unless the count is from 1 to 500."""
    if not 1 <= count <= MOST_IN_A_REPORT:
        raise RuleBroken(
            "outcome.count",
            _("A report counts from 1 to %(most)d.") % {"most": MOST_IN_A_REPORT},
            _("Enter one report for each month and area."),
        )


# What must never be in a note. Each pattern errs on the side of refusing: there are fields for
# everything that belongs into a report.
_REFUSED: tuple[tuple[str, re.Pattern[str], Promise], ...] = (
    (
        "outcome.note-day",
        re.compile(r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{4}-\d{2}-\d{2}\b"),
        gettext_lazy("The note holds an exact day; the month is enough."),
    ),
    (
        "outcome.note-contact",
        re.compile(r"(?:\d[\s().+/-]*){6,}|[\w.+-]+@[\w-]+\.\w+|https?://|www\.", re.IGNORECASE),
        gettext_lazy("The note holds what looks like a telephone number or an address."),
    ),
    (
        "outcome.note-document",
        re.compile(r"\b[A-Z]{1,3}[\s-]?\d{4,}\b"),
        gettext_lazy("The note holds what looks like the number of a document or a case."),
    ),
    (
        "outcome.note-age",
        re.compile(
            r"\b\d{1,2}[\s-]*(?:years?[\s-]*old|y/o|ans\b)|\b(?:aged?|âgée?)\s+(?:de\s+)?\d{1,2}\b"
            r"|\d+\s*(?:سنة|عام)",
            re.IGNORECASE,
        ),
        gettext_lazy("The note holds what looks like somebody's age."),
    ),
    (
        "outcome.note-name",
        re.compile(
            r"\b(?i:Mr|Mrs|Ms|Miss|Mme|Mlle|Monsieur|Madame|Dr|Sheikh)\b\.?\s+[^\W\d_]"
            r"|\b(?i:named|called|name\s+is|nommée?|s'appelle)\s+[A-ZÀ-Þ]"
            r"|(?:السيد|السيدة|الشيخ|اسمه|اسمها)\s"
        ),
        gettext_lazy("The note holds what looks like somebody's name."),
    ),
)
# Two words with a capital inside a sentence may be a name, or a ministry: ask, don't refuse.
_TWO_CAPITALS = re.compile(r"(?<=[^\W\d_.!?:;]\s)[A-ZÀ-Þ][\w'’-]+\s+[A-ZÀ-Þ][\w'’-]+")


def check_note(note: str) -> None:
    """Raise RuleBroken("outcome.note-...") for a note that is long or tells of a person."""
    if len(note) > LONGEST_NOTE:
        raise RuleBroken(
            "outcome.note-long",
            _("A note has at most %(most)d characters.") % {"most": LONGEST_NOTE},
            _("Leave out everything that is about a person or a case."),
        )
    for code, pattern, said in _REFUSED:
        if pattern.search(note):
            raise RuleBroken(
                code,
                str(said),
                _("Leave it out: a report holds nothing about a victim, a witness or a suspect."),
            )


def doubts(note: str) -> list[str]:
    """Parts of a note that may be somebody's name: to be shown and asked about, not refused."""
    return [match.group() for match in _TWO_CAPITALS.finditer(note)]


@dataclass(frozen=True, slots=True)
class NextStep:
    """What a request waits for. `by`: the day that was set, None when none was."""

    state: RequestState
    age: int
    by: date | None
    is_late: bool
    sentence: str


# What each state waits for, as the page tells it.
_WAITS = {
    RequestState.RECEIVED: gettext_lazy("Assess what is asked for."),
    RequestState.ASSESSED: gettext_lazy("Match it with a project, or decline it with a reason."),
    RequestState.MATCHED: gettext_lazy("Find the funding."),
    RequestState.FUNDED: gettext_lazy("Plan and begin."),
    RequestState.DELIVERING: gettext_lazy("Deliver what was planned."),
    RequestState.DELIVERED: gettext_lazy("Ask the requester to confirm, or record what follows."),
    RequestState.FOLLOWED_UP: gettext_lazy("Nothing: it is done."),
    RequestState.DECLINED: gettext_lazy("Nothing: it was declined."),
}


def next_step(
    state: RequestState, *, received_on: date | None, by: date | None, today: date
) -> NextStep:
    """Age in whole days (0 where the day of receipt is not known) and what comes next."""
    is_open = bool(REQUEST_MOVES[state])
    return NextStep(
        state=state,
        age=max(0, (today - received_on).days) if received_on else 0,
        by=by if is_open else None,
        is_late=is_open and by is not None and by < today,
        sentence=str(_WAITS[state]),
    )


# Words by which the kind of a printed request is told, most specific first. English, as the
# sources are; what fits none is "other" and a person decides.
_KINDS: tuple[tuple[str, RequestKind], ...] = (
    ("instructor", RequestKind.INSTRUCTOR_FOLLOW_UP),
    ("training of trainers", RequestKind.TOT),
    ("working group", RequestKind.WORKING_GROUP),
    ("simulation", RequestKind.SIMULATION),
    ("mentor", RequestKind.MENTORING),
    ("equipment", RequestKind.EQUIPMENT),
    ("legislat", RequestKind.LEGISLATION),
    ("policy", RequestKind.POLICY),
    ("curricul", RequestKind.CURRICULUM),
)


def kinds_of(text: str) -> tuple[RequestKind, ...]:
    """The kinds that a printed request speaks of, in the order of the table; never empty.

    "follow-up training for instructors to integrate the module into peacekeeping curricula" is
    follow-up of instructors, and integration into a curriculum.
    """
    lowered = text.casefold()
    found = tuple(kind for word, kind in _KINDS if word in lowered)
    return found or (RequestKind.OTHER,)
