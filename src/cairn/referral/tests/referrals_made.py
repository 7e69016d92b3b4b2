"""An obviously invented person referred by one agency to a service of another."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest

from cairn.access.models import User
from cairn.access.tests.factories import organisation, user_with_role
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.oversight.models import Notice
from cairn.referral.actions.outbox import send_outbox
from cairn.referral.actions.referrals import Wanted, refer
from cairn.referral.actions.referrals_answers import Answer, Verb, answer
from cairn.referral.actions.referrals_clock import tick
from cairn.referral.actions.referrals_delivery import mark_all_delivered
from cairn.referral.models import Person, Referral, Service
from cairn.referral.tests.consent_factories import answered
from cairn.referral.tests.factories import actor_of, person
from cairn.referral.tests.protocols_made import agreed, both, other, service

# Told apart from chance letters in pages, logs and database bytes.
HEALTH, WAY = "Wobbleflix fever since Tuesday", "Ring Snarkleton at noon"
DANGER = "Grumbledorf is at the door"
CONTENT = {"health": HEALTH, "contact": WAY}
TOLD = ["need", "contact", "health"]


@dataclass(frozen=True, slots=True)
class Sides:
    """Who sends, who answers, about whom, and to where."""

    worker: Actor
    focal: Actor
    person: Person
    service: Service


def agency_user(name: str = "worker", **place: Any) -> User:
    return user_with_role("service-provider", name=name, **place)


def focal_user(name: str = "focal", **place: Any) -> User:
    return user_with_role("referral-focal-point", name=name, **{"at": other()} | place)


def sides(*, is_agreed: bool = True, **changes: Any) -> Sides:
    """Both sides, with a consent and a protocol unless they have not `is_agreed`."""
    worker, focal = actor_of(agency_user()), actor_of(focal_user())
    made = person(worker, **changes)
    if is_agreed:
        agreed(both())
        answered(worker, made, recipient=other(), categories=TOLD)
    return Sides(worker, focal, made, service())


def wanted(**changes: Any) -> Wanted:
    plain = Wanted(
        need="health",
        urgency="urgent",
        purpose="assistance",
        categories=TOLD,
        content=CONTENT,
        language="ne",
        place="Invented Town",
    )
    return replace(plain, **changes)


def referred(at: Sides, **changes: Any) -> Referral:
    """Sent, and arrived."""
    made = refer(at.worker, at.person.code, at.service.code, wanted(**changes)).referral
    pass_messages()
    made.refresh_from_db()
    return made


def say(at: Sides, referral: Referral, verb: Verb, **given: Any) -> Referral:
    return answer(at.focal, referral.code, Answer(verb, **given))


def pass_messages() -> None:
    """What the rounds do with messages; tests hold a transaction open, so nothing is sent by it."""
    send_outbox({})
    mark_all_delivered()


def run_until(moment: datetime, step: Any) -> int:
    """The clock, from the first that is due on, in steps until `moment`; how much it did."""
    taken = 0
    first = Referral.objects.exclude(next_at=None).order_by("next_at").first()
    now = first.next_at if first is not None and first.next_at is not None else moment
    while now <= moment:
        taken += tick(now)
        now += step
    return taken


def notices(who: Actor) -> list[str]:
    """Codes of what somebody was told, oldest first."""
    pass_messages()
    rows = Notice.objects.visible_to(who).filter(code__startswith="referral.")
    return list(rows.order_by("at", "pk").values_list("code", flat=True))


@contextmanager
def refused(code: str) -> Iterator[None]:
    """The block is refused by the rule `code`, and by no other."""
    with pytest.raises(RuleBroken) as broken:
        yield
    assert broken.value.code == code


def elsewhere(name: str = "stranger") -> Actor:
    return actor_of(agency_user(name, at=organisation("Invented Third Agency")))
