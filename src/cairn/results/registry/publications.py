"""What the platform is told of: project page, practice form, partnership folder."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from cairn.core.actor import Actor
from cairn.library import offers
from cairn.portfolio import reports
from cairn.portfolio.models import Project
from cairn.results.documents import kinds, partnership_folder, practice, project_page
from cairn.results.documents.docx import to_docx
from cairn.results.documents.walkers import FORMATS, TYPES, written


def _practice(actor: Actor, code: str, form: str, language: str, today: date) -> bytes:
    with override(language):
        body = practice.practice_body(actor, code, language)
    return written(body, form, document=f"practice-{body.subtitle}", created=today)


def _page(actor: Actor, address: str, language: str, today: date) -> bytes:
    return to_docx(project_page.page_body(actor, address, language, today=today), created=today)


def _folder(actor: Actor, found: QuerySet[Project], language: str, today: date) -> bytes:
    body = partnership_folder.folder_body(actor, found, language, today=today)
    return to_docx(body, created=today)


def _practice_files(code: str) -> list[dict[str, Any]]:
    return [
        {
            "href": reverse("results:practice-file", args=[code, form]),
            "label": _("This practice"),
            "format": form.upper(),
        }
        for form in FORMATS
    ]


def tell() -> None:
    """Register what this part gives to others."""
    for kind in (project_page.KIND, practice.KIND, partnership_folder.KIND):
        kinds.register_kind(kind)
    reports.register("practice", _practice, FORMATS)
    reports.register_format(reports.Format("docx", TYPES["docx"], _page, _folder))
    offers.register("practice", _practice_files)
