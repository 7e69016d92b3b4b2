"""Which rights a procedure has opened, what was told and asked, and whether removal is barred."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from cairn.core.classification import Zone
from cairn.identification.models import (
    BestInterests,
    Decision,
    DutyToken,
    Guardianship,
    Interview,
    Notification,
    Procedure,
    ReflectionStep,
    ReviewRequest,
    RightsGrant,
)
from cairn.identification.rules import rights as rules
from cairn.identification.rules.care import BestOutcome, Guarded, Question, Step
from cairn.identification.rules.profiles import Right
from cairn.identification.rules.reflection import Reflection
from cairn.identification.rules.rights import Change, Entry
from cairn.vault import blind

# The purpose of the keyed hash: tokens of other uses give unrelated marks.
PURPOSE = "duty-token"


@dataclass(frozen=True, slots=True)
class RightLine:
    """How a right stands: from when, to which last day (None: no end is set), and if it holds."""

    right: Right
    starts_on: date
    ends_on: date | None
    holds: bool
    decision: int


@dataclass(frozen=True, slots=True)
class Reflecting:
    """Where the time for reflection stands; `step` None where no decision opened it.

    `period`: how many times it was opened; `since`: the day of the newest step, or of the opening.
    """

    step: Reflection | None
    period: int
    since: date | None
    ends_on: date | None


def grants(procedure: Procedure) -> list[RightsGrant]:
    """The entries of rights of a procedure as they are stored, oldest first. One query."""
    rows = RightsGrant.objects.filter(procedure=procedure).select_related("decision")
    return list(rows.order_by("number"))


def entries_of(procedure: Procedure) -> list[Entry]:
    """The entries of rights of a procedure as rules take them, oldest first. One query."""
    return as_entries(grants(procedure))


def as_entries(rows: Sequence[RightsGrant]) -> list[Entry]:
    """Stored entries as rules take them."""
    return [
        Entry(Right(row.right), Change(row.change), row.starts_on, row.ends_on, row.decision.number)
        for row in rows
    ]


def lines(entries: Sequence[Entry], today: date) -> list[RightLine]:
    """How each right stands on `today`, in the order of Right."""
    return [
        RightLine(right, entry.starts_on, entry.ends_on, entry.holds(today), entry.decision)
        for right, entry in rules.standing(entries).items()
    ]


def rights_of(procedure: Procedure, today: date) -> list[RightLine]:
    """How the rights of a procedure stand on `today`. One query."""
    return lines(entries_of(procedure), today)


def removal_barred(token: str, now: datetime) -> bool:
    """Whether removal is barred under this token, as it is written on the slip, at `now`.

    False for a token that nobody issued or that was revoked. The same queries either way.
    """
    mark = blind.index(Zone.IDENTIFICATION, PURPOSE, token)
    live = DutyToken.objects.filter(mark=mark, revoked_at=None).values("procedure")
    rows = RightsGrant.objects.filter(procedure__in=live, right=Right.NO_REMOVAL)
    newest = rows.order_by("-number").values_list("starts_on", "ends_on").first()
    starts_on, ends_on = newest or (date.max, None)
    today = timezone.localdate(now)
    return starts_on <= today and (ends_on is None or today <= ends_on)


def live_token(procedure: Procedure) -> DutyToken | None:
    """The token of a procedure that lives, or None. One query."""
    return DutyToken.objects.filter(procedure=procedure, revoked_at=None).first()


def notifications(procedure: Procedure) -> dict[UUID, Notification]:
    """Decision -> how the person was told of it. One query."""
    rows = Notification.objects.filter(procedure=procedure)
    return {row.decision_id: row for row in rows}


def requests(procedure: Procedure) -> dict[UUID, ReviewRequest]:
    """Decision "under review" -> who asked for the review and when. One query."""
    rows = ReviewRequest.objects.filter(procedure=procedure)
    return {row.decision_id: row for row in rows}


def under_review(decisions: Sequence[Decision]) -> Decision | None:
    """Of the decisions of a procedure, oldest first: the one that the newest review is about."""
    reviewed = [each.review_of_id for each in decisions if each.review_of_id]
    by_id = {each.pk: each for each in decisions}
    return by_id[reviewed[-1]] if reviewed else None


def steps(procedure: Procedure) -> list[ReflectionStep]:
    """The steps of the time for reflection, oldest first. One query."""
    return list(ReflectionStep.objects.filter(procedure=procedure).order_by("number"))


def reflecting(entries: Sequence[Entry], taken: Sequence[ReflectionStep]) -> Reflecting:
    """Where the time for reflection stands, from the entries and steps of a procedure."""
    openings = [
        each for each in entries if each.right is Right.REFLECTION and each.change is Change.OPENED
    ]
    if not openings:
        return Reflecting(None, 0, None, None)
    period = len(openings)
    own = [each for each in taken if each.period == period]
    ends_on = rules.standing(entries)[Right.REFLECTION].ends_on
    if not own:
        return Reflecting(Reflection.ELIGIBLE, period, openings[-1].starts_on, ends_on)
    return Reflecting(Reflection(own[-1].step), period, own[-1].happened_on, ends_on)


def guardians(procedure: Procedure) -> list[Guardianship]:
    """Who is or was guardian, oldest first; names stay sealed. One query."""
    rows = Guardianship.objects.filter(procedure=procedure).select_related("procedure")
    return list(rows.order_by("number"))


def best_interests(procedure: Procedure) -> list[BestInterests]:
    """The best-interests steps, oldest first; the child's view stays sealed. One query."""
    rows = BestInterests.objects.filter(procedure=procedure).select_related("procedure")
    return list(rows.order_by("number"))


def interviews(procedure: Procedure) -> list[Interview]:
    """The interviews, oldest first. One query."""
    return list(Interview.objects.filter(procedure=procedure).order_by("number"))


def guarded(rows: Sequence[Guardianship]) -> list[Guarded]:
    """Guardianships as rules take them."""
    return [Guarded(row.starts_on, row.ends_on) for row in rows]


def assessed(rows: Sequence[BestInterests]) -> list[Step]:
    """Best-interests steps as rules take them."""
    return [
        Step(Question(row.question), BestOutcome(row.outcome), row.assessed_on, row.review_on)
        for row in rows
    ]


def find_guardian(procedure: Procedure, number: int) -> Guardianship:
    """One guardianship of a procedure. Raises Guardianship.DoesNotExist."""
    return Guardianship.objects.get(procedure=procedure, number=number)


def find_interview(procedure: Procedure, number: int) -> Interview:
    """One interview of a procedure. Raises Interview.DoesNotExist."""
    return Interview.objects.get(procedure=procedure, number=number)
