"""The script starts Cairn, or refuses with a remedy."""

import os
import socket
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from cairn_tool import console, processes, server

LOOPBACK = ["127.0.0.1", "127.0.0.9", "localhost", "::1", "[::1]"]
SLEEPER = "import time; time.sleep(60)"
PUBLIC = ["0.0.0.0", "::", "192.0.2.7", "cairn.example"]  # noqa: S104 - never bound here


def wanted(**changes: object) -> server.Wanted:
    values = {"host": "127.0.0.1", "port": None, "database": "", "demo": True, **changes}
    return server.Wanted(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize("host", LOOPBACK)
def test_the_demo_runs_on_this_machine(host: str) -> None:
    server.check_audience(wanted(host=host), {"demo": "1"})


@pytest.mark.parametrize("host", PUBLIC)
def test_the_demo_is_refused_where_others_can_reach_it(host: str) -> None:
    with pytest.raises(console.Stop, match="demo sign-ins") as refusal:
        server.check_audience(wanted(host=host), {})
    assert refusal.value.code == 2
    assert "--no-demo" in refusal.value.remedy


@pytest.mark.parametrize("host", PUBLIC)
def test_a_database_that_was_a_demo_is_not_shown_to_others(host: str) -> None:
    with pytest.raises(console.Stop, match="demo sign-ins"):
        server.check_audience(wanted(host=host, demo=False), {"demo": "1"})
    server.check_audience(wanted(host=host, demo=False), {"demo": "0"})


@pytest.mark.parametrize(
    "url", ["", "sqlite:", "sqlite:///srv/cairn.sqlite3", "postgres://a:b@localhost/cairn"]
)
def test_known_database_addresses_are_taken(url: str) -> None:
    assert server.check_database(url) == url


@pytest.mark.parametrize("url", ["mysql://a:secret@localhost/x", "cairn.sqlite3", "sqlite://"])
def test_unknown_database_addresses_are_refused_without_their_password(url: str) -> None:
    with pytest.raises(console.Stop) as refusal:
        server.check_database(url)
    assert refusal.value.code == 2
    assert "secret" not in str(refusal.value)


def test_the_embedded_database_lies_in_the_home(tmp_path: Path) -> None:
    assert server.sqlite_file("", tmp_path) == tmp_path / "cairn.sqlite3"
    assert server.sqlite_file("sqlite:///srv/a%20b.sqlite3", tmp_path) == Path("/srv/a b.sqlite3")
    assert server.sqlite_file("postgres://localhost/cairn", tmp_path) is None


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_busy_port_that_was_asked_for_is_refused(taken_port: int) -> None:
    with pytest.raises(console.Stop, match=f"Port {taken_port} is taken") as refusal:
        server.choose_port("127.0.0.1", taken_port)
    assert refusal.value.code == 2
    assert "--port" in refusal.value.remedy


def test_without_a_wish_the_next_free_port_is_used_and_named(
    taken_port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(server, "FIRST_PORT", taken_port)
    chosen = server.choose_port("127.0.0.1", None)
    assert chosen > taken_port
    assert f"using {chosen}" in capsys.readouterr().out


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_numbers_that_are_no_ports_are_refused(port: int) -> None:
    with pytest.raises(console.Stop, match="is not a port"):
        server.choose_port("127.0.0.1", port)


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(console.Stop, match="not an address of this machine"):
        server.port_is_free("192.0.2.7", 8000)


def test_the_fingerprint_follows_sources_but_not_what_python_and_prepare_write(
    tmp_path: Path,
) -> None:
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "views.py").write_text("one")
    first = server.fingerprint([tmp_path])
    (tmp_path / "django.mo").write_text("compiled")
    (tmp_path / "__pycache__" / "views.pyc").write_text("compiled")
    assert server.fingerprint([tmp_path]) == first
    (tmp_path / "views.py").write_text("longer")
    assert server.fingerprint([tmp_path]) != first


@pytest.fixture
def prepared(tmp_path: Path) -> dict[str, str]:
    """The stamp of a home that is ready."""
    with closing(sqlite3.connect(tmp_path / "cairn.sqlite3")) as database, database:
        database.execute("CREATE TABLE django_migrations (app TEXT, name TEXT)")
        database.execute("INSERT INTO django_migrations VALUES ('core', '0001_first')")
    migrations = server.migrations_in(tmp_path / "cairn.sqlite3")
    assert migrations
    (tmp_path / server.SIGN_INS).write_text('["Demo sign-ins:", "  trainer"]')
    return {"sources": "same", "migrations": migrations}


@pytest.fixture(autouse=True)
def no_catalogues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "SRC", tmp_path / "src")


def test_a_ready_demo_is_not_prepared_again(prepared: dict[str, str], tmp_path: Path) -> None:
    assert server.is_prepared(prepared, wanted(), "same", tmp_path)


@pytest.mark.parametrize(
    ("changes", "sources"),
    [
        ({}, "changed"),
        ({"demo": False}, "same"),
        ({"database": "postgres://localhost/cairn"}, "same"),
        ({"database": "sqlite:///nowhere/at/all.sqlite3"}, "same"),
    ],
)
def test_anything_else_is_prepared(
    prepared: dict[str, str], tmp_path: Path, changes: dict[str, object], sources: str
) -> None:
    assert not server.is_prepared(prepared, wanted(**changes), sources, tmp_path)


def test_a_database_that_was_put_back_is_prepared(prepared: dict[str, str], tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "cairn.sqlite3")) as database, database:
        database.execute("DELETE FROM django_migrations")
    assert not server.is_prepared(prepared, wanted(), "same", tmp_path)


def test_lost_sign_ins_are_made_again(prepared: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / server.SIGN_INS).write_text("{broken")
    assert not server.is_prepared(prepared, wanted(), "same", tmp_path)


def test_the_address_can_be_clicked() -> None:
    assert server.address("127.0.0.1", 8000) == "http://127.0.0.1:8000/"
    assert server.address("::1", 8000) == "http://[::1]:8000/"


def test_a_report_makes_the_database_that_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CAIRN_HOME", str(tmp_path))
    monkeypatch.delenv("CAIRN_DATABASE_URL", raising=False)
    asked: list[server.Wanted] = []

    def note(wanted: server.Wanted, *rest: object, **more: object) -> list[str]:
        asked.append(wanted)
        return []

    monkeypatch.setattr(server, "prepare", note)
    server.prepare_first("report")
    assert [wanted.demo for wanted in asked] == [True]
    said = capsys.readouterr()
    assert said.out == ""
    assert "no database yet" in said.err


@pytest.mark.parametrize("url", ["", "postgres://somebody@localhost/records"])
def test_a_report_leaves_a_database_that_is_there_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("CAIRN_HOME", str(tmp_path))
    monkeypatch.setenv("CAIRN_DATABASE_URL", url)
    (tmp_path / "cairn.sqlite3").touch()
    monkeypatch.setattr(server, "prepare", lambda *_, **__: pytest.fail("prepared again"))
    server.prepare_first("report")
    assert list(tmp_path.iterdir()) == [tmp_path / "cairn.sqlite3"]


def test_phones_reach_a_kit_by_its_addresses_and_its_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server, "lan_addresses", lambda: ("192.168.8.2", "10.0.0.7"))
    monkeypatch.setattr(socket, "gethostname", lambda: "kit-3")
    asked = server.read_request(["--lan", "--no-demo"])
    assert (asked.host, asked.demo) == ("0.0.0.0", False)  # noqa: S104 - never bound here
    assert server.lan_hosts(asked).split(",") == [
        "localhost",
        "127.0.0.1",
        "192.168.8.2",
        "10.0.0.7",
        "kit-3",
        "kit-3.local",
    ]


def test_a_kit_with_the_demo_or_without_a_network_does_not_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server, "lan_addresses", lambda: ("192.168.8.2",))
    with pytest.raises(console.Stop, match="demo sign-ins"):
        server.check_audience(server.read_request(["--lan"]), {})
    monkeypatch.setattr(server, "lan_addresses", tuple)
    with pytest.raises(console.Stop, match="no network"):
        server.read_request(["--lan", "--no-demo"])


class OneNetwork:
    """A socket of a machine that has a way to one network only; nothing is sent."""

    def __init__(self, *kind: int) -> None:
        self.reached = ""

    def __enter__(self) -> "OneNetwork":
        return self

    def __exit__(self, *problem: object) -> None:
        return None

    def connect(self, place: tuple[str, int]) -> None:
        if not place[0].startswith("192.168."):
            raise OSError
        self.reached = "192.168.8.2"

    def getsockname(self) -> tuple[str, int]:
        return self.reached, 40_000


def test_addresses_of_the_network_are_found_once_and_loopback_is_none_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def named(*asked: object) -> list[tuple[object, ...]]:
        return [(0, 0, 0, "", ("127.0.1.1", 0)), (0, 0, 0, "", ("192.168.8.2", 0))]

    monkeypatch.setattr(socket, "socket", OneNetwork)
    monkeypatch.setattr(socket, "getaddrinfo", named)
    assert server.lan_addresses() == ("192.168.8.2",)


def test_web_worker_and_watch_run_together() -> None:
    commands = server.child_commands("127.0.0.1", 8000)
    assert list(commands) == ["web process", "task worker", "watch"]
    assert commands["watch"][-1] == "keep_watch"


def test_when_one_process_ends_the_others_are_stopped(
    capsys: pytest.CaptureFixture[str],
) -> None:
    environment = dict(os.environ)
    children = {
        "web process": processes.start([sys.executable, "-c", SLEEPER], environment),
        "watch": processes.start([sys.executable, "-c", "raise SystemExit(7)"], environment),
    }
    try:
        assert server._wait_for_end(children, processes.Asked()) == 7
    finally:
        processes.stop(list(children.values()))
    assert "The watch ended with code 7" in capsys.readouterr().err
    assert all(child.returncode is not None for child in children.values())
