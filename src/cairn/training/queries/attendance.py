"""Attendance of an event: marks, presences, minutes and what is missing for completion."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from cairn.core.actor import Actor
from cairn.training.models import (
    AttendanceMark,
    Enrolment,
    PracticalRating,
    RefusedRecord,
    TestSitting,
    TrainingEvent,
    TrainingSession,
)
from cairn.training.rules import attendance as rules
from cairn.training.rules.attendance import Attendance, HalfDay, Mark, Presence, SessionTime
from cairn.training.rules.choices import MarkKind, TestWave
from cairn.training.rules.completion import CompletionRule, EndTest, Missing
from cairn.training.rules.completion import missing_for_completion as what_is_missing
from cairn.training.rules.states import EnrolmentState

# A practical task is passed without or with some challenges: 3 and 4 on the scale of HSEEP.
TASK_PASSED = 3
# Who does not count among those present or expected.
AWAY = (EnrolmentState.WITHDRAWN, EnrolmentState.NO_SHOW)


@dataclass(frozen=True, slots=True)
class Roll:
    """The attendance of an event: `rows` by enrolment id, `by_session`: session id -> person."""

    sessions: list[TrainingSession]
    half_days: list[HalfDay]
    enrolments: list[Enrolment]
    rows: Mapping[UUID, Attendance]
    by_session: Mapping[UUID, Mapping[Any, Presence]]
    zone: ZoneInfo

    def present_now(self, session: TrainingSession) -> int:
        """How many have been present in `session`, for however short."""
        found = self.by_session.get(session.pk, {})
        return sum(presence.seconds > 0 for presence in found.values())


def times_of(sessions: Iterable[TrainingSession]) -> list[SessionTime]:
    """Actual times where they were entered, else the planned ones."""
    return [
        SessionTime(
            each.pk,
            each.actual_starts_at or each.starts_at,
            each.actual_ends_at or each.ends_at,
        )
        for each in sessions
    ]


def mark_of(row: AttendanceMark) -> Mark:
    """A stored mark as the rules take it."""
    return Mark(
        id=row.pk,
        session=row.session_id,
        person=row.enrolment_id,
        kind=row.kind,
        at=row.at,
        device=row.device,
        sequence=row.sequence or 0,
        offset=None if row.offset_seconds is None else timedelta(seconds=row.offset_seconds),
        corrects=row.corrects,
        received_at=row.received_at,
    )


def roll(event: TrainingEvent) -> Roll:
    """Everybody's attendance. Three queries, whatever the number of people and marks."""
    sessions = list(event.sessions.all())
    enrolments = list(event.enrolments.select_related("agency", "practitioner"))
    marks = [mark_of(row) for row in AttendanceMark.objects.filter(event=event)]
    zone = ZoneInfo(event.time_zone)
    times = times_of(sessions)
    return Roll(
        sessions=sessions,
        half_days=rules.half_days(times, zone),
        enrolments=enrolments,
        rows={
            UUID(str(key)): value
            for key, value in rules.attendance(
                times, marks, [each.pk for each in enrolments], zone
            ).items()
        },
        by_session={when.session: rules.presences(when, marks) for when in times},  # type: ignore[misc]
        zone=zone,
    )


def completion_rule(event: TrainingEvent) -> CompletionRule:
    """The rule of the frozen edition, else of the plan; without a plan 80 % of the minutes."""
    if event.edition is not None:
        given = event.edition.content.get("completion", {})
        share = Decimal(str(given.get("minimum_minutes_share") or "0.80"))
        cut, tasks = given.get("cut_score"), given.get("tasks") or []
    elif event.plan is not None:
        share = Decimal(str(event.plan.minimum_minutes_share))
        cut, tasks = event.plan.cut_score, event.plan.tasks
    else:
        return CompletionRule()
    return CompletionRule(
        minutes_percent=float(share * 100),
        cut_percent=None if cut is None else float(Decimal(str(cut)) * 100),
        needs_tasks=bool(tasks),
    )


def missing_by_enrolment(
    event: TrainingEvent, rows: Mapping[UUID, Attendance]
) -> dict[UUID, tuple[Missing, ...]]:
    """What each participant lacks for completion. At most two queries more."""
    rule = completion_rule(event)
    tests = _end_tests(event) if rule.cut_percent is not None else {}
    passed = _passed_tasks(event) if rule.needs_tasks else frozenset()
    return {
        key: what_is_missing(rule, attended, tests.get(key), key in passed)
        for key, attended in rows.items()
    }


def _end_tests(event: TrainingEvent) -> dict[UUID, EndTest]:
    """Tests at the end that were handed in, by enrolment."""
    sittings = TestSitting.objects.filter(event=event, wave=TestWave.POST).exclude(
        handed_in_at=None
    )
    return {
        each.enrolment_id: EndTest(
            float(each.mark / each.maximum * 100)
            if each.mark is not None and each.maximum and not each.needs_marking
            else None
        )
        for each in sittings
    }


def _passed_tasks(event: TrainingEvent) -> frozenset[UUID]:
    """Enrolments of whom every task of the plan was passed before every assessor."""
    plan = event.edition.content.get("completion", {}) if event.edition else {}
    tasks = set(plan.get("tasks") or (event.plan.tasks if event.plan else []))
    ratings: dict[UUID, dict[str, int]] = {}
    for enrolment, task, rating in PracticalRating.objects.filter(event=event).values_list(
        "enrolment", "task", "rating"
    ):
        own = ratings.setdefault(enrolment, {})
        own[task] = min(rating, own.get(task, rating))
    return frozenset(
        enrolment
        for enrolment, own in ratings.items()
        if all(own.get(task, 0) >= TASK_PASSED for task in tasks)
    )


def marks_of(enrolment: Enrolment) -> list[AttendanceMark]:
    """Every mark of one participant, newest first, with its session."""
    return list(
        AttendanceMark.objects.filter(enrolment=enrolment)
        .select_related("session")
        .order_by("-received_at", "-at")
    )


def taken_back(marks: Iterable[AttendanceMark]) -> frozenset[Any]:
    """Ids of those `marks` that a later one took back."""
    dead, _strays = rules.voided([mark_of(each) for each in marks])
    return dead


def todays_marks(event: TrainingEvent, now: datetime) -> int:
    """How many entries, exits and statements came since midnight at the place. One query."""
    midnight = now.astimezone(ZoneInfo(event.time_zone)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    rows = AttendanceMark.objects.filter(event=event, received_at__gte=midnight)
    return rows.exclude(kind=MarkKind.VOID).count()


def refused(actor: Actor, event: TrainingEvent) -> QuerySet[RefusedRecord]:
    """What could not be taken, those that nobody has looked at first."""
    return (
        RefusedRecord.objects.visible_to(actor)
        .filter(event=event)
        .order_by("resolved_at", "-received_at")
    )


def latest_marks(session: TrainingSession, most: int) -> list[AttendanceMark]:
    """The marks of a session that arrived last, newest first. One query."""
    rows = AttendanceMark.objects.filter(session=session).select_related("enrolment")
    return list(rows.order_by("-received_at", "-at")[:most])


def find_mark(actor: Actor, mark_id: UUID) -> AttendanceMark:
    """A mark of an event that is the actor's work. Raises AttendanceMark.DoesNotExist."""
    rows = AttendanceMark.objects.visible_to(actor).select_related("event", "session", "enrolment")
    found: AttendanceMark = rows.get(pk=mark_id)
    return found
