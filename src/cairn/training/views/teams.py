"""Mobile training teams: the list, the builder that says what is missing, steps and tasks."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.access.guards import needs, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core import geography
from cairn.core.language import language
from cairn.oversight.queries.records import places
from cairn.oversight.views.shared import FormPage, form_page, missing_as_refusal
from cairn.portfolio.models import Project
from cairn.training.actions import teams as actions
from cairn.training.forms import teams as forms
from cairn.training.models import MobileTrainingTeam, TrainingEvent
from cairn.training.queries import roster
from cairn.training.queries import teams as queries
from cairn.training.queries.history import history
from cairn.training.rules.teams import OPEN, TEAM_MOVES, TeamState, gap_sentence, need_sentences
from cairn.training.views.projects import project_shown
from cairn.ui.pages import page_of

GET_OR_POST = ("GET", "HEAD", "POST")


@require_safe
@needs(Permission.TRAINING_VIEW)
def teams(request: ActorRequest) -> HttpResponse:
    page = page_of(queries.teams(request.actor), request)
    courses = queries.courses_of(page.rows)
    rows = [
        {
            "team": each,
            "state": TeamState(each.state),
            "members": each.counted if each.counted is not None else each.joined,
            "courses": courses.get(each.pk, (0, 0)),
        }
        for each in page.rows
    ]
    context = {
        "page": page,
        "rows": rows,
        "may_edit": request.actor.may(Permission.TRAINING_EDIT),
    }
    return render(request, "training/teams/teams.html", context)


@never_cache
@require_safe
@signed_in
def team(request: ActorRequest, code: str) -> HttpResponse:
    """One team: who is in, what is missing, who would fill it, tasks, history."""
    found = queries.find_team(request.actor, code)
    today = timezone.localdate()
    shown = queries.view_of(request.actor, found, today=today)
    names = queries.names_of(shown.requirement)
    place = (found.organisation_id, None, found.country)
    context: dict[str, Any] = {
        "view": shown,
        "team": found,
        "project": project_shown(request.actor, found.project),
        "missing": [gap_sentence(gap, names) for gap in shown.gaps or ()],
        "lacking": [gap_sentence(gap, names) for gap in shown.proposal.lacking]
        if shown.proposal
        else [],
        "needs": need_sentences(shown.requirement, names),
        "is_open": shown.state in OPEN,
        "can_move": bool(TEAM_MOVES[shown.state]),
        "may_edit": request.actor.may_within(Permission.TRAINING_EDIT, *place),
        "sees_people": request.actor.may(Permission.TRAINEE_VIEW),
        "history": history(request.actor, [found], TeamState),
    }
    return render(request, "training/teams/team.html", context)


def _countries() -> list[tuple[str, str]]:
    known = [
        (each.alpha3, geography.country_name(each.alpha3, language()))
        for each in geography.countries()
    ]
    return sorted(known, key=lambda pair: pair[1])


def _back(code: str) -> tuple[str, str]:
    return reverse("training:team", args=[code]), code


def _find(request: ActorRequest, code: str) -> MobileTrainingTeam:
    """The team, for a page that changes it: 404 for strangers, 403 without permission."""
    found = queries.find_team(request.actor, code)
    require(request.actor, Permission.TRAINING_EDIT, within=found)
    return found


@never_cache
@require_http_methods(GET_OR_POST)
@needs(Permission.TRAINING_EDIT)
def create(request: ActorRequest) -> HttpResponse:
    """Form a team: what it needs comes first."""
    form = forms.TeamForm(
        request.POST or None,
        places=places(request.actor, Permission.TRAINING_EDIT),
        families=roster.families(),
        countries=_countries(),
        initial={"chosen_at": request.GET.get("event", "")},
    )
    page = FormPage(
        heading=_("Form a team"),
        send=_("Form the team"),
        back=(reverse("training:teams"), _("Teams")),
        done=_("The team is being formed. Now take in its members."),
    )

    def act(given: dict[str, Any]) -> MobileTrainingTeam:
        project = given["project"].strip()
        event = given["chosen_at"].strip()
        return actions.form_team(
            request.actor,
            actions.TeamFacts(
                code=given["code"],
                title=given["title"],
                organisation=given["organisation"],
                requirement=form.requirement(),
                country=given["country"],
                project=Project.objects.visible_to(request.actor).get(reference=project)
                if project
                else None,
                chosen_at=TrainingEvent.objects.visible_to(request.actor).get(reference=event)
                if event
                else None,
            ),
        )

    return form_page(
        request,
        page,
        form,
        missing_as_refusal(act),
        lambda made: made.get_absolute_url(),
        {"team.code": "code"},
    )


@never_cache
@require_http_methods(GET_OR_POST)
@signed_in
def change_needs(request: ActorRequest, code: str) -> HttpResponse:
    """Change what a team needs."""
    found = _find(request, code)
    form = forms.NeedsChangeForm(
        request.POST or None,
        families=roster.families(),
        countries=_countries(),
        initial=forms.initial_needs(queries.requirement_of(found)),
    )
    page = FormPage(
        heading=_("Change what the team needs"),
        send=_("Save"),
        back=_back(code),
        done=_("What the team needs was changed."),
    )
    return form_page(
        request,
        page,
        form,
        lambda given: actions.change_needs(
            request.actor, code, form.requirement(), given["reason"]
        ),
        lambda _made: _back(code)[0],
        {"team.reason": "reason"},
    )


@never_cache
@require_http_methods(GET_OR_POST)
@signed_in
def member(request: ActorRequest, code: str) -> HttpResponse:
    """Take somebody into the team."""
    _find(request, code)
    form = forms.MemberForm(request.POST or None, initial={"person": request.GET.get("person", "")})
    page = FormPage(
        heading=_("Take somebody in"),
        send=_("Take in"),
        back=_back(code),
        done=_("The trainer is in the team."),
    )
    return form_page(
        request,
        page,
        form,
        missing_as_refusal(
            lambda given: actions.add_member(
                request.actor, code, given["person"], function=given["function"]
            )
        ),
        lambda _made: _back(code)[0],
        {
            "team.member": "person",
            "team.roster": "person",
            "oversight.no-record": "person",
            "team.function": "function",
        },
    )


@require_POST
@signed_in
def member_remove(request: ActorRequest, code: str, pk: UUID) -> HttpResponse:
    actions.remove_member(request.actor, code, pk)
    messages.success(request, _("The trainer left the team."))
    return redirect("training:team", code=code)


@never_cache
@require_http_methods(GET_OR_POST)
@signed_in
def move(request: ActorRequest, code: str) -> HttpResponse:
    """The next step of a team."""
    found = _find(request, code)
    page = FormPage(
        heading=_("Next step of the team"),
        send=_("Take the step"),
        back=_back(code),
        done=_("The step was recorded."),
        facts=((_("Now"), TeamState(found.state).label),),
    )
    return form_page(
        request,
        page,
        forms.TeamMoveForm(request.POST or None, now=TeamState(found.state)),
        lambda given: actions.move_team(request.actor, code, given["to"], given["reason"]),
        lambda _made: _back(code)[0],
        {"team.reason": "reason", "team.incomplete": "to", "team.task": "to"},
    )


@never_cache
@require_http_methods(GET_OR_POST)
@signed_in
def task(request: ActorRequest, code: str) -> HttpResponse:
    """Give a team a task."""
    _find(request, code)
    page = FormPage(
        heading=_("Give a task"),
        send=_("Give the task"),
        back=_back(code),
        done=_("The task was recorded."),
    )
    return form_page(
        request,
        page,
        forms.TaskForm(request.POST or None, countries=_countries()),
        lambda given: actions.add_task(request.actor, code, **given),
        lambda _made: _back(code)[0],
        {"tasking.due": "due", "tasking.count": "courses"},
    )


@never_cache
@require_http_methods(GET_OR_POST)
@signed_in
def task_settle(request: ActorRequest, code: str, pk: UUID) -> HttpResponse:
    """Say what answers a task, and whether it is done."""
    found = _find(request, code)
    row = queries.find_task(found, pk)
    form = forms.SettleForm(
        request.POST or None,
        initial={"event": row.event.reference if row.event else "", "is_done": row.is_done},
    )
    page = FormPage(
        heading=_("Answer a task"),
        send=_("Save"),
        back=_back(code),
        done=_("The task was brought up to date."),
        facts=((_("Task"), row.title),),
    )
    return form_page(
        request,
        page,
        form,
        missing_as_refusal(lambda given: actions.settle_task(request.actor, code, pk, **given)),
        lambda _made: _back(code)[0],
        {"tasking.event": "event", "tasking.done": "is_done", "oversight.no-record": "event"},
    )
