"""Taking in a file: no more bytes than allowed, and what kind of file its content shows."""

import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol, cast

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from cairn.core.tables.shapes import TableRefused

_CHUNK = 64 * 1024
# Files up to here stay in memory while they are read; larger ones lie in a temporary file.
_IN_MEMORY = 4 * 1024 * 1024


class ReadableBytes(Protocol):
    """Anything with a binary `read`: an open file, a Django upload, a network stream."""

    def read(self, size: int = ..., /) -> bytes: ...


Source = ReadableBytes | str | os.PathLike[str]


@contextmanager
def held(source: Source, *, max_bytes: int) -> Iterator[IO[bytes]]:
    """Yield a private, seekable copy of `source`; never reads more than `max_bytes` + 1 bytes.

    Raises TableRefused("table.too_large"), before reading anything where the size is known.
    """
    if isinstance(source, (str, os.PathLike)):
        with Path(source).open("rb") as opened:
            status = os.fstat(opened.fileno())
            if stat.S_ISREG(status.st_mode) and status.st_size > max_bytes:
                raise too_large(max_bytes)
            with held(opened, max_bytes=max_bytes) as copy:
                yield copy
        return
    known = getattr(source, "size", None)
    if isinstance(known, int) and known > max_bytes:
        raise too_large(max_bytes)
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as copy:
        _copy(source, cast(IO[bytes], copy), max_bytes)
        copy.seek(0)
        yield cast(IO[bytes], copy)


def _copy(source: ReadableBytes, copy: IO[bytes], max_bytes: int) -> None:
    taken = 0
    while chunk := source.read(min(_CHUNK, max_bytes + 1 - taken)):
        if not isinstance(chunk, bytes):
            raise TypeError("read_table needs a binary stream, not a text stream.")
        taken += len(chunk)
        if taken > max_bytes:
            raise too_large(max_bytes)
        copy.write(chunk)


def too_large(max_bytes: int) -> TableRefused:
    return TableRefused(
        "table.too_large",
        _("The file is larger than %(limit)s, the most that an import takes.")
        % {"limit": filesizeformat(max_bytes)},
        _("Split it into several files, or leave out pictures and sheets that are not needed."),
    )


def kind_of(file: IO[bytes]) -> str:
    """ "csv" or "zip" (an XLSX file, as far as one can tell), decided by content alone.

    Raises TableRefused for an empty file and for every other kind of file that is recognised.
    Leaves the file at its start.
    """
    file.seek(0)
    start = file.read(4096)
    file.seek(0)
    if not start.strip(b"\xef\xbb\xbf \t\r\n"):
        raise empty()
    if start[:4] in {b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"}:
        return "zip"
    if start.startswith(bytes.fromhex("d0cf11e0a1b11ae1")):
        raise _old_office(file)
    for marks, refusal in _KINDS:
        if start.startswith(marks):
            raise refusal()
    if b"%PDF-" in start[:1024]:
        raise _pdf()
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<table", b"<meta")):
        raise _html()
    if text.startswith(b"<?xml"):
        raise _html() if b"<html" in text else _xml()
    if text.startswith((b'{"', b"[{", b"{\n", b"{\r\n", b"[\n", b"[[")):
        raise _json()
    return "csv"


def empty() -> TableRefused:
    return TableRefused(
        "table.empty",
        _("The file holds no text."),
        _("Choose the file that holds your table, with the column names in its first row."),
    )


def _old_office(file: IO[bytes]) -> TableRefused:
    """Password-protected XLSX and files of Office 97 to 2003 share one container format.

    Stream names stand in it in UTF-16 (Microsoft, MS-CFB 2.6.1 and MS-OFFCRYPTO 2.3.1).
    """
    content = file.read()
    file.seek(0)
    if "EncryptedPackage".encode("utf-16-le") in content:
        return encrypted()
    if any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        return TableRefused(
            "table.kind_xls",
            _("This is a workbook in the old Excel format (.xls), which cannot be read safely."),
            _('Open it in a spreadsheet program and save it as "Excel workbook (.xlsx)".'),
        )
    return _other()


def encrypted() -> TableRefused:
    return TableRefused(
        "table.encrypted",
        _("The file is protected with a password, so it cannot be read."),
        _("Open it with the password, save a copy without one, and send the copy."),
    )


def _pdf() -> TableRefused:
    return TableRefused(
        "table.kind_pdf",
        _("This is a PDF document. Tables cannot be taken out of it reliably."),
        _("Ask for the spreadsheet that it was made from, or type the table into the template."),
    )


def _html() -> TableRefused:
    return TableRefused(
        "table.kind_html",
        _("This is a web page, although it may be named like a spreadsheet."),
        _('Open it in a spreadsheet program and save it as "Excel workbook (.xlsx)".'),
    )


def _xml() -> TableRefused:
    return TableRefused(
        "table.kind_xml",
        _("This is an XML document, not a CSV or XLSX file."),
        _('Open it in a spreadsheet program and save it as "Excel workbook (.xlsx)".'),
    )


def _json() -> TableRefused:
    return TableRefused(
        "table.kind_json",
        _("This is a JSON document, not a CSV or XLSX file."),
        _("Send the records as a table with one row for each record."),
    )


def packed() -> TableRefused:
    return TableRefused(
        "table.kind_zip",
        _("This is a compressed archive, not an XLSX workbook."),
        _("Unpack it and send the table that lies inside."),
    )


def _other() -> TableRefused:
    return TableRefused(
        "table.kind_unknown",
        _("This is neither a CSV nor an XLSX file."),
        _('Save the table as "CSV UTF-8" or "Excel workbook (.xlsx)" and send that file.'),
    )


# First bytes, as registered by the formats' own specifications.
_KINDS: tuple[tuple[bytes | tuple[bytes, ...], Callable[[], TableRefused]], ...] = (
    ((b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\xfd7zXZ\x00", b"BZh"), packed),
    ((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"PAR1", b"SQLite format 3\x00"), _other),
)
