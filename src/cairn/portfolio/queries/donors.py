"""Donors: what each pledged, how far it has come, and what is still lacking where they give."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.portfolio.models import Pledge, Project, ProjectCountry
from cairn.portfolio.queries import totals
from cairn.portfolio.queries.listing import Card, Filters, cards, projects
from cairn.portfolio.queries.options import NOT_NAMED
from cairn.portfolio.queries.records import dates
from cairn.portfolio.queries.totals import Line
from cairn.portfolio.rules import PledgeStage, pledge_stage
from cairn.portfolio.search import folded


@dataclass(frozen=True, slots=True)
class Given:
    """One pledge of a donor with the project that it is for. Amounts in US dollars.

    `original`: the amount in `currency`. `is_recipient`: the donor is a State that the project
    works in. `stage_note`: why it was withdrawn, when it was.
    """

    project: Card
    original: Decimal
    currency: str
    usd: Decimal
    date: str
    stage: PledgeStage
    agreed: Decimal
    received: Decimal
    spent: Decimal
    is_recipient: bool
    stage_note: str


@dataclass(frozen=True, slots=True)
class Donor:
    """A donor with everything that `actor` may see of it. Amounts in US dollars.

    `lacking`: what is lacking in the projects that it supports, each counted once; None when none
    of them has a budget.
    `country`: alpha-3 of a State, else empty.
    """

    slug: str
    name: str
    kind: str
    country: str
    pledged: Decimal
    agreed: Decimal
    received: Decimal
    spent: Decimal
    lacking: Decimal | None
    projects: int
    given: list[Given] = field(default_factory=list)


def donors(actor: Actor, search: str = "") -> list[Line]:
    """Donors with a current pledge, largest first; `search`: words in their names."""
    words = folded(search)
    lines = by_donor(actor, projects(actor, Filters()))
    return [line for line in lines if words in folded(line.name)]


def by_donor(actor: Actor, found: QuerySet[Project]) -> list[Line]:
    """Donors of `found`, largest first, each with a name. Three queries.

    Where no project of a donor has a budget, what is lacking is None: not known, not zero.
    """
    budgets = (
        Pledge.objects.visible_to(actor)
        .current()
        .filter(project__in=totals.once(found).order_by().values("pk"))
        .order_by()
        .values_list("donor__slug")
        .annotate(most=Max("project__budget_usd"))
    )
    known = {slug or NOT_NAMED for slug, most in budgets if most is not None}
    return [
        replace(
            line,
            name=line.name or unnamed(),
            shortfall=line.shortfall if line.code in known else None,
        )
        for line in totals.by_donor(actor, found)
    ]


def donor(actor: Actor, slug: str) -> Donor:
    """One donor; `NOT_NAMED` is the donor that sources do not name.

    A body that gave nothing this actor may see is no donor here. Raises
    Organisation.DoesNotExist. Eight queries, however many pledges.
    """
    body = None if slug == NOT_NAMED else Organisation.objects.visible_to(actor).get(slug=slug)
    pledges = list(
        Pledge.objects.visible_to(actor)
        .filter(donor=body)
        .prefetch_related("agreements__receipts", "agreements__expenditures")
        .order_by("-usd", "pk")
    )
    if not pledges:
        raise Organisation.DoesNotExist
    found = projects(actor, Filters()).filter(pk__in={each.project_id for each in pledges})
    rows = list(found)
    shown = dict(zip([row.pk for row in rows], cards(actor, rows), strict=True))
    recipient = _is_recipient(body, found)
    given = [_given(each, shown[each.project_id], recipient) for each in pledges]
    current = [each for each in given if each.stage != PledgeStage.WITHDRAWN]
    supported = {each.project.address: each.project for each in current if not each.project.part_of}
    lacks = [each.shortfall for each in supported.values() if each.shortfall is not None]
    return Donor(
        slug=slug,
        name=body.display_name if body else unnamed(),
        kind=str(body.get_kind_display()) if body else "",
        country=body.country if body else "",
        pledged=sum((each.usd for each in current), Decimal(0)),
        agreed=sum((each.agreed for each in current), Decimal(0)),
        received=sum((each.received for each in current), Decimal(0)),
        spent=sum((each.spent for each in current), Decimal(0)),
        lacking=sum(lacks, Decimal(0)) if lacks else None,
        projects=len({each.project.address for each in current}),
        given=given,
    )


def unnamed() -> str:
    """What stands where a source names no donor."""
    return _("Donor not named in the source")


def _is_recipient(body: Organisation | None, found: QuerySet[Project]) -> set[object]:
    """Keys of the projects that name the State which `body` is."""
    if body is None or body.kind != "state":
        return set()
    return set(
        ProjectCountry.objects.filter(
            project__in=found.order_by().values("pk"), country=body.country, via=""
        ).values_list("project", flat=True)
    )


def _given(pledge: Pledge, project: Card, recipient: set[object]) -> Given:
    agreed, received, spent = pledge.agreed, pledge.received, pledge.spent
    stage = pledge_stage(
        withdrawn=pledge.withdrawn_on is not None,
        pledged=pledge.usd,
        agreed=agreed,
        received=received,
        spent=spent,
    )
    return Given(
        project=project,
        original=pledge.amount,
        currency=pledge.currency,
        usd=pledge.usd,
        date=dates(pledge.pledged),
        stage=stage,
        agreed=agreed,
        received=received,
        spent=spent,
        is_recipient=pledge.project_id in recipient,
        stage_note=pledge.withdrawn_reason if pledge.withdrawn_on else "",
    )
