"""The words of the command line lead where they should."""

import ast
import signal
from pathlib import Path

import pytest

from cairn_tool import install, main, server

ROOT = Path(__file__).resolve().parents[2]


def test_alone_it_says_what_it_can_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main([]) == 0
    usage = capsys.readouterr().out
    assert all(f"./cairn {verb}" in usage for verb in main.VERBS)


@pytest.mark.parametrize("command", ["report", "iati-export", "iati-import", "release"])
def test_what_results_are_written_with_is_named(command: str) -> None:
    assert command.replace("-", "_") in main.RECORD_COMMANDS
    assert f"./cairn {command} " in main.USAGE


def test_a_refusal_is_printed_with_its_remedy_and_code(
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = signal.getsignal(signal.SIGTERM)
    try:
        assert main.main(["up", "--host", "192.0.2.7"]) == 2
    finally:
        signal.signal(signal.SIGTERM, before)
    assert "Remedy: add --no-demo" in capsys.readouterr().err


def test_dashes_and_underscores_name_the_same_command(monkeypatch: pytest.MonkeyPatch) -> None:
    became: list[list[str]] = []

    def become(command: list[str]) -> int:
        became.append(command)
        return 0

    monkeypatch.setattr(install, "ensure", lambda dev=False: None)
    monkeypatch.setattr(main, "_become", become)
    # A newcomer's first command would make the database; that is tested where it starts.
    monkeypatch.setattr(server, "prepare_first", lambda name: None)
    main.manage(["audit-verify", "--checkpoint", "1:a-b"])
    assert became[0][-3:] == ["audit_verify", "--checkpoint", "1:a-b"]


def test_the_launcher_can_be_read_by_an_old_python() -> None:
    compile((ROOT / "cairn").read_text(), "cairn", "exec", dont_inherit=True)
    ast.parse((ROOT / "cairn").read_text(), feature_version=(3, 5))
