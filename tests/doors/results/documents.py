"""The table, the scene and the readings of: documents."""

from collections.abc import Callable
from typing import Any

from tests.doors.outcome import Door, Kind
from tests.doors.someone import Someone
from tests.doors.stage import Scene

KINDS: dict[str, Kind] = {}
DOORS: dict[str, Door] = {}
READINGS: dict[type, Callable[[Someone, Any], bool]] = {}


def add(_scene: Scene) -> None:
    """Nothing yet."""
