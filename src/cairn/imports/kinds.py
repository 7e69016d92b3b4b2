"""What a context says about a kind of file that it can read in; contexts register theirs."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file. `parse` turns the cell's text into a value or raises RuleBroken.

    An absent optional column, or an empty cell of one, gives `empty`.
    """

    name: str
    parse: Callable[[str], Any]
    help: Promise | str
    required: bool = False
    empty: Any = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is refused, and what to do. `column` is empty when it is about the whole row."""

    column: str
    code: str
    message: str
    remedy: str = ""


@dataclass(slots=True)
class Row:
    """A row on its way. `cleaned`: parsed values; `after`: plain values to compare and store.

    `unique`: (column, value) pairs that no other row of the file may have.
    `key` identifies the record; `target` is the record's primary key when it exists already.
    """

    number: int
    values: Mapping[str, str]
    cleaned: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    key: Hashable = None
    label: str = ""
    target: Any = None
    before: Mapping[str, Any] | None = None
    unique: list[tuple[str, Hashable]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def refuse(self, column: str, error: RuleBroken) -> None:
        self.problems.append(Problem(column, error.code, str(error.message), str(error.remedy)))

    def given(self, fields: Mapping[str, str]) -> dict[str, Any]:
        """{field: parsed value} of the columns (column -> field) that the file has.

        A column that the file does not have says nothing: what is on record stays.
        """
        return {
            field: self.cleaned[column] for column, field in fields.items() if column in self.values
        }

    @property
    def changes(self) -> dict[str, list[Any]]:
        """What differs from the record: {field: [before, after]}; all of it for a new one."""
        if self.before is None:
            return {
                name: [None, value]
                for name, value in self.after.items()
                if value not in ("", None, [])
            }
        return {
            name: [self.before.get(name), value]
            for name, value in self.after.items()
            if self.before.get(name) != value
        }


Existing = Mapping[Hashable, tuple[Any, Mapping[str, Any]]]
"""{key: (primary key, {field: value})} of records that are there already."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file.

    `prepare(rows)`: looks up what rows point at, sets `key`, `label`, `after`, adds problems.
    `existing(keys)`: the records that these keys identify; what is new is not in it.
    `write(actor, created, changed)`: stores; runs inside the caller's transaction.
    `finish(actor, rows)`: recomputes what depends on the rows that were written; may be None.
    A long file is written and finished part by part, `engine.CHUNK` rows at a time.
    `seeded(actor, since)`: what becomes of rows written since that moment from the file that the
    installation itself brings, and of no other file.
    """

    code: str
    label: Promise
    permission: str
    columns: tuple[Column, ...]
    prepare: Callable[[Sequence[Row]], None]
    existing: Callable[[Sequence[Hashable]], Existing]
    write: Callable[[Actor, Sequence[Row], Sequence[Row]], None]
    finish: Callable[[Actor, Sequence[Row]], None] | None = None
    seeded: Callable[[Actor, datetime], None] | None = None
    order: int = 100
    help: Promise | str = ""

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.required)


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make a kind known; each context does so when it is ready."""
    _KINDS[kind.code] = kind
    return kind


def every_kind() -> list[Kind]:
    """All kinds, in the order in which a whole portfolio is read in."""
    return sorted(_KINDS.values(), key=lambda kind: (kind.order, kind.code))


def kind_named(code: str) -> Kind:
    """The kind with this code. Raises RuleBroken("import.kind")."""
    try:
        return _KINDS[code]
    except KeyError:
        raise RuleBroken(
            "import.kind",
            _("There is no kind of import called “%(code)s”.") % {"code": code},
            _("Choose one of: %(kinds)s.")
            % {"kinds": ", ".join(kind.code for kind in every_kind())},
        ) from None
