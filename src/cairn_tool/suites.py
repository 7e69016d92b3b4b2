"""`./cairn test`: checks, then every suite of tests, each counted with what it left out."""

import argparse
import re
import subprocess
import xml.etree.ElementTree as ElementTree  # reads only the reports that pytest wrote for us
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cairn_tool import checks, install, system_parts
from cairn_tool.console import Stopwatch, say
from cairn_tool.places import ROOT, VAR, child_environment, program

REPORTS = VAR / "test-reports"
# What each suite selects; the markers are those of pyproject.toml.
ORDINARY, PROCESSES, BOTH = "not journey and not processes", "processes", "not journey"
JOURNEYS, JOURNEYS_LIE_IN = "journey", "tests/journeys/"
NOTHING_SELECTED = 5  # pytest's exit code for it
WORKERS = "2"


@dataclass(slots=True)
class Tally:
    """What one suite came to. `reasons`: why tests were skipped, with how many each.

    `trouble` says why a suite failed although no single test did.
    """

    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    reasons: Counter[str] = field(default_factory=Counter)
    trouble: str = ""

    @property
    def ran(self) -> int:
        return self.passed + self.failed + self.skipped


def read_report(path: Path, name: str) -> Tally:
    """Count a JUnit report of pytest; a missing or broken one is itself a failure."""
    tally = Tally(name)
    try:
        cases = list(ElementTree.parse(path).iter("testcase"))  # noqa: S314 - our own file
    except (OSError, ElementTree.ParseError):
        return Tally(name, failed=1, trouble="the test run left no report")
    for case in cases:
        outcomes = {child.tag: child for child in case}
        if "failure" in outcomes or "error" in outcomes:
            tally.failed += 1
        elif "skipped" in outcomes:
            tally.skipped += 1
            tally.reasons[outcomes["skipped"].get("message") or "no reason given"] += 1
        else:
            tally.passed += 1
    return tally


def pytest_command(*arguments: str) -> list[str]:
    return [str(program("python")), "-m", "pytest", *arguments]


def test_environment(**changes: str) -> dict[str, str]:
    """The child environment without anything of an installation that tests must not see."""
    environment = child_environment(**changes)
    kept = {"CAIRN_TEST_DATABASE_URL", "CAIRN_CHROMIUM", "CAIRN_REQUIRE"} & set(changes)
    for name in [name for name in environment if name.startswith("CAIRN_")]:
        if name not in kept:
            del environment[name]
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    # Where Python is told to leave no bytecode beside the source, it goes to var/: every process
    # of a run would otherwise compile the source and rewrite the tests once more.
    if environment.pop("PYTHONDONTWRITEBYTECODE", ""):
        environment.setdefault("PYTHONPYCACHEPREFIX", str(VAR / "bytecode"))
    return environment


def run_suite(name: str, arguments: Sequence[str], environment: Mapping[str, str]) -> Tally:
    """Run pytest once, its output shown; selecting nothing is a pass only when asked for."""
    took = Stopwatch()
    say(f"\n== {name} ==")
    REPORTS.mkdir(parents=True, exist_ok=True)
    report = REPORTS / f"{re.sub(r'[^a-z0-9]+', '-', name.lower())}.xml"
    report.unlink(missing_ok=True)
    ended = subprocess.run(
        pytest_command(f"--junitxml={report}", *arguments), cwd=ROOT, env=environment, check=False
    )
    tally = read_report(report, name)
    tally.seconds = took.seconds
    if ended.returncode == NOTHING_SELECTED:
        tally.trouble = "no test was selected"
    elif ended.returncode and not tally.failed:
        tally.trouble = f"pytest ended with code {ended.returncode}"
    return tally


def count_tests(arguments: Sequence[str]) -> int:
    """How many tests pytest would run."""
    return len(list_tests(arguments))


def list_tests(arguments: Sequence[str]) -> list[str]:
    """The tests that pytest would run, as `path::name`."""
    listed = subprocess.run(
        pytest_command("--collect-only", "-q", "-p", "no:randomly", *arguments),
        cwd=ROOT,
        env=test_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    return [line for line in listed.stdout.splitlines() if "::" in line]


def skipped_suite(name: str, count: int, reason: str, part: str) -> Tally:
    tally = Tally(name, skipped=count)
    tally.reasons[f"{reason}; {system_parts.remedy(part)}"] = count
    return tally


def left_out(name: str, count: int) -> Tally:
    """A suite of `count` tests that --fast passes over."""
    return Tally(name, skipped=count, reasons=Counter({"left out by --fast": count}))


def _on_postgres(arguments: Sequence[str], count: int) -> Tally:
    binaries = system_parts.obtain("postgres")
    if binaries is None:
        return skipped_suite("PostgreSQL", count, "no server binaries", "postgres")
    with system_parts.throw_away_cluster(binaries) as address:
        return run_suite("PostgreSQL", arguments, test_environment(CAIRN_TEST_DATABASE_URL=address))


def _in_browser(arguments: Sequence[str]) -> Tally:
    browser = system_parts.obtain("chromium")
    if browser is None:
        return skipped_suite("browser", count_tests(arguments), "no Chromium", "chromium")
    return run_suite("browser", arguments, test_environment(CAIRN_CHROMIUM=str(browser)))


def run_suites(fast: bool, asked: Sequence[str]) -> list[Tally]:
    """All suites in turn. `asked`: the person's own pytest arguments."""
    install.ensure(dev=True)
    if not fast:  # before an hour's work, not after it
        for part in sorted(system_parts.required()):
            system_parts.obtain(part)
    parallel = ["-n", WORKERS, "-m"]
    tallies = [run_suite("SQLite", [*parallel, ORDINARY, *asked], test_environment())]
    if fast:
        others = list_tests(["-m", f"{PROCESSES} or {JOURNEYS}", *asked])
        browser = sum(name.startswith(JOURNEYS_LIE_IN) for name in others)
        processes = len(others) - browser
        tallies += [
            left_out("processes", processes),
            left_out("PostgreSQL", tallies[0].ran + processes),
            left_out("browser", browser),
        ]
    else:
        processes_too = run_suite("processes", [*parallel, PROCESSES, *asked], test_environment())
        count = tallies[0].ran + processes_too.ran
        tallies += [
            processes_too,
            _on_postgres([*parallel, BOTH, *asked], count),
            _in_browser([*parallel, JOURNEYS, *(asked or [JOURNEYS_LIE_IN])]),
        ]
    if asked:  # a selection of the person's may leave a suite empty
        for tally in tallies:
            if tally.trouble == "no test was selected":
                tally.trouble = ""
    return tallies


def summary(outcomes: Sequence[checks.Outcome], tallies: Sequence[Tally]) -> tuple[list[str], int]:
    """The closing lines, and the exit code. The last line counts checks and tests together."""
    lines = ["", "== summary =="]
    failing = [outcome.name for outcome in outcomes if not outcome.passed]
    passed = len(outcomes) - len(failing)
    failed = len(failing)
    skipped = 0
    lines.append(f"checks: {passed} passed, {failed} failed {', '.join(failing)}".rstrip())
    for tally in tallies:
        counts = f"{tally.passed} passed, {tally.failed} failed, {tally.skipped} skipped"
        lines.append(f"{tally.name}: {counts} in {tally.seconds:.0f} s")
        if tally.trouble:
            lines.append(f"FAILED {tally.name}: {tally.trouble}")
            failed += 0 if tally.failed else 1
        for reason, count in sorted((+tally.reasons).items()):  # + leaves out the zeros
            lines.append(f"SKIPPED {count} {tally.name} tests: {reason}")
        passed, failed = passed + tally.passed, failed + tally.failed
        skipped += tally.skipped
    nothing_ran = not any(tally.passed or tally.failed for tally in tallies)
    if nothing_ran:
        lines.append("No test ran.")
    lines.append(f"{passed} passed, {failed} failed, {skipped} skipped")
    return lines, 1 if failed or nothing_ran else 0


def test(arguments: Sequence[str]) -> int:
    """`./cairn test`: everything; exit code 1 when anything failed."""
    parser = argparse.ArgumentParser(
        prog="./cairn test", description="Checks and tests; further arguments go to pytest."
    )
    parser.add_argument(
        "--fast",
        action="store_true",
        help="only the tests that are quick: one database, no programs, no browser",
    )
    options, asked = parser.parse_known_args(arguments)
    took = Stopwatch()
    say("== checks ==")
    outcomes = checks.run_checks()
    tallies = run_suites(options.fast, asked)
    lines, code = summary(outcomes, tallies)
    lines.insert(-1, f"in {took.seconds / 60:.1f} minutes")
    say("\n".join(lines))
    return code
