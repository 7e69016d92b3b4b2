"""The table, continued: the cascade, what it rests on, one trainer's work, and plans.

Counts and plans are shared by all who work on training; a trainer is found as any trainee is.
"""

from cairn.access.permissions import Permission as P
from tests.doors.outcome import EVERYWHERE, FORM, MOVED, SENDING, Door, Kind, R

ANY_OF_THEM = EVERYWHERE | {R.OTHER_ZONE, R.MISSING}
VIEW = Door(before=frozenset({P.TRAINING_VIEW}))
EDIT = frozenset({P.TRAINING_EDIT})

KINDS: dict[str, Kind] = {
    "cascade-plan": Kind("programme", {P.TRAINING_VIEW: EVERYWHERE}, ANY_OF_THEM),
    "cascade-target": Kind("programme", {P.TRAINING_VIEW: EVERYWHERE}, ANY_OF_THEM),
}
DOORS: dict[str, Door] = {
    "training:cascade": VIEW,
    "training:cascade-resting": VIEW,
    "training:trainer-cascade": Door("trainee"),
    "training:cascade-plans": VIEW,
    "training:cascade-plan-new": Door(methods=FORM, before=EDIT),
    "training:cascade-plan": Door("cascade-plan"),
    "training:cascade-target-new": Door("cascade-plan", FORM, needs=EDIT),
    "training:cascade-target-remove": Door(
        "cascade-target",
        SENDING,
        needs=EDIT,
        posts=MOVED,
        leaves=frozenset({"core_auditentry", "training_cascadetarget"}),
    ),
}
