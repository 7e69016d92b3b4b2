"""What the law of each country says, as it holds now."""

from datetime import datetime

from django.core.exceptions import PermissionDenied

from cairn.access.permissions import Permission
from cairn.core import geography
from cairn.core.actor import Actor
from cairn.core.language import language
from cairn.identification.models import CountryProfile
from cairn.identification.rules.profiles import Profile


def profile_of(country: str, at: datetime | None = None) -> Profile:
    """The profile of a country (alpha-3); the floor alone where it has none. One query.

    `at`: the one that held at that moment; None: the one that holds now.
    """
    rows = CountryProfile.objects.filter(country=country)
    if at is not None:
        rows = rows.filter(decided_at__lte=at)
    newest = rows.order_by("-decided_at").first()
    return Profile(country=country) if newest is None else newest.law()


def profiles(actor: Actor) -> list[CountryProfile]:
    """The profile of each country that holds now, by the name of the country. One query."""
    rows = CountryProfile.objects.visible_to(actor).in_force()
    return sorted(rows, key=lambda row: geography.country_name(row.country, language()))


def profiles_of(actor: Actor, country: str) -> list[CountryProfile]:
    """All profiles that a country had, the one that holds first. One query.

    Raises CountryProfile.DoesNotExist where it has none.
    """
    rows = CountryProfile.objects.visible_to(actor).filter(country=country)
    found = list(rows.order_by("-decided_at"))
    if not found:
        raise CountryProfile.DoesNotExist(country)
    return found


def require_profiles(actor: Actor) -> None:
    """Raise PermissionDenied for whoever neither sees procedures nor sets profiles."""
    if not actor.may_any({Permission.PROCEDURE_VIEW, Permission.ROLE_GRANT}):
        raise PermissionDenied(Permission.PROCEDURE_VIEW.value)
