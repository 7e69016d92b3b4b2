"""Values that stand in for real ones in a scrubbed copy: of the same kind, visibly nobody's."""

import hashlib
import hmac
import os
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models

# RFC 2606, section 2: a top-level domain that never exists. RFC 5737: addresses for examples.
NOWHERE = "example.invalid"
EXAMPLE_ADDRESS = "192.0.2.{}"
SHIFT = 90  # days that a date may be moved back


class Inventor:
    """Replaces values in one copy. The same value becomes the same one everywhere in it.

    So ids that point at each other still do, and nobody can tell from them who it was: the key
    that decides is forgotten with this object.
    """

    def __init__(self) -> None:
        self._key = os.urandom(32)
        self._counts: dict[str, int] = {}

    def replace(self, field: models.Field[Any, Any], value: Any) -> Any:
        """An invented value of the kind of `value`; what is empty stays empty."""
        if value is None or value == "" or value == b"":
            return value
        if field.choices:
            return self._choice(field, value)
        if isinstance(value, UUID):
            return UUID(bytes=self._digest(str(value))[:16], version=4)
        if isinstance(value, datetime | date):
            return value - timedelta(days=1 + self._number(str(value), SHIFT))
        if isinstance(value, str):
            return self._text(field, value)
        return self.empty(field)

    def empty(self, field: models.Field[Any, Any]) -> Any:
        """No value, as far as the column allows; a unique one gets an invented text."""
        if field.null:
            return None
        for kind, make in EMPTY:
            if isinstance(field, kind):
                nothing = make()
                return self._text(field, "") if field.unique and nothing == "" else nothing
        return field.get_default()

    def _text(self, field: models.Field[Any, Any], value: str) -> str:
        number = self._counts[field.name] = self._counts.get(field.name, 0) + 1
        if isinstance(field, models.EmailField):
            invented = f"invented-{number}@{NOWHERE}"
        elif isinstance(field, models.URLField):
            invented = f"https://{NOWHERE}/{number}"
        elif isinstance(field, models.GenericIPAddressField):
            invented = EXAMPLE_ADDRESS.format(number % 256)
        elif field.name == "password":
            invented = f"!{number}"  # Django's sign of a password that never fits
        elif _is_id(value):
            # Ids that are kept as text point at others too.
            invented = str(UUID(bytes=self._digest(value)[:16], version=4))
        elif " " in value:
            invented = f"Invented {field.name.replace('_', ' ')} {number}"
        else:
            invented = f"invented-{number}"
        return invented[-(field.max_length or len(invented)) :]

    def _choice(self, field: models.Field[Any, Any], value: Any) -> Any:
        codes = [code for code, _ in field.flatchoices]
        return codes[self._number(f"{os.urandom(8)!r}", len(codes))] if codes else value

    def _digest(self, text: str) -> bytes:
        return hmac.digest(self._key, text.encode(), hashlib.sha256)

    def _number(self, text: str, below: int) -> int:
        return int.from_bytes(self._digest(text)[:8], "big") % below


EMPTY: tuple[tuple[type[models.Field[Any, Any]], Callable[[], Any]], ...] = (
    (models.CharField, str),
    (models.TextField, str),
    (models.BinaryField, bytes),
    (models.BooleanField, bool),
    (models.IntegerField, int),
)


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
