"""One body in four formats: what stands in one stands in all, in its language and direction."""

import io
import json
from datetime import date
from html import unescape
from typing import Any

import pypdf
import pytest
from django.utils.html import strip_tags

from cairn.core.errors import RuleBroken
from cairn.results.documents.blocks import Body, from_json, paragraph, table, texts_of, to_json
from cairn.results.documents.walkers import FORMATS, to_pdf, written
from cairn.results.tests.document_bodies import (
    body_of_each,
    text_of_docx,
    text_of_pdf,
    words_of,
    xml_of_docx,
)

DAY = date(2026, 3, 1)


def made(body: Body, kind: str) -> bytes:
    return written(body, kind, document="test", created=DAY)


def root_of(file: pypdf.PdfReader) -> Any:
    return file.trailer["/Root"]


def read_back(content: bytes, kind: str) -> str:
    if kind == "pdf":
        return text_of_pdf(content)
    if kind == "docx":
        return text_of_docx(content)
    if kind == "html":
        return words_of(unescape(strip_tags(content.decode())))
    return words_of(" ".join(texts_of(from_json(json.loads(content)))))


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_holds_every_text_and_figure(kind: str) -> None:
    body = body_of_each()

    text = read_back(made(body, kind), kind)

    assert [each for each in texts_of(body) if words_of(each) not in text] == []
    # The figure that changed says what it was, wherever it stands.
    assert "1,204 [2025: 1,190]" in text


@pytest.mark.parametrize("kind", ["html", "docx", "json"])
def test_every_format_holds_every_text_in_arabic(kind: str) -> None:
    body = body_of_each("ar")

    text = read_back(made(body, kind), kind)

    assert [each for each in texts_of(body) if words_of(each) not in text] == []


def test_an_arabic_pdf_is_tagged_in_its_language_and_keeps_its_figures() -> None:
    pdf = to_pdf(body_of_each("ar"), document="test", created=DAY)

    root = root_of(pypdf.PdfReader(io.BytesIO(pdf)))
    assert root["/Lang"] == "ar"
    assert root["/MarkInfo"]["/Marked"]
    text = text_of_pdf(pdf)
    assert {figure for figure in ("1,204", "77", "31", "58") if figure not in text} == set()


def test_an_english_pdf_has_a_title_and_real_headings_and_tables() -> None:
    pdf = made(body_of_each(), "pdf")

    file = pypdf.PdfReader(io.BytesIO(pdf))
    assert file.metadata is not None
    assert file.metadata.title == "An invented workshop"
    assert root_of(file)["/Lang"] == "en"
    roles = set()

    def walk(part: object) -> None:
        found = part.get_object() if hasattr(part, "get_object") else part
        if isinstance(found, list):
            for each in found:
                walk(each)
        elif isinstance(found, dict):
            roles.add(str(found.get("/S")))
            walk(found.get("/K", []))

    walk(root_of(file)["/StructTreeRoot"]["/K"])
    assert {"/H1", "/H2", "/Table", "/TH", "/LI"} <= roles


def test_a_word_file_has_real_headings_tables_with_heads_and_a_language() -> None:
    from docx import Document

    file = Document(io.BytesIO(made(body_of_each(), "docx")))

    styles = [each.style.name for each in file.paragraphs if each.style]
    assert {"Title", "Heading 1", "List Bullet", "Caption"} <= set(styles)
    xml = xml_of_docx(made(body_of_each(), "docx"))
    assert xml.count("<w:tblHeader/>") == 2
    assert file.core_properties.title == "An invented workshop"
    assert file.core_properties.language == "en"
    assert "<w:rtl/>" not in xml


def test_an_arabic_word_file_runs_from_right_to_left() -> None:
    xml = xml_of_docx(made(body_of_each("ar"), "docx"))

    assert (
        xml.count("<w:p>") + xml.count("<w:p ")
        == xml.count("<w:pPr>")
        == xml.count("<w:bidi/>") - 1
    )
    assert xml.count("<w:bidiVisual/>") == 2
    assert xml.count("<w:r>") == xml.count("<w:rtl/>")
    assert 'w:bidi="ar"' in xml_of_docx(made(body_of_each("ar"), "docx"), "word/styles.xml")


@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_body_gives_the_same_bytes(kind: str) -> None:
    assert made(body_of_each(), kind) == made(body_of_each(), kind)


def test_a_body_survives_being_kept() -> None:
    body = body_of_each()

    assert from_json(json.loads(json.dumps(to_json(body)))) == body


@pytest.mark.parametrize("kind", ["html", "docx", "pdf"])
def test_text_never_becomes_markup(kind: str) -> None:
    hostile = "<script>x</script> #read(1) \x0b & *bold*"
    body = Body("T", "", "en", (paragraph(hostile), table(hostile, (hostile,), [(hostile,)])))

    text = read_back(made(body, kind), kind) if kind != "html" else made(body, kind).decode()

    assert "<script>" not in text if kind == "html" else "<script>x</script> #read(1)" in text


def test_a_format_that_nobody_writes_is_refused_with_what_there_is() -> None:
    with pytest.raises(RuleBroken, match="Choose one of: html, pdf, docx, json") as refused:
        made(body_of_each(), "odt")

    assert refused.value.code == "document.format"


def test_a_row_with_too_few_cells_is_refused() -> None:
    with pytest.raises(ValueError, match="has not 2 cells"):
        table("Places", ("Place", "Number"), [("NPL",)])
