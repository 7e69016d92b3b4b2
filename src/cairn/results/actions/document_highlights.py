"""Writes about highlights: an entry is written by one person and let out by another."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.results.models import Highlight
from cairn.results.rules import documents as rules
from cairn.results.rules.documents import HighlightState
from cairn.results.rules.fields import check_narrative

WRITTEN = ("title", "year", "countries", "mandates", "text", "sources")


@transaction.atomic
def write_highlight(
    actor: Actor, code: str, values: Mapping[str, Any], *, version: int = 0
) -> Highlight:
    """Write an entry; `version` 0: a new one. One that was out is a draft again.

    `values`: the fields of WRITTEN. Raises Highlight.DoesNotExist, PermissionDenied, RuleBroken
    ("document.version", "document.field", "document.figure", "highlight.code",
    "highlight.source").
    """
    require(actor, Permission.DOCUMENT_EDIT)
    check_narrative(values["title"])
    check_narrative(values["text"])
    if not values["sources"]:
        raise RuleBroken(
            "highlight.source",
            _("An entry says where it comes from."),
            _("Name at least one source."),
        )
    if version:
        rows = Highlight.objects.visible_to(actor).select_for_update()
        entry = rows.get(code=code)
        rules.check_version(entry.version, version)
    else:
        entry = Highlight(code=code, version=0)
    for name in WRITTEN:
        setattr(entry, name, values[name])
    entry.version += 1
    entry.state, entry.published_by, entry.changed_at = HighlightState.DRAFT, None, clock.now()
    entry.writers = sorted({*entry.writers, str(actor.user_id)})
    try:
        with transaction.atomic():
            entry.save()
    except IntegrityError:
        raise RuleBroken(
            "highlight.code",
            _("There is an entry “%(code)s” already.") % {"code": code},
            _("Choose another code."),
        ) from None
    audit.record(actor, "highlight.written", entry, reference=code, version=entry.version)
    return entry


@transaction.atomic
def publish_highlight(actor: Actor, code: str, *, version: int) -> Highlight:
    """Let an entry out as somebody who did not write it. One that is out stays as it is.

    Raises Highlight.DoesNotExist, PermissionDenied, RuleBroken ("document.version",
    "issue.reviewer").
    """
    entry = Highlight.objects.visible_to(actor).select_for_update().get(code=code)
    require(actor, Permission.DOCUMENT_PUBLISH)
    rules.check_version(entry.version, version)
    if entry.state == HighlightState.PUBLISHED:
        return entry
    rules.check_reviewer(actor.user_id, entry.writers)
    entry.state, entry.published_by = HighlightState.PUBLISHED, actor.user_id
    # What stands was read by two: who changes it from now on is the writer of what changes.
    entry.changed_at, entry.writers = clock.now(), []
    entry.save()
    audit.record(actor, "highlight.published", entry, reference=code, version=entry.version)
    return entry
