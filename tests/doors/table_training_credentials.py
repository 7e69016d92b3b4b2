"""The table, continued: certificates, and the public check of them.

Whoever presents a certificate has no account; whoever works on its event sees it by code.
"""

from dataclasses import replace

from cairn.access.permissions import Permission as P
from tests.doors.outcome import ABSENT, EVERYWHERE, FORM, MOVED, NOT_VALID, SENDING, Door, Kind, R

ANY_OF_THEM = EVERYWHERE | {R.OTHER_ZONE, R.MISSING}
AUDITED = frozenset({"core_auditentry"})
# The first certificate, list or key that is asked for makes the key.
KEY = frozenset({"vault_signingkey"})
OWN = frozenset({R.OWN})

KINDS: dict[str, Kind] = {
    "credential": Kind("programme", {P.TRAINEE_VIEW: OWN, P.EVENT_RUN: OWN}, ANY_OF_THEM),
}

PUBLISHED = Door(is_open=True, leaves=KEY)
OPENED = Door("credential", FORM)
REVOKED = Door("credential", FORM, needs=frozenset({P.CREDENTIAL_REVOKE}), is_recent=True)
FOLLOWED = replace(REVOKED, needs=frozenset({P.CREDENTIAL_ISSUE}))
DECIDED = Door(methods=FORM, before=frozenset({P.TRAINING_DECIDE}))
DOORS: dict[str, Door] = {
    "training:check": Door(is_open=True, methods=FORM),
    "training:check-worker": Door(is_open=True),
    "training:check-list": PUBLISHED,
    "training:check-list-one": replace(PUBLISHED, fixed={"purpose": "suspension"}),
    "training:check-issuer": PUBLISHED,
    "training:check-key": replace(PUBLISHED, fixed={"key": "0" * 16}, answers=ABSENT),
    # There is no certificate with this code: answered like one that was mistyped.
    "training:check-code": Door(is_open=True, fixed={"code": "222-222-222"}, answers=NOT_VALID),
    "training:own-credentials": Door(is_open=True, methods=FORM, fixed={"code": "K7Q-M2R"}),
    "training:credentials": Door("training-event", runs=True),
    "training:credentials-open": Door("training-event", FORM, runs=True, answers=MOVED),
    "training:credentials-issue": Door(
        "training-event",
        FORM,
        needs=frozenset({P.CREDENTIAL_ISSUE}),
        at_place=True,
        is_recent=True,
    ),
    "training:credentials-print": Door("training-event", FORM, runs=True),
    "training:credential-types": Door(before=frozenset({P.TRAINING_VIEW})),
    "training:credential-type-new": DECIDED,
    "training:credential-types-standard": replace(
        DECIDED, methods=SENDING, posts=MOVED, leaves=AUDITED | {"training_credentialtype"}
    ),
    "training:credential-type": replace(DECIDED, fixed={"code": "XC1"}),
    # No code was typed: back to the types with a word about it.
    "training:credential-find": Door(before=frozenset({P.TRAINING_VIEW}), answers=MOVED),
    "training:credential-new": Door(
        methods=FORM, before=frozenset({P.CREDENTIAL_ISSUE}), is_recent=True
    ),
    "training:credential": Door("credential"),
    "training:credential-open": Door("credential", FORM, answers=MOVED),
    "training:credential-print": OPENED,
    "training:credential-badge": OPENED,
    "training:credential-renew": FOLLOWED,
    "training:credential-replace": FOLLOWED,
    "training:credential-suspend": REVOKED,
    "training:credential-reinstate": REVOKED,
    "training:credential-revoke": REVOKED,
}
