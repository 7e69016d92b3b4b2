"""How the log tells of receiving units: the second half of a sentence that begins with who."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "receiver.entered": _("entered a receiving unit."),
    "receiver.changed": _("changed what phones are told of a receiving unit."),
}
