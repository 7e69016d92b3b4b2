"""Links by which somebody without an account answers one referral."""

from datetime import datetime
from typing import Self
from uuid import uuid4

from django.db import models

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.referral.models.referrals import Referral, sent
from cairn.vault.fields import SealedElsewhereField


class OneTimeLinkQuerySet(models.QuerySet["OneTimeLink"]):
    def visible_to(self, actor: Actor) -> Self:
        """Links of the referrals that one's own place sent."""
        return self.filter(sent(actor, Permission.REFERRAL_SEND, "referral__"))


class OneTimeLink(models.Model):
    """A link for the recipient of one referral. What it holds opens with token and number only.

    `mark`: hash of the token. `proof`: a few bytes sealed like the content, by which a number is
    checked. `content`: what the referral tells, until it was shown once. `attempts`: wrong numbers.
    `answer`: the sender's newest answer to a question, put in by `slot`, a public key whose private
    half is sealed in `latch`; a link without them was made before there were any. All of it lies
    under the key of the referral as well: with that it is gone.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="links")
    mark = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True, blank=True)
    expires_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField(null=True, blank=True)
    shown_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    proof = SealedElsewhereField()
    content = SealedElsewhereField(null=True, blank=True)
    slot = models.BinaryField(null=True, blank=True)
    latch = SealedElsewhereField(null=True, blank=True)
    answer = SealedElsewhereField(null=True, blank=True)

    objects = OneTimeLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["referral"],
                condition=models.Q(ended_at=None),
                name="one_time_link_one_lives",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(content=None, answer=None),
                name="one_time_link_ended_holds_nothing",
            ),
            models.CheckConstraint(
                condition=models.Q(shown_at=None) | models.Q(content=None),
                name="one_time_link_shown_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def is_live(self, now: datetime) -> bool:
        return self.ended_at is None and now < self.expires_at
