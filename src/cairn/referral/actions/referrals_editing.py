"""Changing what was prepared for a service, as long as it was not sent."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.referral.actions.referrals import Wanted, check_service, opened_words
from cairn.referral.actions.referrals_moves import Acting, happened, held_by_sender, is_done
from cairn.referral.models.referrals import Referral, ReferralEvent
from cairn.referral.models.services import Service
from cairn.referral.queries import referrals_people as people
from cairn.referral.rules import referrals as rules
from cairn.referral.rules.referrals import PREPARED, State

_CHANGED = (
    "service recipient recipient_unit recipient_country is_external focal_user need urgency "
    "purpose place card categories state basis consent protocol moved_at"
).split()


def version_of(referral: Referral) -> int:
    """How much has happened to it: two who change it at once are told apart by it."""
    return ReferralEvent.objects.filter(referral=referral).count()


def edit(
    actor: Actor,
    code: str,
    service_code: str,
    wanted: Wanted,
    *,
    version: int,
    client_id: UUID | None = None,
) -> Referral:
    """Change a prepared referral; whether it may be told is looked at anew before it is sent.

    `wanted.categories`: the kinds of words that stay or are new; `wanted.content`: what is written
    anew. Where some words stay and others do not, they are opened for it, noted as a reading. No
    reason of an emergency leaves the one that was given. Not inside a transaction. Raises
    Referral.DoesNotExist, Service.DoesNotExist, PermissionDenied, RuleBroken
    ("referral.not-prepared", "referral.changed", "referral.unreadable", and as `prepare`).
    """
    found = Referral.objects.visible_to(actor).get(code=code)
    require(actor, Permission.REFERRAL_SEND, within=found)
    rules.check_categories(wanted.categories)
    rules.check_content(wanted.content, wanted.categories)
    rules.check_place(wanted.place)
    words = None
    if found.state in PREPARED and version == version_of(found):
        words = _words(actor, found, wanted)
    with transaction.atomic():
        referral = held_by_sender(actor, code)
        if is_done(referral, client_id):
            return referral
        _check_unchanged(referral, version)
        acting = Acting.as_sender(actor, client_id)
        service = Service.objects.visible_to(actor).get(code=service_code)
        check_service(service, acting.now)
        rules.check_sender(
            referral.organisation_id, service.organisation_id, referral.unit_id, service.unit_id
        )
        before = State(referral.state)
        _fill(referral, service, wanted, words, acting)
        happened(referral, "edited", acting, before=before, is_shared=False)
    return referral


def _words(actor: Actor, found: Referral, wanted: Wanted) -> dict[str, str] | None:
    """What is told from now on, None where the words stay as they are."""
    fresh = {name: text.strip() for name, text in wanted.content.items() if text.strip()}
    dropped = set(found.categories) - set(wanted.categories)
    if not fresh and not dropped:
        return None
    kept = set(found.categories) & set(wanted.categories) - set(fresh)
    before: dict[str, str] = {}
    if kept:
        before = opened_words(actor, found, _("What was prepared is changed."))
    return {name: text for name, text in before.items() if name in kept} | fresh


def _check_unchanged(referral: Referral, version: int) -> None:
    if referral.state not in PREPARED:
        raise RuleBroken(
            "referral.not-prepared",
            _("This referral was sent or stopped, so it is not changed any more."),
            _("Take it back and prepare another one."),
        )
    if version != version_of(referral):
        raise RuleBroken(
            "referral.changed",
            _("Somebody else has just changed this referral."),
            _("Look at it again before you change it. Nothing of yours was done."),
        )


def _fill(
    referral: Referral,
    service: Service,
    wanted: Wanted,
    words: dict[str, str] | None,
    acting: Acting,
) -> None:
    """What is wanted now; what was cleared is not, until it is looked at again."""
    changes: dict[str, Any] = {
        "service": service,
        "recipient_id": service.organisation_id,
        "recipient_unit_id": service.unit_id,
        "recipient_country": service.country,
        "is_external": people.is_outside(service),
        "focal_user": service.focal_user,
        "need": wanted.need,
        "urgency": wanted.urgency,
        "purpose": wanted.purpose,
        "place": wanted.place,
        "card": {
            **referral.card,
            "language": wanted.language,
            "exclusions": sorted(wanted.exclusions),
        },
        "categories": sorted(wanted.categories),
        "state": State.DRAFT,
        "basis": "",
        "consent": None,
        "protocol": None,
        "moved_at": acting.now,
    }
    fields = [*_CHANGED]
    if words is not None:
        changes["content"] = words
        fields.append("content")
    if reason := wanted.emergency_reason.strip():
        changes["emergency_reason"] = reason
        fields.append("emergency_reason")
    for name, value in changes.items():
        setattr(referral, name, value)
    referral.save(update_fields=fields)
