"""Installations shared by the tests of commands and of whole programs."""

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


@pytest.fixture(scope="session")
def _with_static(prepared: Installation, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    made = prepared.copied(tmp_path_factory.mktemp("with-static") / "home")
    made.run("collectstatic", "--no-input", "-v0")
    return made


@pytest.fixture
def running(_with_static: Installation, tmp_path: Path) -> Installation:
    """The same with all that the web process serves."""
    return _with_static.copied(tmp_path / "home")
