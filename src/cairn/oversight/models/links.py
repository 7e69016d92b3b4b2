"""Links between two opaque records of different zones."""

from datetime import date
from typing import ClassVar
from uuid import uuid4

from django.db import models

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.core.classification import Zone
from cairn.oversight.models.base import DeskQuerySet, choices
from cairn.oversight.rules import LinkBasis


class LinkGrantQuerySet(DeskQuerySet["LinkGrant"]):
    own: ClassVar[str] = ""

    def visible_to(self, actor: Actor) -> "LinkGrantQuerySet":
        """That a link exists: the desk. Owners find theirs by a record that they hold."""
        return self.all() if actor.may(Permission.OVERSIGHT_VIEW) else self.none()

    def live(self, today: date) -> "LinkGrantQuerySet":
        return self.filter(revoked_at=None, ends_on__gte=today)


class LinkGrant(models.Model):
    """Joins two opaque ids of different zones, until it ends or is revoked.

    The two ids are stored only sealed, once for each side: `left_sealed` under a key of the left
    zone and `right_sealed` under one of the right zone, so that each owner can read the pair and
    a zone that is closed down takes its copy with it. `left_index` and `right_index` are keyed
    hashes, by which a side finds the links of a record that it holds in its hands.
    `scope`: the field classes of the right record that the left side may open.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    left_zone = models.CharField(max_length=20, choices=Zone)
    right_zone = models.CharField(max_length=20, choices=Zone)
    left_sealed = models.TextField()
    right_sealed = models.TextField()
    left_index = models.CharField(max_length=64, db_index=True)
    right_index = models.CharField(max_length=64, db_index=True)
    basis = choices(LinkBasis)
    purpose = models.CharField(max_length=200)
    scope = models.JSONField(default=list)
    authorised_by = models.UUIDField()
    authorised_at = models.DateTimeField()
    ends_on = models.DateField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.UUIDField(null=True, blank=True)

    objects = LinkGrantQuerySet.as_manager()

    class Meta:
        ordering = ["-authorised_at"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(left_zone=models.F("right_zone")), name="link_joins_two_zones"
            ),
            models.UniqueConstraint(
                fields=["left_index", "right_index"],
                condition=models.Q(revoked_at=None),
                name="link_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
