"""Counts of assistance: all that anybody who sees no referral may know. Nobody can be told apart.

They are of all organisations of a country together, and none is named. Whoever may see them for a
country sees the same figures as everybody else who may: two views cannot be subtracted.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from statistics import median
from typing import Any, Final
from uuid import UUID

from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.utils import timezone

from cairn.core.held_back import (
    LEAST_TOLD,
    Shares,
    Sum,
    held_back,
    known_by_rest,
    leaves_few,
    shares_of_none,
)
from cairn.referral.models import Person, Referral, Service, ServiceEpisode
from cairn.referral.rules.counts import LEAST_ORGANISATIONS, Quarter, kind_for
from cairn.referral.rules.persons import AgeBand
from cairn.referral.rules.referrals import ACCEPTED_ON, PREPARED, TAKEN_BACK, State

ACCEPTED, DECLINED, UNANSWERED = "accepted", "declined", "unanswered"
COLUMNS: Final = ("table", "row", "figure", "value")
OUTCOMES: Final = (ACCEPTED, DECLINED, UNANSWERED)
ASKED = "asked"
KIND, AREA, ALL = "kind", "area", "all"
IN_TIME: Final = "in-time"
# Services that began by kind, and all of them; None: not told.
Began = tuple[tuple[tuple[str, int | None], ...], int | None]
AGES: Final = tuple(AgeBand.values)
SEXES: Final = ("female", "male", "other", "")
_NOT_COUNTED = frozenset({*PREPARED, *TAKEN_BACK})
_OUTCOME = {state: ACCEPTED for state in (*ACCEPTED_ON, State.CLOSED)} | {
    State.DECLINED: DECLINED,
    State.REDIRECTED: DECLINED,
}


@dataclass(frozen=True, slots=True)
class Line:
    """How referrals of one kind of service, or to one area, were answered. None: not told.

    `name`: a code of ServiceType or an area; "" for all together. `hours`: median time to an
    answer. Where one organisation alone is asked, its outcomes are not told.
    """

    name: str
    asked: int | None
    accepted: int | None
    declined: int | None
    unanswered: int | None
    hours: int | None = None

    @property
    def answered(self) -> int | None:
        both = (self.accepted, self.declined)
        return None if None in both else sum(each or 0 for each in both)

    @property
    def response(self) -> float | None:
        """The share that was answered."""
        return _share(self.answered, self.asked)

    @property
    def acceptance(self) -> float | None:
        """The share of answers that were an acceptance."""
        return _share(self.accepted, self.answered)


@dataclass(frozen=True, slots=True)
class Grid:
    """Counts in rows and columns, with the sums at the end of each. None: not told."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[int | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """All that is told of a country and a quarter.

    `in_time`: referrals that were answered until the clock asked for an answer.
    """

    total: Line
    kinds: tuple[Line, ...]
    areas: tuple[Line, ...]
    grid: Grid
    services: tuple[tuple[str, int | None], ...]
    services_total: int | None
    persons: Grid
    in_time: int | None = None


@dataclass(slots=True)
class Tally:
    """What was counted, before anything is held back."""

    outcomes: Counter[tuple[str, str, str]]
    cells: Counter[tuple[str, str]]
    hours: defaultdict[tuple[str, str], list[float]]
    organisations: defaultdict[tuple[str, str], set[UUID]]
    shares: Shares
    punctual: Counter[bool]

    @classmethod
    def empty(cls) -> "Tally":
        return cls(
            Counter(), Counter(), defaultdict(list), defaultdict(set), shares_of_none(), Counter()
        )

    def add(
        self,
        kind: str,
        area: str,
        by: UUID,
        outcome: str,
        hours: float | None,
        sender: UUID | None = None,
        is_in_time: bool | None = None,
    ) -> None:
        if is_in_time is not None:
            self.punctual[is_in_time] += 1
            self._share((IN_TIME, str(is_in_time)), by, sender)
        self.cells[kind, area] += 1
        self._share((kind, area), by, sender)
        for line in ((KIND, kind), (AREA, area), (ALL, "")):
            self.outcomes[(*line, outcome)] += 1
            self.organisations[line].add(by)
            self._share((*line, outcome), by, sender)
            self._share((*line, ASKED), by, sender)
            if hours is not None:
                self.hours[line].append(hours)

    def _share(self, key: tuple[str, ...], by: UUID, sender: UUID | None) -> None:
        """Whoever received it and whoever sent it knows of this one."""
        for knows in {by, sender} - {None}:
            self.shares[key][knows] += 1

    def names(self, part: str) -> list[str]:
        """The lines of `part` in their order."""
        return sorted({name for which, name, _outcome in self.outcomes if which == part})


def assistance(country: str, quarter: Quarter) -> Counts:
    """The counts of a country (alpha-3). Four questions, however much there is."""
    return assistance_by_country(quarter, country)[country]


def assistance_by_country(quarter: Quarter, country: str = "") -> dict[str, Counts]:
    """The counts of each country that has any, or of `country`. Four questions, however many.

    Each country stands by itself: nothing is told of all of them together.
    """
    tallies = _tallies(quarter, country)
    services = _services(quarter, country)
    persons = _persons(quarter, country)
    codes = {country} if country else {*tallies, *services, *persons}
    found = {}
    for code in sorted(codes):
        tally = tallies.get(code, Tally.empty())
        told, grid = protected(tally)
        began, total = services.get(code, ((), 0))
        found[code] = Counts(
            total=told[ALL, ""],
            kinds=tuple(told[KIND, name] for name in tally.names(KIND)),
            areas=tuple(told[AREA, name] for name in tally.names(AREA)),
            grid=grid,
            services=began,
            services_total=total,
            persons=persons.get(code, Grid(AGES, SEXES, ())),
            in_time=_in_time(tally, told[ALL, ""]),
        )
    return found


def _in_time(tally: Tally, told: Line) -> int | None:
    """How many were answered in time, told where those that were not are not few either."""
    if told.answered is None:
        return None
    for is_in_time in (True, False):
        count = tally.punctual[is_in_time]
        shares = tally.shares[IN_TIME, str(is_in_time)].values()
        if 0 < count < LEAST_TOLD or leaves_few(count, shares):
            return None
    return tally.punctual[True]


def _span(quarter: Quarter) -> tuple[datetime, datetime]:
    first, last = (
        timezone.make_aware(datetime.combine(day, time.min))
        for day in (quarter.starts_on, quarter.after)
    )
    return first, last


def _tallies(quarter: Quarter, country: str) -> dict[str, Tally]:
    since, until = _span(quarter)
    of_country = {"country": country} if country else {}
    services = {
        pk: (kinds, area, by, place)
        for pk, kinds, area, by, place in Service.objects.filter(**of_country).values_list(
            "pk", "kinds", "area", "organisation", "country"
        )
    }
    tallies: dict[str, Tally] = {}
    rows = (
        Referral.objects.filter(
            sent_at__gte=since,
            sent_at__lt=until,
            **{f"service__{name}": value for name, value in of_country.items()},
        )
        .exclude(state__in=_NOT_COUNTED)
        .order_by()
        .values_list(
            "service", "need", "state", "sent_at", "decided_at", "decide_by", "organisation"
        )
    )
    for service, need, state, sent_at, decided_at, due, sender in rows.iterator(chunk_size=2000):
        kinds, area, by, place = services[service]
        outcome = _OUTCOME.get(State(state), UNANSWERED)
        hours, is_in_time = None, None
        if outcome != UNANSWERED and sent_at and decided_at:
            hours = (decided_at - sent_at).total_seconds() / 3600
        if outcome != UNANSWERED:
            is_in_time = bool(decided_at and due and decided_at <= due)
        tally = tallies.setdefault(place, Tally.empty())
        tally.add(kind_for(need, kinds), area, by, outcome, hours, sender, is_in_time)
    return tallies


def protected(tally: Tally) -> tuple[dict[tuple[str, str], Line], Grid]:
    """Each line as it may be told ("all" is always among them), and areas by kinds."""
    counts, hidden = _figures(tally)
    told = {key: None if key in hidden else count for key, count in counts.items()}
    kinds, areas = tally.names(KIND), tally.names(AREA)
    lines = {(which, name) for which, name, _outcome in tally.outcomes} | {(ALL, "")}
    cells = [(*(told[kind, area] for kind in kinds), told[AREA, area, ASKED]) for area in areas]
    last = (*(told[KIND, kind, ASKED] for kind in kinds), told[ALL, "", ASKED])
    grid = Grid(tuple(areas), tuple(kinds), (*cells, last) if kinds else ())
    return {line: _line(line, told, tally.hours[line]) for line in lines}, grid


def _line(line: tuple[str, str], told: Mapping[Any, int | None], hours: Sequence[float]) -> Line:
    found = Line(
        name=line[1],
        asked=told[*line, ASKED],
        accepted=told[*line, ACCEPTED],
        declined=told[*line, DECLINED],
        unanswered=told[*line, UNANSWERED],
    )
    is_timed = (found.answered or 0) >= LEAST_TOLD and len(hours) >= LEAST_TOLD
    return replace(found, hours=round(median(hours))) if is_timed else found


def _figures(tally: Tally) -> tuple[dict[Any, int], frozenset[Any]]:
    """Every figure of the tables of referrals by a key, and the keys that are not told."""
    kinds, areas = tally.names(KIND), tally.names(AREA)
    lines = [(KIND, name) for name in kinds] + [(AREA, name) for name in areas] + [(ALL, "")]
    counts: dict[Any, int] = {}
    sums: list[Sum] = []
    for line in lines:
        for outcome in OUTCOMES:
            counts[*line, outcome] = tally.outcomes[(*line, outcome)]
        counts[*line, ASKED] = sum(counts[*line, outcome] for outcome in OUTCOMES)
        sums.append(Sum((*line, ASKED), tuple((*line, outcome) for outcome in OUTCOMES)))
    for part, names in ((KIND, kinds), (AREA, areas)):
        for figure in (ASKED, *OUTCOMES):
            sums.append(Sum((ALL, "", figure), tuple((part, name, figure) for name in names)))
    for kind in kinds:
        counts |= {(kind, area): tally.cells[kind, area] for area in areas}
        sums.append(Sum((KIND, kind, ASKED), tuple((kind, area) for area in areas)))
    for area in areas:
        sums.append(Sum((AREA, area, ASKED), tuple((kind, area) for kind in kinds)))
    also: list[Hashable] = [
        (*line, outcome)
        for line in lines
        if len(tally.organisations[line]) < LEAST_ORGANISATIONS and counts[*line, ASKED]
        for outcome in OUTCOMES
    ]
    also += known_by_rest(counts, tally.shares)
    return counts, held_back(counts, sums, also)


def _services(quarter: Quarter, country: str) -> dict[str, Began]:
    """Services that began, by kind, for each country."""
    began: defaultdict[str, Counter[str]] = defaultdict(Counter)
    shares: defaultdict[str, Shares] = defaultdict(shares_of_none)
    rows = (
        ServiceEpisode.objects.filter(
            starts_on__gte=quarter.starts_on,
            starts_on__lt=quarter.after,
            **({"person__country": country} if country else {}),
        )
        .order_by()
        .values_list("person__country", "service_type", "person__organisation", "provider")
        .annotate(count=Count("pk"))
    )
    for place, name, keeper, provider, count in rows:
        began[place][name] += count
        for key in (name, ALL):
            for knows in {keeper, provider}:
                shares[place][key][knows] += count
    return {place: _told_of(began[place], shares[place]) for place in began}


def _told_of(began: Counter[str], shares: Shares) -> Began:
    counts: dict[Any, int] = {**began, ALL: sum(began.values())}
    hidden = held_back(counts, [Sum(ALL, tuple(began))], known_by_rest(counts, shares))
    told = {key: None if key in hidden else count for key, count in counts.items()}
    return tuple((name, told[name]) for name in sorted(began)), told[ALL]


def _persons(quarter: Quarter, country: str) -> dict[str, Grid]:
    """Persons for whom a service began, each once, by age and sex, for each country."""
    helped = (
        Person.objects.filter(
            **({"country": country} if country else {}),
            pk__in=ServiceEpisode.objects.filter(
                starts_on__gte=quarter.starts_on, starts_on__lt=quarter.after
            ).values("person"),
        )
        .order_by()
        .values_list("country", "age_band", "sex", "organisation")
        .annotate(count=Count("pk"))
    )
    found: defaultdict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    shares: defaultdict[str, Shares] = defaultdict(shares_of_none)
    for place, age, sex, keeper, count in helped:
        found[place][age, sex] += count
        for key in ((age, sex), (age, None), (None, sex), (None, None)):
            shares[place][key][keeper] += count
    return {place: crossed(found[place], AGES, SEXES, shares[place]) for place in found}


def crossed(
    found: Mapping[tuple[str, str], int],
    rows: Sequence[str],
    columns: Sequence[str],
    shares: Shares | None = None,
) -> Grid:
    """Cells with sums of rows, columns and all, as they may be told."""
    counts: dict[Any, int] = {(r, c): found.get((r, c), 0) for r in rows for c in columns}
    sums: list[Sum] = []

    def add(whole: Any, parts: Iterable[Any]) -> None:
        keys = tuple(parts)
        counts[whole] = sum(counts[key] for key in keys)
        sums.append(Sum(whole, keys))

    for row in rows:
        add((row, None), ((row, column) for column in columns))
    for column in columns:
        add((None, column), ((row, column) for row in rows))
    add((None, None), ((row, None) for row in rows))
    add((None, None), ((None, column) for column in columns))
    hidden = held_back(counts, sums, known_by_rest(counts, shares or shares_of_none()))
    cells = tuple(
        tuple(
            None if (row, column) in hidden else counts[row, column] for column in (*columns, None)
        )
        for row in (*rows, None)
    )
    return Grid(tuple(rows), tuple(columns), cells)


def _share(part: int | None, whole: int | None) -> float | None:
    return part / whole if part is not None and whole else None


def rows_of(counts: Counts) -> Iterator[list[str | int | float | None]]:
    """Every figure in a line of its own for a file, in the order of COLUMNS; None: not told."""
    for table, lines in (("all", (counts.total,)), (KIND, counts.kinds), (AREA, counts.areas)):
        for line in lines:
            for figure in (ASKED, *OUTCOMES, "answered", "response", "acceptance", "hours"):
                yield [f"referrals-by-{table}", line.name, figure, getattr(line, figure)]
    yield from _grid_rows("referrals-by-area-and-kind", counts.grid)
    for name, count in (*counts.services, ("", counts.services_total)):
        yield ["services-begun", name, "count", count]
    yield from _grid_rows("persons-by-age-and-sex", counts.persons)


def _grid_rows(table: str, grid: Grid) -> Iterator[list[str | int | float | None]]:
    for row, cells in zip((*grid.rows, ALL), grid.cells, strict=False):
        for column, cell in zip((*grid.columns, ALL), cells, strict=True):
            yield [table, row, column or "not-asked", cell]


# The code for what was not asked or is not known.
UNKNOWN = "unknown"


def persons_assisted(since: date, until: date) -> Iterator[tuple[str, dict[str, str]]]:
    """Persons for whom a service began between two days (both included), for a release.

    A token that stays the same, and codes by age, sex, displacement and country: nothing else
    leaves the zone. Each person once. One query.
    """
    began = ServiceEpisode.objects.filter(starts_on__gte=since, starts_on__lte=until)
    rows = (
        Person.objects.filter(pk__in=began.values("person"))
        .order_by("pk")
        .values_list("pk", "age_band", "sex", "displacement", "country")
    )
    for pk, age, sex, displacement, country in rows.iterator(chunk_size=2000):
        yield (
            f"person {pk}",
            {
                "age": UNKNOWN if age == AgeBand.AGE_DISPUTED else age,
                "sex": sex or UNKNOWN,
                "displacement": displacement or UNKNOWN,
                "country": country or UNKNOWN,
            },
        )


def assisted_months(since: date, until: date) -> list[tuple[str, int]]:
    """Countries with enough services to be named, and in how many months any began."""
    rows = (
        ServiceEpisode.objects.filter(starts_on__gte=since, starts_on__lte=until)
        .order_by()
        .values_list("person__country")
        .annotate(count=Count("pk"), months=Count(TruncMonth("starts_on"), distinct=True))
        .filter(count__gte=LEAST_TOLD)
    )
    return sorted((country, months) for country, _count, months in rows)
