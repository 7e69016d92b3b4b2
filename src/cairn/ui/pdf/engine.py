"""Typst: one template and one JSON payload become one tagged PDF (PDF/UA-1).

Text never becomes markup: the payload travels as a JSON string that the template reads.
"""

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Final

import typst

from cairn.ui.pdf.fonts import shelf
from cairn.ui.pdf.text import clean, replace_unshown

log = logging.getLogger(__name__)

# Templates are named by their path in the package and import each other from its top.
PACKAGE = Path(__file__).resolve().parents[2]
# Tagged PDF for assistive technology: ISO 14289-1. Typst refuses to write a file that breaks it.
STANDARD: Final = "ua-1"


class PdfFailed(Exception):
    """A document could not be made. `document`: its id; `reason`: what the engine said."""

    def __init__(self, document: str, reason: str) -> None:
        super().__init__(document, reason)
        self.document = document
        self.reason = reason

    def __str__(self) -> str:
        return f"The PDF of {self.document} could not be made: {self.reason}"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A PDF. `unshown`: characters that no font draws, shown as U+FFFD."""

    pdf: bytes
    unshown: tuple[str, ...]
    warnings: tuple[str, ...]


def render(
    template: str,
    payload: Mapping[str, Any],
    *,
    language: str,
    document: str,
    created: date,
    fonts: tuple[Path, ...] | None = None,
) -> bytes:
    """The PDF of `payload` laid out by `template`, the same bytes for the same arguments.

    `template`: path in the package, such as "portfolio/documents/typst/project-page.typ". It
    reads `sys.inputs.payload` (JSON), `language` and `families` (JSON list), and must set the
    document's title. `document`: id for errors and logs, no names. `created`: date written into
    the file. `fonts`: folders that come after the packaged fonts (default: the server's).
    Raises PdfFailed.
    """
    return render_with_report(
        template, payload, language=language, document=document, created=created, fonts=fonts
    ).pdf


def render_with_report(
    template: str,
    payload: Mapping[str, Any],
    *,
    language: str,
    document: str,
    created: date,
    fonts: tuple[Path, ...] | None = None,
) -> Rendered:
    """Like `render`, with what the reader may miss: unshown characters and engine warnings."""
    path = PACKAGE / template
    if not path.is_file():
        raise PdfFailed(document, f"there is no template {template}")
    stock = shelf() if fonts is None else shelf(fonts)
    text = json.dumps(clean(payload), ensure_ascii=False, separators=(",", ":"))
    text, unshown = replace_unshown(text, stock.covered)
    # A compiler is cheap (under 1 ms) and holds one document; parsed fonts and templates stay
    # warm in the process. One per call keeps threads apart.
    compiler = typst.Compiler(
        input=str(path),
        root=str(PACKAGE),
        font_paths=stock.fonts,
        ignore_system_fonts=True,
        sys_inputs={
            "payload": text,
            "language": language,
            "families": json.dumps(stock.order(language)),
            "unshown": str(len(unshown)),
        },
    )
    try:
        pdf, warnings = compiler.compile_with_warnings(
            format="pdf",
            pdf_standards=[STANDARD],
            timestamp=datetime.combine(created, time(), tzinfo=UTC),
        )
    except typst.TypstError as error:
        raise PdfFailed(document, _reason(error)) from error
    if not isinstance(pdf, bytes):
        raise PdfFailed(document, "the engine returned no file")
    if unshown:
        points = " ".join(f"U+{ord(character):04X}" for character in unshown[:20])
        log.warning("pdf.unshown %s %d characters: %s", document, len(unshown), points)
    for warning in warnings:
        log.warning("pdf.warning %s %s", document, warning.message)
    return Rendered(pdf, tuple(unshown), tuple(warning.message for warning in warnings))


def forget() -> None:
    """Give back the memory that past documents hold; parsed fonts stay.

    Typst keeps the layout of the last ten compilations to reuse it, which a run of large
    documents never does: eleven empty ones push them out (about 1 ms each).
    """
    for _ in range(11):
        typst.Compiler(input=b"", font_paths=shelf().fonts, ignore_system_fonts=True).compile(
            format="pdf"
        )


def _reason(error: typst.TypstError) -> str:
    """The engine's message and the template line; not its excerpts, which may quote content."""
    place = re.search(r"([^/\s]+\.typ:\d+:\d+)", error.diagnostic or "")
    return f"{error.message} ({place[1]})" if place else error.message
