"""What other contexts compute for a project: they register, and its page and documents show it.

A context above the portfolio (training) hands in a provider in its `AppConfig.ready`, so that the
portfolio need not know it. A provider answers for whoever asks and decides what they may see.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cairn.core.actor import Actor
from cairn.portfolio.models import Project
from cairn.portfolio.queries.listing import sees_whole


@dataclass(frozen=True, slots=True)
class PanelFigure:
    """One computed figure. Texts are in the active language.

    `value` None: not defined or hidden, and `sentence` says why. `shown`: value with its interval.
    `low`, `high`: bounds of the 95 percent interval in the unit of the value. `definition`: address
    of its definition; `rows`: address of the records behind it; both may be empty. `source`: whence
    the records come.
    """

    code: str
    label: str
    value: float | None
    n: int
    low: float | None
    high: float | None
    unit: str
    shown: str
    sentence: str
    definition: str = ""
    rows: str = ""
    source: str = ""
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """Figures that belong together, with a sentence on what they cover."""

    title: str
    about: str
    figures: tuple[PanelFigure, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """What one context computed for one project. `address`: where more of it is, or empty."""

    code: str
    title: str
    blocks: tuple[Block, ...]
    address: str = ""
    address_label: str = ""
    notes: tuple[str, ...] = field(default=())


Provider = Callable[[Actor, Project], Panel | None]
_PROVIDERS: dict[str, Provider] = {}


def register(code: str, provider: Provider) -> None:
    """Let `provider` answer for every project. Registering again replaces the former one."""
    _PROVIDERS[code] = provider


def panels(actor: Actor, project: Project) -> list[Panel]:
    """What every context computed, in the order of registration.

    Nothing for a project whose country is withheld from the actor: an event has a place.
    """
    if not sees_whole(actor, project):
        return []
    found = (provider(actor, project) for provider in _PROVIDERS.values())
    return [panel for panel in found if panel is not None]


def as_records(found: list[Panel]) -> list[dict[str, Any]]:
    """Panels in plain JSON types; numbers are not rounded."""
    return [
        {
            "code": panel.code,
            "title": panel.title,
            "notes": list(panel.notes),
            "blocks": [
                {
                    "title": block.title,
                    "about": block.about,
                    "figures": [_figure_record(each) for each in block.figures],
                }
                for block in panel.blocks
            ],
        }
        for panel in found
    ]


def _figure_record(figure: PanelFigure) -> dict[str, Any]:
    return {
        "code": figure.code,
        "label": figure.label,
        "value": figure.value,
        "n": figure.n,
        "low": figure.low,
        "high": figure.high,
        "unit": figure.unit,
        "shown": figure.shown,
        "sentence": figure.sentence,
        "source": figure.source,
        "flags": list(figure.flags),
    }
