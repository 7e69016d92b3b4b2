"""What is kept of assistance plans and returns."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import Zone, declare
from cairn.core.retention_rules import kept

_KEPT = kept("person", follows="person")
_OPENED = "person:open person:break-glass"

declare(
    "referral.Plan",
    Zone.PROTECTION,
    _("Plans that a person and a caseworker agreed on."),
    purpose=_("Help follows what the person wants, and is looked at again."),
    retention=_KEPT,
    internal="id data_key person number recorded_at",
    personal="recorded_by",
    sensitive="code keep_until state agreed_on review_on ended_on",
    sealed="note",
    opened_with=_OPENED,
    drops_rows=True,
    seen_with="person:view",
)
declare(
    "referral.PlanStep",
    Zone.PROTECTION,
    _("The steps that a plan took."),
    purpose=_("See what was agreed when, and who moved it."),
    retention=_KEPT,
    internal="id data_key person number plan recorded_at",
    personal="recorded_by",
    sensitive="code keep_until before after",
    drops_rows=True,
    seen_with="person:view",
)
declare(
    "referral.Goal",
    Zone.PROTECTION,
    _("What a person wants to reach; the words are sealed."),
    purpose=_("Help follows what the person wants."),
    retention=_KEPT,
    internal="id data_key person number plan recorded_at",
    personal="recorded_by",
    sensitive="code keep_until area state target_on settled_on",
    sealed="words",
    opened_with=_OPENED,
    drops_rows=True,
    seen_with="person:view",
)
declare(
    "referral.ServiceEpisode",
    Zone.PROTECTION,
    _("Services that a person was given, by kind and days."),
    purpose=_("See what was given, and what came of it."),
    retention=_KEPT,
    internal="id data_key person number goal referral provider recorded_at",
    personal="recorded_by",
    sensitive="code keep_until service_type starts_on ends_on outcome",
    sealed="note",
    opened_with=_OPENED,
    drops_rows=True,
    seen_with="person:view",
)
declare(
    "referral.FollowUp",
    Zone.PROTECTION,
    _("What came of work or training some months later."),
    purpose=_("See whether a placement holds."),
    retention=_KEPT,
    internal="id data_key person number episode recorded_at",
    personal="recorded_by",
    sensitive="code keep_until months due_on seen_on outcome",
    sealed="note",
    opened_with=_OPENED,
    drops_rows=True,
    seen_with="person:view",
)
declare(
    "referral.SafetyPlan",
    Zone.PROTECTION,
    _("What a person does when danger comes near; sealed."),
    purpose=_("Keep the person safe."),
    retention=_KEPT,
    internal="id data_key person number recorded_at",
    personal="recorded_by",
    sensitive="code keep_until review_on",
    sealed="signs steps helpers",
    opened_with=_OPENED,
    drops_rows=True,
    seen_with="person:view",
)
declare(
    "referral.Matter",
    Zone.PROTECTION,
    _("Claims not to be punished, or to be compensated; what they are about is sealed."),
    purpose=_("Nobody is punished for what they were made to do, and harm is made good."),
    retention=_KEPT,
    internal="id data_key person number recorded_at",
    personal="recorded_by",
    sensitive="code keep_until kind state forum due_on",
    sealed="acts link",
    opened_with=_OPENED,
    drops_rows=True,
    seen_with="person:view",
)
declare(
    "referral.MatterStep",
    Zone.PROTECTION,
    _("The steps that such a claim took; the reason of a refusal is sealed."),
    purpose=_("See where a claim stands, and what can be done against a refusal."),
    retention=_KEPT,
    internal="id data_key person number matter recorded_at",
    personal="recorded_by",
    sensitive="code keep_until before after happened_on",
    sealed="reason",
    opened_with=_OPENED,
    drops_rows=True,
    seen_with="person:view",
)
declare(
    "referral.ReturnPlan",
    Zone.PROTECTION,
    _("Returns that are thought about, prepared and followed; wishes and arrangements are sealed."),
    purpose=_("A return is wanted and safe, or there is none."),
    retention=_KEPT,
    internal="id data_key person number partner recorded_at",
    personal="recorded_by",
    sensitive="code keep_until state to_country wanted_on departs_on received_on closed_on",
    sealed="wishes arrangements",
    opened_with=_OPENED,
    drops_rows=True,
    seen_with="person:view",
)
declare(
    "referral.ReturnStep",
    Zone.PROTECTION,
    _("The steps that a return took."),
    purpose=_("See when it was prepared, and by whom."),
    retention=_KEPT,
    internal="id data_key person number plan recorded_at",
    personal="recorded_by",
    sensitive="code keep_until before after",
    drops_rows=True,
    seen_with="person:view",
)
declare(
    "referral.ReturnRisk",
    Zone.PROTECTION,
    _("How dangerous a return was found to be; sources and safeguards are sealed."),
    purpose=_("Nobody travels into danger."),
    retention=_KEPT,
    internal="id data_key person number plan recorded_at",
    personal="recorded_by",
    sensitive="code keep_until found dangers assessed_on",
    sealed="sources safeguards",
    opened_with=_OPENED,
    drops_rows=True,
    seen_with="person:view",
)
declare(
    "referral.MonitoringVisit",
    Zone.PROTECTION,
    _("Visits after a return."),
    purpose=_("Notice when somebody is in danger again."),
    retention=_KEPT,
    internal="id data_key person number plan recorded_at",
    personal="recorded_by",
    sensitive="code keep_until months due_on held_on is_reached has_concern",
    sealed="note",
    opened_with=_OPENED,
    drops_rows=True,
    seen_with="person:view",
)
