"""Reading an IATI file of any size: one activity at a time, nothing from outside, no entities.

A file may come from anybody. Declarations of entities are refused before anything is read, so that
none is expanded or fetched; what was read is let go before the next activity.
"""

from collections.abc import Iterator
from typing import IO

from django.utils.translation import gettext as _
from lxml import etree
from lxml.etree import _Element as Element

from cairn.core.errors import RuleBroken
from cairn.portfolio.iati import older

# Judgement: thousands of payments of one activity fit into a third of this.
MOST_BYTES_EACH = 32 * 1024 * 1024
_START = 512
# First bytes of zip, gzip, bzip2, xz and 7z, as their own specifications register them.
_PACKED = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"7z\xbc\xaf")
ROOTS = {"iati-activities": "iati-activity", "iati-organisations": "iati-organisation"}


class IatiRefused(RuleBroken):
    """The file as a whole cannot be read. `line`: where in it, 0 when it is about all of it."""

    def __init__(self, code: str, message: str, remedy: str = "", line: int = 0) -> None:
        super().__init__(code, message, remedy)
        self.line = line


class _Watched:
    """A stream that refuses to go on when one element takes too much."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._start = b""
        self.since = 0

    def check_start(self) -> None:
        """Refuse what is empty or packed, in words that say so. Raises IatiRefused."""
        self._start = self._stream.read(_START)
        if len(self._start) < _START and not self._start.strip(b"\xef\xbb\xbf \t\r\n"):
            raise IatiRefused(
                "iati.empty", _("The file holds no text."), _("Ask whoever sent it for the file.")
            )
        if self._start.startswith(_PACKED):
            raise IatiRefused(
                "iati.packed",
                _("This is a compressed archive, not an XML file."),
                _("Unpack it and bring the file that lies inside."),
            )

    def read(self, size: int = -1) -> bytes:
        part, self._start = self._start or self._stream.read(size), b""
        self.since += len(part)
        if self.since > MOST_BYTES_EACH:
            raise IatiRefused(
                "iati.huge",
                _("One element of the file holds more than %(size)d MB.")
                % {"size": MOST_BYTES_EACH // 2**20},
                _("Ask whoever sent it for a file of several activities, each for itself."),
            )
        return part


class Document:
    """The activities (or organisations) of a file, in its order. Can be gone through once.

    `kind`: the name of the root; `version`: as written there, empty when it is missing. Both are
    known from the first element on.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self.kind = ""
        self.version = ""
        self._stream = _Watched(stream)

    @property
    def is_old(self) -> bool:
        """Written before 2.01, in other words and in any order."""
        return older.is_old(self.version)

    def __iter__(self) -> Iterator[Element]:
        """Each element whole; the caller may not keep it. Raises IatiRefused.

        Activities of the versions before 2.01 come in the words of 2.03.
        """
        self._stream.check_start()
        parser = etree.iterparse(
            self._stream,
            events=("start", "end"),
            tag=(*ROOTS, *ROOTS.values()),
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
        )
        depth = 0
        try:
            for event, element in parser:
                if not self.kind:
                    self._open(element)
                elif event == "end" and element.tag == ROOTS[self.kind]:
                    depth -= 1
                    if depth == 0:
                        if self.is_old:
                            older.bring_up(element)
                        yield element
                        self._let_go(element)
                elif element.tag == ROOTS[self.kind]:
                    depth += 1
        except etree.XMLSyntaxError as error:
            raise _broken(error) from None
        if not self.kind:
            raise _other(getattr(parser.root, "tag", ""))

    def _open(self, root: Element) -> None:
        """Look at the root before anything below it is read."""
        if root.getroottree().docinfo.internalDTD is not None:
            raise IatiRefused(
                "iati.doctype",
                _("The file declares a document type, which could hide other content."),
                _("Take the line that begins with <!DOCTYPE out of the file."),
                line=1,
            )
        if root.tag not in ROOTS or root.getparent() is not None:
            raise _other(root.getroottree().getroot().tag)
        self.kind = str(root.tag)
        self.version = (root.get("version") or "").strip()

    def _let_go(self, element: Element) -> None:
        self._stream.since = 0
        element.clear()
        parent = element.getparent()
        if parent is not None:
            while element.getprevious() is not None:
                del parent[0]


def _broken(error: etree.XMLSyntaxError) -> IatiRefused:
    line = error.lineno or 0
    return IatiRefused(
        "iati.xml",
        _("The file is not well-formed XML: line %(line)d, %(reason)s.")
        % {"line": line, "reason": str(error.msg).partition(", line")[0].rstrip(".")},
        _("Ask whoever sent it for the whole file, or have it corrected there."),
        line=line,
    )


def _other(name: object) -> IatiRefused:
    return IatiRefused(
        "iati.root",
        _("This is no IATI file: its outermost element is “%(name)s”.") % {"name": str(name)[:80]},
        _("An IATI file begins with iati-activities or iati-organisations."),
        line=1,
    )
