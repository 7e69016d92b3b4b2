"""Modules, their versions and languages, adaptations, course plans, objectives and needs."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cairn.access.guards import needs, signed_in
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission, require
from cairn.core.models import Organisation
from cairn.oversight.views.shared import FormPage, form_page
from cairn.training.actions import curriculum as actions
from cairn.training.forms import curriculum as forms
from cairn.training.queries import curriculum as queries
from cairn.training.queries.history import history
from cairn.training.rules.curriculum import written_outline
from cairn.training.rules.states import ADAPTATION_MOVES, AdaptationState, VersionState
from cairn.ui.pages import page_of
from cairn.ui.templatetags.ui import language_name

GET_OR_POST = ("GET", "HEAD", "POST")
LANGUAGES = {code for code, _name in settings.LANGUAGES} - {"en"}
LIST = "training/curriculum/list.html"


@require_safe
@needs(Permission.TRAINING_VIEW)
def modules(request: ActorRequest) -> HttpResponse:
    search = request.GET.get("q", "").strip()[:80]
    page = page_of(queries.modules(request.actor, search), request)
    context = {
        "page": page,
        "search": search,
        "may_edit": request.actor.may(Permission.TRAINING_EDIT),
    }
    return render(request, "training/curriculum/modules.html", context)


@require_safe
@signed_in
def module(request: ActorRequest, code: str) -> HttpResponse:
    found = queries.module(request.actor, code)
    versions = queries.versions(request.actor, found)
    newest = versions[0].version if versions else None
    context = {
        "module": found,
        "versions": versions,
        "newest": newest,
        "adaptation": getattr(newest, "adaptation", None) if newest else None,
        "history": history(request.actor, [shown.version for shown in versions], VersionState),
        "may_edit": request.actor.may(Permission.TRAINING_EDIT),
        "may_decide": request.actor.may(Permission.TRAINING_DECIDE),
    }
    return render(request, "training/curriculum/module.html", context)


@require_safe
@signed_in
def compare(request: ActorRequest, code: str) -> HttpResponse:
    """Two versions of a module side by side; the newest two unless the address says which."""
    found = queries.module(request.actor, code)
    shown = [each.version for each in queries.versions(request.actor, found)]
    by_number = {version.number: version for version in shown}
    right = by_number.get(request.GET.get("right", ""), shown[0] if shown else None)
    left = by_number.get(request.GET.get("left", ""), shown[1] if len(shown) > 1 else right)
    context = {
        "module": found,
        "numbers": list(by_number),
        "left": left,
        "right": right,
        "parts": queries.compared(left, right) if left and right else [],
    }
    return render(request, "training/curriculum/compare.html", context)


@require_http_methods(GET_OR_POST)
@needs(Permission.TRAINING_EDIT)
def module_new(request: ActorRequest) -> HttpResponse:
    form = forms.ModuleForm(
        request.POST or None, organisations=Organisation.objects.visible_to(request.actor)
    )
    page = FormPage(
        heading=_("Enter a module"),
        send=_("Enter the module"),
        back=(reverse("training:modules"), _("Modules")),
        done=_("The module was entered. Now write its first version."),
    )
    return form_page(
        request,
        page,
        form,
        lambda given: actions.enter_module(request.actor, **given),
        lambda made: reverse("training:version-new", args=[made.code]),
        {"module.taken": "code"},
    )


def _module_back(module_code: str) -> tuple[str, str]:
    return reverse("training:module", args=[module_code]), module_code


def _facts(given: dict[str, Any]) -> actions.VersionFacts:
    return actions.VersionFacts(**{key: value for key, value in given.items() if key != "is_major"})


@require_http_methods(GET_OR_POST)
@signed_in
def version_new(request: ActorRequest, code: str) -> HttpResponse:
    found = queries.module(request.actor, code)
    require(request.actor, Permission.TRAINING_EDIT)
    newest = found.versions.first()
    initial = queries.as_initial(newest) | {"change_note": ""} if newest else None
    form = forms.VersionForm(
        request.POST or None,
        objectives=queries.objectives(request.actor),
        is_new=True,
        initial=initial,
    )
    page = FormPage(
        heading=_("Write a version of %(module)s") % {"module": found.code},
        send=_("Keep as draft"),
        back=_module_back(found.code),
        done=_("The version was kept as a draft."),
        lead=_("It begins with what the newest version says."),
    )
    return form_page(
        request,
        page,
        form,
        lambda given: actions.enter_version(
            request.actor, code, _facts(given), is_major=given["is_major"]
        ),
        lambda made: reverse("training:module", args=[code]),
    )


@require_http_methods(GET_OR_POST)
@signed_in
def version_edit(request: ActorRequest, pk: UUID) -> HttpResponse:
    found = queries.version(request.actor, pk)
    require(request.actor, Permission.TRAINING_EDIT)
    form = forms.VersionForm(
        request.POST or None,
        objectives=queries.objectives(request.actor),
        is_new=False,
        initial=queries.as_initial(found),
    )
    page = FormPage(
        heading=_("Change version %(version)s") % {"version": str(found)},
        send=_("Save"),
        back=_module_back(found.module.code),
        done=_("The draft was changed."),
        lead=_("Only until it is approved or taught; after that it never changes."),
    )
    return form_page(
        request,
        page,
        form,
        lambda given: actions.edit_version(request.actor, pk, _facts(given)),
        lambda made: reverse("training:module", args=[found.module.code]),
    )


@require_http_methods(GET_OR_POST)
@signed_in
def version_move(request: ActorRequest, pk: UUID) -> HttpResponse:
    found = queries.version(request.actor, pk)
    require(request.actor, Permission.TRAINING_EDIT)
    states = queries.next_states(found)
    form = forms.VersionMoveForm(request.POST or None, states=states)
    page = FormPage(
        heading=_("Take version %(version)s a step on") % {"version": str(found)},
        send=_("Take the step"),
        back=_module_back(found.module.code),
        done=_("The version was taken a step on."),
        facts=[(_("State"), VersionState(found.state).label)],
        consequences=[
            _("An approved or published version never changes again."),
            _("Publishing ends what was published of this module before."),
        ],
    )
    return form_page(
        request,
        page,
        form,
        lambda given: actions.move_version(request.actor, pk, given["to"], given["reason"]),
        lambda made: reverse("training:module", args=[found.module.code]),
    )


@require_http_methods(GET_OR_POST)
@signed_in
def variant(request: ActorRequest, pk: UUID, language: str) -> HttpResponse:
    """Write or renew a version in one language; English is the source."""
    if language not in LANGUAGES:
        raise Http404
    found = queries.version(request.actor, pk)
    require(request.actor, Permission.TRAINING_EDIT)
    written = queries.variant_of(found, language)
    initial = {
        "title": written.title if written else found.module.title,
        "summary": written.summary if written else found.summary,
        "outline": written_outline((written or found).outline),
        "translated_by": written.translated_by if written else "",
        "reviewed_by": written.reviewed_by if written else "",
    }
    form = forms.VariantForm(request.POST or None, initial=initial)
    page = FormPage(
        heading=_("%(version)s in %(language)s")
        % {"version": str(found), "language": language_name(language)},
        send=_("Keep the translation"),
        back=_module_back(found.module.code),
        done=_("The translation was kept. It follows the version as it is now."),
    )
    return form_page(
        request,
        page,
        form,
        lambda given: actions.set_variant(request.actor, pk, language, **given),
        lambda made: reverse("training:module", args=[found.module.code]),
    )


@require_http_methods(GET_OR_POST)
@signed_in
def adapt(request: ActorRequest, pk: UUID) -> HttpResponse:
    found = queries.version(request.actor, pk)
    require(request.actor, Permission.TRAINING_EDIT)
    form = forms.AdaptForm(request.POST or None, initial={"title": found.module.title})
    page = FormPage(
        heading=_("Adapt %(version)s") % {"version": str(found)},
        send=_("Begin the adaptation"),
        back=_module_back(found.module.code),
        done=_("The adaptation was begun as a module of its own, tied to its source."),
    )

    def act(given: dict[str, Any]) -> object:
        place = actions.Place(given.pop("country"), given.pop("mission"))
        return actions.adapt_version(request.actor, pk, place, **given)

    return form_page(
        request,
        page,
        form,
        act,
        lambda made: reverse("training:module", args=[made.version.module.code]),
        {"adaptation.place": "country", "module.taken": "code"},
    )


@require_http_methods(GET_OR_POST)
@signed_in
def adaptation_move(request: ActorRequest, pk: UUID) -> HttpResponse:
    found = queries.adaptation(request.actor, pk)
    require(request.actor, Permission.TRAINING_EDIT)
    states = sorted(ADAPTATION_MOVES[AdaptationState(found.state)])
    form = forms.AdaptationMoveForm(
        request.POST or None,
        states=states,
        organisations=Organisation.objects.visible_to(request.actor),
    )
    page = FormPage(
        heading=_("Take the adaptation %(version)s a step on") % {"version": str(found.version)},
        send=_("Take the step"),
        back=_module_back(found.version.module.code),
        done=_("The adaptation was taken a step on."),
        facts=[
            (_("State"), AdaptationState(found.state).label),
            (_("Made from"), str(found.parent)),
        ],
    )
    return form_page(
        request,
        page,
        form,
        lambda given: actions.move_adaptation(request.actor, pk, **given),
        lambda made: reverse("training:module", args=[found.version.module.code]),
        {"adaptation.pilot": "piloted_in", "adaptation.adopted": "adopted_by"},
    )


@require_http_methods(GET_OR_POST)
@signed_in
def integration(request: ActorRequest, pk: UUID) -> HttpResponse:
    found = queries.version(request.actor, pk)
    require(request.actor, Permission.TRAINING_DECIDE)
    form = forms.IntegrationForm(
        request.POST or None,
        organisations=Organisation.objects.visible_to(request.actor),
        initial={"hours": found.hours},
    )
    page = FormPage(
        heading=_("Who teaches %(version)s now") % {"version": str(found)},
        send=_("Record it"),
        back=_module_back(found.module.code),
        done=_("It was recorded."),
        lead=_("An institution made the module part of its own curriculum."),
    )
    return form_page(
        request,
        page,
        form,
        lambda given: actions.record_integration(request.actor, pk, **given),
        lambda made: reverse("training:module", args=[found.module.code]),
        {"integration.evidence": "evidence"},
    )
