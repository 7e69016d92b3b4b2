"""The table, the scene and the readings of published statistics: open to everybody."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from cairn.access.permissions import Permission as P
from cairn.observatory.models import Bulletin
from cairn.observatory.rules.pipeline import digest
from cairn.observatory.tests.public_scene import BUILDER, payload, publish
from tests.doors.outcome import AGAINST_A_RULE, SENDING, Door, Kind, R
from tests.doors.someone import Someone
from tests.doors.stage import Scene

_THERE = frozenset({R.OWN})
_ASKED = frozenset({R.OWN, R.OTHER_ZONE, R.MISSING})
KINDS: dict[str, Kind] = {
    "published": Kind("statistics", {None: _THERE}, _ASKED),
    "series": Kind("statistics", {None: _THERE}, _ASKED),
}
_OPEN = Door(is_open=True)
_RELEASE = Door("published", is_open=True)
_FIFTH = {"year": "2026", "number": "5"}
DOORS: dict[str, Door] = {
    "observatory:statistics": _OPEN,
    "observatory:api-about": _OPEN,
    "observatory:bulletins": _OPEN,
    "observatory:api-releases": _OPEN,
    "observatory:api-openapi": _OPEN,
    "observatory:statistics-series": Door("series", is_open=True),
    "observatory:statistics-release": _RELEASE,
    "observatory:statistics-table": _RELEASE,
    "observatory:statistics-flows": _RELEASE,
    "observatory:statistics-file": Door("published", is_open=True, fixed={"kind": "csv"}),
    "observatory:api-release": _RELEASE,
    "observatory:api-data": _RELEASE,
    "observatory:bulletin": Door(is_open=True, fixed=_FIFTH),
    "observatory:bulletin-file": Door(is_open=True, fixed=_FIFTH | {"language": "en"}),
    # The one of the scene is out already, and there is nothing to see in what is not out yet.
    "observatory:bulletin-issue": Door(
        methods=SENDING,
        before=frozenset({P.STATISTICS_BUILD}),
        posts=AGAINST_A_RULE,
        fixed=_FIFTH,
    ),
}
READINGS: dict[type, Callable[[Someone, Any], bool]] = {
    Bulletin: lambda _someone, _row: True,
}


def add(scene: Scene) -> None:
    """A published release of an invented series, and the bulletin that tells of it."""
    made = payload("R-2026-95")
    publish(made)
    scene.put("published", R.OWN, made["release"])
    scene.put("series", R.OWN, made["series"]["name"])
    content: dict[str, Any] = {"releases": []}
    Bulletin.objects.create(
        year=2026,
        number=5,
        payload=content,
        digest=digest(content),
        issued_at=timezone.now(),
        issued_by=BUILDER,
    )
