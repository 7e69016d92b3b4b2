"""A body as a Word file: real headings, lists and tables, its language, and its direction."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from io import BytesIO
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.utils.translation import get_language_info, override
from django.utils.translation import gettext as _

from cairn.results.documents.blocks import (
    Block,
    Body,
    Bullets,
    Figures,
    Heading,
    Line,
    Note,
    Paragraph,
    Picture,
    TableBlock,
    line,
)

# Characters that XML 1.0 does not allow: a text that holds one would make a file nobody opens.
_NOT_XML: Final = dict.fromkeys(
    (
        *(code for code in range(32) if code not in (9, 10, 13)),
        *range(0xD800, 0xE000),
        0xFFFE,
        0xFFFF,
    )
)
# A zip file cannot tell an earlier day; the same document gives the same bytes.
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


def to_docx(body: Body, *, created: date) -> bytes:
    """The Word file, the same bytes for the same arguments. `created`: written into the file."""
    return _Writer(body, created).bytes()


class _Writer:
    """One document as it is written. python-docx is loaded here only: it costs to load."""

    def __init__(self, body: Body, created: date) -> None:
        from docx import Document

        self.body = body
        self.is_rtl = bool(get_language_info(body.language)["bidi"])
        self.file: Any = Document()
        self._properties(created)
        self._language()

    def bytes(self) -> bytes:
        body = self.body
        self._lined(self.file.add_heading(level=0), line(body.title))
        if body.subtitle:
            self._lined(self.file.add_paragraph(style="Subtitle"), line(body.subtitle))
        for label, value in body.meta:
            self._lined(self.file.add_paragraph(), line(f"{label}: {value}"))
        for block in body.blocks:
            self._block(block)
        if body.sources:
            with override(body.language):
                self._block(Heading(2, _("Sources")))
            self._block(Bullets(tuple(line(each) for each in body.sources)))
        kept = BytesIO()
        self.file.save(kept)
        return _same_bytes(kept)

    def _properties(self, created: date) -> None:
        about = self.file.core_properties
        moment = datetime.combine(created, time(), tzinfo=UTC).replace(tzinfo=None)
        about.title, about.language = _clean(self.body.title)[:255], self.body.language
        about.author = about.last_modified_by = "Cairn"
        about.subject, about.comments = _clean(self.body.subtitle)[:255], ""
        about.created = about.modified = moment

    def _language(self) -> None:
        """The language of the whole file, and its direction where that is from the right."""
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        style = self.file.styles["Normal"].element.get_or_add_rPr()
        for each in self.file.styles.element.iter(qn("w:lang")):
            each.set(qn("w:val"), self.body.language)
            each.set(qn("w:bidi"), self.body.language)
        told = OxmlElement("w:lang")
        told.set(qn("w:val"), self.body.language)
        told.set(qn("w:bidi"), self.body.language)
        style.append(told)
        if self.is_rtl:
            page = self.file.sections[0]._sectPr
            # The standard orders what a section holds: the direction stands before the grid.
            grid = page.find(qn("w:docGrid"))
            page.insert(len(page) if grid is None else page.index(grid), OxmlElement("w:bidi"))

    def _block(self, block: Block) -> None:
        match block:
            case Heading(level, text):
                self._lined(self.file.add_heading(level=min(level, 9) - 1), line(text))
            case Paragraph(runs):
                self._lined(self.file.add_paragraph(), runs)
            case Bullets(items):
                for item in items:
                    self._lined(self.file.add_paragraph(style="List Bullet"), item)
            case TableBlock(caption, head, rows):
                self._lined(self.file.add_paragraph(style="Caption"), line(caption))
                self._table([line(each) for each in head], rows)
            case Figures(items):
                with override(self.body.language):
                    heads = [
                        line(_("Figure")),
                        line(_("Value")),
                        line(_("Unit")),
                        line(_("Source")),
                    ]
                self._table(
                    heads,
                    [
                        (line(one.label), (one.value,), line(one.unit), line(one.source))
                        for one in items
                    ],
                )
            case Note(text) | Picture(_, text):
                self._lined(self.file.add_paragraph(style="Intense Quote"), line(text))

    def _table(self, head: Sequence[Line], rows: Sequence[Sequence[Line]]) -> None:
        from docx.oxml import OxmlElement

        made = self.file.add_table(rows=1 + len(rows), cols=len(head), style="Table Grid")
        if self.is_rtl:
            made._tblPr.insert(1, OxmlElement("w:bidiVisual"))  # after the style
        # Said to be the head: repeated on every page, and read out with each cell.
        made.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        # One pass over the cells: to ask a table for its cells walks all of it every time.
        for row, words in zip(made._tbl.tr_lst, [head, *rows], strict=True):
            for cell, told in zip(row.tc_lst, words, strict=True):
                self._lined(_paragraph_of(cell, made), told)

    def _lined(self, paragraph: Any, words: Line) -> None:
        from docx.oxml import OxmlElement

        if self.is_rtl:
            paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
        for run in words:
            made = paragraph.add_run(_clean(run.whole))
            made.bold = True if run.bold or run.is_changed else None
            if self.is_rtl:
                made._r.get_or_add_rPr().append(OxmlElement("w:rtl"))


def _paragraph_of(cell: Any, parent: Any) -> Any:
    from docx.text.paragraph import Paragraph as WordParagraph

    return WordParagraph(cell.p_lst[0], parent)


def _clean(text: str) -> str:
    return text.translate(_NOT_XML)


def _same_bytes(kept: BytesIO) -> bytes:
    """The file again with one fixed time in it, so that its digest tells of its content."""
    target = BytesIO()
    with ZipFile(kept) as had, ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name in had.namelist():
            archive.writestr(ZipInfo(name, _EPOCH), had.read(name), ZIP_DEFLATED)
    return target.getvalue()
