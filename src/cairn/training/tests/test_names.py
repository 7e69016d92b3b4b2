"""Names: two spellings of one name meet, two names do not, and a reviewer reads why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.core.errors import RuleBroken
from cairn.training.rules import names, sameness
from cairn.training.rules.name_forms import OPENS_A_NAME
from cairn.training.rules.names import KeyKind, compare, keys, words
from cairn.training.rules.sameness import Facts, Field, judged, judged_by_name

# All invented; each pair is one person in two registers, with the weakest key that they share.
SAME = [
    ("Fatoumata Diallo", "DIALLO Fatoumata", KeyKind.WORDS),
    ("Mohamed Ould Ahmed", "Ahmed Mohammed", KeyKind.SOUND),
    ("Abdul Rahman Khan", "Khan Abdurrahman", KeyKind.SOUND),
    ("Abd al-Karim Nasser", "Abdelkrim Nasr", KeyKind.SOUND),
    ("Abd ar-Rahman Saleh", "Saleh, Abderrahmane", KeyKind.SOUND),
    ("محمد عبد الرحمن", "Mohammed Abderrahmane", KeyKind.SOUND),
    ("محمد عبدالرحمن", "محمّد عبد الرَّحمن", KeyKind.SOUND),
    ("يوسف الخطيب", "Youssef El Khatib", KeyKind.SOUND),
    ("أحمد بن سعيد", "Said Ahmad", KeyKind.SOUND),
    ("Ousmane Traoré", "عثمان تراوري", KeyKind.SOUND),
    ("Othman Bello", "Bello Ousmane", KeyKind.SOUND),
    ("قذافي سعيد", "Said Gaddafi", KeyKind.SOUND),
    ("قذافي سعيد", "Saeed Kadhafi", KeyKind.SOUND),
    ("Bishnu Bahadur Thapa", "Thapa Vishnu Bdr.", KeyKind.SOUND),
    ("Laxmi Shrestha", "Lakshmi Srestha", KeyKind.SOUND),
    ("Md. Rafiq Islam", "Mohammad Rafique Islam", KeyKind.SOUND),
    ("N'Diaye Aminata", "Aminata Ndiaye", KeyKind.WORDS),
    ("Jean-Pierre Kaboré", "Kabore Jean Pierre", KeyKind.WORDS),
    ("Salif Ouédraogo", "Wedraogo Salif", KeyKind.SOUND),
    ("Amadou Diallo", "Ahmed Jallow", KeyKind.SOUND),
    ("Mahamat Idriss", "Mohamed Idris", KeyKind.SOUND),
    ("Abdoulaye Cissé", "عبد الله سيسي", KeyKind.SOUND),
    ("Aboubacar Sylla", "Abu Bakr Silla", KeyKind.SOUND),
    ("Hélène van der Meer", "MEER Helene", KeyKind.WORDS),
    ("Maria de la Cruz", "Cruz Maria", KeyKind.WORDS),
    ("Marie Claire Uwimana", "Uwimana Marie", KeyKind.PAIR),
    ("Chérif Haïdara", "Haidara Sharif", KeyKind.SOUND),
    ("Benali Karim", "Karim Ben Ali", KeyKind.SOUND),
]


@pytest.mark.parametrize(("left", "right", "kind"), SAME)
def test_two_spellings_of_one_name_share_a_key_and_agree(
    left: str, right: str, kind: KeyKind
) -> None:
    shared = {key.kind for key in keys(left) & keys(right)}

    assert kind in shared
    assert compare([left], [right]).agrees


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Hassan Ali", "Hussein Ali"),
        ("Moussa Keita", "Moussa Koné"),
        ("Ivan Petrov", "Marie Keita"),
        ("Ram Bahadur Thapa", "Sita Kumari Rai"),
        ("Awa Traoré", "Adama Touré"),
        ("محمد سعيد", "خالد سعيد"),
    ],
)
def test_two_different_names_do_not_agree(left: str, right: str) -> None:
    assert not compare([left], [right]).agrees


@pytest.mark.parametrize(
    ("left", "right", "sentence"),
    [
        ("Awa Keita", "Awa Keïta", "Same name."),
        ("Awa Keita", "KEITA Awa", "Same name in another order."),
        ("Mariam Coulibaly", "Mariame Koulibali", "Same name, spelled differently."),
        (
            "Mariam Coulibaly",
            "Koulibali Mariame",
            "Same name in another order, spelled differently.",
        ),
        ("يوسف الخطيب", "Youssef El Khatib", "Same sound, written in another script."),
        (
            "Marie Claire Uwimana",
            "Uwimana Marie",
            "One name has more words; those of the other are all in it.",
        ),
        ("Moussa", "Moussa Keita", "Only one word of the names is alike."),
        ("Moussa Keita", "Moussa Koné", "The names are alike in part."),
        ("Ivan Petrov", "Marie Keita", "Different names."),
        ("", "Marie Keita", "Without a name there is nothing to compare."),
    ],
)
def test_a_reviewer_reads_how_two_names_are_alike(left: str, right: str, sentence: str) -> None:
    assert compare([left], [right]).words == sentence


def test_the_best_of_several_names_of_a_person_counts() -> None:
    found = compare(["يوسف الخطيب", "Youssef El Khatib"], ["Khatib Youssef"])

    assert found.score == 100


def test_particles_articles_and_accents_make_no_difference() -> None:
    assert words("Él-Hádj Oumar de la Tour") == ("hadj", "oumar", "tour")
    assert words("Jean — Pierre") == ("jean", "pierre")
    assert words("عَبْدُ الرَّحْمَنِ") == ("عبدرحمن",)


def test_a_name_of_particles_only_keeps_them() -> None:
    assert words("Van Den") == ("van", "den")


@pytest.mark.parametrize("name", ["", "  ", "123", "—"])
def test_what_is_no_name_has_no_key(name: str) -> None:
    assert keys(name) == frozenset()


def test_a_single_word_is_found_only_by_the_whole() -> None:
    assert {key.kind for key in keys("Moussa")} == {KeyKind.WORDS, KeyKind.SOUND}
    assert not keys("Moussa") & keys("Moussa Keita")
    assert not names.can_be_searched("Moussa")
    assert names.can_be_searched("Moussa Keita")


def test_a_very_long_name_makes_a_bounded_number_of_keys() -> None:
    found = keys(" ".join(["Othman", "Dhakal", "Vishnu", "Gaddafi", "Thiam", "Dieng", "Thapa"] * 3))

    assert 0 < len(found) <= names.MOST_KEYS


def test_names_in_other_scripts_are_compared_as_they_stand() -> None:
    assert compare(["विष्णु थापा"], ["थापा विष्णु"]).score == 100


LETTERS = st.text(alphabet="abdehiklmnorstuy", min_size=2, max_size=8)


@given(
    st.lists(LETTERS, min_size=1, max_size=5).flatmap(
        lambda all: st.permutations(all).map(lambda order: (all, order))
    )
)
def test_the_order_of_words_makes_no_difference_to_a_key_of_words(
    both: tuple[list[str], list[str]],
) -> None:
    first, second = (
        {key for key in keys(" · ".join(each)) if key.kind == KeyKind.WORDS} for each in both
    )

    if not any(word in OPENS_A_NAME for word in both[0]):
        assert first == second


@given(LETTERS, LETTERS)
def test_likeness_is_the_same_both_ways_and_bounded(left: str, right: str) -> None:
    there = names.likeness_of_words(left, right)

    assert there == pytest.approx(names.likeness_of_words(right, left))
    assert 0 <= there <= 100


# -- sameness of two records ----------------------------------------------------------------------

HERE = Facts(
    agencies=frozenset({"agency-a"}),
    birth_band="1980-1984",
    identifiers=frozenset({"hash-1"}),
    sex="female",
)


def test_name_and_agency_are_two_fields_and_may_merge() -> None:
    other = Facts(agencies=frozenset({"agency-a", "agency-b"}))
    found = judged(HERE, other, shared={KeyKind.SOUND, KeyKind.PAIR})

    assert found.agree == (Field.NAME, Field.AGENCY)
    assert found.may_merge
    assert found.sentence == "The names share: same sound of all words. Same: agency."


def test_one_field_alone_never_merges() -> None:
    found = judged(HERE, Facts(), shared={KeyKind.WORDS})

    assert found.agree == (Field.NAME,)
    assert not found.may_merge
    with pytest.raises(RuleBroken) as refusal:
        sameness.check_merge(found.agree)
    assert refusal.value.code == "merge.fields"


def test_agency_and_years_of_birth_without_a_name_never_merge() -> None:
    found = judged(HERE, Facts(agencies=HERE.agencies, birth_band="1980-1984"), shared=())

    assert found.agree == (Field.BIRTH_YEARS, Field.AGENCY)
    assert not found.may_merge
    with pytest.raises(RuleBroken, match="not one person"):
        sameness.check_merge(found.agree)


def test_what_differs_lowers_the_score_and_is_said() -> None:
    other = Facts(
        agencies=HERE.agencies,
        birth_band="1995-1999",
        identifiers=frozenset({"hash-2"}),
        sex="male",
    )
    found = judged(HERE, other, shared={KeyKind.WORDS})
    alike = judged(HERE, HERE, shared={KeyKind.WORDS})

    assert found.score < judged(HERE, Facts(agencies=HERE.agencies), shared={KeyKind.WORDS}).score
    assert alike.score == 100
    assert found.sentence.endswith("Different: service number, years of birth, sex.")


def test_sex_not_stated_speaks_neither_for_nor_against() -> None:
    found = judged(HERE, Facts(sex="not-stated"), shared={KeyKind.WORDS})

    assert not found.other_sex


def test_opened_names_decide_over_shared_keys() -> None:
    alike = compare(["Hassan Ali"], ["Hussein Ali"])
    found = judged_by_name(HERE, Facts(agencies=HERE.agencies), alike)

    assert Field.NAME not in found.agree
    assert not found.may_merge
    assert "alike in part" in found.sentence


def test_service_number_and_agency_merge_even_when_names_differ() -> None:
    other = Facts(agencies=HERE.agencies, identifiers=HERE.identifiers)
    found = judged_by_name(HERE, other, compare(["Awa Keita"], ["Marie Koné"]))

    assert found.may_merge
    assert "Different names." in found.sentence
