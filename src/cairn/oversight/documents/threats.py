"""What could go wrong for people because records of them exist: the list of the assessment.

The dangers are those of the project's threat model (SECURITY.md), seen from the side of the
persons whom the records are about, as Art. 35(7)(c) of the GDPR asks. How likely each is, and how
grave, depends on the place: people who know it fill that in.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Threat:
    """`harm`: what it could do to a person. `measures`: what the system does against it.

    `remains`: what it cannot prevent, said openly.
    """

    code: str
    title: Promise
    harm: Promise
    measures: tuple[Promise, ...]
    remains: Promise


THREATS = (
    Threat(
        "lost-device",
        _("A telephone or computer is lost or taken"),
        _("Somebody finds out who asked for help, and where they can be found."),
        (
            _("Sealed values are shown for one answer only and are never stored by the browser."),
            _("Sign-ins end after a time without use, and can be ended from elsewhere."),
            _("Roles that open sealed values show a second factor."),
        ),
        _("What stands on the screen at that moment can be read."),
    ),
    Threat(
        "insider",
        _("Somebody of the staff looks up a person without need"),
        _("A person is exposed, blackmailed or handed over."),
        (
            _("Only records of one's own organisation, unit and country can be seen."),
            _("Each opening asks for a purpose and a reason, and is recorded in a chained log."),
            _("Unusual access becomes an item on the data-protection officer's desk."),
        ),
        _("Who may open a record for work can also abuse that; it is found out afterwards."),
    ),
    Threat(
        "administrator",
        _("An administrator gives themselves more than they should have"),
        _("Many persons could be exposed at once."),
        (
            _("The administrator's role opens no record, and cannot be held with one that does."),
            _("Nobody gives a role to themselves, and a second person confirms strong roles."),
        ),
        _("Two people who act together can get around this; the log tells of it."),
    ),
    Threat(
        "database",
        _("Somebody copies the database or a backup"),
        _("Everything that is written down could be read, years later too."),
        (
            _("What identifies a person is sealed under a key that is not in the database."),
            _("Backups are encrypted, and keys are never in the same backup as records."),
        ),
        _("Codes, countries, dates and who worked on what can be read in a copy."),
    ),
    Threat(
        "seizure",
        _("A State or an armed group takes the server"),
        _("Persons, their families and those who helped them are found."),
        (
            _("The root key can lie outside the server, in a key service."),
            _("As little as possible is kept: no birth date, no address, a name only if needed."),
            _("A person's data key can be destroyed; after that nobody can read the record."),
        ),
        _("A server that is running, with its root key, can be made to open records."),
    ),
    Threat(
        "partner",
        _("A partner asks for more than its task needs"),
        _("Information given for help is used for something else, such as return or prosecution."),
        (
            _("No foreign key or query crosses from one zone to another."),
            _("A link of two records has a basis, purpose, scope and end, and can be revoked."),
            _("Files of persons are approved by a second person and can be taken once."),
        ),
        _("What was lawfully shared cannot be called back out of another system."),
    ),
    Threat(
        "network",
        _("Somebody listens on the line"),
        _("Somebody learns that a person or a helper uses this service."),
        (
            _("Connections are encrypted; addresses and titles hold no names."),
            _("Nothing is fetched from other sites."),
        ),
        _("That a connection to this server exists can be seen."),
    ),
    Threat(
        "force",
        _("Somebody of the staff is forced to open records"),
        _("One or several persons are exposed, and the member of staff is in danger."),
        (
            _("How many records can be opened at once is limited."),
            _("Roles can be ended at once, and sign-ins can be ended from elsewhere."),
        ),
        _("Under force, what somebody may open for work is opened."),
    ),
    Threat(
        "supply-chain",
        _("A program that this one is built on is tampered with"),
        _("Everything could be read or changed without anybody noticing."),
        (
            _("Every program is fixed to one version and checked by its fingerprint."),
            _("Known weaknesses are looked up, and what could not be looked up is said."),
        ),
        _("A weakness that nobody knows of yet is not found this way."),
    ),
    Threat(
        "mistake",
        _("We make a mistake: a wrong recipient, a wrong setting, an error in the program"),
        _("A person is exposed, or does not get help because a record is lost."),
        (
            _("Tests ask every address as every role, for records of one's own and of others."),
            _("The system refuses to start with missing or wrong keys."),
            _("Backups are proven by restoring them into an empty place."),
        ),
        _("Texts that people type can say more than they should."),
    ),
    Threat(
        "time",
        _("Records are kept longer than they help anybody"),
        _("What was harmless becomes dangerous when power changes hands."),
        (
            _("Every record has a time, and what is past it waits on a list to be decided."),
            _("Erasure reaches backups, because it destroys the key."),
        ),
        _("Somebody has to decide; a list that nobody reads erases nothing."),
    ),
)
