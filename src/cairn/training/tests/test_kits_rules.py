"""Rules and words of kits."""

from datetime import UTC, datetime

import pytest

from cairn.core.errors import RuleBroken
from cairn.training.queries.kits_shapes import KINDS, SHAPES
from cairn.training.rules import kits
from cairn.training.rules.kits_words import KIND_LABELS, OUTCOME_LABELS, clock_sentence
from cairn.training.rules.states import CheckoutState, EventState

DAY = datetime(2026, 3, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (300, 300, "was 300 minutes ahead"),
        (297, 303, "297 to 303 minutes ahead"),
        (-303, -297, "297 to 303 minutes behind"),
        (-60, -60, "was 60 minutes behind"),
        (12, None, "at least 12 minutes ahead"),
        (None, -12, "at least 12 minutes behind"),
        (None, 12, "at most 12 minutes ahead"),
    ],
)
def test_the_error_of_a_clock_is_told_ahead_or_behind(
    low: int | None, high: int | None, words: str
) -> None:
    assert words in clock_sentence(low, high)


def test_every_kind_of_record_has_words_and_may_come_back_only_when_it_leaves() -> None:
    kinds = {shape.kind for shape in SHAPES}
    assert kinds == set(KIND_LABELS)
    assert KINDS.all <= kinds
    assert not KINDS.appended & KINDS.owned
    assert len(OUTCOME_LABELS) == 4


def test_no_contact_account_or_cost_is_among_what_leaves() -> None:
    leaving = {(shape.kind, name) for shape in SHAPES for name in (*shape.fields, *shape.sealed)}
    for kind, name in (
        ("practitioner", "contact"),
        ("practitioner", "service_number"),
        ("practitioner", "user_id"),
        ("event", "cost_usd"),
        ("event", "secret"),
        ("event", "project"),
    ):
        assert (kind, name) not in leaving


@pytest.mark.parametrize("state", sorted(set(EventState) - kits.TAKEN_ALONG))
def test_an_event_that_is_over_or_only_an_idea_stays_here(state: EventState) -> None:
    with pytest.raises(RuleBroken, match=str(state.label)):
        kits.check_event(state, is_named=True)


def test_each_rule_says_no_with_a_remedy() -> None:
    for act in (
        lambda: kits.check_label(" "),
        lambda: kits.check_label("x" * 81),
        lambda: kits.check_reason("short"),
        lambda: kits.check_reason("x" * 301),
        lambda: kits.check_mark("A", "B"),
        lambda: kits.check_not_revoked(DAY),
        lambda: kits.check_event(EventState.RUNNING, is_named=False),
        lambda: kits.check_persons(101, 100),
        lambda: kits.check_is_out(CheckoutState.RETURNED),
        lambda: kits.check_may_return(CheckoutState.RECALLED),
    ):
        with pytest.raises(RuleBroken) as refusal:
            act()
        assert refusal.value.remedy
    kits.check_persons(100, 100)
    kits.check_may_return(CheckoutState.RETURNED)
    assert kits.check_reason("  Held where\n there is no line. ") == "Held where there is no line."
