"""The table: every address of the site, what it needs, and which records it may be asked for."""

from cairn.access.permissions import Permission as P
from tests.doors.outcome import (
    AGAINST_A_RULE,
    ANY,
    EVERYWHERE,
    FORM,
    MOVED,
    SENDING,
    Door,
    Kind,
    R,
)

GET_ONLY = frozenset({"GET"})
ONE_OR_NONE = frozenset({R.OTHER_ZONE, R.MISSING})
NUMBERED = EVERYWHERE | {R.MISSING}  # a number in the address takes no id of another zone
HELD_BACK = frozenset({R.REDUCED, R.WITHHELD})
AUDITED = frozenset({"core_auditentry"})

# Programme records are shared by all who work on the programme: organisation and country do not
# matter, publication does.
KINDS: dict[str, Kind] = {
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
}

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
    "imports:start": Door(
        methods=FORM, any_of=_READ_IN | {P.REQUEST_EDIT}, posts=AGAINST_A_RULE
    ),
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
    "ui:theme": Door(is_open=True, methods=SENDING, posts=MOVED),
    "set_language": Door(is_open=True, methods=ANY, answers=MOVED, posts=MOVED),
    "web:front": PUBLIC_PAGE,
    "web:home": Door(method_first=False),
    "web:about": PUBLIC_PAGE,
    "web:data": PUBLIC_PAGE,
    "web:accessibility": PUBLIC_PAGE,
    "web:privacy": PUBLIC_PAGE,
    "web:healthz": PUBLIC_PAGE,
}

ACCESS = {
    "access:sign-in": Door(is_open=True, methods=frozenset({"GET", "POST"})),
    "access:sign-out": Door(is_open=True, methods=SENDING, posts=MOVED, leaves=AUDITED),
    "access:roles": Door(before=frozenset({P.ROLE_VIEW})),
}

DOORS: dict[str, Door] = {**PORTFOLIO, **IMPORTS, **OTHERS, **ACCESS}
