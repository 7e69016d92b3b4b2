"""Requests for assistance from States and institutions, and how each went on."""

from typing import Self
from uuid import uuid4

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.portfolio.models.project import Project
from cairn.portfolio.models.results import Event
from cairn.portfolio.rules import RequestState


class AssistanceRequestQuerySet(models.QuerySet["AssistanceRequest"]):
    def visible_to(self, actor: Actor) -> Self:
        """Requests are internal: what a State asks for is told by that State."""
        return self.all() if actor.may(Permission.REQUEST_VIEW) else self.none()


class AssistanceRequest(models.Model):
    """Somebody asks for help. `countries`: ISO 3166-1 alpha-3 codes of those who asked."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    requested_by = models.CharField(_("Requested by"), max_length=200)
    countries = models.JSONField(_("Countries"), default=list, blank=True)
    request = models.TextField(_("What is asked for"))
    after_event = models.ForeignKey(
        Event, on_delete=models.PROTECT, null=True, blank=True, related_name="requests"
    )
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, null=True, blank=True, related_name="requests"
    )
    received_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=RequestState, default=RequestState.RECEIVED)
    source = models.CharField(max_length=60, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = AssistanceRequestQuerySet.as_manager()

    class Meta:
        ordering = ["reference"]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("portfolio:request", args=[self.reference])


class RequestMove(models.Model):
    """One step of a request: who decided it, when, and why."""

    request = models.ForeignKey(AssistanceRequest, on_delete=models.CASCADE, related_name="moves")
    before = models.CharField(max_length=12, choices=RequestState, blank=True)
    after = models.CharField(max_length=12, choices=RequestState)
    reason = models.TextField(blank=True)
    moved_at = models.DateTimeField()
    author_id = models.UUIDField(null=True, blank=True)
    author_name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-moved_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.before} -> {self.after}"
