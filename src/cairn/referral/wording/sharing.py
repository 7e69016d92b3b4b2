"""How the history of shares, hand-overs, and the duty list is told."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "share.proposed": _("offered to share something with another organisation."),
    "share.previewed": _("looked at what is offered."),
    "share.accepted": _("accepted what is shared."),
    "share.rejected": _("did not want what was offered."),
    "share.amended": _("changed what is shared."),
    "share.revoked": _("ended the share."),
    "share.expired": _("noted that the time of the share is over."),
    "share.purged": _("said that what was noted is destroyed."),
    "hand-over.done": _("gave a caseload into other hands."),
}
