"""What is kept of referrals and their clocks."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import Zone, declare
from cairn.core.retention_rules import kept

declare(
    "referral.Referral",
    Zone.PROTECTION,
    _("That a person is referred to a service, how that stands, and what the service is told."),
    purpose=_("Get help for the person, see that somebody answers in time, and hear the outcome."),
    retention=kept("person", "keep_until"),
    internal=(
        "id data_key organisation unit service recipient recipient_unit recipient_country "
        "is_external step alternate protocol"
    ),
    personal="sent_by focal_user",
    sensitive=(
        "code person country need urgency purpose basis consent place card categories state "
        "made_at moved_at sent_at delivered_at acknowledged_at decided_at ack_by decide_by "
        "next_at reason redirected_to feedback rating received_person taken_back_at closed_at "
        "keep_until erased_on"
    ),
    sealed="content emergency_reason",
    drops_rows=True,
    seen_with="referral:view",
    opened_with="referral:open",
)
declare(
    "referral.ReferralEvent",
    Zone.PROTECTION,
    _("What happened to a referral, step by step, with questions and answers sealed."),
    purpose=_("Both sides see what was done and when; nothing is done twice."),
    retention=kept("person", follows="referral"),
    internal="id data_key referral number client_id",
    personal="by",
    sensitive="code event before after side reason is_shared at keep_until",
    sealed="note",
    drops_rows=True,
    seen_with="referral:view",
    opened_with="referral:open",
)
declare(
    "referral.OutboxMessage",
    Zone.PROTECTION,
    _("Messages on their way: that something waits for somebody, never what."),
    purpose=_("Tell people in time, once, also when the mail was away for a while."),
    retention=kept("work-queue", "done_at"),
    internal=(
        "id kind dedupe_key code facts subject_id queued_at due_at claimed_until attempts done_at "
        "failed"
    ),
    personal="to_user sealed_to",
    drops_rows=True,
)
