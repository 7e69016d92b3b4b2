"""What is kept of a person to compare by, in few bytes: hashed features, then hashed keys."""

from collections.abc import Iterable
from struct import Struct
from typing import NamedTuple

from cairn.referral.matching.features import Kind

_ENTRY = Struct(">BBq")
_COUNT = Struct(">H")
HEAD, SIZE, KEY_SIZE = _COUNT.size, _ENTRY.size, 8


class Marked(NamedTuple):
    """A feature whose text is hashed. `mark`: 64 bits, signed."""

    kind: int
    slot: int
    mark: int


def pack(features: Iterable[Marked], keys: Iterable[int] = ()) -> bytes:
    """Two bytes that count features, ten for each by kind and hash, eight for each key."""
    entries = sorted(features, key=lambda each: (each.kind, each.mark, each.slot))
    return b"".join(
        [
            _COUNT.pack(len(entries)),
            *(_ENTRY.pack(*each) for each in entries),
            *(key.to_bytes(KEY_SIZE, "big", signed=True) for key in keys),
        ]
    )


def entries_of(packed: bytes) -> Iterable[tuple[int, int, int]]:
    """(kind, slot, mark) of each feature. Raises ValueError for bytes that `pack` did not make."""
    if len(packed) < HEAD:
        raise ValueError("These bytes are no packed features.")
    ends = HEAD + SIZE * _COUNT.unpack_from(packed)[0]
    if ends > len(packed) or (len(packed) - ends) % KEY_SIZE:
        raise ValueError("These bytes are no packed features.")
    return _ENTRY.iter_unpack(memoryview(packed)[HEAD:ends])  # type: ignore[return-value]


def keys_of(packed: bytes) -> tuple[int, ...]:
    """The hashed keys by which the person is found."""
    start = HEAD + SIZE * _COUNT.unpack_from(packed)[0]
    return tuple(
        int.from_bytes(packed[at : at + KEY_SIZE], "big", signed=True)
        for at in range(start, len(packed), KEY_SIZE)
    )


class Compared:
    """Packed features of the person who is looked for, ready for many comparisons."""

    __slots__ = ("kinds", "where", "words")

    def __init__(self, packed: bytes) -> None:
        self.where: dict[int, list[tuple[int, int]]] = {}
        self.kinds: set[int] = set()
        self.words: set[int] = set()
        for kind, slot, mark in entries_of(packed):
            self.where.setdefault(mark, []).append((kind, slot))
            self.kinds.add(kind)
            if kind == Kind.WORD:
                self.words.add(slot)
