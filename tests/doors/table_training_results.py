"""The table, continued: results of tests, the closing report, and definitions of figures."""

from cairn.access.permissions import Permission as P
from tests.doors.outcome import Door, Kind

SEEN = frozenset({P.TRAINING_VIEW})

KINDS: dict[str, Kind] = {}
DOORS: dict[str, Door] = {
    "training:overview": Door(before=SEEN),
    # Published figures lead to these, so they are open to everybody.
    "training:figures": Door(is_open=True),
    "training:figure": Door(is_open=True, fixed={"code": "gain"}),
    "training:results": Door("training-event", before=SEEN),
    "training:results-rows": Door("training-event", before=SEEN, runs=True),
    "training:results-items": Door("training-event", before=SEEN),
    "training:closing": Door("training-event", before=SEEN),
    "training:closing-file": Door("training-event", before=SEEN, fixed={"kind": "json"}),
}
