"""Changing zone keys and root keys while the system runs; a rotation that was cut off goes on."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connections, transaction
from django.db.models import Count, F
from django.utils import timezone

from cairn.core.classification import Zone
from cairn.vault import envelope, keyring, roots, signing, zone_keys
from cairn.vault.errors import Altered, VaultError
from cairn.vault.models import DataKey, KeyState, Rotation, RotationState, SigningKey, ZoneKey
from cairn.vault.router import ALIAS

BATCH = 2_000  # data keys in one transaction: some 20 ms in which SQLite takes no other write
# done, total, rows a second so far.
Tell = Callable[[int, int, float], None]


class RotationRefused(VaultError):
    """There is nothing to rotate, or it cannot be done now; the text says why."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rotation came to. `done`: keys wrapped anew in this run; `left`: keys that no longer
    open and keep the old zone key alive; `dropped`: ids of old keys that are gone for good.
    """

    kind: str
    zone: str
    done: int
    left: int
    seconds: float
    dropped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ZoneState:
    """One version of a zone's key and how many data keys hang on it."""

    zone: str
    version: int
    state: str
    root_id: str
    data_keys: int
    made_at: datetime


def zones() -> list[ZoneState]:
    """Every version of every zone's key, oldest first."""
    counted = DataKey.objects.values_list("zone_key").annotate(Count("pk"))
    counts: dict[UUID, int] = dict(counted.values_list("zone_key_id", "pk__count"))
    return [
        ZoneState(row.zone, row.version, row.state, row.root_id, counts.get(row.pk, 0), row.made_at)
        for row in ZoneKey.objects.all()
    ]


def rotate_zone(zone: Zone | str, tell: Tell | None = None, batch: int = BATCH) -> Outcome:
    """Give `zone` a new key, wrap all its data keys anew, and destroy the old zone key.

    Goes on where an earlier run was cut off. Reading and writing go on meanwhile. Raises
    RotationRefused for a zone without a key, RootError when the root key is out of reach.
    """
    clock = time.monotonic()
    rotation = _running("zone", str(zone)) or _begin_zone(str(zone))
    new_id = UUID(rotation.to_id)
    new = zone_keys.by_id(new_id)
    done = left = 0
    for old in ZoneKey.objects.filter(zone=zone, state=KeyState.RETIRING):
        for moved, failed in _walk(old.pk, new_id, new, rotation, batch):
            done, left = done + moved, left + failed
            if tell is not None:
                rotation.refresh_from_db(fields=["done", "total"])
                speed = done / max(time.monotonic() - clock, 1e-9)
                tell(rotation.done, max(rotation.total, rotation.done), speed)
    dropped = _destroy_unused(str(zone))
    _end(rotation)
    keyring.scrub()
    return Outcome("zone", str(zone), done, left, time.monotonic() - clock, dropped)


def rotate_root(tell: Tell | None = None, *, drop_old: bool = False) -> Outcome:
    """Wrap every zone key and signing key with a new root key.

    When keys are still wrapped by a root of another source (a file before, a key service now)
    they move to the source of today. `drop_old`: the old root keys are forgotten at the end.
    Raises RootError.
    """
    clock = time.monotonic()
    source = roots.configured()
    rotation = _running("root", "") or Rotation.objects.create(
        kind="root", started_at=timezone.now(), total=len(list(_under_root()))
    )
    if not rotation.to_id:
        moves = any(not source.opens(row.root_id) for row in _under_root())
        rotation.to_id = source.current() if moves else source.renew()
        rotation.save(update_fields=["to_id"])
    done = 0
    for row in _under_root():
        if row.root_id != source.current():
            _rewrap(row, source)
            done += 1
            if tell is not None:
                tell(done, rotation.total, done / max(time.monotonic() - clock, 1e-9))
    Rotation.objects.filter(pk=rotation.pk).update(done=F("done") + done)
    _end(rotation)
    zone_keys.forget()
    dropped = drop_old_roots() if drop_old else ()
    return Outcome("root", "", done, 0, time.monotonic() - clock, dropped)


def drop_old_roots() -> tuple[str, ...]:
    """Forget every root key but the current one. Raises RotationRefused while one is in use."""
    source = roots.configured()
    current = source.current()
    used = sorted({row.root_id for row in _under_root()} - {current})
    if used:
        raise RotationRefused(
            f"Root key {', '.join(used)} still wraps keys: run ./cairn keys-rotate --root first."
        )
    return tuple(source.drop_old())


def running() -> list[Rotation]:
    """Rotations that began and did not end."""
    return list(Rotation.objects.filter(state=RotationState.RUNNING))


def _running(kind: str, zone: str) -> Rotation | None:
    return Rotation.objects.filter(kind=kind, zone=zone, state=RotationState.RUNNING).first()


def _begin_zone(zone: str) -> Rotation:
    with transaction.atomic(using=ALIAS):
        old = ZoneKey.objects.filter(zone=zone, state=KeyState.CURRENT).first()
        if old is None:
            raise RotationRefused(f"Zone {zone} has no key yet, so there is nothing to rotate.")
        new = zone_keys.add_version(zone)
        return Rotation.objects.create(
            kind="zone",
            zone=zone,
            from_id=str(old.pk),
            to_id=str(new.pk),
            total=DataKey.objects.filter(zone_key__zone=zone).count(),
            started_at=timezone.now(),
        )


def _walk(
    old_id: UUID, new_id: UUID, new: AESGCM, rotation: Rotation, batch: int
) -> Iterable[tuple[int, int]]:
    """Wrap anew what hangs on one old zone key, a batch at a time: (moved, no longer opened)."""
    old = zone_keys.by_id(old_id)
    last: UUID | None = None
    while True:
        rows = DataKey.objects.filter(zone_key_id=old_id).order_by("pk")
        if last is not None:
            rows = rows.filter(pk__gt=last)
        page = list(rows.values_list("pk", "wrapped")[:batch])
        if not page:
            return
        last = page[-1][0]
        moved: list[tuple[bytes, UUID]] = []
        for key_id, wrapped in page:
            bound = keyring.bound(key_id)
            try:
                key = envelope.unseal(old, bytes(wrapped), bound)
            except Altered:
                continue
            moved.append((envelope.seal(new, key, bound), key_id))
        yield _store(moved, old_id, new_id, rotation), len(page) - len(moved)


def _store(moved: list[tuple[bytes, UUID]], old_id: UUID, new_id: UUID, rotation: Rotation) -> int:
    """Write one batch. A key that was destroyed or moved meanwhile is left as it is."""
    connection = connections[ALIAS]
    field = DataKey._meta.pk
    old, new = (field.get_db_prep_value(each, connection) for each in (old_id, new_id))
    rows = [(blob, new, field.get_db_prep_value(pk, connection), old) for blob, pk in moved]
    with transaction.atomic(using=ALIAS), connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE vault_datakey SET wrapped = %s, zone_key_id = %s"
            " WHERE id = %s AND zone_key_id = %s",
            rows,
        )
        changed: int = max(cursor.rowcount, 0)
        Rotation.objects.filter(pk=rotation.pk).update(done=F("done") + changed)
    return changed


def _destroy_unused(zone: str) -> tuple[str, ...]:
    """Destroy the retiring keys of `zone` that no data key hangs on."""
    gone = []
    with transaction.atomic(using=ALIAS):
        retiring = ZoneKey.objects.select_for_update().filter(zone=zone, state=KeyState.RETIRING)
        for row in retiring:
            if not DataKey.objects.filter(zone_key=row).exists():
                row.state, row.wrapped = KeyState.DESTROYED, b""
                row.save(update_fields=["state", "wrapped"])
                gone.append(str(row))
    zone_keys.forget()
    return tuple(gone)


def _end(rotation: Rotation) -> None:
    Rotation.objects.filter(pk=rotation.pk).update(
        state=RotationState.DONE, ended_at=timezone.now()
    )


def _under_root() -> Iterable[ZoneKey | SigningKey]:
    yield from ZoneKey.objects.exclude(state=KeyState.DESTROYED)
    yield from SigningKey.objects.all()


def _rewrap(row: ZoneKey | SigningKey, source: roots.RootKeys) -> None:
    bound = (
        zone_keys.bound(row.zone, row.version)
        if isinstance(row, ZoneKey)
        else signing.bound(row.pk)
    )
    if source.opens(row.root_id):
        root_id, wrapped = source.rewrap(row.root_id, bytes(row.wrapped), bound)
    else:
        key = roots.other_holder(row.root_id).unwrap(row.root_id, bytes(row.wrapped), bound)
        root_id, wrapped = source.wrap(key, bound)
    # Guarded: a zone key that a rotation destroyed meanwhile stays destroyed.
    if isinstance(row, ZoneKey):
        living = ZoneKey.objects.exclude(state=KeyState.DESTROYED)
        living.filter(pk=row.pk, root_id=row.root_id).update(root_id=root_id, wrapped=wrapped)
    else:
        pairs = SigningKey.objects.filter(pk=row.pk, root_id=row.root_id)
        pairs.update(root_id=root_id, wrapped=wrapped)
