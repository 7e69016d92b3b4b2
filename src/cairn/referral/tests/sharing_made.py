"""An obviously invented caseload of one agency that another one may take over."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cairn.access.tests.factories import organisation, user_with_role
from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.referral.actions.sharing_moving import move_files
from cairn.referral.actions.sharing_transfer import answer_transfer, propose_transfer
from cairn.referral.models import HandOver, HandOverLine, Person
from cairn.referral.rules.choices import DataCategory, Purpose
from cairn.referral.rules.sharing import Why
from cairn.referral.tests.consent_factories import answered
from cairn.referral.tests.factories import actor_of, person
from cairn.referral.tests.protocols_made import agreed, both, other

ALL = [each.value for each in DataCategory]


@dataclass(frozen=True, slots=True)
class Two:
    """Who supervises on either side, and a caseworker of the old owner."""

    giver: Actor
    taker: Actor
    worker: Actor


def supervisor(name: str, at: Organisation | None = None, **place: Any) -> Actor:
    return actor_of(user_with_role("case-supervisor", name=name, at=at, **place))


def two() -> Two:
    """Both sides, with a protocol under which whole files may go."""
    purposes = [Purpose.TRANSFER.value, Purpose.ASSISTANCE.value]
    agreed(both(), categories=tuple(ALL), purposes=tuple(purposes))
    worker = actor_of(user_with_role("service-provider", name="worker"))
    return Two(supervisor("giver"), supervisor("taker", other()), worker)


def willing(actor: Actor, **changes: Any) -> Person:
    """Somebody who agreed that the file goes to the other agency."""
    made = person(actor, **changes)
    says_yes(actor, made)
    return made


def says_yes(actor: Actor, made: Person, **changes: Any) -> int:
    plain: dict[str, Any] = {
        "purpose": Purpose.TRANSFER,
        "recipient": other(),
        "categories": ALL,
    }
    return answered(actor, made, **(plain | changes)).number


def offered(at: Two, *persons: Person) -> HandOver:
    codes = [each.code for each in persons]
    return propose_transfer(at.giver, codes, other(), Why.POST_CLOSES)[0]


def accepted(at: Two, made: HandOver, numbers: Sequence[int] | None = None) -> HandOver:
    """Accepted over there; nothing has moved yet."""
    wanted = range(1, 1_000) if numbers is None else numbers
    return answer_transfer(at.taker, made.code, list(wanted))


def moved(at: Two, *persons: Person) -> HandOver:
    """Offered, accepted, and gone."""
    made = accepted(at, offered(at, *persons))
    move_files(at.taker, made.pk)
    made.refresh_from_db()
    return made


def states(made: HandOver) -> list[str]:
    rows = HandOverLine.objects.filter(hand_over=made).order_by("number")
    return list(rows.values_list("state", flat=True))


def own() -> Organisation:
    return organisation()
