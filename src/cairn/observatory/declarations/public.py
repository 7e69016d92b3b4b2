"""What is kept of bulletins."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import EVERYBODY, Zone, declare
from cairn.core.retention_rules import kept

declare(
    "observatory.Bulletin",
    Zone.STATISTICS,
    _("Bulletins as they came out: figures of published releases, and who issued each."),
    purpose=_("Show what was said when, also after a figure was replaced."),
    retention=kept("log"),
    public="id year number payload digest issued_at",
    personal="issued_by",
    drops_rows=True,
    seen_with=EVERYBODY,
)
