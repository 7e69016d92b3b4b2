"""The table, continued: the desk that watches over access, and who has which role.

Oversight is for the installation as a whole: it sees codes, reasons and counts, and no person's
page. Others see there what they asked for or reported themselves.
"""

from dataclasses import replace

from cairn.access.permissions import Permission as P
from tests.doors.outcome import (
    AGAINST_A_RULE,
    EVERYWHERE,
    FINE,
    FORM,
    MOVED,
    RECENT_FIRST,
    SENDING,
    Door,
    Kind,
    R,
)
from tests.doors.table_people import AUDITED, only, page

OF_A_STRANGER = frozenset({R.OTHER_ORGANISATION})
STRANGERS = OF_A_STRANGER | {R.OTHER_ZONE, R.MISSING}
OWN = frozenset({R.OWN})
# A first use makes a key.
KEYS = frozenset({"vault_datakey", "vault_namedkey"})
ONLY_THE_DESK = Kind("oversight", {P.OVERSIGHT_VIEW: OF_A_STRANGER}, STRANGERS)
OWN_AND_THE_DESK = Kind(
    "oversight", {None: OWN, P.OVERSIGHT_VIEW: OF_A_STRANGER | OWN}, STRANGERS | OWN
)
DESK_KINDS: dict[str, Kind] = {
    "reading": ONLY_THE_DESK,
    "alert": ONLY_THE_DESK,
    "wish": ONLY_THE_DESK,
    "emergency": OWN_AND_THE_DESK,
    "file": OWN_AND_THE_DESK,
    "own file": Kind("oversight", {None: OWN}, STRANGERS | OWN),
    "incident": OWN_AND_THE_DESK,
    "member": Kind("access", {P.ROLE_VIEW: EVERYWHERE}, OF_A_STRANGER | {R.MISSING}),
    "user": Kind("access", {P.ROLE_VIEW: EVERYWHERE}, STRANGERS),
}

# The notes of the desk are opened by a button, with no reason asked, and each opening is on record.
OPENING = Door(methods=FORM, posts=FINE, leaves=AUDITED, opens=True)
WATCHING = {
    "oversight:desk": page(P.OVERSIGHT_VIEW),
    "oversight:notices": Door(),
    "oversight:notices-see": Door(
        methods=SENDING, posts=MOVED, leaves=AUDITED | {"oversight_notice"}
    ),
    "oversight:readings": page(P.OVERSIGHT_VIEW),
    "oversight:readings-export": Door(before=only(P.AUDIT_EXPORT), is_recent=True, leaves=AUDITED),
    "oversight:reading": replace(OPENING, kind="reading", before=only(P.OVERSIGHT_VIEW)),
    "oversight:seen": Door(fixed={"code": "CCC-223"}, before=only(P.OVERSIGHT_VIEW)),
    "oversight:alerts": page(P.OVERSIGHT_VIEW),
    "oversight:alert": replace(OPENING, kind="alert", before=only(P.OVERSIGHT_VIEW)),
    "oversight:alert-explain": Door("alert", FORM, before=only(P.OVERSIGHT_REVIEW)),
    "oversight:alert-escalate": Door("alert", FORM, before=only(P.OVERSIGHT_REVIEW)),
    "oversight:emergency": Door(
        methods=FORM, before=only(P.PERSON_BREAK_GLASS), is_recent=True, order=RECENT_FIRST
    ),
    "oversight:glass-list": page(P.OVERSIGHT_VIEW),
    "oversight:glass": replace(OPENING, kind="emergency", before=only(P.OVERSIGHT_VIEW)),
    "oversight:glass-end": Door(
        "emergency", SENDING, posts=MOVED, leaves=AUDITED | {"oversight_breakglass"}
    ),
    "oversight:glass-review": Door("emergency", FORM, before=only(P.OVERSIGHT_REVIEW)),
    "oversight:links": page(P.OVERSIGHT_VIEW),
    "oversight:log": page(P.AUDIT_VIEW),
    "oversight:checkpoint": Door(
        methods=SENDING,
        before=only(P.AUDIT_EXPORT),
        is_recent=True,
        posts=FINE,
        leaves=AUDITED | KEYS,
    ),
}

HANDLING = {
    "oversight:exports": Door(),
    "oversight:export": replace(OPENING, kind="file"),
    # A form without a decision decides nothing.
    "oversight:export-decide": Door(
        "file",
        SENDING,
        before=only(P.EXPORT_APPROVE),
        is_recent=True,
        posts=400,
    ),
    # Nobody takes a file that another one asked for, nor before it was agreed to.
    "oversight:export-take": Door(
        "own file", SENDING, is_recent=True, needs=only(P.PERSON_EXPORT), posts=AGAINST_A_RULE
    ),
    "oversight:requests": page(P.OVERSIGHT_VIEW),
    "oversight:request-new": Door(methods=FORM, before=only(P.SUBJECT_REQUEST_HANDLE)),
    "oversight:request": replace(OPENING, kind="wish", before=only(P.OVERSIGHT_VIEW)),
    "oversight:request-move": Door("wish", FORM, before=only(P.SUBJECT_REQUEST_HANDLE)),
    "oversight:incidents": Door(),
    "oversight:incident-new": Door(methods=FORM, before=only(P.INCIDENT_REPORT)),
    "oversight:incident": replace(OPENING, kind="incident"),
    "oversight:incident-move": Door("incident", FORM, before=only(P.INCIDENT_HANDLE)),
    "oversight:retention": page(P.OVERSIGHT_VIEW),
    "oversight:keep-longer": Door(
        "erasable", FORM, before=only(P.RETENTION_DECIDE), fixed={"kind": "person"}
    ),
    "oversight:holds": page(P.OVERSIGHT_VIEW),
    "oversight:hold-new": Door(methods=FORM, before=only(P.RETENTION_DECIDE)),
    "oversight:hold": replace(OPENING, kind="hold", before=only(P.OVERSIGHT_VIEW)),
    "oversight:hold-lift": Door(
        "hold",
        SENDING,
        before=only(P.RETENTION_DECIDE),
        posts=MOVED,
        leaves=AUDITED | {"oversight_hold"},
    ),
    "oversight:erasures": Door(),
    "oversight:erasure-new": Door("erasable", FORM, fixed={"kind": "person"}),
    "oversight:erasure": replace(OPENING, kind="erasure"),
    "oversight:erasure-approve": Door(
        "erasure", FORM, before=only(P.ERASURE_APPROVE), is_recent=True
    ),
    "oversight:erasure-refuse": Door("erasure", FORM, before=only(P.ERASURE_APPROVE)),
    "oversight:data-map": page(P.OVERSIGHT_VIEW),
    "oversight:data-map-csv": Door(before=only(P.OVERSIGHT_VIEW), leaves=AUDITED),
    "oversight:impact-sheet": page(P.OVERSIGHT_VIEW),
    "oversight:impact-sheet-file": Door(
        before=only(P.OVERSIGHT_VIEW), fixed={"kind": "json"}, leaves=AUDITED
    ),
    "oversight:keys": Door(any_of=only(P.KEY_OPERATE, P.OVERSIGHT_VIEW)),
    # Nothing was chosen to renew.
    "oversight:keys-renew": Door(
        methods=SENDING, before=only(P.KEY_OPERATE), is_recent=True, posts=AGAINST_A_RULE
    ),
}

ROLES_GIVEN = {
    "access:people": page(P.ROLE_VIEW),
    "access:role-grant": Door("user", FORM, before=only(P.ROLE_GRANT), is_recent=True),
    # The memberships of the scene are confirmed already.
    "access:role-confirm": Door(
        "member",
        SENDING,
        before=only(P.ROLE_CONFIRM),
        is_recent=True,
        posts=AGAINST_A_RULE,
    ),
    "access:role-end": Door(
        "member",
        SENDING,
        before=only(P.ROLE_GRANT),
        at_home=True,
        is_recent=True,
        posts=MOVED,
        leaves=AUDITED | {"access_membership"},
    ),
}

DESK: dict[str, Door] = {**WATCHING, **HANDLING, **ROLES_GIVEN}
