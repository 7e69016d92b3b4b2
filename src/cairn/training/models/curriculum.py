"""What is taught: modules, their versions and languages, adaptations, course plans, integration."""

from typing import Self, TypeVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.urls import reverse

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.portfolio.models import AssistanceRequest
from cairn.training.rules.choices import Competency, CourseType
from cairn.training.rules.states import AdaptationState, VersionState

AnyModel = TypeVar("AnyModel", bound=models.Model)


class SharedQuerySet(models.QuerySet[AnyModel]):
    def visible_to(self, actor: Actor) -> Self:
        """Records of the programme without persons: whoever sees training sees them."""
        return self.all() if actor.may(Permission.TRAINING_VIEW) else self.none()


class LearningObjectiveQuerySet(SharedQuerySet["LearningObjective"]):
    pass


class LearningObjective(models.Model):
    """What a participant can do afterwards. `texts`: {language: words}; English is required."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.CharField(max_length=20, unique=True)
    competency = models.CharField(max_length=12, choices=Competency)
    texts = models.JSONField(default=dict)

    objects = LearningObjectiveQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class ModuleQuerySet(SharedQuerySet["Module"]):
    pass


class Module(models.Model):
    """A module of training. `owner`: the body that keeps it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=200)
    family = models.CharField(max_length=60, blank=True)
    owner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ModuleQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("training:module", args=[self.code])


class ModuleVersionQuerySet(SharedQuerySet["ModuleVersion"]):
    pass


class ModuleVersion(models.Model):
    """One version (major.minor) of a module; frozen once it was delivered or published.

    `outline`: [{"title", "minutes", "method", "text"}]; `hours`: taught hours; `content_hash`:
    SHA-256 of the content in English, against which language variants are compared.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="versions")
    major = models.PositiveSmallIntegerField(default=1)
    minor = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=12, choices=VersionState, default=VersionState.DRAFT)
    hours = models.DecimalField(max_digits=5, decimal_places=1, default=1)
    methods = models.JSONField(default=list, blank=True)
    outline = models.JSONField(default=list, blank=True)
    summary = models.TextField(blank=True)
    objectives = models.ManyToManyField(LearningObjective, related_name="versions", blank=True)
    change_note = models.CharField(max_length=300, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True)

    objects = ModuleVersionQuerySet.as_manager()

    class Meta:
        ordering = ["module", "-major", "-minor"]
        constraints = [
            models.UniqueConstraint(fields=["module", "major", "minor"], name="version_once"),
            models.CheckConstraint(condition=Q(hours__gt=0), name="version_has_hours"),
        ]

    def __str__(self) -> str:
        return f"{self.module.code} {self.number}"

    @property
    def number(self) -> str:
        return f"{self.major}.{self.minor}"


class LanguageVariantQuerySet(SharedQuerySet["LanguageVariant"]):
    pass


class LanguageVariant(models.Model):
    """A version in one language. Stale when `source_hash` is not the version's content hash."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    version = models.ForeignKey(ModuleVersion, on_delete=models.CASCADE, related_name="variants")
    language = models.CharField(max_length=8)
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    outline = models.JSONField(default=list, blank=True)
    translated_by = models.CharField(max_length=120, blank=True)
    reviewed_by = models.CharField(max_length=120, blank=True)
    source_hash = models.CharField(max_length=64)
    updated_at = models.DateTimeField()

    objects = LanguageVariantQuerySet.as_manager()

    class Meta:
        ordering = ["language"]
        constraints = [models.UniqueConstraint(fields=["version", "language"], name="variant_once")]

    def __str__(self) -> str:
        return f"{self.version} {self.language}"


class AdaptationQuerySet(SharedQuerySet["Adaptation"]):
    pass


class Adaptation(models.Model):
    """A version made to fit a country or mission, tracked to the version that it came from."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    version = models.OneToOneField(
        ModuleVersion, on_delete=models.CASCADE, related_name="adaptation"
    )
    parent = models.ForeignKey(ModuleVersion, on_delete=models.PROTECT, related_name="adaptations")
    country = models.CharField(max_length=3, blank=True)
    mission = models.CharField(max_length=120, blank=True)
    legal_references = models.TextField(blank=True)
    what_changed = models.TextField()
    approved_by = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=8, choices=AdaptationState, default=AdaptationState.DRAFT)
    piloted_in = models.CharField(max_length=200, blank=True)
    adopted_by = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = AdaptationQuerySet.as_manager()

    class Meta:
        ordering = ["country", "mission"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(country="") | ~Q(mission=""), name="adaptation_has_a_place"
            )
        ]

    def __str__(self) -> str:
        return str(self.version)


class CoursePlanQuerySet(SharedQuerySet["CoursePlan"]):
    pass


class CoursePlan(models.Model):
    """Versions in an order, with the rule for completion.

    `minimum_minutes_share`: of the planned minutes, 0 to 1; `cut_score`: of the full mark, 0 to 1,
    None when there is no test; `tasks`: codes of practical tasks to be passed; `timetable`:
    [{"day": 1, "starts": "09:00", "minutes": 90, "version": code or "", "title"}].
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=200)
    minimum_minutes_share = models.DecimalField(max_digits=3, decimal_places=2, default="0.80")
    cut_score = models.DecimalField(max_digits=4, decimal_places=3, null=True, blank=True)
    tasks = models.JSONField(default=list, blank=True)
    timetable = models.JSONField(default=list, blank=True)

    objects = CoursePlanQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minimum_minutes_share__gte=0, minimum_minutes_share__lte=1),
                name="plan_share_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(cut_score=None) | Q(cut_score__gte=0, cut_score__lte=1),
                name="plan_cut_is_a_share",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CoursePlanItem(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    plan = models.ForeignKey(CoursePlan, on_delete=models.CASCADE, related_name="items")
    version = models.ForeignKey(ModuleVersion, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "position"], name="plan_position_once")
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.version}"


class CoursePlanEditionQuerySet(SharedQuerySet["CoursePlanEdition"]):
    pass


class CoursePlanEdition(models.Model):
    """A course plan as it was when an event began: it never changes again.

    `content`: plan, versions with objectives and hashes, completion rule, plain JSON; `digest`:
    SHA-256 of its canonical form.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    plan = models.ForeignKey(CoursePlan, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    versions = models.ManyToManyField(ModuleVersion, related_name="editions")
    frozen_at = models.DateTimeField()

    objects = CoursePlanEditionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="edition_once"),
            models.UniqueConstraint(fields=["plan", "digest"], name="edition_frozen_once"),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.number}"


class CurriculumIntegrationQuerySet(SharedQuerySet["CurriculumIntegration"]):
    pass


class CurriculumIntegration(models.Model):
    """An institution made a module part of its curriculum, and how that is known."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    institution = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(
        ModuleVersion, on_delete=models.PROTECT, related_name="integrations"
    )
    course_type = models.CharField(max_length=16, choices=CourseType)
    hours = models.DecimalField(max_digits=5, decimal_places=1)
    since = models.DateField()
    evidence = models.CharField(max_length=300)
    evidence_link = models.URLField(max_length=300, blank=True)
    request = models.ForeignKey(
        AssistanceRequest, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = CurriculumIntegrationQuerySet.as_manager()

    class Meta:
        ordering = ["-since"]

    def __str__(self) -> str:
        return f"{self.institution} {self.version}"


class TrainingNeedQuerySet(SharedQuerySet["TrainingNeed"]):
    pass


class TrainingNeed(models.Model):
    """What an assessment of training needs found: who lacks what, as a source says."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    audience = models.CharField(max_length=200)
    gap = models.TextField()
    competency = models.CharField(max_length=12, choices=Competency, blank=True)
    country = models.CharField(max_length=3, blank=True)
    area = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=200)
    recorded_on = models.DateField()

    objects = TrainingNeedQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_on"]

    def __str__(self) -> str:
        return self.audience
