"""What training keeps: nominations."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import Zone, declare
from cairn.core.retention_rules import kept

declare(
    "training.Call",
    Zone.PROGRAMME,
    _("Calls for nominations, with their criteria."),
    purpose=_("Select by criteria that everybody knew before."),
    retention=kept("programme-record", follows="event"),
    internal="id event opens_on closes_on profile criteria vetting_kinds minimum_women",
    seen_with="training:view nomination:make",
)
declare(
    "training.SeatAllocation",
    Zone.PROGRAMME,
    _("Seats of each agency, with a minimum of women."),
    purpose=_("Share seats fairly."),
    retention=kept("programme-record", follows="call"),
    internal="id call agency seats minimum_women profile",
    seen_with="training:view nomination:make",
)
declare(
    "training.Nomination",
    Zone.PROGRAMME,
    _("Whom an agency proposed, by code."),
    purpose=_("Choose participants."),
    retention=kept("trainee", follows="practitioner"),
    internal="id call practitioner",
    personal="agency state priority answers note scores reason proposed_by proposed_at replaces",
    drops_rows=True,
    seen_with="trainee:view nomination:make",
)
declare(
    "training.VettingCheck",
    Zone.PROGRAMME,
    _("Checks of people before a training; the reason is sealed."),
    purpose=_("Train nobody who must not be trained."),
    retention=kept("trainee", follows="practitioner"),
    internal="id data_key practitioner",
    personal=(
        "code kind issuer state requested_on received_on decided_on valid_until recorded_by "
        "keep_until"
    ),
    sealed="note",
    drops_rows=True,
    seen_with="trainee:view",
    opened_with="vetting:open",
)
declare(
    "training.SelectionDecision",
    Zone.PROGRAMME,
    _("What a panel decided on a nomination, and why."),
    purpose=_("Decisions are records with reasons."),
    retention=kept("trainee", follows="nomination"),
    internal="id nomination",
    personal="outcome scores panel rank reason decided_by decided_at",
    drops_rows=True,
    seen_with="trainee:view",
)
