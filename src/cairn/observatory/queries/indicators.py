"""National figures as they were brought: by country and year, conflicts, names still open."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Max, Min, Q, QuerySet

from cairn.core import geography
from cairn.core.actor import Actor
from cairn.core.language import language
from cairn.observatory.models import NationalFigure, PlaceAnswer
from cairn.observatory.rules.indicators import Age, Breakdown, Form, Indicator, Sex

OPEN_BREAKDOWNS = (Breakdown.CITIZENSHIP, Breakdown.REPATRIATION)


@dataclass(frozen=True, slots=True)
class CountryLine:
    """A country in the list. `conflicts`: figures for the same thing that differ."""

    code: str
    name: str
    first: int
    last: int
    figures: int
    conflicts: int


@dataclass(frozen=True, slots=True)
class Statement:
    """One figure with its source. `value` None: fewer than `below`."""

    value: Decimal | None
    below: int | None
    source: str
    layout: str


@dataclass(frozen=True, slots=True)
class FigureLine:
    """What is said of one thing: more than one statement is a conflict, all are shown."""

    indicator: str
    year: int
    breakdown: str
    category: str
    sex: str
    age: str
    said: tuple[Statement, ...]

    @property
    def is_conflict(self) -> bool:
        return len({(each.value, each.below) for each in self.said}) > 1


@dataclass(frozen=True, slots=True)
class OpenName:
    """A printed name that no country is known for. `nearest`: (code, name) to choose from."""

    printed: str
    figures: int
    nearest: tuple[tuple[str, str], ...]


_THING = ("indicator", "year", "breakdown", "category", "sex", "age")


def _conflicting(found: QuerySet[NationalFigure]) -> list[dict[str, object]]:
    """Things that more than one figure is told of."""
    return list(
        found.order_by()
        .values("country", *_THING)
        .annotate(told=Count("value", distinct=True), less=Count("below", distinct=True))
        .filter(Q(told__gt=1) | Q(less__gt=1) | Q(told__gte=1, less__gte=1))
    )


def countries(actor: Actor) -> list[CountryLine]:
    """Every country of which figures are here, by name. Two queries."""
    seen = NationalFigure.objects.visible_to(actor)
    conflicts: dict[str, int] = {}
    for each in _conflicting(seen):
        code = str(each["country"])
        conflicts[code] = conflicts.get(code, 0) + 1
    rows = (
        seen.order_by()
        .values("country")
        .annotate(first=Min("year"), last=Max("year"), figures=Count("pk"))
    )
    lines = [
        CountryLine(
            each["country"],
            geography.country_name(each["country"], language()),
            each["first"],
            each["last"],
            each["figures"],
            conflicts.get(each["country"], 0),
        )
        for each in rows
    ]
    return sorted(lines, key=lambda line: line.name)


def figures(
    actor: Actor, country: str, *, indicator: str = "", breakdown: str = ""
) -> list[FigureLine]:
    """What is said of a country, newest year first, by thing; one query."""
    found = NationalFigure.objects.visible_to(actor).filter(country=country)
    if indicator in Indicator.values:
        found = found.filter(indicator=indicator)
    if breakdown in Breakdown.values:
        found = found.filter(breakdown=breakdown)
    things: dict[tuple[object, ...], list[NationalFigure]] = {}
    rows = found.order_by("indicator", "-year", "breakdown", "category", "sex", "age", "value")
    for each in rows:
        thing = (*(getattr(each, name) for name in _THING[:3]), _category_key(each))
        things.setdefault((*thing, each.sex, each.age), []).append(each)
    order = {code: place for place, code in enumerate(Indicator.values)}
    lines = [_line(each) for each in things.values()]
    return sorted(lines, key=lambda line: order[line.indicator])


def _category_key(figure: NationalFigure) -> str:
    return figure.category_code or figure.category


def _line(same: Sequence[NationalFigure]) -> FigureLine:
    one = same[0]
    said = tuple(Statement(each.value, each.below, each.source, each.layout) for each in same)
    return FigureLine(
        one.indicator,
        one.year,
        one.breakdown,
        category_words(one.breakdown, one.category_code, one.category),
        one.sex,
        one.age,
        said,
    )


def category_words(breakdown: str, code: str, printed: str) -> str:
    """The form or country in the language of the page; as printed while it is not known."""
    if breakdown == Breakdown.FORM:
        return str(Form(code).label) if code in Form.values else printed
    return geography.country_name(code, language()) if code else printed


def by_year(
    actor: Actor, country: str, indicator: str = Indicator.VICTIMS
) -> list[tuple[int, tuple[Statement, ...]]]:
    """(year, what is said of all) of an indicator, oldest first."""
    lines = figures(actor, country, indicator=indicator, breakdown=Breakdown.TOTAL)
    return sorted(
        (line.year, line.said) for line in lines if line.sex == Sex.TOTAL and line.age == Age.TOTAL
    )


def open_names(actor: Actor) -> list[OpenName]:
    """Printed names of countries that nobody has settled yet, most figures first."""
    rows = (
        NationalFigure.objects.visible_to(actor)
        .filter(breakdown__in=OPEN_BREAKDOWNS, category_code="")
        .exclude(category="")
        .exclude(category__in=_settled(actor))
        .order_by()
        .values("category")
        .annotate(figures=Count("pk"))
        .order_by("-figures", "category")
    )
    return [
        OpenName(each["category"], each["figures"], _nearest(each["category"])) for each in rows
    ]


def _settled(actor: Actor) -> QuerySet[NationalFigure, str]:
    return PlaceAnswer.objects.visible_to(actor).values_list("printed", flat=True)


def _nearest(printed: str) -> tuple[tuple[str, str], ...]:
    found = geography.resolve(printed, language())
    return tuple((each.code, each.name) for each in found.nearest if len(each.code) == 3)


def population(actor: Actor, codes: Iterable[str] | None = None) -> list[NationalFigure]:
    """Population figures, of these countries or of all."""
    found = NationalFigure.objects.visible_to(actor).filter(indicator=Indicator.POPULATION)
    return list(found if codes is None else found.filter(country__in=list(codes)))
