"""Which records an actor reaches beyond the own organisation: emergency access and links."""

from uuid import UUID

from django.db.models import QuerySet

from cairn.core import clock
from cairn.core.actor import Actor
from cairn.core.classification import Zone
from cairn.oversight.models import BreakGlass, LinkGrant
from cairn.vault import blind


def live_break_glass(actor: Actor, kind: str) -> QuerySet[BreakGlass]:
    """The actor's emergency accesses to records of `kind` that hold now."""
    return BreakGlass.objects.of(actor).live(clock.now()).filter(kind=kind)


def broken_glass_ids(actor: Actor, kind: str) -> QuerySet[BreakGlass, UUID]:
    """Ids of the records of `kind` that the actor may see by emergency access now: a subquery."""
    return live_break_glass(actor, kind).values_list("subject_id", flat=True)


def links_of(zone: Zone, record_id: UUID) -> QuerySet[LinkGrant]:
    """Links of a record that the caller holds in their hands, whichever side it is on."""
    key = blind.index(zone, "link", str(record_id))
    return LinkGrant.objects.filter(left_zone=zone, left_index=key) | LinkGrant.objects.filter(
        right_zone=zone, right_index=key
    )
