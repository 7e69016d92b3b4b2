"""Programs of an installation that begin as copies of one warm process instead of from nothing.

Starting Python and importing Cairn is nearly all that a short command costs. Here one process per
test run imports everything once, see forks_server.py; each program is a fork of it: a process of
its own, with its own environment, settings, connections and files, that is killed, stopped and
asked to end like any other. That real interpreters start, too, is shown by the tests of the script
and by those that start the web process.
"""

import atexit
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from cairn_tool.processes import end_with_parent

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 240.0  # seconds after which a program counts as hanging
MANAGE = "cairn.config.manage"
NUMBER = 12  # characters of a number that the server tells


class Running:
    """One program, with what tests use of `subprocess.Popen`."""

    def __init__(self, outcome: socket.socket, stdout: int, stderr: int | None) -> None:
        self._outcome = outcome
        self.stdout: IO[str] = os.fdopen(stdout)
        self.stderr = None if stderr is None else os.fdopen(stderr)
        self.returncode: int | None = None
        self.pid = int(outcome.recv(NUMBER))

    def poll(self) -> int | None:
        """How it ended, or None while it runs."""
        try:
            return self.wait(0)
        except subprocess.TimeoutExpired:
            return None

    def wait(self, timeout: float | None = PATIENCE) -> int:
        if self.returncode is None:
            self._outcome.settimeout(timeout)
            try:
                told = self._outcome.recv(NUMBER)
            except (BlockingIOError, TimeoutError):
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0) from None
            assert told, "the process that watches over it is gone"
            self.returncode = int(told)
            self._outcome.close()
        return self.returncode

    def communicate(self, timeout: float = PATIENCE) -> tuple[str, str]:
        """All that it says until its end, to its output and to its errors."""
        said: dict[IO[str], str] = {}
        files = [each for each in (self.stdout, self.stderr) if each is not None]

        def read(file: IO[str]) -> None:
            said[file] = file.read()

        threads = [threading.Thread(target=read, args=(each,), daemon=True) for each in files]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout)
            if thread.is_alive():
                raise subprocess.TimeoutExpired(str(self.pid), timeout)
        for file in files:
            file.close()
        self.wait(timeout)
        return said[self.stdout], "" if self.stderr is None else said[self.stderr]

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def __del__(self) -> None:
        self._outcome.close()


class _Server:
    """The warm process of this test run, started when first asked."""

    def __init__(self) -> None:
        self.asking, theirs = socket.socketpair()
        self.home = tempfile.mkdtemp(prefix="cairn-forks-")
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("CAIRN_", "DJANGO_", "PYTEST_", "COV_"))
        }
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 - our own words
                [sys.executable, "-u", "-m", "tests.forks_server", str(theirs.fileno())],
                cwd=ROOT,
                env=kept
                | {
                    "CAIRN_HOME": self.home,
                    "DJANGO_SETTINGS_MODULE": "cairn.config.settings",
                    "PYTHONPATH": str(ROOT / "src"),
                    "PYTHONUNBUFFERED": "1",
                },
                pass_fds=[theirs.fileno()],
                preexec_fn=end_with_parent(signal.SIGKILL),
            )

    def ask(self, message: bytes, files: list[int]) -> None:
        sent = socket.send_fds(self.asking, [message], files)
        self.asking.sendall(message[sent:])

    def end(self) -> None:
        self.asking.close()
        self.process.wait(20)
        shutil.rmtree(self.home, ignore_errors=True)


_lock = threading.Lock()
_servers: list[_Server] = []


def _server() -> _Server:
    if not _servers:
        _servers.append(_Server())
        atexit.register(_servers[0].end)
    return _servers[0]


def _start(what: Mapping[str, object], env: Mapping[str, str], *, apart: bool) -> Running:
    """Start a program. `apart`: its errors are not among its output."""
    mine, theirs = socket.socketpair()
    out, out_end = os.pipe()
    errors, errors_end = os.pipe() if apart else (None, os.dup(out_end))
    message = json.dumps({**what, "env": dict(env), "cwd": os.getcwd()}).encode() + b"\n"
    with _lock:  # one question at a time
        try:
            _server().ask(message, [theirs.fileno(), out_end, errors_end])
        finally:
            theirs.close()
            os.close(out_end)
            os.close(errors_end)
        return Running(mine, out, errors)


def script(
    lines: str, arguments: Sequence[str], env: Mapping[str, str], *, apart: bool = True
) -> Running:
    """Start `python -c lines arguments`."""
    return _start({"code": lines, "arguments": list(arguments)}, env, apart=apart)


def command(arguments: Sequence[str], env: Mapping[str, str], *, apart: bool = False) -> Running:
    """Start a management command."""
    return _start({"module": MANAGE, "arguments": list(arguments)}, env, apart=apart)


def ended(running: Running, timeout: float = PATIENCE) -> subprocess.CompletedProcess[str]:
    """What a program said, and how it ended."""
    out, errors = running.communicate(timeout)
    assert running.returncode is not None
    return subprocess.CompletedProcess(str(running.pid), running.returncode, out, errors)
