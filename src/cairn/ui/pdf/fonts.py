"""Fonts of PDF documents: which files are used and which characters they can draw."""

import logging
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typst

log = logging.getLogger(__name__)

# Font packages installed with the program, same files on every machine: Latin, Greek, Cyrillic,
# Devanagari; Arabic. Families in the order to try.
REQUIRED = {
    "fontpkg_noto_sans": "Noto Sans",
    "fontpkg_noto_sans_arabic": "Noto Sans Arabic",
}
# Tried before Noto's Arabic where it is installed. Noto draws a dotted letter as two glyphs, and
# the engine then writes the letter twice into the text that is copied or read aloud; this family
# has one glyph for each letter.
PREFERRED = {"fontpkg_ibm_plex_sans_arabic": "IBM Plex Sans Arabic"}
# Where Debian's fonts-noto-cjk puts its files: Chinese, Japanese, Korean, when a server has them.
SERVER = (Path("/usr/share/fonts/opentype/noto"),)
# Chinese, Japanese and Korean share characters: the reader's language decides whose shapes come
# first. Family names as in Debian's fonts-noto-cjk.
FALLBACK = {
    "zh": "Noto Sans CJK SC",
    "ja": "Noto Sans CJK JP",
    "ko": "Noto Sans CJK KR",
}


@dataclass(frozen=True, slots=True)
class Shelf:
    """The fonts that documents may use. `covered`: every code point that one of them draws."""

    fonts: Any
    families: tuple[str, ...]
    files: tuple[str, ...]
    covered: frozenset[int]

    def order(self, language: str) -> list[str]:
        """Families in the order to try for a text in `language`."""
        first = FALLBACK.get(language.split("-")[0].lower())
        others = [family for family in self.families if family != first]
        return [first, *others] if first in self.families else others


@cache
def shelf(server: tuple[Path, ...] = SERVER) -> Shelf:
    """The packaged fonts, then what `server` folders hold. Read once; says in the log what it has.

    Raises RuntimeError when the packaged families are missing: a document without them would
    look different on every machine.
    """
    packages = {name: family for name, family in PREFERRED.items() if find_spec(name)}
    packaged = {"fontpkg_noto_sans": "Noto Sans", **packages, **REQUIRED}
    folders = [Path(import_module(name).ROOT) / "files" for name in packaged]
    folders += [folder for folder in server if folder.is_dir()]
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in folders],
    )
    found = fonts.fonts()
    families = {font.family for font in found}
    first = tuple(packaged.values())
    if missing := [family for family in first if family not in families]:
        raise RuntimeError(f"Fonts for PDF are missing: {', '.join(missing)}.")
    paths = sorted({Path(font.path) for font in found if font.path})
    order = (*first, *sorted(families.difference(first)))
    covered: set[int] = set()
    for path in paths:
        covered.update(characters(path.read_bytes()))
    log.info("pdf.fonts %s", ", ".join(path.name for path in paths))
    return Shelf(fonts, order, tuple(path.name for path in paths), frozenset(covered))


def characters(font: bytes) -> Iterator[int]:
    """Code points that a TrueType or OpenType file (or collection) maps to a glyph.

    Reads the Unicode `cmap` subtables of formats 4 and 12 (OpenType 1.9, "cmap").
    """
    starts = [0]
    if font[:4] == b"ttcf":
        count = struct.unpack_from(">I", font, 8)[0]
        starts = list(struct.unpack_from(f">{count}I", font, 12))
    seen: set[int] = set()
    for start in starts:
        for index in range(struct.unpack_from(">H", font, start + 4)[0]):
            tag, _, offset, _ = struct.unpack_from(">4sIII", font, start + 12 + index * 16)
            # Fonts of one collection usually share one cmap.
            if tag == b"cmap" and offset not in seen:
                seen.add(offset)
                yield from _mapped(font, offset)


def _mapped(font: bytes, cmap: int) -> Iterator[int]:
    tables = set()
    for index in range(struct.unpack_from(">H", font, cmap + 2)[0]):
        platform, encoding, offset = struct.unpack_from(">HHI", font, cmap + 4 + index * 8)
        if platform == 0 or (platform == 3 and encoding in (1, 10)):
            tables.add(cmap + offset)
    for table in tables:
        match struct.unpack_from(">H", font, table)[0]:
            case 4:
                yield from _segments(font, table)
            case 12:
                groups = struct.unpack_from(">I", font, table + 12)[0]
                for first, last, glyph in struct.iter_unpack(
                    ">III", font[table + 16 : table + 16 + groups * 12]
                ):
                    yield from range(first if glyph else first + 1, last + 1)


def _segments(font: bytes, table: int) -> Iterator[int]:
    """Code points of a format 4 subtable whose glyph is not the missing glyph (number 0)."""
    count = struct.unpack_from(">H", font, table + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", font, table + 14)
    firsts = struct.unpack_from(f">{count}H", font, table + 16 + count * 2)
    deltas = struct.unpack_from(f">{count}H", font, table + 16 + count * 4)
    offsets_at = table + 16 + count * 6
    offsets = struct.unpack_from(f">{count}H", font, offsets_at)
    for index, (first, last) in enumerate(zip(firsts, ends, strict=True)):
        for point in range(first, min(last, 0xFFFE) + 1):
            glyph = point
            if offsets[index]:
                place = offsets_at + index * 2 + offsets[index] + (point - first) * 2
                glyph = struct.unpack_from(">H", font, place)[0]
                if not glyph:
                    continue
            if (glyph + deltas[index]) & 0xFFFF:
                yield point
