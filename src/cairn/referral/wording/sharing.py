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
    "hand-over.proposed": _("offered records to another organisation."),
    "hand-over.taken": _("agreed to take records over."),
    "hand-over.refused": _("did not take the records over."),
    "hand-over.taken-back": _("took the offer of records back."),
    "hand-over.moved": _("noted that the records have gone to the other organisation."),
    "person.moved": _("brought the record to another organisation."),
    "person.stays": _("noted that the record stays where it is."),
    "person.late-note": _("left a note after the record had gone."),
    "referral.handed-over": _("handed the person over to another organisation."),
}
