"""The table, continued: questionnaires of events, and the page where people answer."""

from cairn.access.permissions import Permission as P
from tests.doors.outcome import (
    ABSENT,
    AGAINST_A_RULE,
    EVERYWHERE,
    FORM,
    MOVED,
    SENDING,
    Door,
    Kind,
    R,
)

ANY_OF_THEM = EVERYWHERE | {R.OTHER_ZONE, R.MISSING}
NOBODY = {"invitation": "00000000-0000-0000-0000-000000000000"}

KINDS: dict[str, Kind] = {
    "survey-wave": Kind("programme", {P.TRAINING_VIEW: EVERYWHERE}, ANY_OF_THEM),
}
DOORS: dict[str, Door] = {
    # Whoever holds no token finds nothing.
    "training:answer": Door(
        is_open=True,
        methods=FORM,
        fixed={"token": "0000-0000-0000-0000"},
        answers=ABSENT,
        posts=ABSENT,
    ),
    # An empty sheet names no task.
    "training:practical": Door("training-event", FORM, runs=True, posts=AGAINST_A_RULE),
    "training:waves": Door("training-event"),
    "training:wave-new": Door("training-event", FORM, runs=True),
    "training:wave": Door("survey-wave"),
    "training:wave-slips": Door("survey-wave", runs=True),
    "training:wave-invite": Door("survey-wave", SENDING, runs=True, posts=MOVED),
    "training:wave-remind": Door(
        "survey-wave", SENDING, runs=True, posts=MOVED, leaves=frozenset({"core_auditentry"})
    ),
    "training:wave-unreached": Door("survey-wave", SENDING, runs=True, fixed=NOBODY, posts=MOVED),
}
