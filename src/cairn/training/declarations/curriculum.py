"""What training keeps: curriculum."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import Zone, declare
from cairn.core.retention_rules import kept

declare(
    "training.LearningObjective",
    Zone.PROGRAMME,
    _("What a participant can do afterwards."),
    purpose=_("Say what is taught and tested."),
    retention=kept("catalogue"),
    public="code competency texts",
    internal="id",
    seen_with="training:view",
)
declare(
    "training.Module",
    Zone.PROGRAMME,
    _("Modules of training."),
    purpose=_("Say what is taught."),
    retention=kept("catalogue"),
    public="code title family",
    internal="id owner",
    seen_with="training:view",
)
declare(
    "training.ModuleVersion",
    Zone.PROGRAMME,
    _("Versions of modules; a delivered one never changes."),
    purpose=_("Know later exactly what was taught."),
    retention=kept("programme-record"),
    internal=(
        "id module major minor state hours methods outline summary change_note content_hash "
        "frozen_at objectives"
    ),
    seen_with="training:view",
)
declare(
    "training.LanguageVariant",
    Zone.PROGRAMME,
    _("Versions of modules in further languages."),
    purpose=_("Teach in the language of the people, and see which translation is stale."),
    retention=kept("programme-record", follows="version"),
    internal="id version language title summary outline source_hash updated_at",
    personal="translated_by reviewed_by",
    seen_with="training:view",
)
declare(
    "training.Adaptation",
    Zone.PROGRAMME,
    _("Modules made to fit a country or mission."),
    purpose=_("Keep local versions tied to their source."),
    retention=kept("programme-record", follows="version"),
    internal=(
        "id version parent country mission legal_references what_changed approved_by state "
        "piloted_in adopted_by"
    ),
    seen_with="training:view",
)
declare(
    "training.CoursePlan",
    Zone.PROGRAMME,
    _("Course plans and their rules for completion."),
    purpose=_("Complete a course by one rule for all."),
    retention=kept("programme-record"),
    internal="id code title minimum_minutes_share cut_score tasks timetable",
    seen_with="training:view",
)
declare(
    "training.CoursePlanItem",
    Zone.PROGRAMME,
    _("Which versions stand in a course plan."),
    purpose=_("Say what a course teaches."),
    retention=kept("programme-record", follows="plan"),
    internal="id plan version position",
    seen_with="training:view",
)
declare(
    "training.CoursePlanEdition",
    Zone.PROGRAMME,
    _("Course plans as they were when an event began."),
    purpose=_("Know later by which rule somebody completed."),
    retention=kept("programme-record"),
    internal="id plan number content digest frozen_at versions",
    seen_with="training:view",
)
declare(
    "training.CurriculumIntegration",
    Zone.PROGRAMME,
    _("Institutions that made a module part of their curriculum, with evidence."),
    purpose=_("Show what lasts after a project."),
    retention=kept("programme-record"),
    internal="id institution version course_type hours since evidence evidence_link request",
    seen_with="training:view",
)
declare(
    "training.TrainingNeed",
    Zone.PROGRAMME,
    _("Who lacks which skill, as an assessment says."),
    purpose=_("Train those who need it."),
    retention=kept("programme-record"),
    internal="id audience gap competency country area source recorded_on",
    seen_with="training:view",
)
declare(
    "training.CoursePlanEdition_versions",
    Zone.PROGRAMME,
    _("Which versions stand in an edition."),
    purpose=_("Compute what was taught by whom."),
    retention=kept("programme-record", follows="courseplanedition"),
    internal="id courseplanedition moduleversion",
    seen_with="training:view",
)
declare(
    "training.ModuleVersion_objectives",
    Zone.PROGRAMME,
    _("Which objectives a version serves."),
    purpose=_("Compute what was taught by whom."),
    retention=kept("programme-record", follows="moduleversion"),
    internal="id moduleversion learningobjective",
    seen_with="training:view",
)
