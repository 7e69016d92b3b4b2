"""Records with keys, and pairs of them, as entering and the night make them."""

from typing import Any

import pytest
from django.db import transaction

from cairn.access.permissions import Permission
from cairn.access.roles import ROLES
from cairn.access.tests.factories import organisation, user_with_role
from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.referral.actions.matching import look_for, refresh_keys
from cairn.referral.actions.matching_rounds import find_pairs
from cairn.referral.models import Pair, Person
from cairn.referral.tests.factories import actor_of, person

FIRST = {
    "given": "Zarquila", "family": "Inventeria Vexomar", "birth": "1994-08-23", "sex": "female",
    "nationality": "NPL", "documents": [{"kind": "passport", "number": "Q1234567"}],
}  # fmt: skip
AGAIN = {
    "given": "Sarkila", "family": "Vexomar Inventerya", "birth": "1994", "sex": "female",
    "nationality": "NPL",
}  # fmt: skip
STRANGER = {"given": "Quibble", "family": "Thorpe", "birth": "1971-02-11", "nationality": "PER"}


def supervisor(name: str = "supervisor", **place: Any) -> Actor:
    return actor_of(user_with_role("case-supervisor", name=name, **place))


@pytest.fixture
def plain_caseworkers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Caseworkers who do not decide about pairs, as an installation may have them."""
    held = ROLES["service-provider"] - {Permission.DUPLICATE_REVIEW}
    monkeypatch.setitem(ROLES, "service-provider", held)


def known(actor: Actor, identity: dict[str, Any], **changes: Any) -> Person:
    """A record with keys, as entering makes it."""
    made = person(actor, **changes)
    with transaction.atomic():
        refresh_keys(made, identity)
    return made


def found(actor: Actor, identity: dict[str, Any], at: Organisation | None = None) -> list[str]:
    return [each.code for each in look_for(actor, identity, at or organisation())]


def pair_of(actor: Actor) -> Pair:
    known(actor, FIRST)
    known(actor, AGAIN)
    assert find_pairs({}).facts == {"looked_at": 2, "pairs": 1}
    pair: Pair = Pair.objects.get()
    return pair
