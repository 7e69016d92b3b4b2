"""The script makes and repairs its environment: without network or a second environment."""

import sys
from pathlib import Path

import pytest

from cairn_tool import console, install, places

ROOT = Path(__file__).resolve().parents[2]
HASH = "    --hash=sha256:" + "0" * 64


def test_a_stamp_covers_what_it_names_and_nothing_else() -> None:
    stamp = {"requirements.txt": "a", "requirements-dev.txt": "b", "python": "3.11.7"}
    assert install.covers(stamp, {"requirements.txt": "a", "python": "3.11.7"})
    assert not install.covers(stamp, {"requirements.txt": "changed", "python": "3.11.7"})
    assert not install.covers(stamp, {"requirements.txt": "a", "python": "3.12.1"})
    assert not install.covers({}, {"requirements.txt": "a"})
    assert not install.covers(stamp, {})


@pytest.mark.parametrize("content", ["", "{", "[1]", "\x00"])
def test_a_broken_stamp_counts_as_none(tmp_path: Path, content: str) -> None:
    path = tmp_path / "stamp.json"
    path.write_text(content)
    assert install.read_stamp(path) == {}


def test_a_stamp_is_read_back_and_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "stamp.json"
    install.write_stamp(path, {"python": "3.11.7"})
    assert install.read_stamp(path) == {"python": "3.11.7"}
    assert path.stat().st_mode & 0o077 == 0
    assert [each.name for each in path.parent.iterdir()] == ["stamp.json"]


def test_one_pin_is_cut_out_with_its_hashes() -> None:
    text = f"uvloop==1.0 \\\n{HASH}\nuv==0.13.9 \\\n{HASH} \\\n{HASH}\nzip==3 \\\n{HASH}\n"
    assert install.pinned_block(text, "uv") == f"uv==0.13.9 \\\n{HASH} \\\n{HASH}\n"
    assert install.pinned_block(text, "pip") == ""


def test_the_committed_lock_pins_uv_with_hashes() -> None:
    block = install.pinned_block((ROOT / places.DEV_LOCK).read_text(), "uv")
    assert block.startswith("uv==")
    assert block.count("--hash=sha256:") > 1


def test_a_python_that_does_not_run_has_no_version(tmp_path: Path) -> None:
    assert install.running_version(tmp_path / "python") == ""
    assert install.running_version(Path(sys.executable)).startswith("3.")


@pytest.fixture
def empty_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The installer pointed at an empty folder, its own programs replaced by a diary."""
    for name in (places.RUN_LOCK, places.DEV_LOCK):
        (tmp_path / name).write_text(f"django==5.2 \\\n{HASH}\n")
    changes = {
        "ROOT": tmp_path,
        "VAR": tmp_path / "var",
        "VENV": tmp_path / ".venv",
        "STAMP": tmp_path / ".venv" / "stamp.json",
        "UNFINISHED": tmp_path / "var" / "unfinished",
        "LOG": tmp_path / "var" / "log",
    }
    for name, value in changes.items():
        monkeypatch.setattr(install, name, value)
    diary = tmp_path / "diary"
    diary.write_text("")

    def note(line: str) -> None:
        diary.write_text(diary.read_text() + line + "\n")

    monkeypatch.setattr(install, "_make_environment", lambda: note("made"))
    monkeypatch.setattr(install, "_install", lambda path: note(f"installed {path.name}"))
    monkeypatch.setattr(install, "running_version", lambda python: "3.11.7")
    return tmp_path


def diary(place: Path) -> list[str]:
    return (place / "diary").read_text().splitlines()


def test_a_second_start_installs_nothing(empty_place: Path) -> None:
    install.ensure()
    install.ensure()
    assert diary(empty_place) == ["installed requirements.txt"]


def test_the_development_set_serves_for_running_too(empty_place: Path) -> None:
    install.ensure(dev=True)
    install.ensure()
    assert diary(empty_place) == ["installed requirements-dev.txt"]


def test_changed_requirements_are_installed_into_what_is_there(empty_place: Path) -> None:
    install.ensure()
    (empty_place / places.RUN_LOCK).write_text("django==5.2.1\n")
    install.ensure()
    assert diary(empty_place) == ["installed requirements.txt"] * 2


def test_an_interrupted_install_is_made_anew(
    empty_place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(path: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as during:
        during.setattr(install, "_install", interrupt)
        with pytest.raises(KeyboardInterrupt):
            install.ensure()
    install.ensure()
    install.ensure()
    assert diary(empty_place) == ["made", "installed requirements.txt"]


def test_an_environment_of_another_python_is_made_anew(
    empty_place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install.ensure()
    monkeypatch.setattr(install, "running_version", lambda python: "3.12.1")
    install.ensure()
    assert diary(empty_place)[1:] == ["made", "installed requirements.txt"]


def test_a_python_without_ensurepip_gets_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(console.Stop, match="ensurepip") as refusal:
        install._make_environment()
    assert "apt install python3." in refusal.value.remedy
