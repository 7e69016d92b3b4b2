"""Questions from the rows of a spreadsheet, and what is wrong with which cell.

One row is one question in one language. A further row with the same `code` and another `language`
is its translation: it repeats nothing but the words. A case is a row of type "case" whose `stem` is
the story, and below it a row for each of its questions, with the same `code` and an `item` of its
own ("i1", "i2").

- `a` to `j`: the answers to choose from, in the order in which they are shown.
- `prompt_1` to `prompt_6`: what is to be matched.
- `key`: "b"; "a c" for several; "c a b" for the right order; "1c 2a" for matching; true or false.
- `rubric`: "2: names two signs | 1: says whom to tell"; a translation needs no marks in it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from cairn.training.testing.checking import problems
from cairn.training.testing.kinds import MOST_PROMPTS, Problem, QuestionType
from cairn.training.testing.questions import Item, ItemTexts, Question, read
from cairn.training.testing.scoring import plain

LETTERS = tuple("abcdefghij")
PROMPTS = tuple(f"prompt_{number}" for number in range(1, MOST_PROMPTS + 1))
REQUIRED = ("code", "language", "stem")
COLUMNS = (
    *("code", "item", "type", "language", "objective", "stem"),
    *LETTERS,
    *PROMPTS,
    *("key", "max_mark", "rubric", "rationale"),
)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}")
_ITEM = re.compile(r"[a-z][a-z0-9]{0,7}")
_MARKS = re.compile(r"\s*([0-9]+(?:[.,][0-9]+)?)\s*:\s*(.*)", re.DOTALL)
_PAIR = re.compile(r"([1-9])\s*[:=-]?\s*([a-j])")
Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RowFault:
    """Why a row is refused. `number`: of the row in the file; `column` "": the whole row."""

    number: int
    column: str
    code: str
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Assembled:
    """A question made of rows. `content`: what is stored; `numbers`: the rows it is made of."""

    code: str
    objective: str
    content: dict[str, Any]
    question: Question
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    questions: tuple[Assembled, ...]
    faults: tuple[RowFault, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    cells: Cells

    def get(self, column: str) -> str:
        return (self.cells.get(column) or "").strip()

    @property
    def place(self) -> tuple[str, str]:
        return (self.get("item"), self.get("language").lower())

    def fault(self, column: str, code: str, reason: str, remedy: str) -> RowFault:
        return RowFault(self.number, column, code, reason, remedy)


def assembled(rows: Iterable[tuple[int, Cells]]) -> Outcome:
    """Questions from rows (number in the file, {column: text}), in the order of their first row.

    Every fault names its row and column. A question with a fault in any of its rows is left out
    as a whole; the others stand.
    """
    faults: list[RowFault] = []
    groups: dict[str, list[_Line]] = {}
    for number, cells in rows:
        line = _Line(number, cells)
        if found := list(_identity_faults(line)):
            faults += found
        groups.setdefault(line.get("code"), []).append(line)
    unnamed = {fault.number for fault in faults}
    questions = []
    for code, lines in groups.items():
        if any(line.number in unnamed for line in lines):
            continue
        outcome = _assemble(code, lines)
        if isinstance(outcome, Assembled):
            questions.append(outcome)
        else:
            faults += outcome
    faults.sort(key=lambda fault: fault.number)
    return Outcome(tuple(questions), tuple(faults))


def _identity_faults(line: _Line) -> Iterable[RowFault]:
    for column in REQUIRED:
        if not line.get(column):
            yield line.fault(column, "question.empty", _("This cell is empty."), _("Fill it in."))
    if line.get("code") and not _CODE.fullmatch(line.get("code")):
        yield line.fault(
            "code",
            "question.reference",
            _("“%(code)s” cannot be the code of a question.") % {"code": line.get("code")[:40]},
            _("Use up to 20 letters, digits, points and hyphens."),
        )
    if line.get("item") and not _ITEM.fullmatch(line.get("item")):
        yield line.fault(
            "item",
            "question.codes",
            _("“%(code)s” cannot be the code of a question of a case.")
            % {"code": line.get("item")[:40]},
            _("Use small letters and digits, such as i1."),
        )


def _assemble(code: str, lines: list[_Line]) -> Assembled | list[RowFault]:
    """One question from all its rows, or what is wrong with them."""
    first = lines[0]
    by_place: dict[tuple[str, str], _Line] = {}
    for line in lines:
        if line.place in by_place:
            return [
                line.fault(
                    "language",
                    "question.twice",
                    _("Row %(number)d holds the same question in the same language.")
                    % {"number": by_place[line.place].number},
                    _("Keep one of the two, or give this one another code or language."),
                )
            ]
        by_place[line.place] = line
    source = first.place[1]
    if faults := _shape_faults(lines, by_place, source):
        return faults
    content = _content(first, lines, by_place, source)
    if found := problems(content):
        return [_as_fault(problem, by_place, source, first) for problem in found]
    return Assembled(
        code=code,
        objective=first.get("objective"),
        content=content,
        question=read(content),
        numbers=tuple(line.number for line in lines),
    )


def _shape_faults(
    lines: list[_Line], by_place: Mapping[tuple[str, str], _Line], source: str
) -> list[RowFault]:
    """What is wrong with how rows belong together."""
    first = lines[0]
    faults = []
    is_case = first.get("type").lower() == QuestionType.CASE
    if first.get("item"):
        faults.append(
            first.fault(
                "item",
                "question.case",
                _("This belongs to a case whose story does not stand above it."),
                _("Put the row of type “case” with the same code above, with no item."),
            )
        )
    for line in lines[1:]:
        item, language = line.place
        if item and not is_case:
            faults.append(
                line.fault(
                    "item",
                    "question.case",
                    _("Row %(number)d with this code is not a case.") % {"number": first.number},
                    _("Leave the item empty, or make that row one of type “case”."),
                )
            )
        of_source = by_place.get((item, source))
        if language == source or of_source is None:
            continue
        for column in ("type", "key", "max_mark", "objective"):
            if line.get(column) and line.get(column).lower() != of_source.get(column).lower():
                faults.append(
                    line.fault(
                        column,
                        "question.translation",
                        _("A translation cannot change this: row %(number)d says “%(value)s”.")
                        % {"number": of_source.number, "value": of_source.get(column)[:80]},
                        _("Leave the cell empty, or write the same."),
                    )
                )
    return faults


def _content(
    first: _Line,
    lines: list[_Line],
    by_place: Mapping[tuple[str, str], _Line],
    source: str,
) -> dict[str, Any]:
    """The stored value as the rows have it, right or wrong."""
    kind = first.get("type").lower()
    languages = list(dict.fromkeys(line.place[1] for line in lines))
    if kind != QuestionType.CASE:
        return {
            **_item(first),
            "source_language": source,
            "texts": {language: _words(by_place.get(("", language))) for language in languages},
        }
    items = list(dict.fromkeys(line.place[0] for line in lines if line.place[0]))
    return {
        "type": kind,
        "source_language": source,
        "items": [
            {"code": item, **_item(by_place.get((item, source)) or _first_of(item, lines))}
            for item in items
        ],
        "texts": {
            language: {
                "stem": _text(by_place.get(("", language)), "stem"),
                "items": {item: _words(by_place.get((item, language))) for item in items},
            }
            for language in languages
        },
    }


def _item(line: _Line) -> dict[str, Any]:
    kind = line.get("type").lower()
    item: dict[str, Any] = {"type": kind, "max_mark": line.get("max_mark").replace(",", ".") or "1"}
    letters = [letter for letter in LETTERS if line.get(letter)]
    typed = line.get("key").lower()
    if kind == QuestionType.TRUE_FALSE:
        item["key"] = [typed]
    elif kind == QuestionType.SHORT:
        rubric = _rubric(line)
        item["rubric"] = [
            {"code": f"r{place}", "marks": marks}
            for place, (marks, _words_of) in enumerate(rubric, 1)
        ]
        if rubric and not line.get("max_mark"):
            item["max_mark"] = _sum(marks for marks, _words_of in rubric)
    elif kind == QuestionType.MATCHING:
        item["options"] = letters
        item["prompts"] = [f"p{name[-1]}" for name in PROMPTS if line.get(name)]
        item["key"] = {f"p{number}": letter for number, letter in _PAIR.findall(typed)}
    else:
        item["options"] = letters
        item["key"] = _key_letters(typed)
    return item


def _key_letters(typed: str) -> list[str]:
    """ "a c", "a,c", "ac" and "a > c" are the same; what is no letter stays, to be refused."""
    parts = [part for part in re.split(r"[\s,;|>]+", typed) if part]
    if len(parts) == 1 and set(parts[0]) <= set(LETTERS):
        return list(parts[0])
    return parts


def _words(line: _Line | None) -> dict[str, Any]:
    if line is None:
        return {}
    words: dict[str, Any] = {"stem": line.get("stem"), "rationale": line.get("rationale")}
    if options := {letter: line.get(letter) for letter in LETTERS if line.get(letter)}:
        words["options"] = options
    if prompts := {f"p{name[-1]}": line.get(name) for name in PROMPTS if line.get(name)}:
        words["prompts"] = prompts
    if rubric := _rubric(line):
        words["rubric"] = {f"r{place}": text for place, (_given, text) in enumerate(rubric, 1)}
    return words


def _rubric(line: _Line) -> list[tuple[str, str]]:
    """[(marks, text)] of the parts between |; marks "" where none are given."""
    parts = []
    for part in line.get("rubric").split("|"):
        if match := _MARKS.fullmatch(part):
            parts.append((match[1].replace(",", "."), match[2].strip()))
        elif part.strip():
            parts.append(("", part.strip()))
    return parts


def _sum(marks: Iterable[str]) -> str:
    return str(sum((Decimal(each) for each in marks if each), Decimal(0)))


def _first_of(item: str, lines: list[_Line]) -> _Line:
    return next(line for line in lines if line.place[0] == item)


def _text(line: _Line | None, column: str) -> str:
    return line.get(column) if line else ""


def _as_fault(
    problem: Problem,
    by_place: Mapping[tuple[str, str], _Line],
    source: str,
    first: _Line,
) -> RowFault:
    """The cell that a problem of a stored value comes from."""
    path = problem.field.split(".")
    language, item = source, ""
    if path[0] == "texts":
        language, path = (path[1], path[2:]) if len(path) > 1 else (source, [])
    if path and path[0] == "items" and len(path) > 1:
        item, path = path[1], path[2:]
    line = by_place.get((item, language)) or by_place.get((item, source)) or first
    column = _column(path)
    if (item, language) not in by_place and path[:1] != ["stem"]:
        # A question of the case that was not translated: told at the story in that language.
        line, column = by_place.get(("", language), first), ""
    return line.fault(column, problem.code, problem.reason, problem.remedy)


def _column(path: list[str]) -> str:
    """The column for the rest of a field's path, such as ["options", "b"] or ["key"]."""
    name, code = (path[0] if path else ""), (path[1] if len(path) > 1 else "")
    if name == "options":
        return code or "a"
    if name == "prompts":
        return f"prompt_{code[1:]}" if code else "prompt_1"
    if name in {"stem", "key", "max_mark", "rubric", "rationale", "type"}:
        return name
    return "item" if name == "items" else "language"


def as_rows(code: str, objective: str, question: Question) -> list[dict[str, str]]:
    """The rows of a question, its own language first: `assembled` makes the same question of them.

    Options become a to j and prompts 1 to 6 in their order, whatever their codes were. Columns
    without a text are left out.
    """
    rows = []
    for language in question.languages:
        texts = question.texts[language]
        is_source = language == question.source_language
        if question.type == QuestionType.CASE:
            row = {"code": code, "language": language, "stem": texts.story}
            if is_source:
                row |= {"type": question.type.value, "objective": objective}
            rows.append(row)
        for item in question.items:
            row = {"code": code, "item": item.code, "language": language}
            row |= _text_cells(item, texts.items[item.code], with_marks=is_source)
            if is_source:
                row |= {"type": item.type.value, "key": _key_cell(item)}
                row["max_mark"] = plain(item.max_mark)
                if not item.code:
                    row["objective"] = objective
            rows.append({column: cell for column, cell in row.items() if cell})
    return rows


def _text_cells(item: Item, texts: ItemTexts, *, with_marks: bool) -> dict[str, str]:
    cells = {"stem": texts.stem, "rationale": texts.rationale}
    if texts.options:
        words = [texts.options[option] for option in item.options]
        cells |= dict(zip(LETTERS, words, strict=False))
    cells |= dict(zip(PROMPTS, (texts.prompts[each] for each in item.prompts), strict=False))
    parts = []
    for line in item.rubric:
        said = texts.rubric[line.code].replace("|", "/")  # | stands between the lines
        parts.append(f"{plain(line.marks)}: {said}" if with_marks else said)
    cells["rubric"] = " | ".join(parts)
    return cells


def _key_cell(item: Item) -> str:
    if item.type == QuestionType.TRUE_FALSE:
        return item.key[0]
    letters = dict(zip(item.options, LETTERS, strict=False))
    if item.type == QuestionType.MATCHING:
        return " ".join(f"{place}{letters[option]}" for place, option in enumerate(item.key, 1))
    return " ".join(letters[option] for option in item.key)
