"""Obviously invented services, entered through the actions."""

from dataclasses import replace
from typing import Any

from django.utils import timezone

from cairn.access.queries import actor_for
from cairn.access.tests.factories import organisation, user_with_role
from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.referral.actions.secret_places import enter_location
from cairn.referral.actions.services import ServiceFacts, enter_service
from cairn.referral.models import AccessPoint, ProtectedLocation, Service
from cairn.referral.rules.access_points import Way

CLINIC = ServiceFacts(
    name="Invented clinic",
    kinds=("health",),
    needs=("health", "counselling"),
    country="NPL",
    area="Invented Town",
    sensitivity="public",
    languages=("ne", "ar"),
    hours={"mon": [["08:00", "16:00"]]},
    phone="+256 000 000 000",
)
SHELTER = replace(
    CLINIC,
    name="Invented house",
    kinds=("shelter",),
    needs=("safe-place",),
    sensitivity="protected",
    sexes=("female",),
)
ADDRESS = "12 Quibblethorpe Street, Vexomarnic"


def role(name: str, username: str = "", **place: Any) -> Actor:
    """An actor with a role, as stored users have it."""
    user = user_with_role(name, name=username or name, **place)
    return actor_for(user, today=timezone.localdate())


def editor(username: str = "editor", **place: Any) -> Actor:
    return role("directory-editor", username, **place)


def service(actor: Actor, at: Organisation | None = None, **changes: Any) -> Service:
    return enter_service(actor, at or organisation(), replace(CLINIC, **changes))


def shelter(actor: Actor, at: Organisation | None = None, **changes: Any) -> Service:
    return enter_service(actor, at or organisation(), replace(SHELTER, **changes))


def place(actor: Actor, code: str, address: str = ADDRESS) -> ProtectedLocation:
    return enter_location(actor, code, address, "Call Zarquil")


def point(at: Organisation | None = None, **changes: Any) -> AccessPoint:
    """An office with an open door, stored as the action does."""
    from cairn.core.pseudonyms import save_with_code

    values: dict[str, Any] = {
        "organisation": at or organisation(),
        "name": "Invented office",
        "way": Way.DOOR,
        "needs": ["safe-place"],
        "country": "NPL",
        "area": "Invented Town",
        "reach": "1 Invented Road",
        "assured_on": timezone.localdate(),
    }
    made = AccessPoint(**values | changes)
    save_with_code(made)
    return made
