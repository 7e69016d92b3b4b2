"""Every write about practices: drafted, changed, sent to review, published, withdrawn."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.access.permissions import person as acting
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.pseudonyms import save_with_code
from cairn.library.models import Practice
from cairn.library.models.practices import FIELDS
from cairn.library.rules import practices as rules
from cairn.library.rules.practices import PracticeState

PREFIX = "PR"


@transaction.atomic
def draft_practice(actor: Actor, values: Mapping[str, Any]) -> Practice:
    """Begin a practice. `values`: of FIELDS. Raises PermissionDenied."""
    require(actor, Permission.DOCUMENT_EDIT)
    return _drafted(actor, values, [str(acting(actor))])


@transaction.atomic
def draft_later(actor: Actor, code: str) -> Practice:
    """Begin a later version of a published practice, with its words; it stays until that is out.

    Raises Practice.DoesNotExist, PermissionDenied, RuleBroken ("practice.state",
    "practice.later").
    """
    earlier = _held(actor, code)
    require(actor, Permission.DOCUMENT_EDIT)
    rules.check_published(earlier.state)
    if earlier.later.exclude(state=PracticeState.WITHDRAWN).exists():
        raise RuleBroken(
            "practice.later",
            _("Somebody is writing a later version already."),
            _("Look for it among the drafts."),
        )
    values = {name: getattr(earlier, name) for name in FIELDS}
    return _drafted(actor, values, [str(acting(actor))], replaces=earlier)


@transaction.atomic
def change_practice(
    actor: Actor, code: str, values: Mapping[str, Any], *, version: int
) -> Practice:
    """Change a draft. `version`: the one that the person was looking at.

    Raises Practice.DoesNotExist, PermissionDenied, RuleBroken ("practice.state",
    "practice.version").
    """
    practice = _held(actor, code)
    require(actor, Permission.DOCUMENT_EDIT)
    rules.check_changeable(practice.state)
    rules.check_version(practice.version, version)
    _change(actor, practice, values, str(acting(actor)))
    return practice


@transaction.atomic
def send_practice(actor: Actor, code: str) -> Practice:
    """Send a draft to review. Raises as check_ready does, Practice.DoesNotExist."""
    practice = _held(actor, code)
    require(actor, Permission.DOCUMENT_EDIT)
    rules.check_ready(practice.state, practice.description, practice.countries)
    practice.state, practice.sent_at, practice.reason = PracticeState.IN_REVIEW, clock.now(), ""
    practice.save(update_fields=["state", "sent_at", "reason"])
    audit.record(actor, "practice.sent", practice, reference=practice.code)
    return practice


@transaction.atomic
def return_practice(actor: Actor, code: str, *, reason: str) -> Practice:
    """Send a practice back to its writer. Raises as check_reviewing and check_reason do."""
    practice = _reviewed(actor, code)
    rules.check_reason(reason)
    practice.state, practice.reason = PracticeState.DRAFT, reason.strip()
    practice.save(update_fields=["state", "reason"])
    audit.record(actor, "practice.returned", practice, reference=practice.code)
    return practice


@transaction.atomic
def publish_practice(actor: Actor, code: str, *, version: int) -> Practice:
    """Publish what somebody else wrote; the version that it replaces is kept as such.

    `version`: what the reviewer has read. Raises Practice.DoesNotExist, PermissionDenied,
    RuleBroken (those of check_reviewing, "practice.version").
    """
    practice = _reviewed(actor, code)
    rules.check_version(practice.version, version)
    practice.state, practice.published_at = PracticeState.PUBLISHED, clock.now()
    practice.reviewed_by = acting(actor)
    practice.save(update_fields=["state", "published_at", "reviewed_by"])
    if practice.replaces_id:
        # One that was withdrawn meanwhile stays withdrawn: it was taken back from the public.
        earlier = Practice.objects.filter(pk=practice.replaces_id)
        earlier.filter(state=PracticeState.PUBLISHED).update(state=PracticeState.REPLACED)
    audit.record(actor, "practice.published", practice, reference=practice.code)
    return practice


@transaction.atomic
def withdraw_practice(actor: Actor, code: str, *, reason: str) -> Practice:
    """Take a practice out of the registry, or give up a draft.

    Raises Practice.DoesNotExist, PermissionDenied, RuleBroken ("practice.state",
    "practice.reason").
    """
    practice = _held(actor, code)
    require(actor, Permission.DOCUMENT_PUBLISH)
    if practice.state in {PracticeState.WITHDRAWN, PracticeState.REPLACED}:
        rules.check_published(practice.state)
    rules.check_reason(reason)
    practice.state, practice.reason = PracticeState.WITHDRAWN, reason.strip()
    practice.save(update_fields=["state", "reason"])
    audit.record(actor, "practice.withdrawn", practice, reference=practice.code)
    return practice


@transaction.atomic
def read_in(
    actor: Actor,
    created: Sequence[Mapping[str, Any]],
    changed: Mapping[UUID, Mapping[str, Any]],
) -> None:
    """Store the rows of a file: drafts, which go to review as typed ones do, whoever brings them.

    Raises PermissionDenied.
    """
    require(actor, Permission.LIBRARY_EDIT)
    writers = [] if actor.is_system else [str(acting(actor))]
    for values in created:
        _drafted(actor, values, writers)
    for practice in Practice.objects.select_for_update().filter(pk__in=list(changed)):
        rules.check_changeable(practice.state)
        _change(actor, practice, changed[practice.pk], *writers)


@transaction.atomic
def publish_seeded(actor: Actor, since: datetime) -> None:
    """Publish what the installation's own file brought since that moment: its source did already.

    Raises PermissionDenied for all but the system.
    """
    if not actor.is_system:
        raise PermissionDenied("practices")
    fresh = Practice.objects.filter(state=PracticeState.DRAFT, writers=[], made_at__gte=since)
    now = clock.now()
    count = fresh.exclude(source="").update(
        state=PracticeState.PUBLISHED, published_at=now, sent_at=now
    )
    if count:
        audit.record(actor, "practice.seed_published", count=count)


def _held(actor: Actor, code: str) -> Practice:
    """The practice of this code, held until the end of the transaction."""
    rows = Practice.objects.visible_to(actor).select_for_update(of=("self",))
    found: Practice = rows.get(code=code)
    return found


def _reviewed(actor: Actor, code: str) -> Practice:
    practice = _held(actor, code)
    require(actor, Permission.DOCUMENT_PUBLISH)
    rules.check_reviewing(practice.state, practice.writers, acting(actor))
    return practice


def _drafted(
    actor: Actor,
    values: Mapping[str, Any],
    writers: list[str],
    replaces: Practice | None = None,
) -> Practice:
    given = {name: values[name] for name in FIELDS if name in values}
    practice = Practice(made_at=clock.now(), writers=writers, replaces=replaces, **given)
    practice.fold()
    save_with_code(practice, draw=_next_code)
    audit.record(actor, "practice.drafted", practice, reference=practice.code)
    return practice


def _next_code() -> str:
    """PR00001, PR00002 and so on: short enough to cite."""
    last = Practice.objects.order_by("-code").values_list("code", flat=True).first()
    return f"{PREFIX}{int(last.removeprefix(PREFIX)) + 1 if last else 1:05}"


def _change(actor: Actor, practice: Practice, values: Mapping[str, Any], *writers: str) -> None:
    changed = [
        name for name in FIELDS if name in values and getattr(practice, name) != values[name]
    ]
    for name in changed:
        setattr(practice, name, values[name])
    practice.fold()
    practice.version += 1
    # Whoever changed it is one of its writers, and does not publish it.
    practice.writers = list(dict.fromkeys([*practice.writers, *writers]))
    practice.save(update_fields=[*changed, "search_text", "version", "writers"])
    audit.record(actor, "practice.changed", practice, fields=changed)
