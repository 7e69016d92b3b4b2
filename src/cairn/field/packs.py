"""What a phone holds in one language: texts, phrases, indicators of the edition in force, cards."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language_info, override

from cairn.field import deployment, shipped, texts

FORMAT = 1
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


@dataclass(frozen=True, slots=True)
class Pack:
    """One pack as it is sent: JSON, and 16 hex that change with any sign of it."""

    content: bytes
    build: str


def pack(language: str) -> Pack:
    """The pack of a language that the site is offered in. Raises KeyError for any other."""
    from cairn.identification.queries import indicators  # LATER

    if language not in LANGUAGES:
        raise KeyError(language)
    edition = indicators.edition_in_force()
    made = _made.__wrapped__ if settings.DEBUG else _made
    return made(language, shipped.build(), _mark_of(edition))


def builds() -> dict[str, str]:
    """Language -> build of its pack: by these a phone knows that it holds an old one."""
    return {language: pack(language).build for language in LANGUAGES}


def _mark_of(edition: Any) -> tuple[str, datetime | None]:
    """By what a kept pack is known to be that of the edition in force."""
    return ("", None) if edition is None else (edition.code, edition.published_at)


@lru_cache(maxsize=16)
def _made(language: str, app: str, edition_mark: tuple[str, datetime | None]) -> Pack:
    from cairn.field import cards  # LATER
    from cairn.identification.queries import indicators  # LATER

    edition = indicators.edition_in_force()
    with override(language):
        content: dict[str, Any] = {
            "v": FORMAT,
            "language": language,
            "dir": "rtl" if get_language_info(language)["bidi"] else "ltr",
            "app": app,
            "name": deployment.neutral_name(),
            "texts": texts.texts(),
            "phrases": texts.phrases(),
            "audio": _recordings(),
            "edition": None if edition is None else indicators.pack(edition, language),
            "cards": cards.cards(),
        }
    build = hashlib.sha256(_written(content)).hexdigest()[:16]
    return Pack(_written(content | {"build": build}), build)


def _recordings() -> dict[str, str]:
    """ "language/phrase" -> address, of every language: the person hears another than is read."""
    return {
        f"{language}/{key}": reverse("field:audio", args=[language, path.name])
        for language in LANGUAGES
        for key, path in deployment.recordings(language).items()
    }


def _written(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
