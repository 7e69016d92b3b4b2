"""How the history of a person is told: the second half of a sentence that begins with who."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "person.entered": _("entered the record."),
    "person.changed": _("changed the record."),
    "person.closed": _("closed the record."),
    "person.assigned": _("changed who works on the record."),
    "person.identified": _("sealed who the person is."),
    "person.identity_changed": _("wrote anew who the person is."),
    "person.alias_noted": _("noted another name, number %(number)s."),
    "person.alias_ended": _("noted that other name %(number)s is not used any more."),
    "person.guardian_appointed": _("recorded guardian %(number)s."),
    "person.guardian_ended": _("recorded the last day of guardian %(number)s."),
    "person.risk_assessed": _("assessed the danger, number %(number)s."),
    "person.needs_assessed": _("assessed what is needed, number %(number)s."),
    "person.interests_found": _("recorded what is best for the child, number %(number)s."),
    "person.conflicted": _("wrote something while a colleague wrote the same, number %(number)s."),
    "person.conflict_resolved": _("said what holds of what was written twice, number %(number)s."),
    "glass.broken": _("opened the way to the record by emergency access."),
    "retention.extended": _("decided to keep the record until %(until)s."),
    "sealed.altered": _("found a sealed text that was altered and cannot be read."),
}
