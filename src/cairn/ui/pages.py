"""Lists a screen at a time: a page of rows that counts as little as it can, and listed sorting."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest, QueryDict

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Row = TypeVar("Row")
AnyModel = TypeVar("AnyModel", bound=Model)

PAGE_KEY = "page"
SORT_KEY = "sort"
# Counting stops here: "more than 1,000" answers the reader, and a table of millions stays fast.
COUNT_UP_TO = 1_000
# An offset costs as much as the rows it skips; deeper pages are for exports and filters.
DEEPEST_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link to page `number`; None is a gap between numbers."""

    number: int | None
    href: str = ""
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """The rows of one page and the way to the others.

    `total`: how many rows there are in all; when `is_floor` there are at least that many.
    """

    rows: list[Row]
    number: int
    per_page: int
    total: int
    is_floor: bool
    has_next: bool
    query: QueryDict

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __bool__(self) -> bool:
        return bool(self.rows)

    @property
    def first(self) -> int:
        """Place of the first row shown, counted from 1; 0 on an empty page."""
        return (self.number - 1) * self.per_page + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """Place of the last row shown."""
        return (self.number - 1) * self.per_page + len(self.rows)

    @property
    def is_only(self) -> bool:
        """True when everything is on this page, so no paging is drawn."""
        return self.number == 1 and not self.has_next

    @property
    def previous_href(self) -> str:
        return self.href(self.number - 1) if self.number > 1 else ""

    @property
    def next_href(self) -> str:
        return self.href(self.number + 1) if self.has_next else ""

    def href(self, number: int) -> str:
        """The address of page `number` with every filter kept; the first page has no number."""
        return changed_query(self.query, {PAGE_KEY: None if number <= 1 else number})

    @property
    def links(self) -> list[PageLink]:
        """First, last (where it is known) and the neighbours of this page, with gaps."""
        known = max(self.number + self.has_next, -(-self.total // self.per_page))
        wanted = {1, self.number - 1, self.number, self.number + 1}
        wanted |= set() if self.is_floor else {known}
        numbers = sorted(number for number in wanted if 1 <= number <= known)
        links: list[PageLink] = []
        for number in numbers:
            if links and links[-1].number is not None and number - links[-1].number > 1:
                links.append(PageLink(None))
            links.append(PageLink(number, self.href(number), number == self.number))
        return links


def page_of(
    queryset: QuerySet[AnyModel, Row] | Sequence[Row], request: HttpRequest, per_page: int = 25
) -> Page[Row]:
    """The page that `?page=` asks for.

    Costs one query for the rows, and a second, capped at `COUNT_UP_TO` rows, only when they do
    not all fit on the page shown. Anything that is not a page number is page 1; a number past
    the end is the last page. Sort the queryset first, or rows may show twice.
    """
    number = _asked(request)
    rows, has_next = _slice(queryset, number, per_page)
    if not rows and number > 1:
        number = min(max(1, -(-_count(queryset, None) // per_page)), DEEPEST_PAGE)
        rows, has_next = _slice(queryset, number, per_page)
    seen = (number - 1) * per_page + len(rows)
    if has_next:
        counted = _count(queryset, max(COUNT_UP_TO, seen) + 1)
        is_floor = counted > max(COUNT_UP_TO, seen)
        total = counted - 1 if is_floor else counted
    else:
        total, is_floor = seen, False
    has_next = has_next and number < DEEPEST_PAGE
    return Page(rows, number, per_page, total, is_floor, has_next, request.GET)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. `order_by`: the fields it sorts by, ascending; empty: not sortable."""

    key: str
    label: "StrOrPromise"
    order_by: tuple[str, ...] = ()
    is_numeric: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """One heading of a table. `href` sorts by it, the other way when it is sorted already.

    `direction`: the value of aria-sort, empty where the rows are not sorted by this column.
    """

    key: str
    label: str
    href: str
    direction: str
    is_numeric: bool


@dataclass(frozen=True, slots=True)
class Sorting:
    """The order that `?sort=` asks for: a listed key, with a leading "-" for descending."""

    columns: tuple[Column, ...]
    key: str
    is_descending: bool
    query: QueryDict

    def apply(self, queryset: QuerySet[AnyModel, Row]) -> QuerySet[AnyModel, Row]:
        """`queryset` in this order; ties are settled by the primary key, so that paging is firm."""
        fields = next((c.order_by for c in self.columns if c.key == self.key), ())
        order = [_turned(field) if self.is_descending else field for field in fields]
        return queryset.order_by(*order, "pk")

    @property
    def headers(self) -> list[Header]:
        return [self._header(column) for column in self.columns]

    def _header(self, column: Column) -> Header:
        is_sorted = bool(column.order_by) and column.key == self.key
        turn = "-" if is_sorted and not self.is_descending else ""
        direction = ("descending" if self.is_descending else "ascending") if is_sorted else ""
        href = ""
        if column.order_by:
            href = changed_query(self.query, {SORT_KEY: turn + column.key, PAGE_KEY: None})
        return Header(column.key, str(column.label), href, direction, column.is_numeric)


def sorting_of(request: HttpRequest, columns: Sequence[Column], default: str) -> Sorting:
    """The sorting that `?sort=` asks for among `columns`, or `default` ("-budget") otherwise.

    Only keys of sortable columns are accepted, so an address can never sort by a hidden field.
    """
    sortable = {column.key for column in columns if column.order_by}
    asked = request.GET.get(SORT_KEY, "")
    chosen = asked if asked.removeprefix("-") in sortable else default
    return Sorting(tuple(columns), chosen.removeprefix("-"), chosen.startswith("-"), request.GET)


def changed_query(query: QueryDict, changes: dict[str, Any]) -> str:
    """`query` as "?a=b" with `changes` applied; None or "" removes a key, a list sets several.

    The result is never empty: "?" alone clears the query when followed.
    """
    changed = query.copy()
    for key, value in changes.items():
        if value is None or value == "":
            changed.pop(key, None)
        elif isinstance(value, (list, tuple, set)):
            changed.setlist(key, [str(one) for one in value])
        else:
            changed[key] = str(value)
    return f"?{changed.urlencode()}"


def _asked(request: HttpRequest) -> int:
    text = request.GET.get(PAGE_KEY, "1")
    # isdecimal also takes other scripts' digits, as int() does; long ones are cut before int().
    if not text.isdecimal():
        return 1
    return min(max(int(text[:12]), 1), DEEPEST_PAGE)


def _slice(
    rows: QuerySet[AnyModel, Row] | Sequence[Row], number: int, per_page: int
) -> tuple[list[Row], bool]:
    start = (number - 1) * per_page
    found = list(rows[start : start + per_page + 1])
    return found[:per_page], len(found) > per_page


def _count(rows: QuerySet[AnyModel, Row] | Sequence[Row], limit: int | None) -> int:
    if isinstance(rows, QuerySet):
        unordered = rows.order_by()
        return (unordered if limit is None else unordered[:limit]).count()
    return len(rows) if limit is None else min(len(rows), limit)


def _turned(field: str) -> str:
    return field.removeprefix("-") if field.startswith("-") else f"-{field}"
