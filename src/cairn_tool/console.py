"""How the script speaks: plain lines, and one way to stop with a remedy."""

import sys
import time


class Stop(Exception):
    """Ends the script: `message` says what is wrong, `remedy` what to do, `code` is the exit code.

    Code 2 is a wrong request (an option, a busy port), 1 is anything that went wrong later.
    """

    def __init__(self, message: str, remedy: str = "", code: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.code = code

    def __str__(self) -> str:
        return f"{self.message}\nRemedy: {self.remedy}" if self.remedy else self.message


def say(text: str = "") -> None:
    """One line to the person, at once, also when the output is a pipe."""
    print(text, flush=True)


def complain(text: str) -> None:
    """One line to the error output, after everything said so far."""
    sys.stdout.flush()
    print(text, file=sys.stderr, flush=True)


class Stopwatch:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self.began = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s"
