"""What is kept of the law of a country: nothing about persons of concern."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import Zone, declare
from cairn.core.retention_rules import kept

declare(
    "identification.CountryProfile",
    Zone.IDENTIFICATION,
    _("What the law of a country says about who decides and which rights open; all are kept."),
    purpose=_("Open the rights that the law gives, and keep investigating and deciding apart."),
    retention=kept("catalogue"),
    internal=(
        "id country investigator_may_decide deciders standards opens ends reflection_days"
        " review_days mandatory_reporting languages source decided_at"
    ),
    personal="decided_by",
    drops_rows=True,
    seen_with="procedure:view role:grant",
)
