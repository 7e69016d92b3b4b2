"""What is kept: figures that States and others published, and answers about names in them."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import Zone, declare
from cairn.core.retention_rules import kept

declare(
    "observatory.NationalFigure",
    Zone.STATISTICS,
    _("Figures of a country and a year as a source printed them; counts only, no persons."),
    purpose=_("Show what States report beside what is counted here, with every source."),
    retention=kept("catalogue"),
    internal=(
        "id statement layout indicator country year breakdown category category_code sex age "
        "value below source received_on"
    ),
    drops_rows=True,
    seen_with="statistics:view",
)
declare(
    "observatory.PlaceAnswer",
    Zone.STATISTICS,
    _("Which country somebody said that a printed name of a country is."),
    purpose=_("Ask about an unclear name once, instead of guessing it each time."),
    retention=kept("catalogue"),
    internal="id printed country answered_at",
    personal="answered_by",
    drops_rows=True,
    seen_with="statistics:view",
)
