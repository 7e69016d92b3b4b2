"""How the log tells of what came in."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "reports.received": _("sent reports: %(received)s received, %(held)s held."),
    "reports.submitted": _("entered reports: %(received)s received."),
    "held.released": _("released what was held."),
    "held.closed": _("closed what was held."),
}
