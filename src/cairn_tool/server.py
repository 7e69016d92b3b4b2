"""`./cairn up`: web process, task worker and watch, ready or refused with a reason."""

import argparse
import errno
import hashlib
import http.client
import ipaddress
import json
import os
import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from cairn_tool import install, processes
from cairn_tool.console import Stop, Stopwatch, complain, say
from cairn_tool.places import ROOT, RUN_LOCK, SRC, child_environment, home, manage_command, program

FIRST_PORT = 8000
PORTS_TRIED = 20
SIGN_INS = "demo-sign-ins.json"  # written by `prepare` in home: a list of lines
READY_WITHIN = 60.0  # seconds; a cold start takes about three on two cores
# One thread per database connection of the pool that psycopg opens by default.
WEB_THREADS = 4
# The last address of each private network (RFC 1918) and of all others: where kits stand.
LAN_NETWORKS = ("192.168.255.254", "172.31.255.254", "10.255.255.254", "203.0.113.254")
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, never a default


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the person asked for. `port` None: the first free one from FIRST_PORT on.

    `lan`: addresses of this machine at which phones on the local network reach it; empty without
    --lan.
    """

    host: str
    port: int | None
    database: str
    demo: bool
    lan: tuple[str, ...] = ()


def is_loopback(host: str) -> bool:
    """True for addresses that only this machine can reach."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def lan_addresses() -> tuple[str, ...]:
    """This machine's IPv4 addresses on its networks, none of them loopback; may be empty.

    Which address leads to a network is asked of the system; nothing is sent for that.
    """
    found = []
    for network in LAN_NETWORKS:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect((network, 9))
            except OSError:  # no way there
                continue
            found.append(str(probe.getsockname()[0]))
    try:
        named = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
    except OSError:
        named = []
    found += [str(each[4][0]) for each in named]
    return tuple(dict.fromkeys(each for each in found if not is_loopback(each)))


def lan_hosts(wanted: Wanted) -> str:
    """The host names under which requests are answered, for CAIRN_HOSTS."""
    own = socket.gethostname()
    hosts = ["localhost", "127.0.0.1", *wanted.lan, own]
    return ",".join([*hosts, f"{own}.local"] if own and "." not in own else hosts)


def check_database(url: str) -> str:
    """`url` itself, or Stop when it is no address that Cairn knows. Empty means SQLite in home."""
    parts = urlsplit(url)
    if url in {"", "sqlite:"} or parts.scheme in {"postgres", "postgresql"}:
        return url
    if parts.scheme == "sqlite" and parts.path.startswith("/"):
        return url
    raise Stop(
        f"This is not a database address: {without_password(url)}",
        "write postgres://user:password@host:port/name, or sqlite:///full/path.",
        code=2,
    )


def without_password(url: str) -> str:
    parts = urlsplit(url)
    return url.replace(f":{parts.password}@", ":***@", 1) if parts.password else url


def sqlite_file(url: str, folder: Path) -> Path | None:
    """The database file behind `url`, None when a server keeps the database."""
    if url in {"", "sqlite:"}:
        return folder / "cairn.sqlite3"
    parts = urlsplit(url)
    return Path(unquote(parts.path)) if parts.scheme == "sqlite" else None


def check_audience(wanted: Wanted, stamp: dict[str, str]) -> None:
    """Demo sign-ins are printed for all to read, so they stay on this machine."""
    if is_loopback(wanted.host):
        return
    if wanted.demo:
        raise Stop(
            f"Other machines can reach {wanted.host}, and demo sign-ins are known to everyone.",
            "add --no-demo, or leave out --host.",
            code=2,
        )
    if stamp.get("demo") == "1":
        raise Stop(
            "This database holds the demo sign-ins, so it is not shown to other machines.",
            "give another one with --database, or another folder in CAIRN_HOME.",
            code=2,
        )


def port_is_free(host: str, port: int) -> bool:
    """True when a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError as problem:
            if isinstance(problem, socket.gaierror) or problem.errno == errno.EADDRNOTAVAIL:
                raise Stop(
                    f"{host} is not an address of this machine.", "use 127.0.0.1.", 2
                ) from None
            return False
    return True


def choose_port(host: str, port: int | None) -> int:
    """The asked port, or the first free one from FIRST_PORT on; Stop when there is none."""
    if port is not None:
        if not 1 <= port <= 65535:
            raise Stop(f"{port} is not a port.", "choose one from 1024 to 65535.", code=2)
        if port_is_free(host, port):
            return port
        raise Stop(
            f"Port {port} is taken, or not yours to use.",
            "stop what uses it, choose another with --port, or leave --port out.",
            code=2,
        )
    for candidate in range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
        if port_is_free(host, candidate):
            if candidate != FIRST_PORT:
                say(f"Port {FIRST_PORT} is taken; using {candidate}.")
            return candidate
    last = FIRST_PORT + PORTS_TRIED - 1
    raise Stop(
        f"Ports {FIRST_PORT} to {last} are all taken.", "choose another with --port.", code=2
    )


def fingerprint(folders: Sequence[Path]) -> str:
    """Changes when any file that preparing reads changes (name, size or time)."""
    seen = hashlib.sha256()
    for folder in folders:
        for directory, subfolders, names in os.walk(folder):
            subfolders[:] = sorted(set(subfolders) - {"__pycache__", "tests"})
            for name in sorted(names):
                if not name.endswith((".pyc", ".mo")):
                    path = Path(directory, name)
                    about = path.stat()
                    seen.update(f"{path} {about.st_size} {about.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def migrations_in(database: Path) -> str:
    """Which migrations a SQLite file has had, as a short text; empty when it is not ready."""
    if not database.exists():
        return ""
    try:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
            query = "SELECT app || '.' || name FROM django_migrations ORDER BY 1"
            rows = [name for (name,) in connection.execute(query)]
    except sqlite3.Error:
        return ""
    return f"{len(rows)} {hashlib.sha256(repr(rows).encode()).hexdigest()}"


def is_prepared(stamp: dict[str, str], wanted: Wanted, sources: str, folder: Path) -> bool:
    """True when preparing again would change nothing.

    Only the embedded demo is ever skipped: what a server holds cannot be seen from here, and
    without the demo what preparing says (how to make the first account) may have changed.
    """
    database = sqlite_file(wanted.database, folder)
    if database is None or not wanted.demo or stamp.get("sources") != sources:
        return False
    if not sign_ins(folder):
        return False
    compiled = all(path.with_suffix(".mo").exists() for path in SRC.glob("cairn/locale/**/*.po"))
    migrations = migrations_in(database)
    return bool(migrations) and stamp.get("migrations") == migrations and compiled


def sign_ins(folder: Path) -> list[str]:
    """The lines that `prepare` left for the person; empty when there is no demo."""
    try:
        lines = json.loads((folder / SIGN_INS).read_text())
    except (OSError, ValueError):
        return []
    return [str(line) for line in lines] if isinstance(lines, list) else []


def prepare(
    wanted: Wanted,
    environment: dict[str, str],
    stamp_path: Path,
    tell: Callable[[str], None] = say,
) -> list[str]:
    """Migrate, load, compile, collect, unless that is done; returns the demo's sign-in lines."""
    folder = home()
    stamp = install.read_stamp(stamp_path)
    sources = fingerprint([SRC, ROOT / "data"]) + install.digest(ROOT / RUN_LOCK)
    if is_prepared(stamp, wanted, sources, folder) and (folder / "static").is_dir():
        return sign_ins(folder)
    ever_demo = "1" if wanted.demo or stamp.get("demo") == "1" else "0"
    # Noted before the sign-ins exist, so that an interrupted start is still known as a demo.
    install.write_stamp(stamp_path, {"demo": ever_demo})
    tell("Preparing the database ...")
    ended = subprocess.run(
        manage_command("prepare"),
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=processes.end_with_parent(),
        check=False,
    )
    lines = sign_ins(folder) if wanted.demo else []
    # The sign-ins come last, when the address is known.
    tell("\n".join(line for line in ended.stdout.splitlines() if line not in lines))
    if ended.returncode:
        raise Stop("Preparing the database did not work; the lines above say why.")
    stamp = {"demo": ever_demo}
    database = sqlite_file(wanted.database, folder)
    if lines and database is not None:
        stamp |= {"sources": sources, "migrations": migrations_in(database)}
    install.write_stamp(stamp_path, stamp)
    return lines


def prepare_first(name: str) -> None:
    """Before a command that reads records: make the embedded database that `up` would make.

    Only where there is none yet. Tells on the error output, so that a report stays clean.
    """
    database = os.environ.get("CAIRN_DATABASE_URL", "")
    path = sqlite_file(database, home())
    if path is None or path.exists():
        return
    wanted = Wanted("127.0.0.1", None, check_database(database), demo=True)
    complain(f"There is no database yet; {name} needs one.")
    environment = child_environment(CAIRN_DEMO="1", CAIRN_DATABASE_URL=database)
    os.umask(0o077)
    prepare(wanted, environment, stamp_of(wanted), tell=complain)


def stamp_of(wanted: Wanted) -> Path:
    """Where it is noted what was prepared in this database."""
    name = hashlib.sha256(wanted.database.encode()).hexdigest()[:12]
    return home() / f"prepared-{name}.json"


def answers(host: str, port: int) -> bool:
    """True when the health page says that all is well."""
    # A server that listens everywhere is asked on the loopback address.
    inside = EVERYWHERE.get(host.strip("[]"), host.strip("[]"))
    names = [name for name in os.environ.get("CAIRN_HOSTS", "").split(",") if name.strip(" *.")]
    headers = {"Host": names[0].strip() if names else "localhost", "X-Forwarded-Proto": "https"}
    connection = http.client.HTTPConnection(inside, port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers=headers)
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    # Behind TLS without a proxy the page only says: come back with https.
    return answer.status in {200, 301}


def web_command(host: str, port: int) -> list[str]:
    options = {
        "--interface": "wsgi",
        "--host": host.strip("[]"),
        "--port": str(port),
        "--workers": "1",
        "--blocking-threads": str(WEB_THREADS),
        "--workers-kill-timeout": "5",
        "--log-level": "warning",
    }
    flags = [part for pair in options.items() for part in pair]
    return [str(program("granian")), *flags, "--no-ws", "cairn.config.wsgi:application"]


def child_commands(host: str, port: int) -> dict[str, list[str]]:
    """What runs while Cairn is up, by the name that a person is told when it ends."""
    return {
        "web process": web_command(host, port),
        "task worker": manage_command("db_worker", "--queue-name", "*"),
        "watch": manage_command("keep_watch"),
    }


def address(host: str, port: int) -> str:
    shown = f"[{host.strip('[]')}]" if ":" in host else host
    return f"http://{shown}:{port}/"


def read_request(arguments: Sequence[str]) -> Wanted:
    parser = argparse.ArgumentParser(
        prog="./cairn up", description="Start Cairn on this machine; Ctrl-C ends it."
    )
    parser.add_argument("--port", type=int, help="default: the first free one from 8000 on")
    parser.add_argument("--host", default="127.0.0.1", help="default: %(default)s")
    parser.add_argument(
        "--database",
        default=os.environ.get("CAIRN_DATABASE_URL", ""),
        metavar="URL",
        help="postgres://user:password@host:port/name; default: SQLite in var/",
    )
    parser.add_argument(
        "--lan",
        action="store_true",
        help="let phones on the local network reach this machine (an event kit); with --no-demo",
    )
    parser.add_argument("--no-demo", action="store_true", help="no demo records, no demo sign-ins")
    options = parser.parse_args(arguments)
    lan = lan_addresses() if options.lan else ()
    if options.lan and not lan:
        raise Stop(
            "This machine is on no network, so phones cannot reach it.",
            "connect it to the router or open its hotspot first.",
            code=2,
        )
    host = "0.0.0.0" if options.lan else options.host  # noqa: S104 - asked for by name
    database = check_database(options.database)
    return Wanted(host, options.port, database, not options.no_demo, lan)


def up(arguments: Sequence[str]) -> int:
    """Make ready, start, wait. Returns 0 when asked to stop, else the exit code of what died."""
    took = Stopwatch()
    wanted = read_request(arguments)
    stamp_path = stamp_of(wanted)
    check_audience(wanted, install.read_stamp(stamp_path))
    port = choose_port(wanted.host, wanted.port)
    install.ensure()
    environment = child_environment(
        CAIRN_DEMO="1" if wanted.demo else "0", CAIRN_DATABASE_URL=wanted.database
    )
    if not is_loopback(wanted.host) and "CAIRN_HOSTS" not in os.environ:
        environment["CAIRN_HOSTS"] = (
            lan_hosts(wanted) if wanted.lan else f"localhost,127.0.0.1,{wanted.host}"
        )
    os.umask(0o077)  # the database and all files of this installation are for its owner only
    lines = prepare(wanted, environment, stamp_path)
    commands = child_commands(wanted.host, port)
    with processes.listening_for_stop() as asked:
        children = {
            name: processes.start(command, environment) for name, command in commands.items()
        }
        try:
            if _wait_until_ready(wanted.host, port, children, asked):
                shown = " ".join(address(each, port) for each in wanted.lan or (wanted.host,))
                say(f"\nCairn is ready at {shown} (started in {took}).")
                say("\n".join([*lines, "Ctrl-C ends it."]))
            return _wait_for_end(children, asked)
        finally:
            processes.stop(list(children.values()))


def _wait_until_ready(
    host: str, port: int, children: dict[str, subprocess.Popen[bytes]], asked: processes.Asked
) -> bool:
    """True once the web process answers; False when a child ended or somebody asked to stop."""
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        if asked.to_stop or any(child.poll() is not None for child in children.values()):
            return False
        if answers(host, port):
            return True
        time.sleep(0.1)
    raise Stop(f"Cairn did not answer within {READY_WITHIN:.0f} s.", "read the lines above.")


def _wait_for_end(children: dict[str, subprocess.Popen[bytes]], asked: processes.Asked) -> int:
    while not asked.to_stop:
        for name, child in children.items():
            if child.poll() is not None:
                complain(f"The {name} ended with code {child.returncode}; stopping the rest.")
                code = child.returncode or 1
                return 128 - code if code < 0 else code  # as a shell counts a signal
        time.sleep(0.2)
    say("\nStopping ...")
    return 0
