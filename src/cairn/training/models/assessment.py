"""Questions, parallel forms, sittings and answers; practical tasks; questionnaires and waves."""

from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.training.models.curriculum import CoursePlan, LearningObjective, SharedQuerySet
from cairn.training.models.delivery import Enrolment, TrainingEvent
from cairn.training.models.people import Practitioner
from cairn.training.rules.choices import InstrumentKind, SittingMeans, TestWave


class QuestionQuerySet(models.QuerySet["Question"]):
    def visible_to(self, actor: Actor) -> Self:
        """Questions with their keys are for whoever makes tests: a trainer sees forms as
        printed."""
        return self.all() if actor.may(Permission.TRAINING_EDIT) else self.none()


class Question(models.Model):
    """A question of the bank; what it says is in its versions."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.CharField(max_length=20, unique=True)
    objective = models.ForeignKey(
        LearningObjective, on_delete=models.PROTECT, null=True, blank=True, related_name="questions"
    )
    type = models.CharField(max_length=20)
    is_retired = models.BooleanField(default=False)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class QuestionVersion(models.Model):
    """One wording of a question; frozen once a form uses it.

    `content`: options, key, rubric, parts of a case and texts per language, in the shape that
    cairn.training.testing.questions describes: the key is the same in every language.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(default=1)
    content = models.JSONField(default=dict)
    source_language = models.CharField(max_length=8, default="en")
    languages = models.JSONField(default=list, blank=True)
    note = models.CharField(max_length=300, blank=True)
    maximum = models.DecimalField(max_digits=5, decimal_places=2, default=1)
    author_id = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="question_version_once"),
            models.CheckConstraint(condition=Q(maximum__gt=0), name="question_has_a_mark"),
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.number}"


class TestBlueprintQuerySet(SharedQuerySet["TestBlueprint"]):
    __test__ = False


class TestBlueprint(models.Model):
    """How many questions for each objective. `counts`: {objective code: number}."""

    __test__ = False  # no test class for pytest

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    plan = models.ForeignKey(
        CoursePlan, on_delete=models.PROTECT, null=True, blank=True, related_name="blueprints"
    )
    title = models.CharField(max_length=200)
    counts = models.JSONField(default=dict)

    objects = TestBlueprintQuerySet.as_manager()

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class TestFormQuerySet(SharedQuerySet["TestForm"]):
    __test__ = False


class TestForm(models.Model):
    """One of two parallel forms. `cut_score`: share of the full mark, 0 to 1, or None."""

    __test__ = False  # no test class for pytest

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    blueprint = models.ForeignKey(TestBlueprint, on_delete=models.CASCADE, related_name="forms")
    letter = models.CharField(max_length=1)
    edition = models.PositiveSmallIntegerField(default=1)
    cut_score = models.DecimalField(max_digits=4, decimal_places=3, null=True, blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True)

    objects = TestFormQuerySet.as_manager()

    class Meta:
        ordering = ["blueprint", "edition", "letter"]
        constraints = [
            models.UniqueConstraint(
                fields=["blueprint", "edition", "letter"], name="form_letter_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.blueprint} {self.letter}"


class FormItem(models.Model):
    """A question in a form. `is_anchor`: stands in both forms, so that they can be compared."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    form = models.ForeignKey(TestForm, on_delete=models.CASCADE, related_name="items")
    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    maximum = models.DecimalField(max_digits=5, decimal_places=2, default=1)
    is_anchor = models.BooleanField(default=False)

    class Meta:
        ordering = ["form", "position"]
        constraints = [
            models.UniqueConstraint(fields=["form", "position"], name="item_position_once"),
            models.UniqueConstraint(fields=["form", "version"], name="item_version_once"),
            models.CheckConstraint(condition=Q(maximum__gt=0), name="item_has_a_mark"),
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.position}"


class AngoffRating(models.Model):
    """A judge's estimate: the share of just-competent participants who answer the item rightly."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    item = models.ForeignKey(FormItem, on_delete=models.CASCADE, related_name="ratings")
    judge_id = models.UUIDField()
    share = models.DecimalField(max_digits=3, decimal_places=2)
    rated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "judge_id"], name="angoff_once"),
            models.CheckConstraint(
                condition=Q(share__gte=0, share__lte=1), name="angoff_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return str(self.share)


class TestWindow(models.Model):
    """When a test of an event may be taken. `released_at`: from when participants see their
    result."""

    __test__ = False  # no test class for pytest

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    event = models.ForeignKey(TrainingEvent, on_delete=models.CASCADE, related_name="test_windows")
    blueprint = models.ForeignKey(TestBlueprint, on_delete=models.PROTECT, related_name="windows")
    form_edition = models.PositiveSmallIntegerField(default=1)
    wave = models.CharField(max_length=10, choices=TestWave)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["event", "wave"]
        constraints = [
            models.UniqueConstraint(fields=["event", "wave"], name="window_once"),
            models.CheckConstraint(
                condition=Q(closed_at=None)
                | Q(opened_at=None)
                | Q(closed_at__gte=models.F("opened_at")),
                name="window_closes_after_opening",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.wave}"


class TestSittingQuerySet(models.QuerySet["TestSitting"]):
    __test__ = False

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(event__in=TrainingEvent.objects.worked_on(actor))


class TestSitting(models.Model):
    """One participant takes one test, once for each wave. `mark`, `maximum`: once it is scored.

    `id` may be made on a device. `needs_marking`: answers wait for a person's marks.
    """

    __test__ = False  # no test class for pytest

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    event = models.ForeignKey(TrainingEvent, on_delete=models.PROTECT, related_name="sittings")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="sittings")
    form = models.ForeignKey(TestForm, on_delete=models.PROTECT, related_name="sittings")
    wave = models.CharField(max_length=10, choices=TestWave)
    means = models.CharField(max_length=6, choices=SittingMeans)
    language = models.CharField(max_length=8, blank=True)
    started_at = models.DateTimeField()
    consented_at = models.DateTimeField(null=True, blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)
    is_late = models.BooleanField(default=False)
    handed_in_at = models.DateTimeField(null=True, blank=True)
    needs_marking = models.BooleanField(default=False)
    mark = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    maximum = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    origin = models.CharField(max_length=40, blank=True)

    objects = TestSittingQuerySet.as_manager()

    class Meta:
        ordering = ["started_at"]
        indexes = [models.Index(fields=["event", "wave"], name="sittings_of_wave")]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "wave"], name="sitting_once"),
            models.CheckConstraint(
                condition=Q(mark=None) | Q(mark__lte=models.F("maximum"), mark__gte=0),
                name="sitting_mark_within_maximum",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} {self.wave}"


class Response(models.Model):
    """The answer to one item, or to one `part` of a case; the last one saved before handing in.

    `mark` None: not marked yet.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    sitting = models.ForeignKey(TestSitting, on_delete=models.CASCADE, related_name="responses")
    item = models.ForeignKey(FormItem, on_delete=models.PROTECT, related_name="responses")
    part = models.CharField(max_length=8, blank=True)
    answer = models.JSONField(null=True, blank=True)
    mark = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sitting", "item", "part"], name="response_once"),
            models.CheckConstraint(
                condition=Q(mark=None) | Q(mark__gte=0), name="response_mark_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Marking(models.Model):
    """One person marks one short answer by its rubric. `marks`: {criterion: mark}; `total`: their
    sum."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="markings")
    marker_id = models.UUIDField()
    marks = models.JSONField(default=dict)
    total = models.DecimalField(max_digits=6, decimal_places=2)
    marked_at = models.DateTimeField()

    class Meta:
        ordering = ["marked_at"]
        constraints = [
            models.UniqueConstraint(fields=["response", "marker_id"], name="marking_once"),
            models.CheckConstraint(condition=Q(total__gte=0), name="marking_not_negative"),
        ]

    def __str__(self) -> str:
        return str(self.total)


class KeyedSheet(models.Model):
    """One keying of a paper answer sheet. Two people key each sheet; they have to agree.

    `answers`: {position: answer}. `settled_at`: when both agreed and the sitting was made.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    event = models.ForeignKey(TrainingEvent, on_delete=models.CASCADE, related_name="keyed_sheets")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="keyed_sheets")
    form = models.ForeignKey(TestForm, on_delete=models.PROTECT, related_name="+")
    wave = models.CharField(max_length=10, choices=TestWave)
    entry = models.PositiveSmallIntegerField()
    answers = models.JSONField(default=dict)
    keyed_by = models.UUIDField()
    keyed_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["enrolment", "wave", "entry"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "wave", "entry"], name="keyed_once"),
            models.CheckConstraint(condition=Q(entry__in=[1, 2]), name="keyed_twice_at_most"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} {self.wave} {self.entry}"


class PracticalRating(models.Model):
    """An assessor rates a practical task (such as micro-teaching), 1 to 4. Two assessors may.

    1 unable, 2 with major challenges, 3 with some challenges, 4 without challenges (HSEEP 2020).
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    event = models.ForeignKey(TrainingEvent, on_delete=models.CASCADE, related_name="ratings")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="ratings")
    task = models.CharField(max_length=40)
    rating = models.PositiveSmallIntegerField()
    assessor_id = models.UUIDField()
    comment = models.CharField(max_length=300, blank=True)
    rated_at = models.DateTimeField()

    class Meta:
        ordering = ["task", "rated_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "task", "assessor_id"], name="practical_once"
            ),
            models.CheckConstraint(
                condition=Q(rating__gte=1, rating__lte=4), name="practical_one_to_four"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.rating}"


class InstrumentQuerySet(SharedQuerySet["Instrument"]):
    pass


class Instrument(models.Model):
    """A questionnaire. `questions`: [{"code", "type": scale|choice|text|yes-no, "texts": {language:
    {"stem", "options"}}}]."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=24, choices=InstrumentKind)
    title = models.CharField(max_length=200)
    questions = models.JSONField(default=list)

    objects = InstrumentQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title


class SurveyWaveQuerySet(models.QuerySet["SurveyWave"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(event__in=TrainingEvent.objects.visible_to(actor))


class SurveyWave(models.Model):
    """A questionnaire goes to the participants of an event. `months`: after its end; 0 at the
    end."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    event = models.ForeignKey(TrainingEvent, on_delete=models.CASCADE, related_name="waves")
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="waves")
    months = models.PositiveSmallIntegerField()
    opens_on = models.DateField()
    closes_on = models.DateField()

    objects = SurveyWaveQuerySet.as_manager()

    class Meta:
        ordering = ["opens_on"]
        constraints = [
            models.UniqueConstraint(fields=["event", "instrument", "months"], name="wave_once"),
            models.CheckConstraint(
                condition=Q(closes_on__gte=models.F("opens_on")), name="wave_closes_after_opening"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.months}"


class SurveyInvitation(models.Model):
    """One token for one respondent and wave. That it was answered is known; the answer is apart.

    `token_digest`: SHA-256 of the token that is on the printed slip or in the message.
    """

    class State(models.TextChoices):
        INVITED = "invited"
        ANSWERED = "answered"
        UNDELIVERABLE = "undeliverable"
        INELIGIBLE = "ineligible"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    wave = models.ForeignKey(SurveyWave, on_delete=models.CASCADE, related_name="invitations")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="invitations")
    is_supervisor = models.BooleanField(default=False)
    token_digest = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=14, choices=State, default=State.INVITED)
    answered_on = models.DateField(null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["wave", "enrolment", "is_supervisor"], name="invitation_once"
            )
        ]

    def __str__(self) -> str:
        return self.state


class SurveyResponse(models.Model):
    """Answers to a questionnaire, without a way back to the person: sex and country only."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    wave = models.ForeignKey(SurveyWave, on_delete=models.CASCADE, related_name="answers")
    is_supervisor = models.BooleanField(default=False)
    language = models.CharField(max_length=8, blank=True)
    sex = models.CharField(max_length=10, blank=True)
    country = models.CharField(max_length=3, blank=True)
    answers = models.JSONField(default=dict)
    answered_on = models.DateField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.pk)


class Observation(models.Model):
    """A trainer was observed and rated by rubric. `scores`: {criterion: 1 to 4}.

    `kind`: "delivery", "micro-teaching" or "assessing"; `verdict`: as rules.roster names them.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    practitioner = models.ForeignKey(
        Practitioner, on_delete=models.CASCADE, related_name="observations"
    )
    event = models.ForeignKey(
        TrainingEvent, on_delete=models.PROTECT, null=True, blank=True, related_name="observations"
    )
    kind = models.CharField(max_length=16, default="delivery")
    observer_id = models.UUIDField()
    observed_on = models.DateField()
    scores = models.JSONField(default=dict)
    verdict = models.CharField(max_length=16, blank=True)
    is_passed = models.BooleanField()
    comment = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-observed_on"]

    def __str__(self) -> str:
        return str(self.observed_on)
