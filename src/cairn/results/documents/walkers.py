"""A body as a page, a tagged PDF, a Word file, or JSON. None of them adds a word of content."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi, override
from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.results.documents.blocks import Body, to_json
from cairn.results.documents.docx import to_docx
from cairn.ui.pdf import render

PDF_TEMPLATE: Final = "results/documents/typst/document.typ"
STYLESHEET: Final = "portfolio/document.css"
# Format, its file ending, and the type under which a server sends it.
TYPES: Final[Mapping[str, str]] = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
}
FORMATS: Final = tuple(TYPES)


def to_html(body: Body) -> SafeString:
    """The blocks as part of a page: no title, and no `html` around it."""
    with override(body.language):
        return render_to_string("results/document/_body.html", {"body": to_json(body)})


def to_page(body: Body) -> bytes:
    """A web page that stands alone, with its style inside, that can be kept and sent."""
    path = finders.find(STYLESHEET)
    if not isinstance(path, str):
        raise RuleBroken("document.style", f"{STYLESHEET} is missing from the installation.")
    with open(path, encoding="utf-8") as stream:
        style = re.sub(r"\s+", " ", stream.read())
    with override(body.language):
        text = render_to_string(
            "results/document/alone.html", {"body": to_json(body), "is_rtl": get_language_bidi()}
        )
    return text.replace("<!-- style -->", f"<style>{style}</style>").encode()


def to_pdf(body: Body, *, document: str, created: date) -> bytes:
    """A tagged PDF. `document`: its code, for errors; `created`: the day written into the file."""
    with override(body.language):
        pages = _("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"}
        unshown = _("The sign %(sign)s stands for a character that no font here can draw.")
        sources = _("Sources")
        labels = {"page_of": pages, "unshown": unshown % {"sign": "\ufffd"}, "sources": sources}
    payload: dict[str, Any] = {**to_json(body), "labels": labels, "footer": body.title}
    payload.pop("figures")
    return render(PDF_TEMPLATE, payload, language=body.language, document=document, created=created)


def to_bytes(body: Body) -> bytes:
    """JSON with its figures, as a file."""
    return (json.dumps(to_json(body), ensure_ascii=False, indent=1) + "\n").encode()


def written(body: Body, kind: str, *, document: str, created: date) -> bytes:
    """The body in a format of FORMATS. Raises RuleBroken("document.format") for another."""
    walkers: dict[str, Callable[[], bytes]] = {
        "html": lambda: to_page(body),
        "pdf": lambda: to_pdf(body, document=document, created=created),
        "docx": lambda: to_docx(body, created=created),
        "json": lambda: to_bytes(body),
    }
    if kind not in walkers:
        raise RuleBroken(
            "document.format",
            _("A document does not come as “%(kind)s”.") % {"kind": kind},
            _("Choose one of: %(kinds)s.") % {"kinds": ", ".join(FORMATS)},
        )
    return walkers[kind]()
