"""The plain icon of the app, a sheet with lines, as PNG (W3C Portable Network Graphics, 2003)."""

import struct
import zlib
from functools import cache

# Ground, sheet, line. An icon of a notebook: it tells nothing, and it is seen on light and dark.
_COLOURS = bytes((0x5B, 0x6B, 0x78)) + bytes((0xFA, 0xF8, 0xF2)) + bytes((0xA9, 0xB2, 0xB8))
_GROUND, _SHEET, _LINE = b"\0", b"\1", b"\2"
# In sixty-fourths of the width. Launchers cut a circle of four fifths out of it: nothing matters
# outside (W3C Web Application Manifest, safe zone of maskable icons).
_UNIT = 64
_LEFT, _RIGHT, _TOP, _BOTTOM = 18, 46, 15, 49
_LINES = ((22, 24), (29, 31), (36, 38), (43, 45))


@cache
def icon(size: int) -> bytes:
    """The icon, `size` pixels wide and high, opaque."""
    rows = b"".join(b"\0" + _row(y * _UNIT // size, size) for y in range(size))
    header = struct.pack(">IIBBBBB", size, size, 8, 3, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"PLTE", _COLOURS)
        + _chunk(b"IDAT", zlib.compress(rows, 9))
        + _chunk(b"IEND", b"")
    )


def _row(y: int, size: int) -> bytes:
    """One row of pixels, `y` in sixty-fourths from the top."""
    if not _TOP <= y < _BOTTOM:
        return _GROUND * size
    left, right = _LEFT * size // _UNIT, _RIGHT * size // _UNIT
    edge = 4 * size // _UNIT
    inner = right - left - 2 * edge
    is_line = any(start <= y < end for start, end in _LINES)
    middle = (_LINE if is_line else _SHEET) * inner
    sheet = _SHEET * edge + middle + _SHEET * edge
    return _GROUND * left + sheet + _GROUND * (size - right)


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
