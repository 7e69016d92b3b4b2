"""National figures as files: UNODC GLOTIP, SDG 16.2.2, and figures of population.

A row is a statement of its source. The same statement again changes nothing; another figure for
the same thing is kept beside the first. A printed name of a citizenship that is not clear is kept
as it is and asked about later; which country reports has to be clear.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.access.permissions import Permission
from cairn.core import geography
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.imports import cells
from cairn.imports.kinds import Column, Existing, Kind, Row, register
from cairn.observatory.models import NationalFigure, PlaceAnswer
from cairn.observatory.rules import indicators as rules
from cairn.observatory.rules.indicators import Age, Breakdown, Form, Indicator, Layout, Sex

IGNORED = gettext_lazy("not kept: it follows from the country")


def _word(known: Mapping[str, str]) -> Any:
    return lambda cell: rules.word(known, cell)


def _year(cell: str) -> int:
    year = cells.small(cell)
    if not rules.FIRST_YEAR <= year <= timezone.localdate().year:
        raise RuleBroken(
            "indicators.year",
            _("“%(cell)s” is no year of figures.") % {"cell": cell},
            _("Give a year from %(first)d to this one.") % {"first": rules.FIRST_YEAR},
        )
    return year


def _unit(cell: str) -> str:
    if rules.folded(cell) != rules.folded(rules.COUNTS):
        raise RuleBroken(
            "indicators.unit",
            _("“%(cell)s” is not what is read here.") % {"cell": cell},
            _("Bring rows of counts; the word is “%(word)s”.") % {"word": rules.COUNTS},
        )
    return cell


def _code(cell: str) -> str:
    """An alpha-3 code, in any case; a name is refused: it stands in its own column."""
    found = geography.resolve(cell.upper())
    if len(cell) != 3 or found.kind != geography.Kind.COUNTRY:
        raise RuleBroken(
            "indicators.country",
            _("“%(cell)s” is no three-letter code of a country of today.") % {"cell": cell},
            _("Write the code of ISO 3166-1, for example JOR."),
        )
    return found.codes[0]


def _check_country(row: Row, column: str) -> None:
    """The name has to be that of the code: otherwise nobody knows whose figures these are."""
    name, code = row.cleaned[column], row.cleaned["iso3_code"]
    found = geography.resolve(name) if name else None
    if found and found.codes and found.codes != (code,):
        row.refuse(
            column,
            RuleBroken(
                "indicators.country",
                _("“%(name)s” is not the country of the code %(code)s.")
                % {"name": name, "code": code},
                _("Correct the name or the code."),
            ),
        )
    elif found and not found.codes:
        row.notes.append(
            _("“%(name)s” is not a name that Cairn knows; the code %(code)s counts.")
            % {"name": name, "code": code}
        )


def _state(row: Row, values: dict[str, Any]) -> None:
    """Give the row its identity and what is stored; `values` without received_on."""
    row.cleaned["_values"] = values
    told = values["value"] if values["value"] is not None else f"<{values['below']}"
    row.key = rules.statement(*(values[name] for name in _SAID), told)
    printed = f"{told:f}" if values["value"] is not None else told
    row.label = f"{values['country']} {values['year']}: {printed}"
    row.after = {name: values[name] for name in _SAID if values[name]} | {"value": printed}


_SAID = (
    "layout",
    "indicator",
    "country",
    "year",
    "breakdown",
    "category",
    "sex",
    "age",
    "source",
)


def _existing(keys: Sequence[Hashable]) -> Existing:
    """The key is all that is said, so what is on record already says the same."""
    found = NationalFigure.objects.filter(statement__in=keys)
    return {
        each.statement: (
            each.pk,
            {name: getattr(each, name) for name in _SAID if getattr(each, name)}
            | {"value": _printed(each)},
        )
        for each in found
    }


def _printed(figure: NationalFigure) -> str:
    return f"<{figure.below}" if figure.value is None else f"{figure.value.normalize():f}"


def _write(_actor: Actor, created: Sequence[Row], _changed: Sequence[Row]) -> None:
    today = timezone.localdate()
    NationalFigure.objects.bulk_create(
        [
            NationalFigure(statement=str(row.key), received_on=today, **row.cleaned["_values"])
            for row in created
        ],
        batch_size=500,
    )


# --- GLOTIP ---------------------------------------------------------------------------------


def _prepare_glotip(rows: Sequence[Row]) -> None:
    answers = _answers([row.cleaned["category"] for row in rows])
    for row in rows:
        _check_country(row, "country")
        breakdown, printed = row.cleaned["dimension"], row.cleaned["category"]
        category, code = _category(row, breakdown, printed, answers)
        if row.problems:
            continue
        told = row.cleaned["txtvalue"]
        _state(
            row,
            {
                "layout": Layout.GLOTIP.value,
                "indicator": row.cleaned["indicator"],
                "country": row.cleaned["iso3_code"],
                "year": row.cleaned["year"],
                "breakdown": breakdown,
                "category": category,
                "category_code": code,
                "sex": row.cleaned["sex"] or Sex.TOTAL.value,
                "age": row.cleaned["age"] or Age.TOTAL.value,
                "value": None if told.value is None else told.value.normalize(),
                "below": told.below,
                "source": row.cleaned["source"],
            },
        )


def _answers(printed: Sequence[str]) -> dict[str, str]:
    found = PlaceAnswer.objects.filter(printed__in=set(printed))
    return dict(found.values_list("printed", "country"))


def _category(
    row: Row, breakdown: str, printed: str, answers: Mapping[str, str]
) -> tuple[str, str]:
    """(as printed, code); notes what will be asked. A form has to be one of the three."""
    if breakdown == Breakdown.TOTAL:
        return "", ""
    if breakdown == Breakdown.FORM:
        try:
            return printed, rules.word(rules.FORM_WORDS, printed)
        except RuleBroken as refusal:
            row.refuse("category", refusal)
            return "", ""
    if printed in answers:
        return printed, answers[printed]
    found = geography.resolve(printed)
    if found.kind == geography.Kind.COUNTRY and len(found.codes) == 1:
        return printed, found.codes[0]
    row.notes.append(
        _("No country is said here; the figure is kept without one.")
        if not printed
        else _("“%(name)s” is not clear: it is kept as printed, and you are asked which it is.")
        % {"name": printed}
    )
    return printed, ""


def glotip_kind() -> Kind:
    return Kind(
        code=Layout.GLOTIP.value,
        label=gettext_lazy("National figures in the layout of UNODC GLOTIP"),
        permission=Permission.STATISTICS_BUILD.value,
        columns=(
            Column(
                "iso3_code",
                _code,
                gettext_lazy("three-letter code of the country that reports"),
                True,
            ),
            Column("country", cells.text(120), gettext_lazy("its name")),
            Column("region", cells.text(80), IGNORED),
            Column("subregion", cells.text(80), IGNORED),
            Column(
                "indicator", _word(rules.GLOTIP_INDICATORS), gettext_lazy("what is counted"), True
            ),
            Column(
                "dimension", _word(rules.BREAKDOWN_WORDS), gettext_lazy("Total, or by what"), True
            ),
            Column(
                "category", cells.text(200), gettext_lazy("the form or the country, as printed")
            ),
            Column(
                "sex", _word(rules.SEX_WORDS), gettext_lazy("Total, Female, Male, Other or Unknown")
            ),
            Column("age", _word(rules.AGE_WORDS), gettext_lazy("Total or an age group")),
            Column("year", _year, gettext_lazy("year of the figure"), True),
            Column("unit_of_measurement", _unit, "Counts"),
            Column("txtvalue", rules.count, gettext_lazy("the figure, or <5"), True),
            Column("source", cells.text(200), gettext_lazy("who published it, and when"), True),
        ),
        prepare=_prepare_glotip,
        existing=_existing,
        write=_write,
        order=200,
    )


# --- SDG 16.2.2 and population --------------------------------------------------------------


def _indicator(cell: str) -> str:
    if cell.strip() != rules.SDG_INDICATOR:
        raise RuleBroken(
            "indicators.word",
            _("“%(cell)s” is not the indicator 16.2.2.") % {"cell": cell},
            _("Leave out rows of other indicators."),
        )
    return cell.strip()


def _rate(cell: str) -> rules.Told:
    return rules.told(cell)


def _prepare_sdg(rows: Sequence[Row]) -> None:
    forms = {**rules.FORM_WORDS, "": rules.TOTAL}
    for row in rows:
        _check_country(row, "geoareaname")
        printed = row.cleaned["form_of_exploitation"]
        try:
            form = rules.word(forms, printed) if printed else ""
        except RuleBroken as refusal:
            row.refuse("form_of_exploitation", refusal)
        if row.problems:
            continue
        source = row.cleaned["source"]
        if row.cleaned["population_source"]:
            source = f"{source}; {row.cleaned['population_source']}"[:200]
        told = row.cleaned["value"]
        _state(
            row,
            {
                "layout": Layout.SDG.value,
                "indicator": Indicator.RATE.value,
                "country": row.cleaned["iso3_code"],
                "year": row.cleaned["timeperiod"],
                "breakdown": (Breakdown.FORM if form else Breakdown.TOTAL).value,
                "category": rules.FORM_WORDS[Form(form)] if form else "",
                "category_code": form,
                "sex": row.cleaned["sex"] or Sex.TOTAL.value,
                "age": row.cleaned["age"] or Age.TOTAL.value,
                "value": None if told.value is None else told.value.normalize(),
                "below": told.below,
                "source": source,
            },
        )


def sdg_kind() -> Kind:
    return Kind(
        code=Layout.SDG.value,
        label=gettext_lazy("Victims per 100,000 of the population (SDG 16.2.2)"),
        permission=Permission.STATISTICS_BUILD.value,
        columns=(
            Column("indicator", _indicator, "16.2.2", True),
            Column(
                "iso3_code",
                _code,
                gettext_lazy("three-letter code of the country that reports"),
                True,
            ),
            Column("geoareacode", cells.text(3), IGNORED),
            Column("geoareaname", cells.text(120), gettext_lazy("its name")),
            Column("timeperiod", _year, gettext_lazy("year of the figure"), True),
            Column("form_of_exploitation", cells.text(80), gettext_lazy("Total or a form")),
            Column(
                "sex", _word(rules.SEX_WORDS), gettext_lazy("Total, Female, Male, Other or Unknown")
            ),
            Column("age", _word(rules.AGE_WORDS), gettext_lazy("Total or an age group")),
            Column("victims", cells.text(20), gettext_lazy("not kept: the value is")),
            Column("population", cells.text(20), gettext_lazy("not kept: the value is")),
            Column("value", _rate, gettext_lazy("victims per 100,000"), True),
            Column("units", cells.text(60), "per 100,000 population"),
            Column("source", cells.text(120), gettext_lazy("who published it, and when"), True),
            Column("population_source", cells.text(80), gettext_lazy("who counted the population")),
        ),
        prepare=_prepare_sdg,
        existing=_existing,
        write=_write,
        order=201,
    )


def _prepare_population(rows: Sequence[Row]) -> None:
    for row in rows:
        _check_country(row, "country")
        told = row.cleaned["persons"]
        if told.value is None or told.value <= 0:
            row.refuse(
                "persons",
                RuleBroken(
                    "indicators.value",
                    _("A population is a number above zero."),
                    _("Leave out rows without one."),
                ),
            )
        if row.problems:
            continue
        _state(
            row,
            {
                "layout": Layout.POPULATION.value,
                "indicator": Indicator.POPULATION.value,
                "country": row.cleaned["iso3_code"],
                "year": row.cleaned["year"],
                "breakdown": Breakdown.TOTAL.value,
                "category": "",
                "category_code": "",
                "sex": row.cleaned["sex"] or Sex.TOTAL.value,
                "age": row.cleaned["age"] or Age.TOTAL.value,
                "value": told.value.normalize(),
                "below": None,
                "source": row.cleaned["source"],
            },
        )


def population_kind() -> Kind:
    return Kind(
        code=Layout.POPULATION.value,
        label=gettext_lazy("Population, for figures per 100,000"),
        permission=Permission.STATISTICS_BUILD.value,
        columns=(
            Column("iso3_code", _code, gettext_lazy("three-letter code of the country"), True),
            Column("country", cells.text(120), gettext_lazy("its name")),
            Column("year", _year, gettext_lazy("year of the figure"), True),
            Column("sex", _word(rules.SEX_WORDS), gettext_lazy("Total, Female or Male")),
            Column("age", _word(rules.AGE_WORDS), gettext_lazy("Total or an age group")),
            Column("persons", rules.count, gettext_lazy("number of persons"), True),
            Column(
                "source",
                cells.text(200),
                gettext_lazy("who counted or estimated it, and when"),
                True,
            ),
        ),
        prepare=_prepare_population,
        existing=_existing,
        write=_write,
        order=199,
    )


def register_kinds() -> None:
    for kind in (population_kind(), glotip_kind(), sdg_kind()):
        register(kind)
