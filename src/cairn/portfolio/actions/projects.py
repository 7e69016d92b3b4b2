"""Writes about projects: creating, editing, deciding the state, deciding what is public."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.core import audit, geography
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.portfolio import rules
from cairn.portfolio.actions.findings import refresh_findings
from cairn.portfolio.actions.places import store_places
from cairn.portfolio.models import Decision, Project
from cairn.portfolio.models.project import new_public_id
from cairn.portfolio.rules import Publication, State

# What the form of a project may change; all else has its own action.
EDITABLE = (
    "code",
    "title",
    "language",
    "budget_usd",
    "starts",
    "ends",
    "duration_months",
    "region_as_printed",
    "outline",
    "objectives",
    "achievements",
    "impact",
    "beneficiaries",
)


@transaction.atomic
def create_project(
    actor: Actor, reference: str, places: Sequence[str], values: Mapping[str, Any]
) -> Project:
    """Enter a new project as a concept, withheld until somebody decides what is public.

    `values`: fields of EDITABLE. Raises PermissionDenied, RuleBroken ("project.reference",
    "project.code").
    """
    require(actor, Permission.PORTFOLIO_EDIT)
    project = Project(
        reference=reference,
        public_id=new_public_id(),
        publication=Publication.WITHHELD,
        **{name: values[name] for name in EDITABLE if name in values},
    )
    _save(project)
    store_places({project.pk: (places, project)})
    _decide(actor, project, "state", "", State.CONCEPT, "")
    audit.record(actor, "project.created", project, reference=reference)
    return project


@transaction.atomic
def edit_project(
    actor: Actor, reference: str, places: Sequence[str], values: Mapping[str, Any], *, version: int
) -> Project:
    """Change a project. `version`: the one that the person was looking at.

    Raises Project.DoesNotExist, PermissionDenied, RuleBroken ("project.version": somebody else
    changed it meanwhile; "project.code"; "publication.title").
    """
    project = Project.objects.visible_to(actor).select_for_update().get(reference=reference)
    require(actor, Permission.PORTFOLIO_EDIT)
    if project.version != version:
        raise RuleBroken(
            "project.version",
            _("Somebody else changed this project while you were writing."),
            _("Open it in another tab, compare, and save again."),
        )
    changed = [
        name for name in EDITABLE if name in values and getattr(project, name) != values[name]
    ]
    for name in changed:
        setattr(project, name, values[name])
    project.version += 1
    _save(project)
    store_places({project.pk: (places, project)})
    if project.publication == Publication.REDUCED:
        check_reduced(project)
    refresh_findings([project.pk])
    audit.record(actor, "project.changed", project, fields=[*changed])
    return project


@transaction.atomic
def move_project(actor: Actor, reference: str, to: State, *, basis: str) -> Project:
    """Decide that a project is now in state `to`, and why.

    Raises Project.DoesNotExist, PermissionDenied, RuleBroken ("portfolio.move",
    "portfolio.funding", "portfolio.basis").
    """
    project = (Project.objects.visible_to(actor).with_money().select_for_update(of=("self",))).get(
        reference=reference
    )
    require(actor, Permission.PORTFOLIO_DECIDE)
    now = State(project.state)
    rules.check_move(now, to, budget=project.budget_usd, pledged=project.pledged)
    if not basis.strip():
        raise RuleBroken(
            "portfolio.basis",
            _("A decision says what it rests on."),
            _("Name the document, meeting or agreement, in a sentence."),
        )
    _decide(actor, project, "state", now, to, basis.strip())
    Project.objects.filter(pk=project.pk).update(state=to)
    project.state = to
    audit.record(actor, "project.moved", project, before=now.value, after=to.value)
    return project


@transaction.atomic
def publish_project(
    actor: Actor, reference: str, to: Publication, *, public_title: str, basis: str
) -> Project:
    """Decide what the public sees of a project.

    Raises Project.DoesNotExist, PermissionDenied, RuleBroken ("publication.title").
    """
    project = Project.objects.visible_to(actor).select_for_update().get(reference=reference)
    require(actor, Permission.PORTFOLIO_PUBLISH)
    before = project.publication
    project.publication, project.public_title = to, public_title.strip()
    if to == Publication.REDUCED:
        check_reduced(project)
        if before != Publication.REDUCED:
            project.public_id = new_public_id()  # the old address may be known
    project.save(update_fields=["publication", "public_title", "public_id"])
    _decide(actor, project, "publication", before, to, basis.strip())
    audit.record(actor, "project.published", project, before=before, after=to.value)
    return project


def check_reduced(project: Project) -> None:
    """Raise RuleBroken unless the title that the public would see tells none of its countries."""
    rules.check_reduced(
        countries=frozenset(project.countries.values_list("country", flat=True)),
        named_in_title=frozenset(geography.names_in(project.title)),
        public_title=project.public_title,
        named_in_public_title=frozenset(geography.names_in(project.public_title)),
    )


def _decide(actor: Actor, project: Project, kind: str, before: str, after: str, basis: str) -> None:
    Decision.objects.create(
        project=project,
        kind=kind,
        before=before,
        after=after,
        decided_at=timezone.now(),
        author_id=actor.user_id,
        author_name=actor.name,
        basis=basis,
    )


def _save(project: Project) -> None:
    """Store, turning the database's word on uniqueness into a refusal that names the field."""
    taken = Project.objects.exclude(pk=project.pk)
    if taken.filter(reference=project.reference).exists():
        raise RuleBroken(
            "project.reference",
            _("Another project has the reference “%(reference)s”.")
            % {"reference": project.reference},
            _("Choose another reference."),
        )
    if project.code and taken.filter(code=project.code).exists():
        raise RuleBroken(
            "project.code",
            _("Another project has the code “%(code)s”.") % {"code": project.code},
            _("Choose another code, or leave it empty."),
        )
    try:
        with transaction.atomic():
            project.save()
    except IntegrityError:
        raise RuleBroken(
            "project.code",
            _("Another project was entered with the same reference or code just now."),
            _("Check the list of projects and choose another."),
        ) from None
