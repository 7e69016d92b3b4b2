"""What is kept of tools: a public register, and counts of what was taken."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import EVERYBODY, Zone, declare
from cairn.core.retention_rules import kept

declare(
    "library.Tool",
    Zone.PROGRAMME,
    _("Films, manuals, toolkits and model laws, and the languages in which they exist."),
    purpose=_("Let everybody find what was made for this work."),
    retention=kept("catalogue"),
    public="id title kind topic languages forthcoming as_of source version",
    seen_with=EVERYBODY,
)
declare(
    "library.ToolVersion",
    Zone.PROGRAMME,
    _("Editions of a tool by language, and where each is kept."),
    purpose=_("Let everybody find what was made for this work."),
    retention=kept("catalogue", follows="tool"),
    public="id tool edition language since link source version",
    seen_with=EVERYBODY,
)
declare(
    "library.ToolDownloads",
    Zone.PROGRAMME,
    _("How often a version of a tool was taken in a month; nothing about who took it."),
    purpose=_("Know which tools and languages are asked for."),
    retention=kept("catalogue", follows="version"),
    public="id version month count",
    seen_with=EVERYBODY,
)
declare(
    "library.ToolAdaptation",
    Zone.PROGRAMME,
    _("What a country or body made of a tool: languages, and what was changed."),
    purpose=_("Let others build on what was adapted already."),
    retention=kept("catalogue", follows="tool"),
    public="id tool country languages changed adapted_by since source version",
    seen_with=EVERYBODY,
)
