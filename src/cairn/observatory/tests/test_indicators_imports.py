"""National figures that are brought: tolerant of print, exact about what is wrong."""

import csv
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest

from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.imports.actions import Report, import_file
from cairn.observatory.actions import indicators as actions
from cairn.observatory.imports.indicators_ctdc import Reading, read_lines
from cairn.observatory.models import NationalFigure, PlaceAnswer
from cairn.observatory.queries import indicators as queries
from cairn.observatory.rules import indicators as rules
from cairn.observatory.rules import indicators_ctdc as ctdc
from cairn.observatory.tests.indicators_scene import STAFF

SHARED = Path(__file__).resolve().parents[5] / "shared/data/glotip"
GLOTIP = SHARED / "glotip_subset_10_countries.csv"
ROW = {
    "Iso3_code": "NPL",
    "Country": "Nepal",
    "Region": "Asia",
    "Subregion": "Southern Asia",
    "Indicator": "Detected trafficking victims",
    "Dimension": "Total",
    "Category": "Total",
    "Sex": "Total",
    "Age": "Total",
    "Year": "2020",
    "Unit of measurement": "Counts",
    "txtVALUE": "1,282",
    "Source": "Invented edition",
}
pytestmark = pytest.mark.django_db


def brought(*changes: dict[str, str], kind: str = "glotip", dry_run: bool = False) -> Report:
    rows = [ROW | each for each in changes] if kind == "glotip" else list(changes)
    text = StringIO()
    writer = csv.DictWriter(text, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    stream = BytesIO(text.getvalue().encode())
    return import_file(STAFF, kind, "figures.csv", stream, dry_run=dry_run)


def problems(report: Report) -> list[tuple[int, str, str]]:
    return [(each["row"], each["column"], each["code"]) for each in report.problems]


def test_the_same_file_twice_changes_nothing() -> None:
    assert brought({}).counts["created"] == 1
    again = brought({"Region": "", "txtVALUE": "1282", "Country": "nepal"})
    assert (again.counts["unchanged"], again.counts["created"]) == (1, 0)
    assert NationalFigure.objects.get().value == 1_282


def test_a_preview_keeps_nothing() -> None:
    assert brought({}, dry_run=True).counts["created"] == 1
    assert not NationalFigure.objects.exists()


def test_two_figures_for_the_same_thing_are_both_kept_and_shown() -> None:
    brought({})
    brought({"txtVALUE": "1,300", "Source": "Later edition"})
    (line,) = queries.figures(STAFF, "NPL")
    assert line.is_conflict
    assert {each.source for each in line.said} == {"Invented edition", "Later edition"}
    assert queries.countries(STAFF)[0].conflicts == 1


def test_the_same_figure_of_two_sources_is_no_conflict() -> None:
    brought({}, {"Source": "Later edition"})
    (line,) = queries.figures(STAFF, "NPL")
    assert not line.is_conflict
    assert queries.countries(STAFF)[0].conflicts == 0


def test_fewer_than_five_is_kept_as_that() -> None:
    brought({"txtVALUE": "<5"})
    found = NationalFigure.objects.get()
    assert (found.value, found.below) == (None, 5)


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"Iso3_code": "NP"}, "iso3_code", "indicators.country"),
        ({"Iso3_code": "YUG"}, "iso3_code", "indicators.country"),
        ({"Country": "Jordan"}, "country", "indicators.country"),
        ({"Indicator": "Persons seen"}, "indicator", "indicators.word"),
        ({"Sex": "Both"}, "sex", "indicators.word"),
        ({"Year": "20201"}, "year", "indicators.year"),
        ({"Year": "1066"}, "year", "indicators.year"),
        ({"txtVALUE": "12,82"}, "txtvalue", "indicators.value"),
        ({"txtVALUE": "12.5"}, "txtvalue", "indicators.value"),
        ({"txtVALUE": "-4"}, "txtvalue", "indicators.value"),
        ({"Unit of measurement": "Rate"}, "unit_of_measurement", "indicators.unit"),
        (
            {"Dimension": "by form of exploitation", "Category": "Begging"},
            "category",
            "indicators.word",
        ),
    ],
)
def test_a_row_that_is_wrong_is_refused_with_its_field(
    change: dict[str, str], column: str, code: str
) -> None:
    report = brought({}, change)
    assert problems(report) == [(3, column, code)]
    assert report.problems[0]["remedy"]
    assert not NationalFigure.objects.exists()


@pytest.mark.parametrize(
    ("name", "code"), [("Türkiye", "TUR"), ("Turkey", "TUR"), ("Ivory Coast", "CIV")]
)
def test_names_of_today_and_of_before_are_one_country(name: str, code: str) -> None:
    brought({"Dimension": "by citizenship", "Category": name})
    found = NationalFigure.objects.get()
    assert (found.category, found.category_code) == (name, code)


@pytest.mark.parametrize("name", ["EGYBT", "Yugoslavia", "Korea", "Eritrean-"])
def test_a_name_that_is_not_clear_is_asked_and_not_guessed(name: str) -> None:
    brought({"Dimension": "by citizenship", "Category": name})
    assert NationalFigure.objects.get().category_code == ""
    assert [each.printed for each in queries.open_names(STAFF)] == [name]


def test_an_answer_holds_for_figures_before_and_after_it() -> None:
    brought({"Dimension": "by citizenship", "Category": "EGYBT"})
    actions.answer_name(STAFF, "EGYBT", "EGY")
    assert NationalFigure.objects.get().category_code == "EGY"
    brought({"Dimension": "by citizenship", "Category": "EGYBT", "Year": "2021"})
    assert set(NationalFigure.objects.values_list("category_code", flat=True)) == {"EGY"}
    assert queries.open_names(STAFF) == []
    assert AuditEntry.objects.filter(code="statistics.name_answered").exists()


def test_a_name_can_be_settled_as_no_country() -> None:
    brought({"Dimension": "by citizenship", "Category": "several"})
    actions.answer_name(STAFF, "several", "")
    assert queries.open_names(STAFF) == []
    assert PlaceAnswer.objects.get().country == ""


@pytest.mark.parametrize(
    ("printed", "country", "code"),
    [("nobody printed this", "EGY", "indicators.name"), ("EGYBT", "XXX", "indicators.country")],
)
def test_an_answer_has_to_be_about_something(printed: str, country: str, code: str) -> None:
    brought({"Dimension": "by citizenship", "Category": "EGYBT"})
    with pytest.raises(RuleBroken) as refusal:
        actions.answer_name(STAFF, printed, country)
    assert refusal.value.code == code


def test_rates_and_populations_come_in_with_their_sources() -> None:
    people = {"Iso3_code": "MLI", "Country": "Mali", "Year": "2020", "Persons": "20,000,000"}
    brought(people | {"Source": "Invented census"}, kind="population")
    rate = {
        "Indicator": "16.2.2",
        "Iso3_code": "MLI",
        "TimePeriod": "2020",
        "Value": "0.1250",
        "Source": "Invented report",
        "Population source": "Invented census",
    }
    assert brought(rate, kind="sdg-16-2-2").counts["created"] == 1
    assert brought(rate, kind="sdg-16-2-2").counts["unchanged"] == 1
    found = NationalFigure.objects.get(indicator="rate")
    assert (str(found.value), found.source) == ("0.1250", "Invented report; Invented census")


def test_a_population_below_one_is_refused() -> None:
    people = {"Iso3_code": "MLI", "Year": "2020", "Persons": "<5", "Source": "Invented"}
    report = brought(people, kind="population")
    assert problems(report) == [(2, "persons", "indicators.value")]


# --- The real extract -----------------------------------------------------------------------


def shared() -> bytes:
    if not GLOTIP.exists():
        pytest.skip(f"{GLOTIP.name} is not at hand")
    return GLOTIP.read_bytes()


def test_the_extract_of_unodc_comes_in_whole_and_only_once() -> None:
    content = shared()
    first = import_file(STAFF, "glotip", GLOTIP.name, BytesIO(content))
    assert first.problems == []
    assert (first.applied, first.counts["created"]) == (True, 1_150)
    again = import_file(STAFF, "glotip", GLOTIP.name, BytesIO(content))
    assert (again.counts["created"], again.counts["unchanged"]) == (0, 1_150)
    kept = NationalFigure.objects.all()
    assert kept.filter(value=None, below=5).count() == 465
    assert sum(line.conflicts for line in queries.countries(STAFF)) == 4
    jordan = dict(queries.by_year(STAFF, "JOR", "contact"))
    assert jordan


def test_misspelt_names_of_the_extract_are_all_asked() -> None:
    import_file(STAFF, "glotip", GLOTIP.name, BytesIO(shared()))
    asked = {each.printed: each.nearest for each in queries.open_names(STAFF)}
    assert {"EGYBT", "Kazalhstan", "Unknown", "Abroad"} <= asked.keys()
    assert ("EGY", "Egypt") in asked["EGYBT"]
    known = NationalFigure.objects.filter(breakdown="citizenship").exclude(category_code="")
    assert known.filter(category__iexact="syria", category_code="SYR").exists()


# --- Lines of CTDC --------------------------------------------------------------------------


def lines(*groups: tuple[dict[str, str], int], header: str = "") -> Reading:
    columns = [header, *ctdc.COLUMNS] if header else list(ctdc.COLUMNS)
    text = StringIO()
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    for values, times in groups:
        base = {"yearOfRegistration": "2020", "gender": "Female", "CountryOfExploitation": "ML"}
        writer.writerows([base | values] * times)
    return read_lines(BytesIO(text.getvalue().encode()), "lines.csv", this_year=2026)


def test_lines_are_counted_and_not_kept() -> None:
    found = lines(({"isForcedLabour": "1"}, 12), ({"gender": "Male"}, 11))
    assert found.may_be_kept
    assert found.counts[(2020, "MLI", "", "total", "total")] == 23
    assert found.counts[(2020, "MLI", "labour", "female", "total")] == 12
    new, known = actions.keep_counts(STAFF, _counts(found), "Invented edition")
    assert (new, known) == (len(found.counts), 0)
    assert actions.keep_counts(STAFF, _counts(found), "Invented edition") == (0, new)
    assert dict(queries.by_year(STAFF, "MLI"))[2020][0].value == 23


def _counts(found: Reading) -> Any:
    return [(*key, persons) for key, persons in found.counts.items()]


def test_lines_of_fewer_than_eleven_are_refused() -> None:
    found = lines(({}, 20), ({"citizenship": "NE"}, 10))
    assert found.refusal is not None
    assert found.refusal.code == "indicators.alike"
    assert not found.may_be_kept


FEMALE_LABOUR, MALE_LABOUR = {"isForcedLabour": "1"}, {"isForcedLabour": "1", "gender": "Male"}


def test_a_form_of_fewer_than_eleven_is_not_told() -> None:
    found = lines(({}, 20), (FEMALE_LABOUR, 3))
    assert found.may_be_kept
    assert {form for _year, _country, form, _sex, _age in found.counts} == {""}
    assert found.few == {(2020, "MLI")}


def test_who_is_left_when_a_form_is_subtracted_is_not_told_either() -> None:
    found = lines(({}, 3), (FEMALE_LABOUR, 20))
    assert {form for _year, _country, form, _sex, _age in found.counts} == {""}


def test_a_form_of_few_women_is_told_of_all_sexes_only() -> None:
    found = lines(({}, 20), (FEMALE_LABOUR, 3), (MALE_LABOUR, 20))
    told = {key[2:]: persons for key, persons in found.counts.items() if key[2]}
    assert told == {("labour", "total", "total"): 23}
    assert min(found.counts.values()) >= ctdc.LEAST_ALIKE


def test_a_count_under_eleven_is_never_kept() -> None:
    with pytest.raises(RuleBroken) as refusal:
        actions.keep_counts(STAFF, [(2020, "MLI", "labour", "total", "total", 10)], "Invented")
    assert refusal.value.code == "indicators.alike"
    assert not NationalFigure.objects.exists()


def test_a_wrong_line_is_named_with_its_field_and_a_remedy() -> None:
    found = lines(({}, 11), ({"gender": "F"}, 1), ({"CountryOfExploitation": "00"}, 1))
    assert [(each.row, each.field) for each in found.faults] == [
        (13, "gender"),
        (14, "CountryOfExploitation"),
    ]
    assert all(each.remedy for each in found.faults)


def test_old_marks_of_missing_cells_and_foreign_columns_are_understood() -> None:
    found = lines(({"majorityStatus": "-99", "isForcedLabour": "-99"}, 11), header="Terms of use")
    assert found.may_be_kept
    assert found.unlisted == ("terms_of_use",)
    assert found.counts[(2020, "MLI", "", "total", "unknown")] == 11


def test_a_file_without_a_needed_column_is_refused() -> None:
    with pytest.raises(RuleBroken) as refusal:
        read_lines(BytesIO(b"gender,yearOfRegistration\nMale,2020\n"), "a.csv", this_year=2026)
    assert refusal.value.code == "indicators.columns"
    assert "CountryOfExploitation" in str(refusal.value)


def test_figures_are_read_as_they_are_printed() -> None:
    assert rules.told("<5") == rules.Told(None, 5)
    assert rules.told(" 1,282 ").value == 1282
    for text in ("1,28", "5>", "", "five", "1.282,5"):
        with pytest.raises(RuleBroken):
            rules.told(text)
