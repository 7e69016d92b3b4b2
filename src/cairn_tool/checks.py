"""`./cairn check`: what can be said about the code without running its tests."""

import argparse
import re
import subprocess
import tomllib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from cairn_tool import audit_dependencies, install
from cairn_tool.console import Stopwatch, say
from cairn_tool.pins import normal, pins
from cairn_tool.places import (
    DEV_LOCK,
    ROOT,
    RUN_LOCK,
    VAR,
    child_environment,
    manage_command,
    program,
)

# For the settings that checks load: never the key of an installation.
CHECK_KEY = "only-for-checks-" + "0" * 48
DIRECT = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^]]*\])?(?:==(\S+))?$")
ADDRESS = re.compile(r"https?://|(?m:^\s*-(?:i|-index-url|-extra-index-url|f|-find-links)\b)")


# What a step found, and perhaps what it could not look at.
Step = Callable[[], str | tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One step: its name, what it found (empty when all is well), and how long it took.

    `remark`: what the step could not look at, so that it neither passed nor failed.
    """

    name: str
    findings: str
    seconds: float
    remark: str = ""

    @property
    def passed(self) -> bool:
        return not self.findings

    @property
    def is_open(self) -> bool:
        """True when nothing bad was found, but not everything could be looked at."""
        return self.passed and bool(self.remark)


def lock_findings(project: str, run: str, dev: str) -> list[str]:
    """Where the lock files do not say what pyproject says; each sentence names the package."""
    wanted = tomllib.loads(project)
    direct = {RUN_LOCK: wanted["project"]["dependencies"]}
    direct[DEV_LOCK] = direct[RUN_LOCK] + wanted["dependency-groups"]["dev"]
    texts = {RUN_LOCK: run, DEV_LOCK: dev}
    findings = []
    for lock, requirements in direct.items():
        locked = pins(texts[lock])
        for requirement in requirements:
            parts = DIRECT.match(requirement)
            if not parts:
                findings.append(f"pyproject.toml: write {requirement!r} as name==version.")
            elif normal(parts[1]) not in locked:
                findings.append(f"{lock}: {parts[1]} is missing.")
            elif parts[2] and locked[normal(parts[1])] != parts[2]:
                findings.append(f"{lock}: {parts[1]} is not the {parts[2]} of pyproject.toml.")
        if ADDRESS.search(texts[lock]):
            findings.append(
                f"{lock} holds an address; only names, versions and hashes belong in it."
            )
        if texts[lock].count("--hash=") < len(locked):
            findings.append(f"{lock}: a package has no hash.")
    both = pins(dev)
    findings += [
        f"{name} {version} of {RUN_LOCK} is {both.get(name, 'missing')} in {DEV_LOCK}."
        for name, version in pins(run).items()
        if both.get(name) != version
    ]
    return [*findings, "Remedy: ./cairn lock"] if findings else []


def migration_findings(source: Path) -> list[str]:
    """Migrations that still carry the name that Django made up."""
    return [
        f"{path.relative_to(source)}: name it for its purpose."
        for path in sorted(source.glob("cairn/*/migrations/*_auto_*.py"))
    ]


def _locks() -> str:
    texts = [(ROOT / name).read_text() for name in ("pyproject.toml", RUN_LOCK, DEV_LOCK)]
    return "\n".join(lock_findings(*texts))


def _program(*commands: Sequence[str]) -> Callable[[], str]:
    """A step that runs commands; its findings are the output of those that failed."""

    def run() -> str:
        (VAR / "check").mkdir(parents=True, exist_ok=True)
        environment = child_environment(
            CAIRN_HOME=str(VAR / "check"), CAIRN_SECRET_KEY=CHECK_KEY, CAIRN_DATABASE_URL=""
        )
        findings = []
        for command in commands:
            ended = subprocess.run(
                command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            if ended.returncode:
                said = ended.stdout.strip() or f"ended with code {ended.returncode}"
                findings.append(said)
        return "\n".join(findings)

    return run


def _migrations() -> str:
    drift = _program(manage_command("makemigrations", "--check", "--dry-run"))()
    return "\n".join(filter(None, [drift, *migration_findings(ROOT / "src")]))


def steps() -> dict[str, Step]:
    """Every step by name, the slowest first, so that two cores end together."""
    ruff, djlint = str(program("ruff")), str(program("djlint"))
    return {
        "types": _program([str(program("mypy"))]),
        "import contracts": _program([str(program("lint-imports")), "--no-logo"]),
        "templates": _program([djlint, "src", "--check"], [djlint, "src", "--lint"]),
        "dependency audit": audit_dependencies.check_step,
        "format": _program([ruff, "format", "--check", "--quiet", "."]),
        "lint": _program([ruff, "check", "--quiet", "."]),
        "django": _program(manage_command("check", "--fail-level", "WARNING")),
        "migrations": _migrations,
        "messages": _program(manage_command("messages", "--check")),
        "notices": _program(manage_command("notices", "--check")),
        "lock files": _locks,
    }


def _timed(name: str, step: Step) -> Outcome:
    took = Stopwatch()
    said = step()
    findings, remark = said if isinstance(said, tuple) else (said, "")
    return Outcome(name, findings, took.seconds, remark)


def told(outcome: Outcome) -> list[str]:
    """The lines about one step: its state and time, what was left open, what was found."""
    state = "open" if outcome.is_open else "ok" if outcome.passed else "FAILED"
    lines = [f"{state:7}{outcome.name:18}{outcome.seconds:6.1f} s"]
    if outcome.remark:
        lines.append(f"{outcome.name}: {outcome.remark}")
    return [*lines, outcome.findings] if outcome.findings else lines


def run_checks() -> list[Outcome]:
    """Every step, two at a time, failures too; prints each with its time as it ends.

    A step that is left open is printed but not returned: it counts neither as passed nor as failed.
    """
    install.ensure(dev=True)
    outcomes = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        waiting = [pool.submit(_timed, name, step) for name, step in steps().items()]
        for each in waiting:
            outcome = each.result()
            say("\n".join(told(outcome)))
            if not outcome.is_open:
                outcomes.append(outcome)
    return outcomes


def mend() -> None:
    """What tools can put right by themselves: layout, import order, simple lint."""
    install.ensure(dev=True)
    ruff, djlint = str(program("ruff")), str(program("djlint"))
    for command in (
        [ruff, "check", "--fix", "--quiet", "."],
        [ruff, "format", "--quiet", "."],
        [djlint, "src", "--reformat", "--quiet"],
    ):
        subprocess.run(command, cwd=ROOT, env=child_environment(), check=False)


def check(arguments: Sequence[str]) -> int:
    """`./cairn check`."""
    parser = argparse.ArgumentParser(prog="./cairn check", description="All checks but the tests.")
    parser.add_argument("--fix", action="store_true", help="first mend layout and simple lint")
    if parser.parse_args(arguments).fix:
        mend()
    took = Stopwatch()
    failed = [outcome.name for outcome in run_checks() if not outcome.passed]
    say(f"Failed: {', '.join(failed)}." if failed else f"All checks passed in {took}.")
    return 1 if failed else 0
