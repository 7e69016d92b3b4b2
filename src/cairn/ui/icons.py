"""Small drawings for buttons and states: our own, on a grid of 20, drawn in the text's colour."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

# Those that point along the line of reading; base.css turns them round from right to left.
DIRECTIONAL = frozenset({"forward", "back", "first", "last", "external", "history", "sign-out"})

_DRAWINGS: dict[str, str] = {
    "cairn": '<g fill="currentColor" stroke="none"><path d="M2.2 16.6c-.3-1.7 1-2.9 3.3-3.1'
    "l8.5-.3c2.3 0 3.9 1 3.9 2.7 0 1.6-1.5 2.3-3.7 2.3H5.2c-1.8 0-2.8"
    '-.5-3-1.6z"/><path d="M4.6 10.6c0-1.5 1.3-2.2 3-2.3l5-.2c1.7 0 2.8.8 2.8'
    ' 2.1s-1.1 2-2.7 2H7c-1.5 0-2.4-.6-2.4-1.6z"/><path d="M7 5.2c.1-1.6 1.4'
    '-2.9 3.1-2.8 1.7 0 2.9 1.2 2.9 2.7S11.9 7.1 10 7.1 6.9 6.6 7 5.2z"/>'
    "</g>",
    "search": '<circle cx="8.5" cy="8.5" r="5.5"/><path d="m12.7 12.7 4.8 4.8"/>',
    "menu": '<path d="M3 5.5h14M3 10h14M3 14.5h14"/>',
    "close": '<path d="m5 5 10 10M15 5 5 15"/>',
    "check": '<path d="m4 10.5 4 4 8-9"/>',
    "plus": '<path d="M10 4v12M4 10h12"/>',
    "minus": '<path d="M4 10h12"/>',
    "down": '<path d="m5 7.5 5 5 5-5"/>',
    "up": '<path d="m5 12.5 5-5 5 5"/>',
    "sort": '<path d="m6.5 8 3.5-4 3.5 4M6.5 12l3.5 4 3.5-4"/>',
    "forward": '<path d="m7.5 5 5 5-5 5"/>',
    "back": '<path d="m12.5 5-5 5 5 5"/>',
    "first": '<path d="m14.5 5-5 5 5 5M5.5 5v10"/>',
    "last": '<path d="m5.5 5 5 5-5 5M14.5 5v10"/>',
    "external": '<path d="M11 4h5v5M16 4l-7 7M13 11.5V16H4V7h4.5"/>',
    "download": '<path d="M10 3v9.5M5.5 8.5l4.5 4.5 4.5-4.5M3.5 16.5h13"/>',
    "upload": '<path d="M10 13V3.5M5.5 7.5 10 3l4.5 4.5M3.5 16.5h13"/>',
    "file": '<path d="M5 2.5h6.5L15 6v11.5H5zM11.5 2.5V6H15"/>',
    "table": '<path d="M3 4h14v12H3zM3 8h14M3 12h14M8.5 4v12"/>',
    "chart": '<path d="M3 3v14h14M7 13.5v-3M11 13.5v-7M15 13.5v-5"/>',
    "print": '<path d="M6 7V3h8v4M6 14H3V7h14v7h-3M6 11.5h8V17H6z"/>',
    "copy": '<path d="M7 7h9.5v9.5H7zM4 12.5H3.5v-9h9V4"/>',
    "filter": '<path d="M3 4.5h14L12 10.5V16l-4-2v-3.5z"/>',
    "language": '<circle cx="10" cy="10" r="7"/><path d="M3 10h14M10 3c2.5 2 3.5 4.3 3.5 7'
    's-1 5-3.5 7c-2.5-2-3.5-4.3-3.5-7s1-5 3.5-7z"/>',
    "person": '<circle cx="10" cy="6.5" r="3.2"/><path d="M3.5 17c.6-3.6 3-5.3 6.5-5.3s5.9'
    ' 1.7 6.5 5.3"/>',
    "sign-out": '<path d="M8.5 3.5H4v13h4.5M8 10h9M13.5 6.5 17 10l-3.5 3.5"/>',
    "light": '<circle cx="10" cy="10" r="3.3"/><path d="M10 2.5V4M10 16v1.5M2.5 10H4M16 10h1.5'
    'M4.7 4.7l1 1M14.3 14.3l1 1M15.3 4.7l-1 1M5.7 14.3l-1 1"/>',
    "dark": '<path d="M16.5 12A7 7 0 0 1 8 3.5a6.8 6.8 0 1 0 8.5 8.5z"/>',
    "auto": '<circle cx="10" cy="10" r="7"/><path d="M10 3a7 7 0 0 1 0 14z" fill="currentColor"/>',
    "clock": '<circle cx="10" cy="10" r="7"/><path d="M10 5.8V10l3 2"/>',
    "history": '<path d="M3.5 10A6.7 6.7 0 1 0 6 4.8M3.5 3v3.5H7M10 6.5V10l2.6 1.8"/>',
    "place": '<path d="M10 17.5c3.7-4 5.5-6.9 5.5-9.3A5.5 5.5 0 0 0 4.5 8.2c0 2.4 1.8'
    ' 5.3 5.5 9.3z"/><circle cx="10" cy="8.2" r="1.9"/>',
    "lock": '<path d="M4.5 9h11v8h-11zM7 9V6.5a3 3 0 0 1 6 0V9"/>',
    "eye": '<path d="M2 10c2-3.5 4.7-5.2 8-5.2s6 1.7 8 5.2c-2 3.5-4.7 5.2-8 5.2S4 13.5'
    ' 2 10z"/><circle cx="10" cy="10" r="2.3"/>',
    "edit": '<path d="M4 16l.8-3.3L13.5 4 16 6.5l-8.7 8.7z"/>',
    "information": '<circle cx="10" cy="10" r="7"/><path d="M10 9.3v4.5M10 6.2v.4"/>',
    "success": '<circle cx="10" cy="10" r="7"/><path d="m6.7 10.3 2.4 2.4 4.3-5"/>',
    "warning": '<path d="M10 3 17.8 16.5H2.2zM10 8v4.2M10 14v.4"/>',
    "refused": '<path d="M7 2.8h6l4.2 4.2v6L13 17.2H7L2.8 13V7zM6.5 10h7"/>',
    # States, told apart without colour: dotted ring, half, full, tick, diamond, crossed.
    "state-neutral": '<circle cx="10" cy="10" r="7" stroke-dasharray="2.3 2.1"/>',
    "state-waiting": '<circle cx="10" cy="10" r="7"/><path d="M10 3a7 7 0 0 1 0 14z"'
    ' fill="currentColor"/>',
    "state-active": '<circle cx="10" cy="10" r="7"/><circle cx="10" cy="10" r="3.4"'
    ' fill="currentColor"/>',
    "state-done": '<circle cx="10" cy="10" r="8" fill="currentColor" stroke="none"/>'
    '<path class="icon-cut" d="m6.3 10.3 2.6 2.6 4.8-5.4"/>',
    "state-attention": '<path d="M10 1.5 18.5 10 10 18.5 1.5 10z" fill="currentColor"'
    ' stroke="none"/><path class="icon-cut" d="M10 6v5M10 13.4v.3"/>',
    "state-stopped": '<circle cx="10" cy="10" r="7"/><path d="M5.2 14.8l9.6-9.6"/>',
}

NAMES = tuple(sorted(_DRAWINGS))


def drawing(name: str, label: str = "") -> SafeString:
    """The icon `name` as inline SVG; with `label` it is an image of that name, else decoration.

    Raises KeyError for a name that is not drawn.
    """
    inner = mark_safe(_DRAWINGS[name])  # noqa: S308  our own constants
    turn = " icon-turns" if name in DIRECTIONAL else ""
    if label:
        return format_html(
            '<svg class="icon{}" viewBox="0 0 20 20" role="img" aria-label="{}">{}</svg>',
            turn,
            label,
            inner,
        )
    return format_html(
        '<svg class="icon{}" viewBox="0 0 20 20" aria-hidden="true" focusable="false">{}</svg>',
        turn,
        inner,
    )
