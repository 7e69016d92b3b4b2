"""What training keeps: delivery."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import Zone, declare
from cairn.core.retention_rules import kept

declare(
    "training.TrainingEvent",
    Zone.PROGRAMME,
    _("Trainings: what, where, when, for which project."),
    purpose=_("Plan, deliver and count trainings."),
    retention=kept("programme-record"),
    internal=(
        "id reference kind title state participation organisation project activity "
        "budget_line cost_usd parent printed country place_countries from_countries place "
        "area starts ends time_zone languages plan edition seats is_generation_root changes "
        "source version created_at versions"
    ),
    personal="secret join_code",
    seen_with="training:view",
)
declare(
    "training.EventParty",
    Zone.PROGRAMME,
    _("Which organisations host, cooperate or pay."),
    purpose=_("Name those who made a training possible."),
    retention=kept("programme-record", follows="event"),
    internal="id event organisation role",
    seen_with="training:view",
)
declare(
    "training.TrainingSession",
    Zone.PROGRAMME,
    _("Parts of a training with their own attendance."),
    purpose=_("Compute how long somebody was present."),
    retention=kept("programme-record", follows="event"),
    internal=(
        "id event position title module_version method room starts_at ends_at "
        "actual_starts_at actual_ends_at marks_open_from marks_open_until objectives"
    ),
    seen_with="training:view",
)
declare(
    "training.Material",
    Zone.PROGRAMME,
    _("What participants get, by its address."),
    purpose=_("Let people find their material."),
    retention=kept("programme-record", follows="event"),
    internal="id event session title language link note",
    seen_with="training:view",
)
declare(
    "training.Staffing",
    Zone.PROGRAMME,
    _("Who taught, assisted or observed, by code."),
    purpose=_("Compute who trained whom."),
    retention=kept("trainee", follows="practitioner"),
    internal="id event practitioner sessions",
    personal="role supervised_by hours",
    drops_rows=True,
    seen_with="trainee:view event:run",
)
declare(
    "training.Enrolment",
    Zone.PROGRAMME,
    _("Who takes part in a training, by code."),
    purpose=_("Give a seat, a badge and a result to each participant."),
    retention=kept("trainee", follows="practitioner"),
    internal="id event practitioner",
    personal=(
        "personal_code agency country sex profession language forms state enrolled_at "
        "completed_on minutes_present override_reason override_by"
    ),
    drops_rows=True,
    seen_with="trainee:view event:run",
)
declare(
    "training.CascadeReport",
    Zone.PROGRAMME,
    _("Trainings reported by counts only."),
    purpose=_("Count honestly where names cannot leave the country."),
    retention=kept("programme-record", follows="event"),
    internal="id event state hours pre_tally post_tally sheet_hash source note reported_at",
    personal="reported_by author_id",
    drops_rows=True,
    seen_with="training:view",
)
declare(
    "training.HeadCount",
    Zone.PROGRAMME,
    _("How many took part, by sex, agency, country and profession."),
    purpose=_("Count without names."),
    retention=kept("programme-record", follows="report"),
    internal="id report sex agency country profession count",
    seen_with="training:view",
)
declare(
    "training.SampleCheck",
    Zone.PROGRAMME,
    _("Reports by counts that somebody checked by a sample."),
    purpose=_("Tell verified counts from others."),
    retention=kept("programme-record", follows="report"),
    internal="id report method asked confirmed note checked_at",
    personal="checked_by",
    seen_with="training:view",
)
declare(
    "training.Staffing_sessions",
    Zone.PROGRAMME,
    _("Which sessions somebody teaches."),
    purpose=_("Compute what was taught by whom."),
    retention=kept("programme-record", follows="staffing"),
    internal="id staffing trainingsession",
    seen_with="training:view",
)
declare(
    "training.TrainingEvent_versions",
    Zone.PROGRAMME,
    _("Which versions an event teaches."),
    purpose=_("Compute what was taught by whom."),
    retention=kept("programme-record", follows="trainingevent"),
    internal="id trainingevent moduleversion",
    seen_with="training:view",
)
declare(
    "training.TrainingSession_objectives",
    Zone.PROGRAMME,
    _("Which objectives a session serves."),
    purpose=_("Compute what was taught by whom."),
    retention=kept("programme-record", follows="trainingsession"),
    internal="id trainingsession learningobjective",
    seen_with="training:view",
)
