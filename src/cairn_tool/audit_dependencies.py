"""`./cairn audit-dependencies`: known weaknesses of what is installed, or plainly "not audited".

pip-audit alone says "no known vulnerabilities" and ends with 0 although it could look up nothing
(seen with 2.10.1 where the registry keeps no advisories). So its answer counts as clean only when
it names every package of the lock file as looked up.
"""

import argparse
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cairn_tool import install
from cairn_tool.console import say
from cairn_tool.pins import PIN, normal
from cairn_tool.places import ROOT, RUN_LOCK, child_environment, program

# Both questions together; a build must not wait for a source that does not answer.
WITHIN_SECONDS = 30.0
CLEAN, FOUND, NOT_AUDITED = 0, 1, 3


@dataclass(frozen=True, slots=True)
class Weakness:
    """One advisory on one pinned package. `fixed_in`: versions without it, may be empty."""

    package: str
    version: str
    advisory: str
    fixed_in: tuple[str, ...]

    def __str__(self) -> str:
        remedy = f"fixed in {', '.join(self.fixed_in)}" if self.fixed_in else "no fixed version"
        return f"{self.package} {self.version}: {self.advisory} ({remedy})"


@dataclass(frozen=True, slots=True)
class Audit:
    """What is known of the pinned packages.

    `unknown`: how many were not looked up, for `reason`; an audit is clean only when that is 0.
    """

    packages: int
    weaknesses: tuple[Weakness, ...] = ()
    unknown: int = 0
    reason: str = ""

    @property
    def code(self) -> int:
        """The exit code: 0 all looked up and clean, 1 weaknesses, 3 not (wholly) audited."""
        if self.weaknesses:
            return FOUND
        return NOT_AUDITED if self.unknown else CLEAN

    @property
    def remark(self) -> str:
        """The line for what was not looked up; empty after a whole audit."""
        return f"not audited, {_counted(self.unknown)} ({self.reason})" if self.unknown else ""

    def lines(self) -> list[str]:
        """What is told to the person."""
        told = [str(weakness) for weakness in self.weaknesses]
        if self.unknown:
            told.append(f"NOT AUDITED: {_counted(self.unknown)} ({self.reason})")
        elif not told:
            told.append(f"Audited: {_counted(self.packages)}, no known vulnerability.")
        return told


@dataclass(slots=True)
class _Answer:
    """What one run of pip-audit said. `listed`: package -> why it was skipped, empty if it was not.

    `trouble`: why there is no usable answer.
    """

    listed: dict[str, str] = field(default_factory=dict)
    weaknesses: list[Weakness] = field(default_factory=list)
    trouble: str = ""


def audit(lock: Path, tool: Path, within: float = WITHIN_SECONDS) -> Audit:
    """Ask `tool` (pip-audit) about every package of `lock`, for at most `within` seconds.

    First with --strict, which stops at the first package that it cannot look up; then without, to
    learn how many those are and what is known of the others.
    """
    pinned = {normal(name): bool(marker) for name, _, marker in PIN.findall(lock.read_text())}
    until = time.monotonic() + within
    answer = _ask(tool, lock, until, "--strict")
    if answer.trouble:
        strict_trouble = answer.trouble
        answer = _ask(tool, lock, until)
        if not answer.listed:
            answer.trouble = strict_trouble or answer.trouble
    return _judged(pinned, answer)


def _judged(pinned: dict[str, bool], answer: _Answer) -> Audit:
    """`pinned`: package -> whether its pin is for some systems only, so that it may be passed."""
    skipped = {name: why for name, why in answer.listed.items() if why}
    # Without any answer nothing was looked up, also not the pins for other systems.
    missing = {
        name
        for name, is_for_some in pinned.items()
        if name not in answer.listed and not (is_for_some and answer.listed)
    }
    reason = ""
    if skipped or missing:
        reason = next(iter(skipped.values()), "") or answer.trouble or "pip-audit left them out"
    return Audit(
        len(pinned), tuple(answer.weaknesses), len(skipped.keys() | missing), _shortened(reason)
    )


def _ask(tool: Path, lock: Path, until: float, *options: str) -> _Answer:
    command = [
        str(tool), "-r", str(lock), "--disable-pip", "--require-hashes", "--format", "json",
        "--desc", "off", "--progress-spinner", "off", "--timeout", "5", *options,
    ]  # fmt: skip
    try:
        output, complaint = _run(command, until - time.monotonic())
    except subprocess.TimeoutExpired:
        return _Answer(trouble="the advisory source did not answer in time")
    except OSError:
        return _Answer(trouble="pip-audit is not installed")
    try:
        return _read(json.loads(output))
    except (ValueError, KeyError, TypeError, AttributeError):
        lines = [line for line in complaint.splitlines() if line.strip()]
        said = next((line for line in lines if line.startswith("ERROR")), "")
        return _Answer(trouble=said.rpartition("ERROR:pip_audit._cli:")[2] or "no answer")


def _run(command: Sequence[str], seconds: float) -> tuple[str, str]:
    """Output and complaints; past its time the program and its children are ended."""
    started = subprocess.Popen(
        command,
        cwd=ROOT,
        env=child_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        return started.communicate(timeout=max(seconds, 0.1))
    except subprocess.TimeoutExpired:
        os.killpg(started.pid, signal.SIGKILL)
        started.communicate()
        raise


def _read(report: dict[str, Any]) -> _Answer:
    """pip-audit's JSON (its README, "JSON format"): skipped packages carry a `skip_reason`."""
    answer = _Answer()
    for package in report["dependencies"]:
        name = normal(package["name"])
        answer.listed[name] = package.get("skip_reason", "")
        answer.weaknesses += [
            Weakness(name, package["version"], each["id"], tuple(each.get("fix_versions", ())))
            for each in package.get("vulns", [])
        ]
    return answer


def _shortened(reason: str) -> str:
    """The general part of a reason that pip-audit gives package by package."""
    if "could not be audited" in reason:
        return "no advisory source knows them"
    return reason.strip().rstrip(".")[:120]


def _counted(packages: int) -> str:
    return f"{packages} package" if packages == 1 else f"{packages} packages"


def of_this_checkout() -> Audit:
    """The audit of the run-time lock file by the pip-audit of the development set."""
    return audit(ROOT / RUN_LOCK, program("pip-audit"))


def check_step() -> tuple[str, str]:
    """For `./cairn check`: findings (weaknesses only), and the remark on what is not known."""
    found = of_this_checkout()
    return "\n".join(map(str, found.weaknesses)), found.remark


def main(arguments: Sequence[str], ask: Callable[[], Audit] = of_this_checkout) -> int:
    """`./cairn audit-dependencies`: exit code 0 clean, 1 weaknesses, 3 not audited."""
    argparse.ArgumentParser(
        prog="./cairn audit-dependencies",
        description=(
            "Look up known vulnerabilities of the pinned packages. Ends with 0 when every package "
            "was looked up and none has one, 1 when one has, 3 when packages were not looked up."
        ),
    ).parse_args(arguments)
    install.ensure(dev=True)
    found = ask()
    say("\n".join(found.lines()))
    return found.code
