"""Links with which providers say how a service stands: once, and within their days."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import reverse

from cairn.access.tests.factories import organisation, user_with_role
from cairn.core import clock
from cairn.core.actor import PUBLIC
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.referral.actions import confirmations as actions
from cairn.referral.actions.services import close_service, say_capacity
from cairn.referral.models import Confirmation, OutboxMessage, Service
from cairn.referral.rules.services import Standing
from cairn.referral.tests.factories import provider
from cairn.referral.tests.factories_directory import service

pytestmark = pytest.mark.django_db


def token_of(link: actions.Link) -> str:
    return link.path.rstrip("/").rpartition("/")[2]


def test_one_tap_says_how_a_service_stands_and_the_link_is_over() -> None:
    own = provider()
    made = service(own)
    link = actions.ask_provider(own, made.code)
    actions.answer_link(PUBLIC, token_of(link), "waiting-list")
    made.refresh_from_db()
    assert made.state_now(clock.now()) == Standing.WAITING_LIST
    entry = AuditEntry.objects.get(code="service.answered")
    assert (entry.actor_id, entry.facts["capacity"]) == ("", "waiting-list")
    with pytest.raises(RuleBroken) as refused:
        actions.answer_link(PUBLIC, token_of(link), "open")
    assert refused.value.code == "service.link"
    made.refresh_from_db()
    assert made.capacity == "waiting-list"


def test_the_token_is_kept_nowhere() -> None:
    own = provider()
    token = token_of(actions.ask_provider(own, service(own).code))
    with connection.cursor() as cursor:
        for table in ("referral_confirmation", "core_auditentry", "referral_outboxmessage"):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - names of our own
            assert token not in repr(cursor.fetchall())


def test_a_new_link_ends_the_one_before_and_a_closed_service_all_of_them() -> None:
    own = provider()
    made = service(own)
    first, second = actions.ask_provider(own, made.code), actions.ask_provider(own, made.code)
    with pytest.raises(RuleBroken):
        actions.answer_link(PUBLIC, token_of(first), "open")
    actions.find_link(token_of(second))
    close_service(own, made.code)
    with pytest.raises(RuleBroken):
        actions.answer_link(PUBLIC, token_of(second), "open")
    assert Service.objects.get().capacity == ""


def test_a_link_is_over_after_thirty_days_and_an_unknown_one_is_none() -> None:
    own = provider()
    link = actions.ask_provider(own, service(own).code)
    Confirmation.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    with pytest.raises(RuleBroken):
        actions.find_link(token_of(link))
    with pytest.raises(Confirmation.DoesNotExist):
        actions.find_link("a" * 32)


def test_only_whoever_edits_the_service_asks() -> None:
    made = service(provider())
    stranger = provider("stranger", at=organisation("Invented Other"))
    with pytest.raises(PermissionDenied):
        actions.ask_provider(stranger, made.code)
    assert not Confirmation.objects.visible_to(stranger).exists()


def test_without_a_work_address_no_mail_goes_out() -> None:
    own = provider()
    made = service(own)
    with pytest.raises(RuleBroken) as refused:
        actions.ask_provider(own, made.code, by_mail=True)
    assert refused.value.code == "service.mail"
    assert not Confirmation.objects.exists()


def test_the_mail_holds_the_link_and_the_outbox_holds_it_sealed() -> None:
    own = provider()
    made = service(own, email="office@example.org")
    link = actions.ask_provider(own, made.code, by_mail=True, site="https://example.org")
    assert link.is_mailed
    message = OutboxMessage.objects.get()
    assert token_of(link) not in message.sealed_to
    assert "office" not in message.sealed_to


def test_the_round_asks_each_service_that_nobody_knows_of_once_in_a_fortnight(
    settings: Any,
) -> None:
    own = provider()
    unknown = service(own, email="office@example.org")
    known = service(own, email="known@example.org")
    service(own)  # without a work address
    say_capacity(own, known.code, "open")
    settings.MAIL, settings.ADDRESS = False, "https://example.org"
    assert actions.ask_where_not_known({}).facts == {"asked": 0}
    settings.MAIL = True
    assert actions.ask_where_not_known({}).facts == {"asked": 1}
    assert Confirmation.objects.get().service == unknown
    assert actions.ask_where_not_known({}).facts == {"asked": 0}
    Confirmation.objects.update(made_at=clock.now() - timedelta(days=15))
    assert actions.ask_where_not_known({}).facts == {"asked": 1}
    assert OutboxMessage.objects.count() == 2


def test_whoever_has_the_link_sees_three_answers_and_no_more(client: Client) -> None:
    own = provider()
    made = service(own, description="Invented words of colleagues", sensitivity="restricted")
    link = actions.ask_provider(own, made.code)
    shown = client.get(link.path)
    page = shown.content.decode()
    assert made.name in page
    assert "Invented words of colleagues" not in page
    assert made.phone not in page
    # A browser sends a form of a page without any referrer as from nowhere, and it is refused.
    assert shown["Referrer-Policy"] == "same-origin"
    assert Confirmation.objects.get().used_at is None  # a look, as mail programs do it
    assert client.post(link.path, {"capacity": "perhaps"}).status_code == 422
    said = client.post(link.path, {"capacity": "closed"})
    assert said.status_code == 200
    assert "You said: Full" in said.content.decode()
    assert client.get(link.path).status_code == 410
    assert client.post(link.path, {"capacity": "open"}).status_code == 410
    made.refresh_from_db()
    assert made.capacity == "closed"


def test_an_unknown_link_leads_nowhere(client: Client) -> None:
    assert client.get(reverse("referral:service-say", args=["z" * 32])).status_code == 404
    assert client.get(reverse("referral:service-say", args=["ü" * 900])).status_code == 404


def test_the_page_with_the_link_shows_it_once(client: Client) -> None:
    made = service(provider())
    client.force_login(user_with_role("directory-editor"))
    address = reverse("referral:service-ask", args=[made.code])
    page = client.post(address, {}).content.decode()
    token = page.partition("/services/say/")[2].partition("/")[0]
    actions.find_link(token)
    assert token not in client.get(address).content.decode()
    assert token not in client.get(made.get_absolute_url()).content.decode()
