"""Writes about trainings reported by counts: sent, checked, sampled, verified or disputed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, person, require
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import Organisation
from cairn.training.actions import cascade, steps
from cairn.training.actions.events import EventFacts, create_reported
from cairn.training.models import (
    CascadeReport,
    HeadCount,
    ModuleVersion,
    Practitioner,
    SampleCheck,
    Staffing,
    TrainingEvent,
)
from cairn.training.rules import reports as rules
from cairn.training.rules.choices import EventKind, Participation, StaffRole
from cairn.training.rules.reports import Counted
from cairn.training.rules.states import REPORT_MOVES, EventState, ReportState


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """A training by counts. `event` None: an event is made of `title`, `kind`, place and days.

    `counts`: agency is the id of an Organisation or empty. `pre`, `post`: {"n", "mean", "max"} or
    empty. `id`: made on a device; None: made here. `trainers`: who taught; the reporter when empty.
    """

    counts: Sequence[Counted]
    event: TrainingEvent | None = None
    title: str = ""
    kind: EventKind = EventKind.DIRECT
    organisation: Organisation | None = None
    country: str = ""
    place: str = ""
    area: str = ""
    starts: str = ""
    ends: str = ""
    parent: TrainingEvent | None = None
    versions: Sequence[ModuleVersion] = field(default_factory=tuple)
    hours: Decimal | None = None
    pre: Mapping[str, float] = field(default_factory=dict)
    post: Mapping[str, float] = field(default_factory=dict)
    trainers: Sequence[Practitioner] = field(default_factory=tuple)
    source: str = ""
    note: str = ""
    id: UUID | None = None


@transaction.atomic
def report_by_counts(actor: Actor, facts: ReportFacts) -> CascadeReport:
    """Enter a training of which only counts are known, as sent. Sending the same id again is one.

    Raises PermissionDenied, RuleBroken ("report.counts", "report.tally", "report.day",
    "report.named", "report.twice").
    """
    if facts.id is not None:
        known = CascadeReport.objects.visible_to(actor).filter(pk=facts.id).first()
        if known is not None:
            return known
    total = rules.check_counts(facts.counts)
    rules.check_tally(facts.pre, total)
    rules.check_tally(facts.post, total)
    event = _event(actor, facts)
    reporter = Practitioner.objects.filter(user_id=actor.user_id).first() if actor.user_id else None
    report = CascadeReport.objects.create(
        id=facts.id or uuid4(),
        event=event,
        reported_by=reporter or (facts.trainers[0] if facts.trainers else None),
        author_id=actor.user_id,
        state=ReportState.SENT,
        hours=facts.hours,
        pre_tally=dict(facts.pre),
        post_tally=dict(facts.post),
        source=facts.source[:200],
        note=facts.note[:300],
        reported_at=clock.now(),
    )
    HeadCount.objects.bulk_create(
        HeadCount(
            report=report,
            sex=each.sex,
            agency_id=UUID(each.agency) if each.agency else None,
            country=each.country,
            profession=each.profession or "not-stated",
            count=each.count,
        )
        for each in facts.counts
        if each.count
    )
    for trainer in facts.trainers or ([reporter] if reporter else []):
        Staffing.objects.get_or_create(event=event, practitioner=trainer, role=StaffRole.LEAD)
    steps.record_step(actor, report, "", report.state)
    audit.record(actor, "cascade_report.sent", event, count=total)
    cascade.event_changed(event.pk)
    return report


def _event(actor: Actor, facts: ReportFacts) -> TrainingEvent:
    """The event that the counts are about, delivered; made now when there is none yet."""
    if facts.event is not None:
        event = steps.locked_event(actor, facts.event.reference)
        steps.require_run(actor, event)
        if event.participation != Participation.AGGREGATE:
            raise RuleBroken(
                "report.named",
                _("This event keeps its participants one by one."),
                _("Its counts follow from them; nothing is reported by hand."),
            )
        if hasattr(event, "report"):
            raise RuleBroken("report.twice", _("This event was reported already."))
        rules.check_past(event.starts, today=timezone.localdate())
        if event.state in {EventState.IDEA, EventState.PLANNED, EventState.CONFIRMED,
                           EventState.RUNNING}:  # fmt: skip
            before = event.state
            event.state = EventState.DELIVERED
            event.save(update_fields=["state"])
            steps.record_step(actor, event, before, event.state)
        return event
    if facts.organisation is None:
        raise RuleBroken("report.organisation", _("The report does not say whose training it was."))
    rules.check_past(facts.starts, today=timezone.localdate())
    return create_reported(
        actor,
        EventFacts(
            title=facts.title,
            kind=facts.kind,
            organisation=facts.organisation,
            participation=Participation.AGGREGATE,
            country=facts.country,
            place=facts.place,
            area=facts.area,
            starts=facts.starts,
            ends=facts.ends or facts.starts,
            parent=facts.parent,
            versions=facts.versions,
            source=facts.source[:60],
        ),
    )


@transaction.atomic
def move_report(actor: Actor, report_id: UUID, to: ReportState, reason: str = "") -> CascadeReport:
    """Take a report one step on. To dispute one takes a reason; to sample one takes a sample.

    Raises CascadeReport.DoesNotExist, PermissionDenied, RuleBroken ("cascade_report.move",
    "cascade_report.reason", "cascade_report.sample", "cascade_report.own").
    """
    report = _locked(actor, report_id)
    if to != ReportState.DISPUTED:
        _check_not_own(actor, report)
    if to == ReportState.DISPUTED and len(reason.strip()) < 3:
        raise RuleBroken(
            "cascade_report.reason",
            _("A report is disputed with a reason."),
            _("Write what does not fit, so that the trainer can answer."),
        )
    if to in {ReportState.SAMPLED, ReportState.VERIFIED} and not report.samples.exists():
        raise RuleBroken(
            "cascade_report.sample",
            _("Nobody has checked this report by a sample yet."),
            _("Record the sample first: how many were asked, and how many confirmed it."),
        )
    steps.move(
        actor,
        report,
        REPORT_MOVES,
        to,
        code="cascade_report.moved",
        reason=reason,
        event=report.event.reference,
    )
    cascade.event_changed(report.event_id)
    return report


@transaction.atomic
def record_sample(
    actor: Actor, report_id: UUID, *, method: str, asked: int, confirmed: int, note: str = ""
) -> SampleCheck:
    """Record that some of those counted were asked, and how many confirmed the training.

    Raises CascadeReport.DoesNotExist, PermissionDenied, RuleBroken ("sample.numbers",
    "cascade_report.own").
    """
    report = _locked(actor, report_id)
    _check_not_own(actor, report)
    if not 0 <= confirmed <= asked or not asked:
        raise RuleBroken(
            "sample.numbers",
            _("More people confirmed than were asked, or nobody was asked."),
            _("Look at the two numbers again."),
        )
    sample = SampleCheck.objects.create(
        report=report,
        method=method,
        asked=asked,
        confirmed=confirmed,
        note=note[:300],
        checked_by=person(actor),
        checked_at=clock.now(),
    )
    audit.record(actor, "cascade_report.checked", report.event, asked=asked, confirmed=confirmed)
    if report.state == ReportState.PLAUSIBLE:
        move_report(actor, report.pk, ReportState.SAMPLED)
    return sample


def _check_not_own(actor: Actor, report: CascadeReport) -> None:
    """Raise RuleBroken("cascade_report.own") for whoever sent or gave what is to be checked."""
    giver = report.reported_by.user_id if report.reported_by else None
    if actor.user_id is not None and actor.user_id in {report.author_id, giver}:
        raise RuleBroken(
            "cascade_report.own",
            _("You sent this report, or gave the training, so somebody else checks it."),
            _("Ask a colleague to look at it."),
        )


def _locked(actor: Actor, report_id: UUID) -> CascadeReport:
    rows = CascadeReport.objects.visible_to(actor).select_for_update(of=("self",))
    report: CascadeReport = rows.select_related("event").get(pk=report_id)
    require(actor, Permission.TRAINING_DECIDE, within=report.event)
    return report
