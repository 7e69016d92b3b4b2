"""The databases that tests find are those that every migration has been through."""

from pathlib import Path

import pytest
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from tests import migrated


@pytest.mark.django_db
@pytest.mark.parametrize(("alias", "app"), [("default", None), ("keys", "vault")])
def test_no_migration_is_left_to_do(alias: str, app: str | None) -> None:
    executor = MigrationExecutor(connections[alias])
    assert executor.migration_plan(executor.loader.graph.leaf_nodes(app)) == []
    assert executor.loader.applied_migrations


def test_a_changed_migration_makes_copies_of_before_useless(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "src" / "cairn" / "core" / "migrations"
    folder.mkdir(parents=True)
    (tmp_path / "requirements-dev.txt").touch()
    monkeypatch.setattr(migrated, "ROOT", tmp_path)
    monkeypatch.setattr(migrated, "__file__", str(tmp_path / "requirements-dev.txt"))
    before = migrated.key()
    (folder / "0001_first.py").write_text("operations = []")
    between = migrated.key()
    (folder / "0001_first.py").write_text("operations = [1]")
    assert len({before, between, migrated.key()}) == 3
