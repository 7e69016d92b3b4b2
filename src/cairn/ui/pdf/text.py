"""Text as a PDF can take it: no control characters, words that fit, characters a font can draw."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

# A word longer than this gets places where a line may break; names and addresses are shorter.
LONGEST_WORD = 28
BREAK = "\u200b"
UNSHOWN = "\ufffd"
# Not text: pictures keep every byte.
VERBATIM = frozenset({"svg"})

# Format characters that are drawn (Unicode Character Database, category Cf without
# Default_Ignorable_Code_Point), and the one space that is: the engine needs a font for them.
SIGNS = frozenset("\u070f\u1680\U000110bd\U000110cd") | {
    chr(point) for point in range(0x13430, 0x13440)
}
SHAPELESS = frozenset("\n\t\u034f\u180b\u180c\u180d") | {
    chr(point) for point in range(0xFE00, 0xFE10)
}

_LONG = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")
# Controls, half characters, and directions forced on what follows (U+202A to U+202E), which could
# turn figures round; the marks and isolates that people need stay.
_BROKEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
_LINES = re.compile("\r\n?|[\x85\u2028\u2029\x0b\x0c]")


def clean(value: Any, key: str = "") -> Any:
    """A copy of a JSON value in which every string can be set in type; keys stay.

    Control characters, byte order marks and half characters go; line endings become `\\n`; text
    is composed (NFC), because fonts draw composed letters; long words may break.
    """
    if isinstance(value, str):
        return value if key in VERBATIM else clean_text(value)
    if isinstance(value, Mapping):
        return {name: clean(item, name) for name, item in value.items()}
    if isinstance(value, Sequence):
        return [clean(item, key) for item in value]
    return value


def clean_text(text: str) -> str:
    """One string as `clean` describes."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if not text.isprintable():
        text = _BROKEN.sub("", _LINES.sub("\n", text))
    return _LONG.sub(_breakable, text) if len(text) > LONGEST_WORD else text


def _breakable(match: re.Match[str]) -> str:
    word = match[0]
    parts: list[str] = []
    for character in word:
        joined = unicodedata.combining(character) or character in "\u200c\u200d"
        if parts and (joined or len(parts[-1]) < LONGEST_WORD):
            parts[-1] += character
        else:
            parts.append(character)
    return BREAK.join(parts)


def replace_unshown(text: str, covered: frozenset[int]) -> tuple[str, list[str]]:
    """`text` with U+FFFD for what no font draws, and those characters in order of code point.

    Characters without a shape of their own (spaces, joiners, direction marks) are left alone.
    """
    unshown = sorted(
        character
        for character in set(text)
        if ord(character) not in covered and not _shapeless(character)
    )
    return text.translate({ord(character): UNSHOWN for character in unshown}), unshown


def is_visible(text: str) -> bool:
    """True when a reader would see at least one character of `text`."""
    return any(not character.isspace() and character not in "\u2800" for character in _seen(text))


def _seen(text: str) -> Iterator[str]:
    for character in clean_text(text):
        if not _shapeless(character):
            yield character


def _shapeless(character: str) -> bool:
    """Spaces, joiners, direction marks, variation selectors: nothing to draw, no font needed."""
    if character in SIGNS:
        return False
    return character in SHAPELESS or unicodedata.category(character) in ("Zs", "Cf")
