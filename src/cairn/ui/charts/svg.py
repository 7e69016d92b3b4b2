"""Small pieces of SVG that obey the strict content policy: no style, no script, safe text."""

import re
import unicodedata
from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, tostring

from django.utils.safestring import SafeString

from cairn.ui.charts.figures import END_ISOLATE, FIRST_STRONG

ELLIPSIS = "…"
THIN = frozenset(" \u00a0\u202f.,:;'|!()[]ijltfrI-/")
WIDE = frozenset("mw%@—…")
SAFE_ADDRESS = re.compile(r"(?:/(?!/)|\?|#|https?://)[^\s\\]*")


def picture(
    kind: str, *, box: str, title: str, description: str, language: str, direction: str
) -> Element:
    """An empty picture that scales to its container and has a name and a description.

    `box`: the four numbers of the view box. Marks inside stay reachable for a screen reader (role
    graphics-document, not img, which would hide links). `direction` is that of the tooltips.
    """
    root = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": f"chart-svg {kind}",
            "viewBox": box,
            "role": "graphics-document document",
            "aria-label": clean(title),
            "lang": language,
            "direction": "rtl" if direction == "rtl" else "ltr",
        },
    )
    SubElement(root, "title").text = clean(title)
    if description:
        SubElement(root, "desc").text = clean(description)
    return root


def named(parent: Element, name: str, href: str | None, *, kind: str = "") -> Element:
    """A link, or a plain group without `href`, that a screen reader calls by `name`.

    The name is also the tooltip. Raises ValueError for an address that is not a path of this
    site, a query, a fragment, or http(s).
    """
    name = clean(name)
    if href:
        if not SAFE_ADDRESS.fullmatch(href):
            raise ValueError(
                f"A chart cannot link to {href!r}: give a path such as /projects/P49/."
            )
        element = SubElement(parent, "a", {"href": href, "aria-label": name})
    else:
        element = SubElement(parent, "g", {"role": "graphics-symbol img", "aria-label": name})
    if kind:
        element.set("class", kind)
    SubElement(element, "title").text = name
    return element


def text(
    parent: Element, lines: Iterable[str], *, kind: str, x: float, y: float, anchor: str, step: int
) -> None:
    """Lines of text, the first with its baseline at `y`, `step` units apart.

    `anchor` counts from left to right whatever the page does; each line is an isolate with its own
    direction. Hidden from screen readers: the mark around it says the same in full.
    """
    element = SubElement(parent, "text", {"class": kind, "direction": "ltr", "aria-hidden": "true"})
    if anchor != "start":
        element.set("text-anchor", anchor)
    for index, line in enumerate(lines):
        part = SubElement(element, "tspan", {"x": number(x), "y": number(y + index * step)})
        part.text = f"{FIRST_STRONG}{clean(line)}{END_ISOLATE}"


def markup(root: Element) -> SafeString:
    """The picture as text that may stand in a page as it is."""
    return SafeString(tostring(root, encoding="unicode", short_empty_elements=True))


def clean(value: str) -> str:
    """`value` without characters that XML forbids, and with its own direction marks kept."""
    return "".join(
        " " if character in "\t\r\n" else character
        for character in value
        if character in "\t\r\n"
        or (unicodedata.category(character) not in {"Cc", "Cs"} and character not in "\ufffe\uffff")
    )


def number(value: float) -> str:
    """A coordinate with at most one decimal: a tenth of a unit is less than a pixel."""
    short = f"{value:.1f}".removesuffix(".0")
    return "0" if short == "-0" else short


def fitted(label: str, *, width: float, size: float, lines: int) -> list[str]:
    """`label` broken at spaces into at most `lines` lines of about `width` units at font `size`.

    The last line ends in an ellipsis when something was left out. Widths are estimates, because
    the reader's font is not known on the server: 0.56 em for a letter, 0.3 em for a thin one and
    1 em for an East Asian wide one; they are chosen to be on the wide side.
    """
    words = " ".join(clean(label).split()).split(" ")
    rows: list[str] = []
    while words and len(rows) < lines:
        row = words.pop(0)
        while words and text_width(f"{row} {words[0]}", size) <= width:
            row = f"{row} {words.pop(0)}"
        if text_width(row, size) > width:
            if len(rows) + 1 < lines:
                row, rest = _cut(row, width, size)
                words.insert(0, rest)
            else:
                words.insert(0, "")
        rows.append(row)
    if words and rows:
        rows[-1] = _cut(rows[-1], width - size, size)[0].rstrip() + ELLIPSIS
    return rows


def text_width(value: str, size: float) -> float:
    """About how wide `value` is at font `size`, in the same unit as `size`."""
    return size * sum(_em(character) for character in value)


def _em(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    category = unicodedata.category(character)
    if category in {"Mn", "Me", "Cf"}:
        return 0.0
    if character in THIN:
        return 0.36
    return 0.74 if category == "Lu" or character in WIDE else 0.62


def _cut(value: str, width: float, size: float) -> tuple[str, str]:
    """The longest start of `value` that fits (one character at least), and the rest."""
    used, end = 0.0, 0
    for end, character in enumerate(value):
        used += size * _em(character)
        if used > width and end:
            return value[:end], value[end:]
    return value, ""
