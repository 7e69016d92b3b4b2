"""Practices: what was done somewhere in a crisis, and what others can learn from it."""

from typing import Self
from uuid import uuid4

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.library.rules.practices import PracticeState, PracticeType, folded

# What the form of a practice holds, in its order.
FIELDS = (
    "title",
    "type",
    "countries",
    "stakeholder",
    "stakeholder_types",
    "stakeholder_other",
    "crisis_types",
    "crisis_phases",
    "description",
    "guidelines",
    "language",
    "source",
)
OPEN = (PracticeState.PUBLISHED, PracticeState.REPLACED)


class PracticeQuerySet(models.QuerySet["Practice"]):
    def visible_to(self, actor: Actor) -> Self:
        """What was published, to everybody; all of them to whoever writes or reviews them."""
        if actor.may(Permission.DOCUMENT_EDIT) or actor.may(Permission.DOCUMENT_PUBLISH):
            return self.all()
        return self.filter(state__in=OPEN)


class Practice(models.Model):
    """One practice, in the parts of the form of source 002.

    `countries`: ISO 3166-1 alpha-3; the other lists hold codes of rules.practices.LISTS.
    `stakeholder_other`: as written, even where it looks like an answer to another question.
    `language`: ISO 639-1, of its own words. `source`: the number of a source document, or a
    citation. `writers`: ids of the accounts that wrote it, none of which may publish it; empty for
    what the installation brings. `replaces`: the version before; both stay. `version`: counts
    changes, so that two who write at once learn of each other.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.CharField(max_length=12, unique=True)
    title = models.CharField(_("Title"), max_length=200)
    type = models.CharField(_("Type of practice"), max_length=14, choices=PracticeType)
    countries = models.JSONField(_("Countries"), default=list, blank=True)
    stakeholder = models.CharField(_("Stakeholder"), max_length=200, blank=True)
    stakeholder_types = models.JSONField(_("Types of stakeholder"), default=list, blank=True)
    stakeholder_other = models.CharField(_("Other stakeholder"), max_length=200, blank=True)
    crisis_types = models.JSONField(_("Types of crisis"), default=list, blank=True)
    crisis_phases = models.JSONField(_("Phases of a crisis"), default=list, blank=True)
    description = models.TextField(_("Description"), blank=True)
    guidelines = models.JSONField(_("Guidelines and thematic areas"), default=list, blank=True)
    language = models.CharField(_("Language"), max_length=8, default="en")
    source = models.CharField(_("Source"), max_length=200, blank=True)
    state = models.CharField(
        max_length=10, choices=PracticeState, default=PracticeState.DRAFT, db_index=True
    )
    version = models.PositiveIntegerField(default=1)
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="later"
    )
    writers = models.JSONField(default=list, blank=True)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.UUIDField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("Reason"), max_length=400, blank=True)
    search_text = models.TextField(blank=True)

    objects = PracticeQuerySet.as_manager()

    class Meta:
        ordering = ["title", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["replaces"],
                condition=~models.Q(replaces=None) & ~models.Q(state="withdrawn"),
                name="practice_replaced_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["published", "replaced"])
                | ~models.Q(published_at=None),
                name="practice_published_at_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("library:practice", args=[self.code])

    def fold(self) -> None:
        """Bring the text that is searched up to date; called before each save of its words."""
        parts = (self.title, self.stakeholder, self.stakeholder_other, self.description)
        self.search_text = folded((self.code, *parts))
