"""How the history of links for recipients without an account is told."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "assistance.counts-taken": _("took counts of assistance out as a file."),
    "brought.answer_made": _("made the answer as a file for the sender."),
    "brought.answered": _("answered the referral."),
    "brought.file_begun": _("began our own file of the person."),
    "brought.taken_in": _("brought the referral as a file."),
    "person.brought": _("brought the record as a file (%(format)s)."),
    "person.file_made": _("took the record out as a file (%(format)s)."),
    "referral.file_made": _("took the referral out as a file."),
    "referral.link_made": _("made a link for a recipient without an account."),
    "referral.link_opened": _("opened the link with its number."),
    "referral.link_shown": _("read by the link what the referral tells."),
    "referral.link_wrong": _("typed a number that does not belong to the link."),
}
