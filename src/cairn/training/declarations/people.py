"""What training keeps: people."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import Zone, declare
from cairn.core.retention_rules import kept

declare(
    "training.Agency",
    Zone.PROGRAMME,
    _("What sort of body an agency is, and whether it trains."),
    purpose=_("Know from where people come, and who decides what is taught."),
    retention=kept("catalogue"),
    internal="organisation type is_institution owns_curriculum recognition",
    seen_with="training:view",
)
declare(
    "training.UnitStrength",
    Zone.PROGRAMME,
    _("How many people a unit has, as a source says."),
    purpose=_("Tell what share of a unit was trained."),
    retention=kept("programme-record"),
    internal="id organisation unit country area profession total women as_of source",
    seen_with="training:view",
)
declare(
    "training.Practitioner",
    Zone.PROGRAMME,
    _("People who are trained or train, by a code; names are sealed."),
    purpose=_(
        "Know who was trained, so that nobody is counted twice and certificates can be checked."
    ),
    retention=kept("trainee", "keep_until"),
    internal="id data_key organisation",
    personal=(
        "code agency country area sex profession birth_band languages is_highly_sensitive "
        "user_id merged_into entered_on keep_until erased_on"
    ),
    sealed="name name_latin contact service_number",
    drops_rows=True,
    seen_with="trainee:view nomination:make event:run",
    opened_with="trainee:open nomination:make event:run",
)
declare(
    "training.NameKey",
    Zone.PROGRAMME,
    _("Keyed hashes of names: possible duplicates are found without showing a name."),
    purpose=_("Find the same person under two spellings."),
    retention=kept("trainee", follows="practitioner"),
    internal="id practitioner",
    personal="kind digest",
    drops_rows=True,
)
declare(
    "training.IdentifierHash",
    Zone.PROGRAMME,
    _("Keyed hashes of service numbers."),
    purpose=_("Find the same person under two spellings."),
    retention=kept("trainee", follows="practitioner"),
    internal="id practitioner",
    personal="kind digest",
    drops_rows=True,
)
declare(
    "training.Affiliation",
    Zone.PROGRAMME,
    _("Where somebody served, from when to when."),
    purpose=_("Count by agency as it was at the time."),
    retention=kept("trainee", follows="practitioner"),
    internal="id practitioner",
    personal="agency unit_name rank function starts_on ends_on",
    drops_rows=True,
    seen_with="trainee:view",
)
declare(
    "training.TrainingConsent",
    Zone.PROGRAMME,
    _("What trainees agreed to about their own record."),
    purpose=_("Do with a record only what its person agreed to."),
    retention=kept("trainee", follows="practitioner"),
    internal="id practitioner",
    personal="purpose wording_version language method given_at withdrawn_at",
    drops_rows=True,
    seen_with="trainee:view",
)
declare(
    "training.MergeDecision",
    Zone.PROGRAMME,
    _("Decisions that two records are one person, and their undoing."),
    purpose=_("Count each person once, reversibly."),
    retention=kept("trainee", follows="kept"),
    internal="id kept merged",
    personal="agreed_on moved reason decided_by decided_at undo_reason undone_by undone_at",
    drops_rows=True,
    seen_with="trainee:edit",
)
declare(
    "training.NotSamePerson",
    Zone.PROGRAMME,
    _("Pairs of records that somebody found to be two persons."),
    purpose=_("Do not offer the same pair again."),
    retention=kept("trainee", follows="left"),
    internal="id left right",
    personal="reason decided_by decided_at",
    drops_rows=True,
    seen_with="trainee:edit",
)
declare(
    "training.StagedFile",
    Zone.PROGRAMME,
    _("Files of names that wait for a word; their rows are sealed."),
    purpose=_("Show what a file would change before anything does."),
    retention=kept("training-file", "created_at"),
    internal=(
        "id data_key kind subject_id organisation state sha256 total good refused unchanged "
        "created_at applied_at"
    ),
    personal="author_id problems",
    sealed="rows",
    drops_rows=True,
    seen_with="trainee:edit nomination:make",
    opened_with="trainee:edit nomination:make",
)
