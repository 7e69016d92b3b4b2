"""Tools: films, manuals, toolkits, model laws; their languages, versions and adaptations."""

from typing import Self
from uuid import uuid4

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cairn.core.actor import Actor


class ToolQuerySet(models.QuerySet["Tool"]):
    def visible_to(self, actor: Actor) -> Self:
        """Tools are published: everybody sees the register."""
        return self.all()


class Tool(models.Model):
    """A tool or publication. Languages: ISO 639-1; `as_of`: the year in which they were stated."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    title = models.CharField(_("Title"), max_length=300, unique=True)
    kind = models.CharField(_("Kind"), max_length=60)
    topic = models.CharField(_("Topic"), max_length=60)
    languages = models.JSONField(_("Languages"), default=list)
    forthcoming = models.JSONField(_("Forthcoming"), default=list)
    as_of = models.PositiveSmallIntegerField(null=True, blank=True)
    source = models.CharField(max_length=60, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ToolQuerySet.as_manager()

    class Meta:
        ordering = ["topic", "title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("library:tool", args=[self.pk])


class ToolVersionQuerySet(models.QuerySet["ToolVersion"]):
    def visible_to(self, actor: Actor) -> Self:
        """Everybody sees which versions there are."""
        return self.all()


class ToolVersion(models.Model):
    """One edition in one language. `since`: ISO date, month or year; `link`: where it is kept.

    `as_of` of the tool says when languages were stated; a version is known by itself.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    tool = models.ForeignKey(Tool, on_delete=models.CASCADE, related_name="versions")
    edition = models.CharField(_("Edition"), max_length=60)
    language = models.CharField(_("Language"), max_length=8)
    since = models.CharField(_("In use since"), max_length=10, blank=True)
    link = models.URLField(_("Link"), max_length=400, blank=True)
    source = models.CharField(_("Source"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ToolVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "edition", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["tool", "edition", "language"], name="tool_edition_once_in_a_language"
            )
        ]

    def __str__(self) -> str:
        return f"{self.tool_id} {self.edition} {self.language}"


class ToolDownloadsQuerySet(models.QuerySet["ToolDownloads"]):
    def visible_to(self, actor: Actor) -> Self:
        """Counts tell of nobody: everybody sees them."""
        return self.all()


class ToolDownloads(models.Model):
    """How often a version was taken in a month (its first day): a number, and nothing else."""

    version = models.ForeignKey(ToolVersion, on_delete=models.CASCADE, related_name="downloads")
    month = models.DateField()
    count = models.PositiveIntegerField(default=0)

    objects = ToolDownloadsQuerySet.as_manager()

    class Meta:
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(fields=["version", "month"], name="downloads_once_a_month")
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.month:%Y-%m} {self.count}"


class ToolAdaptationQuerySet(models.QuerySet["ToolAdaptation"]):
    def visible_to(self, actor: Actor) -> Self:
        """Everybody sees what was made of a tool elsewhere."""
        return self.all()


class ToolAdaptation(models.Model):
    """What a country or body made of a tool. `country`: ISO 3166-1 alpha-3; `adapted_by`: a body.

    `languages`: ISO 639-1; `since`: ISO date, month or year.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    tool = models.ForeignKey(Tool, on_delete=models.CASCADE, related_name="adaptations")
    country = models.CharField(_("Country"), max_length=3)
    languages = models.JSONField(_("Languages"), default=list, blank=True)
    changed = models.TextField(_("What was changed"))
    adapted_by = models.CharField(_("Adapted by"), max_length=200)
    since = models.CharField(_("In use since"), max_length=10, blank=True)
    source = models.CharField(_("Source"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ToolAdaptationQuerySet.as_manager()

    class Meta:
        ordering = ["country", "adapted_by"]

    def __str__(self) -> str:
        return f"{self.tool_id} {self.country}"
