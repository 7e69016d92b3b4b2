"""Every write about tools: entries, their versions and adaptations, and counts of downloads."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from cairn.access.permissions import Permission, require
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.storing import saved_as_new
from cairn.library.models import Tool, ToolAdaptation, ToolDownloads, ToolVersion
from cairn.library.rules import tools as rules

Entry = TypeVar("Entry", Tool, ToolVersion, ToolAdaptation)


@transaction.atomic
def enter_tool(actor: Actor, values: Mapping[str, Any]) -> Tool:
    """Enter a tool. Raises PermissionDenied, RuleBroken ("tool.title")."""
    require(actor, Permission.LIBRARY_EDIT)
    tool = Tool(**values)
    if not saved_as_new(tool):
        raise rules.taken_already(tool.title)
    audit.record(actor, "tool.entered", tool)
    return tool


@transaction.atomic
def change_tool(actor: Actor, pk: UUID, values: Mapping[str, Any], *, version: int) -> Tool:
    """Change a tool. `version`: the one that the person was looking at.

    Raises Tool.DoesNotExist, PermissionDenied, RuleBroken ("tool.title", "tool.version").
    """
    tool: Tool = Tool.objects.visible_to(actor).select_for_update().get(pk=pk)
    if not _changed(actor, tool, values, version):
        raise rules.taken_already(values["title"])
    audit.record(actor, "tool.changed", tool)
    return tool


@transaction.atomic
def enter_version(actor: Actor, tool: Tool, values: Mapping[str, Any]) -> ToolVersion:
    """Enter an edition in a language; the tool exists in that language from then on.

    Raises PermissionDenied, RuleBroken ("tool.edition").
    """
    require(actor, Permission.LIBRARY_EDIT)
    made = ToolVersion(tool=tool, **values)
    if not saved_as_new(made):
        raise rules.known_already()
    audit.record(actor, "tool.version_entered", tool, language=made.language)
    return made


@transaction.atomic
def change_version(
    actor: Actor, pk: UUID, values: Mapping[str, Any], *, version: int
) -> ToolVersion:
    """Change a version.

    Raises ToolVersion.DoesNotExist, PermissionDenied, RuleBroken ("tool.edition",
    "tool.version").
    """
    rows = ToolVersion.objects.visible_to(actor).select_for_update(of=("self",))
    held: ToolVersion = rows.select_related("tool").get(pk=pk)
    if not _changed(actor, held, values, version):
        raise rules.known_already()
    audit.record(actor, "tool.version_changed", held.tool, language=held.language)
    return held


@transaction.atomic
def enter_adaptation(actor: Actor, tool: Tool, values: Mapping[str, Any]) -> ToolAdaptation:
    """Enter what somebody made of a tool. Raises PermissionDenied."""
    require(actor, Permission.LIBRARY_EDIT)
    made = ToolAdaptation.objects.create(tool=tool, **values)
    audit.record(actor, "tool.adaptation_entered", tool, country=made.country)
    return made


@transaction.atomic
def change_adaptation(
    actor: Actor, pk: UUID, values: Mapping[str, Any], *, version: int
) -> ToolAdaptation:
    """Change an adaptation.

    Raises ToolAdaptation.DoesNotExist, PermissionDenied, RuleBroken ("tool.version").
    """
    rows = ToolAdaptation.objects.visible_to(actor).select_for_update(of=("self",))
    held: ToolAdaptation = rows.select_related("tool").get(pk=pk)
    _changed(actor, held, values, version)
    audit.record(actor, "tool.adaptation_changed", held.tool, country=held.country)
    return held


def count_download(version: ToolVersion) -> None:
    """One more in this month. Nothing of who took it is kept, so nothing stands in the log."""
    today = timezone.localtime(clock.now()).date()
    month = date(today.year, today.month, 1)
    with transaction.atomic():
        row, _ = ToolDownloads.objects.get_or_create(version=version, month=month)
        ToolDownloads.objects.filter(pk=row.pk).update(count=F("count") + 1)


def _changed(actor: Actor, held: Entry, values: Mapping[str, Any], seen: int) -> bool:
    """Store `values`; False when another entry stands in their place already."""
    require(actor, Permission.LIBRARY_EDIT)
    rules.check_version(held.version, seen)
    for name, value in values.items():
        setattr(held, name, value)
    held.version += 1
    try:
        with transaction.atomic():
            held.save()
    except IntegrityError:
        return False
    return True
