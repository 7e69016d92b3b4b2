"""Plans of tests, pairs of forms drawn from the bank, cut scores by judges."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.access.guards import needs
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.core.errors import RuleBroken
from cairn.core.language import language
from cairn.oversight.views import lists
from cairn.oversight.views.lists import Cell, ListPage, list_page
from cairn.oversight.views.shared import FormPage, form_page
from cairn.training.actions import questions as actions
from cairn.training.forms.questions import JudgeForm, PlanForm
from cairn.training.measures.items import cut_score
from cairn.training.models import TestBlueprint
from cairn.training.queries import questions as queries
from cairn.training.queries import tests as test_queries
from cairn.training.testing.answers import as_typed
from cairn.training.testing.kinds import QuestionType
from cairn.training.testing.scoring import plain
from cairn.training.testing.showing import shown
from cairn.ui.formats import percent_text

EDIT = Permission.TRAINING_EDIT


@never_cache
@require_safe
@needs(EDIT)
def plans(request: ActorRequest) -> HttpResponse:
    """Plans of tests: how many questions for each objective."""
    page = ListPage(
        heading=_("Plans of tests"),
        lead=_("How many questions each objective has. Two forms alike are drawn from a plan."),
        columns=(_("Title"), _("Questions in a form"), _("Objectives")),
        empty=(_("No plan yet"), _("Plan a test, then draw forms A and B from the bank.")),
        crumbs=[(reverse("training:questions"), _("Bank of questions"))],
        actions=[(reverse("training:test-plan-new"), _("Plan a test"))],
    )
    return list_page(request, page, test_queries.blueprints(request.actor), _cells)


def _cells(rows: list[TestBlueprint]) -> list[list[Cell]]:
    return [
        [
            lists.text(row.title, href=reverse("training:test-plan", args=[row.pk])),
            lists.number(sum(row.counts.values())),
            lists.text(", ".join(row.counts)),
        ]
        for row in rows
    ]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(EDIT)
def plan_new(request: ActorRequest) -> HttpResponse:
    """Plan a test."""
    return _plan_form(request, None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(EDIT)
def plan_edit(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Change a plan; forms that were drawn stay as they are."""
    return _plan_form(request, test_queries.blueprints(request.actor).get(pk=pk))


def _plan_form(request: ActorRequest, blueprint: TestBlueprint | None) -> HttpResponse:
    stock = queries.stock(request.actor)
    offered = [
        (each.code, queries.objective_words(each, language()), stock.get(each.code, 0))
        for each in queries.objectives(request.actor)
    ]
    counts: Mapping[str, int] = blueprint.counts if blueprint else {}
    initial: dict[str, Any] = {"title": blueprint.title if blueprint else ""}
    initial |= {
        f"count-{number}": counts.get(code) for number, (code, *_rest) in enumerate(offered)
    }
    form = PlanForm(request.POST or None, stock=offered, initial=initial)
    page = FormPage(
        heading=_("Change the plan") if blueprint else _("Plan a test"),
        send=_("Save the plan"),
        back=(reverse("training:test-plans"), _("Plans of tests")),
        done=_("The plan was saved."),
        lead=_("Leave a field empty for an objective that this test does not ask about."),
    )

    def act(given: dict[str, Any]) -> TestBlueprint:
        pk = blueprint.pk if blueprint else None
        return actions.save_blueprint(request.actor, given["title"], form.counts(), pk=pk)

    return form_page(
        request, page, form, act, lambda made: reverse("training:test-plan", args=[made.pk])
    )


@never_cache
@require_safe
@needs(EDIT)
def plan(request: ActorRequest, pk: UUID) -> HttpResponse:
    """A plan with the pairs of forms that were drawn from it."""
    blueprint = test_queries.blueprints(request.actor).get(pk=pk)
    stock = queries.stock(request.actor)
    context = {
        "blueprint": blueprint,
        "counts": [(code, number, stock.get(code, 0)) for code, number in blueprint.counts.items()],
        "editions": queries.editions(blueprint),
    }
    return render(request, "training/questions/plan.html", context)


@require_POST
@needs(EDIT)
def draw(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Draw forms A and B from the bank."""
    try:
        forms = actions.draw_forms(request.actor, pk)
    except RuleBroken as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(
            request,
            _("Forms A and B were drawn as edition %(number)d.") % {"number": forms[0].edition},
        )
    return redirect("training:test-plan", pk=pk)


@never_cache
@require_safe
@needs(EDIT)
def form(request: ActorRequest, pk: UUID) -> HttpResponse:
    """A form as it is asked, with its key, and what judges expect."""
    found = queries.find_form(request.actor, pk)
    asked = test_queries.places(found)
    judgements = queries.judgements(found)
    context = {
        "form": found,
        "questions": [
            {
                "label": place.label,
                "code": place.form_item.version.question.code,
                "version": place.form_item.version.number,
                "shown": shown(place.question, place.item, None, language()),
                "key": as_typed(place.item, _key(place)),
                "mark": plain(place.item.max_mark),
            }
            for place in asked
        ],
        "highest": plain(sum((place.item.max_mark for place in asked), Decimal(0))),
        "judges": ngettext("%(n)d judge", "%(n)d judges", len(judgements)) % {"n": len(judgements)},
        "figure": cut_score(judgements),
        "cut": "" if found.cut_score is None else percent_text(found.cut_score, 1),
    }
    return render(request, "training/questions/form.html", context)


def _key(place: test_queries.Place) -> Any:
    """The right answer in the shape of an answer; None for what a person marks."""
    item = place.item
    if item.type == QuestionType.SHORT:
        return None
    if item.prompts:
        return dict(zip(item.prompts, item.key, strict=True))
    is_list = item.type in {QuestionType.MULTIPLE, QuestionType.ORDERING}
    return list(item.key) if is_list else item.key[0]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(EDIT)
def judge(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Estimate a form as a judge, without seeing what others estimated."""
    found = queries.find_form(request.actor, pk)
    own = queries.own_judgement(found, request.actor.user_id)
    asked: dict[int, str] = {}
    for place in test_queries.places(found):
        words = shown(place.question, place.item, None, language())
        position = place.form_item.position
        asked.setdefault(position, f"{position}. {(words.story or words.stem)[:300]}")
    judging = JudgeForm(
        request.POST or None,
        asked=asked.items(),
        initial={str(position): round(share * 100) for position, share in own.items()},
    )
    page = FormPage(
        heading=_("Estimate form %(letter)s") % {"letter": found.letter},
        send=_("Keep my estimates"),
        back=(
            reverse("training:test-form", args=[found.pk]),
            _("Form %(letter)s") % {"letter": found.letter},
        ),
        done=_("Your estimates were kept."),
        lead=_(
            "Think of a hundred participants who only just know enough. How many of them would "
            "answer rightly? Estimate alone; the mean of all judges makes the cut score."
        ),
        seen=_("Others see the mean and the spread of all judges, not who estimated what."),
    )
    return form_page(
        request,
        page,
        judging,
        lambda _given: actions.judge_form(request.actor, pk, judging.shares()),
        lambda _made: reverse("training:test-form", args=[pk]),
    )


@require_POST
@needs(EDIT)
def set_cut(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Set the cut score from the judges' estimates."""
    try:
        made = actions.set_cut_score(request.actor, pk)
    except RuleBroken as refusal:
        messages.warning(request, str(refusal))
    else:
        share = percent_text(made.cut_score or 0, 1)
        messages.success(request, _("The cut score is %(share)s of the marks.") % {"share": share})
    return redirect("training:test-form", pk=pk)
