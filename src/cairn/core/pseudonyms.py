"""Codes by which staff speak of a record: random, told apart by eye and ear, never a word."""

import secrets
from collections.abc import Callable

from django.db import models

from cairn.core.storing import saved_as_new

# No vowels, so that no code spells a word, and none of the pairs that are misread: 0 O, 1 I L,
# 2 Z, 5 S, 8 B, U V. Twenty-four signs; six of them make 191 million codes.
ALPHABET = "23456789CDFGHJKMNPQRTVWX"
_HALF = 3
PATTERN = rf"[{ALPHABET}]{{{_HALF}}}-[{ALPHABET}]{{{_HALF}}}"
# With a million records one draw in two hundred is taken already; ten in a row never are.
_TRIES = 10


def drawn() -> str:
    """A code such as "K7Q-M2R". It is drawn by chance and says nothing about the record."""
    signs = [secrets.choice(ALPHABET) for _ in range(2 * _HALF)]
    return f"{''.join(signs[:_HALF])}-{''.join(signs[_HALF:])}"


def tidied(typed: str) -> str:
    """A code as people type it ("k7q m2r", "K7QM2R") in its written form; "" when it is none."""
    signs = "".join(sign for sign in typed.upper() if not sign.isspace() and sign not in "-‐‑–—")
    if len(signs) != 2 * _HALF or set(signs) - set(ALPHABET):
        return ""
    return f"{signs[:_HALF]}-{signs[_HALF:]}"


def save_with_code(record: models.Model, draw: Callable[[], str] = drawn) -> None:
    """Insert `record` with a code of its own in its field `code`, in the caller's transaction.

    Raises RuntimeError when ten draws in a row are taken.
    """
    for _ in range(_TRIES):
        record.code = draw()  # type: ignore[attr-defined]
        if saved_as_new(record):
            return
    raise RuntimeError("Ten codes in a row are taken.")
