"""Reads in the real portfolio of the source texts, by the same door as everybody's files."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.imports.actions import Report, import_file
from cairn.imports.kinds import kind_named
from cairn.portfolio.models import Decision, Project
from cairn.portfolio.rules import Publication, inferred_state

FOLDER = Path(__file__).resolve().parents[1] / "seed"

# File -> kind of import, in the order in which they build on each other.
FILES = {
    "documents": "sources",
    "mandates": "mandates",
    "projects": "projects",
    "narratives": "narratives",
    "pledges": "pledges",
    "phases": "phases",
    "themes": "themes",
    "subjects": "subjects",
    "components": "components",
    "activities": "activities",
    "milestones": "milestones",
    "offices": "offices",
    "partners": "partners",
    "project_mandates": "project-mandates",
    "events": "events",
    "outcomes": "outcomes",
    "follow_up_requests": "requests",
    "results": "results",
    "indicators": "indicators",
    "measurements": "measurements",
    "remarks": "remarks",
    "tools": "tools",
    "practices": "practices",
}


class SeedRefused(RuntimeError):
    """A file of the installation itself does not read in: names file, row and reason."""


@transaction.atomic
def load_seed(actor: Actor) -> list[Report]:
    """Read in every file of `seed/`, all or nothing; doing it again changes nothing."""
    reports = []
    known = set(Project.objects.values_list("pk", flat=True))
    started = clock.now()
    for name, kind in FILES.items():
        path = FOLDER / f"{name}.csv"
        with path.open("rb") as stream:
            report = import_file(actor, kind, path.name, stream)
        if report.problems:
            first = report.problems[0]
            raise SeedRefused(
                f"{path.name}, row {first['row']}, {first['column']}: {first['message']}"
            )
        reports.append(report)
        if seeded := kind_named(kind).seeded:
            seeded(actor, started)
    _publish_new(actor, known)
    infer_states(actor, now=timezone.now())
    return reports


def _publish_new(actor: Actor, known: set[UUID]) -> None:
    """Everything in `seed/` was published by its source; later decisions are left as they are."""
    fresh = Project.objects.exclude(pk__in=known).filter(publication=Publication.WITHHELD)
    if count := fresh.update(publication=Publication.PUBLIC):
        audit.record(actor, "project.seed_published", count=count)


@transaction.atomic
def infer_states(actor: Actor, *, now: datetime) -> int:
    """Set the state of projects that nobody decided on yet from what their source tells.

    The rule is `inferred_state`. Returns how many projects changed.
    """
    changed = []
    for project in Project.objects.with_money().filter(decisions__isnull=False).distinct():
        if project.decisions.exclude(basis__startswith="inferred:").exists():
            continue
        state, basis = inferred_state(
            status_as_printed=project.status_as_printed,
            budget=project.budget_usd,
            pledged=project.pledged,
            has_code=bool(project.code),
        )
        if state == project.state:
            continue
        changed.append(
            Decision(
                project=project,
                kind="state",
                before=project.state,
                after=state,
                decided_at=now,
                author_id=actor.user_id,
                author_name=actor.name,
                basis=basis,
            )
        )
        Project.objects.filter(pk=project.pk).update(state=state)
    Decision.objects.bulk_create(changed)
    if changed:
        audit.record(actor, "project.states_inferred", count=len(changed))
    return len(changed)
