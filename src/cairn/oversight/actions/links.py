"""Joining two records of different zones, reading through the link, and ending it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, person, require
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.oversight import rules
from cairn.oversight.actions.readings import Opened, read_for_link
from cairn.oversight.models import LinkGrant
from cairn.oversight.queries.access import links_of
from cairn.oversight.rules import LinkBasis
from cairn.oversight.subjects import Shown, SubjectKind, kind_of
from cairn.oversight.subjects import kind as kind_called
from cairn.vault import blind
from cairn.vault.texts import open_text, seal_text

# More links of one record are a mistake; a page shows these.
MOST_SHOWN = 5


@transaction.atomic
def grant_link(
    actor: Actor,
    record: Any,
    other_kind: str,
    other_code: str,
    *,
    basis: LinkBasis,
    purpose: str,
    scope: Sequence[str],
    ends_on: date | None,
) -> LinkGrant:
    """Let the owners of a record of another zone see `scope` (what is `linkable`) of `record`.

    `record` is the actor's own: the one who gives authorises. `other_code` was handed over by the
    other side, for example in a referral. The giver learns nothing about the other record, not
    even whether it exists for them; a code that does not exist is refused.
    Raises PermissionDenied, ObjectDoesNotExist, or RuleBroken ("link.same-zone", "link.scope",
    "link.expiry", "link.purpose", "link.held").
    """
    own, other = kind_of(record), kind_called(other_kind)
    require(actor, Permission.LINK_AUTHORISE, within=record)
    rules.check_link_zones(own.zone, other.zone)
    rules.check_scope(set(scope), set(own.linkable))
    now = clock.now()
    ends = rules.link_ends(ends_on, today=now.date())
    found = other.every().filter(code=other_code.strip().upper()).first()
    if found is None:
        raise ObjectDoesNotExist(other.key)
    grant = LinkGrant(
        left_zone=other.zone,
        right_zone=own.zone,
        left_index=blind.index(other.zone, "link", str(found.pk)),
        right_index=blind.index(own.zone, "link", str(record.pk)),
        basis=basis,
        purpose=rules.check_purpose(purpose),
        scope=sorted(scope),
        authorised_by=person(actor),
        authorised_at=now,
        ends_on=ends,
    )
    before = LinkGrant.objects.filter(
        left_index=grant.left_index, right_index=grant.right_index, revoked_at=None
    )
    if before.live(now.date()).exists():
        raise RuleBroken("link.held", _("These two records are joined already."))
    # One whose last day is past makes room for the new one; nobody revoked it.
    before.update(revoked_at=now)
    pair = json.dumps(
        {"left": [other.key, str(found.pk)], "right": [own.key, str(record.pk)]}, sort_keys=True
    )
    grant.left_sealed = seal_text(f"links-{other.zone}", pair, other.zone)
    grant.right_sealed = seal_text(f"links-{own.zone}", pair, own.zone)
    grant.save(force_insert=True)
    audit.record(
        actor,
        "link.granted",
        grant,
        left=other.zone.value,
        right=own.zone.value,
        basis=basis.value,
        scope=sorted(scope),
    )
    return grant


@transaction.atomic
def revoke_link(actor: Actor, record: Any, link_id: UUID) -> LinkGrant:
    """End a link of `record`, from either side. Raises LinkGrant.DoesNotExist, PermissionDenied,
    or RuleBroken ("link.revoked")."""
    kind = kind_of(record)
    grant = links_of(kind.zone, record.pk).select_for_update().get(pk=link_id)
    require(actor, Permission.LINK_AUTHORISE, within=record)
    if grant.revoked_at is not None:
        raise RuleBroken("link.revoked", _("This link has ended already."))
    grant.revoked_at, grant.revoked_by = clock.now(), actor.user_id
    grant.save(update_fields=["revoked_at", "revoked_by"])
    audit.record(actor, "link.revoked", grant, side=kind.zone.value)
    return grant


def read_through_link(actor: Actor, record: Any, link_id: UUID, reason: str) -> Opened:
    """Open what a live link of `record` allows of the record on its other side.

    `record` is the actor's own, on the side that was given the link (left).
    Raises LinkGrant.DoesNotExist (no live link), PermissionDenied, ObjectDoesNotExist (erased
    since), or RuleBroken ("oversight.reason").
    """
    kind = kind_of(record)
    live = LinkGrant.objects.live(clock.now().date()).filter(
        left_zone=kind.zone, left_index=blind.index(kind.zone, "link", str(record.pk))
    )
    grant = live.get(pk=link_id)
    require(actor, kind.open, within=record)
    other, other_id = other_side(kind, grant)
    found = other.every().get(pk=other_id)
    sealed = [name for name in grant.scope if name in other.sealed]
    if not sealed:
        raise RuleBroken("link.scope", _("Nothing that is sealed may be read through this link."))
    return read_for_link(actor, found, sealed, reason, grant.pk)


@dataclass(frozen=True, slots=True)
class Seen:
    """What one live link shows of the record at its other end, without opening anything."""

    link_id: UUID
    label: Promise
    facts: Sequence[Shown]


def shown_through_links(kind: SubjectKind, record: Any, today: date) -> list[Seen]:
    """Clear facts that live links let the owners of `record` see, one entry for each link and part.

    The caller sees `record`. Three queries for each link that shows something, one without any.
    """
    rows = LinkGrant.objects.live(today).filter(
        left_zone=kind.zone, left_index=blind.index(kind.zone, "link", str(record.pk))
    )
    found = []
    for grant in rows.order_by("authorised_at")[:MOST_SHOWN]:
        other, other_id = other_side(kind, grant)
        shares = [share for name, share in other.shares.items() if name in grant.scope]
        there = other.every().filter(pk=other_id).first() if shares else None
        if there is not None:
            found += [Seen(grant.pk, share.words, share.facts(there, today)) for share in shares]
    return found


def other_side(kind: SubjectKind, grant: LinkGrant) -> tuple[SubjectKind, UUID]:
    """Kind and id at the other end, read with the keys of the zone that `kind` lives in."""
    is_left = grant.left_zone == kind.zone
    sealed = grant.left_sealed if is_left else grant.right_sealed
    pair = json.loads(open_text(f"links-{kind.zone}", sealed, kind.zone))
    key, found = pair["right" if is_left else "left"]
    return kind_called(key), UUID(found)
