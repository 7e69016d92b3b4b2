"""Enters a donor whose name is not on record yet."""

from django.db import transaction

from cairn.access.permissions import Permission, require
from cairn.core import audit
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import Organisation
from cairn.portfolio.imports.organisations import create_donors, donors_named


@transaction.atomic
def enter_donor(actor: Actor, name: str) -> Organisation | None:
    """The donor called `name`, entered when it is new; None for NOT_NAMED.

    States are found under their name in any language of the United Nations. Raises
    PermissionDenied, RuleBroken ("import.donor": the name looks like a typing error).
    """
    require(actor, Permission.FUNDING_EDIT)
    found = donors_named([name])[name]
    if isinstance(found, RuleBroken):
        raise found
    key = create_donors([found])[found.key]
    if key is None:
        return None
    donor = Organisation.objects.get(pk=key)
    if found.is_new:
        audit.record(actor, "organisation.entered", donor)
    return donor
