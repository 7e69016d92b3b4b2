"""Referrals that another program sent as a file, and that somebody brought here."""

from typing import ClassVar, Self

from django.db import models
from django.urls import reverse

from cairn.access.permissions import Permission, scoped
from cairn.core.actor import Actor
from cairn.core.classification import Zone
from cairn.core.models import Organisation, Unit
from cairn.referral.models.persons import Person
from cairn.referral.rules.choices import LegalBasis, Need, Purpose, Urgency
from cairn.referral.rules.exchange_brought import BroughtState, are_words_open
from cairn.referral.rules.referrals import Feedback, Reason
from cairn.vault.fields import SealedJSONField, SealedModel, SealedQuerySet

BROUGHT = "brought-referral"


class BroughtReferralQuerySet(SealedQuerySet["BroughtReferral"]):
    def visible_to(self, actor: Actor) -> Self:
        """What was brought to a place that a membership of the actor covers."""
        return self.filter(scoped(actor, Permission.REFERRAL_VIEW))


class BroughtReferral(SealedModel):
    """A referral to one of our services from a sender without an account here.

    `organisation`, `unit`, `country`: of the service. `mark`: keyed hash of who sent it and of
    its code there, by which the same file is known again. `sender`, `their_code`: as it says.
    `card`, `categories`, `content`: as of a Referral. `received_person`: the file of the person
    that was begun here.
    """

    zone: ClassVar[Zone] = Zone.PROTECTION

    code = models.CharField(max_length=7, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    country = models.CharField(max_length=3)
    service = models.ForeignKey("referral.Service", on_delete=models.PROTECT, related_name="+")
    mark = models.CharField(max_length=64)
    sender = models.CharField(max_length=250)
    their_code = models.CharField(max_length=7)
    need = models.CharField(max_length=16, choices=Need)
    urgency = models.CharField(max_length=10, choices=Urgency)
    purpose = models.CharField(max_length=20, choices=Purpose)
    basis = models.CharField(max_length=24, choices=LegalBasis)
    place = models.CharField(max_length=80, blank=True)
    card = models.JSONField(default=dict)
    categories = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=BroughtState, default=BroughtState.WAITING)
    reason = models.CharField(max_length=20, choices=Reason, blank=True)
    feedback = models.CharField(max_length=20, choices=Feedback, blank=True)
    brought_at = models.DateTimeField()
    brought_by = models.UUIDField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    received_person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    keep_until = models.DateField(null=True, blank=True)
    erased_on = models.DateField(null=True, blank=True)
    content = SealedJSONField()

    objects = BroughtReferralQuerySet.as_manager()

    class Meta:
        ordering = ["-brought_at", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "mark"], name="brought_referral_once_a_place"
            ),
            models.CheckConstraint(
                condition=models.Q(state=BroughtState.WAITING) | ~models.Q(answered_at=None),
                name="brought_referral_answered_at",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-brought_at"], name="brought_referral_listed")
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("referral:brought", args=[self.code])

    @property
    def is_content_open(self) -> bool:
        """Whether what was written for the service may be opened now."""
        return self.erased_on is None and are_words_open(
            BroughtState(self.state), self.urgency, self.basis
        )
