"""What each permission is called on the page of roles, in words that need no programmer."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cairn.access.permissions import Permission as P


@dataclass(frozen=True, slots=True)
class Group:
    """Permissions that belong to one sort of work, in the order in which the page shows them."""

    label: Promise
    permissions: tuple[P, ...]


GROUPS = (
    Group(
        _("Projects"),
        (
            P.PORTFOLIO_VIEW,
            P.PORTFOLIO_EXPORT,
            P.PORTFOLIO_EDIT,
            P.PORTFOLIO_IMPORT,
            P.PORTFOLIO_DECIDE,
            P.PORTFOLIO_PUBLISH,
        ),
    ),
    Group(_("Money"), (P.FUNDING_EDIT, P.FINDING_EXPLAIN)),
    Group(_("Requests and results"), (P.REQUEST_VIEW, P.REQUEST_EDIT, P.RESULT_RECORD)),
    Group(_("Library"), (P.LIBRARY_EDIT,)),
    Group(
        _("Training"),
        (
            P.TRAINING_VIEW,
            P.TRAINING_EDIT,
            P.TRAINING_DECIDE,
            P.EVENT_RUN,
            P.NOMINATION_MAKE,
            P.OUTCOME_REPORT,
            P.CREDENTIAL_ISSUE,
            P.CREDENTIAL_REVOKE,
            P.KIT_OPERATE,
        ),
    ),
    Group(
        _("People who are trained"),
        (
            P.TRAINEE_VIEW,
            P.TRAINEE_EDIT,
            P.TRAINEE_OPEN,
            P.TRAINEE_EXPORT,
            P.VETTING_RECORD,
            P.VETTING_OPEN,
        ),
    ),
    Group(
        _("Reports from the field"),
        (
            P.REPORT_VIEW,
            P.REPORT_OPEN,
            P.REPORT_TRIAGE,
            P.REPORT_RELEASE,
            P.REPORT_SUBMIT,
            P.RECEIVER_MANAGE,
            P.DEVICE_VIEW,
            P.DEVICE_MANAGE,
            P.DEVICE_OPEN,
            P.PAPER_ENTER,
            P.INDICATOR_VIEW,
            P.INDICATOR_EDIT,
            P.DUTY_CHECK,
            P.DIRECTORY_VIEW,
            P.DIRECTORY_EDIT,
        ),
    ),
    Group(
        _("Persons of concern"),
        (
            P.PERSON_VIEW,
            P.PERSON_EDIT,
            P.PERSON_OPEN,
            P.PERSON_BREAK_GLASS,
            P.PERSON_EXPORT,
        ),
    ),
    Group(
        _("Identification"),
        (
            P.PROCEDURE_VIEW,
            P.PROCEDURE_EDIT,
            P.PROCEDURE_OPEN,
            P.PROCEDURE_DECIDE,
            P.PROCEDURE_EXPORT,
        ),
    ),
    Group(
        _("Data protection"),
        (
            P.OVERSIGHT_VIEW,
            P.OVERSIGHT_REVIEW,
            P.EXPORT_APPROVE,
            P.LINK_AUTHORISE,
            P.SUBJECT_REQUEST_HANDLE,
            P.RETENTION_DECIDE,
            P.ERASURE_ASK,
            P.ERASURE_APPROVE,
            P.INCIDENT_REPORT,
            P.INCIDENT_HANDLE,
        ),
    ),
    Group(
        _("Oversight"),
        (
            P.ROLE_VIEW,
            P.ROLE_GRANT,
            P.ROLE_CONFIRM,
            P.ACCOUNT_INVITE,
            P.KEY_OPERATE,
            P.AUDIT_VIEW,
            P.AUDIT_EXPORT,
        ),
    ),
)

WORDS: dict[P, Promise] = {
    P.CREDENTIAL_ISSUE: _("Issue and renew certificates"),
    P.CREDENTIAL_REVOKE: _("Suspend and revoke certificates, with a reason"),
    P.EVENT_RUN: _("Run the trainings that one teaches: attendance, tests, results"),
    P.KIT_OPERATE: _("Take an event out on a laptop without a line, and bring it back"),
    P.NOMINATION_MAKE: _("Nominate people of one's own agency, and see what became of it"),
    P.OUTCOME_REPORT: _("Report trainings by counts, and what came of training in the field"),
    P.TRAINEE_EDIT: _("Enter people who are trained, and join records of the same person"),
    P.TRAINEE_EXPORT: _("Ask to take records of trainees out as a file; somebody else agrees"),
    P.TRAINEE_OPEN: _("Open names of trainees, with a reason"),
    P.TRAINEE_VIEW: _("See trainees and trainers one by one, by code"),
    P.TRAINING_DECIDE: _("Select among nominated people, approve modules, verify reports"),
    P.TRAINING_EDIT: _("Plan trainings, modules, tests, teams and follow-up"),
    P.TRAINING_VIEW: _("See trainings, counts, results and the cascade"),
    P.DEVICE_MANAGE: _("Equip officers with phones, and revoke them"),
    P.DEVICE_OPEN: _("Open the name of the officer behind a phone, with a reason"),
    P.DEVICE_VIEW: _("See phones by code, and when each was last heard of"),
    P.DIRECTORY_EDIT: _("Enter services, and say that they are right"),
    P.DIRECTORY_VIEW: _("See services and how to reach them"),
    P.DUTY_CHECK: _("Ask by a token whether removal is barred"),
    P.INDICATOR_EDIT: _("Write lists of signs, and publish those that somebody else wrote"),
    P.INDICATOR_VIEW: _("See the lists of signs"),
    P.PAPER_ENTER: _("Print paper forms, enter them, and say that they are destroyed"),
    P.RECEIVER_MANAGE: _("Keep receiving units and their keys"),
    P.REPORT_OPEN: _("Open reports with one's own reading passphrase and a reason"),
    P.REPORT_RELEASE: _("See what could not be taken as a report, release or close it"),
    P.REPORT_SUBMIT: _("Send reports by form or file, without reading any"),
    P.REPORT_TRIAGE: _("Decide what becomes of a report"),
    P.REPORT_VIEW: _("See the queue of reports, by code"),
    P.VETTING_OPEN: _("Open the reason of a vetting check"),
    P.VETTING_RECORD: _("Ask for vetting checks, and record how they ended"),
    P.AUDIT_VIEW: _("See the log of who did what, and the files that others brought"),
    P.FINDING_EXPLAIN: _("Explain why a printed figure differs from the computed one"),
    P.FUNDING_EDIT: _("Record pledges, signed agreements, money received and money spent"),
    P.LIBRARY_EDIT: _("Add and change entries of the library"),
    P.PORTFOLIO_DECIDE: _("Decide the state of a project, for example that it is active"),
    P.PORTFOLIO_EDIT: _("Enter projects and change their texts, places, dates and budget"),
    P.PORTFOLIO_EXPORT: _("Take the list of projects out as a file"),
    P.PORTFOLIO_IMPORT: _("Bring files of projects, pledges and what belongs to them"),
    P.PORTFOLIO_PUBLISH: _("Decide what the public sees of a project"),
    P.PORTFOLIO_VIEW: _("See every project whole, also those that the public does not see"),
    P.REQUEST_EDIT: _("Enter requests for assistance and take them from step to step"),
    P.REQUEST_VIEW: _("See requests for assistance"),
    P.RESULT_RECORD: _("Record measurements of results, with their source"),
    P.ROLE_VIEW: _("See this page, and who has which role"),
    P.ACCOUNT_INVITE: _("Invite people, and renew the sign-in of somebody who lost it"),
    P.AUDIT_EXPORT: _("Take a signed checkpoint of the log out, for somebody outside to keep"),
    P.ERASURE_APPROVE: _("Agree that a person's record is erased"),
    P.ERASURE_ASK: _("Ask that a person's record is erased"),
    P.EXPORT_APPROVE: _("Agree that somebody else takes records of persons out as a file"),
    P.INCIDENT_HANDLE: _("Take reported incidents from step to step"),
    P.INCIDENT_REPORT: _("Report that something went wrong with personal information"),
    P.KEY_OPERATE: _("Start the renewal of keys, and see their state"),
    P.LINK_AUTHORISE: _("Join a record of one's own zone with one of another zone, and end that"),
    P.OVERSIGHT_REVIEW: _("Review emergency access and unusual access"),
    P.OVERSIGHT_VIEW: _("See who saw which record and why, by code, never by name"),
    P.PERSON_BREAK_GLASS: _(
        "In danger to life, open one record outside one's own work for 24 hours"
    ),
    P.PERSON_EDIT: _("Enter persons of concern, and change their records"),
    P.PERSON_EXPORT: _("Ask to take records of persons out as a file; somebody else agrees"),
    P.PERSON_OPEN: _("Open the sealed part of a person's record, with a reason"),
    P.PERSON_VIEW: _("See persons of concern of one's own organisation, by code"),
    P.PROCEDURE_DECIDE: _("Decide identification, unless one investigated the same procedure"),
    P.PROCEDURE_EDIT: _("Enter identification procedures and investigate them"),
    P.PROCEDURE_EXPORT: _("Ask to take procedures out as a file; somebody else agrees"),
    P.PROCEDURE_OPEN: _("Open the sealed part of a procedure, with a reason"),
    P.PROCEDURE_VIEW: _("See identification procedures of one's own authority, by code"),
    P.RETENTION_DECIDE: _("Decide about records whose time is over"),
    P.ROLE_CONFIRM: _("Confirm that somebody gets a role that opens sealed records or administers"),
    P.ROLE_GRANT: _("Give and end roles; never one's own"),
    P.SUBJECT_REQUEST_HANDLE: _(
        "Answer persons who ask what is kept about them, or want it erased"
    ),
}
