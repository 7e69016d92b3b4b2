"""The PDF engine: tagged files, text that stays text, fonts that say what they cannot draw."""

import logging
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdf
import pytest

from cairn.ui import pdf
from cairn.ui.pdf import engine, fonts
from cairn.ui.pdf.text import BREAK, LONGEST_WORD, clean, clean_text, is_visible, replace_unshown

TEMPLATE = """
#import "/page.typ": *
#show: document-page.with(title: payload.title, footer: "Invented footer")
#heading(level: 1, put(payload.title))
#for part in payload.at("parts", default: ()) { section(part) }
#colophon()
"""
LABELS = {"page_of": "Page {page} of {pages}", "unshown": "Some signs cannot be drawn."}


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A small document beside the shared library, in a package folder of its own."""
    library = engine.PACKAGE / "ui/pdf/typst/page.typ"
    (tmp_path / "page.typ").write_text(library.read_text())
    (tmp_path / "invented.typ").write_text(TEMPLATE)
    monkeypatch.setattr(engine, "PACKAGE", tmp_path)
    return "invented.typ"


def made(template: str, title: str, language: str = "en", **payload: Any) -> pdf.Rendered:
    return pdf.render_with_report(
        template,
        {"title": title, "labels": LABELS, **payload},
        language=language,
        document="invented-1",
        created=date(2026, 1, 2),
        fonts=(),
    )


def text_of(rendered: pdf.Rendered) -> str:
    reader = pypdf.PdfReader(BytesIO(rendered.pdf))
    return "\n".join(page.extract_text() for page in reader.pages)


def root_of(rendered: pdf.Rendered) -> Any:
    return pypdf.PdfReader(BytesIO(rendered.pdf)).trailer["/Root"]


def tags(rendered: pdf.Rendered) -> Iterator[dict[str, Any]]:
    """Every element of the structure tree, parents first."""
    waiting = [root_of(rendered)["/StructTreeRoot"]["/K"]]
    while waiting:
        item = waiting.pop().get_object()
        if isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, dict) and "/S" in item:
            yield item
            waiting.append(item.get("/K", pypdf.generic.NullObject()))


def test_a_document_is_tagged_and_says_its_title_and_language(template: str) -> None:
    root = pypdf.PdfReader(BytesIO(made(template, "Invented title", "fr").pdf))
    catalogue: Any = root.trailer["/Root"]
    assert catalogue["/Lang"] == "fr"
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "/StructTreeRoot" in catalogue
    assert root.metadata is not None
    assert root.metadata.title == "Invented title"
    assert "H1" in {str(tag["/S"]).strip("/") for tag in tags(made(template, "Invented title"))}


def test_an_arabic_document_runs_from_right_to_left(template: str) -> None:
    rendered = made(template, "عنوان")
    right_to_left = made(template, "عنوان", "ar")
    directions = [
        root_of(file)["/ViewerPreferences"]["/Direction"] for file in (rendered, right_to_left)
    ]
    assert directions == ["/L2R", "/R2L"]


def test_the_same_payload_and_date_give_the_same_bytes(template: str) -> None:
    first = made(template, "Invented title").pdf
    assert made(template, "Another title").pdf != first
    assert made(template, "Invented title").pdf == first


@pytest.mark.parametrize(
    "hostile",
    [
        '#read("/etc/passwd")',
        "*bold* _slanted_ `raw`",
        "$x^2$ <label> @reference",
        "\"quotes\" and 'apostrophes'",
        "// a comment \\ \\u{41} #{panic()}",
        "= heading + list - item",
        "{page} of {pages}",
    ],
)
def test_markup_in_a_text_is_printed_as_it_stands(template: str, hostile: str) -> None:
    rendered = made(template, hostile, parts=[{"kind": "note", "text": hostile}])
    assert text_of(rendered).count(hostile) == 2


def test_every_picture_has_its_alternative_text(template: str) -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">'
        '<rect width="9" height="9"/></svg>'
    )
    bar = {"label": "Invented region", "first": 0.2, "rest": 0.3, "figure": "US$ 5"}
    rendered = made(
        template,
        "Invented title",
        parts=[
            {"kind": "picture", "svg": svg, "alt": "An invented square"},
            {"kind": "bars", "rows": [bar], "alt": "An invented bar", "caption": "Invented"},
        ],
    )
    pictures = [str(tag["/Alt"]) for tag in tags(rendered) if tag["/S"] == "/Figure"]
    assert sorted(pictures) == ["An invented bar", "An invented square"]


def test_a_table_has_column_headers(template: str) -> None:
    sheet = {
        "kind": "table",
        "columns": [
            {"label": "Donor", "side": "start", "width": 2},
            {"label": "Amount", "side": "end", "width": "auto"},
        ],
        "rows": [["Invented donor", "12,345"]],
        "total": ["Total", "12,345"],
    }
    rendered = made(template, "Invented title", parts=[sheet])
    kinds = [str(tag["/S"]) for tag in tags(rendered)]
    assert kinds.count("/TH") == 2
    assert kinds.count("/TD") == 4
    assert text_of(rendered).count("12,345") == 2


def test_a_picture_may_not_open_a_file(template: str) -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">'
        '<image href="/etc/passwd" width="9" height="9"/></svg>'
    )
    with pytest.raises(pdf.PdfFailed):
        made(template, "Invented", parts=[{"kind": "picture", "svg": svg, "alt": "Invented"}])


def test_a_failure_names_the_document_and_the_place(template: str) -> None:
    broken = {"kind": "picture", "svg": "<svg", "alt": "Broken"}
    with pytest.raises(pdf.PdfFailed) as failure:
        made(template, "Invented title", parts=[broken])
    assert failure.value.document == "invented-1"
    assert "invented-1" in str(failure.value)
    assert "page.typ:" in failure.value.reason


def test_a_missing_template_is_a_failure_of_the_document() -> None:
    with pytest.raises(pdf.PdfFailed, match="invented-2"):
        pdf.render(
            "no/such.typ", {}, language="en", document="invented-2", created=date(2026, 1, 2)
        )


def test_characters_without_a_font_are_marked_counted_and_logged(
    template: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="cairn.ui.pdf.engine"):
        rendered = made(template, "Title 中文 \ue000")
    assert rendered.unshown == ("中", "文", "\ue000")
    assert "Title \ufffd\ufffd \ufffd" in text_of(rendered)
    assert LABELS["unshown"] in text_of(rendered)
    assert "invented-1 3 characters: U+4E2D U+6587 U+E000" in caplog.text


def test_no_remark_on_signs_when_all_can_be_drawn(template: str) -> None:
    rendered = made(template, "Été, Привет, عربي, Ελλάδα – “”")
    assert rendered.unshown == ()
    assert LABELS["unshown"] not in text_of(rendered)


def test_control_characters_do_not_reach_the_page(template: str) -> None:
    rendered = made(template, "A\x00B\x07C\ufeffD\u202eE\x85F\ud800G")
    assert "ABCDE" in text_of(rendered)


def test_the_log_says_which_font_files_are_used(caplog: pytest.LogCaptureFixture) -> None:
    fonts.shelf.cache_clear()
    with caplog.at_level(logging.INFO, logger="cairn.ui.pdf.fonts"):
        held = fonts.shelf(())
    assert all(name in caplog.text for name in held.files)
    assert any(name.startswith("NotoSans[") for name in held.files)


def test_chinese_shapes_come_first_only_in_chinese() -> None:
    held = fonts.Shelf(None, ("Noto Sans", "Noto Sans CJK SC"), (), frozenset())
    assert held.order("zh-hans") == ["Noto Sans CJK SC", "Noto Sans"]
    assert held.order("fr") == ["Noto Sans", "Noto Sans CJK SC"]


def test_folders_that_a_server_does_not_have_are_passed_over(tmp_path: Path) -> None:
    assert fonts.shelf((tmp_path / "none",)).files == fonts.shelf(()).files


@pytest.mark.parametrize(
    ("point", "is_drawn"), [(ord("a"), True), (0x0639, True), (0x0416, True), (0x4E2D, False)]
)
def test_coverage_is_read_from_the_font_files(point: int, is_drawn: bool) -> None:
    assert (point in fonts.shelf(()).covered) is is_drawn


def test_words_too_long_for_a_line_may_break() -> None:
    broken = clean_text("x" * (LONGEST_WORD * 2 + 1))
    assert [len(part) for part in broken.split(BREAK)] == [LONGEST_WORD, LONGEST_WORD, 1]
    assert clean_text("x" * LONGEST_WORD) == "x" * LONGEST_WORD


def test_a_long_word_is_not_broken_between_a_letter_and_its_accent() -> None:
    word = "q\u0301" * LONGEST_WORD
    assert all(part[0] == "q" for part in clean_text(word).split(BREAK))


def test_pictures_and_numbers_are_not_touched_by_cleaning() -> None:
    long = "m" * 200
    assert clean({"svg": long, "n": [1.5, None, True]}) == {"svg": long, "n": [1.5, None, True]}
    assert BREAK in clean({"text": long})["text"]


@pytest.mark.parametrize("text", ["", " ", "\u200b", "\x00\x01", "\u200f\n"])
def test_a_text_that_nobody_sees_is_not_visible(text: str) -> None:
    assert not is_visible(text)


def test_only_uncovered_characters_are_replaced() -> None:
    shown, unshown = replace_unshown("a\u200dé中", frozenset(map(ord, "aé")))
    assert (shown, unshown) == ("a\u200dé\ufffd", ["中"])


def test_forgetting_past_documents_changes_nothing_in_the_next(template: str) -> None:
    first = made(template, "Invented title").pdf
    pdf.forget()
    assert made(template, "Invented title").pdf == first
