"""How the log tells of a procedure."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "procedure.entered": _("entered the procedure."),
    "procedure.taken_over": _("took over the investigation."),
    "procedure.decided": _("recorded decision %(number)s."),
    "retention.extended": _("decided to keep the procedure until %(until)s."),
    "sealed.altered": _("found a sealed text that was altered and cannot be read."),
}
