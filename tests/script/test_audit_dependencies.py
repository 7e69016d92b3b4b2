"""The dependency audit says "clean" only when every package was looked up."""

import json
import stat
from collections.abc import Mapping
from pathlib import Path

import pytest

from cairn_tool import audit_dependencies, checks, install
from cairn_tool.audit_dependencies import CLEAN, FOUND, NOT_AUDITED, Audit, audit

HASH = "    --hash=sha256:" + "0" * 64
LOCK = "\n".join(
    f"{pin} \\\n{HASH}"
    for pin in ("alpha==1.0", "Beta_Two==2.0", "gamma==3.0 ; sys_platform == 'win32'")
)
ALPHA: dict[str, object] = {"name": "alpha", "version": "1.0", "vulns": []}
BETA = {"name": "beta-two", "version": "2.0", "vulns": []}
SKIPPED = {"name": "beta-two", "skip_reason": "Dependency not found and could not be audited: x"}
ADVISORY = {"id": "INVENTED-2026-1", "fix_versions": ["1.1", "2.0"], "aliases": []}
WEAK = ALPHA | {"vulns": [ADVISORY]}


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    path = tmp_path / "requirements.txt"
    path.write_text(LOCK)
    return path


def fake(folder: Path, strict: str, lenient: str | None = None) -> Path:
    """A pip-audit that runs one shell line with --strict and another without."""
    path = folder / "pip-audit"
    path.write_text(
        f'#!/bin/sh\ncase " $* " in *" --strict "*) {strict};; *) {lenient or strict};; esac\n'
    )
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def says(*packages: Mapping[str, object], code: int = 0) -> str:
    report = json.dumps({"dependencies": list(packages), "fixes": []})
    return f"echo '{report}'; exit {code}"


REFUSES = "echo 'ERROR:pip_audit._cli:beta-two: could not be audited' >&2; exit 1"
UNREACHABLE = "echo 'ERROR:pip_audit._cli:Failed to connect' >&2; exit 1"


def test_a_whole_audit_without_a_find_is_clean(lock: Path, tmp_path: Path) -> None:
    found = audit(lock, fake(tmp_path, says(ALPHA, BETA)))
    assert (found.code, found.unknown) == (CLEAN, 0)
    assert found.lines() == ["Audited: 3 packages, no known vulnerability."]


def test_a_vulnerability_is_told_with_package_version_name_and_remedy(
    lock: Path, tmp_path: Path
) -> None:
    found = audit(lock, fake(tmp_path, says(WEAK, BETA, code=1)))
    assert found.code == FOUND
    assert found.lines() == ["alpha 1.0: INVENTED-2026-1 (fixed in 1.1, 2.0)"]


@pytest.mark.parametrize(
    ("strict", "lenient", "unknown", "reason"),
    [
        (REFUSES, says(ALPHA, SKIPPED), 1, "no advisory source knows them"),
        (UNREACHABLE, UNREACHABLE, 3, "Failed to connect"),
        (says(ALPHA), None, 1, "pip-audit left them out"),
        ("echo No known vulnerabilities found; exit 0", None, 3, "no answer"),
        (says(), None, 3, "pip-audit left them out"),
    ],
)
def test_what_was_not_looked_up_is_never_called_clean(
    lock: Path, tmp_path: Path, strict: str, lenient: str | None, unknown: int, reason: str
) -> None:
    found = audit(lock, fake(tmp_path, strict, lenient))
    assert found.code == NOT_AUDITED
    assert found.unknown == unknown
    counted = "1 package" if unknown == 1 else f"{unknown} packages"
    assert found.lines() == [f"NOT AUDITED: {counted} ({reason})"]


def test_a_vulnerability_counts_although_other_packages_were_not_looked_up(
    lock: Path, tmp_path: Path
) -> None:
    found = audit(lock, fake(tmp_path, REFUSES, says(WEAK, SKIPPED, code=1)))
    assert found.code == FOUND
    assert found.lines()[-1].startswith("NOT AUDITED: 1 package")


def test_a_source_that_does_not_answer_is_not_waited_for(lock: Path, tmp_path: Path) -> None:
    left = tmp_path / "left"
    found = audit(lock, fake(tmp_path, f"sleep 60; touch {left}"), within=0.3)
    assert (found.code, found.unknown) == (NOT_AUDITED, 3)
    assert "in time" in found.reason
    assert not left.exists()


def test_without_the_program_nothing_was_audited(lock: Path, tmp_path: Path) -> None:
    assert audit(lock, tmp_path / "none").lines() == [
        "NOT AUDITED: 3 packages (pip-audit is not installed)"
    ]


@pytest.mark.parametrize(
    ("found", "code"), [(Audit(2), 0), (Audit(2, unknown=2, reason="no answer"), 3)]
)
def test_the_verb_prints_and_ends_with_the_code_of_what_was_found(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, found: Audit, code: int
) -> None:
    monkeypatch.setattr(install, "ensure", lambda dev=False: None)
    assert audit_dependencies.main([], lambda: found) == code
    assert capsys.readouterr().out.strip().splitlines() == found.lines()


def _checked(monkeypatch: pytest.MonkeyPatch, said: tuple[str, str]) -> list[checks.Outcome]:
    monkeypatch.setattr(install, "ensure", lambda dev=False: None)
    monkeypatch.setattr(
        checks, "steps", lambda: {"lint": lambda: "", "dependency audit": lambda: said}
    )
    return checks.run_checks()


def test_among_the_checks_not_audited_is_a_counted_line_that_neither_passes_nor_fails(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes = _checked(monkeypatch, ("", "not audited, 61 packages (no answer)"))
    assert [outcome.name for outcome in outcomes] == ["lint"]
    assert "dependency audit: not audited, 61 packages" in capsys.readouterr().out


def test_among_the_checks_a_vulnerability_fails(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    weak = "alpha 1.0: INVENTED-2026-1 (fixed in 1.1)"
    outcomes = _checked(monkeypatch, (weak, "not audited, 1 package (no answer)"))
    assert [outcome.passed for outcome in outcomes] == [True, False]
    assert weak in capsys.readouterr().out


def test_the_audit_is_one_of_the_checks() -> None:
    assert checks.steps()["dependency audit"] is audit_dependencies.check_step
