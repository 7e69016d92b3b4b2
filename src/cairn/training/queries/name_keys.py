"""Keyed hashes of names and service numbers: made, looked up, never turned back."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from cairn.core.classification import Zone
from cairn.training.models import IdentifierHash, NameKey
from cairn.training.rules import names
from cairn.training.rules.names import KeyKind
from cairn.vault import blind

# Purposes of the blind indexes. Only trainees' names go in, and they are asked for through pages
# that count how often somebody asks; single words make no key (rules.names.keys).
NAMES = "trainee-name"
NUMBERS = "service-number"
SERVICE_NUMBER = "service-number"
# Records shown for one search: more means that the search was too wide.
MOST_FOUND = 50

Digest = tuple[str, str]
"""(kind of key, keyed hash)."""


def digests(people: Sequence[Iterable[str]]) -> list[frozenset[Digest]]:
    """For each person's names the hashed keys; one query to the key store for all of them."""
    keyed = [sorted(names.keys(*each)) for each in people]
    flat = [key for each in keyed for key in each]
    if not flat:
        return [frozenset() for _ in keyed]
    # The kind goes into the hash: the same letters as "words" and as "sound" are unrelated.
    hashed = iter(blind.indexes(Zone.PROGRAMME, NAMES, [f"{key.kind}\0{key.text}" for key in flat]))
    return [frozenset((key.kind.value, next(hashed)) for key in each) for each in keyed]


def number_digests(numbers: Sequence[str]) -> list[str]:
    """Hashes of service numbers as people type them; "" for none. One query for all."""
    plain = ["".join(sign for sign in each.casefold() if sign.isalnum()) for each in numbers]
    hashed = iter(blind.indexes(Zone.PROGRAMME, NUMBERS, [each for each in plain if each]))
    return [next(hashed) if each else "" for each in plain]


def holders(wanted: Collection[Digest]) -> dict[UUID, set[KeyKind]]:
    """{id of a practitioner: kinds of keys shared with `wanted`}. One query for each 500 keys."""
    found: dict[UUID, set[KeyKind]] = defaultdict(set)
    known = set(wanted)
    hashes = sorted({digest for _kind, digest in wanted})
    for start in range(0, len(hashes), 500):
        rows = NameKey.objects.filter(digest__in=hashes[start : start + 500])
        for kind, digest, owner in rows.values_list("kind", "digest", "practitioner"):
            if (kind, digest) in known:
                found[owner].add(KeyKind(kind))
    return dict(found)


def holders_of_each(wanted: Iterable[Digest]) -> dict[Digest, set[UUID]]:
    """{key: ids of the practitioners who have it}. One query for each 500 keys."""
    found: dict[Digest, set[UUID]] = defaultdict(set)
    known = set(wanted)
    hashes = sorted({digest for _kind, digest in known})
    for start in range(0, len(hashes), 500):
        rows = NameKey.objects.filter(digest__in=hashes[start : start + 500])
        for kind, digest, owner in rows.values_list("kind", "digest", "practitioner"):
            if (kind, digest) in known:
                found[(kind, digest)].add(owner)
    return dict(found)


def numbered(hashes: Collection[str]) -> dict[str, set[UUID]]:
    """{hash of a service number: ids of the practitioners who have it}."""
    found: dict[str, set[UUID]] = defaultdict(set)
    every = sorted({each for each in hashes if each})
    for start in range(0, len(every), 500):
        rows = IdentifierHash.objects.filter(
            kind=SERVICE_NUMBER, digest__in=every[start : start + 500]
        )
        for digest, owner in rows.values_list("digest", "practitioner"):
            found[digest].add(owner)
    return dict(found)


def keys_of(ids: Collection[UUID]) -> Mapping[UUID, frozenset[Digest]]:
    """{id: hashed keys} of these practitioners. One query."""
    found: dict[UUID, set[Digest]] = defaultdict(set)
    rows = NameKey.objects.filter(practitioner__in=ids)
    for owner, kind, digest in rows.values_list("practitioner", "kind", "digest"):
        found[owner].add((kind, digest))
    return {owner: frozenset(each) for owner, each in found.items()}
