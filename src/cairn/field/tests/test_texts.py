"""The words of the phone app: none missing, none idle, none that endangers, none too long."""

import re
from pathlib import Path

import pytest
from django.utils.translation import override

from cairn.field import texts

APP = Path(texts.__file__).parent / "static" / "field" / "app"
SCRIPTS = {path.relative_to(APP).as_posix(): path.read_text() for path in sorted(APP.rglob("*.js"))}
ALL = "\n".join(SCRIPTS.values())
PLACE = re.compile(r"%\((\w+)\)s")
LITERAL = re.compile(r'"([a-z]+\.[A-Za-z][\w-]*|practice_\w+)"')
FAMILY = re.compile(r"`([a-z]+\.|practice_\w+_)\$\{")
# Somebody who looks over a shoulder must not learn what the app is for.
ENDANGERS = re.compile(
    r"traffick|victim|exploit|slave|smuggl|traite|victime|ضحي|اتجار", re.IGNORECASE
)
ON_LARGE_BUTTONS = [
    *("danger.now", "danger.no", "privacy.alone", "privacy.not-alone", "who.said", "who.not_said"),
    *("child.adult", "child.maybe-child", "child.child"),
    *("consent.yes", "consent.only", "consent.no", "consent.not-asked"),
    *("handover.refer", "handover.child-referral", "handover.information", "handover.nothing"),
]
ON_SMALL_BUTTONS = ["observed.yes", "observed.no", "observed.unknown", "common.hide"]


def test_every_text_that_the_screens_ask_for_is_there() -> None:
    asked = {key for key in LITERAL.findall(ALL) if not key.endswith(".txt")}
    assert len(asked) > 150
    assert asked - set(texts.TEXTS) == set()


def test_every_text_is_asked_for_by_a_screen() -> None:
    asked, families = set(LITERAL.findall(ALL)), tuple(FAMILY.findall(ALL))
    assert [key for key in texts.TEXTS if key not in asked and not key.startswith(families)] == []


def test_each_family_of_texts_that_is_put_together_has_members() -> None:
    assert [
        family
        for family in FAMILY.findall(ALL)
        if not any(key.startswith(family) for key in texts.TEXTS)
    ] == []


def test_every_phrase_of_a_step_is_there_and_every_phrase_has_a_step() -> None:
    block = re.search(r"const OF_STEP = \{(.*?)\};", SCRIPTS["screens/phrases.js"], re.DOTALL)
    assert block
    used = set(re.findall(r'"(\w+)"', block[1]))
    assert used == set(texts.PHRASES)


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_no_text_says_what_the_app_is_for(language: str) -> None:
    with override(language):
        words = {**texts.texts(), **texts.phrases()[language]}
    assert {key: text for key, text in words.items() if ENDANGERS.search(text)} == {}


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_translation_keeps_the_places_that_are_filled_in_on_the_phone(language: str) -> None:
    with override("en"):
        original = texts.texts()
    with override(language):
        translated = texts.texts()
    assert {
        key
        for key, text in original.items()
        if set(PLACE.findall(text)) != set(PLACE.findall(translated[key]))
    } == set()


def test_every_language_has_every_phrase() -> None:
    spoken = texts.phrases()
    assert set(spoken) == {"en", "fr", "ar"}
    assert {frozenset(found) for found in spoken.values()} == {frozenset(texts.PHRASES)}


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_words_on_buttons_are_short_enough_for_a_small_screen(language: str) -> None:
    with override(language):
        words = texts.texts()
    assert {key: words[key] for key in ON_LARGE_BUTTONS if len(words[key]) > 45} == {}
    assert {key: words[key] for key in ON_SMALL_BUTTONS if len(words[key]) > 20} == {}


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_a_script_shows_no_words_of_its_own_and_makes_no_markup(name: str) -> None:
    script = SCRIPTS[name]
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", script)
    shown = re.findall(r'h\("\w+", \{[^}]*\}, "([A-Za-z ]{2,})"', script)
    assert shown == []
    assert not re.search(r"document\.title\s*=", script)


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_a_script_stays_short(name: str) -> None:
    assert len(SCRIPTS[name].splitlines()) <= 500
