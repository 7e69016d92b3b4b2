"""What is kept of releases of statistics."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import EVERYBODY, Zone, declare
from cairn.core.retention_rules import kept

declare(
    "observatory.Release",
    Zone.STATISTICS,
    _("Releases of statistics: source, period, columns and how far each has come; no figures."),
    purpose=_("Build every release in the same steps, and show later on how it came about."),
    retention=kept("log"),
    internal=(
        "id code title source way period_first period_last columns is_merged state made_at "
        "reference_at work_key wiped_at ended_at reason trouble"
    ),
    personal="made_by builders ended_by",
    drops_rows=True,
    seen_with="statistics:view",
)
declare(
    "observatory.Artefact",
    Zone.STATISTICS,
    _(
        "What each step of a release left: its hash and what may be said of it. The extract and "
        "the exact counts are encrypted, read by no page, and their key is destroyed afterwards."
    ),
    purpose=_("Go on after an interruption, and show that nothing was changed between steps."),
    retention=kept("log", follows="release"),
    internal="id release step number content digest previous made_at summary payload",
    sensitive="sealed",
    drops_rows=True,
    seen_with="statistics:view",
)
declare(
    "observatory.Signature",
    Zone.STATISTICS,
    _("Who signed which hash of a release, and when."),
    purpose=_("Nothing is published that two persons besides its builder have not looked at."),
    retention=kept("log", follows="release"),
    internal="id release signed_at digest",
    personal="signed_by",
    drops_rows=True,
    seen_with="statistics:view",
)
declare(
    "observatory.Published",
    Zone.STATISTICS,
    _("Protected statistics as everybody may read them, with their definitions."),
    purpose=_("Inform the public without telling of any person."),
    retention=kept("log", follows="release"),
    public="release payload digest published_at withdrawn_at reason",
    seen_with=EVERYBODY,
)
declare(
    "observatory.LedgerEntry",
    Zone.STATISTICS,
    _("What went out and what was withdrawn, each line chained to the one before by its hash."),
    purpose=_(
        "Attack every new release together with all earlier ones; show that none is missing."
    ),
    retention=kept("log", follows="release"),
    internal="number release at event what figures content previous hash",
    drops_rows=True,
    seen_with="statistics:view",
)
