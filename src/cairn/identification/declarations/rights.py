"""What is kept of the rights that decisions open, of the care for children, of duty tokens."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import Zone, declare
from cairn.core.retention_rules import kept

_KEPT = kept("procedure", follows="procedure")

declare(
    "identification.RightsGrant",
    Zone.IDENTIFICATION,
    _("Which right holds from when until when, and from which decision that comes."),
    purpose=_("Give the person the rights that decisions open, and end only what the law ends."),
    internal="id procedure number change decision recorded_at",
    personal="recorded_by",
    sensitive="right starts_on ends_on",
    retention=_KEPT,
    drops_rows=True,
    seen_with="procedure:view",
)
declare(
    "identification.Notification",
    Zone.IDENTIFICATION,
    _("When and in which language somebody was told of a decision."),
    purpose=_("A decision that nobody was told of ends nothing and starts no days for a review."),
    internal="id procedure decision form interpreter acknowledged recorded_at",
    personal="recorded_by",
    sensitive="told_on review_until told_to language",
    retention=_KEPT,
    drops_rows=True,
    seen_with="procedure:view",
)
declare(
    "identification.ReviewRequest",
    Zone.IDENTIFICATION,
    _("When a review of a negative decision was asked for, and by whom in general."),
    purpose=_("Somebody else looks at a negative decision again."),
    internal="id procedure decision recorded_at",
    personal="recorded_by",
    sensitive="asked_on asked_by",
    retention=_KEPT,
    drops_rows=True,
    seen_with="procedure:view",
)
declare(
    "identification.ReflectionStep",
    Zone.IDENTIFICATION,
    _("The time for recovery and reflection: offered, running, extended, ended."),
    purpose=_("Count the days in which nobody is removed and nothing is asked of the person."),
    internal="id procedure number period recorded_at",
    personal="recorded_by",
    sensitive="step happened_on until",
    retention=_KEPT,
    drops_rows=True,
    seen_with="procedure:view",
)
declare(
    "identification.Guardianship",
    Zone.IDENTIFICATION,
    _("Who is guardian of a child or of a person whose age is disputed; name and contact sealed."),
    purpose=_("Nobody interviews a child who has no guardian."),
    internal="id data_key procedure number appointed_by recorded_at",
    personal="recorded_by",
    sensitive="code keep_until starts_on ends_on",
    sealed="name contact",
    opened_with="procedure:open",
    retention=_KEPT,
    drops_rows=True,
    seen_with="procedure:view",
)
declare(
    "identification.BestInterests",
    Zone.IDENTIFICATION,
    _("Steps that ask what serves a child best; the child's own view is sealed."),
    purpose=_("What is done with a child is in the child's best interests."),
    internal="id data_key procedure number recorded_at",
    personal="recorded_by",
    sensitive="code keep_until question outcome assessed_on review_on",
    sealed="view",
    opened_with="procedure:open",
    retention=_KEPT,
    drops_rows=True,
    seen_with="procedure:view",
)
declare(
    "identification.Interview",
    Zone.IDENTIFICATION,
    _("Interviews that were planned, held or cancelled; nothing of what was said."),
    purpose=_("A guardian and a best-interests step come before a child's interview."),
    internal="id procedure number interpreter recorded_at",
    personal="recorded_by",
    sensitive="planned_on state held_on language",
    retention=_KEPT,
    drops_rows=True,
    seen_with="procedure:view",
)
declare(
    "identification.DutyToken",
    Zone.IDENTIFICATION,
    _("Tokens of the duty check, as keyed hashes; the token itself stands on a slip only."),
    purpose=_("An officer on duty learns whether removal is barred, and nothing else."),
    internal="id issued_at revoked_at",
    personal="issued_by revoked_by",
    sensitive="procedure mark",
    retention=_KEPT,
    drops_rows=True,
    seen_with="procedure:view",
)
