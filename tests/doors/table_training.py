"""The table, continued: addresses of training, by part, and the kinds of record that they name."""

from importlib import import_module

from cairn.access.permissions import Permission as P
from tests.doors.outcome import EVERYWHERE, Door, Kind, R

# A person-level record is the work of whoever sees trainees in its place, and of the trainer who
# is staffed on its event (in the scene: the trainer on one's own event).
WORKED_ON = {P.TRAINEE_VIEW: frozenset({R.OWN}), P.EVENT_RUN: frozenset({R.OWN})}
ANY_OF_THEM = EVERYWHERE | {R.OTHER_ZONE, R.MISSING}
PARTS = (
    "events",
    "results",
    "cascade",
    "credentials",
    "curriculum",
    "followup",
    "kits",
    "people",
    "roster",
    "tests",
)

TRAINING_KINDS: dict[str, Kind] = {}
TRAINING: dict[str, Door] = {}
for _part in PARTS:
    _module = import_module(f"tests.doors.table_training_{_part}")
    TRAINING_KINDS |= _module.KINDS
    TRAINING |= _module.DOORS
