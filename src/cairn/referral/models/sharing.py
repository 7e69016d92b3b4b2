"""Shares as agreements with versions, files that change hands, and what the old owner is told."""

from datetime import date
from typing import Any, ClassVar, NoReturn, Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.urls import reverse

from cairn.access.permissions import Permission, scoped
from cairn.core.actor import Actor
from cairn.core.classification import Zone
from cairn.core.models import Organisation, Unit
from cairn.referral.models.persons import Person
from cairn.referral.models.persons_rows import WrittenOnce
from cairn.referral.models.referrals import sent
from cairn.referral.rules.choices import LegalBasis, Purpose
from cairn.referral.rules.sharing import Gone, HandOverState, ShareSide, ShareState, Why
from cairn.referral.rules.sharing_transfer import RUNNING, LineState, Stays
from cairn.vault.fields import SealedJSONField, SealedModel, SealedQuerySet, SealedTextField

SHARE = "share"


def given(actor: Actor, permission: Permission = Permission.SHARE_VIEW, path: str = "") -> Q:
    """What a place that a membership of the actor covers gives."""
    return sent(actor, permission, path)


def taken(actor: Actor, permission: Permission = Permission.SHARE_VIEW, path: str = "") -> Q:
    """What is offered to a place that a membership of the actor covers."""
    return scoped(
        actor,
        permission,
        organisation=f"{path}taker",
        unit=f"{path}taker_unit",
        country=f"{path}country",
    )


class ShareQuerySet(SealedQuerySet["ShareAgreement"]):
    def visible_to(self, actor: Actor) -> Self:
        """What one's own place gives, and what is offered to it."""
        return self.filter(given(actor) | taken(actor))


class ShareAgreement(SealedModel):
    """What one organisation lets another one know of a person, for how long, and on what ground.

    It has a key of its own. `version`: number of the newest `ShareVersion`; the fields beside it
    are those of the version that holds. `content`: {category: text}, for the agreed categories.
    """

    zone: ClassVar[Zone] = Zone.PROTECTION

    code = models.CharField(max_length=7, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="shares")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    country = models.CharField(max_length=3)
    taker = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    taker_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=12, choices=ShareState, default=ShareState.PROPOSED)
    version = models.PositiveSmallIntegerField(default=1)
    purpose = models.CharField(max_length=20, choices=Purpose)
    basis = models.CharField(max_length=24, choices=LegalBasis)
    consent = models.ForeignKey(
        "referral.Consent", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    protocol = models.ForeignKey(
        "referral.Protocol", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    categories = models.JSONField(default=list)
    starts_on = models.DateField()
    expires_on = models.DateField()
    proposed_by = models.UUIDField(null=True)
    accepted_by = models.UUIDField(null=True, blank=True)
    moved_at = models.DateTimeField()
    keep_until = models.DateField(null=True, blank=True)
    erased_on = models.DateField(null=True, blank=True)
    content = SealedJSONField()

    objects = ShareQuerySet.as_manager()

    class Meta:
        ordering = ["-moved_at"]
        indexes = [
            models.Index(fields=["organisation", "-moved_at"], name="share_given"),
            models.Index(fields=["taker", "-moved_at"], name="share_taken"),
            models.Index(fields=["state", "expires_on"], name="share_ends"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on__gte=models.F("starts_on")),
                name="share_ends_after_its_start",
            ),
            models.CheckConstraint(
                condition=~Q(taker=models.F("organisation")), name="share_joins_two_organisations"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("referral:share", args=[self.code])

    def is_given_by(self, actor: Actor, permission: Permission = Permission.SHARE_VIEW) -> bool:
        return actor.may_within(permission, self.organisation_id, self.unit_id, self.country)

    def is_taken_by(self, actor: Actor, permission: Permission = Permission.SHARE_VIEW) -> bool:
        return actor.may_within(permission, self.taker_id, self.taker_unit_id, self.country)

    def is_open_on(self, day: date) -> bool:
        """True while the other side may open what is shared."""
        return self.state == ShareState.ACTIVE and self.starts_on <= day <= self.expires_on


class OfShareQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> Self:
        """Rows of the shares that the actor sees."""
        return self.filter(share__in=ShareAgreement.objects.visible_to(actor))

    def update(self, **changes: Any) -> NoReturn:
        raise TypeError("These rows are never changed: a further row says what is new.")

    def delete(self) -> NoReturn:
        raise TypeError("These rows are never removed.")


class OfShare(models.Model):
    """A row about a share, written once."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    share = models.ForeignKey(ShareAgreement, on_delete=models.PROTECT, related_name="%(class)ss")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    objects = OfShareQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("These rows are never changed: a further row says what is new.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("These rows are never removed.")


class ShareVersion(OfShare):
    """The terms of a share, as they were proposed or changed."""

    purpose = models.CharField(max_length=20, choices=Purpose)
    basis = models.CharField(max_length=24, choices=LegalBasis)
    categories = models.JSONField(default=list)
    starts_on = models.DateField()
    expires_on = models.DateField()

    class Meta:
        ordering = ["share", "number"]
        constraints = [
            models.UniqueConstraint(fields=["share", "number"], name="share_version_once")
        ]

    def __str__(self) -> str:
        return str(self.number)


class ShareStep(OfShare):
    """One step of a share, and whose it was."""

    side = models.CharField(max_length=6, choices=[(each.value, each.value) for each in ShareSide])
    before = models.CharField(max_length=12, choices=ShareState, blank=True)
    after = models.CharField(max_length=12, choices=ShareState)

    class Meta:
        ordering = ["share", "number"]
        constraints = [models.UniqueConstraint(fields=["share", "number"], name="share_step_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.after}"


class HandOverQuerySet(models.QuerySet["HandOver"]):
    def visible_to(self, actor: Actor) -> Self:
        """What one's own place hands over, and what is offered to it."""
        wanted = Permission.CASELOAD_SUPERVISE
        return self.filter(given(actor, wanted) | taken(actor, wanted))


class HandOver(models.Model):
    """Files of a caseload that change hands together.

    `taker` None: to colleagues of the same place, all of them at once. Else they are offered to
    another organisation, which takes all or some. `to_user`: who works on them then.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.CharField(max_length=7, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    country = models.CharField(max_length=3)
    taker = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    taker_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    why = models.CharField(max_length=16, choices=Why)
    state = models.CharField(max_length=12, choices=HandOverState, default=HandOverState.PROPOSED)
    from_user = models.UUIDField(null=True, blank=True)
    to_user = models.UUIDField(null=True, blank=True)
    made_by = models.UUIDField()
    made_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = HandOverQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(taker=None) | ~Q(taker=models.F("organisation")),
                name="hand_over_to_another_organisation",
            )
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("referral:hand-over", args=[self.code])

    def is_given_by(self, actor: Actor) -> bool:
        """Whether the actor supervises the place that the files come from."""
        wanted = Permission.CASELOAD_SUPERVISE
        return actor.may_within(wanted, self.organisation_id, self.unit_id, self.country)

    def is_taken_by(self, actor: Actor) -> bool:
        """Whether the actor supervises the place of another organisation that takes them."""
        return self.taker_id is not None and actor.may_within(
            Permission.CASELOAD_SUPERVISE, self.taker_id, self.taker_unit_id, self.country
        )


class HandOverLineQuerySet(models.QuerySet["HandOverLine"]):
    def visible_to(self, actor: Actor) -> Self:
        """Lines of the hand-overs that the actor sees."""
        return self.filter(hand_over__in=HandOver.objects.visible_to(actor))


class HandOverLine(models.Model):
    """One file of a hand-over, and on what ground it may go to another organisation.

    `reason`: why it stays. `card`: what the other side sees before it accepts
    ({"age_band", "needs", "languages"}), as it was when it was proposed.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    hand_over = models.ForeignKey(HandOver, on_delete=models.PROTECT, related_name="lines")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=12, choices=LineState, default=LineState.MOVED)
    reason = models.CharField(max_length=12, choices=Stays, blank=True)
    basis = models.CharField(max_length=24, choices=LegalBasis, blank=True)
    consent = models.ForeignKey(
        "referral.Consent", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    protocol = models.ForeignKey(
        "referral.Protocol", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    card = models.JSONField(default=dict)
    moved_at = models.DateTimeField(null=True, blank=True)

    objects = HandOverLineQuerySet.as_manager()

    class Meta:
        ordering = ["hand_over", "person"]
        indexes = [models.Index(fields=["state"], name="hand_over_line_state")]
        constraints = [
            models.UniqueConstraint(fields=["hand_over", "person"], name="hand_over_line_once"),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state__in=sorted(RUNNING)),
                name="hand_over_line_runs_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class MovedQuerySet(models.QuerySet["Moved"]):
    def visible_to(self, actor: Actor) -> Self:
        """What is gone from places that a membership of the actor covers."""
        return self.filter(scoped(actor, Permission.PERSON_VIEW))


class Moved(models.Model):
    """What the old owner is told of a record that is gone: that it is, since when, whom to ask.

    `record`: the code that it had. `person`: the record, for notes that come late. No data of the
    person.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.CharField(max_length=14, unique=True)
    record = models.CharField(max_length=7, db_index=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="moves")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    country = models.CharField(max_length=3)
    how = models.CharField(max_length=8, choices=Gone)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
    ask = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = MovedQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        verbose_name_plural = "moved"

    def __str__(self) -> str:
        return self.code


class LateNote(WrittenOnce):
    """What the old owner still wrote after a record was gone, for the new one.

    `source`: the old owner. `page`: name of the address at which it was sent.
    """

    source = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    page = models.CharField(max_length=40)
    note = SealedTextField()

    class Meta:
        ordering = ["person", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["person", "number"], name="late_note_numbered_once")
        ]
