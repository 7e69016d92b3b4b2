"""The table, continued: the app of phones, what phones talk to, and phones at the desk.

The app and its interface know no account: they answer everybody alike. Phones are seen by those
who look after them in their own organisation and country.
"""

from dataclasses import replace

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

AUDITED = frozenset({"core_auditentry"})
ANY_OF_THEM = EVERYWHERE | {R.OTHER_ZONE, R.MISSING}
WRONG_TYPE = 415
OWN = frozenset({R.OWN})

KINDS: dict[str, Kind] = {
    "device": Kind("identification", {P.DEVICE_VIEW: OWN}, ANY_OF_THEM),
    "device-alert": Kind("identification", {P.DEVICE_VIEW: OWN}, ANY_OF_THEM),
}


def only(*permissions: P) -> frozenset[P]:
    return frozenset(permissions)


# A browser with a session whose second factor is missing gets the app as everybody does.
OPEN = Door(is_open=True, without_factor=True)
# What is sent here is the JSON of a phone; an empty form is none.
API = Door(
    is_open=True,
    methods=SENDING,
    without_factor=True,
    posts=WRONG_TYPE,
    untokened=WRONG_TYPE,
)
MANAGED = Door("device", FORM, needs=only(P.DEVICE_MANAGE), is_recent=True)

DOORS: dict[str, Door] = {
    "field:app": OPEN,
    "field:worker": OPEN,
    "field:manifest": OPEN,
    "field:icon": replace(OPEN, fixed={"size": "192"}),
    # Files of another build than the present one are not here.
    "field:file": replace(
        OPEN, fixed={"build": "0123456789abcdef", "path": "main.js"}, answers=ABSENT
    ),
    "field:pack": replace(OPEN, fixed={"language": "en"}),
    "field:audio": replace(OPEN, fixed={"language": "en", "name": "greeting.mp3"}, answers=ABSENT),
    "field:api-enrol": API,
    "field:api-envelopes": API,
    "field:api-contact": API,
    "field:devices": Door(before=only(P.DEVICE_VIEW)),
    # No code was typed: back to the list with a word about it.
    "field:device-find": Door(before=only(P.DEVICE_VIEW), answers=MOVED),
    "field:device-invite": Door(methods=FORM, before=only(P.DEVICE_MANAGE), is_recent=True),
    "field:device-alert": Door(
        "device-alert",
        SENDING,
        needs=only(P.DEVICE_MANAGE),
        posts=MOVED,
        leaves=AUDITED | {"identification_devicealert"},
    ),
    "field:device": Door("device"),
    "field:device-open": Door("device", FORM, answers=MOVED),
    # The phone of the scene is in use: there is no place that waits for a new code.
    "field:device-again": replace(MANAGED, posts=AGAINST_A_RULE),
    "field:device-renew": Door(
        "device",
        SENDING,
        needs=only(P.DEVICE_MANAGE),
        posts=MOVED,
        leaves=AUDITED | {"identification_device"},
    ),
    "field:device-revoke": MANAGED,
}
