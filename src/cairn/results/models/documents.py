"""Documents, their sections, their issues, and the register of highlights."""

from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.results.rules.documents import OPEN, HighlightState, IssueState

STAFF = (Permission.DOCUMENT_EDIT, Permission.DOCUMENT_PUBLISH)


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, actor: Actor) -> Self:
        """All documents to whoever writes or publishes them; to others those that came out."""
        if actor.may_any(STAFF):
            return self.all()
        out = Issue.objects.visible_to(actor).filter(document=models.OuterRef("pk"))
        return self.filter(models.Exists(out))


class Document(models.Model):
    """A document that is written once and comes out in issues.

    `kind`: code of a registered kind; `parameters`: what it is about, as that kind reads it;
    `writers`: ids of those who wrote a part since the last issue came out.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(_("Kind"), max_length=40)
    code = models.SlugField(pgettext_lazy("of a record", "Code"), max_length=60, unique=True)
    title = models.CharField(_("Title"), max_length=200)
    language = models.CharField(_("Language"), max_length=8, default="en")
    parameters = models.JSONField(default=dict)
    writers = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    changed_at = models.DateTimeField()

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "code"]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("results:document", args=[self.code])


class SectionQuerySet(models.QuerySet["Section"]):
    def visible_to(self, actor: Actor) -> Self:
        """Texts as they are being written are for whoever writes; readers get issues."""
        return self.all() if actor.may_any(STAFF) else self.none()


class Section(models.Model):
    """Words around computed figures. `part`: under which part of the kind it stands, "" first."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="sections")
    part = models.CharField(_("Part of the document"), max_length=40, blank=True)
    number = models.PositiveSmallIntegerField(_("Place in the part"), default=1)
    heading = models.CharField(_("Heading"), max_length=200, blank=True)
    text = models.TextField(_("Text"))
    version = models.PositiveIntegerField(default=1)

    objects = SectionQuerySet.as_manager()

    class Meta:
        ordering = ["part", "number", "id"]

    def __str__(self) -> str:
        return f"{self.document_id} {self.part} {self.number}"


class IssueQuerySet(models.QuerySet["Issue"]):
    def visible_to(self, actor: Actor) -> Self:
        """Issues that came out, the past ones too; all of them to whoever writes or publishes."""
        return self.all() if actor.may_any(STAFF) else self.filter(state__in=OPEN)


class Issue(models.Model):
    """A document as it stood on one day. Payload and figures are frozen when review begins.

    `payload`: the body as plain JSON types; `figures`: every number of it with its provenance;
    `digest`: SHA-256 of both; `writers`: who may not review it; `replaces`: the issue that was out
    before. The row stays: an issue is withdrawn, never deleted.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="issues")
    number = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=8)
    state = models.CharField(max_length=12, choices=IssueState, default=IssueState.DRAFT)
    payload = models.JSONField()
    figures = models.JSONField(default=list)
    digest = models.CharField(max_length=64, blank=True)
    writers = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.UUIDField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.UUIDField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )

    objects = IssueQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="issue_number_once"),
            models.CheckConstraint(
                condition=Q(state="draft") | ~Q(digest=""), name="issue_is_frozen_for_review"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "in_review"])
                | (Q(reviewed_by__isnull=False) & ~Q(reviewed_by=F("made_by"))),
                name="issue_is_reviewed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.number}"


class HighlightQuerySet(models.QuerySet["Highlight"]):
    def visible_to(self, actor: Actor) -> Self:
        """Entries that a second person let out; all of them to whoever writes or publishes."""
        if actor.may_any(STAFF):
            return self.all()
        return self.filter(state=HighlightState.PUBLISHED)


class Highlight(models.Model):
    """One thing that was achieved, in a few sentences with fields.

    `mandates`: citations, such as "S/RES/2331 (2016)"; `countries`: alpha-3; `sources`: codes of
    source documents; `year` None: the source gives none.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.SlugField(pgettext_lazy("of a record", "Code"), max_length=20, unique=True)
    title = models.CharField(_("Title"), max_length=200)
    year = models.PositiveSmallIntegerField(_("Year"), null=True, blank=True)
    countries = models.JSONField(_("Countries"), default=list)
    mandates = models.JSONField(_("Mandates"), default=list)
    text = models.TextField(_("Text"))
    sources = models.JSONField(_("Sources"), default=list)
    state = models.CharField(max_length=10, choices=HighlightState, default=HighlightState.DRAFT)
    writers = models.JSONField(default=list)
    published_by = models.UUIDField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()

    objects = HighlightQuerySet.as_manager()

    class Meta:
        ordering = [F("year").desc(nulls_last=True), "code"]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("results:highlight", args=[self.code])
