"""What documents keep: texts around figures, issues as they came out, highlights."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import EVERYBODY, Zone, declare
from cairn.core.retention_rules import kept

_SEEN = f"{EVERYBODY} document:edit document:publish"
_TELL = _("Say what the programme did, with figures that come from records.")

declare(
    "results.Document",
    Zone.PROGRAMME,
    _("Documents that come out in issues. The public sees those of which an issue came out."),
    purpose=_TELL,
    retention=kept("programme-record"),
    public="id kind code title language parameters",
    internal="version made_at changed_at",
    personal="made_by writers",
    seen_with=_SEEN,
)
declare(
    "results.Section",
    Zone.PROGRAMME,
    _("Texts of documents as they are being written."),
    purpose=_TELL,
    retention=kept("programme-record", follows="document"),
    internal="id document part number heading text version",
    seen_with="document:edit document:publish",
)
declare(
    "results.Issue",
    Zone.PROGRAMME,
    _("Documents as they came out, with every figure and where it came from."),
    purpose=_("Show later what was told on a day, by whom it was checked, and from which records."),
    retention=kept("programme-record", follows="document"),
    public="id document number language state payload figures digest published_at withdrawn_at "
    "reason replaces",
    internal="made_at sent_at reviewed_at",
    personal="made_by writers reviewed_by published_by",
    seen_with=_SEEN,
)
declare(
    "results.Highlight",
    Zone.PROGRAMME,
    _("Entries of the register of highlights."),
    purpose=_TELL,
    retention=kept("programme-record"),
    public="id code title year countries mandates text sources",
    internal="state version changed_at",
    personal="writers published_by",
    seen_with=_SEEN,
)
