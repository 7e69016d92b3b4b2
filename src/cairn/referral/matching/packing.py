"""What is kept of a person to compare by, in few bytes: hashed features, then hashed keys.

Two bytes count the features. Then come their hashes, their kinds and their places, each as one
column, ordered by kind; last the keys. A comparison reads a column in one go.
"""

from collections.abc import Iterable
from functools import lru_cache
from struct import Struct
from typing import NamedTuple

from cairn.referral.matching.features import Kind

_COUNT = Struct(">H")
HEAD, SIZE, KEY_SIZE = _COUNT.size, 10, 8


class Marked(NamedTuple):
    """A feature whose text is hashed. `mark`: 64 bits, signed."""

    kind: int
    slot: int
    mark: int


class Columns(NamedTuple):
    """Features by column, in the same order; `kinds` ascend."""

    marks: tuple[int, ...]
    kinds: bytes
    slots: bytes


@lru_cache(maxsize=512)
def _numbers(count: int) -> Struct:
    return Struct(f">{count}q")


def pack(features: Iterable[Marked], keys: Iterable[int] = ()) -> bytes:
    """Ten bytes for each feature and eight for each key."""
    entries = sorted(features, key=lambda each: (each.kind, each.mark, each.slot))
    own = tuple(keys)
    return b"".join(
        (
            _COUNT.pack(len(entries)),
            _numbers(len(entries)).pack(*(each.mark for each in entries)),
            bytes(each.kind for each in entries),
            bytes(each.slot for each in entries),
            _numbers(len(own)).pack(*own),
        )
    )


def columns(packed: bytes) -> Columns:
    """The features. Raises ValueError for bytes that `pack` did not make."""
    count = _COUNT.unpack_from(packed)[0] if len(packed) >= HEAD else 0
    kinds = HEAD + 8 * count
    ends = HEAD + SIZE * count
    if len(packed) < max(HEAD, ends) or (len(packed) - ends) % KEY_SIZE:
        raise ValueError("These bytes are no packed features.")
    marks = _numbers(count).unpack_from(packed, HEAD)
    return Columns(marks, packed[kinds : kinds + count], packed[kinds + count : ends])


def keys_of(packed: bytes) -> tuple[int, ...]:
    """The hashed keys by which the person is found."""
    start = HEAD + SIZE * _COUNT.unpack_from(packed)[0]
    return _numbers((len(packed) - start) // KEY_SIZE).unpack_from(packed, start)


class Compared:
    """Packed features of the person who is looked for, ready for many comparisons."""

    __slots__ = ("kinds", "where", "words")

    def __init__(self, packed: bytes) -> None:
        marks, kinds, slots = columns(packed)
        self.kinds = frozenset(kinds)
        self.words = frozenset(slots[: kinds.count(Kind.WORD)])
        # The same hash stands for one kind only, perhaps in several places.
        self.where: dict[int, list[int]] = {}
        for mark, slot in zip(marks, slots, strict=True):
            self.where.setdefault(mark, []).append(slot)
