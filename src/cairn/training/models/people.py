"""People who are trained and who train: by code, with sealed names; where they serve."""

from typing import ClassVar, Self
from uuid import UUID, uuid4

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cairn.access.permissions import Permission, scoped
from cairn.core.actor import Actor
from cairn.core.classification import Zone
from cairn.core.models import Organisation, Unit
from cairn.training.rules.choices import AgencyType, ConsentMethod, Profession, Sex
from cairn.vault.fields import SealedJSONField, SealedModel, SealedQuerySet, SealedTextField


class AgencyQuerySet(models.QuerySet["Agency"]):
    def visible_to(self, actor: Actor) -> Self:
        """Agencies are a catalogue: names of bodies, no persons."""
        return self.all()


class Agency(models.Model):
    """What training needs to know of an organisation. `owns_curriculum`: it decides what it
    teaches."""

    organisation = models.OneToOneField(
        Organisation, on_delete=models.CASCADE, primary_key=True, related_name="agency"
    )
    type = models.CharField(max_length=20, choices=AgencyType, default=AgencyType.OTHER)
    is_institution = models.BooleanField(default=False)
    owns_curriculum = models.BooleanField(default=False)
    recognition = models.CharField(max_length=200, blank=True)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "agencies"

    def __str__(self) -> str:
        return str(self.organisation)


class UnitStrengthQuerySet(models.QuerySet["UnitStrength"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.all() if actor.may(Permission.TRAINING_VIEW) else self.none()


class UnitStrength(models.Model):
    """How many people a target unit has on a day, as a source says: the denominator of coverage.

    `area`: first administrative level, or empty; `profession`: empty for all.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(
        Unit, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    country = models.CharField(max_length=3)
    area = models.CharField(max_length=120, blank=True)
    profession = models.CharField(max_length=20, choices=Profession, blank=True)
    total = models.PositiveIntegerField()
    women = models.PositiveIntegerField(null=True, blank=True)
    as_of = models.DateField()
    source = models.CharField(max_length=200)

    objects = UnitStrengthQuerySet.as_manager()

    class Meta:
        ordering = ["country", "area", "-as_of"]
        constraints = [
            models.CheckConstraint(
                condition=Q(women=None) | Q(women__lte=models.F("total")),
                name="strength_women_within_total",
            )
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.total}"


class PractitionerQuerySet(SealedQuerySet["Practitioner"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those whose records a membership covers, whom one's agency nominated, or whom one trains.

        The system sees all.
        """
        return self.filter(scoped(actor, Permission.TRAINEE_VIEW, unit="") | worked_with(actor))

    def kept(self) -> Self:
        """Without those that were merged into another record of the same person, or erased."""
        return self.filter(merged_into=None, erased_on=None)


def worked_with(actor: Actor, prefix: str = "") -> Q:
    """Those whom the actor's agency nominated, and who take part in an event that the actor runs.

    `prefix`: lookup that leads from the queryset's model to the practitioner ("practitioner__").
    """
    nothing = Q(pk__in=[])
    if actor.user_id is None:
        return nothing
    covered = nothing
    agencies = [scope.organisation_id for scope in actor.scopes_with(Permission.NOMINATION_MAKE)]
    if agencies:
        from cairn.training.models.nominations import Nomination

        proposed = Nomination.objects.filter(agency__in=agencies).values("practitioner")
        covered |= Q(**{f"{prefix}pk__in": proposed})
    if actor.may(Permission.EVENT_RUN):
        from cairn.training.models.delivery import Enrolment, Staffing

        run = Staffing.objects.filter(practitioner__user_id=actor.user_id).values("event")
        covered |= Q(
            **{f"{prefix}pk__in": Enrolment.objects.filter(event__in=run).values("practitioner")}
        )
        covered |= Q(**{f"{prefix}user_id": actor.user_id})
    return covered


class Practitioner(SealedModel):
    """Somebody who is trained or who trains: an officer, a nurse, a prosecutor. Staff, by a code.

    `organisation`: who keeps the record; `agency`: where the person serves now; `country`: alpha-3
    of that service. `languages`: [{"code": "fr", "level": "C1"}]. `birth_band`: "1980-1984" or
    empty.
    `user_id`: id of the account, when there is one. `merged_into`: the record that stands for both.
    `merged_into` is never itself merged.
    """

    zone: ClassVar[Zone] = Zone.PROGRAMME

    code = models.CharField(max_length=7, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    country = models.CharField(max_length=3, blank=True)
    area = models.CharField(max_length=120, blank=True)
    sex = models.CharField(max_length=10, choices=Sex, default=Sex.NOT_STATED)
    profession = models.CharField(max_length=20, choices=Profession, default=Profession.NOT_STATED)
    birth_band = models.CharField(max_length=9, blank=True)
    languages = models.JSONField(default=list, blank=True)
    is_highly_sensitive = models.BooleanField(default=False)
    user_id = models.UUIDField(null=True, blank=True, unique=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )
    entered_on = models.DateField()
    keep_until = models.DateField(null=True, blank=True)
    erased_on = models.DateField(null=True, blank=True)
    name = SealedTextField()
    name_latin = SealedTextField()
    contact = SealedTextField()
    service_number = SealedTextField()

    objects = PractitionerQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        indexes = [
            models.Index(fields=["organisation", "country", "code"], name="practitioner_listed"),
            models.Index(fields=["agency", "code"], name="practitioner_of_agency"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(merged_into=models.F("pk")), name="practitioner_not_into_itself"
            ),
            models.CheckConstraint(
                condition=Q(keep_until=None) | Q(erased_on=None),
                name="practitioner_kept_until_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("training:person", args=[self.code])

    @property
    def unit_id(self) -> UUID | None:
        """Records of trainees belong to an organisation and a country, not to one of its units."""
        return None


class NameKey(models.Model):
    """A keyed hash of a name's skeleton: finds possible duplicates without showing a name.

    `kind`: "words", "sound" or "pair", as rules.names makes them.
    """

    id = models.BigAutoField(primary_key=True)
    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.CASCADE, related_name="name_keys"
    )
    kind = models.CharField(max_length=8)
    digest = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["kind", "digest"], name="name_keys_found")]
        constraints = [
            models.UniqueConstraint(fields=["practitioner", "kind", "digest"], name="name_key_once")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class IdentifierHash(models.Model):
    """A keyed hash of a service number or passport. `kind`: "service-number", "passport"."""

    id = models.BigAutoField(primary_key=True)
    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.CASCADE, related_name="identifiers"
    )
    kind = models.CharField(max_length=20)
    digest = models.CharField(max_length=64, db_index=True)

    class Meta:
        verbose_name_plural = "identifier hashes"
        constraints = [
            models.UniqueConstraint(
                fields=["practitioner", "kind", "digest"], name="identifier_once"
            )
        ]

    def __str__(self) -> str:
        return self.kind


class Affiliation(models.Model):
    """Where somebody served from when to when; the open one is the present one."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.CASCADE, related_name="affiliations"
    )
    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    unit_name = models.CharField(max_length=120, blank=True)
    rank = models.CharField(max_length=80, blank=True)
    function = models.CharField(max_length=120, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None)
                | Q(starts_on=None)
                | Q(ends_on__gte=models.F("starts_on")),
                name="affiliation_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class TrainingConsent(models.Model):
    """What somebody agreed to about their own record: purpose, which wording, in which language."""

    class Purpose(models.TextChoices):
        RECORD = "record", _("Keep a record of this training")
        CERTIFICATE = "certificate", _("Show the name on a certificate")
        FOLLOW_UP = "follow-up", _("Be asked again after some months")
        ROSTER = "roster", _("Be listed as a trainer")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.CASCADE, related_name="consents"
    )
    purpose = models.CharField(max_length=12, choices=Purpose)
    wording_version = models.CharField(max_length=20)
    language = models.CharField(max_length=8)
    method = models.CharField(max_length=8, choices=ConsentMethod)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-given_at"]

    def __str__(self) -> str:
        return self.purpose


class MergeDecision(models.Model):
    """Somebody decided that two records are one person; undone by the same row, never removed.

    `agreed_on`: the fields (at least two) on which the records agree; `moved`: {"model.field":
    [ids]} of what was moved, so that undoing gives back exactly that.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kept = models.ForeignKey(Practitioner, on_delete=models.CASCADE, related_name="merges_kept")
    merged = models.ForeignKey(Practitioner, on_delete=models.CASCADE, related_name="merges_into")
    agreed_on = models.JSONField(default=list)
    moved = models.JSONField(default=dict, blank=True)
    reason = models.CharField(max_length=300)
    decided_by = models.UUIDField()
    decided_at = models.DateTimeField()
    undo_reason = models.CharField(max_length=300, blank=True)
    undone_by = models.UUIDField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-decided_at"]

    def __str__(self) -> str:
        return str(self.pk)


class NotSamePerson(models.Model):
    """Somebody looked at two records and found two persons: the pair is not offered again."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    left = models.ForeignKey(Practitioner, on_delete=models.CASCADE, related_name="+")
    right = models.ForeignKey(Practitioner, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=300)
    decided_by = models.UUIDField()
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["left", "right"], name="not_same_once"),
            models.CheckConstraint(condition=~Q(left=models.F("right")), name="not_same_needs_two"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class StagedFileQuerySet(SealedQuerySet["StagedFile"]):
    def visible_to(self, actor: Actor) -> Self:
        """A file belongs to whoever brought it."""
        return self.filter(author_id=actor.user_id) if actor.user_id else self.none()


class StagedFile(SealedModel):
    """A file with names that was read and waits for a word. Its rows are sealed until it is
    applied.

    `problems`: [{"row", "column", "code", "message", "remedy"}], which repeat no name;
    `subject_id`: the call or event that it is for.
    """

    class State(models.TextChoices):
        PREVIEWED = "previewed", _("Read, waits for your word")
        APPLIED = "applied", _("Applied")
        DISCARDED = "discarded", _("Discarded")

    zone: ClassVar[Zone] = Zone.PROGRAMME

    kind = models.CharField(max_length=40)
    subject_id = models.UUIDField(null=True, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    author_id = models.UUIDField()
    state = models.CharField(max_length=10, choices=State, default=State.PREVIEWED)
    sha256 = models.CharField(max_length=64)
    total = models.PositiveIntegerField(default=0)
    good = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)
    created_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    rows = SealedJSONField()

    objects = StagedFileQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
