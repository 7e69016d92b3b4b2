"""The list of projects: filters, order, and the cards that a reader may see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission
from cairn.core import geography
from cairn.core.actor import Actor
from cairn.core.language import language
from cairn.portfolio.models import Project, ProjectCountry
from cairn.portfolio.rules import Chapter, Publication, Standing, State, Theme
from cairn.portfolio.search import folded

SHARES = ("none", "under-half", "half-or-more", "full", "unknown")
ORDERS = {
    "reference": ("shown_reference",),
    "title": ("shown_title", "shown_reference"),
    "budget": ("budget_usd", "shown_reference"),
    "pledged": ("pledged", "shown_reference"),
    "shortfall": ("shortfall", "shown_reference"),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader asked the list for; empty means all. Codes as in the records."""

    search: str = ""
    country: str = ""
    region: str = ""
    group: str = ""
    theme: str = ""
    donor: str = ""
    state: str = ""
    share: str = ""
    chapter: str = ""
    publication: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "Filters":
        """Read the address; values that are no code of a closed list are dropped."""
        values = {name: query.get(name, "").strip()[:80] for name in cls.__dataclass_fields__}
        # The search box of every page is called q; other addresses say search.
        values["search"] = query.get("q", values["search"]).strip()[:80]
        closed: dict[str, Iterable[str]] = {
            "theme": Theme.values,
            "state": State.values,
            "chapter": Chapter.values,
            "publication": Publication.values,
            "share": SHARES,
        }
        for name, allowed in closed.items():
            if values[name] not in allowed:
                values[name] = ""
        return cls(**values)

    @property
    def active(self) -> int:
        """How many filters are set."""
        return sum(1 for name in self.__dataclass_fields__ if getattr(self, name))


def projects(actor: Actor, filters: Filters) -> QuerySet[Project]:
    """Projects that `actor` may see and that match, with `pledged`, `shortfall`, `shown_*`.

    What a reduced project withholds cannot be asked for either: a filter by country, group,
    sub-region or donor finds only projects that the actor may see whole.
    """
    found = Project.objects.visible_to(actor).with_money()
    if not actor.may(Permission.PORTFOLIO_VIEW):
        hidden = Q(publication=Publication.REDUCED)
        found = found.annotate(
            shown_title=Case(When(hidden, then=F("public_title")), default=F("title")),
            shown_reference=Case(When(hidden, then=F("public_id")), default=F("reference")),
            is_tied=Case(When(_tied(), then=Value(True)), default=Value(False)),
        )
    else:
        found = found.annotate(
            shown_title=F("title"), shown_reference=F("reference"), is_tied=Value(False)
        )
        if filters.publication:
            found = found.filter(publication=filters.publication)
    for condition in _conditions(actor, filters):
        found = found.filter(condition)
    return found


def _tied() -> Q:
    """Parts that stand in no public sum, whatever is filtered: one of part and whole is reduced.

    Were such a part counted when its whole is filtered away, and left out when it is not, then
    asking for both and for one would tell which programme a reduced project belongs to.
    """
    one_is_reduced = Q(publication=Publication.REDUCED) | Q(
        part_of__publication=Publication.REDUCED
    )
    return one_is_reduced & ~Q(part_of=None) & ~Q(part_of__publication=Publication.WITHHELD)


def _conditions(actor: Actor, filters: Filters) -> Iterable[Q]:
    """One condition for each filter that is set. Subqueries, so that no row doubles."""
    open_ones = Project.objects.open_to(actor)
    if filters.search:
        text = folded(filters.search)
        whole = Q(pk__in=open_ones.filter(search__contains=text).values("pk"))
        yield whole | Q(public_title__icontains=filters.search)
    if filters.country:
        yield Q(pk__in=open_ones.filter(countries__country=filters.country.upper()).values("pk"))
    if filters.group:
        yield Q(pk__in=open_ones.filter(countries__via=filters.group).values("pk"))
    if filters.donor:
        chosen = open_ones.filter(pledges__withdrawn_on=None)
        if filters.donor == "not-named":
            yield Q(
                pk__in=chosen.filter(pledges__donor=None, pledges__pk__isnull=False).values("pk")
            )
        else:
            yield Q(pk__in=chosen.filter(pledges__donor__slug=filters.donor).values("pk"))
    if filters.region:
        in_region = Q(regions__region=filters.region)
        within = Q(countries__country__in=_countries_in(filters.region))
        yield Q(pk__in=open_ones.filter(in_region | within).values("pk")) | Q(
            pk__in=Project.objects.filter(in_region, regions__is_continent=True).values("pk")
        )
    if filters.theme:
        yield Q(pk__in=Project.objects.filter(themes__theme=filters.theme).values("pk"))
    if filters.state:
        yield Q(state=filters.state)
    if filters.chapter:
        yield Q(chapter=filters.chapter)
    if filters.share:
        yield _share(filters.share)


def _countries_in(region: str) -> frozenset[str]:
    """Countries of an M49 region of any level; none for a code that M49 does not have."""
    try:
        return geography.countries_in(region)
    except KeyError:
        return frozenset()


def _share(share: str) -> Q:
    known = Q(budget_usd__isnull=False)
    half = F("budget_usd") / Value(Decimal(2))
    match share:
        case "none":
            return Q(pledged=0)
        case "under-half":
            return known & Q(pledged__gt=0, pledged__lt=half)
        case "half-or-more":
            return known & Q(pledged__gte=half, pledged__lt=F("budget_usd"))
        case "full":
            return known & Q(pledged__gte=F("budget_usd"))
        case _:
            return Q(budget_usd__isnull=True)


def order_of(key: str) -> list[str]:
    """`key` is one of ORDERS, with "-" in front for the other way round; else by reference."""
    name = key.removeprefix("-")
    if name not in ORDERS:
        return list(ORDERS["reference"])
    first, *rest = ORDERS[name]
    return [f"-{first}" if key.startswith("-") else first, *rest]


@dataclass(frozen=True, slots=True)
class Card:
    """One project as a list shows it. `address` is what stands in its page's address.

    `countries`: alpha-3 codes that the project names, empty when withheld. Amounts in US dollars.
    """

    address: str
    reference: str
    code: str
    title: str
    language: str
    state: State
    publication: Publication
    chapter: Chapter
    countries: list[str]
    place: str
    budget: Decimal | None
    pledged: Decimal
    shortfall: Decimal | None
    share: float | None
    is_reduced: bool
    part_of: str = ""
    parts: int = 0
    themes: list[str] = field(default_factory=list)


def cards(actor: Actor, page: Iterable[Project]) -> list[Card]:
    """What `actor` may see of each project. Three queries, however many projects."""
    rows = list(page)
    whole = {row.pk for row in rows if sees_whole(actor, row)}
    named: dict[object, list[str]] = {}
    for pk, country in ProjectCountry.objects.filter(project__in=whole, via="").values_list(
        "project", "country"
    ):
        named.setdefault(pk, []).append(country)
    wholes = dict(
        Project.objects.open_to(actor)
        .filter(pk__in={row.part_of_id for row in rows if row.part_of_id})
        .values_list("pk", "reference")
    )
    return [
        _card(
            row,
            row.pk not in whole,
            named.get(row.pk, []),
            wholes.get(row.part_of_id, "") if row.part_of_id else "",
        )
        for row in rows
    ]


def sees_whole(actor: Actor, project: Project) -> bool:
    """True when `actor` may see country, partners, donors and texts of `project`."""
    return actor.may(Permission.PORTFOLIO_VIEW) or project.publication == Publication.PUBLIC


def _card(project: Project, is_reduced: bool, countries: list[str], part_of: str) -> Card:
    pledged = project.pledged
    standing = Standing(project.budget_usd, pledged)
    chapter = Chapter(project.chapter)
    return Card(
        address=project.public_id if is_reduced else project.reference,
        reference="" if is_reduced else project.reference,
        code="" if is_reduced else project.code,
        title=(project.public_title or _("Project, country withheld"))
        if is_reduced
        else project.title,
        # Of the words that are shown: the project's own language may tell the country.
        language=language() if is_reduced and not project.public_title else project.language,
        state=State(project.state),
        publication=Publication(project.publication),
        chapter=chapter,
        countries=[] if is_reduced else countries,
        place=_("Country withheld for safety") if is_reduced else project.region_as_printed,
        budget=project.budget_usd,
        pledged=pledged,
        shortfall=standing.shortfall,
        share=standing.funded_share,
        is_reduced=is_reduced,
        part_of="" if is_reduced else part_of,
    )
