"""A referral that went on danger to life waited for nobody: somebody else is told at once."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cairn.access.models import User
from cairn.access.tests.factories import organisation, user_with_role
from cairn.core.actor import Actor
from cairn.core.models import AuditEntry
from cairn.oversight.models import Notice
from cairn.referral.actions.referrals import Sent, refer
from cairn.referral.models import OutboxMessage, Referral, ReferralEvent, Service
from cairn.referral.tests.factories import actor_of, unit
from cairn.referral.tests.referrals_made import (
    CONTENT,
    DANGER,
    Sides,
    notices,
    pass_messages,
    referred,
    sides,
    wanted,
)

pytestmark = pytest.mark.django_db
ALIVE = {"urgency": "emergency", "emergency_reason": DANGER}
TOLD = "referral.danger-supervisors"


@pytest.fixture
def at() -> Sides:
    return sides(is_agreed=False)


def supervisor(name: str = "chief", **place: Any) -> Actor:
    return actor_of(user_with_role("case-supervisor", name=name, **place))


def desk(name: str = "desk", **place: Any) -> Actor:
    user = user_with_role("data-protection-officer", name=name, **place)
    return actor_of(user)


def page(actor: Actor, referral: Referral) -> str:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id or ""))
    return client.get(referral.get_absolute_url()).content.decode()


def test_the_supervisors_are_told_at_once_and_the_page_says_so(at: Sides) -> None:
    here = supervisor()
    others = [
        supervisor("elsewhere", at=organisation("Invented Third Agency")),
        supervisor("of-a-unit", unit=unit()),
        desk(),
    ]
    made = referred(at, **ALIVE)
    assert notices(here) == [TOLD]
    for each in others:
        assert notices(each) == []
    notice = Notice.objects.get(code=TOLD)
    assert notice.facts == {"pseudonym": made.code}
    event = ReferralEvent.objects.get(referral=made, event="danger-supervisors")
    assert (event.side, event.by, event.is_shared) == ("clock", None, False)
    assert AuditEntry.objects.filter(code=TOLD, subject_id=made.pk).count() == 1
    told = page(at.worker, made)
    assert "went on danger to life or health" in told
    assert "supervisors of your place were told" in told
    assert "went on danger to life or health" not in page(at.focal, made)
    client = Client()
    client.force_login(User.objects.get(pk=here.user_id or ""))
    shown = client.get(reverse("oversight:notices")).content.decode()
    assert f'href="{made.get_absolute_url()}"' in shown
    for words in (*CONTENT.values(), DANGER):
        assert words not in shown


@pytest.mark.parametrize("is_own", [True, False])
def test_where_nobody_else_supervises_the_desk_is_told(at: Sides, is_own: bool) -> None:
    away = desk("away", at=organisation("Invented Third Agency"))
    own = desk() if is_own else None
    alone = supervisor()
    made = refer(alone, at.person.code, at.service.code, wanted(**ALIVE)).referral
    pass_messages()
    assert notices(alone) == []
    assert notices(own or away) == ["referral.danger-desk"]
    if own:
        assert notices(away) == []
    # The desk asks by the code; the page of the referral is not for it.
    assert Notice.objects.get(code="referral.danger-desk").facts == {"reference": made.code}
    client = Client()
    client.force_login(User.objects.get(pk=(own or away).user_id or ""))
    shown = client.get(reverse("oversight:notices")).content.decode()
    assert made.code in shown
    assert made.get_absolute_url() not in shown
    assert "data-protection officers were told" in page(alone, made)


def test_where_there_is_nobody_to_tell_the_page_says_so(at: Sides) -> None:
    made = referred(at, **ALIVE)
    assert not OutboxMessage.objects.filter(code__contains="danger").exists()
    assert "tell whoever answers for your work yourself" in page(at.worker, made)


def test_a_recipient_without_an_account_makes_no_difference(at: Sides) -> None:
    here = supervisor()
    Service.objects.filter(pk=at.service.pk).update(is_outside=True)
    sent: Sent = refer(at.worker, at.person.code, at.service.code, wanted(**ALIVE))
    assert sent.token
    assert notices(here) == [TOLD]


def test_what_stood_on_a_consent_is_nobodys_business() -> None:
    at = sides()
    here = supervisor()
    made = referred(at, urgency="emergency")
    assert notices(here) == []
    assert "went on danger to life or health" not in page(at.worker, made)
