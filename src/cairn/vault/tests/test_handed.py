"""What is sealed for whoever holds a link and its number."""

import importlib.util
from uuid import uuid4

import pytest

from cairn.core.classification import Zone
from cairn.vault import handed, keyring

LINK = uuid4()


def test_only_the_same_token_number_and_link_open_it() -> None:
    token, number = handed.new_token(), handed.new_number()
    sealed = handed.HandedKey(token, number, LINK).seal(b"an invented word", "card")
    assert handed.HandedKey(token, number, LINK).unseal(sealed, "card") == b"an invented word"
    others = [
        (handed.HandedKey(handed.new_token(), number, LINK), "card"),
        (handed.HandedKey(token, f"{(int(number) + 1) % 10**8:08d}", LINK), "card"),
        (handed.HandedKey(token, number, uuid4()), "card"),
        (handed.HandedKey(token, number, LINK), "content"),
    ]
    for key, what in others:
        with pytest.raises(handed.Altered):
            key.unseal(sealed, what)


def test_a_try_costs_an_installation_a_tenth_of_a_second_and_32_mebibytes() -> None:
    """The tests replace the cost; a module that is read anew says what holds elsewhere."""
    found = importlib.util.find_spec("cairn.vault.handed")
    assert found is not None
    assert found.loader is not None
    anew = importlib.util.module_from_spec(found)
    found.loader.exec_module(anew)
    assert 128 * anew.COST * anew._BLOCKS >= 32 * 2**20


def test_what_is_put_into_the_box_opens_for_its_key_link_and_kind_only() -> None:
    token, number = handed.new_token(), handed.new_number()
    key = handed.HandedKey(token, number, LINK)
    slot, latch = key.new_box()
    post = handed.posted(slot, LINK, b"an invented word", "answer")
    again = handed.HandedKey(token, number, LINK)
    assert again.taken(latch, post, "answer") == b"an invented word"
    assert handed.posted(slot, LINK, b"an invented word", "answer") != post
    other_slot, other_latch = key.new_box()
    wrongly = [
        (handed.HandedKey(token, "00000000", LINK), latch, post, "answer"),
        (key, other_latch, post, "answer"),
        (key, latch, handed.posted(other_slot, LINK, b"x", "answer"), "answer"),
        (key, latch, handed.posted(slot, uuid4(), b"x", "answer"), "answer"),
        (key, latch, post, "content"),
        (key, latch, post[:-1] + bytes([post[-1] ^ 1]), "answer"),
        (key, latch, bytes(32) + post[32:], "answer"),
        (key, latch, post[:20], "answer"),
        (key, b"", post, "answer"),
    ]
    for each, own, what_came, what in wrongly:
        with pytest.raises(handed.Altered):
            each.taken(own, what_came, what)


@pytest.mark.django_db(databases="__all__")
def test_what_is_covered_ends_with_the_key_of_its_record_and_opens_in_its_place_only() -> None:
    record, other = keyring.create_many(Zone.PROTECTION, 2)
    sealed = b"sealed for a link"
    cover = handed.covered(record, sealed, LINK, "content")
    assert sealed not in cover
    assert handed.uncovered(record, cover, LINK, "content") == sealed
    wrongly = [(other, LINK, "content"), (record, uuid4(), "content"), (record, LINK, "answer")]
    for key, link, what in wrongly:
        with pytest.raises(handed.Altered):
            handed.uncovered(key, cover, link, what)
    keyring.destroy(record)
    with pytest.raises(handed.KeyGone) as gone:
        handed.uncovered(record, cover, LINK, "content")
    assert gone.value.erased
