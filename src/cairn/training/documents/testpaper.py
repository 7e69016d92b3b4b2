"""Tests on paper as PDF: question sheets of both forms, and answer sheets by code.

A payload, from queries or tests, is a mapping:
    language        of the document: "en", "fr", "ar"
    generated_on    ISO day
    event           reference, title, lang (of the title)
    wave            which test it is, in words
    forms           letter, questions: label, kind, marks, story, stem, lang, options (letter,
                    text), prompts (number, text)
    sheets          code, letter, cells: label, kind, options (letters), prompts (numbers)
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from cairn.training.queries.tests import Place
from cairn.training.testing.answers import letter
from cairn.training.testing.kinds import QuestionType
from cairn.training.testing.scoring import plain
from cairn.training.testing.showing import shown
from cairn.ui.formats import date_text
from cairn.ui.pdf import render

Payload = Mapping[str, Any]
_TEMPLATES = "training/documents/typst"


def form_questions(asked: Sequence[Place], language: str) -> list[dict[str, Any]]:
    """The questions of a form as they are printed in `language`, without a key."""
    return [_question(place, language) for place in asked]


def _question(place: Place, language: str) -> dict[str, Any]:
    seen = shown(place.question, place.item, None, language)
    first_part = not place.item.code or place.item.code == place.question.items[0].code
    return {
        "label": place.label,
        "kind": place.item.type.value,
        "marks": plain(place.item.max_mark),
        "story": seen.story if first_part else "",
        "stem": seen.stem,
        "lang": seen.told.language,
        "options": [{"letter": each.letter, "text": each.text} for each in seen.options]
        if place.item.type != QuestionType.TRUE_FALSE
        else [],
        "prompts": [{"number": each.letter, "text": each.text} for each in seen.prompts],
    }


def sheet_cells(asked: Iterable[Place]) -> list[dict[str, Any]]:
    """What there is to tick or to write on an answer sheet."""
    return [
        {
            "label": place.label,
            "kind": place.item.type.value,
            "options": ["T", "F"]
            if place.item.type == QuestionType.TRUE_FALSE
            else [letter(number) for number in range(len(place.item.options))],
            "prompts": [str(number) for number in range(1, len(place.item.prompts) + 1)],
        }
        for place in asked
    ]


def render_forms(payload: Payload) -> bytes:
    """Question sheets, each form beginning on a page of its own. Raises PdfFailed."""
    return _render(payload, "test-forms", _label("forms", payload["language"]))


def render_answer_sheets(payload: Payload) -> bytes:
    """One answer sheet for each code, each on a page of its own. Raises PdfFailed."""
    return _render(payload, "test-sheets", _label("sheets", payload["language"]))


def _label(name: str, language: str) -> str:
    with override(language):
        return _labels()[name]


def _labels() -> dict[str, str]:
    return {
        "page_of": _("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
        "unshown": _("The sign %(sign)s stands for a character that no font here can draw.")
        % {"sign": "\ufffd"},
        "forms": _("Question sheet"),
        "sheets": _("Answer sheet"),
        "form": pgettext("one of two parallel tests", "Form"),
        "code": _("Code"),
        "marks": _("marks"),
        "keep": _("Do not write on this sheet. Answer on the answer sheet with your code."),
        "how": _(
            "Tick one box, or several where several answers are right. To change an answer, cross "
            "it out and tick another."
        ),
        "code_only": _("Write no name: your code is enough."),
        "order": _("letters in order"),
        "several": _("Several answers can be right."),
        "true": pgettext("box on an answer sheet", "T = true, F = false"),
        "none": _("Nobody takes this test yet."),
    }


def _render(payload: Payload, name: str, document: str) -> bytes:
    language = str(payload["language"])
    made_on = date.fromisoformat(str(payload["generated_on"])[:10])
    event = payload["event"]
    with override(language):
        footer = _("%(document)s of %(event)s, made on %(date)s") % {
            "document": document,
            "event": event["reference"],
            "date": date_text(made_on),
        }
        labels = _labels()
    content = {
        "labels": labels,
        "title": f"{document} {event['reference']}",
        "document": document,
        "footer": footer,
        "event": event,
        "wave": payload["wave"],
        "forms": payload.get("forms") or [],
        "sheets": payload.get("sheets") or [],
    }
    return render(
        f"{_TEMPLATES}/{name}.typ",
        content,
        language=language,
        document=f"{name}-{event['reference']}",
        created=made_on,
    )
