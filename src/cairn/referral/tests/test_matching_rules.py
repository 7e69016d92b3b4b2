"""Spelling, dates, papers and scores: what joins, what keeps apart, and why."""

from typing import Any

import pytest

from cairn.referral.matching import dates, documents
from cairn.referral.matching.features import Block, Feature, Identity, Kind, blocks, features
from cairn.referral.matching.features import prepared as read
from cairn.referral.matching.letters import in_latin
from cairn.referral.matching.packing import Compared, Marked, columns, keys_of, pack
from cairn.referral.matching.scoring import (
    LIKELY,
    POINTS,
    SHOWN,
    Comparison,
    compare,
    sentences,
    total,
)
from cairn.referral.matching.spelling import Forms, fold, forms, words
from cairn.referral.tests.matching_spellings import OTHER, SAME, pairs

FACTS: dict[str, Any] = {
    "given": "Tareq",
    "family": "Ghassan Haddad",
    "birth": "1994-08-23",
    "sex": "male",
    "nationality": "SYR",
}


def packed(facts: dict[str, Any]) -> bytes:
    """Features with plain hashes: here only equality counts."""
    return pack(
        Marked(each.kind, each.slot, hash((each.kind, each.text)))
        for each in features(read(Identity.of(facts)))
    )


def compared(left: dict[str, Any], **changes: Any) -> Comparison:
    return compare(Compared(packed(left)), packed({**left, **changes}))


def agree(left: Forms, right: Forms) -> int:
    """4 exact, 3 sound, 2 loose, 1 nearly, 0 not at all."""
    if left.exact == right.exact:
        return 4
    for level, name in ((3, "sounds"), (2, "loose"), (1, "near"), (1, "typed")):
        if set(getattr(left, name)) & set(getattr(right, name)):
            return level
    return 0


def level(left: str, right: str) -> int:
    """How well the words of two names agree, the weakest of them; 0 for other counts of words."""
    ours, theirs = (list(map(forms, words(each).words)) for each in (left, right))
    if len(ours) != len(theirs):
        return 0
    return min(max(agree(one, other) for other in theirs) for one in ours)


# -- spelling --------------------------------------------------------------------------------------


@pytest.mark.parametrize("culture", SAME)
def test_names_that_were_held_out_are_joined_in_every_culture(culture: str) -> None:
    held = pairs(SAME[culture])
    missed = [pair for pair in held if level(*pair) < 2]
    assert len(missed) <= 0.27 * len(held), missed


def test_most_held_out_spellings_are_joined_and_hardly_any_two_names() -> None:
    same = [pair for text in SAME.values() for pair in pairs(text)]
    other = pairs(OTHER)
    assert len(same) >= 60
    assert len(other) >= 60
    assert sum(level(*pair) >= 2 for pair in same) >= 0.90 * len(same)
    assert sum(level(*pair) >= 3 for pair in same) >= 0.80 * len(same)
    assert [pair for pair in other if level(*pair) >= 3] == []
    # By the loosest comparison a brother and a sister meet, whom the sex keeps apart.
    assert sum(level(*pair) >= 2 for pair in other) <= 0.05 * len(other)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Abd al-Rahman Haddad", "Abdurrahman al-Haddad"),
        ("Abdul Rahman Haddad", "Haddad, Abdirahman"),
        ("عبد الرحمن الحداد", "Abd el-Rahman Haddad"),
        ("Muhammad bin Ali Qasim", "Mohamed Ali Kassem"),
        ("Abu Bakr Traoré", "Boubacar Traore"),
        ("Gebremariam Tesfaye", "Tesfaye Gebre Mariam"),
        ("Habibullah Noori", "Habib Ullah Nuri"),
        ("Nur ud-Din Zengi", "Noureddine Zengi"),
        ("Олександр Шевченко", "Aleksandr Shevchenko"),
        ("Hajja Mariama Bah", "Mariam Ba"),
        ("María de la Cruz Huamán", "Maria Cruz Guaman"),
    ],
)
def test_joined_particles_titles_scripts_and_order_do_not_matter(left: str, right: str) -> None:
    assert level(left, right) >= 2


def test_a_patronymic_stands_apart_from_the_name() -> None:
    name = words("Oleksandr Petrovych Shevchenko")
    assert name.words == ("oleksandr", "shevchenko")
    assert name.patronymics == words("Shevchenko Olena Petrivna").patronymics
    assert words("Dragan Petrović").words == ("dragan", "petroviĉ")


def test_a_name_of_particles_and_titles_only_is_kept() -> None:
    assert words("Al Bin").words
    assert words("Hadja").words == ("hadja",)
    assert words("").words == ()
    assert words("١٢٣ --- ").words in {(), ("١٢٣",), ("123",)}


@pytest.mark.parametrize("text", ["Ω≈ç√", "李明", "x" * 5_000, "\u202eabc", "Ŷ’ʻ", "٣٤", "a" * 3])
def test_any_text_has_forms(text: str) -> None:
    for word in words(text).words:
        assert forms(word).exact is not None
    assert isinstance(fold(text), str)


@pytest.mark.parametrize(
    ("written", "latin"),
    [("እምነት", "mnt"), ("Ганна", "ganna"), ("রহিম", "rahim"), ("plain", "plain")],
)
def test_scripts_are_read(written: str, latin: str) -> None:
    read_out = in_latin(written.lower())
    assert [sign for sign in latin if sign in read_out] == list(latin)


# -- dates and papers ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "exact", "folded"),
    [
        ("1994-08-03", "1994-08-03", "1994:03:08"),
        ("1994-03-08", "1994-03-08", "1994:03:08"),
        ("1994-08-23", "1994-08-23", "1994:08:23"),
        ("1994-01-01", "", ""),
        ("1994-07-01", "", ""),
        ("1994-08", "", ""),
        ("1994", "", ""),
    ],
)
def test_birth_dates_fold(text: str, exact: str, folded: str) -> None:
    born = dates.birth(text)
    assert born is not None
    assert (born.year, born.exact, born.folded) == (1994, exact, folded)


@pytest.mark.parametrize("text", ["", "94", "about 1994", "0001-01-01", "1994-13-40x"])
def test_no_date_is_no_date(text: str) -> None:
    assert dates.birth(text) is None


def test_papers_and_telephones_are_compared_as_they_are_meant() -> None:
    assert documents.paper("P 12-O45.6") == documents.paper("p12 0456")
    assert documents.paper("123") == documents.paper("00000000") == ""
    assert documents.phone("+252 61 555 12 34") == documents.phone("0615551234") != ""
    assert documents.phone("٠٦١٥٥٥١٢٣٤") == documents.phone("0615551234")
    assert documents.phone("12") == documents.phone("0000000000") == ""


# -- scores ----------------------------------------------------------------------------------------


def test_the_same_person_in_another_spelling_is_likely_and_the_words_say_why() -> None:
    found = compared(FACTS, given="Tariq", family="Haddad Gassan", birth="1994")
    assert found.is_likely
    told = [str(text) for text, _often in sentences(found.reasons)]
    assert "a name is the same in another spelling" in told
    assert "same birth year only" in told


def test_another_paper_of_the_same_kind_is_said_and_counts_little() -> None:
    first = {**FACTS, "documents": [{"kind": "passport", "number": "A1234567"}]}
    found = compared(first, documents=[{"kind": "passport", "number": "B7654321"}])
    assert "paper.other" in found.reasons
    assert found.is_likely
    other_kind = compared(first, documents=[{"kind": "card", "number": "B7654321"}])
    assert not {"paper.other", "paper.same"} & set(other_kind.reasons)


@pytest.mark.parametrize("shared", [{}, {"mother": "Salma"}, {"phones": ["0615551234"]}])
@pytest.mark.parametrize("other", ["Husayn", "Walid", "Nabil", "Yusuf"])
def test_twins_are_never_shown(shared: dict[str, Any], other: str) -> None:
    found = compared({**FACTS, **shared}, given=other)
    assert found.score < SHOWN
    assert "rule.siblings" in found.reasons


def test_the_twins_hasan_and_husayn_are_two() -> None:
    twin = {**FACTS, "given": "Hasan", "family": "Ali Omar", "mother": "Salma"}
    assert not compared(twin, given="Husayn").is_shown
    assert not compared(twin, given="Hussein").is_shown
    assert compared(twin, given="Hassan").is_likely


def test_a_brother_and_a_sister_of_nearly_one_name_are_two() -> None:
    assert not compared({**FACTS, "given": "Karim"}, given="Karima", sex="female").is_shown
    assert compared({**FACTS, "given": "Karim"}, given="Kareem").is_likely


def test_a_paper_overturns_the_rules_for_twins_but_not_without_any_name() -> None:
    paper = [{"kind": "passport", "number": "A1234567"}]
    twin = compared({**FACTS, "documents": paper}, given="Walid")
    assert twin.is_shown
    stranger = compared({**FACTS, "documents": paper}, given="Kofi", family="Mensah")
    assert "rule.borrowed" in stranger.reasons or not stranger.is_shown
    assert not stranger.is_likely


def test_names_alone_are_never_likely() -> None:
    bare = {"given": "Tareq", "family": "Ghassan Haddad", "sex": "male", "nationality": "SYR"}
    found = compared(bare)
    assert not found.is_likely
    assert "rule.bare" in found.reasons


def test_the_first_of_january_says_no_more_than_its_year() -> None:
    guessed = compared({**FACTS, "birth": "1994-01-01"})
    known = compared(FACTS)
    assert "birth.year" in guessed.reasons
    assert "birth.day" in known.reasons
    assert known.score - guessed.score >= 5


def test_day_and_month_may_be_swapped() -> None:
    found = compared({**FACTS, "birth": "1994-08-03"}, birth="1994-03-08")
    assert "birth.swapped" in found.reasons


@pytest.mark.parametrize(
    ("birth", "code"),
    [
        ("1994-05-02", "birth.year-other-day"),
        ("1995-08-23", "birth.other-year"),
        ("1996", "birth.nearby"),
        ("1960-01-30", "birth.other"),
        ("", None),
    ],
)
def test_how_dates_differ_is_said(birth: str, code: str | None) -> None:
    reasons = compared(FACTS, birth=birth).reasons
    assert [each for each in reasons if each.startswith("birth")] == ([code] if code else [])


def test_children_share_their_parents_telephone() -> None:
    child = {**FACTS, "phones": ["0615551234"], "is_child": True}
    assert "phone.family" in compared(child).reasons
    assert "phone.same" in compared({**child, "is_child": False}).reasons


def test_mothers_of_other_names_speak_against_it() -> None:
    first = {**FACTS, "mother": "Salma Nasser"}
    same = compared(first, mother="Selma Nacer")
    other = compared(first, mother="Widad")
    assert "mother.same" in same.reasons
    assert "mother.other" in other.reasons
    assert same.score - other.score >= 8


def test_a_father_and_son_of_one_name_are_two() -> None:
    assert not compared(FACTS, birth="1966-02-11").is_likely


def test_other_names_are_compared_too_and_nobody_misses_them() -> None:
    first = {**FACTS, "others": ["Abu Yazan"]}
    assert compared(first, others=[]).score == compared(FACTS).score
    nickname = compared({**FACTS, "others": ["Nabil Haddad"]}, given="Nabil", others=[])
    assert nickname.score > compared(FACTS, given="Nabil").score


def test_comparing_is_the_same_both_ways() -> None:
    right = {**FACTS, "given": "Tariq", "birth": "1994", "mother": "Salma"}
    one = compare(Compared(packed(FACTS)), packed(right))
    other = compare(Compared(packed(right)), packed(FACTS))
    assert one.score == other.score
    assert sorted(one.reasons) == sorted(other.reasons)


def test_every_reason_has_a_sentence_and_the_sum_is_the_score() -> None:
    found = compared(FACTS, given="Tariq")
    assert set(found.reasons) <= set(POINTS)
    assert total(found.reasons) == pytest.approx(found.score)
    assert len({str(point.words) for point in POINTS.values()}) == len(POINTS)
    assert SHOWN < LIKELY
    assert sentences(["gone.code"]) == []


# -- what is kept ----------------------------------------------------------------------------------


def test_features_without_facts_are_empty() -> None:
    empty = read(Identity.of({}))
    assert features(empty) == []
    assert blocks(empty) == []


def test_no_block_is_a_single_name() -> None:
    facts = {**FACTS, "mother": "Salma", "documents": [{"kind": "card", "number": "A12345"}]}
    made = blocks(read(Identity.of(facts)))
    assert {kind for kind, _text in made} >= {Block.PAPER, Block.TWO_WORDS_YEAR, Block.WORD_BORN}
    names = {form.loose[0] for form in map(forms, words("Tareq Ghassan Haddad").words)}
    assert not {text for _kind, text in made} & names


def test_packing_comes_back_and_refuses_what_it_did_not_make() -> None:
    marked = [Marked(Kind.WORD, 1, -5), Marked(Kind.SEX, 0, 2**62)]
    made = pack(marked, [7, -9])
    assert sorted(zip(*columns(made), strict=True)) == [(-5, Kind.WORD, 1), (2**62, Kind.SEX, 0)]
    assert keys_of(made) == (7, -9)
    for broken in (b"", b"\x00", made[:-1], b"\xff\xff" + made[2:]):
        with pytest.raises(ValueError, match="no packed features"):
            columns(broken)


def test_features_of_a_word_carry_their_place() -> None:
    found = features(read(Identity.of({"given": "Mohamed", "family": "Haddad"})))
    assert Feature(Kind.WORD, 0x80, "mohamed") in found
    assert Feature(Kind.WORD, 1, "haddad") in found
