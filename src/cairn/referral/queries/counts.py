"""Of which countries somebody sees counts of assistance."""

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.referral.models import Service


def countries(actor: Actor) -> list[str]:
    """Alpha-3 codes of the memberships; for one that holds everywhere, where services are.

    The figures are of a whole country, so a membership narrowed inside it sees them too.
    """
    scopes = actor.scopes_with(Permission.ASSISTANCE_COUNT)
    found = {scope.country for scope in scopes}
    if "" in found:
        found |= set(Service.objects.order_by().values_list("country", flat=True).distinct())
    return sorted(found - {""})
