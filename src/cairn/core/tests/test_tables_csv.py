"""CSV from outside: what is read, what is refused, and in which words."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from cairn.core.tables import Table, TableRefused, fold, read_table, write_csv


def read(content: bytes | str, **options: object) -> Table:
    raw = content.encode() if isinstance(content, str) else content
    return read_table(io.BytesIO(raw), filename="table.csv", **options)  # type: ignore[arg-type]


def refusal(content: bytes | str, **options: object) -> TableRefused:
    with pytest.raises(TableRefused) as caught:
        read(content, **options)
    assert caught.value.message
    assert caught.value.remedy
    return caught.value


class Endless:
    """A stream of unknown length that counts what is taken from it."""

    def __init__(self, size: int) -> None:
        self.left = size
        self.taken = 0

    def read(self, size: int = -1, /) -> bytes:
        assert size >= 0, "somebody asked for everything"
        chunk = b"a,b\n" * (min(size, self.left) // 4 + 1)
        chunk = chunk[: min(size, self.left)]
        self.left -= len(chunk)
        self.taken += len(chunk)
        return chunk


def test_columns_keep_their_case_and_can_be_looked_up_by_any_spelling() -> None:
    table = read("Project ID , Budget-USD\nP01,5\n")
    assert table.names == ("Project ID", "Budget-USD")
    assert table.keys == ("project_id", "budget_usd")
    assert table.rows[0]["budget_usd"] == table.rows[0]["BUDGET USD"] == "5"
    assert table.rows[0].cells == dict(table.rows[0]) == {"project_id": "P01", "budget_usd": "5"}
    with pytest.raises(KeyError):
        table.rows[0]["title"]


def test_row_numbers_are_those_of_the_spreadsheet() -> None:
    table = read('\na,b\n1,"two\nlines"\n\n  ,\n3,4\n')
    assert [(row.number, row["b"]) for row in table.rows] == [(3, "two\nlines"), (6, "4")]


def test_missing_cells_are_empty_and_blank_cells_beyond_the_header_do_not_count() -> None:
    table = read("a,b,,\n1\n2,3,,\n")
    assert [row.cells for row in table.rows] == [{"a": "1", "b": ""}, {"a": "2", "b": "3"}]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_taken_from_the_header_alone(separator: str) -> None:
    table = read(f"a{separator}b\n1{separator}x;y,z\t!\n".replace("x;y,z\t!", '"x;y,z\t!"'))
    assert table.rows[0]["b"] == "x;y,z\t!"


def test_a_separator_inside_a_quoted_name_is_not_counted() -> None:
    assert read('"a;b;c",d\n1,2\n').names == ("a;b;c", "d")
    assert refusal("a;b,c\n1;2,3\n").code == "table.separator_unclear"


def test_a_byte_order_mark_and_old_line_ends_are_read_over() -> None:
    assert read("\ufeffa,b\r1,2\r").rows[0].cells == {"a": "1", "b": "2"}


def test_a_space_before_a_quotation_mark_is_layout() -> None:
    assert read('a, b\n1, "x, y"\n').rows[0]["b"] == "x, y"


def test_a_path_is_read_like_a_stream(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a\n1\n")
    assert read_table(path, filename="a.csv").rows[0]["a"] == "1"
    with pytest.raises(TableRefused, match="larger"):
        read_table(str(path), filename="a.csv", max_bytes=3)


def test_a_text_stream_is_a_mistake_of_the_program() -> None:
    with pytest.raises(TypeError):
        read_table(io.StringIO("a\n1\n"), filename="a.csv")  # type: ignore[arg-type]


def test_a_hashtag_row_is_noted_and_not_a_record() -> None:
    table = read("Country,Affected\n#country+name, #affected +f\nNepal,5\n")
    assert [row.cells for row in table.rows] == [{"country": "Nepal", "affected": "5"}]
    assert table.hashtags == {"country": "#country+name", "affected": "#affected +f"}
    assert "Row 2" in table.notes[0]
    assert len(read("a,b\n#1,x\n").rows) == 1


def test_a_csv_file_named_like_a_workbook_is_read_and_noted() -> None:
    table = read_table(io.BytesIO(b"a\n1\n"), filename="report.XLSX")
    assert table.kind == "csv"
    assert "CSV" in table.notes[0]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "table.empty"),
        (b"\xef\xbb\xbf \r\n\r\n", "table.empty"),
        (b",,\n , \n", "table.empty"),
        (b"1,2,3\n4,5,6\n", "table.no_header"),
        (b"a,,c\n1,2,3\n", "table.header_blank"),
        (b"a,b,a\n", "table.duplicate_header"),
        (b"Budget USD,budget_usd\n", "table.duplicate_header"),
        (b"a,=1+1\n", "table.formula"),
        (b"a,b\n1,2\n1,2,3\n", "table.row_too_long"),
        (b'a,b\n1,"2\n', "table.quoting"),
        (b'a,b\n1,"2"x\n', "table.quoting"),
        (b"a\n" + b'"' + b"x" * 140_000 + b"\n", "table.cell_too_long"),
        (",".join(f"c{number}" for number in range(501)).encode(), "table.too_many_columns"),
        (b"PK\x05\x06" + b"\0" * 18, "table.kind_zip"),
        (b"PK\x03\x04 not really", "table.damaged"),
        (b"%PDF-1.7\n", "table.kind_pdf"),
        (b"  <!DOCTYPE html><table>", "table.kind_html"),
        (b"<?xml version='1.0'?><Workbook/>", "table.kind_xml"),
        (b'{"a": 1}', "table.kind_json"),
        (b"\x1f\x8b\x08", "table.kind_zip"),
        (b"\x89PNG\r\n\x1a\n", "table.kind_unknown"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), "table.kind_xls"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "table.encrypted",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 50, "table.kind_unknown"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_its_reason(content: bytes, code: str) -> None:
    assert refusal(content).code == code


def test_a_long_row_is_named_with_its_number_and_width() -> None:
    found = refusal('a,b\n"1\n2",2\n1,2,,3\n')
    assert "Row 3 has 4 cells" in found.message


def test_broken_quoting_is_named_with_its_row() -> None:
    assert "row 3" in refusal('a,b\n1,2\n3,"4" x\n5,6\n').message


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf16_is_recognised_with_and_without_a_mark(encoding: str) -> None:
    found = refusal("country,budget\nNepal,5\n".encode(encoding))
    assert found.code == "table.utf16"
    assert "CSV UTF-8" in found.remedy


def test_windows_1252_is_refused_with_row_byte_and_letter() -> None:
    found = refusal('title,place\n"two\nlines",x\nx,C\xf4te d\x92Ivoire\n'.encode("latin-1"))
    assert found.code == "table.encoding"
    assert "Row 3" in found.message
    assert "byte 29 is F4" in found.message
    assert '"ô"' in found.message
    assert "CSV UTF-8" in found.remedy


def test_a_byte_that_no_encoding_knows_is_refused_too() -> None:
    assert "byte 2 is 81" in refusal(b"a\n\x81\n").message
    assert "byte 2 is C3" in refusal(b"a\n\xc3").message


@pytest.mark.parametrize("padding", [0, 65_530, 65_535, 131_071])
def test_the_byte_is_found_on_either_side_of_a_chunk(padding: int) -> None:
    head = b"a\n" + b"x" * padding
    assert f"byte {len(head) + 2} " in refusal(head + "é".encode() + b"\xff\n").message


def test_a_nul_byte_is_refused_with_its_place() -> None:
    found = refusal(b"country,place\nNepal,x\nMali,\0y\n")
    assert (found.code, "Row 3" in found.message, "byte 27" in found.message) == (
        "table.nul_byte",
        True,
        True,
    )


@pytest.mark.parametrize(
    "text",
    ["=SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", "\r=1", "\uff1d1", "-", "=5"],
)
def test_text_that_could_run_is_reported_and_stays_as_it_stood(text: str) -> None:
    table = read('id,note\n1,ok\n2,"{}"\n'.format(text.replace('"', '""')))
    assert table.problem_count == 1
    problem = table.problems_by_row()[3][0]
    assert (problem.column, problem.code) == ("note", "table.formula")
    assert problem.remedy
    assert table.rows[1]["note"] == text


@pytest.mark.parametrize("text", ["-5", "+5", "-1,234.50", "+41 22 907", "-5%", "-.5", "-1e3"])
def test_a_number_with_a_sign_is_no_formula(text: str) -> None:
    table = read(f'a\n"{text}"\n')
    assert (table.problem_count, table.rows[0]["a"]) == (0, text)


@pytest.mark.parametrize(
    ("cell", "value"),
    [("'=1", "=1"), ("''=1", "'=1"), ("'tis", "'tis"), ("'", "'"), ("'5", "'5"), ("'-5", "-5")],
)
def test_exactly_the_apostrophe_that_defuses_is_taken_off(cell: str, value: str) -> None:
    table = read(f"a\n{cell}\n")
    assert (table.rows[0]["a"], table.problem_count) == (value, 0)


def test_only_the_first_thousand_problems_are_kept_but_all_are_counted() -> None:
    table = read("a\n" + "=1\n" * 1_500)
    assert (len(table.problems), table.problem_count) == (1_000, 1_500)


def test_rows_are_counted_without_header_hashtags_and_blank_rows() -> None:
    assert len(read("a\n#x\n\n1\n2\n", max_rows=2).rows) == 2
    assert refusal("a\n#x\n\n1\n2\n3\n", max_rows=2).code == "table.too_many_rows"


def test_cells_in_all_are_limited() -> None:
    header = ",".join(f"c{number}" for number in range(400))
    assert refusal(header + "\n" + "x\n" * 7_600).code == "table.too_many_cells"


def test_a_hundred_megabytes_are_refused_without_being_read() -> None:
    stream = Endless(100 * 1024 * 1024)
    with override_settings(IMPORT_MAX_BYTES=1024 * 1024), pytest.raises(TableRefused) as caught:
        read_table(stream, filename="a.csv")
    assert caught.value.code == "table.too_large"
    assert stream.taken <= 1024 * 1024 + 1


def test_a_known_size_is_refused_before_the_first_byte() -> None:
    stream = Endless(100)
    stream.size = 50 * 1024 * 1024  # type: ignore[attr-defined]
    with pytest.raises(TableRefused) as caught:
        read_table(stream, filename="a.csv")
    assert (caught.value.code, stream.taken) == ("table.too_large", 0)


def test_a_file_of_exactly_the_limit_is_read() -> None:
    content = b"a\n" + b"x" * 98
    assert read(content, max_bytes=100).rows[0]["a"] == "x" * 98
    assert refusal(content + b"x", max_bytes=100).code == "table.too_large"


def test_names_fold_to_one_key() -> None:
    assert fold(" Budget  USD ") == fold("budget-usd") == fold("ＢＵＤＧＥＴ_USD") == "budget_usd"


words = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=0, max_size=12
)
risky = st.text("=+-@\t\r\n\"', ;a1é'", max_size=6)
cells = words | risky


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    width = draw(st.integers(1, 4))
    names = st.text("abcXYZ =+'\",;-@é", min_size=1, max_size=5).filter(
        lambda name: any(letter.isalpha() for letter in name)
    )
    header = draw(st.lists(names, min_size=width, max_size=width, unique_by=fold))
    row = st.lists(cells, min_size=width, max_size=width).filter(
        lambda texts: any(text.strip() for text in texts)
    )
    return header, draw(st.lists(row, max_size=5))


@settings(max_examples=150, deadline=None)
@given(tables())
def test_what_is_written_as_csv_comes_back(table: tuple[list[str], list[list[str]]]) -> None:
    header, rows = table
    found = read("".join(write_csv(header, rows)))
    assert found.names == tuple(name.strip() for name in header)
    assert [list(row.values_in_order) for row in found.rows] == rows
    assert found.problem_count == 0


def test_lines_are_written_one_by_one() -> None:
    def rows() -> Iterator[list[int]]:
        yield [1]
        raise AssertionError("read ahead")

    lines = write_csv(["a"], rows())
    assert [next(lines), next(lines)] == ["a\r\n", "1\r\n"]


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60) | st.text('a1=,;"\r\n\t é\ufeff', max_size=40).map(str.encode))
def test_whatever_the_bytes_are_there_is_a_table_or_a_refusal(content: bytes) -> None:
    try:
        table = read(content)
    except TableRefused as problem:
        assert problem.code.startswith("table.") and problem.remedy  # noqa: PT017, PT018 - any will do
    else:
        assert table.columns
        assert all(len(row) == len(table.columns) for row in table.rows)
