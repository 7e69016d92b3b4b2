"""Documents of a record that contexts above the library make: their addresses, for its page."""

from collections.abc import Callable
from typing import Any

Offer = Callable[[str], list[dict[str, Any]]]
_OFFERS: dict[str, Offer] = {}


def register(kind: str, offer: Offer) -> None:
    """`offer(code)`: files of the record as the component "downloads" takes them.

    Called in `AppConfig.ready`. Registering a kind again replaces the former offer.
    """
    _OFFERS[kind] = offer


def offered(kind: str, code: str) -> list[dict[str, Any]]:
    """The files that somebody offers for the record of this kind and code."""
    offer = _OFFERS.get(kind)
    return offer(code) if offer else []
