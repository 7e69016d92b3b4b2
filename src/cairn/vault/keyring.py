"""Data keys: one for each person or record. Made, handed out for one use, destroyed for good."""

import hashlib
import time
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from cairn.core.classification import Zone
from cairn.vault import envelope, zone_keys
from cairn.vault.errors import Altered, KeyGone
from cairn.vault.models import DataKey, DestroyedKey, NamedKey
from cairn.vault.router import ALIAS

# Seconds for which a key stays at hand for sealing, within one request. Opening never uses it.
WARM = 5.0
_TRIES = 3
_CHUNK = 500  # ids in one question; SQLite before 3.32 takes 999 parameters

_warmed: ContextVar[dict[UUID, tuple[AESGCM, float]] | None] = ContextVar("warmed", default=None)


@dataclass(frozen=True, slots=True)
class Destroyed:
    """Proof that a data key is gone. `key_hash` names it without telling whose it was.

    `existed`: False when it was gone before, and `at` tells when.
    """

    key_hash: str
    at: datetime
    existed: bool


def create(zone: Zone | str) -> UUID:
    """Make a data key of `zone` and return its id. Raises RootError."""
    return create_many(zone, 1)[0]


def create_many(zone: Zone | str, count: int) -> list[UUID]:
    """Make `count` data keys of `zone` in one transaction of the key store. Raises RootError."""
    for attempt in range(_TRIES):
        zone_key = zone_keys.current(zone, again=attempt > 0)
        raw = {uuid4(): envelope.new_key() for _ in range(count)}
        rows = [
            DataKey(
                pk=key_id,
                zone_key_id=zone_key.id,
                wrapped=envelope.seal(zone_key.cipher, key, bound(key_id)),
                made_at=timezone.now(),
            )
            for key_id, key in raw.items()
        ]
        with transaction.atomic(using=ALIAS):
            # Another process may have rotated the zone since this one looked.
            if not zone_keys.is_still_current(zone_key.id):
                continue
            DataKey.objects.bulk_create(rows, batch_size=_CHUNK)
        for key_id, key in raw.items():
            _warm_one(key_id, envelope.cipher(key))
        return list(raw)
    raise KeyGone(f"of zone {zone}", erased=False)


def bound(key_id: UUID) -> bytes:
    """What a wrapped data key is tied to."""
    return b"cairn data key\0" + key_id.bytes


def key_hash(key_id: UUID) -> str:
    """How the ledger knows a destroyed key."""
    return hashlib.sha256(b"cairn destroyed key\0" + key_id.bytes).hexdigest()


def destroy(key_id: UUID) -> Destroyed:
    """Destroy a data key for good: all that it sealed is noise from now on, in backups too.

    Takes effect at once in every process, as opening always asks the key store. Safe to repeat.
    Named keys are refused by the database (ProtectedError).
    """
    digest, now = key_hash(key_id), timezone.now()
    with transaction.atomic(using=ALIAS):
        deleted, _ = DataKey.objects.filter(pk=key_id).delete()
        entry, _ = DestroyedKey.objects.get_or_create(key_hash=digest, defaults={"at": now})
        transaction.on_commit(scrub, using=ALIAS)
    _known_warm().pop(key_id, None)
    return Destroyed(digest, entry.at, bool(deleted))


def scrub() -> None:
    """Take deleted keys out of what the key store still has on disk, as far as it lets us.

    SQLite overwrites deleted rows (secure_delete), and here its log is emptied too. PostgreSQL
    frees the space with VACUUM, but old log files and pages may hold the wrapped key until the
    zone key is rotated: then they are noise.
    """
    connection = connections[ALIAS]
    if connection.in_atomic_block:
        return
    statement = "PRAGMA wal_checkpoint(TRUNCATE)"
    if connection.vendor == "postgresql":
        statement = "VACUUM vault_datakey"
    with connection.cursor() as cursor:
        cursor.execute(statement)


def exists(ids: Iterable[UUID]) -> set[UUID]:
    """Those of `ids` whose key is in the key store."""
    return {
        found
        for part in _parts(ids)
        for found in DataKey.objects.filter(pk__in=part).values_list("pk", flat=True)
    }


def was_destroyed(ids: Iterable[UUID]) -> set[UUID]:
    """Those of `ids` that the ledger names as destroyed."""
    by_hash = {key_hash(key_id): key_id for key_id in ids}
    return {
        by_hash[digest]
        for part in _parts(by_hash)
        for digest in DestroyedKey.objects.filter(pk__in=part).values_list("pk", flat=True)
    }


def ledger() -> Iterator[tuple[str, datetime]]:
    """Every destroyed key: (hash, moment), oldest first. Holds nothing that tells of a person."""
    yield from DestroyedKey.objects.order_by("at", "pk").values_list("pk", "at").iterator()


def reapply(entries: Iterable[tuple[str, datetime]]) -> int:
    """After an old key store was put back: destroy again what `entries` name. Returns how many."""
    known = dict(entries)
    gone = 0
    with transaction.atomic(using=ALIAS):
        DestroyedKey.objects.bulk_create(
            [DestroyedKey(key_hash=digest, at=at) for digest, at in known.items()],
            ignore_conflicts=True,
            batch_size=_CHUNK,
        )
        found = [
            key_id
            for key_id in DataKey.objects.values_list("pk", flat=True).iterator()
            if key_hash(key_id) in known
        ]
        for part in _parts(found):
            gone += DataKey.objects.filter(pk__in=part).delete()[0]
        transaction.on_commit(scrub, using=ALIAS)
    return gone


def named(name: str, zone: Zone | str) -> UUID:
    """The data key that is known as `name`; made in `zone` when first asked for."""
    found = NamedKey.objects.filter(pk=name).values_list("key_id", flat=True).first()
    if found is not None:
        return found
    key_id = create(zone)
    try:
        with transaction.atomic(using=ALIAS):
            NamedKey.objects.create(name=name, key_id=key_id)
    except IntegrityError:  # another process was first; the key made here is nobody's
        DataKey.objects.filter(pk=key_id).delete()
        return NamedKey.objects.get(pk=name).key_id
    return key_id


def ciphers(ids: Iterable[UUID]) -> dict[UUID, AESGCM | Exception]:
    """Each id with its cipher, or with the reason why there is none. One query for all.

    Meant for the one call that needs it: what is destroyed later must not stay at hand here.
    """
    wanted = set(ids)
    found = _unwrapped(wanted)
    # Rotated while we read: the zone key that we saw is gone, the row names a newer one.
    missed = {key_id for key_id, each in found.items() if isinstance(each, LookupError)}
    if missed:
        found |= _unwrapped(missed)
    missing = wanted - set(found)
    erased = was_destroyed(missing) if missing else set()
    for key_id in missing:
        found[key_id] = KeyGone(key_id, erased=key_id in erased)
    return found


def raw_key(key_id: UUID) -> bytes:
    """The key itself, for the vault's own derivations. Raises KeyGone, Altered or RootError."""
    for row in DataKey.objects.filter(pk=key_id):
        return envelope.unseal(zone_keys.by_id(row.zone_key_id), bytes(row.wrapped), bound(key_id))
    raise KeyGone(key_id, erased=bool(was_destroyed([key_id])))


def warm(ids: Iterable[UUID]) -> None:
    """Have the keys of `ids` at hand for sealing, in this request, after one query."""
    for key_id, each in ciphers(set(ids) - set(_known_warm())).items():
        if isinstance(each, AESGCM):
            _warm_one(key_id, each)


def for_sealing(key_id: UUID) -> AESGCM:
    """The cipher that seals values of one record. Raises KeyGone, Altered or RootError."""
    known = _known_warm().get(key_id)
    if known is not None and time.monotonic() - known[1] < WARM:
        return known[0]
    found = ciphers([key_id])[key_id]
    if isinstance(found, Exception):
        raise found
    _warm_one(key_id, found)
    return found


def forget_warmed(**signal: Any) -> None:
    """Let go of every key at hand (the start and the end of each request)."""
    _warmed.set(None)


def _known_warm() -> dict[UUID, tuple[AESGCM, float]]:
    known = _warmed.get()
    if known is None:
        known = {}
        _warmed.set(known)
    return known


def _warm_one(key_id: UUID, cipher: AESGCM) -> None:
    known = _known_warm()
    if len(known) >= 10 * _CHUNK:  # a long import outside any request
        known.clear()
    known[key_id] = (cipher, time.monotonic())


def _unwrapped(ids: Iterable[UUID]) -> dict[UUID, AESGCM | Exception]:
    found: dict[UUID, AESGCM | Exception] = {}
    for part in _parts(ids):
        rows = DataKey.objects.filter(pk__in=part).values_list("pk", "zone_key_id", "wrapped")
        for key_id, zone_key_id, wrapped in rows:
            try:
                raw = envelope.unseal(zone_keys.by_id(zone_key_id), bytes(wrapped), bound(key_id))
            except (LookupError, Altered) as problem:
                found[key_id] = problem
            else:
                found[key_id] = envelope.cipher(raw)
    return found


def _parts(ids: Iterable[Any]) -> Iterator[list[Any]]:
    all_ids = list(ids)
    for start in range(0, len(all_ids), _CHUNK):
        yield all_ids[start : start + _CHUNK]
