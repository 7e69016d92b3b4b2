"""What is on record of projects that a file of aid data would change."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from cairn.portfolio.iati.paying import Agreed, Ledger, payment
from cairn.portfolio.iati.records import Activity
from cairn.portfolio.iati.taking import BudgetLineKept, Record
from cairn.portfolio.models import Agreement, BudgetLine, Pledge, Project
from cairn.portfolio.queries.iati_rows import body
from cairn.portfolio.rules import Publication

Found = Mapping[str, tuple[Project, Activity]]
_DONOR = ("donor__name", "donor__short_name", "donor__kind", "donor__country")


def _name(donor: Sequence[Any]) -> str:
    found = body(*donor)
    return found.name.strip() if found else ""


def records(found: Found) -> dict[str, Record]:
    """{reference: record} of `found`, {reference: (project, as its file tells it)}.

    The caller may see these projects whole. As many queries for one as for many.
    """
    keys = [project.pk for project, _activity in found.values()]
    lines: dict[Any, list[BudgetLineKept]] = defaultdict(list)
    for key, phase, starts, ends, phase_starts, phase_ends, usd in BudgetLine.objects.filter(
        project__in=keys
    ).values_list(
        "project", "phase", "starts", "ends", "phase__starts", "phase__ends", "usd"
    ):  # fmt: skip
        kept = BudgetLineKept(starts, ends, usd, phase is None)
        if not kept.days:
            kept = BudgetLineKept(phase_starts or "", phase_ends or "", usd, is_whole=False)
        lines[key].append(kept)
    stand: dict[Any, list[tuple[str, str]]] = defaultdict(list)
    withdrawn: dict[Any, list[tuple[str, str]]] = defaultdict(list)
    for key, day, pledged, *donor in Pledge.objects.filter(project__in=keys).values_list(
        "project", "withdrawn_on", "pledged", *_DONOR
    ):
        (withdrawn if day else stand)[key].append((_name(donor), pledged))
    agreed = _agreements(keys)
    return {
        reference: Record(
            reference=reference,
            title=project.title,
            is_new=False,
            is_inside=_is_inside(project),
            starts=project.starts,
            ends=project.ends,
            months=project.duration_months,
            lines=tuple(lines[project.pk]),
            budgets=tuple((each.starts, each.ends, each.value) for each in activity.budgets),
            ledger=Ledger(
                tuple(payment(each) for each in activity.transactions),
                tuple(stand[project.pk]),
                tuple(withdrawn[project.pk]),
                tuple(agreed[project.pk]),
            ),
        )
        for reference, (project, activity) in found.items()
    }


def _is_inside(project: Project) -> bool:
    return project.part_of is not None and project.part_of.publication == Publication.PUBLIC


def _agreements(keys: Sequence[Any]) -> dict[Any, list[Agreed]]:
    agreed: dict[Any, list[Agreed]] = defaultdict(list)
    for key, reference, pledged, day, currency, amount, *donor in Agreement.objects.filter(
        pledge__project__in=keys, pledge__withdrawn_on=None
    ).values_list(
        "pledge__project", "reference", "pledge__pledged", "signed_on", "currency", "amount",
        *(f"pledge__{name}" for name in _DONOR),
    ):  # fmt: skip
        agreed[key].append(Agreed(reference, _name(donor), pledged, day, currency, amount))
    return agreed


def programme_codes(references: Sequence[str]) -> dict[str, str]:
    """{reference: code} of the projects that have a code of their own."""
    found = Project.objects.filter(reference__in=set(references)).exclude(code="")
    return dict(found.values_list("reference", "code"))
