"""Pages with one table, described in a few lines: see templates/oversight/list.html."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from cairn.access.middleware import ActorRequest
from cairn.ui.pages import page_of


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `kind`: text, clock (a moment or day), state (code and words), code, number."""

    kind: str
    value: Any
    words: str = ""
    href: str = ""


def text(value: Any, href: str = "") -> Cell:
    return Cell("text", value, href=href)


def clock_cell(value: Any) -> Cell:
    return Cell("clock", value)


def state(code: str, words: Any) -> Cell:
    return Cell("state", code, str(words))


def code(value: str, words: Any = "", href: str = "") -> Cell:
    return Cell("code", value, str(words), href)


def number(value: int) -> Cell:
    return Cell("number", value)


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter. `options` empty: an input of type `kind`."""

    name: str
    label: str
    value: str
    options: Sequence[tuple[str, Any]] = ()
    kind: str = "search"


@dataclass(frozen=True, slots=True)
class ListPage:
    """The words of a page with one table. `empty`: heading and text where there is no row."""

    heading: str
    lead: str
    columns: Sequence[str]
    empty: tuple[str, str]
    crumbs: Sequence[tuple[str, str]] = ()
    actions: Sequence[tuple[str, str]] = ()
    choices: Sequence[Choice] = ()
    clear_href: str = ""
    template: str = "oversight/list.html"
    more: dict[str, Any] = field(default_factory=dict)


def list_page(
    request: ActorRequest,
    shown: ListPage,
    queryset: QuerySet[Any],
    cells: Callable[[list[Any]], list[list[Cell]]],
) -> HttpResponse:
    """The page of rows that the address asks for. `cells`: the rows of one page -> their cells."""
    page = page_of(queryset, request)
    rows = [list(zip(shown.columns, row, strict=True)) for row in cells(page.rows)]
    clear_href = shown.clear_href if any(choice.value for choice in shown.choices) else ""
    context = {
        "list": shown,
        "page": page,
        "rows": rows,
        "clear_href": clear_href,
        **shown.more,
    }
    return render(request, shown.template, context)
