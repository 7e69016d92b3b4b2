"""What imports keep: a file that somebody brought, and what its preview said."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import Zone, declare
from cairn.core.retention_rules import kept

declare(
    "imports.ImportBatch",
    Zone.PROGRAMME,
    _("A file of projects, pledges or the like. Its content goes once applied or discarded."),
    purpose=_("Preview a file before anything is changed, and answer questions about it later."),
    retention=kept("import", "created_at"),
    internal=(
        "id kind sha256 size created_at applied_at state refusal notes rows_read rows_total "
        "created changed unchanged refused digest"
    ),
    personal="filename content author_id author_name",
    drops_rows=True,
    seen_with="portfolio:import audit:view",
)
declare(
    "imports.ImportRow",
    Zone.PROGRAMME,
    _("One row of a preview: what it would change, and what is wrong with it."),
    purpose=_("Show whoever brought a file what will become of each row."),
    retention=kept("import", follows="batch"),
    internal="id batch number outcome label changes problems notes",
    drops_rows=True,
    seen_with="portfolio:import audit:view",
)
