"""How the history of links for recipients without an account is told."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "referral.file_made": _("took the referral out as a file."),
    "referral.link_made": _("made a link for a recipient without an account."),
    "referral.link_opened": _("opened the link with its number."),
    "referral.link_shown": _("read by the link what the referral tells."),
    "referral.link_wrong": _("typed a number that does not belong to the link."),
}
