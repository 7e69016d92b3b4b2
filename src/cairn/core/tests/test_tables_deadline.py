"""Reading a file ends in time, whatever the file does."""

import io
from collections.abc import Iterator

import pytest
import xlsxwriter

from cairn.core.tables import TableRefused, read_table
from cairn.core.tables.deadline import Deadline


def csv_table() -> bytes:
    return b"id,note\r\n" + b"P01,x\r\n" * 1_000


def workbook() -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        for row in range(1_000):
            sheet.write_row(row, 0, ["id", row])
    return stream.getvalue()


@pytest.mark.parametrize("content", [csv_table(), workbook()], ids=["csv", "xlsx"])
def test_a_file_that_takes_too_long_is_given_up_with_a_remedy(
    content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read_table(io.BytesIO(content)).rows
    monkeypatch.setattr("cairn.core.tables.deadline.MAX_SECONDS", -1.0)
    with pytest.raises(TableRefused) as caught:
        read_table(io.BytesIO(content))
    assert caught.value.code == "table.too_slow"
    assert caught.value.remedy


def test_records_without_end_are_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    hand = [0.0]
    monkeypatch.setattr("cairn.core.tables.deadline.time.monotonic", lambda: hand[0])

    def endless() -> Iterator[int]:
        while True:
            hand[0] += 1
            yield 1

    with pytest.raises(TableRefused):
        list(Deadline(1_000).over(endless()))
    assert 1_000 < hand[0] < 1_600
