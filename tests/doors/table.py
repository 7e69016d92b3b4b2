"""The table: every address of the site, what it needs, and which records it may be asked for."""

from dataclasses import replace

from cairn.access.permissions import Permission as P
from tests.doors.outcome import (
    ABSENT,
    AGAINST_A_RULE,
    ANY,
    EVERYWHERE,
    FINE,
    FORM,
    MOVED,
    PERMISSION_FIRST,
    PERSON_FIRST,
    READING,
    SENDING,
    Door,
    Kind,
    R,
)
from tests.doors.protection import PROTECTION, PROTECTION_KINDS
from tests.doors.results import RESULTS, RESULTS_KINDS
from tests.doors.table_desk import DESK, DESK_KINDS
from tests.doors.table_field import FIELD, FIELD_KINDS
from tests.doors.table_people import PEOPLE, PEOPLE_KINDS
from tests.doors.table_training import TRAINING, TRAINING_KINDS

GET_ONLY = frozenset({"GET"})
ONE_OR_NONE = frozenset({R.OTHER_ZONE, R.MISSING})
NUMBERED = EVERYWHERE | {R.MISSING}  # a number in the address takes no id of another zone
HELD_BACK = frozenset({R.REDUCED, R.WITHHELD})
AUDITED = frozenset({"core_auditentry"})

# Programme records are shared by all who work on the programme: organisation and country do not
# matter, publication does.
KINDS: dict[str, Kind] = (
    PEOPLE_KINDS
    | DESK_KINDS
    | TRAINING_KINDS
    | FIELD_KINDS
    | PROTECTION_KINDS
    | RESULTS_KINDS
    | {
        "project": Kind(
            "programme",
            {
                None: EVERYWHERE | {R.REDUCED_BY_PUBLIC_ID},
                P.PORTFOLIO_VIEW: EVERYWHERE | HELD_BACK | {R.REDUCED_BY_PUBLIC_ID},
            },
            EVERYWHERE | HELD_BACK | ONE_OR_NONE | {R.REDUCED_BY_PUBLIC_ID},
        ),
        "pledge": Kind(
            "programme",
            {None: EVERYWHERE, P.PORTFOLIO_VIEW: EVERYWHERE | HELD_BACK},
            EVERYWHERE | HELD_BACK | ONE_OR_NONE,
        ),
        "agreement": Kind(
            "programme",
            {None: EVERYWHERE, P.PORTFOLIO_VIEW: EVERYWHERE | HELD_BACK},
            EVERYWHERE | HELD_BACK | ONE_OR_NONE,
        ),
        "indicator": Kind(
            "programme",
            {None: EVERYWHERE, P.PORTFOLIO_VIEW: EVERYWHERE | HELD_BACK},
            NUMBERED | HELD_BACK,
        ),
        "finding": Kind(
            "programme",
            {None: EVERYWHERE, P.PORTFOLIO_VIEW: EVERYWHERE | HELD_BACK},
            NUMBERED | HELD_BACK,
        ),
        "donor": Kind(
            "programme",
            {None: EVERYWHERE, P.PORTFOLIO_VIEW: EVERYWHERE | HELD_BACK},
            EVERYWHERE | HELD_BACK | ONE_OR_NONE,
        ),
        "request": Kind("programme", {P.REQUEST_VIEW: EVERYWHERE}, EVERYWHERE | ONE_OR_NONE),
        # A file belongs to whoever brought it.
        "batch": Kind(
            "programme",
            {None: frozenset({R.OWN}), P.AUDIT_VIEW: EVERYWHERE},
            EVERYWHERE | ONE_OR_NONE,
        ),
        # What belongs to an account is seen by nobody else, whatever their role.
        "factor": Kind("access", {None: frozenset({R.OWN})}, NUMBERED),
        "passkey": Kind("access", {None: frozenset({R.OWN})}, NUMBERED),
        "session": Kind("access", {None: frozenset({R.OWN})}, NUMBERED),
        # Invitations inside the place that one invites for; they name a role and a place, nobody.
        "invitation": Kind(
            "access",
            {P.ACCOUNT_INVITE: frozenset({R.OWN})},
            EVERYWHERE | ONE_OR_NONE,
        ),
    }
)

PUBLIC_PAGE = Door(is_open=True)
PORTFOLIO = {
    "portfolio:projects": PUBLIC_PAGE,
    "portfolio:export": Door(
        is_open=True,
        fixed={"kind": "csv"},
        if_holding=(P.PORTFOLIO_VIEW, P.PORTFOLIO_EXPORT),
        leaves=AUDITED,
    ),
    "portfolio:project-new": Door(methods=FORM, before=frozenset({P.PORTFOLIO_EDIT})),
    "portfolio:folder": PUBLIC_PAGE,
    "portfolio:folder-file": Door(
        is_open=True,
        fixed={"kind": "json"},
        if_holding=(P.PORTFOLIO_VIEW, P.PORTFOLIO_EXPORT),
        leaves=AUDITED,
    ),
    "portfolio:project": Door("project", is_open=True),
    "portfolio:project-file": Door("project", is_open=True, fixed={"kind": "json"}),
    "portfolio:project-edit": Door("project", FORM, needs=frozenset({P.PORTFOLIO_EDIT})),
    "portfolio:project-move": Door("project", FORM, needs=frozenset({P.PORTFOLIO_DECIDE})),
    "portfolio:project-publish": Door("project", FORM, needs=frozenset({P.PORTFOLIO_PUBLISH})),
    "portfolio:pledge-new": Door("project", FORM, needs=frozenset({P.FUNDING_EDIT})),
    "portfolio:pledge-withdraw": Door("pledge", FORM, needs=frozenset({P.FUNDING_EDIT})),
    "portfolio:agreement-new": Door("pledge", FORM, needs=frozenset({P.FUNDING_EDIT})),
    "portfolio:receipt-new": Door("agreement", FORM, needs=frozenset({P.FUNDING_EDIT})),
    "portfolio:expenditure-new": Door("agreement", FORM, needs=frozenset({P.FUNDING_EDIT})),
    "portfolio:measure": Door("indicator", FORM, needs=frozenset({P.RESULT_RECORD})),
    "portfolio:donors": PUBLIC_PAGE,
    "portfolio:donor": Door("donor", is_open=True),
    "portfolio:countries": PUBLIC_PAGE,
    "portfolio:country": Door(is_open=True, fixed={"code": "NPL"}),
    "portfolio:country-data": Door(is_open=True, fixed={"code": "NPL"}),
    "portfolio:iati-file": Door(is_open=True, fixed={"name": "activities"}),
    "portfolio:iati-compare": Door(methods=FORM, before=frozenset({P.PORTFOLIO_IMPORT})),
    "portfolio:findings": Door(before=frozenset({P.PORTFOLIO_VIEW})),
    "portfolio:finding-explain": Door(
        "finding",
        FORM,
        before=frozenset({P.PORTFOLIO_VIEW}),
        needs=frozenset({P.FINDING_EXPLAIN}),
        # No words: the explanation is taken back.
        posts=MOVED,
        leaves=AUDITED | {"portfolio_finding"},
    ),
    "portfolio:requests": Door(before=frozenset({P.REQUEST_VIEW})),
    "portfolio:request-new": Door(methods=FORM, before=frozenset({P.REQUEST_EDIT})),
    "portfolio:request": Door("request", before=frozenset({P.REQUEST_VIEW})),
    "portfolio:request-move": Door("request", FORM, needs=frozenset({P.REQUEST_EDIT})),
    "portfolio:events": PUBLIC_PAGE,
}

_READ_IN = frozenset({P.PORTFOLIO_IMPORT, P.FUNDING_EDIT, P.LIBRARY_EDIT, P.RESULT_RECORD})
IMPORTS = {
    # A form that names no kind of file cannot be answered with its columns: a rule says so.
    "imports:start": Door(methods=FORM, any_of=_READ_IN | {P.REQUEST_EDIT}, posts=AGAINST_A_RULE),
    "imports:template": Door(
        fixed={"kind": "projects", "form": "csv"}, before=frozenset({P.PORTFOLIO_IMPORT})
    ),
    "imports:batch": Door("batch"),
    "imports:progress": Door("batch"),
    # The scene's files are applied already: neither can be done twice.
    "imports:apply": Door(
        "batch", FORM, needs=frozenset({P.PORTFOLIO_IMPORT}), posts=AGAINST_A_RULE
    ),
    "imports:discard": Door(
        "batch", SENDING, needs=frozenset({P.PORTFOLIO_IMPORT}), posts=AGAINST_A_RULE
    ),
}

OTHERS = {
    "library:tools": PUBLIC_PAGE,
    "ui:gallery": Door(is_open=True, methods=GET_ONLY),
    "ui:theme": Door(is_open=True, methods=SENDING, without_factor=True, posts=MOVED),
    "set_language": Door(
        is_open=True, methods=ANY, without_factor=True, answers=MOVED, posts=MOVED
    ),
    "web:front": PUBLIC_PAGE,
    "web:home": Door(order=PERSON_FIRST),
    "web:about": PUBLIC_PAGE,
    "web:data": PUBLIC_PAGE,
    "web:accessibility": PUBLIC_PAGE,
    "web:privacy": PUBLIC_PAGE,
    "web:healthz": Door(is_open=True, without_factor=True),
}

FORM_ONLY = frozenset({"GET", "POST"})
OWN_ACCOUNT = Door(methods=FORM_ONLY, is_recent=True, without_factor=True, order=PERSON_FIRST)
FACTORS = AUDITED | {"mfa_authenticator"}
SESSIONS = AUDITED | {"usersessions_usersession"}
SIGN_IN = Door(is_open=True, methods=FORM_ONLY, without_factor=True)
# Nobody stands between the password and the second factor here: all are sent back to the start.
SECOND_STEP = Door(is_open=True, methods=ANY, answers=MOVED, posts=MOVED)
CONFIRM = Door(methods=FORM_ONLY, order=PERSON_FIRST, without_factor=True, posts=FINE)
ACCOUNT = Door(order=PERSON_FIRST, leaves=SESSIONS)
INVITE = frozenset({P.ACCOUNT_INVITE})
ACCESS = {
    "access:sign-in": SIGN_IN,
    "access:second-factor": SECOND_STEP,
    "access:passkey-sign-in": Door(is_open=True, methods=SENDING, posts=MOVED, leaves=AUDITED),
    "access:passkey-question": Door(is_open=True, without_factor=True),
    # There is no single sign-on here: its addresses lead nowhere.
    "access:sign-on": Door(is_open=True, methods=SENDING, posts=ABSENT),
    "access:connect": Door(methods=SENDING, is_recent=True, order=PERSON_FIRST, posts=ABSENT),
    "access:disconnect": Door(methods=SENDING, is_recent=True, order=PERSON_FIRST, posts=ABSENT),
    "openid_connect_callback": Door(
        is_open=True,
        methods=ANY,
        without_factor=True,
        fixed={"provider_id": "sso"},
        answers=ABSENT,
        posts=ABSENT,
    ),
    "access:sign-out": Door(
        is_open=True, methods=SENDING, without_factor=True, posts=MOVED, leaves=SESSIONS
    ),
    "access:account": ACCOUNT,
    "access:confirm": CONFIRM,
    "access:password": replace(OWN_ACCOUNT, without_factor=False),
    "access:set-up": Door(order=PERSON_FIRST, without_factor=True),
    "access:set-up-app": OWN_ACCOUNT,
    "access:set-up-picture": replace(OWN_ACCOUNT, methods=READING),
    "access:recovery-codes": replace(OWN_ACCOUNT, posts=MOVED, leaves=FACTORS),
    "access:factor-remove": replace(
        OWN_ACCOUNT, kind="factor", without_factor=False, posts=MOVED, leaves=FACTORS
    ),
    "access:passkey-add": OWN_ACCOUNT,
    "access:passkey-creation": replace(OWN_ACCOUNT, methods=READING),
    "access:passkey-rename": replace(OWN_ACCOUNT, kind="passkey", without_factor=False),
    "access:sessions-end": Door(methods=SENDING, order=PERSON_FIRST, posts=MOVED, leaves=SESSIONS),
    "access:session-end": Door(
        "session", SENDING, order=PERSON_FIRST, posts=MOVED, leaves=SESSIONS
    ),
    "access:invitations": Door(before=INVITE, order=PERMISSION_FIRST),
    "access:invite": Door(methods=FORM_ONLY, before=INVITE, is_recent=True, order=PERMISSION_FIRST),
    "access:withdraw": Door(
        "invitation",
        SENDING,
        before=INVITE,
        posts=MOVED,
        leaves=AUDITED | {"access_invitation"},
    ),
    # A link leads on to a page without its token; whoever holds no link finds nothing there.
    "access:link": Door(is_open=True, fixed={"token": "no-such-token"}, answers=MOVED),
    "access:accept": Door(is_open=True, methods=FORM_ONLY, answers=ABSENT, posts=ABSENT),
    "access:roles": Door(before=frozenset({P.ROLE_VIEW})),
    # Names that allauth looks up; each is the address of a page above.
    "account_login": SIGN_IN,
    "account_inactive": SIGN_IN,
    "socialaccount_login_cancelled": SIGN_IN,
    "mfa_authenticate": SECOND_STEP,
    "account_reauthenticate": CONFIRM,
    "mfa_reauthenticate": CONFIRM,
    "socialaccount_connections": ACCOUNT,
}

DOORS: dict[str, Door] = {
    **PORTFOLIO,
    **IMPORTS,
    **OTHERS,
    **ACCESS,
    **PEOPLE,
    **DESK,
    **TRAINING,
    **FIELD,
    **PROTECTION,
    **RESULTS,
}
