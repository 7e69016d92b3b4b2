"""What the screens about protocols read, and whether one is in force between two organisations."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from cairn.access.models import Membership
from cairn.access.permissions import Permission
from cairn.access.roles import ROLES
from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.referral.models.protocols import Protocol, Signature
from cairn.referral.rules.choices import Purpose
from cairn.referral.rules.protocols import ProtocolState, Standing

# A judgement: time enough to agree on a later version before the protocol runs out.
ENDS_SOON = timedelta(days=30)


def _holding(purpose: str, today: date, country: str) -> QuerySet[Protocol]:
    """Protocols in force for a purpose that hold in `country`."""
    # The quotation marks keep one code from being found inside another, on every database.
    rows = Protocol.objects.in_force(today).filter(purposes__icontains=f'"{purpose}"')
    return rows.filter(Q(country="") | Q(country=country))


def in_force(
    sender_id: UUID,
    recipient_id: UUID,
    purpose: str,
    today: date,
    *,
    country: str,
) -> Protocol | None:
    """The protocol on which the sender may tell the recipient something for `purpose`, or None.

    Both are parties, all have signed, and `today` lies within. Of several the one that holds
    longest. `country`: where it must hold (ISO 3166-1 alpha-3), that of the person. One query.
    """
    rows = _holding(purpose, today, country).filter(parties=sender_id).filter(parties=recipient_id)
    return rows.order_by("-ends_on", "-version", "code").first()


def partners_in_force(
    sender_id: UUID, purpose: str, today: date, *, country: str
) -> frozenset[UUID]:
    """Organisations with which the sender has a protocol in force for `purpose`. One query."""
    through = Protocol.parties.through.objects
    own = _holding(purpose, today, country).filter(parties=sender_id)
    found = through.filter(protocol__in=own.values("pk")).exclude(organisation=sender_id)
    return frozenset(found.values_list("organisation_id", flat=True))


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list of protocols is narrowed to; an empty part narrows nothing."""

    standing: str = ""
    purpose: str = ""
    words: str = ""

    @classmethod
    def from_query(cls, query: QueryDict) -> Self:
        """Anything that is not understood is left out."""
        standing, purpose = query.get("state", ""), query.get("purpose", "")
        return cls(
            standing=standing if standing in Standing.values else "",
            purpose=purpose if purpose in Purpose.values else "",
            words=query.get("q", "").strip()[:80],
        )


def protocols(actor: Actor, filters: Filters, today: date) -> QuerySet[Protocol]:
    """Protocols that the actor sees, the latest to end first, with their parties."""
    rows = Protocol.objects.visible_to(actor)
    is_over = Q(state=ProtocolState.ENDED) | Q(ended_on__lte=today)
    match filters.standing:
        case Standing.DRAFT:
            rows = rows.filter(state=ProtocolState.DRAFT)
        case Standing.IN_FORCE:
            rows = rows.in_force(today)
        case Standing.ENDED:
            rows = rows.filter(is_over)
        case Standing.EXPIRED:
            rows = rows.filter(state=ProtocolState.SIGNED, ends_on__lt=today).exclude(is_over)
        case Standing.TO_COME:
            rows = rows.filter(state=ProtocolState.SIGNED, starts_on__gt=today).exclude(is_over)
    if filters.purpose:
        rows = rows.filter(purposes__icontains=f'"{filters.purpose}"')
    if filters.words:
        named = Protocol.parties.through.objects.filter(organisation__name__icontains=filters.words)
        rows = rows.filter(Q(title__icontains=filters.words) | Q(pk__in=named.values("protocol")))
    return rows.prefetch_related("parties").order_by("-ends_on", "code")


def find_protocol(actor: Actor, code: str) -> Protocol:
    """The protocol of this code. Raises Protocol.DoesNotExist (also when not visible)."""
    rows = Protocol.objects.visible_to(actor).select_related("organisation", "replaces")
    found: Protocol = rows.get(code=code)
    return found


@dataclass(frozen=True, slots=True)
class Party:
    """A party and its signature. `signs_here`: somebody here may sign for it, `may_sign`: the
    actor; `may_note`: the actor may note that it signed on paper."""

    organisation: Organisation
    signature: Signature | None
    signs_here: bool
    may_sign: bool
    may_note: bool


def parties(actor: Actor, protocol: Protocol) -> list[Party]:
    """The parties by name, each with its signature. Three queries."""
    signatures = {each.organisation_id: each for each in protocol.signatures.all()}
    members = list(protocol.parties.order_by("name"))
    signing = signing_organisations([each.pk for each in members])
    is_draft = protocol.state == ProtocolState.DRAFT
    keeps = actor.may_within(
        Permission.PROTOCOL_SIGN, protocol.organisation_id, None, protocol.country
    )
    has_signed = actor.user_id in {each.signed_by for each in signatures.values()}
    found = []
    for member in members:
        waits = is_draft and member.pk not in signatures
        own = actor.may_within(Permission.PROTOCOL_SIGN, member.pk, None, protocol.country)
        may_note = waits and keeps and member.pk not in signing and not has_signed
        found.append(
            Party(member, signatures.get(member.pk), member.pk in signing, waits and own, may_note)
        )
    return found


def signing_organisations(ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of the organisations in which somebody signs protocols today. One query."""
    roles = [role for role, held in ROLES.items() if Permission.PROTOCOL_SIGN in held]
    rows = Membership.objects.in_force(timezone.localdate()).filter(
        role__in=roles, user__is_active=True, organisation__in=ids
    )
    return frozenset(rows.values_list("organisation_id", flat=True))


def versions(actor: Actor, protocol: Protocol) -> list[Protocol]:
    """The version before and those after, as far as the actor sees them. One query."""
    rows = Protocol.objects.visible_to(actor)
    rows = rows.filter(Q(pk=protocol.replaces_id) | Q(replaces=protocol.pk))
    return list(rows.order_by("version", "drafted_at"))


def to_sign(actor: Actor) -> QuerySet[Protocol]:
    """Drafts that wait for a signature which the actor may give, the oldest first."""
    signed = Signature.objects.filter(
        protocol=OuterRef("protocol"), organisation=OuterRef("organisation")
    )
    unsigned = _of_signer(actor).exclude(Exists(signed))
    rows = Protocol.objects.visible_to(actor).filter(state=ProtocolState.DRAFT)
    return rows.filter(pk__in=unsigned.values("protocol")).order_by("drafted_at", "code")


def ending(actor: Actor, today: date) -> QuerySet[Protocol]:
    """Protocols in force that run out within thirty days, and no later version is drafted."""
    rows = Protocol.objects.visible_to(actor).in_force(today)
    rows = rows.filter(pk__in=_of_signer(actor).values("protocol"), later=None)
    return rows.filter(ends_on__lte=today + ENDS_SOON).order_by("ends_on", "code")


def _of_signer(actor: Actor) -> QuerySet[Any]:
    """Which organisation for which the actor signs is a party of which protocol."""
    own = [each.organisation_id for each in actor.scopes_with(Permission.PROTOCOL_SIGN)]
    return Protocol.parties.through.objects.filter(organisation__in=own)
