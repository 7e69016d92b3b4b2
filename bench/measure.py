"""Measures one function call in a process of its own: time, processor time, memory.

A process of its own, freshly started, because peak memory is known only for whole processes and
a forked one would inherit its parent's.
"""

import gc
import multiprocessing
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

MEBIBYTE = 1024 * 1024
# ru_maxrss counts KiB on Linux and bytes on macOS.
RSS_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True)
class Measurement:
    """One line of a report, each figure the median of the runs but `peak_mib`, the highest.

    `wall_s`, `cpu_s`: seconds on the clock, and of processor time, children included.
    `peak_mib`: most memory resident at once, imports included. `answer`: what the function
    returned at the last run.
    """

    label: str
    runs: int
    wall_s: float
    cpu_s: float
    peak_mib: float
    answer: Any = None

    def ratio(self, baseline: "Measurement") -> float:
        """How many times as long as the baseline it took, on the clock."""
        return self.wall_s / baseline.wall_s if baseline.wall_s else float("inf")


def _cpu_seconds() -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _peak_bytes() -> int:
    """Most memory resident at once. Linux's own figure where there is one: `ru_maxrss` counts
    what the parent held when this process was made.
    """
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * RSS_UNIT
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def _run(
    pipe: Connection,
    prepare: Callable[[], Any] | None,
    function: Callable[..., Any],
    arguments: tuple[Any, ...],
) -> None:
    """In the child: prepare untimed, then time one call."""
    if prepare is not None:
        prepare()
    gc.collect()
    wall, cpu = time.perf_counter(), _cpu_seconds()
    answer = function(*arguments)
    wall, cpu = time.perf_counter() - wall, _cpu_seconds() - cpu
    pipe.send((wall, cpu, _peak_bytes() / MEBIBYTE, answer))


def measure(
    label: str,
    function: Callable[..., Any],
    *arguments: Any,
    runs: int = 1,
    prepare: Callable[[], Any] | None = None,
) -> Measurement:
    """Call `function(*arguments)` `runs` times, each in a fresh process.

    `prepare` runs there first and is not timed (such as `django.setup`). Both functions must be
    importable by name, and the answer must be small. Raises RuntimeError when a run fails.
    """
    context = multiprocessing.get_context("spawn")
    figures = []
    for _ in range(runs):
        receiver, sender = context.Pipe(duplex=False)
        child = context.Process(target=_run, args=(sender, prepare, function, arguments))
        child.start()
        sender.close()
        try:
            figures.append(receiver.recv())
        except EOFError:
            child.join()
            raise RuntimeError(f"{label}: the run ended with code {child.exitcode}.") from None
        child.join()
    walls, cpus, peaks, answers = zip(*figures, strict=True)
    return Measurement(
        label, runs, statistics.median(walls), statistics.median(cpus), max(peaks), answers[-1]
    )


def report(measurements: Sequence[Measurement], baseline: Measurement | None = None) -> str:
    """A plain table. With a baseline, the last column says how many times as long each took."""
    width = max(len(each.label) for each in measurements)
    lines = [f"{'':{width}}  {'wall s':>9} {'cpu s':>9} {'peak MiB':>9} {'runs':>5} {'ratio':>8}"]
    for each in measurements:
        ratio = f"{each.ratio(baseline):8.2f}" if baseline else f"{'':8}"
        lines.append(
            f"{each.label:{width}}  {each.wall_s:9.3f} {each.cpu_s:9.3f} {each.peak_mib:9.0f} "
            f"{each.runs:5} {ratio}"
        )
    return "\n".join(lines)


def as_records(measurements: Sequence[Measurement]) -> list[dict[str, Any]]:
    """The same for machines: a list of plain dictionaries."""
    return [asdict(each) for each in measurements]
