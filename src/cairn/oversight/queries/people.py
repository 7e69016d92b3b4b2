"""Names of staff for the pages of oversight: ids are what its records keep."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from cairn.access.models import User


def names(ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """Id -> name to show, of every id that is given; one query.

    Where two accounts show the same name, the user name stands behind it: people choose what they
    are called, and nobody hides behind a colleague's name.
    """
    wanted = {each for each in ids if each is not None}
    found: dict[UUID | None, str] = {}
    twin = User.objects.filter(display_name__iexact=OuterRef("display_name"))
    twin = twin.exclude(pk=OuterRef("pk")).exclude(display_name="")
    for user in User.objects.filter(pk__in=wanted).annotate(has_twin=Exists(twin)):
        found[user.pk] = f"{user} ({user.username})" if user.has_twin else str(user)
    for gone in wanted - set(found):
        found[gone] = _("Somebody whose account is gone")
    return found
