"""A process that could not open what is sealed does not start, and says which key and where."""

import base64
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cairn.config.manage import needs_keys
from cairn.vault.roots import fingerprint
from cairn.vault.tests import processes

# Every key store here is a file.
pytestmark = [pytest.mark.processes, pytest.mark.once]

KEY = base64.b64encode(b"k" * 32).decode()
OTHER = base64.b64encode(b"o" * 32).decode()
MAKE = "from cairn.vault import keyring; keyring.create('protection')"
Change = Callable[[Path, dict[str, str]], None]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    """An installation with one wrapped key, its root key in a file."""
    folder = tmp_path_factory.mktemp("home")
    with processes.key_store(folder, server=False) as env:
        processes.run(MAKE, env)
        yield folder, env


def started(env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Any command that is not about the keys themselves."""
    return processes.command("shell", "-v0", "-c", "print('started')", env=env)


def content(folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((folder / "root-keys").read_text())
    return found


def remove(folder: Path, env: dict[str, str]) -> None:
    (folder / "root-keys").unlink()


def show_to_others(folder: Path, env: dict[str, str]) -> None:
    (folder / "root-keys").chmod(0o644)


def shorten(folder: Path, env: dict[str, str]) -> None:
    text = json.dumps({"current": "aaaaaaaa", "keys": {"aaaaaaaa": "AAAA"}})
    (folder / "root-keys").write_text(text)


def exchange(folder: Path, env: dict[str, str]) -> None:
    name = fingerprint(b"o" * 32)
    (folder / "root-keys").write_text(json.dumps({"current": name, "keys": {name: OTHER}}))


def mislabel(folder: Path, env: dict[str, str]) -> None:
    name = content(folder)["current"]
    (folder / "root-keys").write_text(json.dumps({"current": name, "keys": {name: OTHER}}))


def scramble(folder: Path, env: dict[str, str]) -> None:
    (folder / "root-keys").write_text("{")


def setting(**changes: str) -> Change:
    return lambda folder, env: env.update(changes)


# What is done, and what the refusal must name besides the remedy.
REFUSALS: dict[str, tuple[Change, list[str]]] = {
    "missing": (remove, ["Root key {id} is missing", "{file}", "put the copy of that file back"]),
    "readable by others": (show_to_others, ["{file}", "mode 644", "chmod 600"]),
    "too short": (shorten, ["{file}", "not 32 bytes", "put the copy"]),
    "another key": (
        exchange,
        ["need root key {id}", "holds root key " + fingerprint(b"o" * 32), "{file}"],
    ),
    "mislabelled": (mislabel, ["{file}", "damaged", "root key {id}"]),
    "scrambled": (scramble, ["{file}", "damaged"]),
    "other environment": (
        setting(CAIRN_ROOT_KEY=KEY),
        ["need root key {id}", "CAIRN_ROOT_KEY holds root key " + fingerprint(b"k" * 32)],
    ),
    "short environment": (setting(CAIRN_ROOT_KEY="AAAA"), ["CAIRN_ROOT_KEY holds 3 bytes"]),
    "no base64": (setting(CAIRN_ROOT_KEY="not base64!"), ["CAIRN_ROOT_KEY is not base64"]),
    "service without token": (
        setting(CAIRN_KEY_SERVICE="http://127.0.0.1:9"),
        ["no token", "127.0.0.1:9", "CAIRN_KEY_SERVICE_TOKEN_FILE"],
    ),
    "service in the clear": (
        setting(CAIRN_KEY_SERVICE="http://keys.example"),
        ["no https address", "http://keys.example"],
    ),
    "service out of reach": (
        setting(CAIRN_KEY_SERVICE="http://127.0.0.1:9", CAIRN_KEY_SERVICE_TOKEN_FILE="{token}"),
        ["no answer", "127.0.0.1:9", "start the service"],
    ),
    "no key store": (
        setting(CAIRN_KEYS_DATABASE_URL="sqlite:///{folder}/elsewhere.sqlite3"),
        ["key store cannot be read", "./cairn migrate"],
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_an_unusable_root_key_is_refused_with_its_name_place_and_remedy(
    home: tuple[Path, dict[str, str]], tmp_path: Path, name: str
) -> None:
    folder, env = home[0], dict(home[1])
    kept = (folder / "root-keys").read_text()
    names = {
        "id": str(content(folder)["current"]),
        "file": str(folder / "root-keys"),
        "folder": str(tmp_path),
        "token": str(tmp_path / "token"),
    }
    (tmp_path / "token").write_text("token")
    change, wanted = REFUSALS[name]
    try:
        change(folder, env)
        for each, value in env.items():
            if each.startswith("CAIRN_"):
                env[each] = value.replace("{token}", names["token"]).replace(
                    "{folder}", names["folder"]
                )
        ended = started(env)
    finally:
        (folder / "root-keys").write_text(kept)
        (folder / "root-keys").chmod(0o600)
    assert ended.returncode == 1
    assert "started" not in ended.stdout
    assert "Traceback" not in ended.stderr
    assert "Remedy: " in ended.stderr
    for part in wanted:
        assert part.format(**names) in ended.stderr
    assert str(content(folder)["keys"]) not in ended.stderr


def test_a_whole_installation_starts(home: tuple[Path, dict[str, str]]) -> None:
    ended = started(home[1])
    assert ended.stdout == "started\n", ended.stderr


def test_the_first_start_makes_a_root_key_for_its_owner_alone(tmp_path: Path) -> None:
    with processes.key_store(tmp_path, server=False) as env:
        assert not (tmp_path / "root-keys").exists()
        assert started(env).returncode == 0
        assert (tmp_path / "root-keys").stat().st_mode & 0o777 == 0o600
        assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
        before = content(tmp_path)
        assert started(env).returncode == 0
        assert content(tmp_path) == before


def test_a_tampered_zone_key_is_named(tmp_path: Path) -> None:
    with processes.key_store(tmp_path, server=False) as env:
        processes.run(MAKE, env)
        processes.run(
            "from cairn.vault.models import ZoneKey; ZoneKey.objects.update(version=7)", env
        )
        ended = started(env)
    assert ended.returncode == 1
    assert "Version 7 of the key of zone protection" in ended.stderr


def test_the_web_server_stays_shut_too(home: tuple[Path, dict[str, str]]) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", "import cairn.config.wsgi"],
        env={**home[1], "CAIRN_ROOT_KEY": KEY},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "Cairn does not start" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_environment_key_and_the_one_before_it_open(tmp_path: Path) -> None:
    with processes.key_store(tmp_path, server=False) as env:
        processes.run(MAKE, {**env, "CAIRN_ROOT_KEY": KEY})
        assert not (tmp_path / "root-keys").exists()
        changed = {**env, "CAIRN_ROOT_KEY": OTHER, "CAIRN_ROOT_KEY_PREVIOUS": KEY}
        assert started(changed).returncode == 0
        turned = processes.command("keys_rotate", "--root", env=changed)
        assert turned.returncode == 0, turned.stderr
        assert started({**env, "CAIRN_ROOT_KEY": OTHER}).returncode == 0
        assert started({**env, "CAIRN_ROOT_KEY": KEY}).returncode == 1


@pytest.mark.parametrize(
    ("line", "needed"),
    [
        ("db_worker --queue-name *", True),
        ("runserver", True),
        ("audit_verify", True),
        ("audit_verify --help", False),
        ("migrate", False),
        ("keys", False),
        ("keys_rotate --root", False),
        ("--help", False),
        ("", False),
    ],
)
def test_commands_about_records_need_the_keys(line: str, needed: bool) -> None:
    assert needs_keys(line.split()) is needed
