"""Organisations, and the audit log: what every context refers to by id."""

from typing import Any, NoReturn, Self
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy

from cairn.core import geography
from cairn.core.actor import Actor
from cairn.core.language import language


class OrganisationKind(models.TextChoices):
    STATE = "state", gettext_lazy("State")
    STATE_BODY = "state-body", gettext_lazy("Body of a State")
    UN_ENTITY = "un-entity", gettext_lazy("United Nations entity")
    INTERGOVERNMENTAL = "intergovernmental", gettext_lazy("Intergovernmental organisation")
    FUND = "fund", gettext_lazy("Fund or joint programme")
    NGO = "ngo", gettext_lazy("Non-governmental organisation")
    PRIVATE = "private", gettext_lazy("Private sector")
    ACADEMIC = "academic", gettext_lazy("Academic institution")
    OTHER = "other", gettext_lazy("Other")


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, actor: Actor) -> Self:
        """Organisations are a public catalogue: names only, no persons."""
        return self.all()


class Organisation(models.Model):
    """A State, agency, fund, or association. `country`: ISO 3166-1 alpha-3, or empty."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=250)
    short_name = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=20, choices=OrganisationKind)
    country = models.CharField(max_length=3, blank=True)
    is_demo = models.BooleanField(default=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(models.functions.Lower("name"), name="organisation_name_once"),
            models.UniqueConstraint(
                fields=["country"],
                condition=models.Q(kind=OrganisationKind.STATE),
                name="organisation_one_per_state",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=OrganisationKind.STATE) | ~models.Q(country=""),
                name="organisation_state_has_country",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """A State in the reader's language; every other name as its owner writes it."""
        if self.kind == OrganisationKind.STATE:
            return geography.country_name(self.country, language())
        return self.name


class UnitQuerySet(models.QuerySet["Unit"]):
    def visible_to(self, actor: Actor) -> Self:
        """Units of one's own organisations; all of them to the system."""
        if actor.is_system:
            return self.all()
        return self.filter(organisation__in=actor.organisation_ids)


class Unit(models.Model):
    """A part of an organisation that works on its own records: a post, a shelter, a desk.

    `country`: ISO 3166-1 alpha-3 where it works, or empty. Its place is not kept: shelters.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="units")
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=3, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "organisation", models.functions.Lower("name"), name="unit_name_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class AuditEntry(models.Model):
    """One thing that was done. Append-only: triggers in the database refuse change and removal.

    Holds no foreign keys, names, narratives or contacts: codes, ids and counts.
    """

    sequence = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor_id = models.CharField(max_length=40, blank=True)
    actor_roles = models.JSONField(default=list)
    code = models.CharField(max_length=80, db_index=True)
    subject_type = models.CharField(max_length=80, blank=True)
    subject_id = models.CharField(max_length=64, blank=True, db_index=True)
    facts = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["-sequence"]
        verbose_name_plural = "audit entries"

    def __str__(self) -> str:
        return f"{self.sequence} {self.code}"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("Audit entries are never removed.")
