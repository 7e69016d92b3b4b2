"""Event kits: laptops without a line, what is checked out to them, and what they brought back."""

from typing import Self
from uuid import UUID, uuid4

from django.db import models

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.training.models.delivery import TrainingEvent
from cairn.training.rules.states import CheckoutState


class KitQuerySet(models.QuerySet["Kit"]):
    def visible_to(self, actor: Actor) -> Self:
        """Laptops of the actor's organisations: wherever the work is, the laptop is taken there."""
        if actor.is_system:
            return self.all() if actor.may(Permission.KIT_OPERATE) else self.none()
        own = [scope.organisation_id for scope in actor.scopes_with(Permission.KIT_OPERATE)]
        return self.filter(organisation__in=own)


class Kit(models.Model):
    """A laptop that runs this system without a line.

    `recipient`: age public key to which bundles are encrypted; `verifier`: hex of the Ed25519
    public key with which the kit signs. `offset_seconds`: how far its clock was ahead when last
    measured.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.CharField(max_length=7, unique=True)
    label = models.CharField(max_length=80)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    recipient = models.CharField(max_length=80)
    verifier = models.CharField(max_length=64)
    enrolled_at = models.DateTimeField()
    enrolled_by = models.UUIDField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    offset_seconds = models.IntegerField(null=True, blank=True)

    objects = KitQuerySet.as_manager()

    class Meta:
        ordering = ["label"]

    def __str__(self) -> str:
        return self.label


class KitCheckoutQuerySet(models.QuerySet["KitCheckout"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(event__in=TrainingEvent.objects.worked_on(actor))


class KitCheckout(models.Model):
    """An event is on a kit: its editable part is kept there until it returns or is recalled."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kit = models.ForeignKey(Kit, on_delete=models.PROTECT, related_name="checkouts")
    event = models.ForeignKey(TrainingEvent, on_delete=models.PROTECT, related_name="checkouts")
    state = models.CharField(max_length=8, choices=CheckoutState, default=CheckoutState.OUT)
    bundle_digest = models.CharField(max_length=64, blank=True)
    persons = models.PositiveIntegerField(default=0)
    checked_out_at = models.DateTimeField()
    checked_out_by = models.UUIDField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.CharField(max_length=300, blank=True)

    objects = KitCheckoutQuerySet.as_manager()

    class Meta:
        ordering = ["-checked_out_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["event"],
                condition=models.Q(state=CheckoutState.OUT),
                name="checkout_one_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kit} {self.state}"

    @property
    def organisation_id(self) -> UUID:
        return self.event.organisation_id

    @property
    def country(self) -> str:
        return self.event.country


class KitReturn(models.Model):
    """One bundle that came back, and what became of its records. The same bundle twice is one row.

    `done`: records of it that were decided, so that a check-in that was cut off goes on.
    `kit_made_at`: by the kit's clock; `offset_low`, `offset_high`: seconds by which that clock is
    ahead, at least and at most, None: not known. `is_last`: with it the kit gives the event back.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    checkout = models.ForeignKey(KitCheckout, on_delete=models.PROTECT, related_name="returns")
    sequence = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    schema = models.PositiveSmallIntegerField()
    records = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    repeated = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    parked = models.PositiveIntegerField(default=0)
    is_last = models.BooleanField(default=False)
    kit_made_at = models.DateTimeField()
    offset_low = models.IntegerField(null=True, blank=True)
    offset_high = models.IntegerField(null=True, blank=True)
    brought_at = models.DateTimeField()
    brought_by = models.UUIDField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-brought_at"]
        constraints = [models.UniqueConstraint(fields=["checkout", "digest"], name="return_once")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.accepted}"


class KitSelf(models.Model):
    """On the kit itself: who it is, and what it holds. One row for each event that it carries.

    `sequence`: bundles made here; `bundle_made_at`: by the home's clock; `answered_through`: the
    newest bundle that a receipt answers; `last_sequence`: the one with which the event was given
    back.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kit_code = models.CharField(max_length=7)
    checkout_id = models.UUIDField(unique=True)
    event = models.ForeignKey(TrainingEvent, on_delete=models.CASCADE, related_name="+")
    home_verifier = models.CharField(max_length=64)
    home_recipient = models.CharField(max_length=80)
    sequence = models.PositiveIntegerField(default=0)
    bundle_made_at = models.DateTimeField()
    answered_through = models.PositiveIntegerField(default=0)
    last_sequence = models.PositiveIntegerField(null=True, blank=True)
    imported_at = models.DateTimeField()
    exported_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["imported_at"]

    def __str__(self) -> str:
        return self.kit_code
