"""The one place that calls the drawing library: a Vega-Lite specification in, placed marks out."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

# The library carries several Vega-Lite versions; naming one keeps pictures as they are.
VEGA_LITE = "6.4"
SVG = "{http://www.w3.org/2000/svg}"


class RendererFailed(Exception):
    """The library could not draw. `code` is stable and safe to log; it never holds labels."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Mark:
    """One drawn mark: the `key` the specification gave it, its element, its place in the picture.

    `x`, `y`: the sum of the translations around the element, in units of the picture.
    """

    key: str
    element: Element
    x: float
    y: float


def placed_marks(specification: Mapping[str, object]) -> list[Mark]:
    """Every mark of a Vega-Lite specification that has a `description` channel, in drawing order.

    The description is a key of ours and never text of a user, so nothing that a user typed can
    reach a name, an address or an expression of the library. Raises RendererFailed.
    """
    try:
        root = fromstring(_svg(specification))
    except (ParseError, DefusedXmlException) as failure:
        raise RendererFailed("charts.unreadable") from failure
    return list(_marks(root, 0.0, 0.0))


def _svg(specification: Mapping[str, object]) -> str:
    if os.getpid() != _home_process():
        # The library's worker thread does not survive a fork: a call would wait for ever.
        raise RendererFailed("charts.forked")
    try:
        import vl_convert

        return vl_convert.vegalite_to_svg(
            dict(specification), vl_version=VEGA_LITE, allowed_base_urls=[]
        )
    except ImportError as failure:
        raise RendererFailed("charts.missing") from failure
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as failure:
        # A panic inside the library's Rust code arrives as a direct child of BaseException.
        raise RendererFailed("charts.renderer") from failure


@cache
def _home_process() -> int:
    """The process that drew first."""
    return os.getpid()


def _marks(element: Element, x: float, y: float) -> Iterator[Mark]:
    moved_x, moved_y = _translation(element.get("transform", ""))
    x, y = x + moved_x, y + moved_y
    key = element.get("aria-label")
    if key is not None and element.tag != f"{SVG}g":
        yield Mark(key, element, x, y)
    for child in element:
        yield from _marks(child, x, y)


def _translation(transform: str) -> tuple[float, float]:
    """The shift of `translate(x,y)`; nothing else is used by our specifications."""
    if not transform:
        return 0.0, 0.0
    if not (transform.startswith("translate(") and transform.endswith(")")):
        raise RendererFailed("charts.unreadable")
    x, _, y = transform[len("translate(") : -1].partition(",")
    return float(x), float(y or 0)
