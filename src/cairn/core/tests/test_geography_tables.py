"""The fact tables: placement in M49, names, groups on dates."""

from datetime import date

import pytest

from cairn.core.geography import (
    continents_of,
    countries,
    countries_in,
    country,
    country_name,
    group,
    group_name,
    groups,
    groups_of,
    members,
    place_name,
    region,
    region_name,
    regions,
    regions_of,
)
from cairn.core.geography.index import cldr_names, curated_names, index, iso_names, keys_of

LEVEL_TOTALS = {"002": 60, "009": 29, "019": 57, "142": 51, "150": 51}


def test_there_are_249_countries_and_areas_each_with_its_three_codes() -> None:
    found = countries()
    assert len(found) == 249
    for code in ("alpha3", "alpha2", "numeric"):
        assert len({getattr(place, code) for place in found}) == 249


def test_only_antarctica_has_no_region() -> None:
    assert [place.alpha3 for place in countries() if not place.region] == ["ATA"]
    assert [place.alpha3 for place in countries() if place.region and not place.sub_region] == []


def test_every_country_lies_inside_the_parents_of_its_region() -> None:
    for place in countries():
        for wide, narrow in zip(place.region_codes, place.region_codes[1:], strict=False):
            assert region(narrow).parent == wide


def test_the_five_continents_hold_everything_but_antarctica() -> None:
    assert {code: len(countries_in(code)) for code in LEVEL_TOTALS} == {
        code: sum(1 for place in countries() if place.region == code) for code in LEVEL_TOTALS
    }
    assert sum(len(countries_in(code)) for code in LEVEL_TOTALS) == 248
    assert len(countries_in("001")) == 249


def test_north_america_joins_three_regions_of_the_tree() -> None:
    assert {"CAN", "MEX", "CUB"} <= countries_in("003")
    assert "BRA" not in countries_in("003")


def test_flags_follow_the_united_nations_lists() -> None:
    assert (country("NPL").is_ldc, country("NPL").is_lldc, country("NPL").is_sids) == (
        True,
        True,
        False,
    )
    assert country("MUS").is_sids
    assert not country("STP").is_ldc
    assert sum(place.is_ldc for place in countries()) == 44
    assert sum(place.is_lldc for place in countries()) == 32


def test_regions_of_gives_sub_regions_once_and_sorted() -> None:
    assert regions_of(["KEN", "TZA", "EGY", "ATA"]) == ("015", "202")
    assert regions_of(["KEN", "TZA", "EGY"], intermediate=True) == ("014", "015")
    assert continents_of(["KEN", "EGY", "PER", "ATA"]) == ("002", "019")


@pytest.mark.parametrize("ask", [country, region, group, country_name, region_name, members])
def test_an_unknown_code_is_a_key_error(ask: object) -> None:
    assert callable(ask)
    with pytest.raises(KeyError):
        ask("???")


@pytest.mark.parametrize(
    ("alpha3", "language", "name"),
    [
        ("PSE", "en", "State of Palestine"),
        ("TUR", "en", "Türkiye"),
        ("TUR", "fr", "Türkiye"),
        ("VNM", "en", "Viet Nam"),
        ("LAO", "en", "Lao People's Democratic Republic"),
        ("CIV", "en", "Côte d'Ivoire"),
        ("COD", "en", "Democratic Republic of the Congo"),
        ("COG", "en", "Congo"),
        ("SYR", "en", "Syrian Arab Republic"),
        ("TZA", "en", "United Republic of Tanzania"),
        ("MDA", "en", "Republic of Moldova"),
        ("SWZ", "en", "Eswatini"),
        ("CPV", "en", "Cabo Verde"),
        ("BOL", "en", "Bolivia (Plurinational State of)"),
        ("VEN", "en", "Venezuela (Bolivarian Republic of)"),
        ("USA", "en", "United States of America"),
        ("RUS", "en", "Russian Federation"),
        ("IRN", "en", "Iran (Islamic Republic of)"),
        ("PRK", "en", "Democratic People's Republic of Korea"),
        ("TWN", "en", "Taiwan, Province of China"),
        ("RUS", "fr", "Fédération de Russie"),
        ("COD", "fr", "République démocratique du Congo"),
        ("PSE", "fr", "État de Palestine"),
        ("PSE", "ar", "دولة فلسطين"),
        ("SYR", "ar", "الجمهورية العربية السورية"),
        ("JOR", "ar", "الأردن"),
        ("GBR", "es", "Reino Unido de Gran Bretaña e Irlanda del Norte"),
        ("KGZ", "ru", "Кыргызстан"),
        ("KOR", "zh", "大韩民国"),
    ],
)
def test_countries_are_called_as_the_united_nations_call_them(
    alpha3: str, language: str, name: str
) -> None:
    assert country_name(alpha3, language) == name


def test_a_language_variant_reads_as_its_language_and_a_strange_one_as_english() -> None:
    assert country_name("RUS", "fr-ca") == "Fédération de Russie"
    assert country_name("DEU", "de") == "Deutschland"
    assert country_name("RUS", "qq") == "Russian Federation"
    assert country_name("RUS", "") == "Russian Federation"
    assert group_name("AU", "ru") == "African Union"


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_every_country_region_and_group_has_its_own_name(language: str) -> None:
    for names in (
        [country_name(place.alpha3, language) for place in countries()],
        [region_name(place.code, language) for place in regions()],
        [group_name(one.code, language) for one in groups()],
    ):
        assert all(names)
        assert len(set(names)) == len(names)


def test_place_name_takes_any_code() -> None:
    assert place_name("NPL") == "Nepal"
    assert place_name("419", "fr") == "Amérique latine et Caraïbes"
    assert place_name("ECOWAS") == "Economic Community of West African States"


def test_group_codes_are_not_country_codes_of_three_letters() -> None:
    assert not {one.code for one in groups()} & {place.alpha3 for place in countries()}


def test_every_group_says_where_its_list_comes_from_and_names_known_countries() -> None:
    for one in groups():
        assert len(one.source) > 20
        assert one.memberships or one.parts
        for membership in one.memberships:
            assert country(membership.alpha3)
            assert membership.precision in {"day", "month", "year"}
            if membership.since and membership.until:
                assert membership.since <= membership.until


@pytest.mark.parametrize(
    ("code", "size"),
    [
        ("AU", 55),
        ("AMU", 5),
        ("CEN-SAD", 29),
        ("COMESA", 21),
        ("EAC", 8),
        ("ECCAS", 11),
        ("ECOWAS", 12),
        ("IGAD", 7),
        ("SADC", 16),
        ("ASEAN", 11),
        ("BSEC", 13),
        ("LAS", 22),
        ("GCC", 6),
        ("EU", 27),
        ("CIS", 9),
        ("MERCOSUR", 6),
        ("ANDEAN", 4),
        ("SICA", 8),
        ("SAARC", 8),
        ("CBSS", 10),
        ("MENA", 18),
        ("CENTRAL-ASIA", 5),
        ("COMMIT", 6),
        ("SAHEL", 10),
    ],
)
def test_groups_have_as_many_members_now_as_their_secretariats_say(code: str, size: int) -> None:
    assert len(members(code, date(2025, 12, 31))) == size
    assert members(code) == members(code, date(2025, 12, 31))


@pytest.mark.parametrize(
    ("code", "alpha3", "last_out", "first_in"),
    [
        ("AU", "MAR", date(2017, 1, 30), date(2017, 1, 31)),
        ("AU", "SSD", date(2011, 7, 26), date(2011, 7, 27)),
        ("ASEAN", "TLS", date(2025, 10, 25), date(2025, 10, 26)),
        ("BSEC", "MKD", date(2020, 11, 8), date(2020, 11, 9)),
        ("EAC", "SOM", date(2024, 3, 3), date(2024, 3, 4)),
        ("EU", "HRV", date(2013, 6, 30), date(2013, 7, 1)),
        ("SAARC", "AFG", date(2007, 4, 2), date(2007, 4, 3)),
    ],
)
def test_a_state_is_a_member_from_the_day_it_joins(
    code: str, alpha3: str, last_out: date, first_in: date
) -> None:
    assert alpha3 not in members(code, last_out)
    assert alpha3 in members(code, first_in)


@pytest.mark.parametrize(
    ("code", "alpha3", "last_in", "first_out"),
    [
        ("ECOWAS", "MLI", date(2025, 1, 28), date(2025, 1, 29)),
        ("ECOWAS", "BFA", date(2025, 1, 28), date(2025, 1, 29)),
        ("ECOWAS", "NER", date(2025, 1, 28), date(2025, 1, 29)),
        ("ECOWAS", "MRT", date(2000, 6, 1), date(2001, 1, 1)),
        ("EU", "GBR", date(2020, 1, 31), date(2020, 2, 1)),
        ("CIS", "GEO", date(2009, 8, 17), date(2009, 8, 18)),
        ("CBSS", "RUS", date(2022, 5, 17), date(2022, 5, 18)),
        ("IGAD", "ERI", date(2025, 12, 11), date(2025, 12, 12)),
    ],
)
def test_the_last_day_of_a_membership_still_counts(
    code: str, alpha3: str, last_in: date, first_out: date
) -> None:
    assert alpha3 in members(code, last_in)
    assert alpha3 not in members(code, first_out)


def test_a_state_can_leave_and_come_back() -> None:
    assert "SYC" in members("SADC", date(2003, 1, 1))
    assert "SYC" not in members("SADC", date(2006, 1, 1))
    assert "SYC" in members("SADC", date(2010, 1, 1))


def test_before_its_founding_a_group_has_no_members() -> None:
    assert members("ASEAN", date(1967, 8, 7)) == frozenset()
    assert len(members("ASEAN", date(1967, 8, 8))) == 5
    assert len(members("MENA", date(1900, 1, 1))) == 18


def test_a_group_that_everyone_left_still_stands_for_its_countries_without_a_date() -> None:
    assert members("G5-SAHEL", date(2024, 1, 1)) == frozenset()
    assert members("G5-SAHEL", date(2020, 1, 1)) == members("G5-SAHEL")
    assert members("G5-SAHEL") == {"BFA", "MLI", "MRT", "NER", "TCD"}


def test_the_eight_regional_economic_communities_are_a_set_of_groups() -> None:
    parts = group("REC").parts
    assert parts == ("AMU", "CEN-SAD", "COMESA", "EAC", "ECCAS", "ECOWAS", "IGAD", "SADC")
    day = date(2020, 1, 1)
    assert members("REC", day) == frozenset().union(*(members(part, day) for part in parts))


def test_areas_of_programme_papers_fit_into_each_other() -> None:
    assert members("GULF") == members("GCC")
    assert members("GULF") < members("MIDDLE-EAST") < members("MENA") < members("LAS")
    assert members("CENTRAL-ASIA") == countries_in("143")
    assert members("MIDDLE-EAST") - countries_in("145") == {"EGY"}


def test_groups_of_a_country_change_with_the_day() -> None:
    assert "ECOWAS" in groups_of("MLI", date(2024, 12, 31))
    assert "ECOWAS" not in groups_of("MLI", date(2025, 6, 1))
    assert {"LAS", "MENA", "MIDDLE-EAST"} <= set(groups_of("JOR"))


@pytest.mark.parametrize("source", [curated_names, cldr_names, iso_names])
def test_no_printed_name_is_given_to_two_countries(source: object) -> None:
    assert callable(source)
    owners: dict[str, set[str]] = {}
    for printed in source():
        for key in keys_of(printed.name):
            owners.setdefault(key, set()).add(printed.alpha3)
    assert {key: found for key, found in owners.items() if len(found) > 1} == {}


def test_a_refused_name_is_never_a_country_as_well() -> None:
    assert not index().special.keys() & index().countries.keys()


def test_the_two_names_that_a_country_and_a_region_share_are_known() -> None:
    shared = {
        index().countries[key]: codes
        for key, codes in index().areas.items()
        if key in index().countries
    }
    assert shared == {"FSM": ("057",), "ZAF": ("018",)}
