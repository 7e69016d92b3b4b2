"""The rules of protocols: standing, words, days, who signs, what is signed."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from cairn.core.errors import RuleBroken
from cairn.referral.rules import protocols as rules
from cairn.referral.rules.protocols import ProtocolState as State
from cairn.referral.rules.protocols import Standing

FIRST, LAST = date(2026, 3, 1), date(2026, 9, 30)
DAY = timedelta(days=1)
A, B, C = uuid4(), uuid4(), uuid4()


@pytest.mark.parametrize(
    ("state", "ended", "today", "expected"),
    [
        (State.DRAFT, None, FIRST, Standing.DRAFT),
        (State.SIGNED, None, FIRST - DAY, Standing.TO_COME),
        (State.SIGNED, None, FIRST, Standing.IN_FORCE),
        (State.SIGNED, None, LAST, Standing.IN_FORCE),
        (State.SIGNED, None, LAST + DAY, Standing.EXPIRED),
        (State.SIGNED, LAST - DAY, LAST - DAY - DAY, Standing.IN_FORCE),
        (State.SIGNED, LAST - DAY, LAST - DAY, Standing.ENDED),
        (State.SIGNED, LAST - DAY, LAST + DAY, Standing.ENDED),
        (State.ENDED, FIRST, FIRST, Standing.ENDED),
    ],
)
def test_a_protocol_holds_on_both_days_and_between(
    state: State, ended: date | None, today: date, expected: Standing
) -> None:
    assert rules.standing(state, FIRST, LAST, ended, today) is expected


GOOD: dict[str, Any] = {
    "title": "Invented",
    "text": "x" * rules.SHORTEST_TEXT,
    "parties": [A, B],
    "categories": ["need"],
    "purposes": ["assistance"],
}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": "  "}, "protocol.title"),
        ({"text": "x" * (rules.SHORTEST_TEXT - 1)}, "protocol.text"),
        ({"parties": [A]}, "protocol.parties"),
        ({"parties": [A, A]}, "protocol.parties"),
        ({"categories": []}, "protocol.categories"),
        ({"categories": ["need", "gold"]}, "protocol.categories"),
        ({"purposes": []}, "protocol.purposes"),
        ({"purposes": ["war"]}, "protocol.purposes"),
    ],
)
def test_what_nobody_could_sign_is_refused(changes: dict[str, Any], code: str) -> None:
    rules.check_draft(**GOOD)
    with pytest.raises(RuleBroken) as refused:
        rules.check_draft(**(GOOD | changes))
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("starts", "ends", "today"),
    [
        (LAST, LAST - DAY, FIRST),
        (FIRST, LAST, LAST + DAY),
        (FIRST, FIRST + rules.LONGEST + DAY, FIRST),
        (FIRST + DAY, FIRST + rules.LONGEST + 2 * DAY, FIRST),
    ],
)
def test_days_out_of_order_over_or_too_far_are_refused(
    starts: date, ends: date, today: date
) -> None:
    rules.check_days(FIRST, FIRST, FIRST)
    rules.check_days(FIRST, FIRST + rules.LONGEST, FIRST)
    with pytest.raises(RuleBroken) as refused:
        rules.check_days(starts, ends, today)
    assert refused.value.code == "protocol.days"


@pytest.mark.parametrize(
    ("state", "signed", "party", "code"),
    [
        (State.SIGNED, [], A, "protocol.state"),
        (State.ENDED, [], A, "protocol.state"),
        (State.DRAFT, [], C, "protocol.party"),
        (State.DRAFT, [A], A, "protocol.twice"),
        (State.DRAFT, [A], B, ""),
        (State.DRAFT, [], A, ""),
    ],
)
def test_only_a_party_signs_and_only_once(
    state: State, signed: list[UUID], party: UUID, code: str
) -> None:
    met = ""
    try:
        rules.check_signing(state, [A, B], signed, party)
    except RuleBroken as refused:
        met = refused.code
    assert met == code


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("signatures", [0, 1])
def test_signed_words_do_not_change(state: State, signatures: int) -> None:
    if state is State.DRAFT and not signatures:
        rules.check_changeable(state, signatures)
        return
    with pytest.raises(RuleBroken) as refused:
        rules.check_changeable(state, signatures)
    assert refused.value.code == "protocol.signed"


@pytest.mark.parametrize(
    ("signs_here", "paper", "signed_by", "code"),
    [
        (True, "Shelf 1", [], "protocol.signs-here"),
        (False, " ", [], "protocol.paper"),
        (False, "Shelf 1", [C], "protocol.second-person"),
        (False, "Shelf 1", [A], ""),
    ],
)
def test_a_signature_on_paper_is_noted_by_somebody_else(
    signs_here: bool, paper: str, signed_by: list[UUID], code: str
) -> None:
    met = ""
    try:
        rules.check_paper(paper, signs_here=signs_here, signed_by=signed_by, recorded_by=C)
    except RuleBroken as refused:
        met = refused.code
    assert met == code


@pytest.mark.parametrize("now", Standing)
def test_what_is_over_does_not_end_again(now: Standing) -> None:
    if now in {Standing.ENDED, Standing.EXPIRED}:
        with pytest.raises(RuleBroken, match="over"):
            rules.check_ending(now, FIRST, "Reason", FIRST)
        return
    rules.check_ending(now, FIRST, "Reason", FIRST)
    with pytest.raises(RuleBroken, match="days that are over"):
        rules.check_ending(now, FIRST - DAY, "Reason", FIRST)
    with pytest.raises(RuleBroken, match="why it ends"):
        rules.check_ending(now, FIRST, " ", FIRST)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", "other words"),
        ("ends_on", "2027-01-01"),
        ("categories", ["need", "account"]),
        ("country", "KEN"),
    ],
)
def test_a_signature_holds_for_these_words_alone(field: str, value: Any) -> None:
    facts = {"text": "words", "ends_on": "2026-01-01", "categories": ["need"], "country": ""}
    signed = rules.digest(facts, [str(A), str(B)])
    assert signed == rules.digest(dict(reversed(facts.items())), [str(B), str(A)])
    assert signed != rules.digest(facts | {field: value}, [str(A), str(B)])
    assert signed != rules.digest(facts, [str(A), str(C)])
    with pytest.raises(RuleBroken) as refused:
        rules.check_same_words([signed], rules.digest(facts | {field: value}, [str(A), str(B)]))
    assert refused.value.code == "protocol.words"
