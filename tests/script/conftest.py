"""Installations shared by the tests of commands."""

from pathlib import Path

import pytest

from tests.script.installations import Installation, new_installation


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Made once; tests take copies."""
    return new_installation(tmp_path_factory.mktemp("installation") / "home")


@pytest.fixture
def installation(prepared: Installation, tmp_path: Path) -> Installation:
    """An installation with empty tables, of this test alone."""
    return prepared.copied(tmp_path / "home")
