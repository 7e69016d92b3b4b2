"""Tables that people exchange: CSV and XLSX read with clear refusals, written without formulas."""

from cairn.core.tables.cells import safe_cell
from cairn.core.tables.reading import read_table
from cairn.core.tables.shapes import CellProblem, Column, Row, Table, TableRefused, fold
from cairn.core.tables.writing import Sheet, write_csv, write_xlsx

__all__ = [
    "CellProblem",
    "Column",
    "Row",
    "Sheet",
    "Table",
    "TableRefused",
    "fold",
    "read_table",
    "safe_cell",
    "write_csv",
    "write_xlsx",
]
