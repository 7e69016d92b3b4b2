"""What training keeps: kits."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import Zone, declare
from cairn.core.retention_rules import kept

declare(
    "training.Kit",
    Zone.PROGRAMME,
    _("Laptops that run this system without a line, and their public keys."),
    purpose=_("Let a training run where there is no line."),
    retention=kept("programme-record"),
    internal="id code label organisation recipient verifier enrolled_at revoked_at offset_seconds",
    personal="enrolled_by",
    drops_rows=True,
    seen_with="kit:operate",
)
declare(
    "training.KitCheckout",
    Zone.PROGRAMME,
    _("Which event is on which kit."),
    purpose=_("Keep one place for what can be edited."),
    retention=kept("programme-record", follows="event"),
    internal="id kit event state bundle_digest persons checked_out_at ended_at ended_reason",
    personal="checked_out_by",
    drops_rows=True,
    seen_with="training:view",
)
declare(
    "training.KitReturn",
    Zone.PROGRAMME,
    _("Bundles that came back from kits, and what became of their records."),
    purpose=_("Lose nothing and take nothing twice."),
    retention=kept("programme-record", follows="checkout"),
    internal=(
        "id checkout sequence digest schema records done accepted repeated refused parked "
        "is_last kit_made_at offset_low offset_high brought_at finished_at"
    ),
    personal="brought_by",
    drops_rows=True,
    seen_with="kit:operate",
)
declare(
    "training.KitSelf",
    Zone.PROGRAMME,
    _("On a kit: which events it carries."),
    purpose=_("Bring an event back to where it came from."),
    retention=kept("programme-record", follows="event"),
    internal=(
        "id kit_code checkout_id event home_verifier home_recipient sequence bundle_made_at "
        "answered_through last_sequence imported_at exported_at"
    ),
    drops_rows=True,
    seen_with="kit:operate",
)
