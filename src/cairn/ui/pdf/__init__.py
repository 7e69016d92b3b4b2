"""PDF documents: Typst templates filled with JSON, tagged for readers who do not see the page."""

from cairn.ui.pdf.engine import PdfFailed, Rendered, forget, render, render_with_report
from cairn.ui.pdf.fonts import Shelf, shelf
from cairn.ui.pdf.text import is_visible

__all__ = [
    "PdfFailed",
    "Rendered",
    "Shelf",
    "forget",
    "is_visible",
    "render",
    "render_with_report",
    "shelf",
]
