"""The directory of services: access points, where somebody who needs help may go or call."""

from datetime import date, timedelta
from typing import Any, Self
from uuid import uuid4

from django.db import models
from django.urls import reverse

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.referral.rules.access_points import (
    GOOD_FOR,
    Freshness,
    Way,
    freshness,
    oldest_good,
)


class AccessPointQuerySet(models.QuerySet["AccessPoint"]):
    def visible_to(self, actor: Actor) -> Self:
        """The directory is shared: whoever sees it sees all of it. Nothing in it is about a person.

        An entry that was taken out is seen by those of its organisation who edit the directory.
        """
        if not actor.may(Permission.DIRECTORY_VIEW):
            return self.none()
        if actor.is_system:
            return self.all()
        own = [scope.organisation_id for scope in actor.scopes_with(Permission.DIRECTORY_EDIT)]
        return self.filter(models.Q(closed_at=None) | models.Q(organisation__in=own))

    def good(self, today: date) -> Self:
        """In use, and looked at within the last sixty days."""
        return self.filter(closed_at=None, assured_on__gte=oldest_good(today))


class AccessPoint(models.Model):
    """A door or a telephone through which help is reached. Public by construction.

    No address of a place where people are protected stands here: `way` knows no such place, and
    whoever enters it says that nobody sleeps there. `needs`: codes of Need; `languages`: ISO 639;
    `ages`, `sexes`: whom it is for, empty: everybody. `assured_on`: when somebody last looked and
    found it right.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.CharField(max_length=7, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    way = models.CharField(max_length=8, choices=Way)
    needs = models.JSONField(default=list)
    country = models.CharField(max_length=3)
    area = models.CharField(max_length=80)
    languages = models.JSONField(default=list, blank=True)
    ages = models.JSONField(default=list, blank=True)
    sexes = models.JSONField(default=list, blank=True)
    hours = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    reach = models.CharField(max_length=240, blank=True)
    assured_on = models.DateField()
    assured_by = models.UUIDField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.UUIDField(null=True, blank=True)

    objects = AccessPointQuerySet.as_manager()

    class Meta:
        ordering = ["country", "area", "name"]
        indexes = [
            models.Index(fields=["country", "assured_on"], name="access_point_extract"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(way__in=Way.values), name="access_point_is_public"
            ),
            models.CheckConstraint(
                condition=~models.Q(phone="") | ~models.Q(reach=""),
                name="access_point_can_be_reached",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("referral:access-point", args=[self.code])

    @property
    def good_until(self) -> date:
        return self.assured_on + GOOD_FOR

    def freshness(self, today: date) -> Freshness:
        return freshness(self.assured_on, today)

    def shown(self) -> dict[str, Any]:
        """The entry as phones get it."""
        return {
            "code": self.code,
            "name": self.name,
            "organisation": self.organisation.name,
            "way": self.way,
            "needs": list(self.needs),
            "area": self.area,
            "country": self.country,
            "languages": list(self.languages),
            "ages": list(self.ages),
            "sexes": list(self.sexes),
            "hours": self.hours,
            "phone": self.phone,
            "reach": self.reach,
            "assured_on": self.assured_on.isoformat(),
        }


# Kept here so that a page can say it: how long an entry is good.
GOOD_DAYS = GOOD_FOR // timedelta(days=1)
