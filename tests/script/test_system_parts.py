"""PostgreSQL and Chromium are found, required, or missing with a remedy."""

from pathlib import Path

import pytest

from cairn_tool import console, system_parts


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine without anything on PATH."""
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    for name in ("CAIRN_POSTGRES_BIN", "CAIRN_CHROMIUM", "CAIRN_REQUIRE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def put(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_the_newest_server_of_debian_is_found(bare: Path) -> None:
    for version in ("9.6", "15", "9"):
        put(bare / version / "bin" / "postgres")
    assert system_parts.find_postgres(bare) == bare / "15" / "bin"
    assert system_parts.find_postgres(bare / "empty") is None


def test_a_named_server_folder_wins_and_must_be_right(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(bare / "15" / "bin" / "postgres")
    put(bare / "own" / "postgres")
    monkeypatch.setenv("CAIRN_POSTGRES_BIN", str(bare / "own"))
    with pytest.raises(console.Stop, match="CAIRN_POSTGRES_BIN"):
        system_parts.find_postgres(bare)
    put(bare / "own" / "initdb")
    assert system_parts.find_postgres(bare) == bare / "own"


def test_the_browser_is_found_by_name_or_by_path(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert system_parts.find_chromium() is None
    named = put(bare / "nothing" / "chromium")
    assert system_parts.find_chromium() == named
    other = put(bare / "own-browser")
    monkeypatch.setenv("CAIRN_CHROMIUM", str(other))
    assert system_parts.find_chromium() == other
    monkeypatch.setenv("CAIRN_CHROMIUM", str(bare / "gone"))
    with pytest.raises(console.Stop, match="CAIRN_CHROMIUM"):
        system_parts.find_chromium()


def test_a_required_part_is_never_left_out(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert system_parts.obtain("chromium") is None
    monkeypatch.setenv("CAIRN_REQUIRE", "postgres, chromium")
    with pytest.raises(console.Stop, match="Required and not here: chromium"):
        system_parts.obtain("chromium")


def test_an_unknown_requirement_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAIRN_REQUIRE", "postgres,firefox")
    with pytest.raises(console.Stop, match="firefox"):
        system_parts.required()
