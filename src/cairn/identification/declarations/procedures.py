"""What an authority keeps of a procedure: by code, its decisions, and sealed reasons."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import Zone, declare
from cairn.core.retention_rules import kept

declare(
    "identification.Procedure",
    Zone.IDENTIFICATION,
    _("Procedures by a code that tells nothing; whom they are about and what happened are sealed."),
    purpose=_("Find out, by decisions with reasons, whether somebody is a victim."),
    retention=kept("procedure", "keep_until"),
    internal="id data_key organisation unit",
    personal="investigated_by",
    sensitive="code country opened_on age_status authority_kind keep_until erased_on",
    sealed="subject_name summary",
    drops_rows=True,
    seen_with="procedure:view",
    opened_with="procedure:open",
)
declare(
    "identification.Investigation",
    Zone.IDENTIFICATION,
    _("Who investigated a procedure, from when."),
    purpose=_("Whoever investigated does not decide."),
    retention=kept("procedure", follows="procedure"),
    internal="id procedure taken_over_at",
    personal="user_id",
    drops_rows=True,
    seen_with="procedure:view",
)
declare(
    "identification.Decision",
    Zone.IDENTIFICATION,
    _("Decisions of a procedure: stage, outcome, standard, on what authority; reasons are sealed."),
    purpose=_("Decisions are records: the state of a procedure is computed from them."),
    retention=kept("procedure", follows="procedure"),
    internal="id data_key procedure number standard authority authority_kind review_of decided_at",
    personal="decided_by",
    sensitive="code keep_until stage outcome ground",
    sealed="reasons",
    drops_rows=True,
    seen_with="procedure:view",
    opened_with="procedure:open",
)
