"""Copies are apart, encrypted, proven, whole or absent; they come back only into empty places."""

import json
import shutil
import signal
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import forks
from tests.script.installations import SERVER, Installation

pytestmark = pytest.mark.processes

FILE = b"%PDF invented annex " * 400
ENTER = """
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage
    from django.db import transaction
    from cairn.core import audit
    from cairn.core.actor import Actor
    from cairn.core.models import Organisation
    Organisation.objects.create(slug="invented", name="Invented shelter", kind="ngo")
    default_storage.save("annex/one.pdf", ContentFile(b"%PDF invented annex " * 400))
    for number in range(3):
        with transaction.atomic():
            audit.record(Actor(is_system=True), "something.happened", number=number)
"""
NAMES = 'from cairn.core.models import Organisation as O; print(*O.objects.values_list("name"))'


@pytest.fixture
def source(installation: Installation) -> Installation:
    installation.python(ENTER)
    return installation


@pytest.fixture(scope="module")
def _backed_up(prepared: Installation, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    made = prepared.copied(tmp_path_factory.mktemp("backed-up") / "home")
    made.python(ENTER)
    made.run("backup", "--skip-checks", "--without-keys", "--no-verify")
    return made


@pytest.fixture
def backed_up(_backed_up: Installation, tmp_path: Path) -> Installation:
    """An installation of which a copy was made; only its home is this test's own."""
    shutil.copytree(_backed_up.home, tmp_path / "home")
    return Installation(tmp_path / "home", _backed_up.url)


def archive(folder: Path) -> Path:
    found = list(folder.glob("*.age"))
    assert found, "no archive"
    return max(found, key=lambda path: path.stat().st_mtime_ns)


def sheet(path: Path) -> Path:
    return path.with_name(path.name.replace(".age", ".manifest.json"))


def whole_looking(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("cairn-*")]


def test_records_and_keys_come_back_from_two_archives(source: Installation, tmp_path: Path) -> None:
    said = source.run("backup", "--skip-checks")
    assert said.count("verified by restoring it") == 2
    other = source.elsewhere(tmp_path / "other")
    said = other.run(
        "restore",
        str(archive(source.backups)),
        "--into",
        other.place,
        "--keys",
        str(archive(source.backups / "keys")),
    )
    assert "3 audit entries, chain whole" in said
    assert "1 files" in said
    assert "Invented shelter" in other.python(NAMES)
    assert (other.home / "files" / "annex" / "one.pdf").read_bytes() == FILE
    assert "3 entries, chain whole" in other.run("audit_verify", "--skip-checks")
    assert not (other.home / "restore-unfinished.json").exists()


def test_neither_archive_nor_sheet_tells_anything(source: Installation) -> None:
    (source.home / "demo-sign-ins.json").write_text('["secret of the demo"]')
    source.run("backup", "--skip-checks")
    files = [path for path in source.backups.rglob("*") if path.is_file()]
    assert len(files) == 6  # two archives, two sheets, two locks
    for path in files:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        content = path.read_bytes()
        for secret in (b"Invented shelter", b"invented annex", b"SQLite format", b"secret of"):
            assert secret not in content
        root = json.loads((source.home / "root-keys").read_text())
        for key in root["keys"].values():
            assert key.encode() not in content
    assert stat.S_IMODE(source.backups.stat().st_mode) == 0o700


def test_a_sheet_counts_what_its_archive_holds(source: Installation) -> None:
    source.run("backup", "--skip-checks", "--without-keys")
    content = json.loads(sheet(archive(source.backups)).read_text())
    rows = {row["model"]: row["rows"] for row in content["rows"]}
    assert rows["core.Organisation"] == 1
    assert rows["core.AuditEntry"] == content["audit"]["sequence"] == 3
    assert content["files"] == {"count": 1, "bytes": len(FILE)}
    assert content["verified"] is True
    assert not any(name.startswith("vault.") for name in rows), "keys are in their own archive"
    assert not (source.backups / "keys").exists()


def test_a_copy_that_was_not_verified_says_so(source: Installation) -> None:
    assert "NOT VERIFIED" in source.run("backup", "--skip-checks", "--no-verify", "--keys-only")
    content = json.loads(sheet(archive(source.backups / "keys")).read_text())
    assert content["verified"] is False


def test_a_place_in_use_is_never_overwritten(backed_up: Installation) -> None:
    said = backed_up.run(
        "restore", str(archive(backed_up.backups)), "--into", backed_up.place, code=1
    )
    assert "is not empty" in said
    assert ("core_organisation" if SERVER else "cairn.sqlite3") in said or "more" in said
    assert "Invented shelter" in backed_up.python(NAMES)


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def halve(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def forget_sheet(path: Path) -> None:
    sheet(path).unlink()


def break_sheet(path: Path) -> None:
    sheet(path).write_text('{"format": 1, "kind"')


def edit_sheet(path: Path) -> None:
    content = json.loads(sheet(path).read_text())
    content["erased"] = {"0" * 64: "2026-01-01T00:00:00+00:00"}
    sheet(path).write_text(json.dumps(content))


def be_newer(path: Path) -> None:
    content = json.loads(sheet(path).read_text())
    content["migrations"].append("core.9999_from_tomorrow")
    sheet(path).write_text(json.dumps(content))


def be_of_another_format(path: Path) -> None:
    content = json.loads(sheet(path).read_text())
    sheet(path).write_text(json.dumps(content | {"format": 99}))


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (flip, "is damaged near byte"),
        (halve, "is half of a file"),
        (forget_sheet, "was not finished"),
        (break_sheet, "cannot be read: it is damaged"),
        (edit_sheet, "was altered after it was made"),
        (be_newer, "made by a newer Cairn: this one does not know core.9999_from_tomorrow"),
        (be_of_another_format, "is of format 99"),
    ],
)
def test_a_spoilt_copy_is_refused_with_its_reason(
    backed_up: Installation, tmp_path: Path, spoil: Callable[[Path], None], reason: str
) -> None:
    path = archive(backed_up.backups)
    spoil(path)
    other = backed_up.elsewhere(tmp_path / "other")
    said = other.run("restore", str(path), "--into", other.place, code=1)
    assert reason in said
    assert "Remedy:" in said
    assert sorted(each.name for each in other.home.iterdir() if each.name != "secret-key") in (
        ["keys", "root-keys"],
        ["root-keys"],
    )


def test_another_root_key_is_named(backed_up: Installation, tmp_path: Path) -> None:
    path = archive(backed_up.backups)
    needed = json.loads(sheet(path).read_text())["root"]
    other = backed_up.elsewhere(tmp_path / "other")
    (other.home / "root-keys").unlink()
    said = other.run("restore", str(path), "--into", other.place, code=1)
    assert f"needs root key {needed}, and there is no" in said
    assert not (other.home / "root-keys").exists(), "a new root key would hide the loss"
    (other.home / "root-keys").write_text(_another_root())
    (other.home / "root-keys").chmod(0o600)
    said = other.run("restore", str(path), "--into", other.place, code=1)
    assert f"needs root key {needed}; " in said


def _another_root() -> str:
    from base64 import b64encode

    from cairn.vault.roots import fingerprint

    key = b"\x07" * 32
    name = fingerprint(key)
    return json.dumps({"current": name, "keys": {name: b64encode(key).decode()}})


GROW = """
    import os
    from django.db import connection
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE ballast (content %s)" % (
            "bytea" if connection.vendor == "postgresql" else "blob"))
        for number in range(60):
            cursor.execute("INSERT INTO ballast VALUES (%s)", [os.urandom(1_000_000)])
"""


def killed_when(running: forks.Running, happened: Callable[[], bool]) -> None:
    """Kill a command without warning once `happened`; fails when it ends before."""
    until = time.monotonic() + 120
    while not happened():
        assert running.poll() is None, running.communicate()[0]
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.005)
    running.send_signal(signal.SIGKILL)
    running.communicate()
    assert running.returncode == -signal.SIGKILL


def bytes_in(folder: Path, pattern: str) -> int:
    sizes = []
    for path in folder.rglob(pattern):
        try:
            sizes.append(path.stat().st_size)
        except FileNotFoundError:
            continue
    return sum(sizes)


def test_a_killed_backup_leaves_nothing_that_looks_whole(source: Installation) -> None:
    source.python(GROW)
    running = source.start("backup", "--skip-checks", "--without-keys")
    killed_when(running, lambda: bytes_in(source.backups, ".cairn-*.part") > 2_000_000)
    assert whole_looking(source.backups) == []
    left = [path for path in source.home.rglob("*") if path.is_file()]
    for path in left:
        assert not path.name.startswith(".copying-"), "a plain copy kept its name"
    said = source.run("backup", "--skip-checks", "--without-keys", "--no-verify")
    assert "NOT VERIFIED" in said
    assert list(source.backups.glob(".cairn-*.part")) == []
    assert len(whole_looking(source.backups)) == 2


def test_a_backup_that_is_asked_to_end_cleans_up(source: Installation) -> None:
    source.python(GROW)
    running = source.start("backup", "--skip-checks", "--without-keys")
    until = time.monotonic() + 120
    while bytes_in(source.backups, ".cairn-*.part") < 2_000_000:
        assert running.poll() is None, running.communicate()[0]
        assert time.monotonic() < until
        time.sleep(0.005)
    running.terminate()
    running.communicate(timeout=60)
    assert running.returncode == 128 + signal.SIGTERM
    assert [path.name for path in source.backups.iterdir()] == [".lock"]


def test_a_killed_restore_is_marked_and_can_be_run_again(
    source: Installation, tmp_path: Path
) -> None:
    source.python(GROW)
    source.run("backup", "--skip-checks", "--no-verify")
    other = source.elsewhere(tmp_path / "other")
    command = ["restore", str(archive(source.backups)), "--into", other.place]
    mark = other.home / "restore-unfinished.json"
    running = other.start(*command)
    killed_when(running, mark.exists)
    assert mark.exists()
    assert not (other.home / "cairn.sqlite3").exists()
    ask = "from cairn.vault.backups.restoring import unfinished as u; from django.conf import "
    assert "was broken off here" in other.python(ask + "settings; print(u(settings.HOME))")
    said = other.run(*command)
    assert "removing what it left" in said
    assert "chain whole" in said
    assert not mark.exists()
    assert "Invented shelter" in other.python(NAMES)


def test_one_backup_at_a_time_in_a_folder(source: Installation) -> None:
    source.python(GROW)
    first = source.start("backup", "--skip-checks", "--without-keys", "--no-verify")
    until = time.monotonic() + 120
    while bytes_in(source.backups, ".cairn-*.part") == 0:
        assert first.poll() is None, first.communicate()[0]
        assert time.monotonic() < until
        time.sleep(0.005)
    first.send_signal(signal.SIGSTOP)
    try:
        said = source.run("backup", "--skip-checks", "--without-keys", code=1)
    finally:
        first.send_signal(signal.SIGCONT)
    first.communicate(timeout=120)
    assert "Another backup is writing" in said
    assert first.returncode == 0


def test_old_copies_of_keys_are_removed_and_counted_records_stay(source: Installation) -> None:
    source.run("backup", "--skip-checks", "--no-verify")
    old = archive(source.backups / "keys")
    made = json.loads(sheet(old).read_text()) | {"made_at": "2026-01-01T00:00:00+00:00"}
    sheet(old).write_text(json.dumps(made))
    said = source.run("backup", "--skip-checks", "--no-verify")
    assert "Copies of keys older than 7 days removed: 1." in said
    assert not old.exists()
    assert not sheet(old).exists()
    assert len(list((source.backups / "keys").glob("*.age"))) == 1
    assert len(list(source.backups.glob("*.age"))) == 2


@pytest.mark.skipif(bool(SERVER), reason="SQLite alone is copied by this process itself")
def test_a_backup_does_not_hold_up_those_who_write(source: Installation) -> None:
    source.python(GROW)
    running = source.start("backup", "--skip-checks", "--without-keys")
    until = time.monotonic() + 120
    while bytes_in(source.backups, ".cairn-*.part") == 0:
        assert running.poll() is None, running.communicate()[0]
        assert time.monotonic() < until
        time.sleep(0.005)
    running.send_signal(signal.SIGSTOP)
    try:
        source.python(
            "from cairn.core.models import Organisation as O;"
            'O.objects.create(slug="later", name="Entered meanwhile", kind="ngo")'
        )
    finally:
        running.send_signal(signal.SIGCONT)
    said, _ = running.communicate(timeout=120)
    assert running.returncode == 0, said
    rows = json.loads(sheet(archive(source.backups)).read_text())["rows"]
    assert next(row["rows"] for row in rows if row["model"] == "core.Organisation") == 1


def test_a_folder_that_cannot_be_written_is_named(source: Installation, tmp_path: Path) -> None:
    (tmp_path / "no-folder").touch()
    into = tmp_path / "no-folder" / "copies"
    said = source.run("backup", "--skip-checks", "--into", str(into), code=1)
    assert f"{into} cannot be written to" in said
