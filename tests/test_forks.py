"""Programs that begin as copies of a warm process are programs of their own all the same."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests import forks

pytestmark = [pytest.mark.processes, pytest.mark.once]
WHERE = """
import os, sys, django
django.setup()
from django.conf import settings
from django.db import connections
print(settings.HOME, connections["default"].settings_dict["NAME"], os.getpid(), *sys.argv[1:])
"""


def environment(home: Path) -> dict[str, str]:
    home.mkdir()
    return {"CAIRN_HOME": str(home), "DJANGO_SETTINGS_MODULE": "cairn.config.settings"}


def test_each_has_its_own_home_database_and_arguments(tmp_path: Path) -> None:
    running = [
        forks.script(WHERE, [name], environment(tmp_path / name)) for name in ("one", "other")
    ]
    for name, each in zip(("one", "other"), running, strict=True):
        home, database, pid, argument = forks.ended(each).stdout.split()
        assert (home, argument) == (str(tmp_path / name), name)
        assert database == f"{home}/cairn.sqlite3"
        assert int(pid) == each.pid


@pytest.mark.parametrize(
    ("script", "code", "told"),
    [
        ("raise SystemExit", 0, ""),
        ("raise SystemExit(3)", 3, ""),
        ("raise SystemExit('in words')", 1, "in words"),
        ("1 / 0", 1, "ZeroDivisionError"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL, ""),
    ],
)
def test_how_one_ends_is_told_as_python_tells_it(
    tmp_path: Path, script: str, code: int, told: str
) -> None:
    ended = forks.ended(forks.script(script, [], environment(tmp_path / "home")))
    assert ended.returncode == code
    assert told in ended.stderr
    assert bool(told) == bool(ended.stderr)


def test_a_signal_reaches_it_and_nobody_else(tmp_path: Path) -> None:
    script = "import time; print('here', flush=True); time.sleep(600)"
    first, other = (
        forks.script(script, [], environment(tmp_path / name)) for name in ("one", "other")
    )
    for each in (first, other):
        assert each.stdout.readline() == "here\n"
        assert each.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        first.wait(0.01)
    first.terminate()
    assert first.wait() == -signal.SIGTERM
    assert other.poll() is None
    os.kill(other.pid, signal.SIGKILL)
    assert other.wait() == -signal.SIGKILL
    for each in (first, other):
        each.communicate()


def test_a_command_without_its_keys_does_not_start(tmp_path: Path) -> None:
    ended = forks.ended(forks.command(["audit_verify"], environment(tmp_path / "home")))
    assert ended.returncode == 1
    assert ended.stdout.startswith("Cairn does not start.")
