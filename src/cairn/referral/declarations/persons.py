"""What is kept of persons of concern."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import Zone, declare
from cairn.core.retention_rules import kept

_KEPT = kept("person", follows="person")
_OPENED = "person:open person:break-glass"

declare(
    "referral.Person",
    Zone.PROTECTION,
    _("Persons of concern, by a code that tells nothing; name, safe contact and notes are sealed."),
    purpose=_("Give assistance, reach the person safely, and know when to stop keeping this."),
    retention=kept("person", "keep_until"),
    internal="id data_key organisation unit version",
    personal="caseworker",
    sensitive=(
        "code country age_band sex displacement languages contact_rule opened_on closed_on "
        "keep_until erased_on"
    ),
    sealed="name safe_contact note do_not_contact",
    drops_rows=True,
    seen_with="person:view",
    opened_with=_OPENED,
)
declare(
    "referral.Identity",
    Zone.PROTECTION,
    _("Who a person is: names, birth, papers, telephones, sealed by a key of their own."),
    purpose=_("Represent the person, find the family, and notice a second record of one person."),
    retention=_KEPT,
    internal="id data_key person version recorded_at",
    personal="recorded_by",
    sensitive="code keep_until",
    sealed="facts",
    drops_rows=True,
    seen_with="person:view",
    opened_with=_OPENED,
)
declare(
    "referral.Alias",
    Zone.PROTECTION,
    _("Other names by which somebody knows a person; the names are sealed."),
    purpose=_("Know who is meant, and which name must not be spoken."),
    retention=_KEPT,
    internal="id data_key person number recorded_at",
    personal="recorded_by",
    sensitive="code keep_until kind ended_on",
    sealed="name",
    drops_rows=True,
    seen_with="person:view",
    opened_with=_OPENED,
)
declare(
    "referral.Guardian",
    Zone.PROTECTION,
    _("Who stands by a child or by a person whose age is disputed; name and contact are sealed."),
    purpose=_("Nothing is decided about a child without somebody who stands by the child."),
    retention=_KEPT,
    internal="id data_key person number appointed_by recorded_at",
    personal="recorded_by",
    sensitive="code keep_until starts_on ends_on",
    sealed="name contact",
    drops_rows=True,
    seen_with="person:view",
    opened_with=_OPENED,
)
declare(
    "referral.RiskAssessment",
    Zone.PROTECTION,
    _("How great the danger for a person was found to be, and what makes it greater."),
    purpose=_("Keep the person safe, and look again before the danger has changed."),
    retention=_KEPT,
    internal="id data_key person number seen recorded_at",
    personal="recorded_by",
    sensitive="code keep_until level factors assessed_on review_on",
    sealed="note",
    drops_rows=True,
    seen_with="person:view",
    opened_with=_OPENED,
)
declare(
    "referral.NeedsAssessment",
    Zone.PROTECTION,
    _("Which help a person was found to need, and how soon."),
    purpose=_("Find the services that help, and begin with what cannot wait."),
    retention=_KEPT,
    internal="id data_key person number recorded_at",
    personal="recorded_by",
    sensitive="code keep_until needs assessed_on",
    sealed="note",
    drops_rows=True,
    seen_with="person:view",
    opened_with=_OPENED,
)
declare(
    "referral.BestInterests",
    Zone.PROTECTION,
    _("What serves a child best in one question; the choices and the child's view are sealed."),
    purpose=_("What is done with a child is in the child's best interests."),
    retention=_KEPT,
    internal="id data_key person number decided_by recorded_at",
    personal="recorded_by",
    sensitive="code keep_until kind question outcome decided_on review_on",
    sealed="options view",
    drops_rows=True,
    seen_with="person:view",
    opened_with=_OPENED,
)
declare(
    "referral.Conflict",
    Zone.PROTECTION,
    _("What two people changed in one record at the same time, until somebody resolves it."),
    purpose=_("Lose nothing that was written, and let the safer value stand meanwhile."),
    retention=_KEPT,
    internal="id data_key person number field recorded_at resolved_at",
    personal="recorded_by resolved_by",
    sensitive="code keep_until base values standing resolved_as",
    sealed="content",
    drops_rows=True,
    seen_with="person:view",
    opened_with=_OPENED,
)
