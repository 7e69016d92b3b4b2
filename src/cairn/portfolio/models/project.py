"""Programmes, projects, and what a project consists of."""

import secrets
from decimal import Decimal
from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.portfolio.rules import Chapter, Publication, State, Subject, Theme

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no 0/o, 1/l/i: read aloud and typed by people


def new_public_id() -> str:
    """An address for a project that tells nothing about it: 8 characters, 39 bits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(8))


class SourceDocument(models.Model):
    """A document whose printed figures were read in. `year`: of the document."""

    code = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=60, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return self.title


class Programme(models.Model):
    """A programme that bundles projects; its own money is on the project with the same code."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=300)

    def __str__(self) -> str:
        return self.code


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, actor: Actor) -> Self:
        """All projects to whoever may view the portfolio; to others those that are published.

        A reduced project is visible, but only through `queries.listing` and `queries.project`,
        which leave out what tells its country: use `open_to` wherever a filter or a page would.
        """
        if actor.may(Permission.PORTFOLIO_VIEW):
            return self.all()
        return self.exclude(publication=Publication.WITHHELD)

    def open_to(self, actor: Actor) -> Self:
        """Projects that the actor may see whole: their country, partners, donors and texts."""
        if actor.may(Permission.PORTFOLIO_VIEW):
            return self.all()
        return self.filter(publication=Publication.PUBLIC)

    def with_money(self) -> Self:
        """Adds `pledged` and `shortfall` (US dollars; shortfall is null without a budget)."""
        from cairn.portfolio.models.funding import Pledge  # it refers to Project

        pledges = (
            Pledge.objects.filter(project=OuterRef("pk"), withdrawn_on=None)
            .order_by()
            .values("project")
            .annotate(total=Sum("usd"))
            .values("total")
        )
        zero = Value(0, output_field=models.DecimalField(max_digits=18, decimal_places=2))
        return self.annotate(pledged=Coalesce(Subquery(pledges), zero)).annotate(
            shortfall=models.Case(
                models.When(budget_usd=None, then=None),
                default=Greatest(F("budget_usd") - F("pledged"), zero),
                output_field=models.DecimalField(max_digits=18, decimal_places=2, null=True),
            )
        )


class Project(models.Model):
    """One project. Texts are in `language`; amounts in US dollars; dates may be partial.

    `budget_usd` is the stated total; None when a source prints no figure ("varies").
    `part_of`: the whole inside whose budget this project lies.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    reference = models.CharField(_("Reference"), max_length=20, unique=True)
    public_id = models.CharField(max_length=12, unique=True)
    code = models.CharField(_("Code"), max_length=20, blank=True)
    title = models.CharField(_("Title"), max_length=400)
    public_title = models.CharField(_("Public title"), max_length=400, blank=True)
    language = models.CharField(_("Language of the texts"), max_length=8, default="en")
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="projects"
    )
    part_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts"
    )
    state = models.CharField(_("State"), max_length=24, choices=State, default=State.CONCEPT)
    publication = models.CharField(
        _("Publication"), max_length=10, choices=Publication, default=Publication.PUBLIC
    )
    chapter = models.CharField(max_length=8, choices=Chapter, default=Chapter.NONE)
    budget_usd = models.DecimalField(
        _("Budget (US$)"), max_digits=16, decimal_places=2, null=True, blank=True
    )
    starts = models.CharField(_("Starts"), max_length=10, blank=True)
    ends = models.CharField(_("Ends"), max_length=10, blank=True)
    duration_months = models.PositiveSmallIntegerField(null=True, blank=True)
    duration_as_printed = models.CharField(max_length=120, blank=True)
    location_as_printed = models.TextField(blank=True)
    region_as_printed = models.CharField(max_length=120, blank=True)
    outline = models.TextField(_("Outline"), blank=True)
    objectives = models.TextField(_("Objectives"), blank=True)
    achievements = models.TextField(_("Achievements"), blank=True)
    impact = models.TextField(_("Impact"), blank=True)
    beneficiaries = models.JSONField(default=list, blank=True)
    status_as_printed = models.CharField(max_length=60, blank=True)
    note = models.TextField(_("Note on the source"), blank=True)
    source = models.ForeignKey(
        SourceDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="projects"
    )
    search = models.TextField(blank=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(auto_now=True)

    pledged: Decimal  # on rows of `with_money` only, US dollars

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["reference"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=~Q(code=""), name="project_code_once"
            ),
            models.CheckConstraint(
                condition=Q(budget_usd=None) | Q(budget_usd__gte=0),
                name="project_budget_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(part_of=None) | ~Q(part_of=F("id")), name="project_not_part_of_itself"
            ),
        ]
        indexes = [models.Index(fields=["publication", "state"], name="project_published")]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("portfolio:project", args=[self.reference])


class PrintedFigure(models.Model):
    """A figure as a source document printed it: the text, and the value that it was read as."""

    class Field(models.TextChoices):
        BUDGET = "budget", _("Budget")
        SHORTFALL = "shortfall", _("Shortfall")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="printed")
    field = models.CharField(max_length=12, choices=Field)
    text = models.CharField(max_length=200, blank=True)
    value = models.DecimalField(max_digits=17, decimal_places=3, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "field"], name="printed_figure_once")
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.text or self.value}"


class ProjectTheme(models.Model):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="themes")
    theme = models.CharField(max_length=20, choices=Theme)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "theme"], name="project_theme_once")
        ]

    def __str__(self) -> str:
        return self.theme


class ProjectSubject(models.Model):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="subjects")
    subject = models.CharField(max_length=20, choices=Subject)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "subject"], name="project_subject_once")
        ]

    def __str__(self) -> str:
        return self.subject


class Component(models.Model):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="components")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="component_once")]

    def __str__(self) -> str:
        return self.title


class Activity(models.Model):
    """Something the project does. `component_number`: 0 when the source groups it nowhere."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="activities")
    component_number = models.PositiveSmallIntegerField(default=0)
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=400)

    class Meta:
        ordering = ["component_number", "number"]
        verbose_name_plural = "activities"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "component_number", "number"], name="activity_once"
            )
        ]

    def __str__(self) -> str:
        return self.title


class Milestone(models.Model):
    """A dated deliverable; `due` and `done` may be partial dates ("2025-02")."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="milestones")
    title = models.CharField(max_length=300)
    due = models.CharField(max_length=10, blank=True)
    done = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering = ["due", "title"]
        constraints = [models.UniqueConstraint(fields=["project", "title"], name="milestone_once")]

    def __str__(self) -> str:
        return self.title


class Partner(models.Model):
    class Role(models.TextChoices):
        LEAD = "lead", _("Lead entity")
        IMPLEMENTING = "implementing", _("Implementing partner")
        COUNTERPART = "government-counterpart", _("Government counterpart")
        COLLABORATING = "collaborating", _("Collaborating partner")
        FUNDING = "funding", _("Funding partner")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="partners")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=24, choices=Role)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "organisation", "role"], name="partner_role_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.role}"


class Office(models.Model):
    """A focal office: a unit, never a person."""

    class Kind(models.TextChoices):
        HEADQUARTERS = "headquarters", _("Headquarters")
        FIELD = "field", _("Field office")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="offices")
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=3, blank=True)

    class Meta:
        ordering = ["-kind", "name"]
        constraints = [
            models.UniqueConstraint(fields=["project", "kind", "name"], name="office_once")
        ]

    def __str__(self) -> str:
        return self.name


class Mandate(models.Model):
    """What a project is asked to do by: a resolution, a protocol, a plan of action."""

    code = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=400)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    body = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["year", "code"]

    def __str__(self) -> str:
        return self.code


class ProjectMandate(models.Model):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="mandates")
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="projects")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "mandate"], name="project_mandate_once")
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.mandate_id}"


class Document(models.Model):
    """A document of a project: where it is kept, in which language. Files come with the library."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="documents")
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=8, blank=True)
    dated = models.CharField(max_length=10, blank=True)
    address = models.URLField(max_length=500, blank=True)

    class Meta:
        ordering = ["dated", "title"]
        constraints = [
            models.UniqueConstraint(fields=["project", "title"], name="project_document_once")
        ]

    def __str__(self) -> str:
        return self.title


class Decision(models.Model):
    """A dated decision about a project: who moved it from which state to which, and why.

    `author_id`: empty when a source document was read in; then `basis` says what it rests on.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="decisions")
    kind = models.CharField(
        max_length=12, choices=[("state", "state"), ("publication", "publication")]
    )
    before = models.CharField(max_length=24, blank=True)
    after = models.CharField(max_length=24)
    decided_at = models.DateTimeField()
    author_id = models.UUIDField(null=True, blank=True)
    author_name = models.CharField(max_length=120, blank=True)
    basis = models.TextField(blank=True)

    class Meta:
        ordering = ["-decided_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.kind}: {self.after}"


class RemarkQuerySet(models.QuerySet["Remark"]):
    def visible_to(self, actor: Actor) -> Self:
        """Remarks are working notes of the programme."""
        return self.all() if actor.may(Permission.PORTFOLIO_VIEW) else self.none()


class Remark(models.Model):
    """Something odd that a reader of a source noticed: a contradiction, a gap, a typing error.

    `project` None: about the source as a whole.
    """

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, null=True, blank=True, related_name="remarks"
    )
    kind = models.CharField(max_length=20)
    field = models.CharField(max_length=40, blank=True)
    printed = models.CharField(max_length=300, blank=True)
    remark = models.TextField()
    source = models.CharField(max_length=60, blank=True)

    objects = RemarkQuerySet.as_manager()

    class Meta:
        ordering = ["project__reference", "pk"]

    def __str__(self) -> str:
        return self.remark[:60]
