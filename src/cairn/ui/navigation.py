"""The register of the main navigation: each app adds its entries in `AppConfig.ready`."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, reverse

from cairn.core.actor import Actor

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


# With more entries than these, a row of them wraps: then those of one area fold into a menu.
MOST_IN_A_ROW = 10


@dataclass(frozen=True, slots=True)
class Group:
    """An area whose entries fold into one menu for those who see many entries.

    `codes`: the items that belong to it. It stands where the first of them would.
    """

    code: str
    label: "StrOrPromise"
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the main navigation.

    `label` is lazily translated. `permission`: the permission that opens it, None for everybody
    who is signed in; `others`: permissions that open it as well. `public`: shown to visitors who
    are not signed in as well. Lower `order` comes first; equal orders are sorted by `code`.
    """

    code: str
    label: "StrOrPromise"
    url_name: str
    permission: str | None = None
    order: int = 100
    public: bool = False
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as one person sees it. `is_current`: the page shown lies under it.

    A group has `links` and no address of its own.
    """

    code: str
    label: str
    href: str
    is_current: bool
    links: tuple["Link", ...] = ()


@dataclass(frozen=True, slots=True)
class Search:
    """Where the search box in the header sends its word, as `?q=`."""

    url_name: str
    label: "StrOrPromise"


_items: dict[str, Item] = {}
_groups: dict[str, Group] = {}
_search: list[Search] = []


def register_group(group: Group) -> None:
    """Fold the entries of `group` where there are many; an earlier one of its code is replaced."""
    _groups[group.code] = group


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
    permitted = item.permission is None or any(map(actor.may, (item.permission, *item.others)))
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


def folded(links: list[Link]) -> list[Link]:
    """`links` with those of each group behind one entry, where a row of them would be too long.

    A group with one link for this person stays that link.
    """
    if len(links) <= MOST_IN_A_ROW:
        return links
    shown: dict[str, Link] = {}
    for link in links:
        group = next((each for each in _groups.values() if link.code in each.codes), None)
        own = [each for each in links if group is not None and each.code in group.codes]
        if group is None or len(own) == 1:
            shown[link.code] = link
        else:
            name = f"group-{group.code}"
            started = shown.get(name) or Link(name, str(group.label), "", is_current=False)
            is_current = started.is_current or link.is_current
            shown[name] = replace(started, is_current=is_current, links=(*started.links, link))
    return list(shown.values())


def address(url_name: str) -> str | None:
    """The address of `url_name`, or None where this installation has no such page."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None


def _lies_under(path: str, href: str) -> bool:
    return path == href or (href != "/" and path.startswith(href.rstrip("/") + "/"))
