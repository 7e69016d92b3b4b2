"""Files as large as they come: 100 MB, read and held against the records in flat memory."""

import json
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from cairn.portfolio.tests.iati_files import activity, document

MEGABYTE = 1024 * 1024
# What reading 100 MB may take beyond reading one: a chunk of activities and the parser's own.
MOST_GROWTH = 24 * MEGABYTE

READ = """
import json, resource, sys
import django
django.setup()
from cairn.portfolio.iati.parsing import Document
from cairn.portfolio.iati.reading import read_activity
with open(sys.argv[1], "rb") as stream:
    file = Document(stream)
    count = sum(bool(read_activity(each).identifier) for each in file)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([count, peak * (1 if sys.platform == "darwin" else 1024)]))
"""


def write(path: Path, size: int) -> Path:
    """A file of `size` bytes or a little more, its activities of different length."""
    draw = Random(7)  # noqa: S311 - lengths of invented texts
    head, tail = document("@").split(b"@")
    with path.open("wb") as stream:
        stream.write(head)
        number = 0
        while stream.tell() < size:
            number += 1
            text = "<budget><value value-date='2024-01-01'>1</value></budget>" * draw.randrange(200)
            stream.write(activity(f"XX-1-{number}", inner=text).encode())
        stream.write(tail)
    return path


def peak(path: Path) -> tuple[int, int]:
    """(activities, bytes of memory at most) of a process that reads the file."""
    told = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", READ, str(path)],
        capture_output=True,
        check=True,
        text=True,
        env={
            "DJANGO_SETTINGS_MODULE": "cairn.config.settings",
            "CAIRN_DEBUG": "1",
            "CAIRN_HOME": str(path.parent),
            "PYTHONPATH": str(Path(__file__).resolve().parents[3]),
        },
    )
    count, most = json.loads(told.stdout)
    return count, most


@pytest.mark.processes
@pytest.mark.once
def test_a_hundred_megabytes_take_no_more_memory_than_one(tmp_path: Path) -> None:
    few, low = peak(write(tmp_path / "one.xml", MEGABYTE))
    many, high = peak(write(tmp_path / "hundred.xml", 100 * MEGABYTE))
    assert many > 50 * few
    assert high - low < MOST_GROWTH
