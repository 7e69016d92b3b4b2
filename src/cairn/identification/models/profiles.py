"""What each country's law says about who decides, and what decisions open."""

from typing import Any, Self
from uuid import uuid4

from django.db import models

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.identification.rules.profiles import REFLECTION_DAYS, REVIEW_DAYS, Profile


class CountryProfileQuerySet(models.QuerySet["CountryProfile"]):
    def visible_to(self, actor: Actor) -> Self:
        """Profiles are read by whoever sees procedures, and by whoever sets them."""
        if actor.may_any({Permission.PROCEDURE_VIEW, Permission.ROLE_GRANT}):
            return self.all()
        return self.none()

    def in_force(self) -> Self:
        """The newest profile of each country: an earlier one is what held before."""
        newer = CountryProfile.objects.filter(
            country=models.OuterRef("country"), decided_at__gt=models.OuterRef("decided_at")
        )
        return self.filter(~models.Exists(newer))


class CountryProfile(models.Model):
    """What the law of a country (ISO 3166-1 alpha-3) says about identification. The newest holds.

    Where there is none, whoever investigated does not decide, and the floor of `rules.profiles`
    holds. `source`: the law or order; `decided_by`: id of the user who set it. The columns of JSON
    hold codes, as `Profile.stored` gives them.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    country = models.CharField(max_length=3)
    investigator_may_decide = models.BooleanField(default=False)
    deciders = models.JSONField(default=list, blank=True)
    standards = models.JSONField(default=dict, blank=True)
    opens = models.JSONField(default=dict, blank=True)
    ends = models.JSONField(default=dict, blank=True)
    reflection_days = models.PositiveSmallIntegerField(default=REFLECTION_DAYS)
    review_days = models.PositiveSmallIntegerField(default=REVIEW_DAYS)
    mandatory_reporting = models.TextField(blank=True)
    languages = models.JSONField(default=list, blank=True)
    source = models.CharField(max_length=300)
    decided_by = models.UUIDField(null=True, blank=True)
    decided_at = models.DateTimeField()

    objects = CountryProfileQuerySet.as_manager()

    class Meta:
        ordering = ["country", "-decided_at"]
        indexes = [models.Index(fields=["country", "-decided_at"], name="profile_of_country")]

    def __str__(self) -> str:
        return self.country

    def law(self) -> Profile:
        """The profile as rules take it."""
        return Profile.of({name: getattr(self, name) for name in _LAW})

    @classmethod
    def of_law(cls, profile: Profile, **more: Any) -> Self:
        """A row, not saved, that keeps this profile."""
        return cls(**profile.stored(), **more)


_LAW = tuple(Profile().stored())
