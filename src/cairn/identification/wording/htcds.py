"""How files of the human trafficking case data standard are told: the second half of a sentence."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "htcds.exported": _("took the procedure out as a file (%(format)s)."),
}
