"""Tables on the way out: defused, typed, readable by our own reader, the same bytes each time."""

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cairn.core.errors import RuleBroken
from cairn.core.tables import Sheet, Table, read_table, safe_cell, write_csv, write_xlsx


def xlsx(*sheets: Sheet, right_to_left: bool = False) -> bytes:
    stream = io.BytesIO()
    write_xlsx(stream, sheets, title="Projects", right_to_left=right_to_left)
    return stream.getvalue()


def back(content: bytes) -> Table:
    return read_table(io.BytesIO(content), filename="a.xlsx")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("\uff1dx", "'\uff1dx"),
        ("'=x", "''=x"),
        ("'tis", "'tis"),
        (" =x", " =x"),
        ("a=b", "a=b"),
        (-5, "-5"),
        (-5.0, "-5"),
        (Decimal("-5.50"), "-5.50"),
        (Decimal("1E+3"), "1000"),
        (True, "yes"),
        (False, "no"),
        (None, ""),
        (date(2024, 2, 3), "2024-02-03"),
        (datetime(2024, 2, 3, 10, tzinfo=UTC), "2024-02-03T10:00:00+00:00"),
        (UUID(int=5), "00000000-0000-0000-0000-000000000005"),
        ("a\0b", "ab"),
    ],
)
def test_text_is_defused_and_numbers_stay(value: object, text: str) -> None:
    assert safe_cell(value) == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN")])
def test_what_is_no_number_is_not_written(value: object) -> None:
    with pytest.raises(ValueError, match="not a number"):
        safe_cell(value)


def test_csv_quotes_every_separator_that_a_reader_may_guess() -> None:
    assert list(write_csv(["a;b", "c"], [['say "x"', " y"], ["1,2", "t\tt"]])) == [
        '"a;b",c\r\n',
        '"say ""x"""," y"\r\n',
        '"1,2","t\tt"\r\n',
    ]


def test_csv_can_start_with_the_mark_that_excel_needs() -> None:
    lines = list(write_csv(["a"], [["é"]], bom=True))
    assert lines[0] == "\ufeffa\r\n"
    assert read_table(io.BytesIO("".join(lines).encode()), filename="").keys == ("a",)


def test_a_row_of_another_width_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="2 values for 1"):
        list(write_csv(["a"], [[1, 2]]))
    with pytest.raises(ValueError, match="2 values for 1"):
        xlsx(Sheet("x", ["a"], [[1, 2]]))


def test_the_same_input_gives_the_same_bytes() -> None:
    sheets = [Sheet("One", ["a"], [[1], ["=x"], [date(2024, 1, 1)]])]
    assert xlsx(*sheets) == xlsx(*sheets)


def test_values_keep_their_kind_in_a_workbook() -> None:
    content = xlsx(
        Sheet(
            "One",
            ["a", "b", "c", "d", "e", "f"],
            [
                [Decimal("-5.50"), True, date(2024, 2, 3), "=SUM(A1)", 12345678901234567890, None],
                [0.1, False, date(1850, 1, 1), datetime(2024, 2, 3, 10, tzinfo=UTC), "1", "x"],
            ],
        )
    )
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert '<c r="A2"><v>-5.5</v></c>' in sheet
    assert '<c r="B2" t="b"><v>1</v></c>' in sheet
    assert "<f>" not in sheet
    assert "'=SUM(A1)" in sheet
    first, second = back(content).rows
    assert list(first.values_in_order) == [
        "-5.5", "yes", "2024-02-03", "=SUM(A1)", "12345678901234567890", "",
    ]  # fmt: skip
    assert list(second.values_in_order) == [
        "0.1", "no", "1850-01-01", "2024-02-03T10:00:00+00:00", "1", "x",
    ]  # fmt: skip


def test_right_to_left_sheets_title_and_several_sheets(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    names = ["A/B: [x]?", "a b  x ", "x" * 40, "x" * 41, "History", "''"]
    sheets = [Sheet(name, ["id"], [[name]]) for name in names]
    write_xlsx(path, sheets, title="مشاريع", right_to_left=True)
    with zipfile.ZipFile(path) as opened:
        assert 'rightToLeft="1"' in opened.read("xl/worksheets/sheet6.xml").decode()
        assert "مشاريع" in opened.read("docProps/core.xml").decode()
    table = read_table(path, filename="a.xlsx")
    assert len(table.notes) == 1
    assert table.rows[0]["id"] == names[0]


def test_text_that_xlsx_has_no_room_for_is_not_cut_off() -> None:
    with pytest.raises(RuleBroken) as caught:
        xlsx(Sheet("x", ["a"], [["y" * 32_768]]))
    assert caught.value.code == "table.cell_too_long"
    assert "row 2" in caught.value.message


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
risky = st.text("=+-@\t\r\n\"'_x0041é ", max_size=8)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(words | risky, min_size=2, max_size=2).filter(
            lambda texts: any(text.strip() for text in texts)
        ),
        max_size=5,
    )
)
def test_text_written_as_xlsx_comes_back(rows: list[list[str]]) -> None:
    table = back(xlsx(Sheet("One", ["a", "=b"], rows)))
    assert table.names == ("a", "=b")
    assert [list(row.values_in_order) for row in table.rows] == rows
    assert table.problem_count == 0


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.decimals(-(10**12), 10**12, places=2) | st.integers(-(10**18), 10**18),
        min_size=1,
        max_size=5,
    )
)
def test_numbers_come_back_from_both_formats(numbers: list[Decimal | int]) -> None:
    rows = [[number] for number in numbers]
    from_csv = read_table(io.BytesIO("".join(write_csv(["a"], rows)).encode()), filename="a.csv")
    for table in (from_csv, back(xlsx(Sheet("One", ["a"], rows)))):
        assert [Decimal(row["a"]) for row in table.rows] == numbers
        assert table.problem_count == 0
