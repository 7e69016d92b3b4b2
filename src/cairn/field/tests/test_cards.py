"""Cards of the phone: short, for places and officers that exist, and in words that harm nobody."""

import re

from cairn.field.cards import CARDS, cards
from cairn.identification.rules.choices import Setting, WorkerProfile


def test_cards_are_for_settings_and_officers_that_exist() -> None:
    for card in CARDS:
        assert set(card.settings) <= set(Setting.values)
        assert set(card.profiles) <= set(WorkerProfile.values)
    assert len({card.code for card in CARDS}) == len(CARDS)


def test_every_officer_finds_cards_in_every_setting() -> None:
    for setting in Setting.values:
        for profile in WorkerProfile.values:
            there = [
                card.code
                for card in CARDS
                if (not card.settings or setting in card.settings)
                and (not card.profiles or profile in card.profiles)
            ]
            assert {"danger", "child", "promise", "interpreter"} <= set(there)
            assert len(there) <= 13, (setting, profile)


def test_a_card_fits_on_a_small_screen() -> None:
    for card in cards():
        assert 4 <= len(card["lines"]) <= 6, card["code"]
        assert all(len(line) <= 90 for line in card["lines"]), card["code"]
        assert len(card["title"]) <= 45


def test_no_card_calls_anybody_a_victim() -> None:
    words = " ".join(line for card in cards() for line in [card["title"], *card["lines"]])
    assert not re.search(r"victim|slave|prostitut|illegal", words, re.IGNORECASE)
