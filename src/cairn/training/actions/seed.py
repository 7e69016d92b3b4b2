"""Makes training records of what sources print: events, a team, its tasks, outcomes, requests.

The printed records of the portfolio stay as they are; each training record points to its own. What
somebody changed afterwards in training is left alone, so that doing it again changes nothing.
"""

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from django.db import transaction
from django.utils.text import slugify

from cairn.access.permissions import Permission, require
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.models import Organisation, OrganisationKind
from cairn.portfolio.models import AssistanceRequest, OutcomeRecord, Partner, Project
from cairn.portfolio.models import Event as PrintedEvent
from cairn.training.actions.cascade import rebuild
from cairn.training.actions.outcomes_measured import record_measures
from cairn.training.actions.steps import record_step
from cairn.training.models import (
    Agency,
    CascadeReport,
    ContributionClaim,
    EventParty,
    FieldOutcomeReport,
    HeadCount,
    MobileTrainingTeam,
    TeamTasking,
    TrainingEvent,
    TrainingRequest,
)
from cairn.training.rules import printed
from cairn.training.rules.choices import (
    AgencyType,
    Participation,
    PartyRole,
    Strength,
    TaskingKind,
)
from cairn.training.rules.outcomes import kinds_of
from cairn.training.rules.states import EventState, ReportState
from cairn.training.rules.teams import TeamState

AS_PRINTED = "As the source prints it."
# A body whose name says so teaches others, and keeps a curriculum of its own.
TEACHES = ("training center", "training centre", "school", "academy")


@dataclass(slots=True)
class Loaded:
    """What was made this time. `left`: printed outcomes that are no outcomes of training."""

    events: int = 0
    teams: int = 0
    taskings: int = 0
    outcomes: int = 0
    requests: int = 0
    measurements: int = 0
    left: list[str] = field(default_factory=list)

    @property
    def changed(self) -> int:
        """How many records were made or brought up to date."""
        return (
            self.events
            + self.teams
            + self.taskings
            + self.outcomes
            + self.requests
            + self.measurements
        )


class _Bodies:
    """Organisations by name, and who leads what; asked once."""

    def __init__(self) -> None:
        self._known = {each.name: each for each in Organisation.objects.filter(is_demo=False)}

    @cached_property
    def _leads(self) -> dict[object, Organisation]:
        rows = Partner.objects.filter(role=Partner.Role.LEAD).select_related("organisation")
        return {row.project_id: row.organisation for row in rows}

    def leading(self, project_id: object) -> Organisation | None:
        """Who leads a project; for work of no project, who leads most of them."""
        if own := self._leads.get(project_id):
            return own
        most = Counter(each.pk for each in self._leads.values()).most_common(1)
        by_id = {each.pk: each for each in self._leads.values()}
        return by_id[most[0][0]] if most else None

    def called(self, name: str) -> Organisation | None:
        """The body that a printed name stands for, when it is known."""
        found = printed.same_body(name, self._known)
        return self._known[found] if found else None

    def made(self, name: str, country: str) -> Organisation:
        """The body that a printed name stands for; entered when it is new."""
        if known := self.called(name):
            return known
        made, _is_new = Organisation.objects.get_or_create(
            slug=slugify(name)[:80],
            defaults={"name": name, "kind": OrganisationKind.OTHER, "country": country},
        )
        self._known[made.name] = made
        return made


@transaction.atomic
def load_programme(actor: Actor) -> Loaded:
    """Make training records of every printed event, outcome and request that has none yet.

    Raises PermissionDenied. Changes nothing the second time.
    """
    require(actor, Permission.TRAINING_EDIT)
    done, bodies = Loaded(), _Bodies()
    for event in PrintedEvent.objects.filter(training=None).select_related("project"):
        done.events += _load_event(actor, event, bodies)
    _load_teams(actor, bodies, done)
    for record in OutcomeRecord.objects.filter(training=None, team=None, tasking=None):
        _load_outcome(record, done)
    for request in AssistanceRequest.objects.filter(training=None).select_related(
        "after_event__training"
    ):
        TrainingRequest.objects.create(
            request=request,
            kinds=[kind.value for kind in kinds_of(request.request)],
            raised_at=_training(request.after_event),
        )
        done.requests += 1
    if done.events:
        rebuild()
    projects = Project.objects.filter(training_events__printed__isnull=False).distinct()
    done.measurements = sum(record_measures(actor, project) for project in projects)
    if done.changed:
        audit.record(
            actor,
            "training_programme.loaded",
            events=done.events,
            teams=done.teams,
            taskings=done.taskings,
            outcomes=done.outcomes,
            requests=done.requests,
        )
    return done


def _training(event: PrintedEvent | None) -> TrainingEvent | None:
    return getattr(event, "training", None) if event else None


def _load_event(actor: Actor, event: PrintedEvent, bodies: _Bodies) -> bool:
    """A training event by counts only: a source gives no names. False where nobody holds it."""
    organisation = bodies.leading(event.project_id)
    if organisation is None:
        return False
    kind = printed.event_kind(event.kind)
    countries = list(event.place_countries)
    made = TrainingEvent.objects.create(
        reference=_free_reference(event.reference),
        kind=kind,
        title=_title(event),
        state=EventState.REPORTED if event.participants else EventState.DELIVERED,
        participation=Participation.AGGREGATE,
        organisation=organisation,
        project=event.project,
        printed=event,
        country=countries[0] if len(countries) == 1 else "",
        place_countries=countries,
        from_countries=list(event.from_countries),
        place=event.place,
        starts=event.starts,
        ends=event.ends or event.starts,
        # Its trainers were trained elsewhere, or began it: a cascade begins here.
        is_generation_root=printed.taught_by_trained(event.kind),
        source=event.source,
        created_at=clock.now(),
    )
    record_step(actor, made, "", made.state, AS_PRINTED)
    _parties(made, event, bodies)
    if event.participants:
        _report(made, event)
    return True


def _free_reference(reference: str) -> str:
    """The printed reference, unless an event of training took it already."""
    is_taken = TrainingEvent.objects.filter(reference=reference).exists()
    return f"{reference}-printed"[:20] if is_taken else reference


def _title(event: PrintedEvent) -> str:
    words = ": ".join(part for part in (event.kind, event.subject) if part)
    return f"{words[:1].upper()}{words[1:]}"[:300]


def _parties(made: TrainingEvent, event: PrintedEvent, bodies: _Bodies) -> None:
    """Partners, and those agencies that are bodies on record ("police officers" is none)."""
    partners = [bodies.made(name, made.country) for name in event.partners]
    senders = [found for name in event.agencies if (found := bodies.called(name))]
    rows = {each.pk: (each, PartyRole.COOPERATING) for each in senders}
    rows |= {each.pk: (each, PartyRole.PARTNER) for each in partners}
    EventParty.objects.bulk_create(
        [EventParty(event=made, organisation=body, role=role) for body, role in rows.values()]
    )
    for body, _role in rows.values():
        if any(word in body.name.casefold() for word in TEACHES):
            Agency.objects.get_or_create(
                organisation=body,
                defaults={
                    "type": AgencyType.INSTITUTION,
                    "is_institution": True,
                    "owns_curriculum": True,
                },
            )


def _report(made: TrainingEvent, event: PrintedEvent) -> None:
    """The head count, sent but not verified: a source that prints it is no sample of ours."""
    report = CascadeReport.objects.create(
        event=made, state=ReportState.SENT, source=event.source, reported_at=clock.now()
    )
    senders = list(event.from_countries)
    HeadCount.objects.bulk_create(
        [
            HeadCount(
                report=report,
                count=each.count,
                sex=each.sex,
                profession=each.profession,
                country=senders[0] if len(senders) == 1 else "",
            )
            for each in printed.heads(event.participants or 0, event.women, event.agencies)
        ]
    )


def _load_teams(actor: Actor, bodies: _Bodies, done: Loaded) -> None:
    """Mobile training teams of which a source tells how many were chosen, and their tasks."""
    rows = OutcomeRecord.objects.filter(team=None, tasking=None).select_related(
        "event__training", "event__project"
    )
    for row in rows:
        chosen_at = _training(row.event)
        if printed.tells_choice(row.kind) and chosen_at is not None:
            _load_team(actor, row, chosen_at)
            done.teams += 1
    for row in rows.filter(event=None):
        team = MobileTrainingTeam.objects.filter(project=row.project, printed__isnull=False).first()
        if printed.tells_task(row.kind) and isinstance(team, MobileTrainingTeam):
            TeamTasking.objects.create(
                team=team,
                kind=TaskingKind.PILOT,
                title=f"{row.kind[:1].upper()}{row.kind[1:]}"[:200],
                courses=int(row.value),
                due=row.period[:20],
                printed=row,
                source=row.source,
            )
            _step_team(actor, team, TeamState.TASKED)
            done.taskings += 1


def _load_team(actor: Actor, row: OutcomeRecord, chosen_at: TrainingEvent) -> None:
    project = chosen_at.project
    count = int(row.value)
    team = MobileTrainingTeam.objects.create(
        code=f"MTT-{project.reference if project else chosen_at.reference}"[:20],
        title="Mobile training team",
        organisation=chosen_at.organisation,
        country=chosen_at.country,
        chosen_at=chosen_at,
        # How many were chosen is all that is printed of what the team is to be.
        requirements={"size": count, "leads": 0, "needs_vetting": False},
        state=TeamState.FORMING,
        project=project,
        counted=count,
        printed=row,
        source=row.source,
    )
    record_step(actor, team, "", TeamState.FORMING.value, AS_PRINTED)
    _step_team(actor, team, TeamState.COMPLETE)


def _step_team(actor: Actor, team: MobileTrainingTeam, to: TeamState) -> None:
    if team.state != to:
        record_step(actor, team, team.state, to.value, AS_PRINTED)
        team.state = to
        team.save(update_fields=["state"])


def _load_outcome(record: OutcomeRecord, done: Loaded) -> None:
    """A report from the field with its claim; a figure that is none is left as printed."""
    found = printed.outcome(record.kind)
    if found is None:
        done.left.append(record.reference)
        return
    now = clock.now()
    report = FieldOutcomeReport.objects.create(
        reference=record.reference,
        kind=found.kind,
        stated_kind=record.kind,
        countries=list(record.countries),
        area=record.place,
        count=record.value,
        unit=record.unit,
        confidence=found.confidence,
        project=record.project,
        reported_at=now,
        source=record.source,
        printed=record,
    )
    if event := _training(record.event):
        ContributionClaim.objects.create(
            report=report,
            event=event,
            # The source says that the officers reported it, and nothing of who confirmed.
            strength=Strength.SELF_REPORTED,
            made_at=now,
        )
    done.outcomes += 1
