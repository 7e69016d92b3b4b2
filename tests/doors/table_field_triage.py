"""The table, continued: reports at a unit, receiving units, and their keys.

Reports are seen by whoever may see reports in the unit's place. A unit itself is known to all who
work with what arrives there or with what sends; its page is for those who see its reports.
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

ANY_OF_THEM = EVERYWHERE | {R.OTHER_ZONE, R.MISSING}
OWN = frozenset({R.OWN})
KNOWN_WITH = (
    P.REPORT_VIEW,
    P.REPORT_RELEASE,
    P.REPORT_SUBMIT,
    P.RECEIVER_MANAGE,
    P.DEVICE_VIEW,
    P.PAPER_ENTER,
)

KINDS: dict[str, Kind] = {
    "report": Kind("identification", {P.REPORT_VIEW: OWN}, ANY_OF_THEM),
    "report-opened": Kind("identification", {P.REPORT_VIEW: OWN}, ANY_OF_THEM),
    "receiver": Kind("identification", dict.fromkeys(KNOWN_WITH, OWN), ANY_OF_THEM),
    "reception-key": Kind("identification", dict.fromkeys(KNOWN_WITH, OWN), ANY_OF_THEM),
}


def only(*permissions: P) -> frozenset[P]:
    return frozenset(permissions)


LIST = Door(before=only(P.REPORT_VIEW))
# Whoever comes back to the address of an opening without its form is led to the report, closed.
OPENING = Door("report-opened", FORM, needs=only(P.REPORT_OPEN), answers=MOVED)
OUTCOME = Door("report-opened", FORM, needs=only(P.REPORT_TRIAGE))
MANAGED = Door("reception-key", FORM, needs=only(P.RECEIVER_MANAGE), is_recent=True)

DOORS: dict[str, Door] = {
    "identification:reports": LIST,
    # No code was typed: back to the list with a word about it.
    "identification:report-find": replace(LIST, answers=MOVED),
    "identification:report": Door("report"),
    "identification:report-open": replace(OPENING, kind="report"),
    "identification:report-read": OPENING,
    "identification:report-identity": OPENING,
    "identification:report-settle": OUTCOME,
    "identification:report-link": OUTCOME,
    "identification:report-again": OUTCOME,
    "identification:receivers": LIST,
    "identification:receiver-new": Door(methods=FORM, before=only(P.RECEIVER_MANAGE)),
    "identification:receiver": Door("receiver", needs=only(P.REPORT_VIEW)),
    "identification:receiver-edit": Door("receiver", FORM, needs=only(P.RECEIVER_MANAGE)),
    "identification:key-new": replace(MANAGED, kind="receiver"),
    "identification:key-passphrase": Door("receiver", FORM, needs=only(P.REPORT_OPEN)),
    "identification:key-hand-over": replace(MANAGED, needs=only(P.REPORT_OPEN)),
    "identification:key-take-over": Door("reception-key", FORM, needs=only(P.REPORT_OPEN)),
    "identification:key-recover": MANAGED,
    # Nobody was chosen whose copy is to be taken away.
    "identification:key-end": replace(MANAGED, methods=SENDING, posts=ABSENT),
    # The key of the scene is the one to which phones seal: it is neither retired nor destroyed.
    "identification:key-retire": replace(
        MANAGED, methods=SENDING, is_recent=False, posts=AGAINST_A_RULE
    ),
    "identification:key-destroy": replace(MANAGED, posts=AGAINST_A_RULE),
    "identification:key-keep": replace(
        MANAGED, methods=SENDING, is_recent=False, posts=AGAINST_A_RULE
    ),
}
