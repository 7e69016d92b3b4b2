"""PostgreSQL and Chromium: found, installed where that is wanted, or missing with a reason."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from cairn_tool.console import Stop, say
from cairn_tool.places import VAR
from cairn_tool.processes import end_with_parent

DEBIAN_POSTGRES = Path("/usr/lib/postgresql")
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
# Without a font Chromium draws empty boxes; Noto has every script that Cairn speaks.
PACKAGES = {"postgres": ["postgresql"], "chromium": ["chromium", "fonts-noto-core"]}
SERVER_READY_WITHIN = 30.0
# A cluster that lives for one test run has nothing to lose in a power cut.
THROW_AWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def find_postgres(debian: Path = DEBIAN_POSTGRES) -> Path | None:
    """The folder with `postgres` and `initdb`: CAIRN_POSTGRES_BIN, PATH, Debian's newest."""
    if asked := os.environ.get("CAIRN_POSTGRES_BIN"):
        return _with_server(Path(asked), "CAIRN_POSTGRES_BIN")
    if on_path := shutil.which("postgres"):
        folder = Path(on_path).resolve().parent
        if (folder / "initdb").exists():
            return folder
    versions = [path for path in debian.glob("*/bin") if (path / "postgres").exists()]
    return max(versions, key=lambda path: _version(path.parent.name), default=None)


def _with_server(folder: Path, variable: str) -> Path:
    if (folder / "postgres").exists() and (folder / "initdb").exists():
        return folder
    raise Stop(
        f"{variable} says {folder}, which has no postgres and initdb.", "correct it or unset it.", 2
    )


def _version(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in name.split(".") if part.isdigit())


def find_chromium() -> Path | None:
    """The browser: CAIRN_CHROMIUM, then the usual names on PATH."""
    if asked := os.environ.get("CAIRN_CHROMIUM"):
        if os.access(asked, os.X_OK):
            return Path(asked)
        raise Stop(
            f"CAIRN_CHROMIUM says {asked}, which does not run.", "correct it or unset it.", 2
        )
    paths = (shutil.which(name) for name in CHROMIUM_NAMES)
    return next((Path(path) for path in paths if path), None)


def required() -> set[str]:
    """What CAIRN_REQUIRE names: parts whose absence is a failure, not a skip."""
    names = {word.strip() for word in os.environ.get("CAIRN_REQUIRE", "").split(",")} - {""}
    if unknown := names - set(PACKAGES):
        raise Stop(
            f"CAIRN_REQUIRE names unknown parts: {', '.join(sorted(unknown))}.",
            f"use {', '.join(sorted(PACKAGES))}.",
            code=2,
        )
    return names


def obtain(name: str) -> Path | None:
    """The part if it is here; installed when required; None when it may be left out."""
    find = {"postgres": find_postgres, "chromium": find_chromium}[name]
    if found := find():
        return found
    if name not in required():
        return None
    _apt_install(PACKAGES[name])
    if found := find():
        return found
    raise Stop(f"{name} is required, and installing it did not bring it.", "install it by hand.")


def remedy(name: str) -> str:
    return f"apt install {' '.join(PACKAGES[name])}"


def _apt_install(packages: list[str]) -> None:
    wanted = " ".join(packages)
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Stop(
            f"Required and not here: {wanted}; only root on Debian can install it from here.",
            f"as root: apt install {wanted}",
        )
    say(f"Installing {wanted} ...")
    VAR.mkdir(exist_ok=True)
    log = VAR / "apt.log"
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-o", "DPkg::Lock::Timeout=300", "-y"]
    with log.open("w") as output:
        for command in (
            [*apt, "update"],
            [*apt, "install", "--no-install-recommends", *packages],
        ):
            ended = subprocess.run(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
    if ended.returncode:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-12:])
        raise Stop(
            f"apt could not install {wanted}. The end of {log}:\n{tail}",
            f"as root: apt install {wanted}",
        )


@contextmanager
def throw_away_cluster(binaries: Path) -> Iterator[str]:
    """A PostgreSQL of our own for one test run; gives its address and leaves nothing behind.

    It listens on a socket in a folder that only its owner (and root) can enter, so trusting every
    sign-in harms nobody. PostgreSQL refuses to run as root: then it runs as the user postgres.
    """
    owner = _unprivileged_user()
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=f"cairn-pg-{os.getpid()}-"))
    try:
        if owner:
            shutil.chown(folder, owner, pwd.getpwnam(owner).pw_gid)
        _initialise(binaries, folder, owner)
        log = (folder / "log").open("wb")
        settings = ["listen_addresses=", f"unix_socket_directories={folder}", *THROW_AWAY]
        options = [part for setting in settings for part in ("-c", setting)]
        server = subprocess.Popen(
            [str(binaries / "postgres"), "-D", str(folder / "data"), *options],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=end_with_parent(signal.SIGINT),
            user=owner,
            group=owner,
            extra_groups=[] if owner else None,
        )
        try:
            _wait_for_server(binaries, folder, server)
            yield f"postgres://cairn@/postgres?host={quote(str(folder), safe='')}"
        finally:
            server.send_signal(signal.SIGINT)  # its fast shutdown
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()
            log.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged_user() -> str | None:
    """Whom PostgreSQL runs as: None is ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        raise Stop(
            "PostgreSQL does not run as root, and there is no user postgres to run it as.",
            "apt install postgresql, or run the tests as another user.",
        ) from None
    return "postgres"


def _sweep() -> None:
    """Remove what a killed run left; its server has ended with it."""
    for folder in Path(tempfile.gettempdir()).glob("cairn-pg-*"):
        number = folder.name.split("-")[2]
        if number.isdigit() and not _is_running(int(number)):
            shutil.rmtree(folder, ignore_errors=True)


def _is_running(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _initialise(binaries: Path, folder: Path, owner: str | None) -> None:
    command = [str(binaries / "initdb"), "-D", str(folder / "data"), "-U", "cairn"]
    made = subprocess.run(
        [*command, "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"],
        cwd="/",
        user=owner,
        group=owner,
        extra_groups=[] if owner else None,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise Stop(f"initdb failed:\n{made.stderr}", f"check the binaries in {binaries}.")


def _wait_for_server(binaries: Path, folder: Path, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + SERVER_READY_WITHIN
    ready = [str(binaries / "pg_isready"), "-q", "-h", str(folder), "-d", "postgres"]
    while time.monotonic() < until and server.poll() is None:
        if subprocess.run(ready, cwd="/", check=False).returncode == 0:
            return
        time.sleep(0.1)
    raise Stop(f"PostgreSQL did not start:\n{(folder / 'log').read_text(errors='replace')}")
