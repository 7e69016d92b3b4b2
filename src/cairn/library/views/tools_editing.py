"""Pages that enter and change tools, their versions and adaptations."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cairn.access.guards import needs
from cairn.access.middleware import ActorRequest
from cairn.access.permissions import Permission
from cairn.library.actions import tools as actions
from cairn.library.forms.tools import AdaptationForm, EntryForm, ToolForm, VersionForm
from cairn.library.models import Tool, ToolAdaptation, ToolVersion
from cairn.oversight.views.shared import FormPage, form_page

READ_OR_SEND = ["GET", "HEAD", "POST"]
FIELD_OF = {"tool.title": "title", "tool.edition": "edition"}


def _page(
    request: ActorRequest,
    heading: str,
    form: EntryForm,
    act: Callable[[dict[str, Any], int], object],
    tool: Tool | None = None,
) -> HttpResponse:
    """A page with the form of one entry, which leads back to its tool."""
    page = FormPage(
        heading=heading,
        send=_("Save"),
        back=(tool.get_absolute_url(), tool.title)
        if tool
        else (reverse("library:tools"), _("Tools")),
        done=_("The entry was saved."),
        seen=_("Everybody sees it at once."),
    )

    def onward(made: Any) -> str:
        owner: Tool = made if isinstance(made, Tool) else made.tool
        return owner.get_absolute_url()

    def acting(given: dict[str, Any]) -> object:
        return act(form.values(), given["version"] or 0)

    return form_page(request, page, form, acting, onward, FIELD_OF)


@never_cache
@require_http_methods(READ_OR_SEND)
@needs(Permission.LIBRARY_EDIT)
def create(request: ActorRequest) -> HttpResponse:
    """Enter a tool."""
    form = ToolForm(request.POST or None)
    return _page(
        request,
        _("Enter a tool"),
        form,
        lambda values, _seen: actions.enter_tool(request.actor, values),
    )


@never_cache
@require_http_methods(READ_OR_SEND)
@needs(Permission.LIBRARY_EDIT)
def edit(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Change a tool."""
    found = get_object_or_404(Tool.objects.visible_to(request.actor), pk=pk)
    form = ToolForm(request.POST or None, initial=ToolForm.initial_of(found))
    return _page(
        request,
        _("Change a tool"),
        form,
        lambda values, seen: actions.change_tool(request.actor, pk, values, version=seen),
        found,
    )


@never_cache
@require_http_methods(READ_OR_SEND)
@needs(Permission.LIBRARY_EDIT)
def new_version(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Enter an edition in a language."""
    found = get_object_or_404(Tool.objects.visible_to(request.actor), pk=pk)
    form = VersionForm(request.POST or None, initial={"language": request.LANGUAGE_CODE})
    return _page(
        request,
        _("Enter a version"),
        form,
        lambda values, _seen: actions.enter_version(request.actor, found, values),
        found,
    )


@never_cache
@require_http_methods(READ_OR_SEND)
@needs(Permission.LIBRARY_EDIT)
def edit_version(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Change a version."""
    rows = ToolVersion.objects.visible_to(request.actor).select_related("tool")
    found = get_object_or_404(rows, pk=pk)
    form = VersionForm(request.POST or None, initial=VersionForm.initial_of(found))
    return _page(
        request,
        _("Change a version"),
        form,
        lambda values, seen: actions.change_version(request.actor, pk, values, version=seen),
        found.tool,
    )


@never_cache
@require_http_methods(READ_OR_SEND)
@needs(Permission.LIBRARY_EDIT)
def new_adaptation(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Enter what somebody made of a tool."""
    found = get_object_or_404(Tool.objects.visible_to(request.actor), pk=pk)
    form = AdaptationForm(request.POST or None)
    return _page(
        request,
        _("Enter an adaptation"),
        form,
        lambda values, _seen: actions.enter_adaptation(request.actor, found, values),
        found,
    )


@never_cache
@require_http_methods(READ_OR_SEND)
@needs(Permission.LIBRARY_EDIT)
def edit_adaptation(request: ActorRequest, pk: UUID) -> HttpResponse:
    """Change an adaptation."""
    rows = ToolAdaptation.objects.visible_to(request.actor).select_related("tool")
    found = get_object_or_404(rows, pk=pk)
    form = AdaptationForm(request.POST or None, initial=AdaptationForm.initial_of(found))
    return _page(
        request,
        _("Change an adaptation"),
        form,
        lambda values, seen: actions.change_adaptation(request.actor, pk, values, version=seen),
        found.tool,
    )
