"""Emergency access: for danger to life, in the protection zone only, told at once, reviewed."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, person, require
from cairn.access.queries import holders
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.oversight import rules
from cairn.oversight.actions.alerts import raise_alert, tell
from cairn.oversight.models import BreakGlass
from cairn.oversight.models.alerts import AlertKind
from cairn.oversight.queries.access import live_break_glass
from cairn.oversight.rules import ReviewState
from cairn.oversight.subjects import kind as kind_called


@transaction.atomic
def break_glass(actor: Actor, kind_key: str, code: str, reason: str) -> BreakGlass:
    """Open the way to one record, by its exact code, for 24 hours, because a life is in danger.

    The people who own the record and the data-protection officers are told in this transaction.
    An access that the actor holds already is returned as it is.
    Raises PermissionDenied, LookupError for an unknown kind, ObjectDoesNotExist for an unknown
    code, or RuleBroken ("oversight.reason", "break-glass.kind", "break-glass.not-needed").
    """
    kind = kind_called(kind_key)
    if kind.break_glass is None:
        raise RuleBroken(
            "break-glass.kind", _("There is no emergency access to records of this kind.")
        )
    require(actor, kind.break_glass)
    reason = rules.check_reason(reason)
    record = kind.every().filter(code=code.strip().upper()).first()
    if record is None:
        raise ObjectDoesNotExist(kind.key)
    if held := live_break_glass(actor, kind.key).filter(subject_id=record.pk).first():
        return held
    if kind.visible_to(actor).filter(pk=record.pk).exists():
        raise RuleBroken(
            "break-glass.not-needed",
            _("This record is open to you already."),
            _("Open it as you always do."),
        )
    now = clock.now()
    access = BreakGlass(
        opened_at=now,
        expires_at=now + rules.BREAK_GLASS_LASTS,
        actor_id=person(actor),
        kind=kind.key,
        subject_id=record.pk,
        code=record.code,
        reason=reason,
        review_note="",
    )
    owners = holders(kind.open, organisation_id=record.organisation_id)
    told = {*owners, *holders(Permission.OVERSIGHT_REVIEW)} - {actor.user_id}
    access.told = tell(
        sorted(user for user in told if user), "glass.broken", access.pk, pseudonym=record.code
    )
    access.save(force_insert=True)
    audit.record(actor, "glass.broken", record, access=str(access.pk), told=access.told)
    if not access.told:
        raise_alert(
            AlertKind.NOBODY_TOLD,
            window=access.pk.hex,
            actor_id=actor.user_id,
            facts={"access": str(access.pk)},
        )
    return access


@transaction.atomic
def end_break_glass(actor: Actor, access_id: UUID) -> BreakGlass:
    """Give an emergency access back before its time; the desk may end anybody's.

    Raises BreakGlass.DoesNotExist, or RuleBroken ("break-glass.over").
    """
    access = BreakGlass.objects.visible_to(actor).select_for_update().get(pk=access_id)
    if access.actor_id != actor.user_id:
        require(actor, Permission.OVERSIGHT_REVIEW)
    now = clock.now()
    if access.ended_at is not None or access.expires_at <= now:
        raise RuleBroken("break-glass.over", _("This emergency access is over already."))
    access.ended_at = now
    _end(access, now)
    audit.record(actor, "glass.ended", access)
    return access


def _end(access: BreakGlass, now: datetime) -> None:
    """End every live access of that person to that record: two may have come at one moment."""
    same = BreakGlass.objects.filter(
        actor_id=access.actor_id, kind=access.kind, subject_id=access.subject_id
    )
    same.live(now).update(ended_at=now)


@transaction.atomic
def review_break_glass(
    actor: Actor, access_id: UUID, verdict: ReviewState, note: str
) -> BreakGlass:
    """Decide, as another person, whether an emergency access was justified; if not, it ends now.

    Raises BreakGlass.DoesNotExist, PermissionDenied, or RuleBroken ("oversight.move",
    "oversight.second-person", "oversight.reason").
    """
    access = BreakGlass.objects.visible_to(actor).select_for_update().get(pk=access_id)
    require(actor, Permission.OVERSIGHT_REVIEW)
    rules.check_move(ReviewState(access.review), verdict)
    rules.check_other_person(
        access.actor_id, actor.user_id, _("Nobody reviews their own emergency access.")
    )
    access.review_note = rules.check_reason(note)
    now = clock.now()
    access.review, access.reviewed_by, access.reviewed_at = verdict, actor.user_id, now
    if verdict == ReviewState.NOT_JUSTIFIED:
        _end(access, now)
        access.refresh_from_db(fields=["ended_at"])
    access.save(update_fields=["review", "reviewed_by", "reviewed_at", "review_note"])
    audit.record(actor, "glass.reviewed", access, verdict=verdict.value)
    tell([access.actor_id], "glass.reviewed", access.pk, verdict=verdict.value)
    return access
