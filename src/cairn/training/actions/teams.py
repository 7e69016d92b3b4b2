"""Every write about mobile training teams: form, staff, complete, task, deploy, stand down."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.core import audit
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import Organisation
from cairn.core.partial_dates import PartialDate, PartialDateRefused
from cairn.core.storing import saved_as_new
from cairn.portfolio.models import Project
from cairn.training.actions import steps
from cairn.training.models import (
    MobileTrainingTeam,
    Practitioner,
    Step,
    TeamMember,
    TeamTasking,
    TrainerProfile,
    TrainingEvent,
)
from cairn.training.queries.teams import kept_form, members_lacking, requirement_of
from cairn.training.rules import teams as rules
from cairn.training.rules.choices import Profession, TaskingKind
from cairn.training.rules.states import DELIVERED
from cairn.training.rules.team_needs import Requirement
from cairn.training.rules.teams import TEAM_MOVES, TeamState


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """What a team is entered with. `country`: alpha-3 of where it goes, or empty."""

    code: str
    title: str
    organisation: Organisation
    requirement: Requirement
    country: str = ""
    project: Project | None = None
    chosen_at: TrainingEvent | None = None


def locked_team(actor: Actor, code: str) -> MobileTrainingTeam:
    """The team, locked; raises MobileTrainingTeam.DoesNotExist, PermissionDenied."""
    rows = MobileTrainingTeam.objects.visible_to(actor).select_for_update(of=("self",))
    found = rows.get(code=code)
    require(actor, Permission.TRAINING_EDIT, within=found)
    return found


@transaction.atomic
def form_team(actor: Actor, facts: TeamFacts) -> MobileTrainingTeam:
    """Enter a team that is being formed.

    Raises PermissionDenied, RuleBroken ("team.code", "team.requirement").
    """
    made = MobileTrainingTeam(
        code=facts.code.strip(),
        title=facts.title.strip(),
        organisation=facts.organisation,
        country=facts.country,
        project=facts.project,
        chosen_at=facts.chosen_at,
        requirements=kept_form(facts.requirement),
        state=TeamState.FORMING,
    )
    require(actor, Permission.TRAINING_EDIT, within=made)
    rules.check_requirement(facts.requirement)
    if not saved_as_new(made):
        raise RuleBroken("team.code", _("Another team has this code."), _("Choose another code."))
    steps.record_step(actor, made, "", TeamState.FORMING.value)
    audit.record(actor, "training_team.formed", made)
    return made


@transaction.atomic
def change_needs(
    actor: Actor, code: str, requirement: Requirement, reason: str
) -> MobileTrainingTeam:
    """Change what a team needs, with a reason; what it lacks is computed anew.

    Raises MobileTrainingTeam.DoesNotExist, PermissionDenied, RuleBroken ("team.requirement",
    "team.reason", "team.closed").
    """
    team = locked_team(actor, code)
    rules.check_open(TeamState(team.state))
    rules.check_requirement(requirement)
    if not reason.strip():
        raise RuleBroken("team.reason", _("Say why the team needs something else now."))
    team.requirements = kept_form(requirement)
    team.save(update_fields=["requirements"])
    steps.record_step(actor, team, team.state, team.state, reason)
    audit.record(actor, "training_team.needs_changed", team)
    return team


@transaction.atomic
def add_member(
    actor: Actor, code: str, person: str, *, function: str = "", joined_on: date | None = None
) -> TeamMember:
    """Take a trainer of the roster into a team.

    Raises MobileTrainingTeam.DoesNotExist, Practitioner.DoesNotExist, PermissionDenied,
    RuleBroken ("team.closed", "team.roster", "team.member", "team.full", "team.function").
    """
    team = locked_team(actor, code)
    rules.check_open(TeamState(team.state))
    who = Practitioner.objects.visible_to(actor).kept().get(code=person.upper())
    if not TrainerProfile.objects.filter(practitioner=who).exists():
        raise RuleBroken(
            "team.roster",
            _("This person is not on the roster of trainers."),
            _("Put the person on the roster first."),
        )
    if function and function not in {"lead", *Profession.values}:
        raise RuleBroken("team.function", _("Choose a function from the list."))
    _check_room(team)
    member, is_new = TeamMember.objects.get_or_create(
        team=team,
        practitioner=who,
        defaults={"function": function, "joined_on": joined_on or timezone.localdate()},
    )
    if not is_new and member.left_on is None:
        raise RuleBroken("team.member", _("This person is in the team already."))
    if not is_new:
        member.left_on, member.function = None, function
        member.joined_on = joined_on or timezone.localdate()
        member.save(update_fields=["left_on", "function", "joined_on"])
    audit.record(actor, "training_team.joined", team, member=str(who.pk))
    return member


def _check_room(team: MobileTrainingTeam) -> None:
    most = requirement_of(team).most
    if most is not None and team.members.filter(left_on=None).count() >= most:
        raise RuleBroken(
            "team.full",
            _("The team has its largest size, %(most)d.") % {"most": most},
            _("Take somebody out first, or change what the team needs."),
        )


@transaction.atomic
def remove_member(actor: Actor, code: str, member: UUID) -> TeamMember:
    """Let somebody leave a team; a complete team that then lacks something is forming again.

    Raises MobileTrainingTeam.DoesNotExist, TeamMember.DoesNotExist, PermissionDenied, RuleBroken
    ("team.closed").
    """
    team = locked_team(actor, code)
    rules.check_open(TeamState(team.state))
    row = TeamMember.objects.get(pk=member, team=team, left_on=None)
    row.left_on = max(row.joined_on, timezone.localdate())
    row.save(update_fields=["left_on"])
    audit.record(actor, "training_team.left", team, member=str(row.practitioner_id))
    if team.state == TeamState.COMPLETE and members_lacking(team, today=timezone.localdate()):
        reason = _("Somebody left, and the team lacks something.")
        _move(actor, team, TeamState.FORMING, reason)
    return row


@transaction.atomic
def move_team(actor: Actor, code: str, to: TeamState, reason: str = "") -> MobileTrainingTeam:
    """Take a team one step on. It is complete only while nothing is missing.

    Somebody who decides confirms that a team is complete. Raises MobileTrainingTeam.DoesNotExist,
    PermissionDenied, RuleBroken ("team.move", "team.incomplete", "team.task", "team.reason").
    """
    team = locked_team(actor, code)
    now = TeamState(team.state)
    rules.check_team_move(now, to, members_lacking(team, today=timezone.localdate()))
    if to == TeamState.COMPLETE:
        require(actor, Permission.TRAINING_DECIDE, within=team)
    if to == TeamState.TASKED and not team.taskings.filter(is_done=False).exists():
        raise RuleBroken("team.task", _("The team has no task yet."), _("Give it a task first."))
    if to in {TeamState.FORMING, TeamState.STOOD_DOWN} and not reason.strip():
        raise RuleBroken("team.reason", _("Say why."))
    _move(actor, team, to, reason)
    return team


def _move(actor: Actor, team: MobileTrainingTeam, to: TeamState, reason: str) -> None:
    # `state` is kept as plain text: the step machine reads it through its own choices.
    team.state = TeamState(team.state)
    steps.move(actor, team, TEAM_MOVES, to, code="training_team.moved", reason=reason)


@transaction.atomic
def add_task(
    actor: Actor,
    code: str,
    kind: TaskingKind,
    title: str,
    *,
    courses: int = 1,
    country: str = "",
    due: str = "",
) -> TeamTasking:
    """Ask a team to give courses. `due`: a partial date ("2026-09").

    Raises MobileTrainingTeam.DoesNotExist, PermissionDenied, RuleBroken ("tasking.due",
    "tasking.count", "tasking.team").
    """
    team = locked_team(actor, code)
    if team.state == TeamState.STOOD_DOWN:
        raise RuleBroken("tasking.team", _("This team has stood down."))
    rules.check_tasking(_due(due), formed_on=_formed_on(team), courses=courses)
    made = TeamTasking.objects.create(
        team=team, kind=kind, title=title.strip(), courses=courses, country=country, due=due.strip()
    )
    audit.record(actor, "training_team.tasked", team, courses=courses, kind=kind.value)
    return made


def _due(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return PartialDate.parse(text.strip()).last
    except PartialDateRefused as refusal:
        raise RuleBroken(
            "tasking.due", str(refusal), _("Give a year, a month (2026-09) or a day.")
        ) from None


def _formed_on(team: MobileTrainingTeam) -> date:
    """The day of the first step, or long ago for a team that has none on record."""
    first = Step.objects.filter(subject="mobiletrainingteam", subject_id=team.pk).last()
    return timezone.localdate(first.at) if first else date.min


@transaction.atomic
def settle_task(
    actor: Actor, code: str, tasking: UUID, *, event: str = "", is_done: bool = False
) -> TeamTasking:
    """Say by which event a task is answered, or that all its courses were given.

    Raises MobileTrainingTeam.DoesNotExist, TeamTasking.DoesNotExist, TrainingEvent.DoesNotExist,
    PermissionDenied, RuleBroken ("tasking.event", "tasking.done").
    """
    team = locked_team(actor, code)
    row = TeamTasking.objects.select_related("event").get(pk=tasking, team=team)
    if event:
        found = TrainingEvent.objects.visible_to(actor).get(reference=event)
        if TeamTasking.objects.filter(event=found).exclude(pk=row.pk).exists():
            raise RuleBroken(
                "tasking.event",
                _("This event answers another task already."),
                _("Choose another event."),
            )
        row.event = found
    if is_done and row.event is not None and row.event.state not in DELIVERED:
        raise RuleBroken(
            "tasking.done",
            _("The event that answers this task is not delivered yet."),
            _("Mark the event as delivered first."),
        )
    row.is_done = is_done or row.is_done
    row.save(update_fields=["event", "is_done"])
    audit.record(actor, "training_team.task_settled", team, done=row.is_done)
    return row
