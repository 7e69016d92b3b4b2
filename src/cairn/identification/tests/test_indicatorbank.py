"""The printed rule of the ILO, every case of it, and the edition that Cairn ships."""

from itertools import product

import pytest

from cairn.identification.indicatorbank import delphi, lists, wording
from cairn.identification.indicatorbank.delphi import (
    MEANS,
    Dimension,
    Pattern,
    Weighed,
    Weight,
    dimension_is_positive,
    pattern,
    tallies,
)
from cairn.identification.indicatorbank.guidance import Kind, Reason
from cairn.identification.indicatorbank.lists import SourceList, shipped
from cairn.identification.rules.choices import Setting, WorkerProfile

# As printed: what is enough, as (strong, medium, weak).
ENOUGH = [(2, 0, 0), (1, 1, 0), (1, 0, 1), (0, 3, 0), (0, 2, 1)]


@pytest.mark.parametrize("counts", ENOUGH)
def test_what_the_source_prints_as_enough_makes_a_dimension_positive(
    counts: tuple[int, int, int],
) -> None:
    assert dimension_is_positive(*counts)


@pytest.mark.parametrize("counts", [(0, 0, 0), (1, 0, 0), (0, 2, 0), (0, 1, 2), (0, 0, 16)])
def test_what_the_source_does_not_print_is_not_enough(counts: tuple[int, int, int]) -> None:
    assert not dimension_is_positive(*counts)


def test_a_dimension_is_positive_exactly_when_it_contains_a_printed_case() -> None:
    for counts in product(range(6), repeat=3):
        contains = any(
            all(have >= need for have, need in zip(counts, case, strict=True)) for case in ENOUGH
        )
        assert dimension_is_positive(*counts) is contains, counts


def test_counts_below_nought_are_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        dimension_is_positive(-1, 3, 0)


EVERY_SET = [
    frozenset(each for each, is_in in zip(Dimension, bits, strict=True) if is_in)
    for bits in product((False, True), repeat=len(Dimension))
]


def test_adults_need_act_means_and_exploitation() -> None:
    whole = {Pattern.COERCED_LABOUR, Pattern.DECEIVED_AND_EXPLOITED, Pattern.MEANS_AND_EXPLOITATION}
    for positive, act in product(EVERY_SET, (False, True)):
        found = pattern(positive, act=act, is_child=False)
        exploited = Dimension.EXPLOITATION in positive
        assert (found is Pattern.INCOMPLETE) is not exploited
        assert (found in whole) is bool(exploited and act and positive & MEANS)
        assert (found is Pattern.COERCED_LABOUR) is (
            exploited and act and Dimension.COERCION_DESTINATION in positive
        )
        if exploited and not positive & MEANS:
            assert found is Pattern.EXPLOITATION_ONLY


def test_deception_with_exploitation_but_without_coercion_is_a_pattern_of_its_own() -> None:
    positive = {Dimension.DECEPTIVE_RECRUITMENT, Dimension.EXPLOITATION}
    assert pattern(positive, act=True, is_child=False) is Pattern.DECEIVED_AND_EXPLOITED


def test_children_need_no_means() -> None:
    for positive in EVERY_SET:
        with_means = pattern(positive | MEANS, act=True, is_child=True)
        assert pattern(positive, act=True, is_child=True) is with_means
        exploited = Dimension.EXPLOITATION in positive
        assert (with_means is Pattern.CHILD_MOVED_AND_EXPLOITED) is exploited


def weighed() -> list[Weighed]:
    return [
        Weighed(row.code, Dimension(row.dimension), Weight(row.adult), Weight(row.child))
        for row in shipped()
        if row.dimension
    ]


@pytest.mark.parametrize("is_child", [False, True])
def test_general_context_alone_makes_no_dimension_positive(is_child: bool) -> None:
    seen = {row.code: "yes" for row in shipped() if row.kind == Kind.CONTEXT}
    assert any(code.startswith("ilo-") for code in seen)
    assert not any(each.is_positive for each in tallies(seen, weighed(), is_child=is_child))


def test_what_was_not_seen_or_not_checked_counts_nowhere() -> None:
    seen = {each.code: ("no" if place % 2 else "unknown") for place, each in enumerate(weighed())}
    assert sum(len(each.codes) for each in tallies(seen, weighed(), is_child=False)) == 0


def test_the_weights_of_children_are_their_own() -> None:
    seen = {"ilo-d1-education": "yes", "ilo-d1-wages": "yes"}
    by_age = {
        is_child: tallies(seen, weighed(), is_child=is_child)[0] for is_child in (False, True)
    }
    assert (by_age[False].strong, by_age[False].medium, by_age[False].weak) == (0, 1, 1)
    assert not by_age[False].is_positive
    assert by_age[True].strong == 1
    assert by_age[True].is_positive


def test_the_shipped_list_has_as_many_weighted_signs_as_the_source() -> None:
    listed = weighed()
    by_dimension = [sum(each.dimension is one for each in listed) for one in Dimension]
    assert by_dimension == [10, 10, 16, 9, 15, 7]
    assert sum(each.adult is not Weight.ABSENT for each in listed) == 67
    assert sum(each.child is not Weight.ABSENT for each in listed) == 65
    assert not any(each.child is Weight.WEAK for each in listed)
    strong = [each.code for each in listed if each.adult is Weight.STRONG]
    assert len(strong) == 7
    context = next(each for each in listed if each.code == "ilo-d3-context")
    assert (context.adult, context.child) == (Weight.WEAK, Weight.MEDIUM)


def test_only_the_list_for_labour_is_weighted() -> None:
    assert {row.source_list for row in shipped() if row.dimension} == {SourceList.ILO_LABOUR}


def test_every_sign_is_worded_in_each_shipped_language_with_what_is_asked_next() -> None:
    missing = [
        (row.code, code)
        for row in shipped()
        for code in ("en", "fr", "ar")
        if not row.texts.get(code) or not row.nexts.get(code)
    ]
    assert missing == []


def test_a_phone_shows_eight_to_twelve_signs_whatever_the_setting_and_the_officer() -> None:
    counts = lists.counts_shown(shipped())
    assert len(counts) == len(Setting) * len(WorkerProfile)
    assert {place: count for place, count in counts.items() if not 8 <= count <= 12} == {}


def test_no_sign_for_the_field_asks_about_sexual_acts_or_says_victim() -> None:
    words = " ".join(
        f"{row.texts['en']} {row.nexts['en']}".lower() for row in lists.field_rows(shipped())
    )
    assert "victim" not in words
    assert "traffick" not in words
    assert words.count("sexual acts") == words.count("nothing about sexual acts")


def test_a_file_of_an_edition_reads_back_as_the_same_signs() -> None:
    header = lists.columns_for(shipped())
    cells = [
        (number, dict(zip(header, lists.cells_of(row, header), strict=True)))
        for number, row in enumerate(shipped(), start=2)
    ]
    rows, flaws = lists.read_rows(cells)
    assert flaws == []
    assert rows == list(shipped())


GOOD = {"code": "no-pay", "list": "field", "kind": "exploitation", "text_en": "No pay"}


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"code": "No Pay"}, "code"),
        ({"code": "x" * 61}, "code"),
        ({"list": ""}, "list"),
        ({"kind": "guilt"}, "kind"),
        ({"settings": "mine moon"}, "settings"),
        ({"profiles": "spy"}, "profiles"),
        ({"adult": "strong"}, "dimension"),
        ({"dimension": "exploitation"}, "dimension"),
        ({"dimension": "exploitation", "adult": "huge"}, "adult"),
        ({"asked": "perhaps"}, "asked"),
        ({"text_en": ""}, "text_en"),
        ({"text_fr": "a" * 241}, "text_fr"),
        ({"next_en": "<b>ask</b>"}, "next_en"),
        ({"stands_for": "unheard-of"}, "stands_for"),
    ],
)
def test_a_wrong_cell_is_told_by_row_and_column(change: dict[str, str], column: str) -> None:
    _rows, flaws = lists.read_rows([(7, GOOD | change)])
    assert [(flaw.row, flaw.column) for flaw in flaws] == [(7, column)]
    assert flaws[0].message
    assert flaws[0].remedy


def test_a_code_that_stands_twice_is_refused_with_the_row_of_the_first() -> None:
    _rows, flaws = lists.read_rows([(2, GOOD), (3, GOOD)])
    assert [(flaw.row, flaw.column) for flaw in flaws] == [(3, "code")]
    assert "2" in flaws[0].message


def test_a_file_without_signs_is_refused() -> None:
    assert lists.read_rows([])[1][0].row is None


def test_every_code_has_its_words() -> None:
    assert set(wording.REASONS) == set(Reason)
    assert set(wording.KINDS) == set(Kind)
    assert set(wording.DIMENSIONS) == set(Dimension)
    assert set(wording.PATTERNS) == set(delphi.Pattern)
