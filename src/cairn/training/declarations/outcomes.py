"""What training keeps: outcomes."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import Zone, declare
from cairn.core.retention_rules import kept

declare(
    "training.Deployment",
    Zone.PROGRAMME,
    _("Who goes to which mission, planned and actual, by code."),
    purpose=_("Train people before they leave, and know the denominator of outcomes."),
    retention=kept("trainee", follows="practitioner"),
    internal="id practitioner",
    personal=(
        "mission unit_name function country area planned_from planned_until actual_from "
        "actual_until state"
    ),
    drops_rows=True,
    seen_with="trainee:view",
)
declare(
    "training.FieldOutcomeReport",
    Zone.PROGRAMME,
    _("What came of training: kind, month, area, count. No data of victims."),
    purpose=_("Tell what training contributed to."),
    retention=kept("programme-record"),
    internal=(
        "id reference kind stated_kind month month_until countries area count unit note "
        "withdrawn_on confidence project reported_at source printed"
    ),
    personal="reported_by",
    seen_with="training:view",
)
declare(
    "training.ContributionClaim",
    Zone.PROGRAMME,
    _("Claims that a training contributed, with their strength."),
    purpose=_("Claim contribution, never attribution."),
    retention=kept("programme-record", follows="report"),
    internal="id report event strength factors other_factors evidence made_at",
    personal="made_by",
    seen_with="training:view",
)
declare(
    "training.TrainingRequest",
    Zone.PROGRAMME,
    _("What training adds to a request for assistance."),
    purpose=_("Answer requests that arise in trainings."),
    retention=kept("programme-record", follows="request"),
    internal="request kinds next_step_by integrated raised_at answered_by",
    seen_with="request:view",
)
declare(
    "training.CascadePlan",
    Zone.PROGRAMME,
    _("What a cascade is meant to reach."),
    purpose=_("Compare plan and reach."),
    retention=kept("programme-record"),
    internal="id title project root minimum_share",
    seen_with="training:view",
)
declare(
    "training.CascadeTarget",
    Zone.PROGRAMME,
    _("Targets by generation and place."),
    purpose=_("Compare plan and reach."),
    retention=kept("programme-record", follows="plan"),
    internal="id plan generation country area due_on persons",
    seen_with="training:view",
)
declare(
    "training.CascadeNode",
    Zone.PROGRAMME,
    _("Derived: the generation of a trainee or trainer, by code."),
    purpose=_("Count whom trainers trained."),
    retention=kept("trainee", follows="practitioner"),
    internal="practitioner event",
    personal="generation since",
    drops_rows=True,
    seen_with="training:view",
)
declare(
    "training.CascadeCredit",
    Zone.PROGRAMME,
    _("Derived: what a trainer is credited with."),
    purpose=_("Count whom trainers trained."),
    retention=kept("programme-record", follows="event"),
    internal="id event trainer named first_time aggregate is_verified",
    personal="generation share",
    drops_rows=True,
    seen_with="training:view",
)
declare(
    "training.Step",
    Zone.PROGRAMME,
    _("Steps of training records along their states, with reasons."),
    purpose=_("Tell the history of a record in sentences."),
    retention=kept("programme-record"),
    internal="id subject subject_id before after at",
    personal="reason author_id",
    drops_rows=True,
    seen_with="training:view",
)
