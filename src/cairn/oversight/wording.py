"""What an entry of the log says, in sentences that begin with who did it."""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cairn.core.models import AuditEntry

# Codes that are not here are shown as they stand; contexts add theirs when they are ready.
SENTENCES: dict[str, Promise] = {
    "alert.escalated": _("made an alert an incident."),
    "alert.explained": _("explained an alert."),
    "audit.checkpoint_exported": _("took a signed checkpoint of the log."),
    "backup.made": _("made a backup."),
    "clock.jumped": _("noticed that the clock was set."),
    "data-map.exported": _("took the data map as a file."),
    "erasure.approved": _("agreed to an erasure."),
    "erasure.asked": _("asked for an erasure."),
    "erasure.done": _("erased a record by destroying its key."),
    "erasure.refused": _("refused an erasure."),
    "export.approved": _("approved an export."),
    "export.asked": _("asked for an export."),
    "export.refused": _("refused an export."),
    "export.taken": _("took an approved export."),
    "glass.broken": _("used emergency access to a record."),
    "glass.expired": _("noticed that an emergency access ended."),
    "glass.ended": _("gave an emergency access back."),
    "glass.reviewed": _("reviewed an emergency access."),
    "hold.lifted": _("lifted a legal hold."),
    "hold.placed": _("placed a legal hold."),
    "impact-sheet.exported": _("took the impact assessment as a file."),
    "import.applied": _("applied a file that was read in."),
    "import.discarded": _("discarded a file that was read in."),
    "import.staged": _("brought a file."),
    "incident.moved": _("took an incident a step on."),
    "incident.reported": _("reported an incident."),
    "keys.renewal_started": _("began to renew a key."),
    "limit.reached": _("asked more often than the limit allows."),
    "link.granted": _("joined two records of different zones."),
    "link.revoked": _("ended a link between two records."),
    "note.read": _("read the sealed note of a desk record."),
    "person.assigned": _("assigned a person of concern to a caseworker."),
    "person.changed": _("changed the record of a person of concern."),
    "person.closed": _("closed the record of a person of concern."),
    "person.entered": _("entered a person of concern."),
    "portfolio.compared": _("held a file of aid data against the records."),
    "portfolio.taken_in": _("took a file of aid data in."),
    "portfolio.exported": _("took the list of projects as a file."),
    "procedure.decided": _("decided in an identification procedure."),
    "procedure.entered": _("entered an identification procedure."),
    "procedure.taken_over": _("took an identification procedure over."),
    "project.changed": _("changed a project."),
    "project.created": _("entered a project."),
    "project.moved": _("decided the state of a project."),
    "project.published": _("decided what the public sees of a project."),
    "readings.exported": _("took the list of openings as a file."),
    "records.scrubbed": _("made a copy without persons."),
    "retention.extended": _("decided to keep a record longer."),
    "role.confirmed": _("confirmed a role."),
    "role.ended": _("ended a role."),
    "role.granted": _("gave a role."),
    "sealed.altered": _("met a sealed value that was altered."),
    "sealed.erased": _("met a sealed value that was erased."),
    "sealed.no-key": _("met a sealed value whose key is not there."),
    "sealed.read": _("opened sealed values."),
    "sealed.refused": _("was refused to open a record."),
    "subject-request.moved": _("took a person's request a step on."),
    "subject-request.received": _("took down a person's request."),
    "user.demo_created": _("made the accounts of the demonstration."),
    "user.invitation_accepted": _("accepted an invitation."),
    "user.invitation_withdrawn": _("withdrew an invitation."),
    "user.invited": _("invited somebody."),
    "user.locked_out": _("was locked out after too many attempts."),
    "user.passkey_added": _("added a passkey."),
    "user.reauthenticated": _("showed again who they are."),
    "user.recovery_used": _("used a recovery code."),
    "user.reset_offered": _("offered somebody a new way to sign in."),
    "user.reset_used": _("made a new way to sign in."),
    "user.second_factor_added": _("added a second factor."),
    "user.second_factor_removed": _("removed a second factor."),
    "user.session_ended": _("ended a session."),
    "user.sign_in_failed": _("tried to sign in and failed."),
    "user.signed_in": _("signed in."),
    "user.signed_out": _("signed out."),
}


def sentence_of(entry: AuditEntry) -> str:
    """The second half of a sentence that begins with who did it; the code, where none is known."""
    known = SENTENCES.get(entry.code)
    return str(known) if known else entry.code


def _shown(value: Any) -> str:
    if value is True:
        return _now("yes")
    if value is False:
        return _now("no")
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return str(value) if value is not None else "–"


FACTS: dict[str, Promise] = {
    "rule": _("Rule: %(value)s"),
    "since": _("From: %(value)s"),
    "until": _("Until: %(value)s"),
    "record": _("Record: %(value)s"),
    "flaw": _("What is wrong: %(value)s"),
    "problem": _("What is wrong: %(value)s"),
    "model": _("Table: %(value)s"),
    "keys": _("Keys: %(value)s"),
    "direction": _("Direction: %(value)s"),
    "error": _("Kind of error: %(value)s"),
    "persons": _("Different records: %(value)s"),
    "readings": _("Openings: %(value)s"),
    "readers": _("Different readers: %(value)s"),
    "refused": _("Refused openings: %(value)s"),
    "minutes": _("Within minutes: %(value)s"),
    "usual": _("Usual number a day: %(value)s"),
    "code": _("Record: %(value)s"),
    "kind": _("Kind of record: %(value)s"),
    "field": _("Part of the record: %(value)s"),
    "sequence": _("Entry of the log: %(value)s"),
    "country": _("Country: %(value)s"),
    "seconds": _("Seconds: %(value)s"),
    "round": _("Check: %(value)s"),
}


def fact_sentences(facts: dict[str, Any]) -> list[str]:
    """Why an alert was raised, a line for each fact that has words; the others as they stand."""
    return [
        str(FACTS.get(key, _("%(key)s: %(value)s"))) % {"key": key, "value": _shown(value)}
        for key, value in sorted(facts.items())
    ]


NOTICES: dict[str, Promise] = {
    "glass.broken": _("Somebody used emergency access to the record %(pseudonym)s."),
    "glass.unreviewed": _("An emergency access waits for its review."),
    "glass.reviewed": _("Your emergency access was reviewed."),
    "export.asked": _("Somebody asked for an export of records."),
    "export.approved": _("An export that you asked for was approved."),
    "export.refused": _("An export that you asked for was refused."),
    "erasure.asked": _("Somebody asked for an erasure."),
    "erasure.done": _("An erasure that you asked for was done."),
    "erasure.refused": _("An erasure that you asked for was refused."),
    "incident.reported": _("An incident was reported: %(reference)s."),
}
ROUNDS: dict[str, Promise] = {
    "chain": _("The log of events holds"),
    "clock": _("Clock of the server"),
    "emergencies": _("Emergency access that ends"),
    "erasures": _("Erasures are brought to their end"),
    "exports": _("Exports whose time is over"),
    "keys": _("Keys"),
    "orphans": _("Keys without a record"),
    "removal": _("What may be removed by itself"),
    "retention": _("Records whose time is over"),
    "sessions": _("Sessions whose time is over"),
    "unusual-access": _("Unusual access"),
}


# First word of a notice's code -> the page that it leads to; contexts add theirs.
PLACES: dict[str, Callable[[Any], str]] = {}


def notice_sentence(code: str, facts: dict[str, Any]) -> str:
    """A notice as a sentence."""
    words = NOTICES.get(code)
    known = {"pseudonym": "", "reference": ""} | facts
    return str(words) % known if words else code


def round_words(name: str) -> str:
    return str(ROUNDS.get(name, name))
