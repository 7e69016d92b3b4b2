"""Setting the profile of a country: what its law says about who decides and what opens."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from cairn.access.permissions import Permission, require
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.identification.models import CountryProfile
from cairn.identification.rules.profiles import Profile, check_profile


@transaction.atomic
def set_country_profile(
    actor: Actor, law: Profile | str, *, investigator_may_decide: bool = False, source: str = ""
) -> CountryProfile:
    """Say what the law of a country is, as this platform goes by it. The earlier profile is kept.

    `law`: the whole profile; or a country, and by the other arguments what is said of it, all else
    as where there is no profile. Rights that were opened under an earlier profile stay as they are.
    Administrators do this, who neither see procedures nor decide them; one whose role is for
    another country alone does not.
    Raises PermissionDenied, RuleBroken ("profile.source" and others of check_profile).
    """
    if isinstance(law, str):
        law = Profile(
            country=law, investigator_may_decide=investigator_may_decide, source=source.strip()
        )
    require(actor, Permission.ROLE_GRANT)
    if not actor.is_system and not any(
        scope.country in {"", law.country} for scope in actor.scopes_with(Permission.ROLE_GRANT)
    ):
        raise PermissionDenied(Permission.ROLE_GRANT.value)
    check_profile(law)
    profile = CountryProfile.of_law(law, decided_by=actor.user_id, decided_at=clock.now())
    profile.save()
    audit.record(
        actor,
        "country_profile.set",
        profile,
        country=law.country,
        investigator_may_decide=law.investigator_may_decide,
    )
    return profile
