"""The table, continued: envelopes that are held.

One that names a phone or a unit is seen in that place; one that names neither by every supervisor.
"""

from dataclasses import replace

from cairn.access.permissions import Permission as P
from tests.doors.outcome import EVERYWHERE, MOVED, SENDING, Door, Kind, R

HELD_KINDS: dict[str, Kind] = {
    "held": Kind(
        "identification",
        {P.REPORT_RELEASE: frozenset({R.OWN})},
        EVERYWHERE | {R.OTHER_ZONE, R.MISSING},
    ),
}
_SEEN = Door("held", before=frozenset({P.REPORT_RELEASE}))
_LEFT = frozenset({"core_auditentry", "identification_heldenvelope", "identification_report"})

HELD: dict[str, Door] = {
    "identification:held": Door(before=frozenset({P.REPORT_RELEASE})),
    "identification:held-one": _SEEN,
    # The one in the scene was held for a clock that was ahead, so that it can be released.
    "identification:held-release": replace(_SEEN, methods=SENDING, posts=MOVED, leaves=_LEFT),
    "identification:held-close": replace(_SEEN, methods=SENDING),
}
KINDS = HELD_KINDS
DOORS = HELD
