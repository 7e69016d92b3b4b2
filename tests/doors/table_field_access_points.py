"""The table, continued: the directory of services. It is shared; each provider keeps its own."""

from cairn.access.permissions import Permission as P
from tests.doors.outcome import EVERYWHERE, FORM, Door, Kind, R

KINDS: dict[str, Kind] = {
    "access-point": Kind(
        "protection",
        {P.DIRECTORY_VIEW: EVERYWHERE},
        EVERYWHERE | {R.OTHER_ZONE, R.MISSING},
    ),
}

KEPT = frozenset({P.DIRECTORY_EDIT})
# Of another organisation or in another country an entry is seen and not changed.
CHANGE = Door("access-point", FORM, needs=KEPT, at_place=True)

DOORS: dict[str, Door] = {
    "referral:access-points": Door(before=frozenset({P.DIRECTORY_VIEW})),
    "referral:access-point-new": Door(methods=FORM, before=KEPT),
    "referral:access-point": Door("access-point"),
    "referral:access-point-edit": CHANGE,
    "referral:access-point-assure": CHANGE,
    "referral:access-point-close": CHANGE,
}
