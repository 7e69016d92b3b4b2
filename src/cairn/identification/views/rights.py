"""What follows a decision: the person is told, a review is asked for, time for reflection runs."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cairn.access.guards import signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.identification.actions.procedures import note_age
from cairn.identification.actions.rights import ask_review, step_reflection, tell_decision
from cairn.identification.forms.rights import AgeForm, ReflectionForm, ReviewForm, TellForm
from cairn.identification.models import Procedure
from cairn.identification.queries import procedures as queries
from cairn.identification.queries import rights as rights_queries
from cairn.identification.queries.profiles import profile_of
from cairn.identification.rules.procedures import NEGATIVE, AgeStatus, State
from cairn.identification.rules.profiles import Profile, Right
from cairn.identification.rules.reflection import Reflection, possible_steps
from cairn.identification.rules.telling import AskedBy
from cairn.oversight.views.shared import FormPage, form_page
from cairn.ui.templatetags.ui import listed


def edited(request: ActorRequest, code: str) -> Procedure:
    """The procedure of this code, for whoever may edit it."""
    found = queries.find_procedure(request.actor, code)
    require(request.actor, Permission.PROCEDURE_EDIT, within=found)
    return found


def back(found: Procedure) -> tuple[str, str]:
    """The way back to the procedure."""
    return found.get_absolute_url(), found.code


def today() -> str:
    """Today, as a field of a day takes it."""
    return timezone.localdate().isoformat()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def tell(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """Record that the person was told of a decision."""
    found = edited(request, code)
    decision = queries.find_decision(found, number)
    law = profile_of(found.country)
    then = profile_of(found.country, at=decision.decided_at)
    page = FormPage(
        heading=_("The person was told of decision %(number)d") % {"number": number},
        send=_("Record it"),
        back=back(found),
        done=_("It was recorded that the person was told."),
        facts=[(_("Decision"), State(decision.outcome).label)],
        consequences=_told_means(State(decision.outcome), law, then),
        seen=_("Colleagues of the authority see it."),
    )
    form = TellForm(request.POST or None, initial={"told_on": today()})
    return form_page(
        request,
        page,
        form,
        lambda given: tell_decision(request.actor, code, number, form.telling()),
        lambda made: found.get_absolute_url(),
        {
            "telling.day": "told_on",
            "telling.language": "interpreter",
            "telling.guardian": "told_to",
        },
    )


def _told_means(outcome: State, law: Profile, then: Profile) -> list[str]:
    """What follows from telling somebody of a decision, as the form says it."""
    ended = [str(right.label) for right in Right if right in then.rights_ended(outcome)]
    means = [_("The day counts from which rights and reviews run.")]
    if outcome in NEGATIVE:
        means.append(
            ngettext(
                "A review can be asked for until %(days)d day later.",
                "A review can be asked for until %(days)d days later.",
                law.review_days,
            )
            % {"days": law.review_days}
        )
    if ended:
        means.append(
            _("When these days are over, these end by law: %(rights)s.") % {"rights": listed(ended)}
        )
    return means


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def review(request: ActorRequest, code: str) -> HttpResponse:
    """Record that a review of the newest decision was asked for."""
    found = edited(request, code)
    page = FormPage(
        heading=_("A review was asked for"),
        send=_("Take the decision to review"),
        back=back(found),
        done=_("The decision is under review."),
        consequences=[
            _("Somebody else than the one who decided looks at it again."),
            _("Every right that the decision would end stays open meanwhile."),
        ],
        seen=_("Colleagues of the authority see who asked in general. The reasons are sealed."),
    )
    return form_page(
        request,
        page,
        ReviewForm(request.POST or None, initial={"asked_on": today()}),
        lambda given: ask_review(
            request.actor,
            code,
            asked_on=given["asked_on"],
            asked_by=AskedBy(given["asked_by"]),
            reasons=given["reasons"],
        ),
        lambda made: found.get_absolute_url(),
        {"review.day": "asked_on", "review.late": "asked_on", "decision.reasons": "reasons"},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def reflect(request: ActorRequest, code: str) -> HttpResponse:
    """Take the next step of the time for recovery and reflection."""
    found = edited(request, code)
    law = profile_of(found.country)
    where = rights_queries.reflecting(rights_queries.entries_of(found), rights_queries.steps(found))
    page = FormPage(
        heading=_("Time for recovery and reflection"),
        send=_("Record the step"),
        back=back(found),
        done=_("The step was recorded."),
        facts=[
            (_("State"), where.step.label if where.step else _("No decision opened it")),
            (_("Days by law"), str(law.reflection_days)),
        ],
        consequences=[
            _("While it runs, nobody removes the person from the country."),
            _("How it ends decides nothing about the person, and ends no other right."),
        ],
        seen=_("Colleagues of the authority see it."),
    )
    return form_page(
        request,
        page,
        ReflectionForm(
            request.POST or None, initial={"happened_on": today()}, steps=possible_steps(where.step)
        ),
        lambda given: step_reflection(
            request.actor,
            code,
            Reflection(given["step"]),
            on=given["happened_on"],
            until=given.get("until"),
        ),
        lambda made: found.get_absolute_url(),
        {
            "reflection.step": "step",
            "reflection.not-open": "step",
            "reflection.day": "happened_on",
            "reflection.until": "until",
        },
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def age(request: ActorRequest, code: str) -> HttpResponse:
    """Note what is known of the age."""
    found = edited(request, code)
    page = FormPage(
        heading=_("What is known of the age"),
        send=_("Note it"),
        back=back(found),
        done=_("It was noted."),
        consequences=[
            _("For a child, a guardian and a best-interests step come before an interview."),
            _("Only somebody who may decide notes that a child is an adult after all."),
        ],
        seen=_("Colleagues of the authority see it."),
    )
    return form_page(
        request,
        page,
        AgeForm(request.POST or None, initial={"age_status": found.age_status}),
        lambda given: note_age(request.actor, code, AgeStatus(given["age_status"])),
        lambda made: reverse("identification:procedure", args=[code]),
        {"age.adult": "age_status"},
    )
