"""How the history of the directory is told: the second half of a sentence that begins with who."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "access-point.entered": _("entered the service."),
    "access-point.changed": _("changed the service."),
    "access-point.assured": _("found the service still right."),
    "access-point.closed": _("took the service out of the directory."),
    "service.entered": _("entered the service."),
    "service.changed": _("changed the service."),
    "service.assured": _("found the service still right."),
    "service.capacity": _("said how full the service is."),
    "service.asked": _("asked the provider how the service stands."),
    "service.answered": _("answered with a link how the service stands."),
    "service.points": _("said through which offices and telephones it is reached."),
    "service.focal": _("changed who answers referrals."),
    "service.closed": _("took the service out of the directory."),
    "location.entered": _("sealed where people are protected."),
    "location.closed": _("said that nobody is protected there any more."),
}
