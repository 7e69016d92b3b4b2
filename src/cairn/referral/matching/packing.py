"""Hashed features of a person in few bytes, and unpacked as they are compared."""

from collections.abc import Iterable
from struct import Struct
from typing import NamedTuple

from cairn.referral.matching.features import Kind

_ENTRY = Struct(">BBq")
SIZE = _ENTRY.size


class Marked(NamedTuple):
    """A feature whose text is hashed. `mark`: 64 bits, signed."""

    kind: int
    slot: int
    mark: int


def pack(marked: Iterable[Marked]) -> bytes:
    """Ten bytes for each, in no telling order: by their hashes."""
    entries = sorted(marked, key=lambda each: (each.kind, each.mark, each.slot))
    return b"".join(_ENTRY.pack(*each) for each in entries)


def unpack(packed: bytes) -> list[Marked]:
    """The same again. Raises ValueError for bytes that `pack` did not make."""
    if len(packed) % SIZE:
        raise ValueError("These bytes are no packed features.")
    return list(map(Marked._make, _ENTRY.iter_unpack(packed)))


class Compared:
    """Packed features of the person who is looked for, ready for many comparisons."""

    __slots__ = ("entries", "kinds", "where", "words")

    def __init__(self, packed: bytes) -> None:
        self.entries = list(_ENTRY.iter_unpack(packed))
        self.where: dict[int, list[tuple[int, int]]] = {}
        self.kinds: set[int] = set()
        self.words: set[int] = set()
        for kind, slot, mark in self.entries:
            self.where.setdefault(mark, []).append((kind, slot))
            self.kinds.add(kind)
            if kind == Kind.WORD:
                self.words.add(slot)
