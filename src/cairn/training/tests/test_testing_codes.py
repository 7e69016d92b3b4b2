"""Personal codes, crossed forms, forms from a plan, sheets keyed in twice."""

import random
from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cairn.core import pseudonyms
from cairn.core.errors import RuleBroken
from cairn.training.testing import double_entry, personal_codes
from cairn.training.testing.crossing import Member, Order, crossed, form_for
from cairn.training.testing.drawing import Candidate, drawn_forms

CODES = st.text(alphabet=personal_codes.ALPHABET, min_size=5, max_size=5).map(
    lambda signs: signs + personal_codes.check_sign(signs)
)


def test_the_signs_are_a_prime_number_and_told_apart() -> None:
    assert len(set(personal_codes.ALPHABET)) == 23
    assert not set(personal_codes.ALPHABET) & set("0O1ILZSBUC")


@given(CODES)
def test_every_single_wrong_sign_is_caught(signs: str) -> None:
    for place in range(6):
        for other in set(personal_codes.ALPHABET) - {signs[place]}:
            assert personal_codes.tidied(signs[:place] + other + signs[place + 1 :]) == ""


@given(CODES)
def test_every_two_signs_that_changed_places_are_caught(signs: str) -> None:
    for first in range(6):
        for second in range(first + 1, 6):
            if signs[first] == signs[second]:
                continue
            moved = list(signs)
            moved[first], moved[second] = moved[second], moved[first]
            assert personal_codes.tidied("".join(moved)) == ""


@given(CODES)
def test_a_code_is_read_however_it_is_typed(signs: str) -> None:
    written = personal_codes.written(signs)
    arabic = written.translate({ord(str(digit)): 0x0660 + digit for digit in range(10)})
    for typed in (
        signs,
        written,
        written.lower(),
        f" {written} ",
        written.replace("-", " "),
        arabic,
    ):
        assert personal_codes.tidied(typed) == written
    alike = signs.translate(str.maketrans("258VG", "Zsbuc"))
    assert personal_codes.tidied(alike) == written


@pytest.mark.parametrize("typed", ["", "7K", "K7Q-M2R-XX", "!!-!!-!!", "٧", "ﷺ"])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert personal_codes.tidied(typed) == ""


def test_a_typing_error_is_told_from_something_else() -> None:
    code = personal_codes.drawn(set())
    wrong = ("2" if code[0] != "2" else "3") + code[1:]
    assert personal_codes.is_mistyped(wrong)
    assert not personal_codes.is_mistyped(code)
    assert not personal_codes.is_mistyped("7K")


def test_a_code_looks_like_no_code_of_a_record() -> None:
    code = personal_codes.drawn(set())
    assert len(code) == 8
    assert [len(part) for part in code.split("-")] == [2, 2, 2]
    assert len(pseudonyms.drawn().split("-")) == 2


def test_codes_of_an_event_never_collide() -> None:
    chance = random.Random(4)  # noqa: S311 - only to draw the same codes in each run
    taken: set[str] = set()
    for _ in range(3_000):
        code = personal_codes.drawn(taken, chance.choice)
        assert code not in taken
        taken.add(code)


def test_a_draw_that_is_taken_is_drawn_again() -> None:
    signs = iter("22222" + "22222" + "33333")
    first = personal_codes.written("22222" + personal_codes.check_sign("22222"))
    assert personal_codes.drawn({first}, lambda _signs: next(signs)).startswith("33-33-3")
    with pytest.raises(RuntimeError):
        personal_codes.drawn({first}, lambda _signs: "2")


def group(sizes: dict[tuple[str, str], int]) -> list[Member]:
    return [
        Member(f"{agency}-{sex}-{number}", agency, sex)
        for (agency, sex), size in sizes.items()
        for number in range(size)
    ]


GROUPS = st.dictionaries(
    st.tuples(
        st.sampled_from(["police", "border", "court", ""]), st.sampled_from(["f", "m", "o", ""])
    ),
    st.integers(0, 9),
    max_size=10,
).map(group)


def differences(members: list[Member], orders: dict[str, Order], *names: str) -> list[int]:
    """Of each group with the same values of `names`, how many more take A first."""
    counts: Counter[tuple[str, ...]] = Counter()
    for member in members:
        sign = 1 if orders[member.key] == Order.A_FIRST else -1
        counts[tuple(getattr(member, name) for name in names)] += sign
    return list(counts.values())


@given(GROUPS, st.text(max_size=5))
def test_halves_are_even_in_all_and_within_agencies_and_sexes(
    members: list[Member], event: str
) -> None:
    orders = crossed(event, members)
    assert list(orders) == [member.key for member in members]
    for names in ((), ("agency",), ("agency", "sex")):
        assert all(abs(each) <= 1 for each in differences(members, orders, *names))


@given(GROUPS, st.randoms(use_true_random=False))
def test_the_sequence_of_a_list_changes_nothing(
    members: list[Member], chance: random.Random
) -> None:
    shuffled = members.copy()
    chance.shuffle(shuffled)
    assert crossed("E01", members) == crossed("E01", shuffled)


@given(GROUPS, st.integers(0, 100))
@settings(max_examples=50)
def test_who_comes_late_changes_nobodys_form(members: list[Member], share: int) -> None:
    early = members[: len(members) * share // 100]
    before = crossed("E01", early)
    after = crossed("E01", members, before)
    assert {member.key: after[member.key] for member in early} == before
    one_by_one = before
    for number in range(len(early), len(members)):
        one_by_one = crossed("E01", members[: number + 1], one_by_one)
    strata = differences(members, one_by_one, "agency", "sex")
    assert all(abs(each) <= 1 for each in strata)


def test_another_event_divides_otherwise() -> None:
    members = group({("police", "f"): 12, ("police", "m"): 12})
    assert crossed("E01", members) != crossed("E02", members)


def test_the_story_of_22_from_two_agencies_is_divided_evenly() -> None:
    members = group(
        {
            ("armed-police", "f"): 3,
            ("armed-police", "m"): 10,
            ("bureau", "f"): 2,
            ("bureau", "m"): 7,
        }
    )
    orders = crossed("E01", members)
    assert Counter(orders.values()) == {Order.A_FIRST: 11, Order.B_FIRST: 11}


def test_forms_alternate_from_wave_to_wave() -> None:
    assert [form_for(Order.B_FIRST, wave) for wave in range(3)] == ["B", "A", "B"]
    assert [form_for(Order.A_FIRST, wave) for wave in range(3)] == ["A", "B", "A"]


def bank(**sizes: int) -> list[Candidate]:
    return [
        Candidate(f"{objective}-{number}", objective, Decimal(1), number / 20)
        for objective, size in sizes.items()
        for number in range(size)
    ]


def test_forms_share_no_question_and_follow_the_plan() -> None:
    candidates = bank(identify=9, refer=4, report=8)
    forms = drawn_forms("E01", {"identify": 3, "refer": 2, "report": 0}, candidates)
    assert not set(forms.a) & set(forms.b)
    for form in (forms.a, forms.b):
        assert Counter(key.split("-")[0] for key in form) == {"identify": 3, "refer": 2}
    assert drawn_forms("E01", {"identify": 3, "refer": 2}, candidates) == forms


def test_forms_are_alike_in_difficulty_and_marks() -> None:
    candidates = bank(identify=12)
    candidates += [Candidate(f"identify-big-{n}", "identify", Decimal(3), 0.5) for n in range(2)]
    facility = {each.key: each.facility or 0 for each in candidates}
    mark = {each.key: each.max_mark for each in candidates}
    forms = drawn_forms("E01", {"identify": 7}, candidates)
    assert sum(mark[key] for key in forms.a) == sum(mark[key] for key in forms.b)
    gap = sum(facility[key] for key in forms.a) - sum(facility[key] for key in forms.b)
    assert abs(gap) <= 0.051


def test_questions_never_used_yet_can_make_forms() -> None:
    candidates = [Candidate(f"q{number}", "identify") for number in range(5)]
    forms = drawn_forms("E01", {"identify": 2}, candidates)
    assert (len(forms.a), len(forms.b)) == (2, 2)


def test_too_few_questions_are_told_by_objective() -> None:
    with pytest.raises(RuleBroken) as refusal:
        drawn_forms("E01", {"identify": 3, "refer": 1}, bank(identify=5, refer=2))
    assert refusal.value.code == "form.bank"
    assert "identify: 6 needed, 5 there" in refusal.value.message
    assert "refer" not in refusal.value.message
    with pytest.raises(RuleBroken) as refusal:
        drawn_forms("E01", {"identify": 0}, bank(identify=5))
    assert refusal.value.code == "form.plan"


FIRST: double_entry.Sheet = {("q1", ""): "a", ("q2", ""): ["a", "b"], ("q3", ""): "Two  words"}


def test_sheets_keyed_in_alike_stand() -> None:
    second: double_entry.Sheet = {**FIRST, ("q3", ""): "two words "}
    assert double_entry.differences(FIRST, second) == []
    assert double_entry.settled(FIRST, second) == dict(FIRST)
    assert double_entry.agreement(FIRST, second) == 1


def test_each_cell_that_differs_is_shown_and_waits_for_a_decision() -> None:
    second: double_entry.Sheet = {("q1", ""): "b", ("q2", ""): ["a", "b"], ("q4", "i1"): "true"}
    found = double_entry.differences(FIRST, second)
    assert [each.place for each in found] == [("q1", ""), ("q3", ""), ("q4", "i1")]
    assert (found[0].first, found[0].second) == ("a", "b")
    assert (found[2].first, found[2].second) == (None, "true")
    assert double_entry.settled(FIRST, second) == {("q2", ""): ["a", "b"]}
    decided = double_entry.settled(FIRST, second, {("q1", ""): "b", ("q2", ""): None})
    assert decided == {("q1", ""): "b", ("q2", ""): ["a", "b"]}
    assert double_entry.agreement(FIRST, second) == pytest.approx(0.25)


def test_an_empty_cell_and_a_cell_left_out_are_the_same() -> None:
    assert double_entry.differences({("q1", ""): None}, {}) == []
    assert double_entry.agreement({}, {}) is None
