"""What is kept of shares, of files that change hands, and of what the old owner is told."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import Zone, declare
from cairn.core.retention_rules import kept

declare(
    "referral.ShareAgreement",
    Zone.PROTECTION,
    _("What one organisation lets another one know of a person; the content is sealed."),
    purpose=_(
        "Share no more than was agreed, for as long as was agreed, and end it on both sides."
    ),
    retention=kept("person", "keep_until"),
    internal="id data_key organisation unit taker taker_unit version consent protocol",
    personal="proposed_by accepted_by",
    sensitive=(
        "code person country state purpose basis categories starts_on expires_on moved_at "
        "keep_until erased_on"
    ),
    sealed="content",
    opened_with="referral:open",
    drops_rows=True,
    seen_with="share:view",
)
declare(
    "referral.ShareVersion",
    Zone.PROTECTION,
    _("The terms of a share as they were agreed, one after the other."),
    purpose=_("Show later what was agreed when, on what ground."),
    retention=kept("person", follows="share"),
    internal="id share number at",
    personal="by",
    sensitive="purpose basis categories starts_on expires_on",
    drops_rows=True,
    seen_with="share:view",
)
declare(
    "referral.ShareStep",
    Zone.PROTECTION,
    _("The steps of a share, and whose they were."),
    purpose=_("Show later who proposed, accepted and ended it."),
    retention=kept("person", follows="share"),
    internal="id share number side at",
    personal="by",
    sensitive="before after",
    drops_rows=True,
    seen_with="share:view",
)
declare(
    "referral.HandOver",
    Zone.PROTECTION,
    _("Files of a caseload that change hands together."),
    purpose=_("Nobody is lost when a post closes or somebody leaves."),
    retention=kept("staff-role", "made_at"),
    internal="id code organisation unit country taker taker_unit why state made_at decided_at",
    personal="from_user to_user made_by decided_by",
    drops_rows=True,
    seen_with="caseload:supervise",
)
declare(
    "referral.HandOverLine",
    Zone.PROTECTION,
    _("The files of one hand-over, by their records."),
    purpose=_("All of them change hands, or none."),
    retention=kept("person", follows="person"),
    internal="id hand_over number state protocol moved_at",
    sensitive="person reason basis consent card",
    drops_rows=True,
    seen_with="caseload:supervise",
)
declare(
    "referral.Moved",
    Zone.PROTECTION,
    _("That a record is gone, since when, and whom to ask."),
    purpose=_("The old owner knows where to turn."),
    retention=kept("person", follows="person"),
    internal="id organisation unit ask how at",
    personal="by",
    sensitive="code record person country",
    drops_rows=True,
    seen_with="person:view",
)
declare(
    "referral.LateNote",
    Zone.PROTECTION,
    _("What the old owner of a record still wrote after it was gone; the words are sealed."),
    purpose=_("Nothing that was written late is lost, and nothing of it is applied unseen."),
    retention=kept("person", follows="person"),
    internal="id data_key person number recorded_at source page",
    personal="recorded_by",
    sensitive="code keep_until",
    sealed="note",
    opened_with="person:open person:break-glass",
    drops_rows=True,
    seen_with="person:view",
)
