"""The table, continued: modules, their versions, course plans, objectives and needs.

What is taught is shared by all who work on training.
"""

from cairn.access.permissions import Permission as P
from tests.doors.outcome import EVERYWHERE, FORM, Door, Kind, R

ANY_OF_THEM = EVERYWHERE | {R.OTHER_ZONE, R.MISSING}
SHARED: dict[P | None, frozenset[R]] = {P.TRAINING_VIEW: EVERYWHERE}
VIEW = Door(before=frozenset({P.TRAINING_VIEW}))
ENTER = Door(methods=FORM, before=frozenset({P.TRAINING_EDIT}))
EDIT = frozenset({P.TRAINING_EDIT})

KINDS: dict[str, Kind] = {
    "module": Kind("programme", SHARED, ANY_OF_THEM),
    "module-version": Kind("programme", SHARED, ANY_OF_THEM),
    "adaptation": Kind("programme", SHARED, ANY_OF_THEM),
    "course-plan": Kind("programme", SHARED, ANY_OF_THEM),
}
DOORS: dict[str, Door] = {
    "training:modules": VIEW,
    "training:module-new": ENTER,
    "training:module": Door("module"),
    "training:module-compare": Door("module"),
    "training:version-new": Door("module", FORM, needs=EDIT),
    "training:version-edit": Door("module-version", FORM, needs=EDIT),
    "training:version-move": Door("module-version", FORM, needs=EDIT),
    "training:version-adapt": Door("module-version", FORM, needs=EDIT),
    "training:version-taught": Door("module-version", FORM, needs=frozenset({P.TRAINING_DECIDE})),
    "training:version-variant": Door("module-version", FORM, needs=EDIT, fixed={"language": "fr"}),
    "training:adaptation-move": Door("adaptation", FORM, needs=EDIT),
    "training:plans": VIEW,
    "training:plan-new": ENTER,
    "training:plan-edit": Door("course-plan", FORM, needs=EDIT),
    "training:objectives": VIEW,
    "training:objective-new": ENTER,
    "training:needs": VIEW,
    "training:need-new": ENTER,
    "training:strength-new": ENTER,
}
