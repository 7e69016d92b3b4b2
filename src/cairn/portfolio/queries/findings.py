"""Reads for the page of findings: differences, what cannot be compared, remarks on the sources."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Abs

from cairn.core.actor import Actor
from cairn.portfolio.models import Finding, PrintedFigure, Project, Remark
from cairn.portfolio.models.findings import Reason

SIZE = Abs(F("computed") - F("printed"))


@dataclass(frozen=True, slots=True)
class FindingFilters:
    """What a reader asked for; empty means all. `explained`: "yes" or "no"."""

    explained: str = ""
    reason: str = ""
    field: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "FindingFilters":
        explained, reason = query.get("explained", ""), query.get("reason", "")
        field = query.get("field", "")
        return cls(
            explained if explained in {"yes", "no"} else "",
            reason if reason in Reason.values else "",
            field if field in Finding.Field.values else "",
        )


def findings(actor: Actor, filters: FindingFilters) -> QuerySet[Finding]:
    """Findings that match, with `size` (the difference without its sign) and their project."""
    found = Finding.objects.visible_to(actor).select_related("project").annotate(size=SIZE)
    if filters.explained:
        blank = Q(explanation="")
        found = found.filter(blank if filters.explained == "no" else ~blank)
    if filters.reason:
        found = found.filter(reason=filters.reason)
    if filters.field:
        found = found.filter(field=filters.field)
    return found


@dataclass(frozen=True, slots=True)
class FindingSums:
    """Over the findings shown, US dollars. `largest` is what size bars are drawn against."""

    count: int
    explained: int
    projects: int
    total: Decimal
    largest: Decimal

    @property
    def total_whole(self) -> Decimal:
        """The total in whole dollars: as a headline, cents would only pretend to be exact."""
        return self.total.quantize(Decimal(1))


def sums(found: QuerySet[Finding]) -> FindingSums:
    """Two queries."""
    row = found.order_by().aggregate(
        count=Count("pk"),
        explained=Count("pk", filter=~Q(explanation="")),
        projects=Count("project", distinct=True),
        total=Sum(SIZE),
    )
    largest = found.order_by(SIZE.desc()).first()
    return FindingSums(
        row["count"],
        row["explained"],
        row["projects"],
        row["total"] or Decimal(0),
        largest.size if largest else Decimal(0),  # type: ignore[attr-defined]
    )


def find_finding(actor: Actor, pk: int) -> Finding:
    """A finding with its project. Raises Finding.DoesNotExist."""
    return Finding.objects.visible_to(actor).select_related("project").get(pk=pk)


def not_comparable(actor: Actor) -> QuerySet[Project]:
    """Projects whose source prints no budget or no shortfall, so that nothing can be held
    against the computed figure; with `budget_text` and `shortfall_text`, as printed."""
    printed = PrintedFigure.objects.filter(project=OuterRef("pk"))
    budget = printed.filter(field=PrintedFigure.Field.BUDGET)
    shortfall = printed.filter(field=PrintedFigure.Field.SHORTFALL)
    return (
        Project.objects.open_to(actor)
        .annotate(
            budget_text=Subquery(budget.values("text")[:1]),
            shortfall_text=Subquery(shortfall.values("text")[:1]),
            shortfall_value=Subquery(shortfall.values("value")[:1]),
        )
        .filter(Q(budget_usd=None) | Q(shortfall_value=None))
        .order_by("reference")
    )


def remarks(actor: Actor) -> QuerySet[Remark]:
    """What a reader of the sources noticed, by project; those about a whole source come last."""
    return (
        Remark.objects.visible_to(actor)
        .select_related("project")
        .order_by(F("project__reference").asc(nulls_last=True), "pk")
    )
