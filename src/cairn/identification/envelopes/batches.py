"""A batch of envelopes as a phone or a courier sends it: its form and its limits."""

import json
from dataclasses import dataclass
from typing import Any

from cairn.identification.envelopes.format import (
    MOST_BATCH_BYTES,
    MOST_BATCH_ITEMS,
    MOST_ITEM_BYTES,
    VERSION,
)

DEEPEST = 5  # an envelope nests twice; deeper ones only cost


@dataclass(frozen=True, slots=True)
class Batch:
    """`items`: each as JSON gave it, or as bytes where it could not be read."""

    items: list[Any]
    wants_receipts: bool = False


class TooLarge(ValueError):
    """More bytes or items than a batch may have: send fewer at once."""


class NoBatch(ValueError):
    """Not a batch of this version."""


def batch_of(body: bytes) -> Batch:
    """The items of a request.

    A body that is small enough for one item and cannot be read is one item, as bytes: it is held
    and not dropped. Raises TooLarge, or NoBatch for what is no batch and larger than an item, and
    for a batch of another version.
    """
    if len(body) > MOST_BATCH_BYTES:
        raise TooLarge
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        return _single(body)
    items = given.get("items") if isinstance(given, dict) else None
    if not isinstance(items, list):
        return _single(body)
    if given.get("v") != VERSION:
        raise NoBatch
    if len(items) > MOST_BATCH_ITEMS:
        raise TooLarge
    return Batch([_kept(item) for item in items], given.get("receipts") is True)


def _single(body: bytes) -> Batch:
    if not body.strip() or len(body) > MOST_ITEM_BYTES:
        raise NoBatch
    return Batch([body])


def _kept(item: Any) -> Any:
    """The item, or its bytes where it is no flat mapping: those are only held."""
    if isinstance(item, dict) and _depth(item) <= DEEPEST:
        return item
    return _shallow(item).encode("ascii")


def _shallow(item: Any) -> str:
    try:
        return json.dumps(item, sort_keys=True, separators=(",", ":"))
    except RecursionError:
        return json.dumps(repr(type(item)))


def _depth(item: Any, level: int = 1) -> int:
    if level > DEEPEST or not isinstance(item, dict | list):
        return level
    inner = item.values() if isinstance(item, dict) else item
    return max((_depth(each, level + 1) for each in inner), default=level)
