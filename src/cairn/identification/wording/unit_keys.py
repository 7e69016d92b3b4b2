"""How the history of reception keys is told: the second half of a sentence that begins with who."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "reception_key.made": _("made a reception key."),
    "reception_key.handed_over": _("handed a reception key over to a colleague."),
    "reception_key.taken_over": _("took a reception key over."),
    "reception_key.recovered": _("came to hold a reception key by its recovery code."),
    "reception_key.rewrapped": _("changed the reading passphrase."),
    "reception_key.refused": _("typed a wrong passphrase or code for a reception key."),
    "reception_key.holder_ended": _("took a copy of a reception key away."),
    "reception_key.retired": _("put a reception key out of use."),
    "reception_key.destruction_asked": _("asked that a reception key is destroyed."),
    "reception_key.kept": _("decided that a reception key is kept."),
    "reception_key.destroyed": _("destroyed a reception key."),
}
