"""The table, continued: people who are trained, calls, nominations, vetting, deployments.

People one by one are the work of whoever sees trainees in their place; a focal point sees those
whom the own agency nominated, a trainer those of the own events. Counts of calls are shared.
"""

from dataclasses import replace

from cairn.access.permissions import Permission as P
from tests.doors.outcome import (
    ABSENT,
    AGAINST_A_RULE,
    EVERYWHERE,
    FORM,
    MOVED,
    RECENT_FIRST,
    SENDING,
    Door,
    Kind,
    R,
)

AUDITED = frozenset({"core_auditentry"})
ANY_OF_THEM = EVERYWHERE | {R.OTHER_ZONE, R.MISSING}
OWN = frozenset({R.OWN})
NOWHERE = "00000000-0000-0000-0000-000000000000"

KINDS: dict[str, Kind] = {
    "trainee": Kind(
        "programme",
        {P.TRAINEE_VIEW: OWN, P.NOMINATION_MAKE: OWN, P.EVENT_RUN: OWN},
        ANY_OF_THEM,
    ),
    "call": Kind("programme", {P.TRAINING_VIEW: EVERYWHERE, P.NOMINATION_MAKE: OWN}, ANY_OF_THEM),
    "nomination": Kind("programme", {P.TRAINEE_VIEW: OWN, P.NOMINATION_MAKE: OWN}, ANY_OF_THEM),
    "vetting": Kind("programme", {P.TRAINEE_VIEW: OWN}, ANY_OF_THEM),
    "deployment": Kind("programme", {P.TRAINEE_VIEW: OWN}, ANY_OF_THEM),
    # A file belongs to whoever brought it; those of the scene were brought by somebody else.
    "staged-file": Kind("programme", {}, ANY_OF_THEM),
}


def only(*permissions: P) -> frozenset[P]:
    return frozenset(permissions)


EDIT = Door(methods=FORM, before=only(P.TRAINEE_EDIT))
PERSON = Door("trainee", FORM, needs=only(P.TRAINEE_EDIT))
# The other record is the trainer of the scene.
PAIR = Door("trainee", FORM, before=only(P.TRAINEE_EDIT), fixed={"right": "G88-882"})
NOMINATING = only(P.NOMINATION_MAKE, P.TRAINEE_EDIT)
PROPOSE = Door("call", FORM, any_of=NOMINATING, at_place=True)
PLAN = Door("call", FORM, needs=only(P.TRAINING_EDIT), at_place=True)
DECIDE = Door("call", FORM, needs=only(P.TRAINING_DECIDE), at_place=True)
RUN = Door("call", SENDING, runs=True, posts=MOVED)
CHECK = Door("vetting", FORM, before=only(P.VETTING_RECORD))
FILE = Door("staged-file", SENDING)

DOORS: dict[str, Door] = {
    "training:people": Door(before=only(P.TRAINEE_VIEW)),
    # No code was typed: back to the list with a word about it.
    "training:person-find": Door(before=only(P.TRAINEE_VIEW), answers=MOVED),
    "training:people-search": Door(methods=FORM, before=only(P.TRAINEE_OPEN)),
    "training:person-new": EDIT,
    "training:people-file": EDIT,
    "training:people-export": Door(
        methods=FORM, before=only(P.TRAINEE_EXPORT), is_recent=True, order=RECENT_FIRST
    ),
    "training:duplicates": Door(before=only(P.TRAINEE_EDIT)),
    "training:merge-undo": replace(EDIT, fixed={"pk": NOWHERE}, answers=ABSENT, posts=ABSENT),
    "training:pair": PAIR,
    "training:pair-apart": PAIR,
    "training:person": Door("trainee"),
    "training:person-open": Door("trainee", FORM, answers=MOVED),
    "training:person-edit": PERSON,
    "training:person-service": PERSON,
    "training:person-consent": PERSON,
    # No consent was named: back to the person with a word about it.
    "training:person-consent-withdraw": replace(PERSON, methods=SENDING, posts=MOVED),
    "training:calls": Door(any_of=only(P.TRAINING_VIEW, P.NOMINATION_MAKE)),
    "training:call": Door("call"),
    "training:call-names": Door("call", FORM, answers=MOVED),
    "training:call-funnel": Door("call", before=only(P.TRAINING_VIEW)),
    "training:call-edit": Door("training-event", FORM, needs=only(P.TRAINING_EDIT), at_place=True),
    "training:call-seats": PLAN,
    "training:nominate": PROPOSE,
    "training:nominate-file": PROPOSE,
    "training:nominate-empty": Door(
        "call", any_of=NOMINATING, at_place=True, fixed={"form": "csv"}
    ),
    "training:call-enrol": RUN,
    "training:call-settle": RUN,
    "training:call-vetting": Door(
        "call",
        SENDING,
        needs=only(P.VETTING_RECORD),
        at_place=True,
        posts=MOVED,
        leaves=AUDITED,
    ),
    "training:selection": DECIDE,
    # No score was given: nothing is kept.
    "training:selection-scores": replace(DECIDE, answers=MOVED, posts=MOVED),
    "training:participants-file": Door(
        "training-event", FORM, before=only(P.TRAINEE_EDIT), at_place=True
    ),
    "training:nomination": Door("nomination"),
    "training:nomination-complete": Door("nomination", FORM, any_of=NOMINATING),
    # The nomination of the scene is not complete yet, so no check is asked for.
    "training:nomination-vetting": Door(
        "nomination", SENDING, needs=only(P.VETTING_RECORD), posts=MOVED
    ),
    "training:nomination-step": Door(
        "nomination",
        FORM,
        any_of=NOMINATING | {P.TRAINING_DECIDE},
        fixed={"to": "withdraw"},
    ),
    "training:staged": Door("staged-file"),
    "training:staged-apply": FILE,
    "training:staged-discard": FILE,
    "training:vetting": Door(before=only(P.VETTING_RECORD)),
    "training:vetting-check": replace(CHECK, methods=frozenset({"GET", "HEAD"})),
    "training:vetting-open": Door("vetting", FORM, before=only(P.VETTING_OPEN), answers=MOVED),
    "training:vetting-result": CHECK,
    "training:vetting-receipt": CHECK,
    "training:vetting-close": CHECK,
    "training:deployments": Door(before=only(P.TRAINEE_VIEW)),
    "training:deployment-new": EDIT,
    "training:deployments-file": EDIT,
    "training:rotation": Door(before=only(P.TRAINEE_VIEW)),
    "training:deployment": Door("deployment", before=only(P.TRAINEE_VIEW)),
    # To cancel, a reason is needed.
    "training:deployment-step": Door(
        "deployment",
        FORM,
        before=only(P.TRAINEE_EDIT),
        fixed={"to": "cancel"},
        posts=AGAINST_A_RULE,
    ),
}
