"""Keys of zones: made when first needed, kept open in this process for a short while."""

import time
from dataclasses import dataclass
from threading import Lock
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from cairn.core.classification import Zone
from cairn.vault import envelope, roots
from cairn.vault.models import KeyState, ZoneKey
from cairn.vault.router import ALIAS

# Seconds. A key service that is shut stops every process from reading within this time.
LIFE = 60.0


@dataclass(frozen=True, slots=True)
class OpenZoneKey:
    """A zone key ready for use. `read_at`: monotonic seconds."""

    id: UUID
    zone: str
    version: int
    is_current: bool
    cipher: AESGCM
    read_at: float


class ZoneKeyGone(LookupError):
    """No such zone key, or it was destroyed."""


_open: dict[UUID, OpenZoneKey] = {}
_lock = Lock()


def bound(zone: str, version: int) -> bytes:
    """What a wrapped zone key is tied to."""
    return b"cairn zone key\0%s\0%d" % (zone.encode(), version)


def forget() -> None:
    """Close every zone key in this process."""
    with _lock:
        _open.clear()


def by_id(zone_key_id: UUID) -> AESGCM:
    """The cipher of one zone key. Raises ZoneKeyGone, RootError or Altered."""
    return _fresh(zone_key_id).cipher


def current(zone: Zone | str, *, again: bool = False) -> OpenZoneKey:
    """The version that wraps new data keys; the first one is made here.

    `again`: ask the key store even when this process believes to know.
    """
    if not again:
        now = time.monotonic()
        for each in list(_open.values()):
            if each.zone == zone and each.is_current and now - each.read_at < LIFE:
                return each
    row = ZoneKey.objects.filter(zone=zone, state=KeyState.CURRENT).first() or _first(zone)
    return _keep(row)


def add_version(zone: Zone | str) -> ZoneKey:
    """Make the next version the current one; the one before it retires. In a transaction."""
    with transaction.atomic(using=ALIAS):
        last = ZoneKey.objects.filter(zone=zone).order_by("-version").first()
        ZoneKey.objects.filter(zone=zone, state=KeyState.CURRENT).update(state=KeyState.RETIRING)
        return _make(zone, last.version + 1 if last else 1)


def is_still_current(zone_key_id: UUID) -> bool:
    """Asked in the transaction that adds a data key; holds off a rotation until its end."""
    connection = connections[ALIAS]
    field = ZoneKey._meta.pk
    value = field.get_db_prep_value(zone_key_id, connection)
    # SQLite has one writer at a time, so its transaction needs no lock on the row.
    statement = "SELECT 1 FROM vault_zonekey WHERE id = %s AND state = 'current'"
    if connection.vendor == "postgresql":
        statement += " FOR SHARE"
    with connection.cursor() as cursor:
        cursor.execute(statement, [value])
        return cursor.fetchone() is not None


def _fresh(zone_key_id: UUID) -> OpenZoneKey:
    known = _open.get(zone_key_id)
    if known is not None and time.monotonic() - known.read_at < LIFE:
        return known
    row = ZoneKey.objects.filter(pk=zone_key_id).exclude(state=KeyState.DESTROYED).first()
    if row is None:
        with _lock:
            _open.pop(zone_key_id, None)
        raise ZoneKeyGone(zone_key_id)
    return _keep(row)


def _keep(row: ZoneKey) -> OpenZoneKey:
    key = roots.configured().unwrap(row.root_id, bytes(row.wrapped), bound(row.zone, row.version))
    is_current = row.state == KeyState.CURRENT
    opened = OpenZoneKey(
        row.pk, row.zone, row.version, is_current, envelope.cipher(key), time.monotonic()
    )
    with _lock:
        if is_current:
            for each in [each for each in _open.values() if each.zone == row.zone]:
                del _open[each.id]
        _open[row.pk] = opened
    return opened


def _first(zone: Zone | str) -> ZoneKey:
    try:
        with transaction.atomic(using=ALIAS):
            return _make(zone, 1)
    except IntegrityError:  # another process was first
        return ZoneKey.objects.get(zone=zone, state=KeyState.CURRENT)


def _make(zone: Zone | str, version: int) -> ZoneKey:
    root_id, wrapped = roots.configured().wrap(envelope.new_key(), bound(zone, version))
    return ZoneKey.objects.create(
        zone=str(zone), version=version, root_id=root_id, wrapped=wrapped, made_at=timezone.now()
    )
