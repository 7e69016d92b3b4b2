"""Copies lie on disks of others: what is planted there must not reach files of our own."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cairn.vault.backups import making
from cairn.vault.backups import manifest as sheets
from cairn.vault.backups.manifest import KEYS, Manifest

OLD = datetime(2020, 1, 1, tzinfo=UTC).timestamp()
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """Stands for the key store: a file outside the folder of copies, long unchanged."""
    path = tmp_path / "keys.sqlite3"
    path.write_bytes(b"keys that must live")
    os.utime(path, (OLD, OLD))
    return path


def planted(tmp_path: Path) -> Path:
    folder = tmp_path / "copies" / KEYS
    folder.mkdir(parents=True)
    return folder / "cairn-keys-20200101T000000Z.age"


@pytest.mark.parametrize("kind", ["symbolic", "hard"])
def test_a_link_among_the_copies_of_keys_never_overwrites_what_it_leads_to(
    tmp_path: Path, ours: Path, kind: str
) -> None:
    link = planted(tmp_path)
    if kind == "symbolic":
        link.symlink_to(ours)
    else:
        link.hardlink_to(ours)
    assert making.expire_key_copies(tmp_path / "copies", days=7, now=NOW) == 1
    assert ours.read_bytes() == b"keys that must live"
    assert not link.is_symlink()
    assert not link.exists()


def test_an_old_copy_of_keys_is_still_overwritten_and_removed(tmp_path: Path) -> None:
    copy = planted(tmp_path)
    copy.write_bytes(b"sealed keys")
    os.utime(copy, (OLD, OLD))
    held = os.open(copy, os.O_RDONLY)  # the bytes themselves, after the name is gone
    assert making.expire_key_copies(tmp_path / "copies", days=7, now=NOW) == 1
    assert not copy.exists()
    assert os.read(held, 100) != b"sealed keys"
    os.close(held)


def test_a_sheet_is_never_written_through_a_link(tmp_path: Path, ours: Path) -> None:
    sheet = tmp_path / "sheet.json"
    sheet.symlink_to(ours)
    plain = Manifest(KEYS, "", "sqlite", {}, [], [], {}, {}, {}, "", 0, "")
    with pytest.raises(OSError, match="symbolic link"):
        sheets.write(plain, sheet)
    assert ours.read_bytes() == b"keys that must live"
