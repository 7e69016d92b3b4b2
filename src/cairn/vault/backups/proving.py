"""Whether an archive can be restored: it is, into an empty place that is then removed."""

from pathlib import Path

import pyrage

from cairn.vault.backups import archive, contents
from cairn.vault.backups.archive import Writable
from cairn.vault.backups.databases import Database, trial_of
from cairn.vault.backups.errors import BackupError
from cairn.vault.backups.manifest import RECORDS, Manifest


def prove(
    path: Path, identity: pyrage.x25519.Identity, manifest: Manifest, database: Database
) -> None:
    """Restore the archive at `path` beside `database`, compare it with its sheet, remove it.

    Raises BackupError with every difference: rows of each table, migrations, files, audit chain.
    """
    found: list[archive.Tally] = []

    def fill(target: Writable) -> None:
        with archive.unpacking(path, identity) as members:
            found.append(archive.unpack(members, target, files=None))

    with trial_of(database).opened(fill) as alias:
        query = contents.querying(alias)
        problems = list(contents.differences(query, manifest.rows))
        if contents.migrations(query) != manifest.migrations:
            problems.append("The migrations differ.")
        if manifest.files != {"count": found[0].count, "bytes": found[0].bytes}:
            problems.append(f"It holds {found[0].count} files, not {manifest.files['count']}.")
        if problems:
            raise BackupError("The copy is not what was copied: " + " ".join(problems))
        if manifest.kind == RECORDS:
            contents.check_chain(alias, manifest.audit)
