"""How the history of records that may be about the same person is told."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "person.looked-for": _("asked whether a person is known already."),
    "pair.same": _("decided that this record and another are of the same person."),
    "pair.different": _("decided that this record and another are of two persons."),
    "pair.undone": _("took a decision about this record and another back."),
}
