"""The file of questions: rows of a spreadsheet into the bank, with row errors and a preview."""

from collections.abc import Hashable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.imports import cells
from cairn.imports.engine import CHUNK
from cairn.imports.kinds import Column, Existing, Kind, Row, register
from cairn.training.actions.questions import write_question
from cairn.training.models import LearningObjective, Question, QuestionVersion
from cairn.training.testing import rows as spreadsheet
from cairn.training.testing.kinds import LONGEST_STEM
from cairn.training.testing.questions import read

Key = tuple[str, str, str]


def _prepare(rows: Sequence[Row]) -> None:
    """Make questions of rows that belong together, and tell each row what is wrong with it."""
    by_number = {row.number: row for row in rows}
    outcome = spreadsheet.assembled((row.number, row.values) for row in rows)
    for fault in outcome.faults:
        column = fault.column if fault.column in by_number[fault.number].values else ""
        by_number[fault.number].refuse(column, RuleBroken(fault.code, fault.reason, fault.remedy))
    _refuse_far(rows)
    known = _objectives(each.objective for each in outcome.questions)
    types = dict(
        Question.objects.filter(code__in=[each.code for each in outcome.questions]).values_list(
            "code", "type"
        )
    )
    for question in outcome.questions:
        own = [by_number[number] for number in question.numbers]
        if question.objective and question.objective not in known:
            own[0].refuse("objective", _no_objective(question.objective))
        if types.get(question.code, question.question.type) != question.question.type:
            own[0].refuse("type", _other_type())
        cells_of = {
            _key(each): each
            for each in spreadsheet.as_rows(question.code, question.objective, question.question)
        }
        for row in own:
            row.key = _key(row.values)
            row.label = " ".join(filter(None, row.key))
            row.after = cells_of[row.key]
            row.cleaned["_question"] = question
            row.cleaned["_objective"] = known.get(question.objective)


def _refuse_far(rows: Sequence[Row]) -> None:
    """A question's rows have to be looked at together, and a file is read part by part."""
    for row in rows:
        if row.number > CHUNK:
            row.refuse("", _too_long())


def _key(values: Any) -> Key:
    item, language = values.get("item") or "", values.get("language") or ""
    return ((values.get("code") or "").strip(), item.strip(), language.strip().lower())


def _objectives(codes: Any) -> dict[str, LearningObjective]:
    wanted = {code for code in codes if code}
    found = LearningObjective.objects.in_bulk(list(wanted), field_name="code")
    return {code: each for code, each in found.items() if isinstance(each, LearningObjective)}


def _existing(keys: Sequence[Hashable]) -> Existing:
    codes = {key[0] for key in keys if isinstance(key, tuple)}
    newest: dict[str, QuestionVersion] = {}
    versions = QuestionVersion.objects.filter(question__code__in=codes)
    for version in versions.select_related("question__objective").order_by("number"):
        newest[version.question.code] = version
    found: dict[Hashable, tuple[Any, dict[str, str]]] = {}
    for code, version in newest.items():
        objective = version.question.objective
        rows = spreadsheet.as_rows(code, objective.code if objective else "", read(version.content))
        for row in rows:
            found[_key(row)] = (version.pk, row)
    return found


def _write(actor: Actor, created: Sequence[Row], changed: Sequence[Row]) -> None:
    """Write each question once, of all its rows in the file."""
    done = set()
    for row in [*created, *changed]:
        question = row.cleaned["_question"]
        if question.code not in done:
            done.add(question.code)
            write_question(
                actor, question.code, question.content, objective=row.cleaned["_objective"]
            )


def _no_objective(code: str) -> RuleBroken:
    return RuleBroken(
        "import.unknown",
        _("There is no learning objective “%(code)s”.") % {"code": code},
        _("Enter the objective first, or write the code of another."),
    )


def _other_type() -> RuleBroken:
    return RuleBroken(
        "question.type-kept",
        _("This question is of another type, and its results would not compare."),
        _("Write a new question with a code of its own."),
    )


def _too_long() -> RuleBroken:
    return RuleBroken(
        "question.file",
        _("A file of questions has at most %(most)d rows.") % {"most": CHUNK - 1},
        _("Divide it, so that all rows of a question stay in one file."),
    )


_HELP = {
    "code": gettext_lazy("code of the question; its translations and parts repeat it"),
    "item": gettext_lazy("for a question of a case: i1, i2 and on"),
    "type": gettext_lazy(
        "single, multiple, true-false, ordering, matching, short or case; empty in a translation"
    ),
    "language": gettext_lazy("such as en, fr or ar; the first row of a question is its original"),
    "objective": gettext_lazy("code of the learning objective"),
    "stem": gettext_lazy("the question itself, or the story of a case"),
    "key": gettext_lazy("b; a c; c a b for an order; 1c 2a for pairs; true or false"),
    "max_mark": gettext_lazy("the highest mark, 1 when empty"),
    "rubric": gettext_lazy("for a short answer: 2: names two signs | 1: says whom to tell"),
    "rationale": gettext_lazy("why the key is right, for trainers"),
}


def _column(name: str) -> Column:
    fallback = (
        gettext_lazy("what is to be matched")
        if name in spreadsheet.PROMPTS
        else gettext_lazy("an answer to choose from")
    )
    longest = 20 if name in {"code", "item", "type", "language", "objective"} else LONGEST_STEM
    return Column(
        name,
        cells.text(longest),
        _HELP.get(name, fallback),
        name in spreadsheet.REQUIRED,
    )


KIND = register(
    Kind(
        code="questions",
        label=gettext_lazy("Questions of tests"),
        permission=Permission.TRAINING_EDIT.value,
        columns=tuple(_column(name) for name in spreadsheet.COLUMNS),
        prepare=_prepare,
        existing=_existing,
        write=_write,
        order=300,
        help=gettext_lazy("A row for each question and language, at most 499 in a file."),
    )
)
