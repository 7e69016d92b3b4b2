"""Pages of the assistance plan: goals, services given, what came of them, safety plans."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core import clock
from cairn.core.actor import Actor
from cairn.oversight.views.shared import FormPage, form_page
from cairn.referral import queries as persons
from cairn.referral.actions.plans import (
    begin_episode,
    end_episode,
    move_plan,
    note_follow_up,
    propose_plan,
    set_goal,
    settle_goal,
    write_safety_plan,
)
from cairn.referral.forms.plans import (
    EpisodeEndForm,
    EpisodeForm,
    FollowUpForm,
    GoalForm,
    GoalStateForm,
    PlanForm,
    PlanStepForm,
    SafetyForm,
)
from cairn.referral.models import Person
from cairn.referral.queries import plans as queries
from cairn.referral.queries import plans_tables as tables
from cairn.referral.queries.consent import recipients
from cairn.referral.queries.persons_tables import deed
from cairn.referral.rules.plans import (
    PLAN_ENDS,
    PLAN_MOVES,
    Area,
    EpisodeOutcome,
    GoalState,
    Later,
    PlanState,
)
from cairn.referral.subjects.plans import EPISODE, FOLLOW_UP, GOAL, PLAN, SAFETY
from cairn.referral.views.persons_rows import RowsPage, back_to, form_view, page_of_rows

# At which field a refusal of a rule is shown.
FIELDS = {
    "plan.agreed": "agreed_on",
    "plan.review": "review_on",
    "plan.move": "to",
    "goal.words": "words",
    "goal.day": "target_on",
    "episode.days": "ends_on",
    "episode.referral": "referral",
    "follow-up.day": "seen_on",
    "safety.words": "steps",
}


def today() -> str:
    return timezone.localdate(clock.now()).isoformat()


def edited(request: ActorRequest, code: str) -> Person:
    """The person, for whoever may change the record, closed or not."""
    found = persons.find_person(request.actor, code)
    require(request.actor, Permission.PERSON_EDIT, within=found)
    return found


def to_page(name: str, code: str) -> Any:
    """Where a form leads when it was sent."""
    return lambda made: reverse(f"referral:{name}", args=[code])


def _plan_facts(actor: Actor, person: Person, may_change: bool) -> dict[str, Any]:
    plan = queries.running(queries.plans(person))
    if plan is None:
        new = deed(may_change, _("Propose a plan"), "plan-new", person)
        return {"deeds": [new] if new else []}
    has_ended = plan.state in PLAN_ENDS
    words = _("Take it up again") if has_ended else _("What comes next")
    offered = [
        deed(may_change and not has_ended, _("Write down a goal"), "goal-new", person, plan.number),
        deed(may_change, words, "plan-move", person, plan.number),
        deed(may_change and has_ended, _("Propose a new plan"), "plan-new", person),
    ]
    return {
        "plan": plan,
        "tone": f"plan_{plan.state}",
        "has_ended": has_ended,
        "deeds": [each for each in offered if each],
    }


plans = page_of_rows(
    lambda: RowsPage(
        heading=_("Assistance plan"),
        lead=_(
            "What the person wants to reach. It never depends on what a court or the police do."
        ),
        tables=tables.plans,
        kinds=(PLAN, GOAL),
        facts=_plan_facts,
        template="referral/plans_page.html",
    )
)
episodes = page_of_rows(
    lambda: RowsPage(
        heading=_("Services given"),
        lead=_("With a plan or without one."),
        tables=tables.episodes,
        kinds=(EPISODE, FOLLOW_UP),
        deeds=((_("Write down a service"), "episode-new"),),
    )
)
safety = page_of_rows(
    lambda: RowsPage(
        heading=_("Safety plan"),
        lead=_("Made with the person. Nothing here is changed: a newer one replaces it."),
        tables=tables.safety,
        kinds=(SAFETY,),
        deeds=((_("Write a safety plan"), "safety-new"),),
    )
)


@form_view
def new_plan(request: ActorRequest, code: str) -> HttpResponse:
    """Propose a plan."""
    edited(request, code)
    page = FormPage(
        heading=_("Propose a plan"),
        send=_("Propose and seal"),
        back=back_to("plans", code, _("Assistance plan")),
        done=_("The plan was proposed."),
        lead=_("It is a proposal until the person agrees. Help that is needed now does not wait."),
        seen=_("Colleagues see its state and days. The words are sealed."),
    )
    return form_page(
        request,
        page,
        PlanForm(request.POST if request.method == "POST" else None),
        lambda given: propose_plan(
            request.actor, code, review_on=given["review_on"], note=given["note"]
        ),
        to_page("plans", code),
        FIELDS,
    )


@form_view
def step(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """Take a plan one step further, or up again."""
    plan = queries.find_plan(edited(request, code), number)
    state = PlanState(plan.state)
    onward = [each for each in PlanState if each in PLAN_MOVES[state]]
    page = FormPage(
        heading=_("Plan %(number)d: what comes next") % {"number": number},
        send=_("Write it down"),
        back=back_to("plans", code, _("Assistance plan")),
        done=_("It was written down."),
        facts=[(_("State"), state.label)],
        consequences=[_("A plan that ends can be taken up again, whenever the person comes back.")],
    )
    initial = {"to": onward[0] if len(onward) == 1 else "", "seen": state.value}
    return form_page(
        request,
        page,
        PlanStepForm(request.POST or None, onward=onward, initial=initial),
        lambda given: move_plan(
            request.actor,
            code,
            number,
            PlanState(given["to"]),
            seen=PlanState(given["seen"]) if given["seen"] else None,
            agreed_on=given["agreed_on"],
            review_on=given["review_on"],
        ),
        to_page("plans", code),
        FIELDS,
    )


@form_view
def new_goal(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """Write down what the person wants to reach."""
    queries.find_plan(edited(request, code), number)
    page = FormPage(
        heading=_("Write down a goal"),
        send=_("Write down and seal"),
        back=back_to("plans", code, _("Assistance plan")),
        done=_("The goal was written down."),
        seen=_("Colleagues see what it is about. The words are sealed."),
    )
    return form_page(
        request,
        page,
        GoalForm(request.POST or None),
        lambda given: set_goal(
            request.actor,
            code,
            number,
            area=Area(given["area"]),
            words=given["words"],
            target_on=given["target_on"],
        ),
        to_page("plans", code),
        FIELDS,
    )


@form_view
def goal(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """Say what became of a goal."""
    found = queries.find_goal(edited(request, code), number)
    page = FormPage(
        heading=_("What became of goal %(number)d") % {"number": number},
        send=_("Write it down"),
        back=back_to("plans", code, _("Assistance plan")),
        done=_("It was written down."),
        facts=[
            (_("What it is about"), found.get_area_display()),
            (_("State"), found.get_state_display()),
        ],
    )
    return form_page(
        request,
        page,
        GoalStateForm(request.POST or None, initial={"state": found.state}),
        lambda given: settle_goal(request.actor, code, number, GoalState(given["state"])),
        to_page("plans", code),
        FIELDS,
    )


@form_view
def new_episode(request: ActorRequest, code: str) -> HttpResponse:
    """Write down that a service is given."""
    found = edited(request, code)
    page = FormPage(
        heading=_("Write down a service"),
        send=_("Write down and seal"),
        back=back_to("episodes", code, _("Services given")),
        done=_("The service was written down."),
        seen=_("Colleagues see what is given, by whom and since when. The words are sealed."),
    )
    form = EpisodeForm(
        request.POST or None,
        providers=recipients(request.actor),
        goals=queries.open_goals(found),
        referrals=queries.accepted_referrals(found),
        initial={"starts_on": today(), "provider": str(found.organisation_id)},
    )
    return form_page(
        request,
        page,
        form,
        lambda given: begin_episode(request.actor, code, form.given()),
        to_page("episodes", code),
        FIELDS,
    )


@form_view
def episode_end(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """Write down the last day of a service."""
    found = queries.find_episode(edited(request, code), number)
    page = FormPage(
        heading=_("A service ends"),
        send=_("Write it down"),
        back=back_to("episodes", code, _("Services given")),
        done=_("The end of the service was written down."),
        facts=[
            (_("What is given"), found.get_service_type_display()),
            (_("Who gives it"), found.provider.display_name),
        ],
    )
    return form_page(
        request,
        page,
        EpisodeEndForm(request.POST or None, initial={"ends_on": today()}),
        lambda given: end_episode(
            request.actor,
            code,
            number,
            ends_on=given["ends_on"],
            outcome=EpisodeOutcome(given["outcome"]),
        ),
        to_page("episodes", code),
        FIELDS,
    )


@form_view
def follow_up(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """Write down what came of work or training."""
    found = queries.find_follow_up(edited(request, code), number)
    page = FormPage(
        heading=_("What came of it, %(months)d months later") % {"months": found.months},
        send=_("Write down and seal"),
        back=back_to("episodes", code, _("Services given")),
        done=_("It was written down."),
        facts=[
            (_("What was given"), found.episode.get_service_type_display()),
            (_("Who gives it"), found.episode.provider.display_name),
        ],
        seen=_("Colleagues see the outcome. The words are sealed."),
    )
    return form_page(
        request,
        page,
        FollowUpForm(request.POST or None, initial={"seen_on": today()}),
        lambda given: note_follow_up(
            request.actor,
            code,
            number,
            seen_on=given["seen_on"],
            outcome=Later(given["outcome"]),
            note=given["note"],
        ),
        to_page("episodes", code),
        FIELDS,
    )


@form_view
def new_safety(request: ActorRequest, code: str) -> HttpResponse:
    """Write what the person does when danger comes near."""
    edited(request, code)
    page = FormPage(
        heading=_("Write a safety plan"),
        send=_("Write down and seal"),
        back=back_to("safety", code, _("Safety plan")),
        done=_("The safety plan was written down."),
        lead=_("With the person, in their words. It is kept here, not on paper that others find."),
        seen=_("Colleagues see that there is one, and when it is looked at again."),
    )
    return form_page(
        request,
        page,
        SafetyForm(request.POST or None),
        lambda given: write_safety_plan(request.actor, code, **given),
        to_page("safety", code),
        FIELDS,
    )
