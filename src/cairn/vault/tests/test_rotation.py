"""Rotation: resumable, in the middle of other work, and the old keys end with it."""

import json
import signal
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.utils import timezone

from cairn.core.classification import Zone
from cairn.vault import blind, keyring, roots, rotation, signing, texts, zone_keys
from cairn.vault.errors import RootError
from cairn.vault.models import DataKey, KeyState, Rotation, ZoneKey
from cairn.vault.opening import Unreadable, open_values
from cairn.vault.tests import processes
from cairn.vault.tests.models import Person

pytestmark = pytest.mark.django_db
NAME = "Invented Marked-Name"


@pytest.fixture(autouse=True)
def own_root(settings: LazySettings, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path / "root-keys"


def opened(person: Person) -> object:
    return open_values([Person.objects.get(pk=person.pk)], ["name"])[0]["name"]


def versions(zone: Zone = Zone.PROTECTION) -> list[tuple[int, str, int]]:
    return [
        (each.version, each.state, each.data_keys) for each in rotation.zones() if each.zone == zone
    ]


def test_all_values_are_read_after_a_zone_rotation_and_the_old_key_is_gone() -> None:
    people = [Person.objects.create(name=f"{NAME} {number}") for number in range(7)]
    told: list[tuple[int, int]] = []
    outcome = rotation.rotate_zone(
        Zone.PROTECTION, lambda done, total, speed: told.append((done, total)), batch=3
    )
    assert (outcome.done, outcome.left, outcome.dropped) == (7, 0, ("protection 1",))
    assert told == [(3, 7), (6, 7), (7, 7)]
    assert versions() == [(1, "destroyed", 0), (2, "current", 7)]
    assert bytes(ZoneKey.objects.get(version=1).wrapped) == b""
    assert [opened(each) for each in people] == [f"{NAME} {number}" for number in range(7)]
    assert opened(Person.objects.create(name=NAME)) == NAME
    assert rotation.running() == []


def test_other_zones_stay_as_they_are() -> None:
    keyring.create(Zone.PROTECTION)
    keyring.create(Zone.JUSTICE)
    rotation.rotate_zone(Zone.JUSTICE)
    assert versions() == [(1, "current", 1)]
    assert versions(Zone.JUSTICE) == [(1, "destroyed", 0), (2, "current", 1)]


def test_a_zone_without_keys_is_refused() -> None:
    with pytest.raises(rotation.RotationRefused, match="no key yet"):
        rotation.rotate_zone(Zone.EXCHANGE)


def test_a_key_destroyed_in_the_middle_stays_destroyed() -> None:
    people = [Person.objects.create(name=NAME) for _ in range(4)]
    last = max(people, key=lambda each: each.data_key)

    def erase(done: int, total: int, speed: float) -> None:
        keyring.destroy(last.data_key)

    rotation.rotate_zone(Zone.PROTECTION, erase, batch=3)
    assert opened(last) == Unreadable("erased")
    assert versions() == [(1, "destroyed", 0), (2, "current", 3)]


def test_a_rotation_that_was_cut_off_goes_on_with_the_same_key() -> None:
    people = [Person.objects.create(name=NAME) for _ in range(6)]

    def cut_off(done: int, total: int, speed: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotation.rotate_zone(Zone.PROTECTION, cut_off, batch=2)
    assert [(each.done, each.total) for each in rotation.running()] == [(2, 6)]
    assert versions() == [(1, "retiring", 4), (2, "current", 2)]
    assert {opened(each) for each in people} == {NAME}
    assert rotation.rotate_zone(Zone.PROTECTION).done == 4
    assert versions() == [(1, "destroyed", 0), (2, "current", 6)]
    assert {opened(each) for each in people} == {NAME}


def test_an_altered_data_key_is_counted_and_keeps_the_old_zone_key() -> None:
    bad, good = Person.objects.create(name=NAME), Person.objects.create(name=NAME)
    kept = bytes(DataKey.objects.get(pk=bad.data_key).wrapped)
    DataKey.objects.filter(pk=bad.data_key).update(wrapped=kept[:-1] + b"\0")
    outcome = rotation.rotate_zone(Zone.PROTECTION)
    assert (outcome.done, outcome.left, outcome.dropped) == (1, 1, ())
    assert (opened(bad), opened(good)) == (Unreadable("altered"), NAME)
    DataKey.objects.filter(pk=bad.data_key).update(wrapped=kept)
    assert rotation.rotate_zone(Zone.PROTECTION).dropped == ("protection 1", "protection 2")
    assert (opened(bad), opened(good)) == (NAME, NAME)


def test_another_process_that_rotated_is_noticed_when_keys_are_made() -> None:
    keyring.create(Zone.PROTECTION)
    stale = dict(zone_keys._open)
    rotation.rotate_zone(Zone.PROTECTION)
    zone_keys._open.update(stale)  # as a process that looked a moment ago
    key_id = keyring.create(Zone.PROTECTION)
    assert DataKey.objects.get(pk=key_id).zone_key.version == 2


def test_root_rotation_keeps_everything_readable_and_the_old_root_can_go(own_root: Path) -> None:
    person = Person.objects.create(name=NAME)
    signature = signing.sign(b"message")
    secret = texts.seal_text("authenticators", "otp")
    code = blind.index(Zone.EXCHANGE, "grant", "7")
    old = roots.configured().current()
    outcome = rotation.rotate_root()
    assert outcome.done == 4  # three zones and the signing key
    assert roots.configured().opens(old)
    assert rotation.drop_old_roots() == (old,)
    assert not roots.configured().opens(old)
    zone_keys.forget()
    assert opened(person) == NAME
    assert signing.verify(b"message", signature)
    assert signing.sign(b"more").key_id == signature.key_id
    assert texts.open_text("authenticators", secret) == "otp"
    assert blind.index(Zone.EXCHANGE, "grant", "7") == code
    assert own_root.stat().st_mode & 0o777 == 0o600


def test_an_old_root_in_use_is_not_dropped() -> None:
    keyring.create(Zone.PROTECTION)
    roots.configured().renew()
    with pytest.raises(rotation.RotationRefused, match="still wraps"):
        rotation.drop_old_roots()


def test_a_cut_off_root_rotation_makes_no_second_new_root() -> None:
    keyring.create(Zone.PROTECTION)
    Rotation.objects.create(
        kind="root", to_id=roots.configured().renew(), total=1, started_at=timezone.now()
    )
    wanted = roots.configured().current()
    rotation.rotate_root(drop_old=True)
    assert roots.configured().current() == wanted
    assert ZoneKey.objects.get().root_id == wanted
    assert rotation.running() == []


def test_keys_move_from_the_file_to_the_environment(settings: LazySettings) -> None:
    person = Person.objects.create(name=NAME)
    settings.ROOT_KEY = "A" * 43 + "="
    zone_keys.forget()
    with pytest.raises(RootError, match="need root key"):
        keyring.for_sealing(keyring.create(Zone.PROTECTION))
    rotation.rotate_root()
    assert opened(person) == NAME
    with pytest.raises(RootError, match="CAIRN_ROOT_KEY_PREVIOUS"):
        rotation.rotate_root()


def test_the_command_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(3):
        keyring.create(Zone.PROTECTION)
    call_command("keys_rotate", "--all-zones")
    call_command("keys_rotate", "--root", "--drop-old")
    call_command("keys")
    out = capsys.readouterr().out
    assert "3 of 3 keys," in out
    assert "Zone protection: 3 keys wrapped anew" in out
    assert "Gone for good: protection 1." in out
    assert "Root key: 1 keys wrapped anew" in out
    with pytest.raises(CommandError, match="goes with --root"):
        call_command("keys_rotate", "--all-zones", "--drop-old")


SEED = """
from cairn.vault import keyring
print(len(keyring.create_many("protection", 3000)))
"""
ROTATE_SLOWLY = """
import time
from cairn.vault import rotation
def tell(done, total, speed):
    print(done, flush=True)
    time.sleep(0.05)
rotation.rotate_zone("protection", tell, batch=200)
"""
LOOK = """
import json
from cairn.vault import keyring, rotation
from cairn.vault.models import DataKey
ids = list(DataKey.objects.values_list("pk", flat=True))
bad = [1 for each in keyring.ciphers(ids).values() if isinstance(each, Exception)]
zones = [(each.version, each.state, each.data_keys) for each in rotation.zones()]
print(json.dumps({"bad": len(bad), "zones": zones, "running": len(rotation.running())}))
"""
BUSY = """
import json, os, time
from cairn.vault import keyring
counts = {"made": 0, "read": 0, "destroyed": 0, "failed": []}
own = []
until = time.monotonic() + 60
while time.monotonic() < until:
    key = keyring.create("protection")
    own.append(key)
    counts["made"] += 1
    some = own[-20:]
    for key_id, cipher in keyring.ciphers(some).items():
        if isinstance(cipher, Exception):
            counts["failed"].append(repr(cipher))
        counts["read"] += 1
    if len(own) > 30:
        keyring.destroy(own.pop(0))
        counts["destroyed"] += 1
    if counts["made"] == 3:
        print("busy", flush=True)
    if os.path.exists(STOP):
        break
print(json.dumps(counts))
"""


@pytest.mark.processes
def test_a_killed_rotation_goes_on_when_run_again(tmp_path: Path) -> None:
    with processes.key_store(tmp_path) as env:
        processes.run(SEED, env)
        cut_off = processes.start(ROTATE_SLOWLY, env)
        assert cut_off.stdout is not None
        assert [cut_off.stdout.readline().strip() for _ in range(2)] == ["200", "400"]
        cut_off.send_signal(signal.SIGKILL)
        cut_off.communicate(timeout=60)
        between = json.loads(processes.run(LOOK, env))
        assert between["running"] == 1
        assert between["bad"] == 0
        assert 400 <= between["zones"][1][2] < 3000
        again = processes.command("keys_rotate", "--zone", "protection", env=env)
        assert again.returncode == 0, again.stderr
        after = json.loads(processes.run(LOOK, env))
        assert after == {
            "bad": 0,
            "zones": [[1, "destroyed", 0], [2, "current", 3000]],
            "running": 0,
        }


@pytest.mark.processes
def test_reading_and_writing_go_on_during_rotations(tmp_path: Path) -> None:
    with processes.key_store(tmp_path) as env:
        processes.run(SEED, env)
        stop = tmp_path / "stop"
        busy = [processes.start(f"STOP = {str(stop)!r}\n{BUSY}", env) for _ in range(2)]
        for each in busy:
            assert each.stdout is not None
            assert each.stdout.readline().strip() == "busy"
        for _ in range(3):
            done = processes.command("keys_rotate", "--zone", "protection", env=env)
            assert done.returncode == 0, done.stderr
        stop.touch()
        for each in busy:
            out, error = each.communicate(timeout=90)
            assert each.returncode == 0, error
            counts = json.loads(out.splitlines()[-1])
            assert counts["failed"] == []
            assert counts["made"] > 20
        after = json.loads(processes.run(LOOK, env))
        assert after["bad"] == 0
        assert [state for _, state, _ in after["zones"]] == [
            *[str(KeyState.DESTROYED)] * 3,
            str(KeyState.CURRENT),
        ]
