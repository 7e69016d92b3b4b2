"""The roster of experts: what they know in the clear, who they are sealed."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.urls import reverse

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.core.classification import Zone
from cairn.core.models import Organisation
from cairn.referral.rules.experts import Availability
from cairn.vault.fields import SealedModel, SealedQuerySet, SealedTextField

EXPERT_KIND = "expert"


class ExpertQuerySet(SealedQuerySet["Expert"]):
    def visible_to(self, actor: Actor) -> Self:
        """The roster is shared: whoever sees it sees all of it, without names."""
        return self.all() if actor.may(Permission.EXPERT_VIEW) else self.none()


class Expert(SealedModel):
    """Somebody who can be asked. `organisation` keeps the entry, and may open the name.

    `country`: where that organisation's editor works; `countries`: ISO 3166-1 alpha-3 codes for
    which the expert can be asked, empty: everywhere. `fields`: codes of ExpertField; `languages`:
    ISO 639. `keep_until`: the last day on which the entry is kept.
    """

    zone: ClassVar[Zone] = Zone.PROTECTION

    code = models.CharField(max_length=7, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    country = models.CharField(max_length=3, blank=True)
    title = models.CharField(max_length=120)
    fields = models.JSONField(default=list)
    languages = models.JSONField(default=list, blank=True)
    countries = models.JSONField(default=list, blank=True)
    availability = models.CharField(
        max_length=9, choices=Availability, default=Availability.AVAILABLE
    )
    entered_on = models.DateField()
    keep_until = models.DateField(null=True, blank=True)
    erased_on = models.DateField(null=True, blank=True)
    name = SealedTextField()
    contact = SealedTextField()

    objects = ExpertQuerySet.as_manager()

    class Meta:
        ordering = ["title", "code"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(keep_until=None) | ~models.Q(erased_on=None),
                name="expert_kept_until_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("referral:expert", args=[self.code])

    @property
    def unit_id(self) -> None:
        """The entry belongs to the organisation as a whole."""
        return None

    def is_due(self, today: date) -> bool:
        """True from the day after the last day on which the entry is kept."""
        return self.keep_until is not None and self.keep_until < today
