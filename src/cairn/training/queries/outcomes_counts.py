"""How many people each training reached, women and men, and the outcomes that it is claimed for."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.portfolio.models import AssistanceRequest, Project
from cairn.portfolio.rules import REQUEST_MOVES, RequestState
from cairn.training.models import (
    CascadeCredit,
    ContributionClaim,
    Enrolment,
    HeadCount,
    MobileTrainingTeam,
    TeamMember,
    TeamTasking,
    TrainingEvent,
)
from cairn.training.rules.choices import EventKind, Participation, Sex, TaskingKind
from cairn.training.rules.states import DELIVERED, EnrolmentState


@dataclass(frozen=True, slots=True)
class People:
    """Who completed a training. `women` and `men`: those whose sex is recorded so.

    `by_counts`: people whom a report counts without naming them; `unverified`: those of a report
    that nobody verified by a sample.
    """

    total: int = 0
    women: int = 0
    men: int = 0
    by_counts: int = 0
    unverified: int = 0

    @property
    def sexed(self) -> int:
        """People whose sex is recorded as woman or man: what a share of women is taken of."""
        return self.women + self.men

    def __add__(self, other: "People") -> "People":
        return People(
            self.total + other.total,
            self.women + other.women,
            self.men + other.men,
            self.by_counts + other.by_counts,
            self.unverified + other.unverified,
        )


NOBODY = People()


def total_of(rows: Iterable[People]) -> People:
    """All of them together; a seat each time, where somebody was trained twice."""
    return sum(rows, NOBODY)


def people_trained(events: QuerySet[TrainingEvent]) -> dict[UUID, People]:
    """People who completed each event, by event id; none for an empty one. Two queries."""
    named = (
        Enrolment.objects.filter(event__in=events, state=EnrolmentState.COMPLETED)
        .exclude(event__participation=Participation.AGGREGATE)
        .order_by()
        .values("event")
        .annotate(
            total=Count("pk"),
            women=Count("pk", filter=Q(sex=Sex.FEMALE)),
            men=Count("pk", filter=Q(sex=Sex.MALE)),
        )
    )
    found = {
        row["event"]: People(row["total"], row["women"], row["men"]) for row in named.iterator()
    }
    counted = (
        HeadCount.objects.filter(report__event__in=events)
        .order_by()
        .values(event=F("report__event"), state=F("report__state"))
        .annotate(
            total=Sum("count"),
            women=Sum("count", filter=Q(sex=Sex.FEMALE), default=0),
            men=Sum("count", filter=Q(sex=Sex.MALE), default=0),
        )
    )
    for row in counted:
        unverified = 0 if row["state"] == "verified" else row["total"]
        people = People(row["total"], row["women"], row["men"], row["total"], unverified)
        found[row["event"]] = found.get(row["event"], NOBODY) + people
    return found


@dataclass(frozen=True, slots=True)
class Training:
    """One delivered event with its people and the outcomes that claim it contributed.

    `reports`: sum of what such reports count; `claims`: how many reports there are.
    `generation`: of its participants in a cascade that it began; None where it began none.
    """

    event: TrainingEvent
    people: People
    reports: Decimal
    claims: int
    generation: int | None


def delivered(events: QuerySet[TrainingEvent]) -> list[Training]:
    """Delivered events of `events`, oldest first, undated last. Five queries."""
    rows = sorted(
        events.filter(state__in=DELIVERED),
        key=lambda row: (not row.starts, row.starts, row.reference),
    )
    people = people_trained(events.filter(state__in=DELIVERED))
    claims = (
        ContributionClaim.objects.filter(
            event__in=[row.pk for row in rows], report__withdrawn_on=None
        )
        .order_by()
        .values("event")
        .annotate(total=Sum("report__count"), claims=Count("pk"))
    )
    begun = [row.pk for row in rows if row.is_generation_root]
    generations: dict[UUID, int] = dict(
        CascadeCredit.objects.filter(event__in=begun).values_list("event", "generation")
    )
    claimed: dict[UUID, Any] = {row["event"]: row for row in claims}
    return [
        Training(
            row,
            people.get(row.pk, NOBODY),
            claimed[row.pk]["total"] if row.pk in claimed else Decimal(0),
            claimed[row.pk]["claims"] if row.pk in claimed else 0,
            generations.get(row.pk),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Team:
    """A mobile team of a project: how many were chosen out of how many, and its courses."""

    team: MobileTrainingTeam
    chosen: int
    chosen_from: int
    courses_tasked: int
    courses_done: int


@dataclass(frozen=True, slots=True)
class Work:
    """What training holds about one project.

    `beside`: printed trainings of no project, held by those who hold this project's. `requests`:
    (all, open) for who may see requests, else None.
    """

    trainings: list[Training]
    beside: list[Training]
    teams: list[Team]
    requests: tuple[int, int] | None

    def of_kind(self, *kinds: EventKind) -> list[Training]:
        return [each for each in self.trainings if each.event.kind in kinds]


def work_of(actor: Actor, project: Project) -> Work:
    """The trainings of a project, in a number of queries that does not grow with them.

    Counts only, whoever asks: the caller has made sure that `actor` sees the project whole.
    Requests are internal, so only who may see them gets their number.
    """
    own = TrainingEvent.objects.filter(project=project)
    trainings = delivered(own)
    holders = {each.event.organisation_id for each in trainings}
    beside: list[Training] = []
    if holders:
        # Only what a source published: this page is for everybody.
        others = TrainingEvent.objects.filter(
            project=None, organisation__in=holders, printed__isnull=False
        )
        beside = [
            each for each in delivered(others.exclude(kind=EventKind.MEETING)) if each.people.total
        ]
    return Work(trainings, beside, _teams(project), _requests(project, actor))


def _teams(project: Project) -> list[Team]:
    rows = list(MobileTrainingTeam.objects.filter(project=project).order_by("code"))
    if not rows:
        return []
    joined = Counter(
        TeamMember.objects.filter(team__project=project, left_on=None).values_list(
            "team", flat=True
        )
    )
    roots = TrainingEvent.objects.filter(teams__in=[row.pk for row in rows])
    pool = people_trained(roots)
    tasks = (
        TeamTasking.objects.filter(team__in=[row.pk for row in rows], kind=TaskingKind.PILOT)
        .order_by()
        .values("team")
        .annotate(
            tasked=Sum("courses"),
            done=Sum(
                "courses",
                filter=Q(is_done=True) | Q(event__state__in=[state.value for state in DELIVERED]),
                default=0,
            ),
        )
    )
    by_team = {row["team"]: row for row in tasks}
    return [
        Team(
            row,
            row.counted if row.counted is not None else joined[row.pk],
            pool.get(row.chosen_at_id, NOBODY).total if row.chosen_at_id else 0,
            by_team[row.pk]["tasked"] if row.pk in by_team else 0,
            by_team[row.pk]["done"] if row.pk in by_team else 0,
        )
        for row in rows
    ]


def _requests(project: Project, actor: Actor) -> tuple[int, int] | None:
    """All and open requests that its events raised or that it answers; None who may not see any."""
    if not actor.may(Permission.REQUEST_VIEW):
        return None
    raised = (
        AssistanceRequest.objects.visible_to(actor)
        .filter(
            Q(training__raised_at__project=project)
            | Q(after_event__project=project)
            | Q(project=project)
        )
        .distinct()
    )
    over = [state.value for state in RequestState if not REQUEST_MOVES[state]]
    counts = raised.aggregate(total=Count("pk"), open=Count("pk", filter=~Q(state__in=over)))
    return counts["total"], counts["open"]
