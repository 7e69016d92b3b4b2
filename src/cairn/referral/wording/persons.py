"""How the history of a person is told: the second half of a sentence that begins with who."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "person.entered": _("entered the record."),
    "person.changed": _("changed the record."),
    "person.closed": _("closed the record."),
    "person.assigned": _("changed who works on the record."),
    "glass.broken": _("opened the way to the record by emergency access."),
    "retention.extended": _("decided to keep the record until %(until)s."),
    "sealed.altered": _("found a sealed text that was altered and cannot be read."),
}
