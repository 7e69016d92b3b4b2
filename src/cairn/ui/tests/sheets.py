"""Reads the style sheets and templates of the whole source tree for the tests."""

import re
from pathlib import Path

import cairn

SOURCE = Path(cairn.__file__).parent
CSS = SOURCE / "ui" / "static" / "ui" / "css"
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
BLOCK = re.compile(r"([^{}]+)\{([^{}]*)\}")


def sheets() -> list[Path]:
    """Every style sheet that the project ships."""
    return sorted(SOURCE.rglob("static/**/*.css"))


def templates() -> list[Path]:
    """Every HTML template that the project ships."""
    return sorted(SOURCE.rglob("templates/**/*.html"))


def declarations(text: str) -> list[tuple[str, str, str]]:
    """(selector, property, value) of each declaration in `text`, without comments."""
    found = []
    for selector, body in BLOCK.findall(COMMENT.sub("", text)):
        for line in body.split(";"):
            name, colon, value = line.partition(":")
            if colon:
                found.append((" ".join(selector.split()), name.strip(), " ".join(value.split())))
    return found


def themes() -> dict[str, dict[str, str]]:
    """The tokens of tokens.css: "light", "dark" (chosen) and "device" (dark by the device)."""
    kinds = {
        ":root": "light",
        ':root[data-theme="dark"]': "dark",
        ':root:not([data-theme="light"])': "device",
    }
    tokens: dict[str, dict[str, str]] = {"light": {}, "dark": {}, "device": {}}
    for selector, name, value in declarations((CSS / "tokens.css").read_text()):
        tokens[kinds[selector]][name] = value
    return tokens
