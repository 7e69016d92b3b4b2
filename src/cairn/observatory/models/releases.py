"""Releases of statistics: the steps of each with their hashes, signatures, what went out."""

from typing import Any, ClassVar, NoReturn, Self
from uuid import UUID, uuid4

from django.db import models
from django.urls import reverse

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.observatory.rules.pipeline import BUILDING, OVER, Period, ReleaseState, Step, Way


class ReleaseQuerySet(models.QuerySet["Release"]):
    def visible_to(self, actor: Actor) -> Self:
        """Releases are shared by all who may see statistics before they are published."""
        return self.all() if actor.may(Permission.STATISTICS_VIEW) else self.none()

    def delete(self) -> NoReturn:
        raise TypeError("Releases are never removed: refused and withdrawn ones stay.")


class Release(models.Model):
    """One release on its way from records to what anybody may read.

    `source`: a code of cairn.observatory.sources; `period_first`, `period_last`: both days are
    included. `columns`: names of dimensions for an open cube, lists of names for fixed tables
    (JSON). `builders`: ids of all who began it or had a step taken. `is_merged`: areas that are
    too small were put together. `reference_at`: when the extract was frozen. `work_key`: the data
    key of extract and cube, None after it was destroyed; `reason`: why it was refused or
    withdrawn; `trouble`: what stopped the last step, as code, message and remedy.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.CharField(max_length=10, unique=True)
    title = models.CharField(max_length=160)
    source = models.CharField(max_length=40)
    way = models.CharField(max_length=5, choices=Way)
    period_first = models.DateField()
    period_last = models.DateField()
    columns = models.JSONField()
    is_merged = models.BooleanField(default=False)
    state = models.CharField(
        max_length=9, choices=ReleaseState, default=ReleaseState.DRAFT, db_index=True
    )
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    builders = models.JSONField(default=list)
    reference_at = models.DateTimeField(null=True, blank=True)
    work_key = models.UUIDField(null=True, blank=True)
    wiped_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.UUIDField(null=True, blank=True)
    reason = models.CharField(max_length=480, blank=True)
    trouble = models.JSONField(default=dict, blank=True)

    objects: ClassVar[Any] = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(period_last__gte=models.F("period_first")),
                name="release_period_has_days",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("observatory:release", args=[self.code])

    @property
    def period(self) -> Period:
        return Period(self.period_first, self.period_last)

    def had_hands_of(self, user: UUID | None) -> bool:
        """Whether somebody began it or had a step taken, and so does not sign it."""
        return user == self.made_by or str(user) in self.builders

    @property
    def population(self) -> str:
        """The name of the persons counted, the same for every release about them."""
        return f"{self.source} {self.period_first.isoformat()}/{self.period_last.isoformat()}"

    @property
    def is_building(self) -> bool:
        return self.state in BUILDING

    @property
    def is_over(self) -> bool:
        return self.state in OVER


class _OfRelease(models.QuerySet[Any]):
    """Rows of a release that are written once."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of the releases that the actor sees."""
        return self.filter(release__in=Release.objects.visible_to(actor))

    def delete(self) -> NoReturn:
        raise TypeError("What a release left behind is never removed.")


class Artefact(models.Model):
    """What one step left. `digest`: SHA-256 (hex) over its content, its summary and `previous`.

    `summary`: what people may read of it: no count of persons below a threshold. `content`: the
    hash of what the step made. `sealed`: the extract or the exact counts under the release's work
    key, read by the next step alone, None after it was wiped. `payload`: what protection would
    publish, shown when the attack has passed.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="artefacts")
    step = models.CharField(max_length=7, choices=Step)
    number = models.PositiveSmallIntegerField()
    content = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    summary = models.JSONField(default=dict)
    sealed = models.BinaryField(null=True, blank=True)
    payload = models.JSONField(null=True, blank=True)

    objects: ClassVar[Any] = _OfRelease.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["release", "step"], name="artefact_once_for_each_step"),
            models.UniqueConstraint(fields=["release", "number"], name="artefact_once_by_number"),
        ]

    def __str__(self) -> str:
        return f"{self.release_id} {self.step}"


class Signature(models.Model):
    """One of the two signatures of a release, over the digest of its last artefact."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="signatures")
    signed_by = models.UUIDField()
    signed_at = models.DateTimeField()
    digest = models.CharField(max_length=64)

    objects: ClassVar[Any] = _OfRelease.as_manager()

    class Meta:
        ordering = ["signed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["release", "signed_by"], name="release_signed_once_by_each"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.release_id} {self.signed_at:%Y-%m-%d}"


class PublishedQuerySet(models.QuerySet["Published"]):
    def visible_to(self, actor: Actor) -> Self:
        """What was published is everybody's; what was withdrawn stays for whoever may look."""
        if actor.may(Permission.STATISTICS_VIEW):
            return self.all()
        return self.filter(withdrawn_at=None)

    def open_to(self, _actor: Actor) -> Self:
        """Whatever went out, also what was withdrawn since, whose figures are told no more."""
        return self.defer("payload")

    def delete(self) -> NoReturn:
        raise TypeError("What was published is never removed: it is withdrawn.")


class Published(models.Model):
    """What went out: the only thing that public pages read. See `observatory.payloads`."""

    release = models.OneToOneField(
        Release, on_delete=models.PROTECT, primary_key=True, related_name="published"
    )
    payload = models.JSONField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField(db_index=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=480, blank=True)

    objects: ClassVar[Any] = PublishedQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at"]

    def __str__(self) -> str:
        return str(self.release_id)


class LedgerEntry(models.Model):
    """One line of the ledger: what went out or was taken back, each chained to the one before.

    `event`: "published" or "withdrawn"; `figures`: how many figures were shown; `content`: the
    digest of the payload; `hash`: SHA-256 (hex) over all of it and `previous`.
    """

    number = models.PositiveIntegerField(primary_key=True)
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="ledger")
    at = models.DateTimeField()
    event = models.CharField(max_length=9)
    what = models.CharField(max_length=240)
    figures = models.PositiveIntegerField()
    content = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects: ClassVar[Any] = _OfRelease.as_manager()

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.event}"
