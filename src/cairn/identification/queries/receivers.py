"""What the screens about receiving units read: the list, and one unit by its code."""

from django.db.models import Exists, OuterRef, QuerySet

from cairn.core.actor import Actor
from cairn.identification.models import ReceivingUnit, ReceptionKey


def receivers(actor: Actor) -> QuerySet[ReceivingUnit]:
    """Units that the actor sees, by name, with `has_key`: phones can seal to them."""
    current = ReceptionKey.objects.filter(receiver=OuterRef("pk"), is_current=True)
    rows = ReceivingUnit.objects.visible_to(actor).select_related("organisation", "unit")
    return rows.annotate(has_key=Exists(current)).order_by("name", "code")


def find_receiver(actor: Actor, code: str) -> ReceivingUnit:
    """The unit of this code. Raises ReceivingUnit.DoesNotExist (also when it is not visible)."""
    rows = ReceivingUnit.objects.visible_to(actor).select_related("organisation", "unit")
    found: ReceivingUnit = rows.get(code=code)
    return found
