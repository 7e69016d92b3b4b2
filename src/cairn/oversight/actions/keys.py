"""Starting the renewal of keys: the work itself goes on in the background, and can be cut off."""

from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.core import audit
from cairn.core.actor import Actor
from cairn.core.classification import Zone
from cairn.core.errors import RuleBroken
from cairn.oversight.tasks import ROOT, renew_keys
from cairn.vault import rotation


@transaction.atomic
def start_renewal(actor: Actor, what: str) -> None:
    """Begin to renew a zone's key, or the root key (`what` = "root").

    One that was cut off goes on. Raises PermissionDenied, or RuleBroken ("keys.unknown").
    """
    require(actor, Permission.KEY_OPERATE)
    known = {each.zone for each in rotation.zones()} | {ROOT}
    if what not in known:
        raise RuleBroken("keys.unknown", _("This zone has no key yet: there is nothing to renew."))
    audit.record(actor, "keys.renewal_started", what=what)
    transaction.on_commit(partial(renew_keys.enqueue, what))


def zone_words(zone: str) -> str:
    """The name of a zone, or its code when it is not one of today's."""
    return str(Zone(zone).label) if zone in Zone.values else zone
