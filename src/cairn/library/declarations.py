"""What the library keeps: a public register of tools."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import EVERYBODY, Zone, declare
from cairn.core.retention_rules import kept

declare(
    "library.Tool",
    Zone.PROGRAMME,
    _("Films, manuals, toolkits and model laws, and the languages in which they exist."),
    purpose=_("Let everybody find what was made for this work."),
    retention=kept("catalogue"),
    public="id title kind topic languages forthcoming as_of source",
    seen_with=EVERYBODY,
)
