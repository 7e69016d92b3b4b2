"""Makes and repairs `.venv` from the hash-pinned requirements.

Three marks keep it honest: a lock, so that two starts do not install at once; a note in `var/`
while an install runs, so that an interrupted one is made anew; and a stamp inside `.venv`,
written last, that says which requirement files and which Python it was made from.
"""

import fcntl
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cairn_tool.console import Stop, Stopwatch, complain
from cairn_tool.places import DEV_LOCK, ROOT, RUN_LOCK, VAR, VENV, child_environment, program
from cairn_tool.processes import end_with_parent

STAMP = VENV / "cairn-stamp.json"
UNFINISHED = VAR / "install-unfinished"
LOG = VAR / "install.log"
# The certificates that this machine trusts, as pip uses; and no Python fetched behind our back.
UV = {"UV_NO_PROGRESS": "1", "UV_PYTHON_DOWNLOADS": "never", "UV_SYSTEM_CERTS": "1"}


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_stamp(path: Path) -> dict[str, str]:
    """What an environment was made from; empty when it has no readable stamp."""
    try:
        stamp = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def write_stamp(path: Path, stamp: dict[str, str]) -> None:
    """Write all or nothing: the file appears under its name only when it is complete."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(stamp, indent=1, sort_keys=True) + "\n")
    draft.replace(path)


def covers(stamp: dict[str, str], wanted: dict[str, str]) -> bool:
    """True when an environment with `stamp` needs nothing more to have all that is `wanted`."""
    return bool(wanted) and all(stamp.get(name) == value for name, value in wanted.items())


def pinned_block(text: str, name: str) -> str:
    """The lines of one package in a requirements text, hashes included; empty when not there."""
    found = re.search(rf"(?m)^{re.escape(name)}==[^\n]*(?:\n[ \t]+[^\n]*)*", text)
    return found[0] + "\n" if found else ""


def running_version(python: Path) -> str:
    """The version that `python` says it has, such as 3.11.7; empty when it does not run."""
    script = "import platform; print(platform.python_version())"
    try:
        answer = subprocess.run(
            [python, "-I", "-c", script], capture_output=True, text=True, timeout=60, check=False
        )
    except OSError:
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""


def ensure(*, dev: bool = False) -> None:
    """Make `.venv` ready for running, with `dev` also for checks and tests. Quick when it is."""
    wanted = {RUN_LOCK: digest(ROOT / RUN_LOCK)}
    if dev:
        wanted[DEV_LOCK] = digest(ROOT / DEV_LOCK)
    VAR.mkdir(exist_ok=True)
    with _one_at_a_time():
        version = running_version(program("python"))
        stamp = read_stamp(STAMP)
        if version and not UNFINISHED.exists() and covers(stamp, {**wanted, "python": version}):
            return
        took = Stopwatch()
        LOG.write_text("")
        made_for = stamp.get("python", version).rpartition(".")[0]
        if not version or UNFINISHED.exists() or version.rpartition(".")[0] != made_for:
            _make_environment()
            version = running_version(program("python"))
            stamp = {}
        UNFINISHED.touch()
        name = DEV_LOCK if dev else RUN_LOCK
        complain(f"Installing {_count(ROOT / name)} packages from {name} ...")
        _install(ROOT / name)
        write_stamp(STAMP, {**stamp, **wanted, "python": version})
        UNFINISHED.unlink()
        complain(f"Installed in {took}.")


def _count(requirements: Path) -> int:
    return len(re.findall(r"(?m)^[A-Za-z0-9]", requirements.read_text()))


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Hold the install lock; the system frees it however this process ends."""
    with (VAR / "install.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            complain("Another Cairn is installing; waiting for it ...")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_environment() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        version = "{}.{}".format(*sys.version_info[:2])
        raise Stop(
            f"{sys.executable} cannot make virtual environments: it has no ensurepip.",
            f"on Debian or Ubuntu: apt install python{version}-venv; then run this again.",
        )
    complain(f"Making .venv with Python {'.'.join(map(str, sys.version_info[:3]))} ...")
    UNFINISHED.touch()
    _clear(VENV)
    _logged([sys.executable, "-m", "venv", str(VENV)], "The environment could not be made.")


def _clear(folder: Path, patience: float = 10.0) -> None:
    """Remove a folder, though programs of an install that was just killed may still write there."""
    until = time.monotonic() + patience
    while folder.exists():
        try:
            shutil.rmtree(folder)
        except OSError as problem:
            if time.monotonic() > until:
                raise Stop(
                    f"{folder} cannot be removed: {problem}.", "remove it by hand."
                ) from None
            time.sleep(0.2)


def _install(requirements: Path) -> None:
    """With uv when it can be had, for it is four times faster; else with pip. Both check hashes."""
    python = str(program("python"))
    if _have_uv():
        command = [str(program("uv")), "pip", "install", "--python", python, "--require-hashes"]
        if _logged([*command, "-r", str(requirements)]):
            return
        complain("uv could not install; trying with pip ...")
    pip = [python, "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    _logged(
        [*pip, "--require-hashes", "-r", str(requirements)], "The packages could not be installed."
    )


def _have_uv() -> bool:
    """True when the pinned uv is in the environment, installing it with pip if need be."""
    block = pinned_block((ROOT / DEV_LOCK).read_text(), "uv")
    if not block:
        return False
    python = str(program("python"))
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as pinned:
        pinned.write(block)
        pinned.flush()
        pip = [python, "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
        return _logged([*pip, "--require-hashes", "--no-deps", "-r", pinned.name])


def _logged(command: list[str], complaint: str = "") -> bool:
    """Run `command` with its output in the log. True when it worked.

    With a `complaint`, a failure stops the script with it and the end of the log.
    """
    # uv keeps its cache in HOME, and a service account may have none.
    changes = {} if os.access(os.environ.get("HOME") or "", os.W_OK) else {"UV_NO_CACHE": "1"}
    with LOG.open("a") as log:
        log.write(f"$ {' '.join(command)}\n")
        log.flush()
        ended = subprocess.run(
            command,
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env=child_environment(**UV, **changes),
            preexec_fn=end_with_parent(),
            check=False,
        )
    if ended.returncode == 0:
        return True
    if not complaint:
        return False
    tail = "\n".join(LOG.read_text(errors="replace").splitlines()[-12:])
    raise Stop(
        f"{complaint} The end of {LOG}:\n{tail}",
        "check the network and pip's settings, then run this again; it starts afresh.",
    )
