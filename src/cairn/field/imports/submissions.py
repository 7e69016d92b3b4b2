"""Submissions of the published form, as ODK and KoboToolbox give them out: rows to reports."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.core.htcds.aliases import is_beside
from cairn.core.htcds.intake import ID_NAMES, Problem, read_rows, row_key
from cairn.core.htcds.places import language_code
from cairn.field.imports.columns import (
    ANSWERS,
    FORM_VERSION,
    LIST_COLUMN,
    VERSION_COLUMN,
    Question,
    as_name,
    questions,
    sign_columns,
)
from cairn.identification.envelopes.content import check_content, check_identity
from cairn.identification.imports.brought import Brought, Item, gathered
from cairn.identification.rules.intake import flaw_words

Pack = Mapping[str, Any]
# The places to which a form tool's own answers for "nothing" are equal.
_EMPTY: Final = frozenset({"", "n/a", "none given", "null"})


def read_submissions(
    content: bytes, *, pack_called: Callable[[str], Pack | None], newest: Pack
) -> Brought:
    """What a file of submissions says. Raises TableRefused or RuleBroken ("file.*").

    `pack_called`: the pack of a list by its code, None for one that was never in force; `newest`:
    the one in force, for the questions that are the same in each.
    """
    rows = read_rows(content)
    asked = questions(newest["bands"])
    places = {_plain(column): column for column in rows.columns}
    missing = [each.column for each in asked if each.required and each.column not in places]
    if missing:
        raise RuleBroken(
            "file.columns",
            _("These columns are missing: %(names)s.") % {"names": ", ".join(missing)},
            _("Bring the submissions of the form that can be had here, with all their columns."),
        )
    items: list[Item] = []
    problems: list[Problem] = []
    known = {each.column for each in asked} | {VERSION_COLUMN, LIST_COLUMN}
    for number, row in rows.rows:
        cells = {_plain(name): text.strip() for name, text in row.items()}
        reading = _Reading(number, cells)
        pack = reading.pack(pack_called)
        if pack is not None:
            signs = sign_columns(pack["signs"])
            known |= set(signs)
            content_of, identity = reading.report(asked, signs, str(pack["edition"]))
            items.append(Item(number, row_key(row, ID_NAMES), content_of, identity))
        problems += reading.problems
    unknown = [
        name
        for plain, name in places.items()
        if name and plain not in known and not is_beside(name) and not _is_split(name, known)
    ]
    notes = []
    if unknown:
        notes.append(
            _("These columns are not in the form and stay out: %(names)s.")
            % {"names": ", ".join(unknown[:20])}
        )
    return gathered(rows, items, problems, notes)


def _plain(column: str) -> str:
    """The name of a question without the groups that a tool puts before it."""
    return column.rsplit("/", 1)[-1].strip()


def _is_split(column: str, known: set[str]) -> bool:
    """True for the columns into which KoboToolbox splits several answers ("needs/health")."""
    parts = column.split("/")
    return len(parts) > 1 and parts[-2] in known


@dataclass(slots=True)
class _Reading:
    """One submission on its way to a report."""

    number: int
    cells: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)

    def problem(self, column: str, message: str, remedy: str) -> None:
        self.problems.append(Problem(self.number, column, message, remedy))

    def cell(self, column: str) -> str:
        text = self.cells.get(column, "")
        return "" if text.casefold() in _EMPTY else text

    def pack(self, pack_called: Callable[[str], Pack | None]) -> Pack | None:
        """The list by which the submission was filled in; None, and a problem, for no such list."""
        version = self.cell(VERSION_COLUMN).removesuffix(".0")
        if version != FORM_VERSION:
            self.problem(
                VERSION_COLUMN,
                _("It was filled in with version “%(version)s” of the form.")
                % {"version": version[:20]},
                _("This installation reads version %(known)s.") % {"known": FORM_VERSION},
            )
            return None
        pack = pack_called(self.cell(LIST_COLUMN))
        if pack is None:
            self.problem(
                LIST_COLUMN,
                _("The list of signs “%(code)s” was never in force here.")
                % {"code": self.cell(LIST_COLUMN)[:20]},
                _("Use the form that can be had here."),
            )
        return pack

    def report(
        self, asked: list[Question], signs: Mapping[str, str], edition: str
    ) -> tuple[dict[str, Any], dict[str, Any] | None]:
        """Content and identity; what is wrong is added to the problems."""
        content: dict[str, Any] = {"v": 1, "list": edition}
        identity: dict[str, Any] = {}
        for question in asked:
            value = self._answer(question)
            if not value:
                continue
            if question.key.startswith("identity."):
                identity[question.key.removeprefix("identity.")] = value
            else:
                content[question.key] = value
        if seen := self._seen(signs):
            content["seen"] = seen
        if identity and content.get("consent") != "yes":
            self.problem(
                "who_name",
                _("It says who the person is, but not that the person agrees."),
                _("Empty the name, the number and the place, or record the agreement."),
            )
        if not self.problems:
            flaw = check_content(content)
            if not flaw and identity:
                flaw = check_identity({"v": 1, **identity})
            if flaw:
                self.problem("", flaw_words(flaw), _("Look at the texts of this row."))
        return content, ({"v": 1, **identity} if identity else None)

    def _answer(self, question: Question) -> str | list[str]:
        text = self.cell(question.column)
        if not text:
            if question.required:
                self.problem(
                    question.column, _("This has no answer."), _("Answer it: it is always needed.")
                )
            return ""
        if question.kind == "text":
            return self._text(question, text)
        codes = {as_name(code): code for code, _words in question.choices}
        if question.kind == "many":
            parts = text.replace(";", " ").split()
            found = [self._code(question.column, codes, part) for part in parts]
            return list(dict.fromkeys(each for each in found if each))
        return self._code(question.column, codes, text)

    def _text(self, question: Question, text: str) -> str:
        text = text.replace("\r\n", "\n")  # lines as a table on Windows ends them
        if question.column == "language":
            code = language_code(text)
            if not code:
                self.problem(
                    question.column,
                    _("“%(text)s” is not a language.") % {"text": text[:40]},
                    _("Write a code such as ar or din, or the English name."),
                )
            return code
        if len(text) > question.most:
            self.problem(
                question.column,
                _("The text has %(length)d signs; %(most)d fit.")
                % {"length": len(text), "most": question.most},
                _("Shorten it."),
            )
        return text

    def _code(self, column: str, codes: Mapping[str, str], text: str) -> str:
        found = codes.get(as_name(text), "")
        if not found:
            self.problem(
                column,
                _("“%(text)s” is none of the answers of this question.") % {"text": text[:40]},
                _("Use one of: %(codes)s.") % {"codes": ", ".join(codes)},
            )
        return found

    def _seen(self, signs: Mapping[str, str]) -> dict[str, str]:
        codes = {as_name(code): code for code, _words in ANSWERS}
        return {
            sign: answer
            for column, sign in signs.items()
            if (text := self.cell(column)) and (answer := self._code(column, codes, text))
        }
