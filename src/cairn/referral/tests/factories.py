"""Obviously invented persons of concern, entered through the action."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.utils import timezone

from cairn.access.models import User
from cairn.access.queries import actor_for
from cairn.access.tests.factories import organisation, user_with_role
from cairn.core.actor import Actor
from cairn.core.models import Organisation, Unit
from cairn.referral.actions import Facts, SealedTexts, enter_person
from cairn.referral.models import Person
from cairn.referral.rules import AgeBand

# Told apart from chance letters in pages, logs and database bytes.
NAME, CONTACT, NOTE = "Zarquil Inventeria", "Call Quibblethorpe", "Vexomarnic note"
REASON = "An invented reason, long enough."


def actor_of(user: User) -> Actor:
    return actor_for(user, today=timezone.localdate())


def provider(name: str = "", **place: Any) -> Actor:
    """A caseworker of a service provider, as stored users have it."""
    return actor_of(user_with_role("service-provider", name=name, **place))


def unit(name: str = "Invented Unit", at: Organisation | None = None) -> Unit:
    made, _ = Unit.objects.get_or_create(organisation=at or organisation(), name=name)
    return made


def facts(**changes: Any) -> Facts:
    plain = Facts(organisation(), "NPL", AgeBand.ADULT, date(2026, 1, 15))
    return replace(plain, **changes)


def person(actor: Actor, *, is_mine: bool = True, **changes: Any) -> Person:
    """An invented person with all three sealed texts."""
    return enter_person(actor, facts(**changes), SealedTexts(NAME, CONTACT, NOTE), is_mine=is_mine)
