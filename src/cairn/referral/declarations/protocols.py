"""What is kept of agreements on sharing, risks of recipients, routing, experts."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import Zone, declare
from cairn.core.retention_rules import kept

declare(
    "referral.Protocol",
    Zone.PROTECTION,
    _("What organisations agreed to share about persons, for what and until when; no persons."),
    purpose=_("Share nothing that was not agreed, and show later on what it rested."),
    retention=kept("catalogue"),
    internal=(
        "id code organisation country title parties categories purposes text starts_on ends_on "
        "state version replaces drafted_at signed_on ended_on end_reason"
    ),
    personal="drafted_by ended_by",
    drops_rows=True,
    seen_with="protocol:view",
)
declare(
    "referral.Protocol_parties",
    Zone.PROTECTION,
    _("Which organisations a protocol binds."),
    purpose=_("Share nothing that was not agreed, and show later on what it rested."),
    retention=kept("catalogue", follows="protocol"),
    internal="id protocol organisation",
    drops_rows=True,
    seen_with="protocol:view",
)
declare(
    "referral.Signature",
    Zone.PROTECTION,
    _("Which party signed which words of a protocol on which day."),
    purpose=_("Show that every party agreed to the same words."),
    retention=kept("catalogue", follows="protocol"),
    internal="id protocol organisation form paper signed_on recorded_at digest",
    personal="signed_by",
    drops_rows=True,
    seen_with="protocol:view",
)
declare(
    "referral.RecipientRisk",
    Zone.PROTECTION,
    _("Recipients to whom nobody is referred; what was found out about them is sealed."),
    purpose=_("Nobody is sent to a recipient that may be part of the danger."),
    retention=kept("person", "keep_until"),
    internal="id data_key code organisation country starts_on ends_on decided_at",
    personal="decided_by ended_by",
    sensitive="recipient service ground ended_on keep_until erased_on",
    sealed="note",
    drops_rows=True,
    seen_with="risk:view",
    opened_with="risk:decide",
)
declare(
    "referral.Expert",
    Zone.PROTECTION,
    _("Experts who can be asked: what they know; their names and contacts are sealed."),
    purpose=_("Find somebody who knows, without a list of names that could be taken."),
    retention=kept("person", "keep_until"),
    internal=(
        "id data_key code organisation country title fields languages countries availability "
        "entered_on"
    ),
    personal="keep_until erased_on",
    sealed="name contact",
    drops_rows=True,
    seen_with="expert:view",
    opened_with="expert:open",
)
