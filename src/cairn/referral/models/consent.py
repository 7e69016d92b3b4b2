"""Consent for one purpose and one recipient, and the steps by which it came to where it stands."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.urls import reverse

from cairn.core.models import Organisation
from cairn.referral.models.persons_rows import Guardian, WrittenOnce
from cairn.referral.models.rows import PersonRow, RowQuerySet
from cairn.referral.rules.choices import Interpreter, LegalBasis, Purpose
from cairn.referral.rules.consent import (
    GIVEN,
    LIVE,
    NAMED,
    RECIPIENTS,
    Assent,
    Capacity,
    ConsentState,
    GivenBy,
    Receipt,
    Said,
)
from cairn.vault.fields import SealedTextField


class ConsentQuerySet(RowQuerySet):
    def live(self, today: date) -> "ConsentQuerySet":
        """Those by which something may be told today, if nothing newer says no."""
        return self.filter(
            state__in=LIVE,
            starts_on__lte=today,
            expires_on__gte=today,
            person__erased_on=None,
        )

    def over(self, today: date) -> "ConsentQuerySet":
        """Those whose last day is over and that do not say so yet."""
        return self.filter(state__in=LIVE, expires_on__lt=today)


class Consent(PersonRow):
    """What a person was asked, and what the person said.

    `recipient_class`: `rules.consent.NAMED` with `recipient`, or a kind of service without one.
    `categories`: codes of DataCategory. `basis`: what makes the handling lawful, beside consent.
    `starts_on`, `expires_on`: both included, empty without a yes. `language`: ISO 639 of the
    explanation. `decided_at`: when the answer was recorded. `assent`: empty for an adult.
    `receipt`: the reference on the slip that the person may leave behind, empty without a yes.
    """

    purpose = models.CharField(max_length=16, choices=Purpose)
    recipient = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recipient_class = models.CharField(max_length=24, choices=RECIPIENTS)
    categories = models.JSONField(default=list)
    basis = models.CharField(max_length=20, choices=LegalBasis)
    state = models.CharField(max_length=18, choices=ConsentState, default=ConsentState.NOT_SOUGHT)
    starts_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=8, blank=True)
    interpreter = models.CharField(max_length=10, choices=Interpreter, blank=True)
    given_by = models.CharField(max_length=10, choices=GivenBy, blank=True)
    guardian = models.ForeignKey(
        Guardian, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    assent = models.CharField(max_length=10, choices=Assent, blank=True)
    capacity = models.CharField(max_length=10, choices=Capacity, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    receipt = models.CharField(max_length=7, blank=True)
    receipt_taken = models.CharField(max_length=12, choices=Receipt, default=Receipt.NOT_OFFERED)
    superseded_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    limits = SealedTextField()
    note = SealedTextField()

    objects: ClassVar[Any] = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["person", "number"]
        indexes = [
            models.Index(
                fields=["expires_on"],
                condition=models.Q(state__in=sorted(LIVE)),
                name="consent_ends",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["person", "number"], name="consent_numbered_once"),
            models.UniqueConstraint(
                fields=["receipt"], condition=~models.Q(receipt=""), name="consent_receipt_once"
            ),
            models.CheckConstraint(
                condition=models.Q(expires_on=None)
                | models.Q(expires_on__gte=models.F("starts_on")),
                name="consent_ends_after_its_start",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=sorted(LIVE))
                | models.Q(
                    starts_on__isnull=False, expires_on__isnull=False, decided_at__isnull=False
                ),
                name="consent_has_days",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=sorted(GIVEN)) | ~models.Q(given_by=""),
                name="consent_given_by_somebody",
            ),
            # Danger to life is stated where something is done, never kept as a ground to do more.
            models.CheckConstraint(
                condition=~models.Q(basis=LegalBasis.VITAL_INTEREST),
                name="consent_never_in_advance_for_danger",
            ),
            models.CheckConstraint(
                condition=models.Q(recipient_class=NAMED, recipient__isnull=False)
                | (~models.Q(recipient_class=NAMED) & models.Q(recipient=None)),
                name="consent_has_one_recipient",
            ),
            models.CheckConstraint(
                condition=models.Q(superseded_by=None) | models.Q(state=ConsentState.SUPERSEDED),
                name="consent_superseded_says_so",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("referral:consent", args=[self.person.code, self.number])

    @property
    def tone(self) -> str:
        """The code under which the look of its state is registered."""
        return f"consent_{self.state}"


class ConsentStep(WrittenOnce):
    """A step of a consent: from which state to which. `recorded_by` None: the clock did it.

    `how`: for a consent taken back, how it was said.
    """

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="steps")
    before = models.CharField(max_length=18, choices=ConsentState, blank=True)
    after = models.CharField(max_length=18, choices=ConsentState)
    how = models.CharField(max_length=14, choices=Said, blank=True)

    class Meta:
        ordering = ["person", "number"]
        constraints = [
            models.UniqueConstraint(fields=["person", "number"], name="consent_step_numbered_once")
        ]
