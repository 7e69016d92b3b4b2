"""Files of others: exact complaints, nothing expanded or fetched, memory that stays flat."""

import tracemalloc
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import IO, cast

import pytest

from cairn.portfolio.iati import parsing
from cairn.portfolio.iati.parsing import Document, IatiRefused
from cairn.portfolio.iati.reading import ReadActivity, read_activity, read_organisation
from cairn.portfolio.tests.iati_files import STANDARD, activity, document, needs_standard


def read(content: bytes) -> list[ReadActivity]:
    return [read_activity(each) for each in Document(BytesIO(content))]


def complaints(inner: str = "", **attributes: str) -> list[tuple[int, str, str]]:
    [found] = read(document(activity(inner=inner, **attributes)))
    return [(each.line, each.element, each.code) for each in found.complaints]


def test_what_is_compared_is_read() -> None:
    [found] = read(
        document(
            activity(
                inner="""
<budget type="1" status="2"><period-start iso-date="2024-02-01"/><period-end iso-date="2024-12-31"/>
<value value-date="2024-02-01">12.50</value></budget>
<transaction><transaction-type code="13"/><transaction-date iso-date="2024-03-01"/>
<value currency="EUR" value-date="2024-03-01">7</value></transaction>"""
            )
        )
    )
    assert (found.identifier, found.title, found.status) == (
        "XM-DAC-41128-X01",
        "Invented activity",
        "2",
    )
    assert found.countries == ["NP"]
    assert found.budget == {"USD": Decimal("12.50")}
    assert found.transactions == {"13": {"EUR": Decimal(7)}}
    assert found.complaints == []


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ('\n<budget type="7"/>', [(12, "budget", "iati.code"), (12, "budget", "iati.missing")]),
        ('\n<activity-date type="1"/>', [(12, "activity-date", "iati.order"),
                                         (12, "activity-date", "iati.attribute")]),
        ('\n<activity-date type="3" iso-date="2024-13-01"/>',
         [(12, "activity-date", "iati.order"), (12, "activity-date", "iati.date")]),
        ("\n<activity-website>x</activity-website>", [(12, "activity-website", "iati.unknown")]),
        ('\n<transaction><transaction-type code="4"/><value value-date="2024-01-01">1,000</value>'
         "</transaction>", [(12, "transaction/value", "iati.amount")]),
        ('\n<transaction><transaction-type code="4"/><value value-date="2024-01-01">1e99</value>'
         "</transaction>", [(12, "transaction/value", "iati.amount")]),
        ("\n<transaction><value>1</value></transaction>",
         [(12, "transaction/value", "iati.attribute")]),
        ('<sector code="15160"/>', [(11, "sector", "iati.percentage")]),
        ("<title><narrative>Again</narrative></title>",
         [(11, "title", "iati.order"), (2, "title", "iati.doubled")]),
    ],
)  # fmt: skip
def test_each_complaint_names_its_line_and_element(
    inner: str, expected: list[tuple[int, str, str]]
) -> None:
    assert complaints(inner) == expected


def test_an_amount_without_a_currency_is_named() -> None:
    [found] = read(
        document(
            activity(inner='<budget><value value-date="2024-01-01">1</value></budget>').replace(
                'default-currency="USD" ', ""
            )
        )
    )
    assert [each.code for each in found.complaints] == ["iati.currency"]


def test_missing_elements_are_named_and_the_rest_is_read() -> None:
    [found] = read(
        document("<iati-activity><title><narrative>A</narrative></title></iati-activity>")
    )
    assert {each.element for each in found.complaints} == {
        "iati-identifier", "reporting-org", "description", "participating-org",
        "activity-status", "activity-date",
    }  # fmt: skip
    assert found.title == "A"


def test_elements_of_other_standards_are_kept_by_name() -> None:
    [found] = read(document(activity(inner='<x:code xmlns:x="urn:other">7</x:code>')))
    assert found.foreign == {"{urn:other}code": 1}
    assert found.complaints == []


def test_an_activity_full_of_errors_tells_of_a_hundred() -> None:
    [found] = read(document(activity(inner="<nothing/>" * 150)))
    assert (len(found.complaints), found.left_out) == (100, 50)


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE iati-activities ['
    + b"".join(
        b'<!ENTITY a%d "%s">' % (place, b"&a%d;" % (place - 1) * 10 if place else b"x" * 100)
        for place in range(9)
    )
    + b']><iati-activities version="2.03"><iati-activity><title><narrative>&a8;</narrative></title>'
    b"</iati-activity></iati-activities>"
)
OUTSIDE = (
    b'<!DOCTYPE iati-activities [<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    b'<iati-activities version="2.03"><iati-activity><title><narrative>&f;</narrative></title>'
    b"</iati-activity></iati-activities>"
)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (BOMB, "iati.doctype"),
        (BOMB.replace(b'version="2.03"', b'version="&a8;"'), "iati.xml"),
        (OUTSIDE, "iati.doctype"),
        (b'<!DOCTYPE iati-activities SYSTEM "http://127.0.0.1/x.dtd"><iati-activities/>',
         "iati.doctype"),
        (b"<html><body/></html>", "iati.root"),
        (b"<x><iati-activities/></x>", "iati.root"),
        (b"", "iati.empty"),
        (b"\xef\xbb\xbf \r\n", "iati.empty"),
        (b"PK\x03\x04", "iati.packed"),
        (b"\x1f\x8b\x08", "iati.packed"),
        (b"id,title\r\nX01,not XML\r\n", "iati.xml"),
        (document(activity()).replace(b"Invented activity", b"caf\xe9"), "iati.xml"),
        (b"\xff\xfe\x00", "iati.xml"),
        (document(activity())[:-40], "iati.xml"),
        (b'<iati-activities version="2.03"><iati-activity>' + b"<a>" * 400, "iati.xml"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_a_reason(content: bytes, code: str) -> None:
    with pytest.raises(IatiRefused) as refused:
        read(content)
    assert refused.value.code == code
    assert refused.value.remedy


def test_a_broken_file_says_in_which_line() -> None:
    with pytest.raises(IatiRefused) as refused:
        read(document(activity(), "<iati-activity>\n<title></iati-activity>"))
    assert refused.value.line == 14
    assert "14" in refused.value.message


def test_an_activity_without_end_is_not_held_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "MOST_BYTES_EACH", 200_000)
    with pytest.raises(IatiRefused) as refused:
        read(document(activity(inner="<comment>x</comment>" * 20_000)))
    assert refused.value.code == "iati.huge"
    # Many of ordinary size pass, however long the file is.
    assert len(read(document(*[activity()] * 1_000))) == 1_000


class Endless:
    """A file of so many activities that is nowhere whole."""

    def __init__(self, count: int) -> None:
        self._parts = self._made(count)
        self._left = b""

    @staticmethod
    def _made(count: int) -> Iterator[bytes]:
        head, tail = document("@").split(b"@")
        yield head
        one = activity(inner="<budget><value value-date='2024-01-01'>1</value></budget>" * 20)
        for _ in range(count):
            yield one.encode()
        yield tail

    def read(self, size: int = -1) -> bytes:
        while len(self._left) < size and (part := next(self._parts, b"")):
            self._left += part
        given, self._left = self._left[:size], self._left[size:]
        return given


def peak(count: int) -> int:
    tracemalloc.start()
    try:
        stream = cast(IO[bytes], Endless(count))
        assert sum(bool(read_activity(each).identifier) for each in Document(stream)) == count
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_file() -> None:
    assert peak(2_000) < 2 * peak(200) + 200_000


@needs_standard
@pytest.mark.parametrize(
    "path", sorted((STANDARD / "examples").glob("*.xml")), ids=lambda path: path.stem
)
def test_the_published_examples_are_read(path: Path) -> None:
    with path.open("rb") as stream:
        file = Document(stream)
        reads = [
            read_activity(each) if file.kind == "iati-activities" else read_organisation(each)
            for each in file
        ]
    assert reads
    assert all(each.identifier and each.title for each in reads)
    refused = [each for each in reads if each.is_refused]
    assert bool(refused) == ("BadCodes" in path.name)
