"""Credentials with a life of their own, the roster of trainers, and mobile training teams."""

from typing import ClassVar, Self
from uuid import UUID, uuid4

from django.db import models
from django.db.models import Q
from django.urls import reverse

from cairn.access.permissions import Permission, scoped
from cairn.core.actor import Actor
from cairn.core.classification import Zone
from cairn.core.models import Organisation
from cairn.portfolio.models import OutcomeRecord, Project
from cairn.training.models.curriculum import SharedQuerySet
from cairn.training.models.delivery import TrainingEvent
from cairn.training.models.people import Practitioner
from cairn.training.rules.choices import (
    AvailabilityKind,
    CredentialKind,
    LadderStep,
    RestrictionKind,
    TaskingKind,
)
from cairn.training.rules.states import CredentialState
from cairn.vault.fields import SealedModel, SealedQuerySet, SealedTextField


class CredentialTypeQuerySet(SharedQuerySet["CredentialType"]):
    pass


class CredentialType(models.Model):
    """What is certified. `texts`: {language: {"name", "criteria"}}; `validity_months` None: for
    ever."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=12, choices=CredentialKind)
    texts = models.JSONField(default=dict)
    validity_months = models.PositiveSmallIntegerField(null=True, blank=True)
    renewal_rule = models.CharField(max_length=300, blank=True)

    objects = CredentialTypeQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class CredentialQuerySet(SealedQuerySet["Credential"]):
    def visible_to(self, actor: Actor) -> Self:
        """Inside a membership that sees trainees, and those of events that the actor runs."""
        covered = scoped(actor, Permission.TRAINEE_VIEW, unit="")
        return self.filter(covered | Q(event__in=TrainingEvent.objects.worked_on(actor)))


class Credential(SealedModel):
    """One certificate. Nothing in it changes after issue but its state.

    `code`: in its address and QR; `status_index`: its place in the status list; `successor_of`:
    the one that this one renews. `name_form`: the name as its holder agreed to show it, sealed
    with the signed credential (`token`). `organisation`: the issuer.
    """

    zone: ClassVar[Zone] = Zone.PROGRAMME

    code = models.CharField(max_length=11, unique=True)
    type = models.ForeignKey(CredentialType, on_delete=models.PROTECT, related_name="credentials")
    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.PROTECT, related_name="credentials"
    )
    event = models.ForeignKey(
        TrainingEvent, on_delete=models.PROTECT, null=True, blank=True, related_name="credentials"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    country = models.CharField(max_length=3, blank=True)
    language = models.CharField(max_length=8)
    level = models.CharField(max_length=12, choices=LadderStep, blank=True)
    state = models.CharField(max_length=10, choices=CredentialState, default=CredentialState.ISSUED)
    issued_on = models.DateField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    status_index = models.PositiveIntegerField(unique=True)
    successor_of = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="successor"
    )
    key_id = models.CharField(max_length=60, blank=True)
    evidence_hash = models.CharField(max_length=64, blank=True)
    keep_until = models.DateField(null=True, blank=True)
    name_form = SealedTextField()
    token = SealedTextField()

    objects = CredentialQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_on", "code"]
        indexes = [models.Index(fields=["practitioner", "-issued_on"], name="credentials_held")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=models.F("valid_from")),
                name="credential_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("training:credential", args=[self.code])

    @property
    def unit_id(self) -> UUID | None:
        return None


class TrainerQualification(models.Model):
    """How far a trainer has come for one family of modules in one language, and on what basis."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.CASCADE, related_name="qualifications"
    )
    family = models.CharField(max_length=60)
    language = models.CharField(max_length=8)
    level = models.CharField(max_length=12, choices=LadderStep)
    is_assessor = models.BooleanField(default=False)
    basis = models.CharField(max_length=300)
    since = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    decided_by = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["family", "language", "-since"]
        constraints = [
            models.UniqueConstraint(
                fields=["practitioner", "family", "language", "level", "since"],
                name="qualification_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.family} {self.language} {self.level}"


class TrainerProfile(models.Model):
    """What a trainer can give. `travel_days`: days a year that the employer lets them go; None:
    not said."""

    practitioner = models.OneToOneField(
        Practitioner, on_delete=models.CASCADE, primary_key=True, related_name="trainer"
    )
    travel_days = models.PositiveSmallIntegerField(null=True, blank=True)
    listed_on = models.DateField()

    class Meta:
        ordering = ["practitioner"]

    def __str__(self) -> str:
        return str(self.pk)


class Availability(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.CASCADE, related_name="availability"
    )
    kind = models.CharField(max_length=10, choices=AvailabilityKind)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        verbose_name_plural = "availabilities"
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")), name="availability_in_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.starts_on}"


class Restriction(models.Model):
    """Why a trainer is not sent somewhere. `until` None: until somebody lifts it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.CASCADE, related_name="restrictions"
    )
    kind = models.CharField(max_length=10, choices=RestrictionKind)
    country = models.CharField(max_length=3, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    decided_by = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["-since"]

    def __str__(self) -> str:
        return self.kind


class MobileTrainingTeamQuerySet(SharedQuerySet["MobileTrainingTeam"]):
    pass


class MobileTrainingTeam(models.Model):
    """A team that trains elsewhere. `requirements`: as cairn.training.rules.teams describes.

    `counted`: members that a source states as a number only. States: rules.teams.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    country = models.CharField(max_length=3, blank=True)
    chosen_at = models.ForeignKey(
        TrainingEvent, on_delete=models.PROTECT, null=True, blank=True, related_name="teams"
    )
    requirements = models.JSONField(default=dict)
    state = models.CharField(max_length=12, default="forming")
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, null=True, blank=True, related_name="teams"
    )
    counted = models.PositiveSmallIntegerField(null=True, blank=True)
    printed = models.OneToOneField(
        OutcomeRecord, on_delete=models.SET_NULL, null=True, blank=True, related_name="team"
    )
    source = models.CharField(max_length=60, blank=True)

    objects = MobileTrainingTeamQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("training:team", args=[self.code])


class TeamMember(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    team = models.ForeignKey(MobileTrainingTeam, on_delete=models.CASCADE, related_name="members")
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="teams")
    function = models.CharField(max_length=24, blank=True)
    joined_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)
    criteria = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["joined_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["team", "practitioner"], name="team_member_once")
        ]

    def __str__(self) -> str:
        return self.function


class TeamTasking(models.Model):
    """A team is asked to deliver `courses` courses. `event`: the course, once it is planned.

    `due`: partial date, or a span of years ("2024-2026") as a source gives it.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    team = models.ForeignKey(MobileTrainingTeam, on_delete=models.CASCADE, related_name="taskings")
    kind = models.CharField(max_length=10, choices=TaskingKind)
    title = models.CharField(max_length=200)
    event = models.OneToOneField(
        TrainingEvent, on_delete=models.SET_NULL, null=True, blank=True, related_name="tasking"
    )
    country = models.CharField(max_length=3, blank=True)
    courses = models.PositiveSmallIntegerField(default=1)
    due = models.CharField(max_length=20, blank=True)
    printed = models.OneToOneField(
        OutcomeRecord, on_delete=models.SET_NULL, null=True, blank=True, related_name="tasking"
    )
    is_done = models.BooleanField(default=False)
    source = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["due", "title"]

    def __str__(self) -> str:
        return self.title
