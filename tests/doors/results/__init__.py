"""Results, practices and statistics in the table of doors, part by part."""

from collections.abc import Callable
from typing import Any

from tests.doors.outcome import Door, Kind
from tests.doors.results import (
    chain,
    documents,
    indicators,
    interactive,
    pipeline,
    practices,
    public,
)
from tests.doors.someone import Someone
from tests.doors.stage import Scene

PARTS = (
    chain,
    documents,
    indicators,
    interactive,
    pipeline,
    practices,
    public,
)
RESULTS_KINDS: dict[str, Kind] = {name: one for part in PARTS for name, one in part.KINDS.items()}
RESULTS: dict[str, Door] = {name: door for part in PARTS for name, door in part.DOORS.items()}
RESULTS_READINGS: dict[type, Callable[[Someone, Any], bool]] = {
    model: reading for part in PARTS for model, reading in part.READINGS.items()
}


def add_results(scene: Scene) -> None:
    """What each part has, in each relation to the people of the scene."""
    for part in PARTS:
        part.add(scene)
