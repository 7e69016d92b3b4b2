"""Invented documents for tests: one of each block, in any language, and how a file is read back."""

import io
import re
from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

import pypdf

from cairn.results.documents.blocks import (
    Body,
    Figures,
    Heading,
    Labelled,
    Note,
    Picture,
    Run,
    bullets,
    paragraph,
    table,
)

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="5" height="5"/></svg>'
)
ARABIC = {
    "title": "ورشة عمل مبتكرة",
    "text": "شارك في التدريب",
    "cell": "المكان",
}
ENGLISH = {"title": "An invented workshop", "text": "Officers took part:", "cell": "Place"}


def body_of_each(language: str = "en") -> Body:
    """One block of each sort, with a figure that changed and one that did not."""
    said = ARABIC if language == "ar" else ENGLISH
    return Body(
        said["title"],
        said["text"],
        language,
        (
            Heading(2, said["title"]),
            paragraph([Run(said["text"] + " "), Run("1,204", "one", True, mark="2025: 1,190")]),
            bullets([[Run("77 ", "two"), Run(said["cell"], bold=True)], said["text"]]),
            table(said["cell"], (said["cell"], said["text"]), [("NPL", Run("31", "three"))]),
            Figures((Labelled(said["text"], Run("58", "four"), said["cell"], "E77"),)),
            Note(said["text"]),
            Picture(SVG, said["cell"]),
        ),
        sources=("Z01",),
        meta=((said["cell"], "2025"),),
        figures=({"field": "event:E77 participants", "value": "58", "source": "E77"},),
    )


def words_of(text: str) -> str:
    """Text without marks of direction and with single spaces, so that files can be compared."""
    return re.sub(r"\s+", " ", re.sub("[\u200e\u200f\u2066-\u2069\u061c\xad]", "", text)).strip()


def text_of_pdf(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return words_of(" ".join(page.extract_text() for page in pages))


def text_of_docx(content: bytes) -> str:
    """All paragraphs and cells in reading order, as python-docx reads the file back."""
    from docx import Document

    def lines() -> Iterator[str]:
        part: Any
        for part in Document(io.BytesIO(content)).iter_inner_content():
            rows = getattr(part, "rows", None)
            if rows is None:
                yield part.text
                continue
            for row in rows:
                yield from (cell.text for cell in row.cells)

    return words_of("\n".join(lines()))


def xml_of_docx(content: bytes, name: str = "word/document.xml") -> str:
    with ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()
