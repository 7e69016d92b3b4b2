"""The table, the scene and the readings of: practices, tools.

A practice is seen by everybody once two people agreed on it; its draft by whoever writes or
reviews. Tools, their versions and what was made of them are open, and so are the counts.
"""

from collections.abc import Callable
from typing import Any

from cairn.access.permissions import Permission as P
from cairn.library.models import Practice, ToolAdaptation, ToolDownloads, ToolVersion
from tests.doors.outcome import Door, Kind
from tests.doors.someone import Someone
from tests.doors.stage import Scene

KINDS: dict[str, Kind] = {}
DOORS: dict[str, Door] = {}


def sees_practice(someone: Someone, practice: Practice) -> bool:
    is_out = practice.published_at is not None and practice.state != "withdrawn"
    return is_out or someone.may(P.DOCUMENT_EDIT) or someone.may(P.DOCUMENT_PUBLISH)


READINGS: dict[type, Callable[[Someone, Any], bool]] = {
    Practice: sees_practice,
    ToolVersion: lambda _someone, _version: True,
    ToolDownloads: lambda _someone, _downloads: True,
    ToolAdaptation: lambda _someone, _adaptation: True,
}


def add(_scene: Scene) -> None:
    """Nothing yet."""
