"""The benches' own tools: what is measured, and what is listed."""

import time
from pathlib import Path

import pytest

from bench import measure, run

MEBIBYTES = 80


def take_memory() -> int:
    block = bytearray(MEBIBYTES * measure.MEBIBYTE)
    block[::4096] = b"x" * len(block[::4096])
    return len(block)


def think(seconds: float) -> str:
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass
    return "thought"


def fail() -> None:
    raise SystemExit(3)


def test_memory_and_answer_are_those_of_the_call_alone() -> None:
    little = measure.measure("little", think, 0.0)
    much = measure.measure("much", take_memory)
    assert much.answer == MEBIBYTES * measure.MEBIBYTE
    assert much.peak_mib - little.peak_mib > MEBIBYTES * 0.8


def test_processor_time_is_counted_and_compared() -> None:
    short = measure.measure("short", think, 0.02, runs=3)
    long = measure.measure("long", think, 0.4)
    assert (short.runs, short.answer) == (3, "thought")
    assert long.cpu_s >= 0.4
    assert long.wall_s >= long.cpu_s * 0.5
    assert long.ratio(short) > 2


def test_a_failing_run_is_an_error_and_not_a_figure() -> None:
    with pytest.raises(RuntimeError, match="broken: the run ended with code 3"):
        measure.measure("broken", fail)


def test_a_report_names_each_line_and_its_ratio() -> None:
    base = measure.Measurement("base", 1, 2.0, 1.0, 50.0)
    twice = measure.Measurement("twice", 1, 4.0, 1.0, 50.0)
    lines = measure.report([base, twice], baseline=base).splitlines()
    assert lines[1].split()[-1] == "1.00"
    assert lines[2].split() == ["twice", "4.000", "1.000", "50", "1", "2.00"]
    assert measure.as_records([twice])[0]["wall_s"] == 4.0


def test_benchmarks_are_listed_with_what_they_say(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bench = '"""Time of the reports.\n\nMore."""\n\ndef main(arguments): ...\n'
    (tmp_path / "reports.py").write_text(bench)
    (tmp_path / "scene.py").write_text('"""Not a benchmark."""\n')
    assert run.benchmarks(tmp_path) == {"reports": "Time of the reports."}
    assert "./cairn bench reports  Time of the reports." in run.listing(run.benchmarks(tmp_path))
    assert run.main(["no-such-bench"]) == 2
    assert "no-such-bench" in capsys.readouterr().err
