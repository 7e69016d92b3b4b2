"""What training keeps: assessment."""

from django.utils.translation import gettext_lazy as _

from cairn.core.classification import Zone, declare
from cairn.core.retention_rules import kept

declare(
    "training.Question",
    Zone.PROGRAMME,
    _("Questions of the bank."),
    purpose=_("Test what was taught."),
    retention=kept("programme-record"),
    internal="id code objective type is_retired",
    seen_with="training:edit",
)
declare(
    "training.QuestionVersion",
    Zone.PROGRAMME,
    _("Wordings of questions, with their keys."),
    purpose=_("Mark by one key in every language."),
    retention=kept("programme-record", follows="question"),
    internal=(
        "id question number content source_language languages note maximum created_at frozen_at"
    ),
    personal="author_id",
    seen_with="training:edit",
)
declare(
    "training.TestBlueprint",
    Zone.PROGRAMME,
    _("How many questions stand for each objective."),
    purpose=_("Make parallel forms."),
    retention=kept("programme-record"),
    internal="id plan title counts",
    seen_with="training:view",
)
declare(
    "training.TestForm",
    Zone.PROGRAMME,
    _("Parallel test forms."),
    purpose=_("Compare before and after without repeating a test."),
    retention=kept("programme-record", follows="blueprint"),
    internal="id blueprint letter edition cut_score frozen_at",
    seen_with="training:view",
)
declare(
    "training.FormItem",
    Zone.PROGRAMME,
    _("Questions in a form."),
    purpose=_("Make parallel forms."),
    retention=kept("programme-record", follows="form"),
    internal="id form version position maximum is_anchor",
    seen_with="training:view",
)
declare(
    "training.AngoffRating",
    Zone.PROGRAMME,
    _("Estimates of judges from which a cut score comes."),
    purpose=_("Set the cut score by judgement, in the open."),
    retention=kept("programme-record", follows="item"),
    internal="id item",
    personal="judge_id share rated_at",
    drops_rows=True,
    seen_with="training:edit",
)
declare(
    "training.TestWindow",
    Zone.PROGRAMME,
    _("When a test of an event may be taken."),
    purpose=_("Open and close tests."),
    retention=kept("programme-record", follows="event"),
    internal="id event blueprint form_edition wave opened_at closed_at released_at",
    seen_with="training:view",
)
declare(
    "training.TestSitting",
    Zone.PROGRAMME,
    _("Who took which test with which mark, by code."),
    purpose=_("See what was learnt, and who completed."),
    retention=kept("trainee", follows="enrolment"),
    internal="id event enrolment form",
    personal=(
        "wave means language started_at consented_at saved_at is_late handed_in_at "
        "needs_marking mark maximum origin"
    ),
    drops_rows=True,
    seen_with="event:run training:edit",
)
declare(
    "training.Response",
    Zone.PROGRAMME,
    _("Answers to test questions, by code."),
    purpose=_("Mark tests and improve questions."),
    retention=kept("trainee", follows="sitting"),
    internal="id sitting item",
    personal="part answer mark answered_at",
    drops_rows=True,
    seen_with="event:run training:edit",
)
declare(
    "training.Marking",
    Zone.PROGRAMME,
    _("How people marked a short answer."),
    purpose=_("See whether two markers agree."),
    retention=kept("trainee", follows="response"),
    internal="id response",
    personal="marker_id marks total marked_at",
    drops_rows=True,
    seen_with="event:run training:edit",
)
declare(
    "training.KeyedSheet",
    Zone.PROGRAMME,
    _("Paper answer sheets as keyed in, twice."),
    purpose=_("Find errors of keying."),
    retention=kept("trainee", follows="enrolment"),
    internal="id event enrolment form",
    personal="wave entry answers keyed_by keyed_at settled_at",
    drops_rows=True,
    seen_with="event:run training:edit",
)
declare(
    "training.PracticalRating",
    Zone.PROGRAMME,
    _("Ratings of practical tasks, by code."),
    purpose=_("See who can do it, not only know it."),
    retention=kept("trainee", follows="enrolment"),
    internal="id event enrolment",
    personal="task rating assessor_id comment rated_at",
    drops_rows=True,
    seen_with="event:run training:edit",
)
declare(
    "training.Instrument",
    Zone.PROGRAMME,
    _("Questionnaires."),
    purpose=_("Ask everybody the same."),
    retention=kept("programme-record"),
    internal="id code kind title questions",
    seen_with="training:view",
)
declare(
    "training.SurveyWave",
    Zone.PROGRAMME,
    _("Questionnaires that go to the participants of an event."),
    purpose=_("See what is applied after months."),
    retention=kept("programme-record", follows="event"),
    internal="id event instrument months opens_on closes_on",
    seen_with="training:view",
)
declare(
    "training.SurveyInvitation",
    Zone.PROGRAMME,
    _("That somebody was asked and whether they answered; not what."),
    purpose=_("Remind only those who have not answered."),
    retention=kept("trainee", follows="enrolment"),
    internal="id wave enrolment",
    personal="is_supervisor token_digest state answered_on reminders",
    drops_rows=True,
    seen_with="trainee:view",
)
declare(
    "training.SurveyResponse",
    Zone.PROGRAMME,
    _("Answers to questionnaires, without a way back to the person."),
    purpose=_("Learn what helps and what hinders."),
    retention=kept("programme-record", follows="wave"),
    internal="id wave is_supervisor language answered_on",
    personal="sex country answers",
    drops_rows=True,
    seen_with="training:view",
)
declare(
    "training.Observation",
    Zone.PROGRAMME,
    _("Trainers observed while they teach, by code."),
    purpose=_("Let trainers advance by what they can do."),
    retention=kept("trainee", follows="practitioner"),
    internal="id practitioner event",
    personal="kind observer_id observed_on scores verdict is_passed comment",
    drops_rows=True,
    seen_with="trainee:view",
)
