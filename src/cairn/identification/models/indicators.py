"""Editions of the list of signs, and the signs in them. Nothing here is about a person."""

from datetime import datetime
from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.urls import reverse

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.identification.indicatorbank.lists import LONGEST_CODE, SignRow, SourceList
from cairn.identification.rules.indicators import EditionState


class IndicatorEditionQuerySet(models.QuerySet["IndicatorEdition"]):
    def visible_to(self, actor: Actor) -> Self:
        """Editions are shared: whoever sees lists of signs sees all of them."""
        return self.all() if actor.may(Permission.INDICATOR_VIEW) else self.none()

    def in_force(self) -> Self:
        """Published and not withdrawn, the newest first: the first one is in force."""
        return self.filter(state=EditionState.PUBLISHED).order_by("-published_at")


class IndicatorEdition(models.Model):
    """One edition of the list, such as "2026-1". It changes only while it is a draft.

    `authors`: ids (as text) of everybody who wrote in it; none of them publishes it. `note`: what
    it does not know. `published_by`: id of a user, None: the edition that Cairn ships.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.CharField(max_length=20, unique=True)
    source = models.CharField(max_length=300)
    note = models.CharField(max_length=1000, blank=True)
    state = models.CharField(max_length=10, choices=EditionState, default=EditionState.DRAFT)
    based_on = models.CharField(max_length=20, blank=True)
    authors = models.JSONField(default=list)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.UUIDField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.UUIDField(null=True, blank=True)

    objects = IndicatorEditionQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=EditionState.DRAFT) | ~Q(published_at=None),
                name="edition_published_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state=EditionState.WITHDRAWN, withdrawn_at__isnull=False)
                | (~Q(state=EditionState.WITHDRAWN) & Q(withdrawn_at=None)),
                name="edition_withdrawn_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("identification:indicator-edition", args=[self.code])

    @property
    def since(self) -> datetime:
        """When it came into the state in which it is."""
        return self.withdrawn_at or self.published_at or self.changed_at


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def visible_to(self, actor: Actor) -> Self:
        """Signs of the editions that the actor sees: all or none."""
        return self.all() if actor.may(Permission.INDICATOR_VIEW) else self.none()


class Indicator(models.Model):
    """A sign in an edition. See indicatorbank.lists.SignRow for what each field says.

    A code means the same in every edition and is never used for another sign.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    edition = models.ForeignKey(
        IndicatorEdition, on_delete=models.CASCADE, related_name="indicators"
    )
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=LONGEST_CODE)
    source_list = models.CharField(max_length=20, choices=SourceList)
    dimension = models.CharField(max_length=32, blank=True)
    kind = models.CharField(max_length=16)
    adult = models.CharField(max_length=8, blank=True)
    child = models.CharField(max_length=8, blank=True)
    is_asked = models.BooleanField(default=False)
    settings = models.JSONField(default=list, blank=True)
    profiles = models.JSONField(default=list, blank=True)
    stands_for = models.JSONField(default=list, blank=True)
    texts = models.JSONField(default=dict)
    nexts = models.JSONField(default=dict, blank=True)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="indicator_code_once"),
            models.UniqueConstraint(fields=["edition", "position"], name="indicator_place_once"),
            models.CheckConstraint(
                condition=Q(dimension="", adult="", child="")
                | (~Q(dimension="") & (~Q(adult="") | ~Q(child=""))),
                name="indicator_weight_in_a_dimension",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def as_row(self) -> SignRow:
        """The sign as a value, equal to what a file of the edition gives."""
        return SignRow(
            code=self.code,
            source_list=self.source_list,
            kind=self.kind,
            dimension=self.dimension,
            adult=self.adult,
            child=self.child,
            is_asked=self.is_asked,
            settings=tuple(self.settings),
            profiles=tuple(self.profiles),
            stands_for=tuple(self.stands_for),
            texts=dict(self.texts),
            nexts=dict(self.nexts),
        )

    @classmethod
    def of_row(cls, edition: IndicatorEdition, position: int, row: SignRow) -> Self:
        """A record that is not saved yet."""
        return cls(
            edition=edition,
            position=position,
            code=row.code,
            source_list=row.source_list,
            kind=row.kind,
            dimension=row.dimension,
            adult=row.adult,
            child=row.child,
            is_asked=row.is_asked,
            settings=list(row.settings),
            profiles=list(row.profiles),
            stands_for=list(row.stands_for),
            texts=dict(row.texts),
            nexts=dict(row.nexts),
        )
