"""Keeps findings in step with the records, and records a person's explanation."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cairn.access.permissions import Permission, require
from cairn.core import audit
from cairn.core.actor import Actor
from cairn.portfolio.findings import Difference, Figures, differences
from cairn.portfolio.models import Finding, Project


def refresh_findings(project_ids: Iterable[UUID]) -> None:
    """Compare print and records of these projects anew. Seven queries, however many projects.

    An explanation stays as long as the figures it explains stay the same.
    """
    ids = list(project_ids)
    projects = Project.objects.filter(pk__in=ids).prefetch_related(
        "printed", "pledges", "phases__budget_lines"
    )
    before: dict[UUID, dict[str, Finding]] = defaultdict(dict)
    for finding in Finding.objects.filter(project__in=ids):
        before[finding.project_id][finding.field] = finding
    fresh: list[Finding] = []
    stale: list[int] = []
    for project in projects:
        known = before[project.pk]
        found = {each.field: each for each in differences(figures_of(project))}
        for field, finding in known.items():
            if field not in found or not _same(finding, found[field]):
                stale.append(finding.pk)
        for field, each in found.items():
            if field not in known or not _same(known[field], each):
                fresh.append(_finding(project, each))
    Finding.objects.filter(pk__in=stale).delete()
    Finding.objects.bulk_create(fresh, batch_size=500)


@transaction.atomic
def explain_finding(actor: Actor, finding_id: int, explanation: str) -> Finding:
    """Say why a printed figure differs. The figures themselves stay as they are.

    Raises Finding.DoesNotExist (not visible), PermissionDenied.
    """
    finding = Finding.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=finding_id)
    require(actor, Permission.FINDING_EXPLAIN)
    finding.explanation = explanation.strip()
    finding.explained_at = timezone.now() if finding.explanation else None
    finding.explained_by = actor.name if finding.explanation else ""
    finding.save(update_fields=["explanation", "explained_at", "explained_by"])
    audit.record(actor, "finding.explained", finding, field=finding.field)
    return finding


def figures_of(project: Project) -> Figures:
    """The money of a project whose `printed`, `pledges` and `phases` are prefetched."""
    printed = {each.field: each for each in project.printed.all()}
    budget, shortfall = printed.get("budget"), printed.get("shortfall")
    return Figures(
        budget=project.budget_usd,
        budget_text=budget.text if budget else "",
        phases=tuple(phase.budget for phase in project.phases.all() if phase.budget is not None),
        pledges=tuple(pledge.usd for pledge in project.pledges.all() if not pledge.withdrawn_on),
        printed_shortfall=shortfall.value if shortfall else None,
        shortfall_text=shortfall.text if shortfall else "",
    )


def _same(finding: Finding, found: Difference) -> bool:
    return (
        finding.printed == found.printed.quantize(Decimal("0.001"))
        and finding.computed == found.computed
        and finding.reason == found.reason
        and finding.printed_text == found.printed_text
    )


def _finding(project: Project, found: Difference) -> Finding:
    return Finding(
        project=project,
        field=found.field,
        printed=found.printed,
        printed_text=found.printed_text[:200],
        computed=found.computed,
        reason=found.reason,
    )
