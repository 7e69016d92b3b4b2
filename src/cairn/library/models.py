"""Tools: films, manuals, toolkits, model laws, and the languages that they exist in."""

from typing import Self
from uuid import uuid4

from django.db import models
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

    objects = ToolQuerySet.as_manager()

    class Meta:
        ordering = ["topic", "title"]

    def __str__(self) -> str:
        return self.title
