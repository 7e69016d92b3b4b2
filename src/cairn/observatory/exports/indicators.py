"""Published figures in the layouts in which States report: GLOTIP, SDG 16.2.2, CTDC 2021.

Only what a release published goes in, as it was published. What has no place in a layout, and what
the release hides, is left out and counted; nothing is made up for it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from cairn.core import geography
from cairn.core.errors import RuleBroken
from cairn.observatory.rules import indicators as rules
from cairn.observatory.rules import indicators_ctdc as ctdc
from cairn.observatory.rules.indicators import Age, Breakdown, Form, Indicator, Sex
from cairn.observatory.rules.publication import Columns, Publication
from cairn.observatory.rules.series import CountingUnit

ENGLISH = "en"
# Columns that say where somebody was exploited, not where somebody was found or helped.
_EXPLOITED_IN = frozenset({"country_of_exploitation", "area"})
_GENDER_WORDS = {
    Sex.FEMALE: "Female",
    Sex.MALE: "Male",
    Sex.OTHER: "Transgender/NonConforming",
    Sex.UNKNOWN: "Unknown",
}
_MAJORITY_WORDS = {Age.CHILD: "Minor", Age.ADULT: "Adult", Age.UNKNOWN: "Unknown"}
_FLAG_OF = {form: flag for flag, form in ctdc.FLAGS.items()}


@dataclass(frozen=True, slots=True)
class Figure:
    """A published figure in the words of the layouts. `code`: of a form, or alpha-3, or ""."""

    country: str
    year: int
    breakdown: str
    code: str
    sex: str
    age: str
    value: int


@dataclass(frozen=True, slots=True)
class Population:
    """Persons of a country and year that a source tells of."""

    country: str
    year: int
    sex: str
    age: str
    persons: Decimal
    source: str


@dataclass(slots=True)
class File:
    """A table to write, and what is not in it. `hidden`: cells that the release hides; `no_place`:
    those that the layout has no words for; `no_population`: those without a population figure;
    `few`: persons in groups of fewer than 11.
    """

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    hidden: int = 0
    no_place: int = 0
    no_population: int = 0
    few: int = 0


def glotip(publication: Publication, country: str = "") -> File:
    """The file in the layout of GLOTIP. `country`: alpha-3 of who reports, where the release has
    no column of countries.

    Raises RuleBroken ("indicators.year", "indicators.unit", "indicators.country").
    """
    made = File(rules.GLOTIP_COLUMNS)
    for each in _figures(publication, country, made):
        place = geography.country(each.country)
        made.rows.append(
            (
                each.country,
                geography.country_name(each.country, ENGLISH),
                _region(place.region),
                _region(place.sub_region),
                rules.GLOTIP_INDICATORS[Indicator.VICTIMS],
                rules.BREAKDOWN_WORDS[each.breakdown],
                _category(each),
                rules.SEX_WORDS[each.sex],
                rules.AGE_WORDS[each.age],
                each.year,
                rules.COUNTS,
                str(each.value),
                publication.code,
            )
        )
    return made


def sdg(publication: Publication, population: Iterable[Population], country: str = "") -> File:
    """Victims per 100,000, one line for each source of a population figure; without one, none.

    Raises RuleBroken as `glotip`.
    """
    known: dict[tuple[str, int, str, str], list[Population]] = {}
    for each in population:
        known.setdefault((each.country, each.year, each.sex, each.age), []).append(each)
    made = File(rules.SDG_COLUMNS)
    for figure in _figures(publication, country, made):
        if figure.breakdown not in {Breakdown.TOTAL, Breakdown.FORM}:
            continue
        found = known.get((figure.country, figure.year, figure.sex, figure.age), [])
        made.no_population += not found
        for people in found:
            made.rows.append(
                (
                    rules.SDG_INDICATOR,
                    figure.country,
                    geography.country(figure.country).numeric,
                    geography.country_name(figure.country, ENGLISH),
                    figure.year,
                    _category(figure),
                    rules.SEX_WORDS[figure.sex],
                    rules.AGE_WORDS[figure.age],
                    figure.value,
                    str(people.persons.quantize(Decimal(1))),
                    str(rules.rate(figure.value, people.persons)),
                    rules.SDG_UNIT,
                    publication.code,
                    people.source,
                )
            )
    return made


def ctdc_file(publication: Publication, by: Sequence[str]) -> File:
    """One line for each person whom one published table counts; groups under 11 are left out.

    The lines hold what the table says and nothing else: nobody's other answers are joined to them.
    The file is checked as a whole before it is given away.

    Raises RuleBroken ("indicators.grouping", "indicators.year", "indicators.unit",
    "indicators.empty", "indicators.alike").
    """
    names = publication.grouping(by)
    if names is None:
        raise RuleBroken(
            "indicators.grouping",
            _("The release has no table by these columns."),
            _("Choose one of its tables."),
        )
    _check_unit(publication)
    made = File(ctdc.COLUMNS)
    lines: list[tuple[Any, ...]] = []
    for codes, value in publication.groupings[names].items():
        if any(
            code in publication.by_name[name].wider for name, code in zip(names, codes, strict=True)
        ):
            continue
        if value is None:
            made.hidden += 1
            continue
        if value < ctdc.LEAST_ALIKE:
            made.few += value
            continue
        line = _ctdc_line(publication, names, codes)
        if line is None:
            made.no_place += 1
            continue
        lines += [line] * value
    if not lines:
        raise RuleBroken(
            "indicators.empty",
            _("No group of this table has %(least)d persons or more.")
            % {"least": ctdc.LEAST_ALIKE},
            _("Choose a table by fewer columns."),
        )
    ctdc.check_alike(lines)
    made.rows = lines
    return made


def _ctdc_line(
    publication: Publication, names: Columns, codes: Sequence[str]
) -> tuple[Any, ...] | None:
    """The line of one cell; None where the layout has no word for one of its codes."""
    line: dict[str, str] = {"Datasource": "Case Management"}
    if not any(rules.role_of(name) == "year" for name in names):
        line["yearOfRegistration"] = str(_year_of_all(publication))
    for name, code in zip(names, codes, strict=True):
        role = rules.role_of(name)
        if name in _EXPLOITED_IN and (alpha3 := _country(code)):
            line["CountryOfExploitation"] = geography.country(alpha3).alpha2
        elif role == "year" and rules.year_of(code):
            line["yearOfRegistration"] = rules.year_of(code)
        elif role == "sex" and code in rules.SEX_CODES:
            line["gender"] = _GENDER_WORDS[Sex(rules.SEX_CODES[code])]
        elif role == "age" and code in rules.AGE_CODES:
            line["majorityStatus"] = _MAJORITY_WORDS[Age(rules.AGE_CODES[code])]
        elif role == "citizenship" and (alpha3 := _country(code)):
            line["citizenship"] = geography.country(alpha3).alpha2
        elif role == "form" and code in rules.FORM_CODES:
            line[_FLAG_OF[Form(rules.FORM_CODES[code])]] = "1"
        elif code != "unknown":
            return None
    return tuple(line.get(column, "") for column in ctdc.COLUMNS)


def _figures(publication: Publication, country: str, made: File) -> Iterator[Figure]:
    """Every shown figure that has a place; what has none is counted in `made`."""
    _check_unit(publication)
    has_countries = any(rules.role_of(name) == "country" for name in publication.names)
    has_years = any(rules.role_of(name) == "year" for name in publication.names)
    if not has_countries and not _country(country):
        raise RuleBroken(
            "indicators.country",
            _("The release does not say which country reports."),
            _("Choose the country that these figures are of."),
        )
    whole = 0 if has_years else _year_of_all(publication)
    for names, cells in publication.groupings.items():
        roles = [rules.role_of(name) for name in names]
        if not _fits(roles, has_countries=has_countries, has_years=has_years):
            continue
        for codes, value in cells.items():
            figure = _figure(roles, codes, country, whole, value or 0)
            if figure is None:
                made.no_place += 1
            elif value is None:
                made.hidden += 1
            else:
                yield figure


def _fits(roles: Sequence[str], *, has_countries: bool, has_years: bool) -> bool:
    """True for a table of which every cell is a figure of one country and one year."""
    return (
        "" not in roles
        and len(set(roles)) == len(roles)
        and not {"form", "citizenship"} <= set(roles)
        and ("country" in roles or not has_countries)
        and ("year" in roles or not has_years)
    )


def _figure(
    roles: Sequence[str], codes: Sequence[str], country: str, year: int, value: int
) -> Figure | None:
    at = dict(zip(roles, codes, strict=True))
    place = _country(at["country"] if "country" in at else country)
    told = rules.year_of(at["year"]) if "year" in at else str(year)
    sex = rules.SEX_CODES.get(at["sex"], "") if "sex" in at else Sex.TOTAL
    age = rules.AGE_CODES.get(at["age"], "") if "age" in at else Age.TOTAL
    breakdown, code = Breakdown.TOTAL, ""
    if "form" in at:
        breakdown, code = Breakdown.FORM, rules.FORM_CODES.get(at["form"], "")
    elif "citizenship" in at:
        known = "unknown" if at["citizenship"] == "unknown" else _country(at["citizenship"])
        breakdown, code = Breakdown.CITIZENSHIP, known
    if not (place and told and sex and age) or (breakdown != Breakdown.TOTAL and not code):
        return None
    return Figure(place, int(told), str(breakdown), str(code), str(sex), str(age), value)


def _check_unit(publication: Publication) -> None:
    if publication.statements.get("counting_unit") != CountingUnit.PERSON:
        raise RuleBroken(
            "indicators.unit",
            _("The layout counts persons; this release counts something else."),
            _("Choose a release whose counting unit is the person."),
        )


def _year_of_all(publication: Publication) -> int:
    since, until = publication.since, publication.until
    if (since.month, since.day, until.month, until.day) != (1, 1, 12, 31):
        raise _no_year()
    if since.year != until.year:
        raise _no_year()
    return since.year


def _no_year() -> RuleBroken:
    return RuleBroken(
        "indicators.year",
        _("The layout is of whole years; this release is of another period."),
        _("Choose a release of one whole year, or one with years as a column."),
    )


def _country(code: str) -> str:
    """The alpha-3 code where `code` is one of a country of today, else ""."""
    alpha3 = code.upper()
    return alpha3 if len(alpha3) == 3 and alpha3 in _alpha3() else ""


def _alpha3() -> frozenset[str]:
    return frozenset(each.alpha3 for each in geography.countries())


def _region(code: str) -> str:
    return geography.region_name(code, ENGLISH) if code else ""


def _category(figure: Figure) -> str:
    if figure.breakdown == Breakdown.TOTAL:
        return rules.TOTAL
    if figure.breakdown == Breakdown.FORM:
        return rules.FORM_WORDS[figure.code]
    if figure.code == "unknown":
        return rules.SEX_WORDS[Sex.UNKNOWN]
    return geography.country_name(figure.code, ENGLISH)
