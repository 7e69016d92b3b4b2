"""What training keeps: credentials."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import Zone, declare
from cairn.core.retention_rules import kept

declare(
    "training.CredentialType",
    Zone.PROGRAMME,
    _("What is certified, and for how long."),
    purpose=_("Certify by written criteria."),
    retention=kept("catalogue"),
    internal="id code kind texts validity_months renewal_rule",
    seen_with="training:view",
)
declare(
    "training.Credential",
    Zone.PROGRAMME,
    _("Certificates; name and signed text are sealed."),
    purpose=_("Let anybody check a certificate, and see when it was revoked."),
    retention=kept("trainee", follows="practitioner"),
    internal="id data_key type practitioner event organisation",
    personal=(
        "code country language level state issued_on valid_from valid_until status_index "
        "successor_of key_id evidence_hash keep_until"
    ),
    sealed="name_form token",
    drops_rows=True,
    seen_with="trainee:view event:run",
    opened_with="trainee:open event:run",
)
declare(
    "training.TrainerQualification",
    Zone.PROGRAMME,
    _("How far a trainer has come, and on what basis."),
    purpose=_("Send trainers who can do it."),
    retention=kept("trainee", follows="practitioner"),
    internal="id practitioner",
    personal="family language level is_assessor basis since valid_until decided_by",
    drops_rows=True,
    seen_with="training:view",
)
declare(
    "training.TrainerProfile",
    Zone.PROGRAMME,
    _("What a trainer can give."),
    purpose=_("Plan teams."),
    retention=kept("trainee", follows="practitioner"),
    internal="practitioner",
    personal="travel_days listed_on",
    drops_rows=True,
    seen_with="training:view",
)
declare(
    "training.Availability",
    Zone.PROGRAMME,
    _("When a trainer can go."),
    purpose=_("Plan teams."),
    retention=kept("trainee", follows="practitioner"),
    internal="id practitioner",
    personal="kind starts_on ends_on",
    drops_rows=True,
    seen_with="training:view",
)
declare(
    "training.Restriction",
    Zone.PROGRAMME,
    _("Where a trainer is not sent."),
    purpose=_("Keep people out of danger and conflicts of interest."),
    retention=kept("trainee", follows="practitioner"),
    internal="id practitioner",
    personal="kind country since until decided_by",
    drops_rows=True,
    seen_with="trainee:view",
)
declare(
    "training.MobileTrainingTeam",
    Zone.PROGRAMME,
    _("Mobile training teams and what they need."),
    purpose=_("See what a team lacks before it travels."),
    retention=kept("programme-record"),
    internal=(
        "id code title organisation country chosen_at requirements state project counted "
        "printed source"
    ),
    seen_with="training:view",
)
declare(
    "training.TeamMember",
    Zone.PROGRAMME,
    _("Who belongs to a team, by code."),
    purpose=_("Plan teams."),
    retention=kept("trainee", follows="practitioner"),
    internal="id team practitioner",
    personal="function joined_on left_on criteria",
    drops_rows=True,
    seen_with="training:view",
)
declare(
    "training.TeamTasking",
    Zone.PROGRAMME,
    _("What a team is asked to deliver."),
    purpose=_("Follow pilot courses."),
    retention=kept("programme-record", follows="team"),
    internal="id team kind title event country courses due printed is_done source",
    seen_with="training:view",
)
