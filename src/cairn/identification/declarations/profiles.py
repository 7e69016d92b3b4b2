"""What is kept of the law of a country: nothing about persons of concern."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import Zone, declare
from cairn.core.retention_rules import kept

declare(
    "identification.CountryProfile",
    Zone.IDENTIFICATION,
    _("What the law of a country says about who may decide; earlier ones are kept."),
    purpose=_("Keep investigating and deciding apart, unless a law says otherwise."),
    retention=kept("catalogue"),
    internal="id country investigator_may_decide source decided_at",
    personal="decided_by",
    drops_rows=True,
    seen_with="procedure:view role:grant",
)
