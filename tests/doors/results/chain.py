"""The table, the scene and the readings of the chain of results.

Everybody opens the pages; what they tell is what each reader may know. A project has its page for
those who see it whole, and for nobody else is it there, by whichever of its names.
"""

from collections.abc import Callable
from typing import Any

from cairn.access.permissions import Permission as P
from tests.doors.outcome import EVERYWHERE, Door, Kind
from tests.doors.outcome import Relation as R
from tests.doors.someone import Someone
from tests.doors.stage import Scene

_HELD_BACK = frozenset({R.REDUCED, R.WITHHELD})
_RELATIONS = EVERYWHERE | _HELD_BACK | {R.REDUCED_BY_PUBLIC_ID, R.MISSING, R.OTHER_ZONE}
KINDS: dict[str, Kind] = {
    "chain-of-project": Kind(
        "programme", {None: EVERYWHERE, P.PORTFOLIO_VIEW: EVERYWHERE | _HELD_BACK}, _RELATIONS
    ),
}
_OPEN = Door(is_open=True)
DOORS: dict[str, Door] = {
    "results:programme": _OPEN,
    "results:country": Door(is_open=True, fixed={"code": "NPL"}),
    "results:project": Door("chain-of-project", is_open=True),
    "results:measures": _OPEN,
    "results:measure": Door(is_open=True, fixed={"code": "training.people"}),
}
READINGS: dict[type, Callable[[Someone, Any], bool]] = {}


def add(scene: Scene) -> None:
    """The projects of the scene, by each of their names."""
    for relation, subject in scene.subjects["project"].items():
        if relation in _RELATIONS:
            scene.put("chain-of-project", relation, subject.key, *subject.marks)
