"""Care for children before an interview: guardians, best-interests steps, interviews."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cairn.access.guards import signed_in
from cairn.access.middleware import ActorRequest
from cairn.identification.actions.care import (
    appoint_guardian,
    assess_best_interests,
    end_guardianship,
    plan_interview,
    settle_interview,
)
from cairn.identification.forms.care import (
    BestInterestsForm,
    GuardianEndForm,
    GuardianForm,
    InterviewForm,
    SettleForm,
)
from cairn.identification.queries import rights as queries
from cairn.identification.rules.care import BestOutcome, InterviewState, Question
from cairn.identification.rules.telling import Interpreter
from cairn.identification.views.rights import back, edited, today
from cairn.oversight.views.shared import FormPage, form_page

# At which field a refusal of a rule is shown.
FIELDS = {
    "guardian.appointed": "appointed_by",
    "guardian.name": "name",
    "guardian.days": "ends_on",
    "best-interests.day": "assessed_on",
    "best-interests.review": "review_on",
    "interview.day": "happened_on",
    "interview.interpreter": "interpreter",
    "interview.move": "state",
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def appoint(request: ActorRequest, code: str) -> HttpResponse:
    """Record who was appointed as guardian."""
    found = edited(request, code)
    page = FormPage(
        heading=_("Record a guardian"),
        send=_("Record and seal"),
        back=back(found),
        done=_("The guardian was recorded."),
        seen=_("Colleagues see the days and who appointed. Name and contact are sealed."),
    )
    form = GuardianForm(request.POST or None, initial={"starts_on": today()})
    return form_page(
        request,
        page,
        form,
        lambda given: appoint_guardian(request.actor, code, form.guardian()),
        lambda made: found.get_absolute_url(),
        FIELDS,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def end(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """Record the last day of a guardianship."""
    found = edited(request, code)
    guardian = queries.find_guardian(found, number)
    page = FormPage(
        heading=_("The guardianship ends"),
        send=_("Record its end"),
        back=back(found),
        done=_("The end was recorded."),
        facts=[(_("Appointed by"), guardian.appointed_by)],
        consequences=[_("Without a guardian no child is interviewed.")],
        seen=_("Colleagues of the authority see it."),
    )
    return form_page(
        request,
        page,
        GuardianEndForm(request.POST or None, initial={"ends_on": today()}),
        lambda given: end_guardianship(request.actor, code, number, ends_on=given["ends_on"]),
        lambda made: found.get_absolute_url(),
        FIELDS,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def assess(request: ActorRequest, code: str) -> HttpResponse:
    """Record a best-interests step."""
    found = edited(request, code)
    page = FormPage(
        heading=_("Record a best-interests step"),
        send=_("Record and seal"),
        back=back(found),
        done=_("The step was recorded."),
        seen=_("Colleagues see the question, the answer and the days. The child's view is sealed."),
    )
    return form_page(
        request,
        page,
        BestInterestsForm(request.POST or None, initial={"assessed_on": today()}),
        lambda given: assess_best_interests(
            request.actor,
            code,
            question=Question(given["question"]),
            outcome=BestOutcome(given["outcome"]),
            assessed_on=given["assessed_on"],
            review_on=given["review_on"],
            view=given["view"],
        ),
        lambda made: found.get_absolute_url(),
        FIELDS,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def plan(request: ActorRequest, code: str) -> HttpResponse:
    """Plan an interview; for a child only after guardian and best-interests step."""
    found = edited(request, code)
    page = FormPage(
        heading=_("Plan an interview"),
        send=_("Plan it"),
        back=back(found),
        done=_("The interview was planned."),
        consequences=[
            _("For a child, a guardian and a best-interests step come first."),
            _("What is said in an interview is not kept here."),
        ],
        seen=_("Colleagues of the authority see it."),
    )
    return form_page(
        request,
        page,
        InterviewForm(request.POST or None, initial={"planned_on": today()}),
        lambda given: plan_interview(
            request.actor,
            code,
            planned_on=given["planned_on"],
            language=given["language"],
            interpreter=Interpreter(given["interpreter"]),
        ),
        lambda made: found.get_absolute_url(),
        FIELDS,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def settle(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """Record that a planned interview was held, or cancelled."""
    found = edited(request, code)
    interview = queries.find_interview(found, number)
    page = FormPage(
        heading=_("Interview %(number)d: what became of it") % {"number": number},
        send=_("Record it"),
        back=back(found),
        done=_("It was recorded."),
        facts=[(_("State"), interview.get_state_display())],
        consequences=[_("An interpreter who was not checked does not interpret in an interview.")],
        seen=_("Colleagues of the authority see it. What was said is not kept here."),
    )
    return form_page(
        request,
        page,
        SettleForm(
            request.POST or None,
            initial={"happened_on": today(), "interpreter": interview.interpreter},
        ),
        lambda given: settle_interview(
            request.actor,
            code,
            number,
            InterviewState(given["state"]),
            on=given["happened_on"],
            interpreter=Interpreter(given["interpreter"]),
        ),
        lambda made: found.get_absolute_url(),
        FIELDS,
    )
