"""Puts archives back into an empty place, whole or visibly unfinished, and says what stays shut."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from uuid import UUID

import pyrage
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db.models import Model

from cairn.core.classification import stored_models
from cairn.vault import keyring
from cairn.vault.backups import archive, contents, databases, ledger
from cairn.vault.backups import manifest as sheets
from cairn.vault.backups.archive import Tell
from cairn.vault.backups.databases import Database
from cairn.vault.backups.errors import BackupError
from cairn.vault.backups.manifest import KEYS, RECORDS, Manifest
from cairn.vault.backups.sqlite import SqliteDatabase
from cairn.vault.models import DataKey

MARK = "restore-unfinished.json"
# Signed in when the copy was made is not signed in now.
SIGNED_IN = ("sessions.Session", "usersessions.UserSession")
BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Target:
    """An empty place: databases of records and of keys, the folder of files, the mark."""

    records: Database
    keys: Database
    files: Path
    home: Path

    @property
    def mark(self) -> Path:
        return self.home / MARK

    @property
    def unfinished_files(self) -> Path:
        return self.files.with_name(f"{self.files.name}.restoring")


@dataclass(slots=True)
class Restored:
    """What came back. `shut`: sealed records by why they cannot be read, None without any keys.

    `destroyed_again`: keys that the copy still had although they had been destroyed since.
    """

    made_at: str
    rows: int
    files: int
    entries: int
    migrated: int = 0
    key_copy: str = ""
    destroyed_again: int = 0
    sealed: int = 0
    shut: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Copy:
    """An archive that was looked through: its sheet fits, its bytes are those that were written."""

    path: Path
    manifest: Manifest
    identity: pyrage.x25519.Identity


def target(into: str) -> Target:
    """The place that `--into` names: a folder becomes an installation; an address takes records.

    With an address, files and keys go to where this installation's settings keep them.
    """
    if "://" in into:
        files = databases.files_folder()
        home = Path(settings.HOME)
        return Target(databases.at_address(into), databases.in_use("keys"), files, home)
    home = Path(into).expanduser().resolve()
    return Target(
        SqliteDatabase(home / "cairn.sqlite3"),
        SqliteDatabase(home / "keys" / "keys.sqlite3"),
        home / "files",
        home,
    )


def unfinished(home: Path) -> str | None:
    """A sentence about the restore that was broken off in this home; None when there was none."""
    try:
        mark = json.loads((home / MARK).read_text())
        name = str(mark["archive"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        name = "a backup"
    return f"A restore of {name} was broken off here; run it again before anything else."


def restore(path: Path, place: Target, key_copy: Path | None, *, tell: Tell) -> Restored:
    """Put the records in `path`, and the key store in `key_copy`, into `place`.

    Raises BackupError: a damaged, half or foreign file, another root key, a newer version, or a
    place where something lies already. Broken off, it leaves a mark, and can be run again.
    """
    records = _looked_through(path, RECORDS, tell)
    keys = _looked_through(key_copy, KEYS, tell) if key_copy else None
    _check_fit(records, place.records)
    if keys:
        _check_fit(keys, place.keys)
    again = place.mark.exists()
    if again:
        tell("A restore was broken off here: removing what it left.")
        _clear(place, keys is not None)
    _check_empty(place, keys is not None)
    dead = ledger.merged(
        [
            records.manifest.erased,
            keys.manifest.erased if keys else {},
            ledger.newest_beside(
                {records.path.parent, *([keys.path.parent.parent] if keys else [])}
            ),
        ]
    )
    place.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    place.mark.touch(mode=0o600)
    place.mark.write_text(json.dumps({"archive": records.manifest.name, "keys": bool(keys)}))
    files = _fill(records, place.records, place.unfinished_files, tell)
    done = Restored(
        records.manifest.made_at, sum(row.rows for row in records.manifest.rows), files.count, 0
    )
    if keys:
        _fill(keys, place.keys, None, tell)
        done.key_copy = keys.manifest.made_at
    _finish(records, keys, place, dead, done, tell)
    if place.unfinished_files.exists():
        shutil.rmtree(place.files, ignore_errors=True)  # empty, as was checked
        place.unfinished_files.replace(place.files)
    if keys:
        place.keys.place()
    place.records.place()
    place.mark.unlink()
    return done


def restore_keys(path: Path, place: Target, *, tell: Tell) -> int:
    """Put only the key store back, beside records that are there; returns keys destroyed again."""
    keys = _looked_through(path, KEYS, tell)
    _check_fit(keys, place.keys)
    if found := place.keys.here():
        raise _occupied(found, "the key store")
    dead = ledger.merged(
        [keys.manifest.erased, ledger.newest_beside({path.parent.parent, path.parent})]
    )
    place.keys.empty()
    _fill(keys, place.keys, None, tell)
    with place.keys.opened() as alias:
        _check_rows(alias, keys.manifest)
        again = ledger.reapply(alias, dead)
    place.keys.place()
    return again


def _looked_through(path: Path, kind: str, tell: Tell) -> _Copy:
    """Check the file against its sheet: kind, length, versions, root key, every byte."""
    path = sheets.archive_of(path)
    manifest = sheets.read(path)
    if manifest.kind != kind:
        raise BackupError(
            f"{path.name} is a copy of {manifest.kind}, not of {kind}.",
            "give records as FILE, and the copy of the key store after --keys.",
        )
    if not path.exists():
        raise BackupError(f"{path.name} is not beside its sheet.", "copy both files.")
    length = path.stat().st_size
    if length != manifest.bytes:
        what = "half" if length < manifest.bytes else "more than the whole"
        raise BackupError(
            f"{path.name} is {what} of a file: {length:,} bytes, and it was made with "
            f"{manifest.bytes:,}.",
            "copy it again from where it is kept, or take another backup.",
        )
    if newer := contents.unknown_migrations(manifest.migrations):
        raise BackupError(
            f"{path.name} was made by a newer Cairn: this one does not know {newer[0]}"
            + (f" and {len(newer) - 1} more." if len(newer) > 1 else "."),
            "restore it with that version, or a newer one.",
        )
    identity = sheets.unseal(manifest)
    tell(f"Checking {path.name} ({archive.size(length)}) ...")
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != manifest.sha256:
        near = archive.first_damage(path, identity)
        where = f" near byte {near:,} of {length:,}" if near is not None else ""
        raise BackupError(
            f"{path.name} is damaged{where}: it is not the file that was written.",
            "copy it again from where it is kept, or take another backup.",
        )
    return _Copy(path, manifest, identity)


def _check_fit(copy: _Copy, database: Database) -> None:
    if copy.manifest.database != database.kind:
        raise BackupError(
            f"{copy.path.name} was made of {copy.manifest.database}, and --into names "
            f"{database.kind}.",
            "name a folder for SQLite, postgres://... for PostgreSQL.",
        )


def _check_empty(place: Target, with_keys: bool) -> None:
    found = place.records.here()
    if place.files.is_dir() and any(place.files.iterdir()):
        found.append(f"{place.files.name}/ with files")
    if with_keys:
        found += place.keys.here()
    if found:
        raise _occupied(found, str(place.records))


def _occupied(found: list[str], where: str) -> BackupError:
    named = ", ".join(found[:5]) + (f" and {len(found) - 5} more" if len(found) > 5 else "")
    return BackupError(
        f"{where} is not empty: {named}.",
        "restore into an empty place, then let Cairn use that one; nothing is ever overwritten.",
    )


def _clear(place: Target, with_keys: bool) -> None:
    """Remove what was put here after the mark was set; before it, the place was empty."""
    mark = place.mark.read_text()
    place.records.empty()
    if isinstance(place.records, SqliteDatabase):
        place.records.path.unlink(missing_ok=True)
    shutil.rmtree(place.unfinished_files, ignore_errors=True)
    shutil.rmtree(place.files, ignore_errors=True)
    if '"keys": true' in mark and with_keys:
        place.keys.empty()
        if isinstance(place.keys, SqliteDatabase):
            place.keys.path.unlink(missing_ok=True)


def _fill(copy: _Copy, database: Database, files: Path | None, tell: Tell) -> archive.Tally:
    tell(f"Restoring {copy.manifest.kind} of {copy.manifest.made_at} ...")
    with (
        database.receiving() as receiver,
        archive.unpacking(copy.path, copy.identity) as members,
    ):
        return archive.unpack(members, receiver, files)


def _check_rows(alias: str, manifest: Manifest) -> None:
    query = contents.querying(alias)
    problems = list(contents.differences(query, manifest.rows))
    if contents.migrations(query) != manifest.migrations:
        problems.append("Its migrations are not those on its sheet.")
    if problems:
        raise BackupError("What was restored is not what was copied: " + " ".join(problems))


def _finish(
    records: _Copy,
    keys: _Copy | None,
    place: Target,
    dead: ledger.Ledger,
    done: Restored,
    tell: Tell,
) -> None:
    """Compare with the sheets, bring older tables up to date, destroy again, count what is shut."""
    with place.records.opened() as alias:
        _check_rows(alias, records.manifest)
        before = len(records.manifest.migrations)
        call_command("migrate", database=alias, interactive=False, verbosity=0)
        done.migrated = len(contents.migrations(contents.querying(alias))) - before
        tell("Verifying the audit chain ...")
        done.entries = contents.check_chain(alias, records.manifest.audit)
        _sign_everybody_out(alias)
        if keys:
            with place.keys.opened() as key_alias:
                _check_rows(key_alias, keys.manifest)
                done.destroyed_again = ledger.reapply(key_alias, dead)
                _count_shut(alias, key_alias, dead, done)
        elif place.keys.here():
            with place.keys.opened(placed=True) as key_alias:
                _count_shut(alias, key_alias, dead | ledger.of_store(key_alias), done)
        else:
            _count_shut(alias, None, dead, done)


def _sign_everybody_out(alias: str) -> None:
    for label in SIGNED_IN:
        with suppress(LookupError):
            apps.get_model(label)._default_manager.using(alias).all().delete()


def _count_shut(alias: str, key_alias: str | None, dead: ledger.Ledger, done: Restored) -> None:
    """Count the sealed records of the copy, and those whose key is destroyed or not here."""
    for model in stored_models():
        names = {each.name for each in model._meta.concrete_fields}
        if "data_key" not in names or model._meta.app_label == DataKey._meta.app_label:
            continue
        for batch in _data_keys(model, alias):
            done.sealed += len(batch)
            held = (
                set()
                if key_alias is None
                else set(
                    DataKey.objects.using(key_alias)
                    .filter(pk__in=set(batch))
                    .values_list("pk", flat=True)
                )
            )
            for key_id in batch:
                if key_id not in held:
                    reason = "erased" if keyring.key_hash(key_id) in dead else "no-key"
                    done.shut[reason] = done.shut.get(reason, 0) + 1


def _data_keys(model: type[Model], alias: str) -> Iterator[list[UUID]]:
    """The data key of every row of a sealed model, in batches."""
    rows = model._default_manager.using(alias).filter(data_key__isnull=False)
    found = rows.order_by("pk").values_list("data_key", flat=True).iterator(chunk_size=BATCH)
    while batch := list(islice(found, BATCH)):
        yield batch
