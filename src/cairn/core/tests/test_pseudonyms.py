"""Codes of records: random, readable, found again as people type them."""

import re

import pytest
from django.db import models

from cairn.core import pseudonyms


def test_codes_have_their_form_and_differ() -> None:
    drawn = {pseudonyms.drawn() for _ in range(500)}
    assert len(drawn) > 490
    assert all(re.fullmatch(pseudonyms.PATTERN, code) for code in drawn)


def test_no_sign_looks_like_another_and_none_is_a_vowel() -> None:
    assert not set(pseudonyms.ALPHABET) & set("0O1ILZSBUAEY")
    assert len(set(pseudonyms.ALPHABET)) == len(pseudonyms.ALPHABET) == 24


@pytest.mark.parametrize("typed", ["k7q-m2r", " K7QM2R ", "k7q m2r", "K7Q–M2R", "k7q\u2011m2r"])
def test_a_code_is_read_as_people_type_it(typed: str) -> None:
    assert pseudonyms.tidied(typed) == "K7Q-M2R"


@pytest.mark.parametrize("typed", ["", "K7Q", "K7Q-M2R4", "K7Q-M2O", "K7Q-M2İ", "%", "K7Q-M2R'--"])
def test_what_is_no_code_is_empty(typed: str) -> None:
    assert pseudonyms.tidied(typed) == ""


@pytest.mark.django_db
def test_a_code_that_is_taken_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([False, False, True])
    codes = iter(["CCC-222", "CCC-333", "CCC-444"])
    monkeypatch.setattr(pseudonyms, "saved_as_new", lambda record: next(answers))
    record = models.Model.__new__(models.Model)
    pseudonyms.save_with_code(record, lambda: next(codes))
    assert record.code == "CCC-444"  # type: ignore[attr-defined]


def test_drawing_ends_when_every_code_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pseudonyms, "saved_as_new", lambda record: False)
    with pytest.raises(RuntimeError, match="taken"):
        pseudonyms.save_with_code(models.Model.__new__(models.Model))
