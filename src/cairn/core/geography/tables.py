"""Reading the fact tables that ship with the package: CSV with # comment lines on the source."""

import csv
from collections.abc import Iterator
from importlib.resources import files


def rows(table: str) -> Iterator[dict[str, str]]:
    """The rows of `tables/<table>.csv` by column name; cells are stripped, missing cells are ""."""
    text = files(__package__).joinpath("tables", f"{table}.csv").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    for row in csv.DictReader(lines, restval=""):
        yield {column: cell.strip() for column, cell in row.items()}


def parted(cell: str) -> list[str]:
    """The values of a cell that holds several, separated by a vertical bar."""
    return [value.strip() for value in cell.split("|") if value.strip()]
