"""Rules of paper forms, and the form itself as a document."""

import itertools
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils.translation import override

from cairn.core.errors import RuleBroken
from cairn.core.pseudonyms import ALPHABET
from cairn.field.texts import texts
from cairn.identification.documents.paper import CHOICES, HEADINGS, render_forms, text_keys
from cairn.identification.rules import paper as rules
from cairn.identification.rules.paper import FormState

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
SERIALS = [rules.FIRST + body + rules.check_sign(body) for body in ("222222", "K7QM2R", "XWVTRQ")]


def refused(typed: str) -> str:
    with pytest.raises(RuleBroken) as refusal:
        rules.tidied(typed)
    assert refusal.value.remedy
    return refusal.value.code


def test_a_serial_is_random_and_checks_itself() -> None:
    drawn = {rules.drawn() for _draw in range(200)}
    assert len(drawn) > 195
    assert all(rules.tidied(serial) == serial for serial in drawn)
    assert all(len(serial) == 8 for serial in drawn)


@pytest.mark.parametrize("serial", SERIALS)
def test_every_single_wrong_sign_is_found(serial: str) -> None:
    for place in range(1, len(serial)):
        for sign in ALPHABET:
            if sign != serial[place]:
                typed = serial[:place] + sign + serial[place + 1 :]
                assert refused(typed) == "paper.serial"


def test_nearly_every_pair_that_changed_places_is_found() -> None:
    pairs = missed = 0
    for first, second in itertools.permutations(ALPHABET, 2):
        body = f"K{first}{second}M2R"
        pairs += 1
        missed += rules.check_sign(body) == rules.check_sign(f"K{second}{first}M2R")
    assert missed / pairs < 0.05


@pytest.mark.parametrize("typed", ["p k7q m2r {}", "PK7QM2R{}", "p-k7q-m2r-{}", " P K7QM2R{} "])
def test_a_serial_is_read_as_people_type_it(typed: str) -> None:
    check = rules.check_sign("K7QM2R")
    assert rules.tidied(typed.format(check)) == f"PK7QM2R{check}"
    assert rules.grouped(f"PK7QM2R{check}") == f"P K7Q M2R {check}"


@pytest.mark.parametrize("typed", ["", "P", "K7QM2R", "P0000000", "PK7QM2R", "<script>", "ب" * 8])
def test_what_is_no_serial_is_refused_in_words(typed: str) -> None:
    assert refused(typed) == "paper.serial"


@pytest.mark.parametrize(
    ("printed", "entered", "shredded", "state"),
    [
        (0, None, None, FormState.PRINTED),
        (14, None, None, FormState.PRINTED),
        (15, None, None, FormState.MISSING),
        (30, 0, None, FormState.TO_SHRED),
        (30, 2, None, FormState.TO_SHRED),
        (30, 3, None, FormState.LATE),
        (30, 3, 1, FormState.DONE),
        (30, None, 1, FormState.UNUSED),
    ],
)
def test_where_a_form_stands(
    printed: int, entered: int | None, shredded: int | None, state: FormState
) -> None:
    def ago(days: int | None) -> datetime | None:
        return None if days is None else NOW - timedelta(days=days)

    printed_at = ago(printed)
    assert printed_at is not None
    assert rules.state_of(printed_at, ago(entered), ago(shredded), now=NOW) == state


@pytest.mark.parametrize("consent", ["yes", "only", "no", "not-asked", ""])
def test_a_name_needs_the_persons_agreement(consent: str) -> None:
    rules.check_content(False, consent)
    if consent in {"yes", "only"}:
        rules.check_content(True, consent)
    else:
        with pytest.raises(RuleBroken, match="agreed"):
            rules.check_content(True, consent)


@pytest.mark.parametrize(("count", "fits"), [(0, False), (1, True), (50, True), (51, False)])
def test_a_batch_has_at_most_fifty_forms(count: int, fits: bool) -> None:
    if fits:
        rules.check_count(count)
    else:
        with pytest.raises(RuleBroken):
            rules.check_count(count)


def payload(language: str, *, stretched: str = "", forms: int = 2) -> dict[str, Any]:
    with override(language):
        words = {key: text + stretched for key, text in texts().items()}
    return {
        "language": language,
        "printed_on": "2026-11-22",
        "serials": [rules.drawn() for _form in range(forms)],
        "unit": "Invented desk",
        "setting": words["setting.mine"],
        "texts": words,
        "bands": ["None", "Unclear", "Concern"],
        "signs": [f"An invented sign number {number}{stretched}" for number in range(14)],
        "emergency": [["Invented number", "000"], ["Another", "111"]],
        "areas": ["North", "South"],
        "recipients": ["Invented clinic"],
    }


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_each_serial_has_one_page_in_every_language(language: str) -> None:
    assert pages(render_forms(payload(language))) == 2


def test_a_language_with_longer_words_still_fits_on_the_page() -> None:
    assert pages(render_forms(payload("en", stretched=" et encore", forms=1))) == 1


def test_the_form_prints_only_texts_that_the_app_has() -> None:
    assert text_keys() <= set(texts())
    assert len(CHOICES) + len(HEADINGS) > 30
