"""Recipients to whom nobody is referred, with the ground and a sealed note."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.urls import reverse

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.core.classification import Zone
from cairn.core.models import Organisation
from cairn.referral.models.services import Service
from cairn.referral.rules.risks import RiskGround, holds
from cairn.vault.fields import SealedModel, SealedQuerySet, SealedTextField

RISK_KIND = "recipient-risk"


class RecipientRiskQuerySet(SealedQuerySet["RecipientRisk"]):
    def visible_to(self, actor: Actor) -> Self:
        """A risk holds for everybody, so whoever may know of risks knows of all of them."""
        return self.all() if actor.may(Permission.RISK_VIEW) else self.none()

    def holding(self, today: date) -> Self:
        """Those that keep a recipient out on `today`."""
        return self.filter(
            models.Q(ends_on=None) | models.Q(ends_on__gte=today),
            models.Q(ended_on=None) | models.Q(ended_on__gt=today),
            starts_on__lte=today,
        )


class RecipientRisk(SealedModel):
    """Somebody decided that nobody is referred to `recipient`; a second person ends it.

    `service`: the one service of the recipient that it is about; None: all of them.
    `organisation`, `country`: for whom the one who decided works, who may open the note.
    `ended_on`: the first day on which it does not hold any more.
    """

    zone: ClassVar[Zone] = Zone.PROTECTION

    code = models.CharField(max_length=7, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    country = models.CharField(max_length=3, blank=True)
    recipient = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, null=True, blank=True, related_name="risks"
    )
    ground = models.CharField(max_length=24, choices=RiskGround)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.UUIDField()
    ended_on = models.DateField(null=True, blank=True)
    ended_by = models.UUIDField(null=True, blank=True)
    keep_until = models.DateField(null=True, blank=True)
    erased_on = models.DateField(null=True, blank=True)
    note = SealedTextField()

    objects = RecipientRiskQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "code"]
        indexes = [models.Index(fields=["starts_on", "ends_on"], name="recipientrisk_holding")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="recipientrisk_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_by=None) | ~models.Q(ended_by=models.F("decided_by")),
                name="recipientrisk_ended_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("referral:risk", args=[self.code])

    @property
    def unit_id(self) -> None:
        """It belongs to the organisation as a whole."""
        return None

    def holds(self, today: date) -> bool:
        return holds(self.starts_on, self.ends_on, self.ended_on, today)
