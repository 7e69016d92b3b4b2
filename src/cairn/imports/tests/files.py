"""Files as people bring them, good and bad, made in memory."""

import zipfile
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

from cairn.access.queries import SYSTEM
from cairn.imports.actions import Report, import_file, stage_file
from cairn.imports.models import ImportBatch

Rows = Sequence[Sequence[Any]]


def csv_bytes(rows: Rows, encoding: str = "utf-8") -> bytes:
    lines = (
        ",".join(f'"{cell}"' if "," in str(cell) else str(cell) for cell in row) for row in rows
    )
    return ("\r\n".join(lines) + "\r\n").encode(encoding)


def xlsx_bytes(rows: Rows, *, formulas: bool = False) -> bytes:
    """A workbook; with `formulas`, text that begins with = is written as a formula."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if formulas and str(cell).startswith("="):
                    sheet.write_formula(number, place, cell)
                elif isinstance(cell, int | float):
                    sheet.write_number(number, place, cell)
                else:
                    sheet.write_string(number, place, str(cell))
    return target.getvalue()


def zip_bomb() -> bytes:
    """A workbook of few bytes whose sheet unpacks to 300 MB of zeros."""
    target = BytesIO()
    whole = xlsx_bytes([["id"], ["X01"]])
    with (
        zipfile.ZipFile(BytesIO(whole)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bomb,
    ):
        for name in source.namelist():
            if name != "xl/worksheets/sheet1.xml":
                bomb.writestr(name, source.read(name))
                continue
            with bomb.open(name, "w") as sheet:
                for _megabyte in range(300):
                    sheet.write(b"0" * 2**20)
    return target.getvalue()


def bring(kind: str, content: bytes, filename: str = "invented.csv") -> Report:
    """Read a file as the console does: applied unless something is refused."""
    return import_file(SYSTEM, kind, filename, BytesIO(content))


def stage(
    run: Callable[..., Any], kind: str, rows: Rows, actor: Any = SYSTEM, filename: str = "a.csv"
) -> ImportBatch:
    """Stage a file and have it read. `run`: django_capture_on_commit_callbacks."""
    with run(execute=True):
        batch = stage_file(actor, kind, filename, BytesIO(csv_bytes(rows)))
    batch.refresh_from_db()
    return batch
