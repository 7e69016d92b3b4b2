"""One pass over a worksheet's XML: how far it reaches, and what in it may not be imported."""

import re
from array import array
from collections.abc import Iterable

from cairn.core.tables.assembling import too_many_cells
from cairn.core.tables.shapes import MAX_CELLS, MAX_PROBLEMS
from cairn.core.tables.xlsx_archive import XmlParser, bomb, damaged, local

# Excel, "Specifications and limits": 1,048,576 rows by 16,384 columns.
LAST_ROW = 1_048_576
LAST_COLUMN = 16_384
# All text of a sheet together, in characters: one shared text may be used by every cell.
MAX_TEXT = 100_000_000
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")

Cell = tuple[int, int]
"""Row from 1, column from 0."""


def parse_reference(reference: str) -> Cell:
    """The place of "C5": (5, 2). Raises TableRefused("table.damaged")."""
    match = _REFERENCE.fullmatch(reference.replace("$", ""))
    if match is None:
        raise damaged()
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    row = int(match[2])
    if row > LAST_ROW or column > LAST_COLUMN:
        raise damaged()
    return row, column - 1


class SharedTexts:
    """Fed the XML of the shared strings; `lengths` has the characters of each, by its number."""

    def __init__(self) -> None:
        self.lengths: array[int] = array("L")
        self._parser = XmlParser()
        self._parser.expat.StartElementHandler = self._on_start
        self._parser.expat.CharacterDataHandler = self._on_text

    def feed(self, chunk: bytes, *, last: bool = False) -> None:
        self._parser.feed(chunk, last=last)

    def _on_start(self, name: str, _attributes: dict[str, str]) -> None:
        if local(name) == "si":
            self.lengths.append(0)
            if len(self.lengths) > MAX_CELLS:
                raise too_many_cells()

    def _on_text(self, text: str) -> None:
        if self.lengths:
            self.lengths[-1] += len(text)


def holds_values(chunks: Iterable[bytes]) -> bool:
    """True when a sheet has a cell with a value or a formula; reads no further than the first."""
    found = False

    def on_start(name: str, _attributes: dict[str, str]) -> None:
        nonlocal found
        found = found or local(name) in {"v", "is", "f"}

    parser = XmlParser()
    parser.expat.StartElementHandler = on_start
    for chunk in chunks:
        parser.feed(chunk)
        if found:
            return True
    parser.feed(b"", last=True)
    return found


class SheetScan:
    """Fed the XML of one sheet; knows its extent, formulas, error values and merged ranges.

    `formulas` and `errors` keep the first MAX_PROBLEMS places; `formula_count` counts all.
    """

    def __init__(self, text_lengths: "array[int]") -> None:
        self.formulas: list[Cell] = []
        self.formula_count = 0
        self.errors: list[Cell] = []
        self.merged: list[str] = []
        self.first_row, self.last_row = LAST_ROW + 1, 0
        self.first_column, self.last_column = LAST_COLUMN, -1
        self._lengths = text_lengths
        self._text_total = 0
        self._row = 0
        self._column = -1
        self._cell_row = 0
        self._cell_type = ""
        self._index: list[str] = []
        self._parser = XmlParser()
        self._parser.expat.StartElementHandler = self._on_start
        self._parser.expat.EndElementHandler = self._on_end

    def feed(self, chunk: bytes, *, last: bool = False) -> None:
        self._parser.feed(chunk, last=last)

    def _on_start(self, name: str, attributes: dict[str, str]) -> None:
        if ":" in name:
            name = local(name)
        if name == "c":
            self._start_cell(attributes)
        elif name == "v" or name == "is":
            self._take_value()
        elif name == "row":
            self._start_row(attributes)
        elif name == "f":
            self._count_cell()
            self.formula_count += 1
            if len(self.formulas) < MAX_PROBLEMS:
                self.formulas.append((self._cell_row, self._column))
        elif name == "mergeCell" and len(self.merged) < MAX_CELLS:
            self.merged.append(attributes.get("ref", ""))

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._row = _number(attributes["r"]) if "r" in attributes else self._row + 1
        self._column = -1

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._cell_type = attributes.get("t", "")
        if "r" in attributes:
            self._cell_row, self._column = parse_reference(attributes["r"])
        else:
            self._cell_row, self._column = self._row, self._column + 1

    def _take_value(self) -> None:
        self._count_cell()
        if self._cell_type == "s":
            self._index = []
            self._parser.expat.CharacterDataHandler = self._index.append
        elif self._cell_type == "e":
            if len(self.errors) < MAX_PROBLEMS:
                self.errors.append((self._cell_row, self._column))

    def _on_end(self, name: str) -> None:
        if self._cell_type != "s" or local(name) != "v":
            return
        self._parser.expat.CharacterDataHandler = None
        number = "".join(self._index).strip()
        if not number.isdecimal() or int(number) >= len(self._lengths):
            raise damaged()
        self._text_total += self._lengths[int(number)]
        if self._text_total > MAX_TEXT:
            raise bomb()

    def _count_cell(self) -> None:
        """The reader holds the whole rectangle, so a stray cell far away counts all between."""
        self.first_row = min(self.first_row, self._cell_row)
        self.last_row = max(self.last_row, self._cell_row)
        self.first_column = min(self.first_column, self._column)
        self.last_column = max(self.last_column, self._column)
        if self.last_row * (self.last_column - self.first_column + 1) > MAX_CELLS:
            raise too_many_cells()

    def covers(self, merged: str) -> bool:
        """True when the range (such as "A1:C1") touches the rectangle that holds values."""
        first, _, last = merged.partition(":")
        top, left = parse_reference(first)
        bottom, right = parse_reference(last or first)
        return (
            top <= self.last_row
            and bottom >= self.first_row
            and left <= self.last_column
            and right >= self.first_column
        )


def _number(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= LAST_ROW:
        raise damaged()
    return int(text)
