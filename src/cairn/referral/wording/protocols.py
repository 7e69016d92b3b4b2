"""How the history of agreements, left-out recipients and experts is told, and their notices."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "protocol.drafted": _("drafted the protocol."),
    "protocol.changed": _("changed the draft."),
    "protocol.signed": _("signed for a party."),
    "protocol.noted": _("noted that a party signed on paper."),
    "protocol.agreed": _("gave the last signature: all parties have signed."),
    "protocol.replaced": _("signed the later version %(by)s, which takes the place of this one."),
    "protocol.ended": _("ended the protocol; it does not hold any more from %(on)s on."),
    "risk.decided": _("decided that nobody is referred there."),
    "risk.ended": _("ended it: persons may be referred there again."),
    "expert.entered": _("entered the expert."),
    "expert.changed": _("changed the entry."),
}
NOTICES: dict[str, Promise] = {
    "protocol.waits": _("A protocol waits for your signature: %(protocol)s."),
    "protocol.agreed": _("All parties have signed the protocol %(protocol)s."),
    "protocol.ended": _("The protocol %(protocol)s was ended."),
}
