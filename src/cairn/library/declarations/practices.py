"""What is kept of practices: descriptions of work, open once two people agreed."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import EVERYBODY, Zone, declare, keep
from cairn.core.retention_rules import kept

declare(
    "library.Practice",
    Zone.PROGRAMME,
    _("What was done in a crisis and what others can learn from it; no persons of concern."),
    purpose=_("Let everybody find and cite what worked elsewhere."),
    retention=kept("catalogue"),
    public=(
        "id code title type countries stakeholder stakeholder_types stakeholder_other "
        "crisis_types crisis_phases description guidelines language source published_at "
        "search_text"
    ),
    internal="state version replaces made_at sent_at reason",
    personal="writers reviewed_by",
    scrub=keep("writers reviewed_by"),
    seen_with=EVERYBODY,
)
