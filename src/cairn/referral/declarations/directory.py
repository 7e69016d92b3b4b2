"""What is kept of the directory of services."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import Zone, declare
from cairn.core.retention_rules import kept

declare(
    "referral.AccessPoint",
    Zone.PROTECTION,
    _("Offices and telephones through which help is reached; no protected places, no persons."),
    purpose=_("Tell officers and persons where help is, and when somebody last looked."),
    retention=kept("catalogue"),
    internal=(
        "id code organisation name way needs country area languages ages sexes hours phone reach "
        "assured_on closed_at"
    ),
    personal="assured_by closed_by",
    drops_rows=True,
    seen_with="directory:view",
)
