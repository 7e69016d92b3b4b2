"""Texts that lead to a door are told from those that do not, in the scripts of the field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.core.errors import RuleBroken
from cairn.referral.rules import addresses as rules

GIVES_AWAY = [
    ("12 Invented Street", "street"),
    ("Invented Rd. 4, ask for Ana", "street"),
    ("House No 7, green gate", "street"),
    ("Plot 14B Invented Estate", "street"),
    ("12, rue de la Grande Paix", "street"),
    ("Immeuble Inventé, 3e étage", "street"),
    ("Calle Inventada 45", "street"),
    ("Rua Inventada, 9", "street"),
    ("Erfundene Straße 5", "street"),
    ("Erfundenestrasse 5", "street"),
    ("Rruga e Shpikur 3", "street"),
    ("شارع النيل ١٢", "street"),
    ("الطابق 3 بناية الأمل", "street"),
    ("вул. Вигадана, 5", "street"),
    ("ул. Выдуманная, дом 7", "street"),
    ("घर 12, टोल", "street"),
    ("27.7172, 85.3240", "coordinates"),
    ("N 27.71721 E 85.32401: 27.71721 85.32401", "coordinates"),
    ("27° 43' north", "coordinates"),
    ("https://maps.google.com/?q=invented", "map"),
    ("https://goo.gl/maps/invented", "map"),
    ("osm.org/way/1", "map"),
    ("7MV7P8R7+XM", "map"),
    ("///table.chair.lamp", "map"),
    ("Behind the green mosque", "landmark"),
    ("En face de la gare", "landmark"),
    ("خلف المسجد", "landmark"),
    ("навпроти школи", "landmark"),
]
HARMLESS = [
    "",
    "Invented Town",
    "District 9",
    "+256 000 000 000",
    "Call 116 at any hour",
    "Open Monday to Friday, 8 to 16",
    "Children who live in the street are welcome",
    "For women and girls over 18",
    "Counselling, 45 minutes",
    "سكان المخيم",
    "Для жінок та дівчат",
    "Write to help@example.org",
    "C++ and 4+4 make no place",
]


@pytest.mark.parametrize(("text", "sign"), GIVES_AWAY)
def test_what_leads_to_a_door_is_caught(text: str, sign: str) -> None:
    assert sign in rules.signs(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_a_town_a_telephone_and_a_sentence_are_not(text: str) -> None:
    assert rules.signs(text) == []


@given(st.text(max_size=200))
def test_any_text_can_be_looked_at(text: str) -> None:
    assert set(rules.signs(text)) <= set(rules.WORDS)
    assert len(rules.shingles(text)) <= 64


def test_the_refusal_names_the_field_what_it_says_and_what_to_do() -> None:
    with pytest.raises(RuleBroken) as refused:
        rules.check_fields(
            {"name": "Invented house", "reach": "12 Invented Street"}, {"reach": "How to find it"}
        )
    assert refused.value.code == "service.address"
    assert "How to find it" in str(refused.value.message)
    assert "street" in str(refused.value.message)
    assert refused.value.remedy
    rules.check_fields({"name": "Invented house", "area": "Invented Town"}, {})


@pytest.mark.parametrize(
    ("way", "reach", "is_refused"),
    [
        ("door", "12 Invented Street", False),
        ("phone", "", False),
        ("phone", "Ask for Ana", False),
        ("phone", "12 Invented Street", True),
        ("visit", "behind the green mosque", True),
    ],
)
def test_a_way_to_a_shelter_describes_an_office_or_nothing(
    way: str, reach: str, is_refused: bool
) -> None:
    if not is_refused:
        rules.check_point(way, reach)
        return
    with pytest.raises(RuleBroken) as refused:
        rules.check_point(way, reach)
    assert refused.value.code == "service.point"


@pytest.mark.parametrize(
    ("sealed", "public", "is_same"),
    [
        ("12 Quibble Street, Invented Town", "Come to Quibble Rd. 12", True),
        ("12 Quibble Street", "Quibble, number 12", True),
        ("شارع النيل ١٢", "النيل 12", True),
        ("вул. Вигадана, 5", "Вигадана 5", True),
        ("Villa Zarquil, Vexo quarter, Invented Town", "the zarquil vexo quarter", True),
        ("12 Quibble Street", "12 people, four languages", False),
        ("12 Quibble Street", "Quibble Town has no number", False),
    ],
)
def test_the_same_address_is_known_however_it_is_written(
    sealed: str, public: str, is_same: bool
) -> None:
    assert bool(rules.shingles(sealed) & rules.shingles(public)) is is_same
