"""What a phone holds in one language: texts, phrases, indicators of the edition in force, cards."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language_info, override

from cairn.field import cards, deployment, shipped, texts
from cairn.identification.queries import indicators
from cairn.identification.queries.devices import edition_mark

FORMAT = 1
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
Mark = tuple[str, datetime | None]


@dataclass(frozen=True, slots=True)
class Packs:
    """The packs of all languages as they are sent, and 16 hex that change with any sign of them."""

    build: str
    contents: Mapping[str, bytes]


def packs() -> Packs:
    """The packs of this moment: they change with the app and with the edition in force."""
    made = _made.__wrapped__ if settings.DEBUG else _made
    return made(shipped.build(), edition_mark())


def pack(language: str) -> tuple[bytes, str]:
    """The pack of a language that the site is offered in, and its build. Raises KeyError."""
    found = packs()
    return found.contents[language], found.build


@lru_cache(maxsize=4)
def _made(app: str, mark: Mark) -> Packs:
    """`mark`: by what the packs kept here are known to be of the edition in force."""
    whole = {language: _content(language, app) for language in LANGUAGES}
    build = hashlib.sha256(_written(whole)).hexdigest()[:16]
    contents = {language: _written({**one, "build": build}) for language, one in whole.items()}
    return Packs(build, contents)


def _content(language: str, app: str) -> dict[str, Any]:
    edition = indicators.edition_in_force()
    with override(language):
        return {
            "v": FORMAT,
            "language": language,
            "dir": "rtl" if get_language_info(language)["bidi"] else "ltr",
            "app": app,
            "name": deployment.neutral_name(),
            "texts": texts.texts(),
            "phrases": texts.phrases(),
            "audio": _recordings(),
            "edition": indicators.pack(edition, language),
            "cards": cards.cards(),
        }


def _recordings() -> dict[str, str]:
    """ "language/phrase" -> address, of every language: the person hears another than is read."""
    return {
        f"{language}/{key}": reverse("field:audio", args=[language, path.name])
        for language in LANGUAGES
        for key, path in deployment.recordings(language).items()
    }


def _written(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
