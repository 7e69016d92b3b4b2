"""The people and records on which the desk's tests act, all obviously invented."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, TypeVar

import pytest
from django.db import connections
from django.test import Client

from cairn.access.models import User
from cairn.access.tests.factories import organisation, user_with_role
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.referral.models import Person
from cairn.referral.tests import factories as referral

REASON = "An invented reason, long enough."
NOTE = "An invented note, Wexelmurb and all."
# What no page but an opening may hold.
SEALED_TEXTS = (
    referral.NAME,
    referral.CONTACT,
    referral.NOTE,
    "Zarquil",
    "Vexomarnic",
    "Wexelmurb",
)

Outcome = TypeVar("Outcome")


def officer(name: str = "") -> Actor:
    """A data-protection officer; `name` tells two apart."""
    return referral.actor_of(user_with_role("data-protection-officer", name=name))


def elsewhere(name: str = "elsewhere") -> Actor:
    """A caseworker of another organisation."""
    return referral.provider(name, at=organisation("Invented Other"))


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def user_of(actor: Actor) -> User:
    return User.objects.get(pk=str(actor.user_id))


def persons(actor: Actor, count: int, **facts: Any) -> list[Person]:
    return [referral.person(actor, **facts) for _ in range(count)]


def entries(code: str) -> list[AuditEntry]:
    """The audit entries of this code, oldest first."""
    return list(AuditEntry.objects.filter(code=code).order_by("sequence"))


def refused(code: str, act: Callable[[], object]) -> None:
    """`act` is refused by the rule with this code and leaves no entry in the log."""
    before = AuditEntry.objects.count()
    with pytest.raises(RuleBroken) as broken:
        act()
    assert broken.value.code == code
    assert AuditEntry.objects.count() == before


def both_at_once(
    first: Callable[[], Outcome], second: Callable[[], Outcome]
) -> list[Outcome | Exception]:
    """What two people get who do something at the same moment: outcome or exception, in order."""
    together = Barrier(2)

    def one(act: Callable[[], Outcome]) -> Outcome | Exception:
        try:
            together.wait(timeout=20)
            return act()
        except Exception as problem:
            return problem
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(one, (first, second)))
