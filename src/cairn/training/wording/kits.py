"""What entries of the log about kits say, in sentences that begin with who did it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "kit.enrolled": _("enrolled kit %(kit)s."),
    "kit.revoked": _("revoked kit %(kit)s."),
    "kit.checked_out": _("checked event %(event)s out to kit %(kit)s."),
    "kit.bundle_repeated": _("made the bundle of event %(event)s for kit %(kit)s once more."),
    "kit.recalled": _("recalled event %(event)s from kit %(kit)s."),
    "kit.bundle_received": _("brought bundle %(number)s of kit %(kit)s with %(records)s records."),
    "kit.bundle_merged": _(
        "merged bundle %(number)s of kit %(kit)s: %(accepted)s taken, %(repeated)s known already, "
        "%(refused)s refused, %(parked)s waiting."
    ),
    "kit.receipt_made": _("made the receipt for bundle %(number)s of kit %(kit)s."),
    "kit.returned": _("got event %(event)s back from kit %(kit)s."),
    "kit.event_taken_in": _("took in an event as kit %(kit)s: %(records)s records."),
    "kit.bundle_made": _("made bundle %(number)s for home with %(records)s records."),
    "kit.answer_taken_in": _("took in the receipt for bundle %(number)s."),
}
