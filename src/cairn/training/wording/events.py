"""What entries of the log about events say, in sentences that begin with who did it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "training_event.changed": _("changed what is known of the event."),
    "training_event.party_added": _("entered an organisation that takes part."),
    "training_event.party_removed": _("took an organisation off."),
    "training_event.material_added": _("entered a document for participants."),
    "training_event.material_removed": _("took a document off."),
    "training_event.calendar_renewed": _("gave the calendar a new address."),
    "training_event.session_added": _("added session %(position)s."),
    "training_event.session_changed": _("changed session %(position)s."),
    "training_event.session_removed": _("removed session %(position)s."),
    "training_event.staffed": _("entered %(practitioner)s as staff."),
    "training_event.unstaffed": _("took %(practitioner)s off the staff."),
    "training_event.printed": _("printed documents of the event (%(document)s)."),
    "attendance.opened": _("opened attendance for session %(position)s."),
    "attendance.closed": _("closed attendance for session %(position)s."),
    "attendance.marked": _("sent attendance marks: %(accepted)s taken, %(refused)s refused."),
    "attendance.corrected": _("took an attendance mark back."),
    "attendance.sheet_keyed": _("keyed in a paper sheet: %(marks)s marks."),
    "refused_record.resolved": _("dealt with a refused record."),
    "enrolment.entered": _("enrolled %(participant)s."),
    "enrolment.overridden": _("decided by hand whether %(participant)s completed."),
    "enrolment.override_lifted": _("let the rule decide again about %(participant)s."),
    "enrolment.settled": _("settled who completed: %(changed)s changes."),
    "cascade_report.sent": _("reported the event by counts: %(count)s people."),
    "cascade_report.checked": _("asked %(asked)s of those counted; %(confirmed)s confirmed."),
    "training_event.created": _("entered a training event."),
    "training_event.moved": _("moved a training event from “%(before)s” to “%(after)s”."),
    "training_event.exported": _("took a list of %(count)s training events out as a file."),
    "enrolment.moved": _("recorded that a participant is “%(after)s”."),
    "cascade_report.moved": _("moved a report by counts from “%(before)s” to “%(after)s”."),
}

# These name a person by code: for those who run the event.
WITH_CODES = frozenset(
    {
        "training_event.staffed",
        "training_event.unstaffed",
        "enrolment.entered",
        "enrolment.overridden",
        "enrolment.override_lifted",
    }
)
# These stand in the history of the event as steps, with their reason.
AS_STEPS = frozenset({"training_event.created", "training_event.moved"})
# The list of participants tells this better than forty lines of a history.
IN_LISTS = frozenset({"enrolment.entered"})
