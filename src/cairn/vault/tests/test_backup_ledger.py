"""Which sheet's list of destroyed keys is the newest one."""

from dataclasses import replace
from pathlib import Path

import pytest

from cairn.vault.backups import ledger
from cairn.vault.backups import manifest as sheets
from cairn.vault.backups.errors import BackupError
from cairn.vault.backups.manifest import KEYS, Manifest

SHEET = Manifest(
    kind=KEYS,
    made_at="2026-01-01T10:00:00+00:00",
    database="sqlite",
    versions={},
    migrations=[],
    rows=[],
    files={},
    audit={},
    erased={},
    name="cairn-keys-20260101T100000Z.age",
    bytes=0,
    sha256="",
)
DEAD = {"a": "2026-01-01T10:00:00+00:00"}


def newest(monkeypatch: pytest.MonkeyPatch, *found: Manifest) -> ledger.Ledger:
    monkeypatch.setattr(sheets, "beside", lambda folder: iter(found))
    return ledger.newest_beside([Path()])


@pytest.mark.parametrize("is_first", [True, False])
def test_of_two_copies_from_one_second_the_one_that_knows_of_the_erasure_counts(
    monkeypatch: pytest.MonkeyPatch, is_first: bool
) -> None:
    monkeypatch.setattr(sheets, "unseal", lambda sheet: None)
    after = replace(SHEET, erased=DEAD)
    found = [after, SHEET] if is_first else [SHEET, after]
    assert newest(monkeypatch, *found) == DEAD


def test_a_sheet_that_the_root_key_does_not_vouch_for_is_passed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    later = replace(SHEET, made_at="2026-01-02T10:00:00+00:00", erased={})
    true = replace(SHEET, erased=DEAD)

    def unseal(sheet: Manifest) -> None:
        if sheet is later:
            raise BackupError("altered")

    monkeypatch.setattr(sheets, "unseal", unseal)
    assert newest(monkeypatch, later, true) == DEAD
