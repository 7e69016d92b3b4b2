"""Child processes end with the script, however it ends."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cairn_tool import places, processes

SLEEPER = "import time; print('up', flush=True); time.sleep(60)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SLEEPER


@pytest.mark.parametrize("script", [SLEEPER, STUBBORN], ids=["willing", "stubborn"])
def test_stopping_ends_every_child(script: str) -> None:
    child = processes.start([sys.executable, "-c", script], dict(os.environ))
    processes.stop([child], patience=0.5)
    assert child.returncode in {-signal.SIGTERM, -signal.SIGKILL}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of a killed parent")
def test_a_killed_script_leaves_no_child(tmp_path: Path) -> None:
    note = tmp_path / "child"
    script = textwrap.dedent(f"""
        import os, sys, time
        from pathlib import Path
        from cairn_tool import processes
        child = processes.start([sys.executable, "-c", {SLEEPER!r}], dict(os.environ))
        Path({str(note)!r}).write_text(str(child.pid))
        time.sleep(60)
    """)
    parent = subprocess.Popen([sys.executable, "-c", script], env=places.child_environment())  # noqa: S603 - our own
    wait_for(lambda: note.exists() and note.read_text() != "")
    child = int(note.read_text())
    parent.kill()
    parent.wait()
    wait_for(lambda: not alive(child))


def alive(number: int) -> bool:
    """False also for one that has ended and only waits to be counted."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for(happened: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.02)
