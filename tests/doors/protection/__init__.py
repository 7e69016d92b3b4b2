"""Assistance in the table of doors: addresses, records and who sees them, part by part."""

from collections.abc import Callable
from typing import Any

from tests.doors.outcome import Door, Kind
from tests.doors.protection import (
    consent,
    directory,
    matching,
    outside,
    persons,
    plans,
    protocols,
    referrals,
    sharing,
)
from tests.doors.someone import Someone
from tests.doors.stage import Scene

PARTS = (
    consent,
    directory,
    matching,
    persons,
    plans,
    protocols,
    referrals,
    outside,
    sharing,
)
PROTECTION_KINDS: dict[str, Kind] = {
    name: one for part in PARTS for name, one in part.KINDS.items()
}
PROTECTION: dict[str, Door] = {name: door for part in PARTS for name, door in part.DOORS.items()}
PROTECTION_READINGS: dict[type, Callable[[Someone, Any], bool]] = {
    model: reading for part in PARTS for model, reading in part.READINGS.items()
}


def add_protection(scene: Scene) -> None:
    """What each part has, in each relation to the people of the scene."""
    for part in PARTS:
        part.add(scene)
