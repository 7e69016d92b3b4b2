"""Training events: what, where, who teaches, who takes part, and counts where names stay away."""

from typing import Self
from uuid import UUID, uuid4

from django.db import models
from django.db.models import Q
from django.urls import reverse

from cairn.access.permissions import Permission, scoped
from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.portfolio.models import Event as PrintedEvent
from cairn.portfolio.models import Project
from cairn.training.models.curriculum import (
    CoursePlan,
    CoursePlanEdition,
    LearningObjective,
    ModuleVersion,
)
from cairn.training.models.people import Practitioner
from cairn.training.rules.choices import (
    EventKind,
    Participation,
    PartyRole,
    Profession,
    Sex,
    StaffRole,
)
from cairn.training.rules.states import EnrolmentState, EventState, ReportState


class TrainingEventQuerySet(models.QuerySet["TrainingEvent"]):
    def visible_to(self, actor: Actor) -> Self:
        """Facts and counts of events are shared by all who work on training."""
        return self.all() if actor.may(Permission.TRAINING_VIEW) else self.none()

    def worked_on(self, actor: Actor) -> Self:
        """Events whose participants one by one (by code) are the actor's work.

        Inside a membership that sees trainees, and those that the actor is staffed on.
        """
        covered = scoped(actor, Permission.TRAINEE_VIEW, unit="")
        if actor.user_id is not None and actor.may(Permission.EVENT_RUN):
            own = Staffing.objects.filter(practitioner__user_id=actor.user_id).values("event")
            covered |= Q(pk__in=own)
        return self.filter(covered)


class TrainingEvent(models.Model):
    """A training, from idea to closed.

    `organisation`, `country` (alpha-3): whose event it is and where; they bound who may work on its
    participants. `starts`, `ends`: partial dates ("2024", "2025-02", "2025-02-03").
    `participation`: by person or counts only. `printed`: what a source printed about it.
    `generation_root`: its trainers were not trained here, so they count as generation 0. `secret`:
    of its calendar address.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=24, choices=EventKind)
    title = models.CharField(max_length=300)
    state = models.CharField(max_length=12, choices=EventState, default=EventState.IDEA)
    participation = models.CharField(
        max_length=10, choices=Participation, default=Participation.NAMED
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, null=True, blank=True, related_name="training_events"
    )
    activity = models.CharField(max_length=20, blank=True)
    budget_line = models.CharField(max_length=60, blank=True)
    cost_usd = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="children"
    )
    printed = models.OneToOneField(
        PrintedEvent, on_delete=models.SET_NULL, null=True, blank=True, related_name="training"
    )
    country = models.CharField(max_length=3, blank=True)
    place_countries = models.JSONField(default=list, blank=True)
    from_countries = models.JSONField(default=list, blank=True)
    place = models.CharField(max_length=200, blank=True)
    area = models.CharField(max_length=120, blank=True)
    starts = models.CharField(max_length=10, blank=True)
    ends = models.CharField(max_length=10, blank=True)
    time_zone = models.CharField(max_length=40, default="UTC")
    languages = models.JSONField(default=list, blank=True)
    plan = models.ForeignKey(
        CoursePlan, on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )
    edition = models.ForeignKey(
        CoursePlanEdition, on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )
    versions = models.ManyToManyField(ModuleVersion, related_name="events", blank=True)
    seats = models.PositiveSmallIntegerField(null=True, blank=True)
    is_generation_root = models.BooleanField(default=False)
    join_code = models.CharField(max_length=9, unique=True, null=True, blank=True)
    secret = models.CharField(max_length=43, blank=True)
    changes = models.PositiveIntegerField(default=0)
    source = models.CharField(max_length=60, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    objects = TrainingEventQuerySet.as_manager()

    class Meta:
        ordering = ["-starts", "reference"]
        indexes = [
            models.Index(fields=["state", "-starts"], name="event_by_state"),
            models.Index(fields=["project", "-starts"], name="event_of_project"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(cost_usd=None) | Q(cost_usd__gte=0), name="event_cost_not_negative"
            )
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("training:event", args=[self.reference])


class EventParty(models.Model):
    """An organisation that hosts, cooperates, supports or pays."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    event = models.ForeignKey(TrainingEvent, on_delete=models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=12, choices=PartyRole)

    class Meta:
        verbose_name_plural = "event parties"
        ordering = ["role", "organisation__name"]
        constraints = [
            models.UniqueConstraint(fields=["event", "organisation", "role"], name="party_once")
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.organisation}"


class TrainingSession(models.Model):
    """A part of an event with its own attendance.

    `marks_open_from`, `marks_open_until`: the window that the trainer opened; None: never opened.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    event = models.ForeignKey(TrainingEvent, on_delete=models.CASCADE, related_name="sessions")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    module_version = models.ForeignKey(
        ModuleVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    objectives = models.ManyToManyField(LearningObjective, related_name="+", blank=True)
    method = models.CharField(max_length=120, blank=True)
    room = models.CharField(max_length=120, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    actual_starts_at = models.DateTimeField(null=True, blank=True)
    actual_ends_at = models.DateTimeField(null=True, blank=True)
    marks_open_from = models.DateTimeField(null=True, blank=True)
    marks_open_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["starts_at", "position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")), name="session_ends_after_start"
            ),
            models.UniqueConstraint(fields=["event", "position"], name="session_position_once"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def minutes(self) -> int:
        """Planned length in whole minutes."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


class Material(models.Model):
    """What participants get: a document by its address, in one language."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    event = models.ForeignKey(TrainingEvent, on_delete=models.CASCADE, related_name="materials")
    session = models.ForeignKey(
        TrainingSession, on_delete=models.SET_NULL, null=True, blank=True, related_name="materials"
    )
    title = models.CharField(max_length=200)
    language = models.CharField(max_length=8, blank=True)
    link = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class Staffing(models.Model):
    """Who teaches, assists, observes or interprets. `supervised_by`: under whose eye (co-delivery).

    `hours`: taught hours; None: those of the sessions. `sessions` empty: all of them.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    event = models.ForeignKey(TrainingEvent, on_delete=models.CASCADE, related_name="staffing")
    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.PROTECT, related_name="staffing"
    )
    role = models.CharField(max_length=12, choices=StaffRole)
    sessions = models.ManyToManyField(TrainingSession, related_name="staffing", blank=True)
    supervised_by = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="supervises"
    )
    hours = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)

    class Meta:
        ordering = ["role", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "practitioner", "role"], name="staffing_once"),
            models.CheckConstraint(
                condition=~Q(supervised_by=models.F("pk")), name="staffing_not_its_own_supervisor"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.practitioner}"


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def visible_to(self, actor: Actor) -> Self:
        """Participants (by code) of the events that are the actor's work."""
        return self.filter(event__in=TrainingEvent.objects.worked_on(actor))


class Enrolment(models.Model):
    """Somebody takes part in an event. Sex, agency, country, profession: as they were then.

    `personal_code`: what the badge says and the test asks for, once in an event. `forms`: order of
    the parallel test forms ("AB" or "BA"). `override_reason`: why somebody decided otherwise than
    the completion rule says.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    event = models.ForeignKey(TrainingEvent, on_delete=models.CASCADE, related_name="enrolments")
    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.PROTECT, related_name="enrolments"
    )
    personal_code = models.CharField(max_length=8)
    agency = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    country = models.CharField(max_length=3, blank=True)
    sex = models.CharField(max_length=10, choices=Sex, default=Sex.NOT_STATED)
    profession = models.CharField(max_length=20, choices=Profession, default=Profession.NOT_STATED)
    language = models.CharField(max_length=8, blank=True)
    forms = models.CharField(max_length=2, blank=True)
    state = models.CharField(max_length=10, choices=EnrolmentState, default=EnrolmentState.ENROLLED)
    enrolled_at = models.DateTimeField()
    completed_on = models.DateField(null=True, blank=True)
    minutes_present = models.PositiveIntegerField(default=0)
    override_reason = models.CharField(max_length=300, blank=True)
    override_by = models.UUIDField(null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["personal_code"]
        indexes = [models.Index(fields=["event", "state"], name="enrolment_by_state")]
        constraints = [
            models.UniqueConstraint(fields=["event", "practitioner"], name="enrolment_once"),
            models.UniqueConstraint(fields=["event", "personal_code"], name="personal_code_once"),
            models.CheckConstraint(
                condition=~Q(state="completed") | ~Q(completed_on=None),
                name="enrolment_completed_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(override_reason="") | ~Q(override_by=None),
                name="enrolment_override_has_an_author",
            ),
        ]

    def __str__(self) -> str:
        return self.personal_code


class CascadeReportQuerySet(models.QuerySet["CascadeReport"]):
    def visible_to(self, actor: Actor) -> Self:
        """Counts without names: shared like the events that they are about."""
        return self.all() if actor.may(Permission.TRAINING_VIEW) else self.none()


class CascadeReport(models.Model):
    """A training by counts only: "31 officers, 6 women, module 2.1, 4 hours".

    `id` may be made on a device. `pre_tally`, `post_tally`: {"n", "mean", "max"} or {}. `source`:
    the document or the trainer's own report; `sheet_hash`: SHA-256 of a photographed sheet, or
    empty.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    event = models.OneToOneField(TrainingEvent, on_delete=models.CASCADE, related_name="report")
    reported_by = models.ForeignKey(
        Practitioner, on_delete=models.PROTECT, null=True, blank=True, related_name="reports"
    )
    author_id = models.UUIDField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.DRAFT)
    hours = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    pre_tally = models.JSONField(default=dict, blank=True)
    post_tally = models.JSONField(default=dict, blank=True)
    sheet_hash = models.CharField(max_length=64, blank=True)
    source = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=300, blank=True)
    reported_at = models.DateTimeField()

    objects = CascadeReportQuerySet.as_manager()

    class Meta:
        ordering = ["-reported_at"]

    def __str__(self) -> str:
        return str(self.event)

    @property
    def organisation_id(self) -> UUID:
        return self.event.organisation_id

    @property
    def country(self) -> str:
        return self.event.country


class HeadCount(models.Model):
    """How many of one kind of participant a report counts. Rows of a report add up to its total."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    report = models.ForeignKey(CascadeReport, on_delete=models.CASCADE, related_name="counts")
    sex = models.CharField(max_length=10, choices=Sex, default=Sex.NOT_STATED)
    agency = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    country = models.CharField(max_length=3, blank=True)
    profession = models.CharField(max_length=20, choices=Profession, default=Profession.NOT_STATED)
    count = models.PositiveIntegerField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(count__gt=0), name="head_count_counts_somebody")
        ]

    def __str__(self) -> str:
        return f"{self.count} {self.sex}"


class SampleCheck(models.Model):
    """Somebody checked a report by a sample: how many were asked, how many confirmed it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    report = models.ForeignKey(CascadeReport, on_delete=models.CASCADE, related_name="samples")
    method = models.CharField(max_length=200)
    asked = models.PositiveIntegerField()
    confirmed = models.PositiveIntegerField()
    note = models.CharField(max_length=300, blank=True)
    checked_by = models.UUIDField()
    checked_at = models.DateTimeField()

    class Meta:
        ordering = ["-checked_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed__lte=models.F("asked")), name="sample_confirms_at_most_all"
            )
        ]

    def __str__(self) -> str:
        return f"{self.confirmed}/{self.asked}"
