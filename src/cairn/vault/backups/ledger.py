"""The ledger of destroyed keys, carried past every old copy: what was destroyed stays destroyed."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from cairn.vault import keyring
from cairn.vault.backups import manifest as sheets
from cairn.vault.backups.errors import BackupError
from cairn.vault.models import DataKey, DestroyedKey, NamedKey

# Hash of a data key's id, as the key store keeps it: moment of destruction (ISO 8601).
Ledger = dict[str, str]
BATCH = 1_000


def of_store(alias: str) -> Ledger:
    """What the key store `alias` knows to be destroyed."""
    rows = DestroyedKey.objects.using(alias).values_list("key_hash", "at").iterator()
    return {key_hash: at.astimezone(UTC).isoformat() for key_hash, at in rows}


def merged(ledgers: Iterable[Ledger]) -> Ledger:
    """All of them; the earliest moment counts, as a key dies once."""
    together: Ledger = {}
    for ledger in ledgers:
        for key_hash, at in ledger.items():
            together[key_hash] = min(at, together.get(key_hash, at))
    return together


def newest_beside(folders: Iterable[Path]) -> Ledger:
    """The ledger on the newest sheet in these folders that the root key in use vouches for.

    A ledger only grows, so the newest holds all the older ones, and of two from one second the
    longer is the newer; one that was altered, or belongs to another installation, does not open
    and is passed over.
    """
    found = [sheet for folder in set(folders) for sheet in sheets.beside(folder)]
    by_age = sorted(found, key=lambda sheet: (sheet.made_at, len(sheet.erased)), reverse=True)
    for sheet in by_age:
        try:
            sheets.unseal(sheet)
        except BackupError:
            continue
        return sheet.erased
    return {}


def reapply(alias: str, ledger: Ledger) -> int:
    """Destroy again, in the key store `alias`, every key on the ledger; returns how many lived."""
    known = set(DestroyedKey.objects.using(alias).values_list("key_hash", flat=True))
    DestroyedKey.objects.using(alias).bulk_create(
        DestroyedKey(key_hash=key_hash, at=datetime.fromisoformat(at))
        for key_hash, at in ledger.items()
        if key_hash not in known
    )
    revived = 0
    for batch in _batches(alias):
        doomed = [key_id for key_id in batch if keyring.key_hash(key_id) in ledger]
        if doomed:
            NamedKey.objects.using(alias).filter(key_id__in=doomed).delete()
            DataKey.objects.using(alias).filter(pk__in=doomed).delete()
            revived += len(doomed)
    return revived


def _batches(alias: str) -> Iterator[list[UUID]]:
    """Ids of all data keys, by the thousand, in their order, so that removing disturbs nothing."""
    last = None
    while True:
        rows = DataKey.objects.using(alias).order_by("pk")
        if last is not None:
            rows = rows.filter(pk__gt=last)
        batch: list[UUID] = list(rows.values_list("pk", flat=True)[:BATCH])
        if not batch:
            return
        last = batch[-1]
        yield batch
