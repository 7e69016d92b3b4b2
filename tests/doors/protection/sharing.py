"""The table, the scene and the readings of sharing in assistance."""

from collections.abc import Callable
from typing import Any

from cairn.access.permissions import Permission as P
from tests.doors.outcome import Door, Kind
from tests.doors.someone import Someone
from tests.doors.stage import Scene

KINDS: dict[str, Kind] = {}
DOORS: dict[str, Door] = {
    "referral:today": Door(any_of=frozenset({P.REFERRAL_VIEW, P.PERSON_VIEW})),
}
READINGS: dict[type, Callable[[Someone, Any], bool]] = {}


def add(scene: Scene) -> None:
    """Records in each relation."""
