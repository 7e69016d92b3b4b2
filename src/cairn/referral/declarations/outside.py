"""What is kept of links by which somebody without an account answers a referral."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import Zone, declare
from cairn.core.retention_rules import kept

declare(
    "referral.OneTimeLink",
    Zone.PROTECTION,
    _("Links for recipients without an account; what they hold opens with link and number only."),
    purpose=_("Let a service without an account answer, and read what it is told, once."),
    retention=kept("person", follows="referral"),
    internal="id referral mark made_at expires_at attempts opened_at shown_at ended_at slot",
    personal="made_by",
    sealed="proof content latch answer",
    # Link and number open it; inside, whoever may open the referral reads the same.
    opened_with="referral:open",
    drops_rows=True,
    seen_with="referral:send",
)
