"""Checks and suites are counted truly, and a lock that is out of step is named."""

from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from cairn_tool import checks, install, suites, system_parts
from cairn_tool.pins import pins

HASH = "    --hash=sha256:" + "0" * 64

PROJECT = """
[project]
dependencies = ["django==5.2", "psycopg[binary]==3.3"]
[dependency-groups]
dev = ["pytest==9.2"]
"""
RUN = f"django==5.2 \\\n{HASH}\npsycopg==3.3 ; implementation_name != 'pypy' \\\n{HASH}\n"
DEV = RUN + f"pytest==9.2 \\\n{HASH}\n"


def test_locks_in_step_have_no_findings() -> None:
    assert pins(RUN) == {"django": "5.2", "psycopg": "3.3"}
    assert checks.lock_findings(PROJECT, RUN, DEV) == []


@pytest.mark.parametrize(
    ("run", "dev", "finding"),
    [
        (RUN.replace("5.2", "5.1"), DEV, "django is not the 5.2"),
        (RUN, RUN, "pytest is missing"),
        (RUN, DEV.replace("psycopg==3.3", "psycopg==3.4"), "psycopg 3.3 of requirements.txt"),
        ("--index-url https://mirror.example/simple\n" + RUN, DEV, "holds an address"),
        (RUN, DEV.replace(HASH, ""), "has no hash"),
    ],
)
def test_locks_out_of_step_are_named(run: str, dev: str, finding: str) -> None:
    assert any(finding in line for line in checks.lock_findings(PROJECT, run, dev))


def test_a_loose_requirement_is_a_finding() -> None:
    loose = PROJECT.replace("django==5.2", "django>=5")
    assert any("name==version" in line for line in checks.lock_findings(loose, RUN, DEV))


def test_migrations_need_a_purpose(tmp_path: Path) -> None:
    folder = tmp_path / "cairn" / "core" / "migrations"
    folder.mkdir(parents=True)
    for name in ("0002_auto_20261121.py", "0003_countries.py"):
        (folder / name).touch()
    assert checks.migration_findings(tmp_path) == [
        "cairn/core/migrations/0002_auto_20261121.py: name it for its purpose."
    ]


REPORT = """<testsuites><testsuite>
<testcase name="a"/><testcase name="b"><failure message="no"/></testcase>
<testcase name="c"><error message="broken"/></testcase>
<testcase name="d"><skipped message="no file"/></testcase>
<testcase name="e"><skipped message="no file"/></testcase>
</testsuite></testsuites>"""


def test_a_report_is_counted_with_the_reasons_for_skipping(tmp_path: Path) -> None:
    path = tmp_path / "report.xml"
    path.write_text(REPORT)
    tally = suites.read_report(path, "SQLite")
    assert (tally.passed, tally.failed, tally.skipped) == (1, 2, 2)
    assert tally.reasons == Counter({"no file": 2})


def test_a_run_without_a_report_has_failed(tmp_path: Path) -> None:
    assert suites.read_report(tmp_path / "none.xml", "SQLite").failed == 1


GOOD, BAD = checks.Outcome("lint", "", 1.0), checks.Outcome("types", "wrong", 1.0)


def test_the_summary_ends_with_a_line_that_can_be_counted() -> None:
    left_out = suites.skipped_suite("PostgreSQL", 41, "no server binaries", "postgres")
    lines, code = suites.summary([GOOD], [suites.Tally("SQLite", passed=41), left_out])
    assert lines[-1] == "42 passed, 0 failed, 41 skipped"
    assert "SKIPPED 41 PostgreSQL tests: no server binaries; apt install postgresql" in lines
    assert code == 0


@pytest.mark.parametrize(
    ("outcome", "tally"),
    [
        (BAD, suites.Tally("SQLite", passed=1)),
        (GOOD, suites.Tally("SQLite", passed=1, failed=1)),
        (GOOD, suites.Tally("SQLite", passed=1, trouble="pytest ended with code 3")),
        (GOOD, suites.Tally("SQLite", skipped=3)),
        (GOOD, suites.Tally("SQLite")),
    ],
    ids=["check", "test", "crash", "all skipped", "nothing ran"],
)
def test_any_failure_or_an_empty_run_fails_the_whole(
    outcome: checks.Outcome, tally: suites.Tally
) -> None:
    assert suites.summary([outcome], [tally])[1] == 1


def test_every_test_lies_in_one_suite_of_the_whole_run(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = run_with_fakes(monkeypatch, fast=False)
    assert [name for name, _marks in ran] == ["SQLite", "processes", "PostgreSQL", "browser"]
    for marks in ({"journey"}, {"processes"}, set[str]()):
        chosen = [name for name, expression in ran if selects(expression, marks)]
        assert len(set(chosen) - {"PostgreSQL"}) == 1
        assert ("PostgreSQL" in chosen) is ("journey" not in marks)


def test_what_fast_leaves_out_is_counted_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = run_with_fakes(monkeypatch, fast=True)
    assert [name for name, _marks in ran] == ["SQLite"]
    monkeypatch.setattr(suites, "run_suite", lambda name, *_: suites.Tally(name, passed=40))
    lines, code = suites.summary([], suites.run_suites(True, []))
    assert "SKIPPED 5 processes tests: left out by --fast" in lines
    assert "SKIPPED 45 PostgreSQL tests: left out by --fast" in lines
    assert "SKIPPED 7 browser tests: left out by --fast" in lines
    assert lines[-1] == "40 passed, 0 failed, 57 skipped"
    assert code == 0


def run_with_fakes(monkeypatch: pytest.MonkeyPatch, *, fast: bool) -> list[tuple[str, str]]:
    """(name, marker expression) of each suite that a run starts; nothing is really run."""
    ran: list[tuple[str, str]] = []

    def run_suite(name: str, arguments: Sequence[str], *_: object) -> suites.Tally:
        ran.append((name, arguments[list(arguments).index("-m") + 1]))
        return suites.Tally(name, passed=1)

    def cluster(binaries: object) -> AbstractContextManager[str]:
        return nullcontext("postgres:///scratch")

    monkeypatch.setattr(install, "ensure", lambda dev: None)
    monkeypatch.setattr(system_parts, "obtain", lambda part: Path("/bin"))
    monkeypatch.setattr(system_parts, "required", lambda: set[str]())
    monkeypatch.setattr(system_parts, "throw_away_cluster", cluster)
    monkeypatch.setattr(suites, "run_suite", run_suite)
    listed = [*["tests/journeys/test_a.py::b"] * 7, *["tests/script/test_c.py::d"] * 5]
    monkeypatch.setattr(suites, "list_tests", lambda arguments: listed)
    suites.run_suites(fast, [])
    return ran


def selects(expression: str, marks: set[str]) -> bool:
    """Whether pytest's `-m expression` takes a test with `marks`."""
    return all(
        (word.removeprefix("not ") in marks) is not word.startswith("not ")
        for word in expression.split(" and ")
    )


def test_tests_see_nothing_of_an_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAIRN_DATABASE_URL", "postgres://real/records")
    monkeypatch.setenv("CAIRN_HOME", "/srv/cairn")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    environment = suites.test_environment(CAIRN_TEST_DATABASE_URL="postgres:///scratch")
    assert "PYTHONDONTWRITEBYTECODE" not in environment
    assert environment["PYTHONPYCACHEPREFIX"]
    ours = {name: value for name, value in environment.items() if name.startswith("CAIRN_")}
    assert ours == {"CAIRN_TEST_DATABASE_URL": "postgres:///scratch"}
