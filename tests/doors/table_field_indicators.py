"""The table, continued: editions of signs. They are shared: whoever sees lists sees them all.

The edition of the scene is a draft that none of those who ask wrote.
"""

from cairn.access.permissions import Permission as P
from tests.doors.outcome import FORM, MOVED, SENDING, Door, Kind, R

HERE = frozenset({R.OWN})

KINDS: dict[str, Kind] = {
    "edition": Kind("identification", {P.INDICATOR_VIEW: HERE}, HERE | {R.OTHER_ZONE, R.MISSING}),
}

SEEN = frozenset({P.INDICATOR_VIEW})
KEPT = frozenset({P.INDICATOR_EDIT})
TAKEN_IN = frozenset(
    {
        "core_auditentry",
        "identification_indicator",
        "identification_indicatoredition",
    }
)
READ = Door("edition", before=SEEN)
WRITE = Door("edition", FORM, before=KEPT)

DOORS: dict[str, Door] = {
    "identification:indicators": Door(before=SEEN),
    "identification:indicator-edition-new": Door(methods=FORM, before=KEPT),
    # Whoever may keep editions takes the shipped one in, once: the form has no fields.
    "identification:indicators-shipped": Door(
        methods=SENDING, before=KEPT, posts=MOVED, leaves=TAKEN_IN
    ),
    "identification:indicator-edition": READ,
    "identification:indicator-edition-file": READ,
    "identification:indicator-edition-compare": READ,
    "identification:indicator-edition-import": WRITE,
    "identification:indicator-edition-publish": WRITE,
    "identification:indicator-edition-withdraw": WRITE,
    "identification:indicator-edition-sign": Door(
        "edition", FORM, before=KEPT, fixed={"sign": "no-pay"}
    ),
}
