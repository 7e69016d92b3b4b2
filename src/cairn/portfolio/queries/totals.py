"""Sums over projects: each says what it includes, and parts are never counted twice."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import (
    Count,
    DecimalField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce

from cairn.core import geography
from cairn.core.actor import Actor
from cairn.core.language import language
from cairn.core.models import Organisation
from cairn.portfolio.models import Pledge, Project, ProjectCountry
from cairn.portfolio.rules import Chapter

MONEY: DecimalField[Decimal, Decimal] = DecimalField(max_digits=20, decimal_places=2)
# Columns that `with_money` and `listing.projects` add.
SHOWN: str = "shown_reference"
PLEDGED: str = "pledged"
SHORTFALL: str = "shortfall"
TIED: str = "is_tied"
ZERO = Value(Decimal(0), output_field=MONEY)


@dataclass(frozen=True, slots=True)
class Total:
    """A sum in US dollars over `projects` projects.

    `without_budget`: of these, how many print no budget; their pledges
    (`pledged_without_budget`) are in `pledged`, but they have no shortfall. `parts`: shown
    references of projects left out because their whole is counted.
    """

    projects: int
    budget: Decimal
    pledged: Decimal
    shortfall: Decimal
    without_budget: int = 0
    pledged_without_budget: Decimal = Decimal(0)
    surplus: Decimal = Decimal(0)
    parts: list[str] = field(default_factory=list)

    @property
    def share(self) -> float | None:
        """Pledged part of the budgets that are known, 0 to 1."""
        if not self.budget:
            return None
        return float((self.pledged - self.pledged_without_budget) / self.budget)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table of totals. `code` is what a filter takes."""

    code: str
    name: str
    projects: int
    budget: Decimal | None
    pledged: Decimal
    shortfall: Decimal | None


def once(found: QuerySet[Project]) -> QuerySet[Project]:
    """The projects of `found` whose money counts: parts only where their whole is not in it, and
    where counting them tells nothing that is withheld (`listing.projects`)."""
    inside = Project.objects.filter(pk__in=found.order_by().values("pk"))
    return found.filter(**{TIED: False}).exclude(part_of__in=inside.values("pk"))


def total(found: QuerySet[Project]) -> Total:
    """The sum over `found` (projects as `listing.projects` gives them). Two queries."""
    sums = (
        once(found)
        .order_by()
        .aggregate(
            projects=Count("pk"),
            budget=Coalesce(Sum("budget_usd"), ZERO),
            all_pledged=Coalesce(Sum("pledged"), ZERO),
            lacking=Coalesce(Sum("shortfall"), ZERO),
            unknown=Count("pk", filter=Q(budget_usd=None)),
            loose=Coalesce(Sum("pledged", filter=Q(budget_usd=None)), ZERO),
        )
    )
    parts = list(
        found.exclude(pk__in=once(found).order_by().values("pk"))
        .order_by(SHOWN)
        .values_list(SHOWN, flat=True)[:200]
    )
    net = sums["budget"] - (sums["all_pledged"] - sums["loose"])
    return Total(
        projects=sums["projects"],
        budget=sums["budget"],
        pledged=sums["all_pledged"],
        shortfall=sums["lacking"],
        without_budget=sums["unknown"],
        pledged_without_budget=sums["loose"],
        surplus=sums["lacking"] - net,
        parts=parts,
    )


def by_chapter(found: QuerySet[Project]) -> list[Line]:
    """One line for each chapter that has projects, in the order of the folder. One query."""
    rows = {
        row["chapter"]: row
        for row in once(found)
        .order_by()
        .values("chapter")
        .annotate(
            count=Count("pk"),
            budget=Sum("budget_usd"),
            all_pledged=Coalesce(Sum("pledged"), ZERO),
            lacking=Sum("shortfall"),
        )
    }
    return [
        Line(
            chapter.value,
            str(chapter.label),
            rows[chapter.value]["count"],
            rows[chapter.value]["budget"],
            rows[chapter.value]["all_pledged"],
            rows[chapter.value]["lacking"],
        )
        for chapter in Chapter
        if chapter.value in rows
    ]


def by_printed_region(found: QuerySet[Project]) -> list[Line]:
    """One line for each region as the sources print it. One query."""
    rows = (
        once(found)
        .order_by()
        .values("region_as_printed")
        .annotate(
            count=Count("pk"),
            budget=Sum("budget_usd"),
            all_pledged=Coalesce(Sum("pledged"), ZERO),
            lacking=Sum("shortfall"),
        )
        .order_by("region_as_printed")
    )
    return [
        Line(
            "",
            row["region_as_printed"],
            row["count"],
            row["budget"],
            row["all_pledged"],
            row["lacking"],
        )
        for row in rows
    ]


def by_donor(actor: Actor, found: QuerySet[Project]) -> list[Line]:
    """Current pledges to `found` that `actor` may see, by donor, largest first. Two queries.

    A donor has no shortfall of its own: `shortfall` is what is still lacking in the projects
    that the donor already supports.
    """
    counted = once(found).order_by()
    lacking = Subquery(counted.filter(pk=OuterRef("project")).values(SHORTFALL)[:1])
    rows = list(
        Pledge.objects.visible_to(actor)
        .current()
        .filter(project__in=counted.values("pk"))
        .order_by()
        .values("donor")
        .annotate(total=Sum("usd"), count=Count("project", distinct=True))
    )
    open_shortfall = _lacking_by_donor(actor, counted, lacking)
    names = Organisation.objects.in_bulk([row["donor"] for row in rows if row["donor"]])
    lines = [
        Line(
            names[row["donor"]].slug if row["donor"] else "not-named",
            names[row["donor"]].display_name if row["donor"] else "",
            row["count"],
            None,
            row["total"],
            open_shortfall.get(row["donor"]),
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (-line.pledged, line.name))


def _lacking_by_donor(
    actor: Actor, counted: QuerySet[Project], lacking: Subquery
) -> dict[object, Decimal]:
    pairs = (
        Pledge.objects.visible_to(actor)
        .current()
        .filter(project__in=counted.values("pk"))
        .order_by()
        .values("donor", "project")
        .distinct()
        .annotate(lacking=lacking)
    )
    sums: dict[object, Decimal] = {}
    for row in pairs.iterator(chunk_size=2_000):
        sums[row["donor"]] = sums.get(row["donor"], Decimal(0)) + (row["lacking"] or Decimal(0))
    return sums


def by_country(actor: Actor, found: QuerySet[Project]) -> list[Line]:
    """Each country that projects name, whole or through a group, most lacking first. One query.

    A project in several countries stands whole in each of them, so these lines do not add up to
    the total. Only projects that `actor` may see whole are in it.
    """
    counted = once(found).order_by()
    whole = Project.objects.open_to(actor).filter(pk__in=counted.values("pk"))
    pairs = (
        ProjectCountry.objects.filter(project__in=whole.values("pk"))
        .order_by()
        .values("country", "project")
        .distinct()
    )
    money = Project.objects.with_money().filter(pk=OuterRef("project")).order_by()
    rows: dict[str, list[Decimal]] = {}
    annotated = pairs.annotate(
        budget=Subquery(money.values("budget_usd")[:1]),
        given=Subquery(money.values(PLEDGED)[:1]),
        lacking=Subquery(money.values(SHORTFALL)[:1]),
    )
    for row in annotated.iterator(chunk_size=2_000):
        sums = rows.setdefault(row["country"], [Decimal(0)] * 4)
        sums[0] += 1
        sums[1] += row["budget"] or 0
        sums[2] += row["given"] or 0
        sums[3] += row["lacking"] or 0
    lines = [
        Line(
            code, geography.country_name(code, language()), int(sums[0]), sums[1], sums[2], sums[3]
        )
        for code, sums in rows.items()
    ]
    return sorted(lines, key=lambda line: (-(line.shortfall or 0), line.name))
