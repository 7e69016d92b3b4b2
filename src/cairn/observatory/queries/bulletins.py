"""Bulletins: what goes into one when it comes out, and what is told of it afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cairn.core.actor import PUBLIC, Actor
from cairn.observatory.models import Bulletin
from cairn.observatory.queries import published
from cairn.observatory.queries.public_words import words_of
from cairn.observatory.queries.published import Found
from cairn.observatory.rules.bulletins import Due, Name, calendar
from cairn.observatory.rules.publication import Publication
from cairn.observatory.rules.publication_tables import Asked, figures

# A bulletin is read, not searched: so many series, tables of each, and rows of a table.
MOST_SERIES = 8
MOST_TABLES = 3
MOST_ROWS = 30


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table. `value` None: hidden."""

    label: str
    value: int | None


@dataclass(frozen=True)
class Table:
    """One table of a release by one column. `left_out`: rows in which the figure is hidden."""

    column: str
    rows: tuple[Row, ...]
    left_out: int


@dataclass(frozen=True)
class Section:
    """What a bulletin says of one release. `withdrawn`: the reason, then nothing else is told."""

    code: str
    title: str
    label: str
    unit: str
    since: date
    until: date
    whole: int | None
    statements: Mapping[str, str]
    breaks: tuple[tuple[date, str], ...]
    tables: tuple[Table, ...]
    is_new: bool
    withdrawn: str = ""


def content(found: Sequence[Found], new: set[str]) -> dict[str, Any]:
    """What a bulletin holds, in plain types. `new`: codes published since the one before."""
    return {"releases": [_release(each, each.publication.code in new) for each in found]}


def _release(found: Found, is_new: bool) -> dict[str, Any]:
    told = found.publication
    return {
        "release": told.code,
        "series": told.series,
        "digest": found.digest,
        "title": told.title,
        "label": told.label,
        "since": told.since.isoformat(),
        "until": told.until.isoformat(),
        "whole": told.whole,
        "statements": dict(told.statements),
        "breaks": [{"on": each.on.isoformat(), "what": each.what} for each in told.breaks],
        "tables": [_table(told, by) for by in _tables(told)],
        "is_new": is_new,
    }


def _tables(told: Publication) -> list[str]:
    """The first tables of one column in the order of the series, without periods."""
    return [
        each.name
        for each in told.columns
        if each.field_class != "period" and (each.name,) in told.groupings
    ][:MOST_TABLES]


def _table(told: Publication, name: str) -> dict[str, Any]:
    made = figures(told, Asked((name,)))
    wider = told.by_name[name].wider
    lines = [line for line in made.told if line.at[0] not in wider]
    lines.sort(key=lambda line: -(line.values[0] or 0))
    return {
        "column": told.by_name[name].label,
        "rows": [[line.labels[0], line.values[0]] for line in lines[:MOST_ROWS]],
        "left_out": len(made.lines) - len(made.told),
    }


def sections(bulletin: Bulletin, withdrawn: Mapping[str, str]) -> list[Section]:
    """What is told of a bulletin today. `withdrawn`: code -> reason of what was taken back."""
    return [_section(each, withdrawn) for each in bulletin.payload["releases"]]


def _section(each: Mapping[str, Any], withdrawn: Mapping[str, str]) -> Section:
    code, words = each["release"], words_of(each["series"])
    is_gone = code in withdrawn

    def said(text: str) -> str:
        return words.get(text, text)

    tables = [] if is_gone else each["tables"]
    return Section(
        code=code,
        title=each["title"],
        label=said(each["label"]),
        unit=each["statements"]["counting_unit"],
        since=date.fromisoformat(each["since"]),
        until=date.fromisoformat(each["until"]),
        whole=None if is_gone else each["whole"],
        statements={name: said(text) for name, text in each["statements"].items()},
        breaks=tuple((date.fromisoformat(one["on"]), said(one["what"])) for one in each["breaks"]),
        tables=tuple(
            Table(
                said(one["column"]),
                tuple(Row(said(label), value) for label, value in one["rows"]),
                one["left_out"],
            )
            for one in tables
        ),
        is_new=each["is_new"],
        withdrawn=withdrawn.get(code, ""),
    )


def withdrawn_reasons(actor: Actor = PUBLIC) -> dict[str, str]:
    """Code -> reason of every release that was taken back. One query."""
    return {each.code: each.reason for each in published.withdrawn(actor)}


def bulletin(actor: Actor, year: int, number: int) -> Bulletin:
    """Raises Bulletin.DoesNotExist."""
    found: Bulletin = Bulletin.objects.visible_to(actor).get(year=year, number=number)
    return found


def issued(actor: Actor) -> list[Bulletin]:
    """Every bulletin, newest first, without what is in it."""
    return list(Bulletin.objects.visible_to(actor).defer("payload"))


def names(actor: Actor) -> set[Name]:
    return set(Bulletin.objects.visible_to(actor).values_list("year", "number"))


def dates(actor: Actor, today: date) -> list[Due]:
    """The calendar as it stands today."""
    return calendar(today, names(actor))


def published_since(actor: Actor, found: Sequence[Found]) -> set[str]:
    """Codes of those that came out after the last bulletin; all when there was none."""
    last = Bulletin.objects.visible_to(actor).order_by("-issued_at").defer("payload").first()
    return {
        each.publication.code
        for each in found
        if last is None or each.published_at > last.issued_at
    }
