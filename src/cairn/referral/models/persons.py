"""Persons of concern: a pseudonym, the least that the work needs, and a sealed identity."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.urls import reverse

from cairn.access.permissions import Permission, scoped
from cairn.core.actor import Actor
from cairn.core.classification import Zone
from cairn.core.models import Organisation, Unit
from cairn.oversight.queries.access import broken_glass_ids
from cairn.referral.rules.choices import Displacement
from cairn.referral.rules.persons import AgeBand
from cairn.referral.rules.persons_contact import STRICT, ContactRule, PersonSex
from cairn.vault.fields import SealedJSONField, SealedModel, SealedQuerySet, SealedTextField

KIND = "person"


class PersonQuerySet(SealedQuerySet["Person"]):
    def visible_to(self, actor: Actor) -> Self:
        """Records that a membership of the actor covers, and those opened in an emergency."""
        covered = scoped(actor, Permission.PERSON_VIEW)
        if actor.may(Permission.PERSON_BREAK_GLASS) and not actor.is_system:
            covered |= models.Q(pk__in=broken_glass_ids(actor, KIND))
        return self.filter(covered)

    def in_caseload_of(self, actor: Actor) -> Self:
        """Open records that the actor works on; the caller has asked `visible_to` first."""
        if actor.user_id is None:
            return self.none()
        return self.filter(caseworker=actor.user_id, closed_on=None, erased_on=None)


class Person(SealedModel):
    """A person of concern, by code. `country`: ISO 3166-1 alpha-3 where the work is done.

    `caseworker`: id of a user, or None. `keep_until`: the last day on which the record is kept.
    `erased_on`: when its data key was destroyed; nothing sealed can be read since then.
    `age_band`: whether somebody is a child, or is treated as one because the age is disputed.
    `sex`, `displacement`: empty when not asked. `languages`: ISO 639, the best understood first.
    `do_not_contact`: whom and what to avoid, a list of lines. `version` counts the changes of what
    is clear, from 1, so that two who change it at once are noticed.
    """

    zone: ClassVar[Zone] = Zone.PROTECTION

    code = models.CharField(max_length=7, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    country = models.CharField(max_length=3)
    age_band = models.CharField(max_length=12, choices=AgeBand)
    sex = models.CharField(max_length=8, choices=PersonSex, blank=True)
    displacement = models.CharField(max_length=16, choices=Displacement, blank=True)
    languages = models.JSONField(default=list, blank=True)
    contact_rule = models.CharField(
        max_length=12, choices=ContactRule, default=ContactRule.NOT_ASKED
    )
    version = models.PositiveIntegerField(default=1)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    caseworker = models.UUIDField(null=True, blank=True)
    keep_until = models.DateField(null=True, blank=True)
    erased_on = models.DateField(null=True, blank=True)
    name = SealedTextField()
    safe_contact = SealedTextField()
    note = SealedTextField()
    do_not_contact = SealedJSONField()

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_on", "code"]
        indexes = [
            models.Index(fields=["organisation", "-opened_on", "code"], name="person_listed"),
            models.Index(fields=["caseworker", "closed_on"], name="person_caseload"),
            models.Index(
                fields=["organisation", "caseworker", "opened_on"],
                condition=models.Q(closed_on=None, erased_on=None),
                name="person_open",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed_on=None) | models.Q(closed_on__gte=models.F("opened_on")),
                name="person_closed_after_opened",
            ),
            models.CheckConstraint(
                condition=~models.Q(keep_until=None) | ~models.Q(erased_on=None),
                name="person_kept_until_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("referral:person", args=[self.code])

    @property
    def has_strict_contact(self) -> bool:
        """True where the way of contact has to be seen before anything else."""
        return self.contact_rule in STRICT

    @property
    def is_open(self) -> bool:
        return self.closed_on is None and self.erased_on is None

    def is_due(self, today: date) -> bool:
        """True from the day after the last day on which the record is kept."""
        return self.keep_until is not None and self.keep_until < today
