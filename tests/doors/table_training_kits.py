"""The table, continued: event kits. Names leave with them, so each page asks for its permission."""

from cairn.access.permissions import Permission as P
from tests.doors.outcome import (
    ABSENT,
    AGAINST_A_RULE,
    EVERYWHERE,
    FINE,
    FORM,
    MOVED,
    SENDING,
    Door,
    Kind,
    R,
)

ANY_OF_THEM = EVERYWHERE | {R.OTHER_ZONE, R.MISSING}
OPERATE = frozenset({P.KIT_OPERATE})
NO_EVENT = {"pk": "00000000-0000-0000-0000-000000000000"}

KINDS: dict[str, Kind] = {
    # A laptop belongs to an organisation, in no country.
    "kit": Kind("programme", {P.KIT_OPERATE: frozenset({R.OWN, R.OTHER_COUNTRY})}, ANY_OF_THEM),
    "kit-checkout": Kind("programme", {P.TRAINEE_VIEW: frozenset({R.OWN})}, ANY_OF_THEM),
    "kit-return": Kind("programme", {P.TRAINEE_VIEW: frozenset({R.OWN})}, ANY_OF_THEM),
}
DOORS: dict[str, Door] = {
    "training:kits": Door(before=OPERATE),
    "training:kit-enrol": Door(methods=FORM, before=OPERATE, is_recent=True),
    "training:kit": Door("kit", before=OPERATE),
    # No event is chosen in an empty form: the page asks for one.
    "training:kit-check-out": Door("kit", FORM, before=OPERATE, is_recent=True, posts=FINE),
    "training:kit-revoke": Door("kit", FORM, before=OPERATE, is_recent=True),
    "training:kit-checkout": Door("kit-checkout", before=OPERATE),
    "training:kit-checkout-again": Door("kit-checkout", FORM, before=OPERATE, is_recent=True),
    "training:kit-recall": Door("kit-checkout", FORM, before=OPERATE, is_recent=True),
    "training:kit-check-in": Door("kit-checkout", FORM, before=OPERATE),
    "training:kit-return": Door("kit-return", before=OPERATE),
    "training:kit-sheet": Door("kit-return", before=OPERATE),
    # The bundle of the scene was not read to its end, so there is no receipt for it yet.
    "training:kit-receipt": Door("kit-return", SENDING, before=OPERATE, posts=AGAINST_A_RULE),
    # This machine is no kit: it carries no event.
    "training:kit-here": Door(before=OPERATE),
    "training:kit-export": Door(
        methods=SENDING, before=OPERATE, is_recent=True, fixed=NO_EVENT, posts=ABSENT
    ),
    "training:kit-receipt-taken": Door(methods=SENDING, before=OPERATE, posts=MOVED),
}
