"""The table, continued: what follows a decision, the care for children, and the duty check.

The procedures of the scene have no decision, guardian or interview: a number in an address finds
none, for whoever may look for one.
"""

from dataclasses import replace

from cairn.access.permissions import Permission as P
from tests.doors.outcome import ABSENT, FINE, FORM, MOVED, SENDING, Door, Kind

RIGHTS_KINDS: dict[str, Kind] = {}
_EDITED = Door("procedure", FORM, needs=frozenset({P.PROCEDURE_EDIT}))
_NUMBERED = replace(_EDITED, fixed={"number": "1"}, answers=ABSENT, posts=ABSENT)
# The key of the tokens' hashes is made when the first token is.
_ISSUED = frozenset(
    {"core_auditentry", "identification_dutytoken", "vault_datakey", "vault_namedkey"}
)

RIGHTS: dict[str, Door] = {
    "identification:procedure-tell": _NUMBERED,
    "identification:procedure-review": _EDITED,
    "identification:procedure-reflection": _EDITED,
    "identification:procedure-age": _EDITED,
    "identification:guardian-new": _EDITED,
    "identification:guardian-end": _NUMBERED,
    "identification:best-interests-new": _EDITED,
    "identification:interview-new": _EDITED,
    "identification:interview-settle": _NUMBERED,
    "identification:procedure-token": replace(_EDITED, posts=FINE, leaves=_ISSUED),
    "identification:procedure-token-end": replace(
        _EDITED, methods=SENDING, posts=MOVED, leaves=_ISSUED
    ),
    "identification:duty": Door(methods=FORM, before=frozenset({P.DUTY_CHECK})),
    # No country has a profile in the scene.
    "identification:profile": Door(
        any_of=frozenset({P.PROCEDURE_VIEW, P.ROLE_GRANT}),
        fixed={"country": "XTA"},
        answers=ABSENT,
    ),
}
KINDS = RIGHTS_KINDS
DOORS = RIGHTS
