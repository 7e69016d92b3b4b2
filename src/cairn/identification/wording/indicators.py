"""How the history of editions of signs is told: the second half of a sentence after who."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "edition.made": _("made the draft from edition %(based_on)s."),
    "edition.shipped_loaded": _("took in the edition that Cairn ships."),
    "edition.sign_changed": _("changed the sign %(sign)s."),
    "edition.signs_replaced": _("took in a file of %(signs)s signs."),
    "edition.published": _("published the edition."),
    "edition.withdrawn": _("withdrew the edition."),
}
