"""What identification keeps of lists of signs: nothing about a person."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import Zone, declare
from cairn.core.retention_rules import kept

declare(
    "identification.IndicatorEdition",
    Zone.IDENTIFICATION,
    _("Editions of the list of signs, and who wrote and published them."),
    purpose=_("Read a report years later by the list that the officer had."),
    retention=kept("catalogue"),
    internal=("id code source note state based_on made_at changed_at published_at withdrawn_at"),
    personal="authors published_by withdrawn_by",
    drops_rows=True,
    seen_with="indicator:view",
)
declare(
    "identification.Indicator",
    Zone.IDENTIFICATION,
    _("Signs that an officer may see or hear, with their wording in each language."),
    purpose=_("Show on the phone what to look for, and say at the desk what it may mean."),
    retention=kept("catalogue", follows="edition"),
    internal=(
        "id edition position code source_list dimension kind adult child is_asked settings "
        "profiles stands_for texts nexts"
    ),
    drops_rows=True,
    seen_with="indicator:view",
)
