"""Emptying a kit: its keys first, so that what a disk still holds is noise, then every record."""

import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cairn.core.errors import RuleBroken
from cairn.training.actions.kits_device import unanswered
from cairn.training.models import KitSelf
from cairn.vault import roots

# Beside the databases, what an installation writes in its home; programs and shared files stay.
_FILES = ("secret-key", "prepared-*.json", "demo-sign-ins.json")
_FOLDERS = ("keys", "files", "backups")
_CHUNK = 1024 * 1024


def check(*, even_unanswered: bool) -> None:
    """Raise RuleBroken ("kits.no-kit", "kits.server", "kits.unanswered") unless this machine is a
    kit on a disk of its own, and all that was done on it is home.
    """
    if not KitSelf.objects.exists():
        raise RuleBroken(
            "kits.no-kit",
            _("This machine carries no event, so it is not emptied as a kit."),
            _("Look at “./cairn kit status”."),
        )
    engines = [str(each["ENGINE"]) for each in settings.DATABASES.values()]
    if not all(engine.endswith("sqlite3") for engine in engines):
        raise RuleBroken(
            "kits.server",
            _("The records of this machine are on a database server."),
            _("Only a kit with its records in its own folder can be emptied in this way."),
        )
    left = sum(len(unanswered(each)) for each in KitSelf.objects.select_related("event"))
    if left and not even_unanswered:
        raise RuleBroken(
            "kits.unanswered",
            ngettext(
                "%(count)d record of this kit has no answer from home yet.",
                "%(count)d records of this kit have no answer from home yet.",
                left,
            )
            % {"count": left},
            _("Export with --last, check the bundle in at home, and import its receipt here."),
        )


def wipe(home: Path) -> int:
    """Destroy keys and records of the installation in `home`; returns how many files there were.

    Keys go first: who pulls the plug halfway leaves records that nobody can open. Each file is
    overwritten once before it is removed. On flash memory an old copy of a block may stay behind:
    names in it were sealed with keys that were wrapped by the root key, so encrypt the disk too.
    """
    gone = 0
    for path in _doomed(home):
        if path.is_symlink():
            path.unlink()
        elif path.is_file():
            _overwrite(path)
            path.unlink()
            gone += 1
    return gone


def _doomed(home: Path) -> Iterator[Path]:
    """In the order in which they go."""
    yield home / roots.FILE_NAME
    for alias in ("keys", "default"):
        database = Path(str(settings.DATABASES[alias]["NAME"]))
        for ending in ("", "-wal", "-shm", "-journal"):
            yield database.with_name(database.name + ending)
    for name in _FILES:
        yield from sorted(home.glob(name))
    for name in _FOLDERS:
        yield from sorted(each for each in (home / name).rglob("*") if not each.is_dir())


def _overwrite(path: Path) -> None:
    left = path.stat().st_size
    with path.open("r+b") as file:
        while left:
            length = min(left, _CHUNK)
            file.write(b"\0" * length)
            left -= length
        file.flush()
        os.fsync(file.fileno())
