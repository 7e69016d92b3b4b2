"""Mobile training teams: who is in, what is missing, who would fill it. By code only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from cairn.core import geography
from cairn.core.actor import Actor
from cairn.core.language import language
from cairn.training.models import (
    MobileTrainingTeam,
    Practitioner,
    Step,
    TeamMember,
    TeamTasking,
)
from cairn.training.queries.roster import Trainer, assembled
from cairn.training.rules.choices import Profession, Sex
from cairn.training.rules.roster import CAN_BE_ASKED
from cairn.training.rules.team_needs import (
    Candidate,
    Gap,
    Obstacle,
    Period,
    Proposal,
    Requirement,
    gaps,
    most_helpful,
    obstacles,
    propose,
)
from cairn.training.rules.teams import TeamState
from cairn.ui.templatetags.ui import language_name

# An exact search over more people than this would take long; those who help most come first.
MOST_CANDIDATES = 40
# The list of who would help shows so many.
SHOWN = 25


def requirement_of(team: MobileTrainingTeam) -> Requirement:
    """What the team needs, from how it is kept; what is missing there is not asked for."""
    kept: Mapping[str, Any] = team.requirements
    return Requirement(
        size=int(kept.get("size", 1)),
        most=kept.get("most"),
        women=int(kept.get("women", 0)),
        leads=int(kept.get("leads", 1)),
        professions=dict(kept.get("professions", {})),
        languages=frozenset(kept.get("languages", [])),
        speakers=int(kept.get("speakers", 1)),
        topics=frozenset(kept.get("topics", [])),
        legal_systems=frozenset(kept.get("legal_systems", [])),
        needs_vetting=bool(kept.get("needs_vetting", True)),
        first=_day(kept.get("first")),
        last=_day(kept.get("last")),
        travel_days=int(kept.get("travel_days", 0)),
    )


def kept_form(asked: Requirement) -> dict[str, Any]:
    """`asked` as it is kept: plain JSON, lists in order."""
    return {
        "size": asked.size,
        "most": asked.most,
        "women": asked.women,
        "leads": asked.leads,
        "professions": dict(sorted(asked.professions.items())),
        "languages": sorted(asked.languages),
        "speakers": asked.speakers,
        "topics": sorted(asked.topics),
        "legal_systems": sorted(asked.legal_systems),
        "needs_vetting": asked.needs_vetting,
        "first": asked.first.isoformat() if asked.first else None,
        "last": asked.last.isoformat() if asked.last else None,
        "travel_days": asked.travel_days,
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def candidate_of(trainer: Trainer, country: str, *, today: date) -> Candidate:
    """What the team builder looks at of one trainer; `country`: where the team goes.

    Knows the legal system of the country of service. Restricted: everywhere, or there.
    """
    facts, person = trainer.facts, trainer.practitioner
    standing = [each for each in facts.restrictions if each.until is None or today <= each.until]
    return Candidate(
        code=person.code,
        step=trainer.level,
        sex=Sex(person.sex),
        professions=frozenset({person.profession} - {Profession.NOT_STATED.value}),
        languages=frozenset(str(each.get("code", "")) for each in person.languages),
        topics=frozenset(each.family for each in facts.qualifications),
        legal_systems=frozenset({person.country} - {""}),
        vetted_until=facts.vetted_until,
        available=tuple(Period(each.starts_on, each.ends_on) for each in facts.available),
        away=tuple(Period(each.starts_on, each.ends_on) for each in facts.away),
        travel_days_left=person.trainer.travel_days,
        is_restricted=any(each.country in {"", country} for each in standing),
        can_be_asked=trainer.status.standing in CAN_BE_ASKED,
    )


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in the team. `trainer` None: the record is not for this reader to see."""

    row: TeamMember
    trainer: Trainer | None
    obstacles: tuple[Obstacle, ...]


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody who would fill part of what is missing. `fills`: how much of it."""

    trainer: Trainer
    fills: int
    obstacles: tuple[Obstacle, ...]


@dataclass(frozen=True, slots=True)
class View:
    """A team as its page shows it.

    `gaps` None: only the number of its members is on record, so nothing can be checked. `blocked`:
    candidates with something against them.
    """

    team: MobileTrainingTeam
    state: TeamState
    requirement: Requirement
    members: list[Member]
    gaps: tuple[Gap, ...] | None
    proposal: Proposal | None
    helpers: list[Helper]
    blocked: list[Helper]
    taskings: list[TeamTasking]
    steps: list[Step]


def teams(actor: Actor) -> QuerySet[Any]:
    """Teams with the number of members and courses, those under way first."""
    rows = MobileTrainingTeam.objects.visible_to(actor)
    return rows.annotate(
        joined=Count("members", filter=Q(members__left_on=None), distinct=True),
    ).order_by("state", "code")


def courses_of(rows: Iterable[MobileTrainingTeam]) -> dict[Any, tuple[int, int]]:
    """(asked for, given) courses of each team. One query."""
    counts = (
        TeamTasking.objects.filter(team__in=[row.pk for row in rows])
        .order_by()
        .values("team")
        .annotate(asked=Sum("courses"), done=Sum("courses", filter=Q(is_done=True), default=0))
    )
    return {row["team"]: (row["asked"], row["done"]) for row in counts}


def find_team(actor: Actor, code: str) -> MobileTrainingTeam:
    """Raises MobileTrainingTeam.DoesNotExist."""
    rows = MobileTrainingTeam.objects.visible_to(actor)
    found = rows.select_related("project", "chosen_at", "organisation").get(code=code)
    return found


def find_task(team: MobileTrainingTeam, pk: UUID) -> TeamTasking:
    """Raises TeamTasking.DoesNotExist."""
    return TeamTasking.objects.select_related("event").get(pk=pk, team=team)


def members_lacking(team: MobileTrainingTeam, *, today: date) -> tuple[Gap, ...] | None:
    """What the team lacks, whoever asks; None when only the number of members is on record.

    A member with something against them does not count.
    """
    if team.counted is not None and not team.members.filter(left_on=None).exists():
        return None
    people = Practitioner.objects.filter(
        pk__in=team.members.filter(left_on=None).values("practitioner")
    )
    asked = requirement_of(team)
    members = [candidate_of(each, team.country, today=today) for each in _trainers(people, today)]
    return gaps(asked, [each for each in members if not obstacles(each, asked, today=today)])


def _trainers(rows: QuerySet[Practitioner], today: date) -> list[Trainer]:
    listed = rows.exclude(trainer=None).select_related("trainer", "agency").order_by("code")
    return assembled(listed, today=today)


def view_of(actor: Actor, team: MobileTrainingTeam, *, today: date) -> View:
    """The team with everything its page shows. A constant number of queries."""
    asked = requirement_of(team)
    rows = list(team.members.filter(left_on=None).select_related("practitioner"))
    visible = Practitioner.objects.visible_to(actor).kept()
    everybody = {each.practitioner.pk: each for each in _trainers(visible, today)}
    shown = {key: candidate_of(each, team.country, today=today) for key, each in everybody.items()}
    against = {key: obstacles(each, asked, today=today) for key, each in shown.items()}
    members = [
        Member(row, everybody.get(row.practitioner_id), against.get(row.practitioner_id, ()))
        for row in rows
    ]
    inside = {row.practitioner_id for row in rows}
    ready = [shown[key] for key in inside if key in shown and not against[key]]
    lacking = members_lacking(team, today=today)
    free = [shown[key] for key in shown if key not in inside]
    by_code = {each.practitioner.code: (key, each) for key, each in everybody.items()}
    helpers = [
        Helper(by_code[each.code][1], fills, against[by_code[each.code][0]])
        for each, fills in most_helpful(asked, ready, free)
    ]
    able = [each for each in helpers if not each.obstacles]
    proposal = None
    if lacking:
        chosen = {each.trainer.practitioner.code for each in able[:MOST_CANDIDATES]}
        proposal = propose(asked, ready, [each for each in free if each.code in chosen])
    history = Step.objects.visible_to(actor).filter(
        subject="mobiletrainingteam", subject_id=team.pk
    )
    return View(
        team=team,
        state=TeamState(team.state),
        requirement=asked,
        members=members,
        gaps=lacking,
        proposal=proposal,
        helpers=able[:SHOWN],
        blocked=[each for each in helpers if each.obstacles][:SHOWN],
        taskings=list(team.taskings.select_related("event")),
        steps=list(history),
    )


def names_of(asked: Requirement) -> dict[str, str]:
    """Words for the codes of languages and legal systems that a requirement names."""
    named = {code: language_name(code) for code in asked.languages}
    for code in asked.legal_systems:
        try:
            named[code] = geography.country_name(code, language())
        except KeyError:
            named[code] = code
    return named
