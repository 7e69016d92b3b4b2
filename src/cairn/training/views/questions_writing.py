"""The form in which a question is written: the rows of the spreadsheet, with faults at fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from cairn.access.middleware import ActorRequest
from cairn.core.errors import RuleBroken
from cairn.core.language import language as reader_language
from cairn.training.actions.questions import write_question
from cairn.training.forms.questions import IdentityForm, NoteForm, WordsForm
from cairn.training.models import Question, QuestionVersion
from cairn.training.queries import questions as queries
from cairn.training.testing.kinds import QuestionType, direction
from cairn.training.testing.rows import Outcome, as_rows, assembled
from cairn.ui.forms import FINE, NOT_VALID, REFUSED

# Questions of a case that the form has room for beyond those that are there.
_FREE_ITEMS = 3
Cells = dict[str, str]


@dataclass(slots=True)
class Written:
    """What came of the form: the version that was written, or the form to show again."""

    context: dict[str, Any]
    status: int = FINE
    version: QuestionVersion | None = None


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The forms of one question in one language. `words`: {code of the item: form}, "" first."""

    words: Mapping[str, WordsForm]
    identity: IdentityForm | None
    note: NoteForm
    kept: list[Cells] = field(default_factory=list)

    @property
    def all_forms(self) -> list[forms.Form]:
        first = [self.identity] if self.identity else []
        return [*first, *self.words.values(), self.note]

    def is_valid(self) -> bool:
        return all([form.is_valid() for form in self.all_forms])


def write(
    request: ActorRequest,
    kind: QuestionType,
    question: Question | None = None,
    translation: str = "",
) -> Written:
    """Show the form or, when it was sent and nothing is wrong, write the version.

    `question` None: a new one. `translation`: the language of the words, when it is not that in
    which the question was written.
    """
    rows = _rows(question)
    source = rows[0]["language"] if rows else ""
    sheet = _sheet(request, kind, question, rows, translation or source)
    written = Written(_context(sheet, kind, question, translation))
    if request.method != "POST":
        return written
    if not sheet.is_valid():
        written.status = NOT_VALID
        return written
    try:
        written.version = _write(request, sheet, kind, question, translation or source)
    except RuleBroken as refusal:
        sheet.note.add_error(None, forms.ValidationError(str(refusal), code=refusal.code))
    if written.version is None:
        written.status = REFUSED
    return written


def _rows(question: Question | None) -> list[Cells]:
    if question is None:
        return []
    objective = question.objective.code if question.objective else ""
    value = queries.read_version(queries.newest_version(question))
    return as_rows(question.code, objective, value)


def _sheet(
    request: ActorRequest,
    kind: QuestionType,
    question: Question | None,
    rows: list[Cells],
    language: str,
) -> _Sheet:
    own = {row.get("item", ""): row for row in rows if row["language"] == language}
    first = {row.get("item", ""): row for row in rows if row["language"] == rows[0]["language"]}
    is_translation = bool(rows) and language != rows[0]["language"]
    sent = request.POST or None
    codes = [""]
    if kind == QuestionType.CASE:
        known = [code for code in first if code]
        free = [f"i{number}" for number in range(1, 13) if f"i{number}" not in known]
        codes += known + ([] if is_translation else free[:_FREE_ITEMS])
    words = {}
    for code in codes:
        there = first.get(code, {})
        of_type = kind if not code else None
        if code and is_translation:
            of_type = QuestionType(there["type"])
        words[code] = WordsForm(
            sent,
            prefix=f"words-{code}",
            kind=of_type,
            is_translation=is_translation,
            initial=own.get(code, {}),
            options=max(6, sum(letter in there for letter in "abcdefghij"))
            if not is_translation
            else sum(letter in there for letter in "abcdefghij"),
            prompts=sum(name.startswith("prompt_") for name in there) if is_translation else 6,
        )
    identity = None
    if not is_translation:
        objectives = [
            (each.code, f"{each.code} {queries.objective_words(each, reader_language())}")
            for each in queries.objectives(request.actor)
        ]
        initial = rows[0] if rows else {}
        identity = IdentityForm(sent, objectives=objectives, initial=initial)
        if question is not None:
            for name in ("code", "language"):
                identity.fields[name].disabled = True
    kept = [row for row in rows if row["language"] != language]
    return _Sheet(words, identity, NoteForm(sent), kept)


def _write(
    request: ActorRequest,
    sheet: _Sheet,
    kind: QuestionType,
    question: Question | None,
    language: str,
) -> QuestionVersion | None:
    """The version, or None with what is wrong at the fields."""
    given = sheet.identity.cleaned_data if sheet.identity else {}
    code = question.code if question else given["code"]
    if question is None and Question.objects.visible_to(request.actor).filter(code=code).exists():
        assert sheet.identity is not None  # noqa: S101 - a new question always has this form
        sheet.identity.add_error("code", _("There is a question with this code already."))
        return None
    own = _own_rows(sheet, kind, code, language or given["language"])
    if sheet.identity:
        own[0][1]["objective"] = given["objective"]
    is_translation = sheet.identity is None
    others = [(1_000 + number, row) for number, row in enumerate(sheet.kept)]
    rows = [*others, *own] if is_translation else [*own, *others]
    outcome = assembled(rows)
    if outcome.faults and not is_translation and sheet.note.cleaned_data["drop"]:
        refused = {
            row["language"]
            for number, row in others
            for fault in outcome.faults
            if fault.number == number
        }
        rows = [*own, *(each for each in others if each[1]["language"] not in refused)]
        outcome = assembled(rows)
    if outcome.faults:
        _show_faults(sheet, outcome, own)
        return None
    made = outcome.questions[0]
    objective = queries.objectives(request.actor).filter(code=made.objective).first()
    note = sheet.note.cleaned_data["note"]
    return write_question(request.actor, code, made.content, objective=objective, note=note)


def _own_rows(
    sheet: _Sheet, kind: QuestionType, code: str, language: str
) -> list[tuple[int, Cells]]:
    """The rows that the forms stand for, numbered as the forms are; empty items left out."""
    rows = []
    for number, (item, form) in enumerate(sheet.words.items()):
        cells = form.cells()
        if item and not (cells.get("type") or cells.get("stem")):
            continue
        row = {**cells, "code": code, "language": language}
        if item:
            row["item"] = item
        elif sheet.identity is not None:
            row["type"] = kind.value
        rows.append((number, row))
    return rows


def _show_faults(sheet: _Sheet, outcome: Outcome, own: list[tuple[int, Cells]]) -> None:
    """Each fault at the field it is about; those of other languages above the form."""
    by_number = dict(enumerate(sheet.words.values()))
    mine = {number for number, _row in own}
    for fault in outcome.faults:
        words = f"{fault.reason} {fault.remedy}"
        error = forms.ValidationError(words, code=fault.code)
        form = by_number.get(fault.number)
        if fault.number in mine and form is not None:
            form.add_error(fault.column if fault.column in form.fields else None, error)
        else:
            sheet.note.add_error("drop", error)


def _context(
    sheet: _Sheet, kind: QuestionType, question: Question | None, translation: str
) -> dict[str, Any]:
    return {
        "kind": kind,
        "kinds": [(each.value, each.label) for each in QuestionType],
        "question": question,
        "translation": translation,
        "direction": direction(translation) if translation else "",
        "identity": sheet.identity,
        "words": [(code, form) for code, form in sheet.words.items()],
        "note": sheet.note,
        "has_others": bool(sheet.kept) and sheet.identity is not None,
    }
