"""What is written about security can be looked up: tests that exist, verdicts that are complete."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
THREATS = ROOT / "SECURITY.md"
ASVS = ROOT / "docs" / "security" / "asvs.md"
KEYS = ROOT / "docs" / "security" / "keys.md"

REFERENCE = re.compile(r"`([\w/.]+\.py)::(\w+)`")
ROW = re.compile(r"(?m)^\| (\d+\.\d+\.\d+) \| ([123]) \| (.*?) \| (.*?) \| (.*?) \| (.*?) \|$")
RECORD = re.compile(r"^record: \d{4}-\d{2}-\d{2}, \S.*")
VERDICTS = {"met", "partly", "not met", "operator", "n/a"}
# Requirements of ASVS 5.0.0 by level; of level 3 only chapters 6, 7, 8, 11 and 14 are answered.
LEVEL_1, LEVEL_2 = 70, 183
DEEP_CHAPTERS = {6: 12, 7: 1, 8: 6, 11: 10, 14: 4}
LABELS = ("Wants", "Way in", "Defence", "Shown by", "Not defended")
# Phrase in the documents -> what it says is missing.
NOT_IN_FORCE = {
    "not in force until the settings name the middleware": (
        "src/cairn/config/settings.py",
        '"cairn.ui.headers.HeadersMiddleware"',
    ),
    "not in force until the app of core registers the check": (
        "src/cairn/core/apps.py",
        "deployment.check",
    ),
}
PRIMITIVES = ("cryptography", "pyrage", "argon2", "nacl", "Crypto", "Cryptodome")


def rows() -> list[tuple[str, str, str, str, str, str]]:
    found: list[tuple[str, str, str, str, str, str]] = ROW.findall(ASVS.read_text())
    return found


def threats() -> dict[str, str]:
    """Heading -> text, for every section that names an attacker."""
    parts = re.split(r"(?m)^## ", THREATS.read_text())[1:]
    named = {part.partition("\n")[0]: part.partition("\n")[2] for part in parts}
    return {name: text for name, text in named.items() if "**Wants**" in text}


@cache
def names_in(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text())
    return frozenset(
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def missing(text: str) -> list[str]:
    """References to tests that do not exist."""
    return [
        f"{path}::{name}"
        for path, name in REFERENCE.findall(text)
        if not (ROOT / path).is_file() or name not in names_in(ROOT / path)
    ]


@pytest.mark.parametrize("document", [THREATS, ASVS], ids=lambda path: path.name)
def test_every_test_that_is_named_exists(document: Path) -> None:
    text = document.read_text()
    assert REFERENCE.search(text)
    assert missing(text) == []


def test_a_reference_to_no_test_is_found() -> None:
    here = "tests/test_security_documents.py"
    assert missing(f"`{here}::test_a_reference_to_no_test_is_found`") == []
    assert missing(f"`{here}::test_of_nothing` `tests/none.py::test_x`") == [
        f"{here}::test_of_nothing",
        "tests/none.py::test_x",
    ]


def test_every_threat_says_want_way_defence_test_and_what_is_not_defended() -> None:
    found = threats()
    assert len(found) >= 11
    for name, text in found.items():
        for label in LABELS:
            assert f"- **{label}**:" in text, f"{name}: {label}"
        shown = text.partition("**Shown by**")[2].partition("**Not defended**")[0]
        assert REFERENCE.search(shown), f"{name} is shown by no test"


def test_every_requirement_is_answered_once() -> None:
    numbers = [row[0] for row in rows()]
    assert [number for number, count in Counter(numbers).items() if count > 1] == []
    levels = Counter(row[1] for row in rows())
    assert levels["1"] == LEVEL_1
    assert levels["2"] == LEVEL_2
    deep = Counter(int(row[0].partition(".")[0]) for row in rows() if row[1] == "3")
    assert {chapter: deep[chapter] for chapter in DEEP_CHAPTERS} == DEEP_CHAPTERS


def test_every_row_of_the_table_is_read() -> None:
    lines = [line for line in ASVS.read_text().splitlines() if re.match(r"\| \d", line)]
    assert len(lines) == len(rows())


def test_every_verdict_has_what_it_needs() -> None:
    for number, _level, asked, verdict, how, shown in rows():
        assert verdict in VERDICTS, number
        assert asked, number
        if verdict == "met":
            assert REFERENCE.search(shown) or RECORD.match(shown), f"{number}: shown by nothing"
        else:
            assert how, f"{number}: {verdict} without a reason"


@pytest.mark.parametrize("phrase", NOT_IN_FORCE)
def test_what_is_not_in_force_is_said_and_what_is_in_force_is_not_denied(phrase: str) -> None:
    path, needed = NOT_IN_FORCE[phrase]
    in_force = needed in (ROOT / path).read_text()
    for document in (THREATS, ASVS):
        assert (phrase in document.read_text()) is not in_force, f"{document.name}: correct it"


def test_the_verdicts_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    counts = Counter(row[3] for row in rows())
    with capsys.disabled():
        told = ", ".join(f"{counts[verdict]} {verdict}" for verdict in sorted(VERDICTS))
        print(f"\nASVS 5.0.0: {told}; {len(threats())} threats")
    assert sum(counts.values()) == len(rows())
    assert counts["met"] > counts["not met"]


def test_cryptography_is_used_only_where_the_inventory_says() -> None:
    words = "|".join(PRIMITIVES)
    importing = re.compile(rf"(?m)^\s*(?:from|import) (?:{words})\b")
    used = {
        str(path.relative_to(ROOT))
        for folder in ("src/cairn", "src/cairn_tool")
        for path in (ROOT / folder).rglob("*.py")
        if "tests" not in path.parts and importing.search(path.read_text())
    }
    listed = set(re.findall(r"(?m)^- `(src/[\w/]+\.py)`$", KEYS.read_text()))
    assert used == listed
