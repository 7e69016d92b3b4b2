"""The register of the main navigation: each app adds its entries in `AppConfig.ready`."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, reverse

from cairn.core.actor import Actor

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the main navigation.

    `label` is lazily translated. `permission`: the permission that opens it, None for everybody
    who is signed in. `public`: shown to visitors who are not signed in as well. Lower `order`
    comes first; equal orders are sorted by `code`.
    """

    code: str
    label: "StrOrPromise"
    url_name: str
    permission: str | None = None
    order: int = 100
    public: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as one person sees it. `is_current`: the page shown lies under it."""

    code: str
    label: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Search:
    """Where the search box in the header sends its word, as `?q=`."""

    url_name: str
    label: "StrOrPromise"


_items: dict[str, Item] = {}
_search: list[Search] = []


def register(item: Item) -> None:
    """Add `item`; an earlier item of the same code is replaced."""
    _items[item.code] = item


def register_search(search: Search) -> None:
    """Show the search box in the header; the last registration stands."""
    _search[:] = [search]


def registered() -> tuple[Item, ...]:
    """All items in the order of the navigation, whoever looks."""
    return tuple(sorted(_items.values(), key=lambda item: (item.order, item.code)))


def search() -> Search | None:
    """What the search box searches, or None where no app offers a search."""
    return _search[0] if _search else None


def is_shown(item: Item, actor: Actor) -> bool:
    """True when `actor` may know of `item`: permitted, and public for those not signed in."""
    permitted = item.permission is None or actor.may(item.permission)
    return permitted and (item.public or not actor.is_public)


def links_for(actor: Actor, *, path: str, items: Iterable[Item] | None = None) -> list[Link]:
    """The navigation of `actor`, with the entry under which `path` lies marked.

    An entry without an address is left out here and named by the system check `ui.E001`.
    """
    chosen = registered() if items is None else items
    reached = [
        (item, href)
        for item in chosen
        if is_shown(item, actor) and (href := address(item.url_name)) is not None
    ]
    under = [href for _, href in reached if _lies_under(path, href)]
    current = max(under, key=len, default=None)
    return [Link(item.code, str(item.label), href, href == current) for item, href in reached]


def address(url_name: str) -> str | None:
    """The address of `url_name`, or None where this installation has no such page."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None


def _lies_under(path: str, href: str) -> bool:
    return path == href or (href != "/" and path.startswith(href.rstrip("/") + "/"))
