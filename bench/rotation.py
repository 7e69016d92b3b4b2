"""Rotation of a zone key: rows a second and peak memory, 100,000 and 1,000,000 data keys."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.measure import measure, report

SIZES = (100_000, 1_000_000)
BATCH = 5_000
FLAT = 1.15  # the larger run may take this many times the memory of the smaller


def set_up() -> None:
    """A migrated key store in this process."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", "vault", database="keys", verbosity=0, skip_checks=True)


def fill(count: int) -> None:
    """Make `count` data keys."""
    set_up()
    from cairn.vault import keyring

    for start in range(0, count, BATCH):
        keyring.create_many("protection", min(BATCH, count - start))


def nothing() -> int:
    return 0


def rotate() -> int:
    """How many keys were wrapped anew."""
    from cairn.vault import rotation

    return rotation.rotate_zone("protection").done


def in_new_home(count: int, home: str) -> None:
    """Fill a key store in a process of its own, so that its memory does not count here."""
    code = f"from bench.rotation import fill; fill({count})"
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "CAIRN_HOME": home})


def main(arguments: Sequence[str]) -> int:
    sizes = [int(each) for each in arguments] or list(SIZES)
    os.environ["PYTHONPATH"] = os.pathsep.join(
        [str(Path(__file__).resolve().parents[1]), os.environ.get("PYTHONPATH", "")]
    )
    measured = [measure("imports alone", nothing, prepare=set_up)]
    for count in sizes:
        with tempfile.TemporaryDirectory(prefix="cairn-bench-") as home:
            in_new_home(count, home)
            os.environ["CAIRN_HOME"] = home
            measured.append(measure(f"{count:,} keys", rotate, prepare=set_up))
            assert measured[-1].answer == count
    print(report(measured))
    for each in measured[1:]:
        print(f"{each.label}: {each.answer / each.wall_s:,.0f} a second")
    flat = measured[-1].peak_mib <= measured[1].peak_mib * FLAT
    print("Memory is flat." if flat else "Memory grows with the number of keys.")
    return 0 if flat else 1
