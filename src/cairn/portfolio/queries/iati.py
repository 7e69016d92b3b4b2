"""Projects as IATI activities, as the public sees them whoever asks (see decision 8)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import ExtractYear

from cairn.core import geography
from cairn.core.actor import PUBLIC
from cairn.core.partial_dates import PartialDate
from cairn.portfolio.iati import codes
from cairn.portfolio.iati.codes import DateType, Role, Status
from cairn.portfolio.iati.dividing import equal_shares, span, weighted_shares
from cairn.portfolio.iati.records import (
    Activity,
    Body,
    Dated,
    Described,
    Participant,
    Relation,
    Share,
    Spent,
    Words,
    Yearly,
)
from cairn.portfolio.iati.wording import DAY_WITHHELD, INEXACT, NO_DAY, STATED_BUDGET
from cairn.portfolio.models import Expenditure, Partner, Project, ProjectTheme
from cairn.portfolio.models.project import ProjectQuerySet
from cairn.portfolio.queries.iati_money import budgets, transactions
from cairn.portfolio.queries.iati_results import results
from cairn.portfolio.queries.iati_rows import Details, body, details
from cairn.portfolio.queries.listing import Filters, order_of, projects
from cairn.portfolio.rules import Chapter, Publication, State

CHUNK = 1000
# Texts of the file are English whoever makes it, so that the same records give the same file.
_TITLE = "Project, country withheld"
# Long texts that no file tells.
_UNTOLD = (
    "achievements", "impact", "beneficiaries", "search", "location_as_printed", "note",
)  # fmt: skip
_WITHHELD = (
    "The country, partners, donors, dates and texts of this project are withheld, so that nobody "
    "is put at risk."
)
_INSIDE = (
    "The money of this project lies inside the budget of %s and is told there, so that it is "
    "counted once."
)
_STATUS: dict[str, Status] = {
    State.CONCEPT: Status.PIPELINE,
    State.APPRAISED: Status.PIPELINE,
    State.APPROVED: Status.PIPELINE,
    State.PARTLY_FUNDED: Status.PIPELINE,
    State.FULLY_FUNDED: Status.PIPELINE,
    State.ACTIVE: Status.IMPLEMENTATION,
    State.SUSPENDED: Status.SUSPENDED,
    State.OPERATIONALLY_CLOSED: Status.FINALISATION,
    State.FINANCIALLY_CLOSED: Status.CLOSED,
    State.EVALUATED: Status.CLOSED,
}
_ROLES: dict[str, Role] = {
    Partner.Role.LEAD: Role.ACCOUNTABLE,
    Partner.Role.IMPLEMENTING: Role.IMPLEMENTING,
    Partner.Role.COUNTERPART: Role.IMPLEMENTING,
    Partner.Role.COLLABORATING: Role.IMPLEMENTING,
    Partner.Role.FUNDING: Role.FUNDING,
}


def published(filters: Filters) -> QuerySet[Project]:
    """What the public sees of the list, in the order of references."""
    return projects(PUBLIC, filters).order_by(*order_of("reference"), "pk")


def activities(found: QuerySet[Project], publisher: Body, *, today: date) -> Iterator[Activity]:
    """One activity for each project of `found` (from `published`), in its order.

    Memory stays flat: projects are read in chunks of `CHUNK`, each in the same number of queries.
    """
    keys = list(found.values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        part = keys[start : start + CHUNK]
        chunk = found.order_by().select_related("part_of", "source").filter(pk__in=part)
        chunk = chunk.defer(*_UNTOLD, *(f"part_of__{name}" for name in _UNTOLD))
        rows = {row.pk: row for row in chunk}
        whole = details([key for key, row in rows.items() if row.publication == Publication.PUBLIC])
        reduced = [key for key, row in rows.items() if row.publication != Publication.PUBLIC]
        themes: dict[object, list[str]] = {}
        for key, theme in ProjectTheme.objects.filter(project__in=reduced).values_list(
            "project", "theme"
        ):
            themes.setdefault(key, []).append(theme)
        for key in part:
            if project := rows.get(key):
                if project.publication == Publication.PUBLIC:
                    yield _activity(project, whole, publisher, today)
                else:
                    yield _reduced(project, themes.get(key, []), publisher)


def on_record(
    found: ProjectQuerySet, publisher: Body, *, today: date, is_reduced: bool = False
) -> Iterator[tuple[Project, Activity]]:
    """Projects as their file would tell them, whether or not it does; the caller may see them.

    `is_reduced`: as a file tells those whose country is withheld.
    """
    rows = list(found.with_money().select_related("part_of", "source"))
    if is_reduced:
        for row in rows:
            yield row, _reduced(row, [], publisher)  # service areas are not compared
        return
    whole = details([row.pk for row in rows])
    for row in rows:
        yield row, _activity(row, whole, publisher, today)


def _reduced(project: Project, themes: list[str], publisher: Body) -> Activity:
    """Title, continent, service areas, state and sums, at the address that tells nothing."""
    sums = [_WITHHELD]
    if project.budget_usd is not None:
        sums.append(f"Budget: US$ {project.budget_usd:,.2f}.")
    sums.append(f"Pledged: US$ {project.pledged:,.2f}.")
    title = Words(project.public_title, project.language) if project.public_title else Words(_TITLE)
    return Activity(
        identifier=f"{publisher.reference}-{project.public_id}",
        title=title,
        descriptions=(Described(codes.GENERAL, Words(" ".join(sums))),),
        participants=(Participant(publisher, Role.ACCOUNTABLE),),
        status=_STATUS[project.state],
        dates=(Dated(DateType.PLANNED_START, codes.NO_DAY, DAY_WITHHELD),),
        regions=(_continent(project.chapter),),
        sectors=_sectors(themes, []),
    )


def _continent(chapter: str) -> Share:
    if chapter == Chapter.NONE:
        return Share(codes.UNSPECIFIED_REGION, codes.DAC_REGIONS)
    if chapter in {Chapter.WORLD, Chapter.SEVERAL}:
        return Share(geography.WORLD, codes.UN_REGIONS, name="Several regions or the whole world")
    return Share(chapter, codes.UN_REGIONS, name=geography.region_name(chapter, "en"))


def _activity(project: Project, rows: Details, publisher: Body, today: date) -> Activity:
    key = project.pk
    whole = project.part_of
    is_inside = whole is not None and whole.publication == Publication.PUBLIC
    money = () if is_inside else budgets(project, rows)
    paid = (
        ()
        if is_inside
        else transactions(
            project,
            rows,
            source_year=project.source.year if project.source else None,
            today=today,
        )
    )
    countries, regions = _places(project, rows)
    subjects = [row[0] for row in rows.subjects.get(key, ())]
    prefix = publisher.reference
    related = [
        Relation(codes.Related.CHILD, f"{prefix}-{row[0]}") for row in rows.parts.get(key, ())
    ]
    if whole is not None and is_inside:
        related.insert(0, Relation(codes.Related.PARENT, f"{prefix}-{whole.reference}"))
    return Activity(
        identifier=f"{prefix}-{project.reference}",
        title=Words(project.title),
        descriptions=tuple(_descriptions(project, has_period=bool(money))),
        participants=tuple(_participants(project, rows, publisher)),
        status=_STATUS[project.state],
        dates=tuple(_dates(project)),
        countries=countries,
        regions=regions,
        sectors=_sectors([row[0] for row in rows.themes.get(key, ())], subjects),
        tags=_tags(subjects),
        budgets=money,
        transactions=paid,
        related=tuple(related),
        results=results(key, rows, span(project.starts, project.ends, project.duration_months)),
        hierarchy=2 if is_inside else 1,
        language=project.language,
        updated=project.updated_at,
    )


def _descriptions(project: Project, *, has_period: bool) -> Iterator[Described]:
    yield Described(codes.GENERAL, Words(project.outline.strip() or project.title))
    if project.objectives.strip():
        yield Described(codes.OBJECTIVES, Words(project.objectives.strip()))
    whole = project.part_of
    if whole is not None and whole.publication == Publication.PUBLIC:
        yield Described(codes.OTHER, Words(_INSIDE % whole.reference, "en"))
    elif project.budget_usd is not None and not has_period:
        text = STATED_BUDGET % f"{project.budget_usd:,.2f}"
        yield Described(codes.OTHER, Words(text, "en"))


def _participants(project: Project, rows: Details, publisher: Body) -> Iterator[Participant]:
    """Donors, then partners in their roles, each once; the publisher is accountable if no other."""
    found: dict[tuple[str, str], Participant] = {}
    for _day, _amount, _currency, *donor in rows.pledges.get(project.pk, ()):
        if giver := body(*donor):
            found.setdefault((Role.FUNDING, giver.name), Participant(giver, Role.FUNDING))
    for role, *named in rows.partners.get(project.pk, ()):
        if partner := body(*named):
            iati_role = _ROLES[role]
            found.setdefault((iati_role, partner.name), Participant(partner, iati_role))
    if not any(role == Role.ACCOUNTABLE for role, _name in found):
        yield Participant(publisher, Role.ACCOUNTABLE)
    yield from found.values()


def _dates(project: Project) -> Iterator[Dated]:
    """Planned days: whether they were kept is not on record."""
    if not project.starts:
        yield Dated(DateType.PLANNED_START, codes.NO_DAY, NO_DAY)
        return
    for kind, text in (
        (DateType.PLANNED_START, project.starts),
        (DateType.PLANNED_END, project.ends),
    ):
        if text:
            written = PartialDate.parse(text)
            day = written.first if kind == DateType.PLANNED_START else written.last
            yield Dated(kind, day, "" if written.precision == "day" else INEXACT % written)


def _places(project: Project, rows: Details) -> tuple[tuple[Share, ...], tuple[Share, ...]]:
    """Countries that are named, and regions for the rest, in equal shares of a hundred.

    How much is spent where is not on record: equal shares say no more than which places there
    are. A group of countries stands as the continents of its members.
    """
    named = [row[0] for row in rows.countries.get(project.pk, ()) if not row[1]]
    around: dict[str, None] = {}
    for kind, places in rows.places.get(project.pk, ()):
        if kind in {"region", "undetermined"}:
            around |= dict.fromkeys(code for code in places if code.isdigit())
        elif kind == "world":
            around[geography.WORLD] = None
        elif kind == "group":
            members = {code for group in places for code in geography.members(group)}
            around |= dict.fromkeys(geography.continents_of(members))
    if not named and not around:
        return (), (Share(codes.UNSPECIFIED_REGION, codes.DAC_REGIONS),)
    shares = iter(equal_shares(len(named) + len(around)))
    countries = tuple(Share(geography.country(code).alpha2, "", next(shares)) for code in named)
    regions = tuple(
        Share(code, codes.UN_REGIONS, next(shares), geography.region_name(code, "en"))
        for code in around
    )
    return countries, regions


def _sectors(themes: list[str], subjects: list[str]) -> tuple[Share, ...]:
    """Purpose codes of the service areas, by how many of them each stands for."""
    weights: dict[str, int] = {}
    found = [codes.SECTORS[theme] for theme in themes]
    found += [codes.SUBJECT_SECTORS[name] for name in subjects if name in codes.SUBJECT_SECTORS]
    for code in found or [codes.LEGAL]:
        weights[code] = weights.get(code, 0) + 1
    if len(weights) == 1:
        return (Share(next(iter(weights))),)
    shares = weighted_shares(list(weights.values()))
    return tuple(Share(code, "", share) for code, share in zip(weights, shares, strict=True))


def _tags(subjects: list[str]) -> tuple[Share, ...]:
    targets = dict.fromkeys(target for name in subjects for target in codes.TAGS[name])
    return tuple(Share(target, codes.SDG_TARGETS) for target in targets)


def budget_years(found: QuerySet[Project], publisher: Body, *, today: date) -> dict[int, Decimal]:
    """{calendar year: US dollars} of the budgets of `found` (from `published`), each once."""
    years: dict[int, Decimal] = {}
    for each in activities(found, publisher, today=today):
        for budget in each.budgets:
            years[budget.starts.year] = years.get(budget.starts.year, Decimal(0)) + budget.value
    return dict(sorted(years.items()))


def yearly(publisher: Body, *, today: date) -> Yearly:
    """Budgets and spending of all open projects by calendar year; each dollar once.

    A project that lies inside another, or is tied to a reduced one, stands in no sum; budgets of
    a country: of projects for that country alone.
    """
    untied = Q(is_tied=False)  # the list's own annotation
    whole = published(Filters()).filter(untied, publication=Publication.PUBLIC)
    all_years: dict[int, Decimal] = {}
    by_country: dict[tuple[str, int], Decimal] = {}
    for each in activities(whole, publisher, today=today):
        only = each.countries[0].code if len(each.countries) == 1 and not each.regions else ""
        for budget in each.budgets:
            year = budget.starts.year
            all_years[year] = all_years.get(year, Decimal(0)) + budget.value
            if only:
                by_country[only, year] = by_country.get((only, year), Decimal(0)) + budget.value
    counted = whole.exclude(part_of__publication=Publication.PUBLIC).order_by().values("pk")
    spent = (
        Expenditure.objects.filter(
            agreement__pledge__project__in=counted,
            agreement__pledge__withdrawn_on=None,
            spent_on__lte=today,
        )
        .order_by()
        .annotate(year=ExtractYear("spent_on"))
        .values_list("year")
        .annotate(total=Sum("usd"))
    )
    return Yearly(
        budgets=tuple(Spent(year, all_years[year]) for year in sorted(all_years)),
        country_budgets=tuple(
            Spent(year, by_country[country, year], country) for country, year in sorted(by_country)
        ),
        spending=tuple(Spent(year, total) for year, total in sorted(spent)),
    )
