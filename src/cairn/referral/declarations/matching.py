"""What is kept of records that may be about the same person."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import Zone, declare
from cairn.core.retention_rules import kept

declare(
    "referral.MatchKey",
    Zone.PROTECTION,
    _("Keyed hashes of name, birth and paper together: equal ones show that two records meet."),
    purpose=_("Find a person's record when the person comes back under another spelling."),
    retention=kept("person", follows="person"),
    internal="id organisation person",
    sensitive="mark",
    drops_rows=True,
)
declare(
    "referral.MatchFeatures",
    Zone.PROTECTION,
    _("Keyed hashes by which two records are compared, covered by a key of the zone."),
    purpose=_("Say how two records agree without opening any identity."),
    retention=kept("person", follows="person"),
    internal="person organisation edition changed_at looked_at",
    sensitive="marks",
    drops_rows=True,
)
declare(
    "referral.Pair",
    Zone.PROTECTION,
    _("Two records that may be of one person, and in which points they agree; no names."),
    purpose=_("Let somebody decide whether two records are of one person."),
    retention=kept("person", follows="first"),
    internal="id organisation first second found_at",
    sensitive="score reasons state",
    drops_rows=True,
    seen_with="duplicate:review person:view",
)
declare(
    "referral.PairDecision",
    Zone.PROTECTION,
    _("Who decided that two records are of one person or of two, and on what ground."),
    purpose=_("Show what was decided, and take it back where it was wrong."),
    retention=kept("person", follows="pair"),
    internal="id pair number decided_at",
    personal="decided_by",
    sensitive="step reason",
    drops_rows=True,
    seen_with="duplicate:review person:view",
)
