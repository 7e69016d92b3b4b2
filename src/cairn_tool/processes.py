"""Child processes that never outlive the script, however it ends."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

PR_SET_PDEATHSIG = 1  # prctl(2): the signal a process gets when its parent dies


def end_with_parent(signal_number: int = signal.SIGTERM) -> Callable[[], None]:
    """What a child runs before its program: on Linux, be told when the script is killed."""
    if not sys.platform.startswith("linux"):
        return lambda: None
    library = ctypes.CDLL(None)
    parent = os.getpid()

    def ask() -> None:
        library.prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return ask


def start(command: Sequence[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start a long-running child in a group of its own, so that Ctrl-C reaches only the script."""
    return subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=end_with_parent(),
    )


def stop(children: Sequence[subprocess.Popen[bytes]], patience: float = 10.0) -> None:
    """Ask every child to end; after `patience` seconds end what is left of each group."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    until = time.monotonic() + patience
    for child in children:
        try:
            child.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            pass
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        child.wait()


class Asked:
    """Remembers that somebody asked the script to stop."""

    def __init__(self) -> None:
        self.to_stop = False

    def note(self, number: int, frame: FrameType | None) -> None:
        self.to_stop = True


@contextmanager
def listening_for_stop() -> Iterator[Asked]:
    """While inside, Ctrl-C, a termination and a closed terminal are noted, not obeyed at once."""
    asked = Asked()
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, asked.note) for number in numbers}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def obey_termination() -> None:
    """Make a termination unwind the script as Ctrl-C does, so that everything is tidied away."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
