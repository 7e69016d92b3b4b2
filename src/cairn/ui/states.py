"""How a state looks: a tone (colour) and a shape, beside its word. Never colour alone.

A tone says what the state asks of the reader, not whether the matter is good or bad: an open
request is `waiting`, whatever it is about. Apps register their own codes in `AppConfig.ready`.
"""

from enum import StrEnum

from django.core.exceptions import ImproperlyConfigured


class Tone(StrEnum):
    """`SHAPES` gives each its drawing; tokens.css its colours in both themes."""

    NEUTRAL = "neutral"
    WAITING = "waiting"
    ACTIVE = "active"
    DONE = "done"
    ATTENTION = "attention"
    STOPPED = "stopped"


# Names of drawings in icons.py: told apart in black and white, and at 12 px.
SHAPES = {
    Tone.NEUTRAL: "state-neutral",
    Tone.WAITING: "state-waiting",
    Tone.ACTIVE: "state-active",
    Tone.DONE: "state-done",
    Tone.ATTENTION: "state-attention",
    Tone.STOPPED: "state-stopped",
}

_tones: dict[str, Tone] = {
    **dict.fromkeys(
        ("draft", "concept", "received", "proposed", "unknown", "not_known", "not_asked"),
        Tone.NEUTRAL,
    ),
    **dict.fromkeys(
        ("sent", "pending", "waiting", "assessed", "appraised", "matched", "pledged", "requested"),
        Tone.WAITING,
    ),
    **dict.fromkeys(
        (
            "active",
            "approved",
            "accepted",
            "ongoing",
            "delivering",
            "funded",
            "fully_funded",
            "partly_funded",
            "signed",
            "running",
        ),
        Tone.ACTIVE,
    ),
    **dict.fromkeys(
        (
            "done",
            "completed",
            "delivered",
            "followed_up",
            "closed",
            "operationally_closed",
            "financially_closed",
            "evaluated",
            "paid",
        ),
        Tone.DONE,
    ),
    **dict.fromkeys(("overdue", "late", "shortfall", "finding"), Tone.ATTENTION),
    **dict.fromkeys(
        ("declined", "refused", "cancelled", "withdrawn", "suspended", "expired"), Tone.STOPPED
    ),
}


def register(tones: dict[str, Tone]) -> None:
    """Give state codes their tones. Raises ImproperlyConfigured when a code has another already."""
    for code, tone in tones.items():
        if _tones.get(code, tone) is not tone:
            raise ImproperlyConfigured(
                f"The state {code!r} already has the tone {_tones[code].value!r}; "
                "pass tone= where it is shown if this one means something else."
            )
        _tones[code] = tone


def tone_of(code: str) -> Tone:
    """The tone registered for `code`, or `NEUTRAL`; hyphens equal underscores."""
    return _tones.get(code.lower().replace("-", "_"), Tone.NEUTRAL)
