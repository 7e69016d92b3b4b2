"""Names of staff for the pages of oversight: ids are what its records keep."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from cairn.access.models import User


def names(ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """Id -> name to show, of every id that is given; one query."""
    wanted = {each for each in ids if each is not None}
    found: dict[UUID | None, str] = {}
    for user in User.objects.filter(pk__in=wanted):
        found[user.pk] = str(user)
    for gone in wanted - set(found):
        found[gone] = _("somebody whose account is gone")
    return found
