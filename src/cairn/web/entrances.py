"""Entrances on a home: the parts of Cairn that only some roles see."""

from django.urls import reverse
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission
from cairn.core.actor import Actor

# Whoever has one of these asks for files with records, or is told what concerns them.
EXPORTS = (Permission.PERSON_EXPORT, Permission.PROCEDURE_EXPORT)
TOLD = (*EXPORTS, Permission.PERSON_VIEW, Permission.PROCEDURE_VIEW, Permission.OVERSIGHT_VIEW)


def doors(actor: Actor) -> list[tuple[str, str, str]]:
    """(address, name, what is there) of the parts of Cairn that only some roles see."""
    found = [
        *_training(),
        *_field(),
        *_help(),
        (
            Permission.PERSON_VIEW,
            reverse("referral:persons"),
            _("Persons of concern"),
            _("Persons whom your organisation looks after, by code."),
        ),
        (
            Permission.PROCEDURE_VIEW,
            reverse("identification:procedures"),
            _("Identification"),
            _("Procedures and decisions of your authority."),
        ),
        (
            Permission.OVERSIGHT_VIEW,
            reverse("oversight:desk"),
            _("Data protection"),
            _("Who saw whom and why, and what follows."),
        ),
        (
            Permission.ROLE_VIEW,
            reverse("access:people"),
            _("Who has which role"),
            _("Roles that hold, that wait for a second person, that end soon."),
        ),
        (
            Permission.KEY_OPERATE,
            reverse("oversight:keys"),
            _("Keys"),
            _("Whether they are well, and how to renew them."),
        ),
        (
            Permission.ACCOUNT_INVITE,
            reverse("access:invitations"),
            _("Invitations"),
            _("Accounts are opened by invitation."),
        ),
        (
            Permission.INCIDENT_REPORT,
            reverse("oversight:incidents"),
            _("Incidents"),
            _("Report that something went wrong with personal information."),
        ),
    ]
    doors = [(href, name, text) for needed, href, name, text in found if actor.may(needed)]
    if actor.may_any(EXPORTS):
        href = reverse("oversight:exports")
        doors.append((href, _("Files with records"), _("What you asked for, and its state.")))
    if actor.may_any(TOLD):
        href = reverse("oversight:notices")
        doors.append((href, _("Notices"), _("What you were told, seen and new.")))
    if "participant" in actor.roles:
        text = _("You need no account and no e-mail: two codes are enough.")
        doors.append((reverse("training:join"), _("Take a test"), text))
    return doors


def _training() -> list[tuple[Permission, str, str, str]]:
    """The doors of training, with the permission that opens each."""
    return [
        (
            Permission.TRAINING_VIEW,
            reverse("training:events"),
            _("Training"),
            _("Trainings, people, trainers, teams, and the cascade."),
        ),
        (
            Permission.NOMINATION_MAKE,
            reverse("training:calls"),
            _("Nominations"),
            _("Calls with seats for your agency, and the people whom you proposed."),
        ),
        (
            Permission.VETTING_OPEN,
            reverse("training:vetting"),
            _("Vetting"),
            _("Checks that wait for a result."),
        ),
    ]


def _field() -> list[tuple[Permission, str, str, str]]:
    """The doors of reports and of what is around them, with the permission that opens each."""
    return [
        (
            Permission.REPORT_VIEW,
            reverse("identification:reports"),
            _("Reports"),
            _("What officers and partners reported to your unit, with clocks."),
        ),
        (
            Permission.REPORT_RELEASE,
            reverse("identification:held"),
            _("Held envelopes"),
            _("What came in and could not be taken as a report."),
        ),
        (
            Permission.DEVICE_VIEW,
            reverse("field:devices"),
            _("Phones"),
            _("Who is equipped to report, when each was last heard of."),
        ),
        (
            Permission.PAPER_ENTER,
            reverse("field:paper"),
            _("Paper forms"),
            _("Print, enter, shred."),
        ),
        (
            Permission.REPORT_SUBMIT,
            reverse("field:submit"),
            _("Send a report"),
            _("One in a form, or many as a file; sealed at once."),
        ),
        (
            Permission.DUTY_CHECK,
            reverse("identification:duty"),
            _("Duty check"),
            _("Whether removal is barred, by the token of a person."),
        ),
        (
            Permission.INDICATOR_VIEW,
            reverse("identification:indicators"),
            _("Signs"),
            _("What officers look for, by kind of place, with its source."),
        ),
        (
            Permission.DIRECTORY_VIEW,
            reverse("referral:access-points"),
            _("Offices and telephones"),
            _("Where somebody can be sent."),
        ),
    ]


def _help() -> list[tuple[Permission, str, str, str]]:
    """The doors of services and referrals, with the permission that opens each."""
    return [
        (
            Permission.REFERRAL_SEND,
            reverse("referral:referrals"),
            _("Referrals sent"),
            _("Where each stands, and until when an answer is due."),
        ),
        (
            Permission.REFERRAL_ANSWER,
            reverse("referral:referrals-received"),
            _("Referrals to answer"),
            _("What others ask of your service."),
        ),
        (
            Permission.DIRECTORY_EDIT,
            reverse("referral:services"),
            _("Services"),
            _("What is given where, to whom, and whether there is room."),
        ),
        (
            Permission.DUPLICATE_REVIEW,
            reverse("referral:duplicates"),
            _("Possible duplicates"),
            _("Files that may be about one person; people decide."),
        ),
        (
            Permission.PROTOCOL_VIEW,
            reverse("referral:protocols"),
            _("Protocols"),
            _("What may be shared between which organisations, signed and dated."),
        ),
        (
            Permission.RISK_VIEW,
            reverse("referral:risks"),
            _("Left-out recipients"),
            _("Where nothing is sent, and why."),
        ),
        (
            Permission.EXPERT_VIEW,
            reverse("referral:experts"),
            _("Experts"),
            _("Who knows what, in which language."),
        ),
    ]
