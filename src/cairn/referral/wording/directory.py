"""How the history of the directory is told: the second half of a sentence that begins with who."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "access-point.entered": _("entered the service."),
    "access-point.changed": _("changed the service."),
    "access-point.assured": _("found the service still right."),
    "access-point.closed": _("took the service out of the directory."),
}
