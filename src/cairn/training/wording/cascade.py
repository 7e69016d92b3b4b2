"""What entries of the log about cascade say, in sentences that begin with who did it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "cascade_plan.entered": _("entered a plan for a cascade."),
    "cascade_target.entered": _("entered a target of a cascade."),
    "cascade_target.removed": _("removed a target of a cascade."),
}
