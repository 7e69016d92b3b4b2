"""Geography against the shared facts and the printed seed portfolio, where they are at hand."""

import csv
import re
from pathlib import Path

import pytest

from cairn.core.geography import Kind, countries, resolve, resolve_list
from cairn.core.geography.areas import country as printed_country

ROOT = Path(__file__).resolve().parents[4]
SHARED = ROOT / ".." / "shared" / "data"
CODES = SHARED / "geo" / "country-codes.csv"
SEED = ROOT / "src" / "cairn" / "portfolio" / "seed"
PORTFOLIO = SEED, SHARED / "portfolio"
PROGRAMME = SEED, SHARED / "programme"

# Towns, camps and missions that the programme's files print as places: they are inside a country
# that another column names, so the resolver has to leave them alone.
INSIDE_A_COUNTRY = {
    "Cox's Bazar",
    "Gao",
    "Jericho and Ramallah",
    "MINUSMA",
    "Vienna",
    "Dzaleka Refugee Camp",
}
# The dataset still has Sao Tome and Principe among the least developed countries; it left the list
# on 2024-12-13 (General Assembly resolution 73/133).
FLAG_DIFFERENCES = {("STP", "is_ldc")}


def rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        pytest.skip(f"{path.name} is not at hand")
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def first(folders: tuple[Path, Path], name: str) -> list[dict[str, str]]:
    return rows(next((at / name for at in folders if (at / name).exists()), folders[0] / name))


def code(cell: str) -> str:
    return cell.strip().zfill(3) if cell.strip() else ""


def test_codes_and_placement_agree_row_by_row() -> None:
    reference = {row["ISO3166-1-Alpha-3"]: row for row in rows(CODES)}
    assert reference.keys() == {place.alpha3 for place in countries()}
    for place in countries():
        row = reference[place.alpha3]
        assert (place.alpha2, place.numeric) == (
            row["ISO3166-1-Alpha-2"],
            code(row["ISO3166-1-numeric"]),
        )
        assert place.numeric == code(row["M49"])
        assert (place.region, place.sub_region, place.intermediate_region) == (
            code(row["Region Code"]),
            code(row["Sub-region Code"]),
            code(row["Intermediate Region Code"]),
        )


def test_flags_agree_but_for_the_differences_that_are_explained() -> None:
    columns = {
        "is_ldc": "Least Developed Countries (LDC)",
        "is_lldc": "Land Locked Developing Countries (LLDC)",
        "is_sids": "Small Island Developing States (SIDS)",
    }
    reference = {row["ISO3166-1-Alpha-3"]: row for row in rows(CODES)}
    differences = {
        (place.alpha3, flag)
        for place in countries()
        for flag, column in columns.items()
        if getattr(place, flag) != bool(reference[place.alpha3][column].strip())
    }
    assert differences == FLAG_DIFFERENCES


def test_every_official_name_in_six_languages_resolves_to_its_row() -> None:
    found = rows(CODES)
    columns = [
        column
        for column in found[0]
        if column.startswith(("official_name_", "UNTERM ")) or column == "CLDR display name"
    ]
    assert len(columns) == 19
    wrong = [
        (row["ISO3166-1-Alpha-3"], column, row[column])
        for row in found
        for column in columns
        if row[column].strip() and resolve(row[column]).codes != (row["ISO3166-1-Alpha-3"],)
    ]
    assert wrong == []


def test_official_names_resolve_in_capitals_too() -> None:
    wrong = [
        row["official_name_en"]
        for row in rows(CODES)
        if resolve(row["official_name_en"].upper()).codes != (row["ISO3166-1-Alpha-3"],)
        and len(row["official_name_en"]) > 3
    ]
    assert wrong == []


def test_dropping_a_letter_never_resolves_to_another_country() -> None:
    names = [(row["ISO3166-1-Alpha-3"], row["official_name_en"]) for row in rows(CODES)]
    wrong = []
    for alpha3, name in names:
        for at in range(len(name)):
            found = printed_country(name[:at] + name[at + 1 :])
            if found not in {None, alpha3}:
                wrong.append((name, at, found))
    assert wrong == []


@pytest.mark.parametrize("column", ["countries", "region_as_printed"])
def test_every_printed_place_of_the_portfolio_resolves(column: str) -> None:
    unread = [
        one.text
        for row in first(PORTFOLIO, "projects.csv")
        for one in resolve_list(row[column])
        if not one.is_known
    ]
    assert unread == []


def test_printed_countries_of_the_portfolio_are_what_they_say() -> None:
    read = {
        one.text: (one.kind, one.codes)
        for row in first(PORTFOLIO, "projects.csv")
        for one in resolve_list(row["countries"])
    }
    assert read["Democratic Republic of Congo"] == ("country", ("COD",))
    assert read["Swaziland"] == ("country", ("SWZ",))
    assert read["Eastern Europe (subregion)"] == ("region", ("151",))
    plain = {text for text in read if re.fullmatch(r"[A-Z][a-z]+", text)} - {"Global", "Regional"}
    assert {read[text][0] for text in plain} == {"country"}


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("events.csv", ("place_country", "place", "participants_from")),
        ("follow_up_requests.csv", ("country",)),
        ("outcomes.csv", ("country", "place")),
    ],
)
def test_every_place_of_the_programme_resolves_or_is_a_known_town_or_mission(
    name: str, columns: tuple[str, ...]
) -> None:
    for row in first(PROGRAMME, name):
        for column in columns:
            for one in resolve_list(row[column]):
                if one.text in INSIDE_A_COUNTRY:
                    assert one.kind == Kind.UNKNOWN
                else:
                    assert one.kind == Kind.COUNTRY, one
