"""The table, continued: paper forms. Whoever enters them sees those for units of the own place."""

from dataclasses import replace

from cairn.access.permissions import Permission as P
from tests.doors.outcome import EVERYWHERE, FORM, MOVED, SENDING, Door, Kind, R

KINDS: dict[str, Kind] = {
    "paper": Kind(
        "identification",
        {P.PAPER_ENTER: frozenset({R.OWN})},
        EVERYWHERE | {R.OTHER_ZONE, R.MISSING},
    ),
}
_ENTERS = frozenset({P.PAPER_ENTER})
_ONE = Door("paper", before=_ENTERS)
_WRITES = Door(methods=FORM, before=_ENTERS)

DOORS: dict[str, Door] = {
    "field:paper": Door(before=_ENTERS),
    "field:paper-print": _WRITES,
    "field:paper-find": _WRITES,
    "field:paper-batch": _ONE,
    "field:paper-pdf": _ONE,
    "field:paper-form": _ONE,
    "field:paper-enter": replace(_ONE, methods=FORM),
    # The one in the scene is a blank, which can be noted as destroyed.
    "field:paper-shred": replace(
        _ONE,
        methods=SENDING,
        posts=MOVED,
        leaves=frozenset({"core_auditentry", "identification_paperform"}),
    ),
}
