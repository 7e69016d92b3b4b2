"""The published form as XLSForm, to be used in ODK or KoboToolbox without a connection to Cairn."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any, Final

import xlsxwriter
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from cairn.field.imports.columns import (
    ANSWERS,
    FORM_ID,
    FORM_VERSION,
    LIST_COLUMN,
    SIGN_PREFIX,
    VERSION_COLUMN,
    Question,
    as_name,
    questions,
)

Row = Sequence[str]
_SURVEY: Final = ("type", "name", "required", "relevant", "constraint", "calculation", "appearance")
_ANSWERS: Final = "answers"


def languages() -> list[tuple[str, str]]:
    """(code, heading as XLSForm writes it: "English (en)") of the shipped languages."""
    return [(code, f"{name} ({code})") for code, name in settings.LANGUAGES]


def workbook(packs: Mapping[str, Mapping[str, Any]]) -> bytes:
    """The form with the signs of `packs` (language -> pack of one list) in every language.

    Sheets survey, choices and settings (XLSForm). Nothing in it says what it is about but the
    questions themselves. Signs ask only where the chosen place calls for them.
    """
    first = next(iter(packs.values()))
    asked = questions(first["bands"])
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        _sheet(book, "survey", _survey(packs, asked))
        _sheet(book, "choices", _choices(packs, asked))
        _sheet(book, "settings", _settings(first))
    return out.getvalue()


def _sheet(book: Any, name: str, rows: Sequence[Row]) -> None:
    page = book.add_worksheet(name)
    page.freeze_panes(1, 0)
    for number, row in enumerate(rows):
        for place, text in enumerate(row):
            if text:
                page.write_string(number, place, text)


def _in_each(packs: Mapping[str, Any], words: Any) -> list[str]:
    """`words(language)` in each language, one cell each."""
    found = []
    for code in packs:
        with override(code):
            found.append(str(words(code)))
    return found


def _survey(packs: Mapping[str, Mapping[str, Any]], asked: Sequence[Question]) -> list[Row]:
    headings = dict(languages())
    labels = [f"label::{headings[code]}" for code in packs]
    rows: list[Row] = [(*_SURVEY[:2], *labels, *_SURVEY[2:])]
    rows.append(("start", "start"))
    for question in asked:
        if question.column == "judgement":
            rows += _sign_rows(packs)
        rows.append(_question_row(packs, question))
    blank = [""] * len(packs)
    for name, value in ((VERSION_COLUMN, FORM_VERSION), (LIST_COLUMN, _edition(packs))):
        rows.append(("calculate", name, *blank, "", "", "", f"'{value}'", ""))
    return rows


def _edition(packs: Mapping[str, Mapping[str, Any]]) -> str:
    return str(next(iter(packs.values()))["edition"])


def _question_row(packs: Mapping[str, Any], question: Question) -> Row:
    kinds = {
        "one": f"select_one {question.column}",
        "many": f"select_multiple {question.column}",
        "text": "text",
    }
    relevant, constraint, looks = "", "", ""
    if question.key.startswith("identity."):
        relevant = "${consent} = 'yes'"
    if question.kind == "text":
        constraint = f"string-length(.) <= {question.most}"
        looks = "multiline" if question.column == "note" else ""
    labels = _in_each(packs, lambda _code: question.label or _("Who writes"))
    required = "yes" if question.required else ""
    return (
        kinds[question.kind],
        question.column,
        *labels,
        required,
        relevant,
        constraint,
        "",
        looks,
    )


def _sign_rows(packs: Mapping[str, Mapping[str, Any]]) -> list[Row]:
    texts = {
        code: {sign["code"]: sign["text"] for sign in pack["signs"]} for code, pack in packs.items()
    }
    rows: list[Row] = []
    for sign in next(iter(packs.values()))["signs"]:
        labels = [texts[code].get(sign["code"], sign["text"]) for code in packs]
        conditions = [
            " or ".join(f"${{{name}}} = '{as_name(code)}'" for code in sign[several])
            for name, several in (("setting", "settings"), ("profile", "profiles"))
            if sign[several]
        ]
        relevant = " and ".join(f"({condition})" for condition in conditions)
        name = SIGN_PREFIX + as_name(sign["code"])
        rows.append((f"select_one {_ANSWERS}", name, *labels, "", relevant, "", "", "minimal"))
    return rows


def _choices(packs: Mapping[str, Mapping[str, Any]], asked: Sequence[Question]) -> list[Row]:
    headings = dict(languages())
    rows: list[Row] = [("list_name", "name", *(f"label::{headings[code]}" for code in packs))]
    for code, words in ANSWERS:
        rows.append((_ANSWERS, as_name(code), *_in_each(packs, lambda _code, words=words: words)))
    for question in asked:
        for code, words in question.choices:
            if question.column == "judgement":
                labels = [str(packs[each]["bands"][code]["label"]) for each in packs]
            else:
                labels = _in_each(packs, lambda _code, words=words: words)
            rows.append((question.column, as_name(code), *labels))
    return rows


def _settings(first: Mapping[str, Any]) -> list[Row]:
    version = f"{FORM_VERSION}-{first['edition']}"
    default = languages()[0][1]
    return [
        ("form_title", "form_id", "version", "default_language"),
        # Neutral: the title stands on phones.
        (_("Field form"), FORM_ID, version, default),
    ]
