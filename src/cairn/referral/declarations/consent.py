"""What is kept of consent, and the rights of the person."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import Zone, declare
from cairn.core.retention_rules import kept

_KEPT = kept("person", follows="person")

declare(
    "referral.Consent",
    Zone.PROTECTION,
    _("What a person agreed to be told to whom, for what and until when; limits are sealed."),
    purpose=_("Tell nobody anything about a person without a basis that holds on that day."),
    retention=_KEPT,
    internal=(
        "id data_key person number interpreter decided_at receipt_taken superseded_by recorded_at"
    ),
    personal="recorded_by",
    sensitive=(
        "code keep_until purpose recipient recipient_class categories basis state starts_on "
        "expires_on language given_by guardian assent capacity receipt"
    ),
    sealed="limits note",
    drops_rows=True,
    seen_with="person:view",
    opened_with="person:open person:break-glass",
)
declare(
    "referral.ConsentStep",
    Zone.PROTECTION,
    _("When a consent was asked, given, refused, taken back, or came to its end."),
    purpose=_("Show what was agreed on any day, and that a withdrawal was followed at once."),
    retention=_KEPT,
    internal="id data_key person number consent recorded_at",
    personal="recorded_by",
    sensitive="code keep_until before after how",
    drops_rows=True,
    seen_with="person:view",
)
