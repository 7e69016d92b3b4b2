"""What each role may do: one table, to be read by a data-protection officer.

The roles are those of the design ("Who it is for"). A role whose work comes with a later context
signs in and sees the public portfolio; its permissions are added here with that context.

Persons and procedures are seen only inside the membership's organisation, unit, country and area;
the programme's records are shared by all who may view them. Oversight is for the installation as
a whole: it sees codes, reasons and counts, and no sealed value of a person.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from cairn.access.permissions import CONFIRMED, SECOND_FACTOR
from cairn.access.permissions import Permission as P

_PORTFOLIO_READER = frozenset({P.PORTFOLIO_VIEW, P.PORTFOLIO_EXPORT, P.REQUEST_VIEW})

_CASEWORK = frozenset(
    {
        P.DIRECTORY_VIEW,
        P.ERASURE_ASK,
        P.EXPERT_VIEW,
        P.INCIDENT_REPORT,
        P.LINK_AUTHORISE,
        P.PERSON_EDIT,
        P.PERSON_OPEN,
        P.PERSON_VIEW,
        P.PROTOCOL_VIEW,
        P.REFERRAL_ANSWER,
        P.REFERRAL_OPEN,
        P.REFERRAL_SEND,
        P.REFERRAL_VIEW,
        P.SHARE_VIEW,
    }
)

ROLES: dict[str, frozenset[P]] = {
    "programme-officer": _PORTFOLIO_READER
    | {
        P.DOCUMENT_EDIT,
        P.DOCUMENT_PUBLISH,
        P.FINDING_EXPLAIN,
        P.FUNDING_EDIT,
        P.LIBRARY_EDIT,
        P.PORTFOLIO_DECIDE,
        P.PORTFOLIO_EDIT,
        P.PORTFOLIO_IMPORT,
        P.PORTFOLIO_PUBLISH,
        P.REQUEST_EDIT,
        P.RESULT_RECORD,
        P.TRAINING_VIEW,
    },
    "training-officer": _PORTFOLIO_READER
    | {
        P.CREDENTIAL_ISSUE,
        P.CREDENTIAL_REVOKE,
        P.ERASURE_ASK,
        P.EVENT_RUN,
        P.INCIDENT_REPORT,
        P.INDICATOR_VIEW,
        P.KIT_OPERATE,
        P.LIBRARY_EDIT,
        P.OUTCOME_REPORT,
        P.REQUEST_EDIT,
        P.RESULT_RECORD,
        P.TRAINEE_EDIT,
        P.TRAINEE_EXPORT,
        P.TRAINEE_OPEN,
        P.TRAINEE_VIEW,
        P.TRAINING_DECIDE,
        P.TRAINING_EDIT,
        P.TRAINING_VIEW,
        P.VETTING_RECORD,
    },
    # Names of those whom they train, never of others: see training.models.people.worked_with.
    "trainer": frozenset(
        {
            P.EVENT_RUN,
            P.INCIDENT_REPORT,
            P.INDICATOR_VIEW,
            P.OUTCOME_REPORT,
            P.PORTFOLIO_VIEW,
            P.TRAINING_VIEW,
        }
    ),
    "agency-focal-point": frozenset({P.INCIDENT_REPORT, P.NOMINATION_MAKE}),
    "vetting-officer": frozenset(
        {
            P.INCIDENT_REPORT,
            P.TRAINEE_OPEN,
            P.TRAINEE_VIEW,
            P.TRAINING_VIEW,
            P.VETTING_OPEN,
            P.VETTING_RECORD,
        }
    ),
    "participant": frozenset(),
    "exercise-control": frozenset({P.PORTFOLIO_VIEW}),
    "evaluator": frozenset(),
    "player": frozenset(),
    # The phone in the field needs no account; this is for the counter of a border post.
    "front-line-officer": frozenset(
        {P.DIRECTORY_VIEW, P.DUTY_CHECK, P.INCIDENT_REPORT, P.INDICATOR_VIEW}
    ),
    "field-supervisor": frozenset(
        {
            P.DEVICE_MANAGE,
            P.DEVICE_OPEN,
            P.DEVICE_VIEW,
            P.DIRECTORY_VIEW,
            P.DUTY_CHECK,
            P.INCIDENT_REPORT,
            P.INDICATOR_VIEW,
            P.REPORT_RELEASE,
        }
    ),
    "intake-clerk": frozenset({P.INCIDENT_REPORT, P.INDICATOR_VIEW, P.PAPER_ENTER}),
    "intake-partner": frozenset({P.INCIDENT_REPORT, P.INDICATOR_VIEW, P.REPORT_SUBMIT}),
    "identification-authority": frozenset(
        {
            P.PROCEDURE_VIEW,
            P.PROCEDURE_EDIT,
            P.PROCEDURE_OPEN,
            P.PROCEDURE_DECIDE,
            P.PROCEDURE_EXPORT,
            P.REPORT_VIEW,
            P.REPORT_OPEN,
            P.REPORT_TRIAGE,
            P.RECEIVER_MANAGE,
            P.INDICATOR_VIEW,
            P.INDICATOR_EDIT,
            P.DIRECTORY_VIEW,
            P.LINK_AUTHORISE,
            P.ERASURE_ASK,
            P.INCIDENT_REPORT,
        }
    ),
    # Whoever works with persons of concern at a shelter, a clinic or a legal aid office.
    "service-provider": _CASEWORK
    | {P.DIRECTORY_EDIT, P.DUPLICATE_REVIEW, P.PERSON_BREAK_GLASS, P.PERSON_EXPORT},
    "case-supervisor": _CASEWORK
    | {
        P.ASSISTANCE_COUNT,
        P.CASELOAD_SUPERVISE,
        P.DUPLICATE_REVIEW,
        P.PERSON_BREAK_GLASS,
        P.PERSON_EXPORT,
        P.RISK_VIEW,
        P.SHARE_AGREE,
    },
    # Answers referrals for a service; no file of a person, only what was sent and accepted.
    "referral-focal-point": frozenset(
        {
            P.DIRECTORY_EDIT,
            P.DIRECTORY_VIEW,
            P.INCIDENT_REPORT,
            P.PROTOCOL_VIEW,
            P.REFERRAL_ANSWER,
            P.REFERRAL_OPEN,
            P.REFERRAL_VIEW,
        }
    ),
    # Keeps the directory of all; signs protocols; says which recipients are not routed to.
    "directory-editor": frozenset(
        {
            P.ASSISTANCE_COUNT,
            P.DIRECTORY_EDIT,
            P.DIRECTORY_KEEP,
            P.DIRECTORY_VIEW,
            P.EXPERT_OPEN,
            P.EXPERT_VIEW,
            P.INCIDENT_REPORT,
            P.LOCATION_OPEN,
            P.LOCATION_VIEW,
            P.PROTOCOL_SIGN,
            P.PROTOCOL_VIEW,
            P.RISK_DECIDE,
            P.RISK_VIEW,
        }
    ),
    "investigator": frozenset(),
    "prosecutor": frozenset(),
    "central-authority": frozenset(),
    "national-unit": frozenset(),
    "regional-hub": frozenset(),
    "legal-adviser": _PORTFOLIO_READER | {P.INDICATOR_VIEW},
    "statistics-officer": frozenset(
        {
            P.ASSISTANCE_COUNT,
            P.PORTFOLIO_VIEW,
            P.STATISTICS_BUILD,
            P.STATISTICS_SIGN,
            P.STATISTICS_VIEW,
            P.TRAINING_VIEW,
        }
    ),
    "data-protection-officer": frozenset(
        {
            P.AUDIT_EXPORT,
            P.AUDIT_VIEW,
            P.ERASURE_APPROVE,
            P.EXPORT_APPROVE,
            P.INCIDENT_HANDLE,
            P.INCIDENT_REPORT,
            P.OVERSIGHT_REVIEW,
            P.OVERSIGHT_VIEW,
            P.PORTFOLIO_VIEW,
            P.RETENTION_DECIDE,
            P.ROLE_CONFIRM,
            P.ROLE_VIEW,
            P.STATISTICS_SIGN,
            P.STATISTICS_VIEW,
            P.SUBJECT_REQUEST_HANDLE,
        }
    ),
    "donor": frozenset(),
    "researcher": frozenset(),
    "administrator": frozenset(
        {P.ACCOUNT_INVITE, P.INCIDENT_REPORT, P.KEY_OPERATE, P.ROLE_GRANT, P.ROLE_VIEW}
    ),
}

LABELS: dict[str, Promise] = {
    "programme-officer": gettext_lazy("Programme officer"),
    "training-officer": gettext_lazy("Training officer"),
    "trainer": gettext_lazy("Trainer, mobile training team member"),
    "agency-focal-point": gettext_lazy("Focal point of an agency"),
    "vetting-officer": gettext_lazy("Vetting officer"),
    "participant": gettext_lazy("Training participant"),
    "exercise-control": gettext_lazy("Exercise control"),
    "evaluator": gettext_lazy("Exercise evaluator"),
    "player": gettext_lazy("Exercise player"),
    "front-line-officer": gettext_lazy("Front-line officer"),
    "field-supervisor": gettext_lazy("Supervisor of officers in the field"),
    "intake-clerk": gettext_lazy("Clerk who enters paper forms"),
    "intake-partner": gettext_lazy("Helpline or partner agency"),
    "identification-authority": gettext_lazy("Identification authority"),
    "service-provider": gettext_lazy("Service provider"),
    "case-supervisor": gettext_lazy("Supervisor of casework"),
    "referral-focal-point": gettext_lazy("Focal point of a service"),
    "directory-editor": gettext_lazy("Editor of the directory of services"),
    "investigator": gettext_lazy("Investigator"),
    "prosecutor": gettext_lazy("Prosecutor"),
    "central-authority": gettext_lazy("Central authority"),
    "national-unit": gettext_lazy("National unit"),
    "regional-hub": gettext_lazy("Regional hub"),
    "legal-adviser": gettext_lazy("Legal and policy adviser"),
    "statistics-officer": gettext_lazy("Statistics officer"),
    "data-protection-officer": gettext_lazy("Data-protection officer"),
    "donor": gettext_lazy("Donor"),
    "researcher": gettext_lazy("Researcher or journalist"),
    "administrator": gettext_lazy("Administrator"),
}


def permissions_of(roles: frozenset[str]) -> frozenset[str]:
    """All that the roles give together. An unknown role code gives nothing."""
    return frozenset(
        permission.value for role in roles for permission in ROLES.get(role, frozenset())
    )


def needs_second_factor(roles: frozenset[str]) -> bool:
    """True when one of the roles may open a sealed field, decide, export persons or administer."""
    return bool(permissions_of(roles) & SECOND_FACTOR)


def needs_confirmation(role: str) -> bool:
    """True when a second person has to confirm that somebody gets `role`."""
    return bool(ROLES.get(role, frozenset()) & CONFIRMED)


# Pairs that one person never holds together: who administers does not look, who helps does not
# investigate, who watches over access has no access of their own to watch over.
_PROTECTION = ("case-supervisor", "referral-focal-point", "directory-editor")
_NEVER_PROTECTION = (
    "administrator",
    "central-authority",
    "data-protection-officer",
    "investigator",
    "prosecutor",
)
INCOMPATIBLE = tuple(
    frozenset(pair)
    for pair in (
        ("administrator", "data-protection-officer"),
        # Who selects does not vet: the reason stays with whoever checked.
        ("training-officer", "vetting-officer"),
        ("administrator", "training-officer"),
        ("administrator", "vetting-officer"),
        # Who resolves an officer's code does not read what the officer reported.
        ("field-supervisor", "identification-authority"),
        ("administrator", "field-supervisor"),
        ("data-protection-officer", "field-supervisor"),
        ("administrator", "service-provider"),
        ("administrator", "identification-authority"),
        ("data-protection-officer", "training-officer"),
        ("data-protection-officer", "vetting-officer"),
        ("data-protection-officer", "service-provider"),
        ("data-protection-officer", "identification-authority"),
        ("service-provider", "investigator"),
        ("service-provider", "prosecutor"),
        ("service-provider", "central-authority"),
        *((ours, other) for ours in _PROTECTION for other in _NEVER_PROTECTION),
    )
)


def incompatible_with(role: str, held: frozenset[str]) -> frozenset[str]:
    """Those of the roles `held` that may not be held together with `role`."""
    return frozenset(
        other for pair in INCOMPATIBLE if role in pair for other in pair - {role} if other in held
    )


# The installation itself: loading its own reference files, reports asked for at the console.
EVERY_PERMISSION = frozenset(permission.value for permission in P)
