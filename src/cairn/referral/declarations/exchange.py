"""What is kept of referrals that came as files of other programs."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import Zone, declare
from cairn.core.retention_rules import kept

declare(
    "referral.BroughtReferral",
    Zone.PROTECTION,
    _("Referrals that a sender without an account sent as a file, and how they were answered."),
    purpose=_("Help whom another program refers to us, and answer so that the sender knows."),
    retention=kept("person", "keep_until"),
    internal="id data_key organisation unit service mark sender their_code",
    personal="brought_by",
    sensitive=(
        "code country need urgency purpose basis place card categories state reason feedback "
        "brought_at answered_at ended_at received_person keep_until erased_on"
    ),
    sealed="content",
    drops_rows=True,
    seen_with="referral:view",
    opened_with="referral:open",
)
