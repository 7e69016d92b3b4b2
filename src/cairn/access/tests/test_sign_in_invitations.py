"""Invitations: who makes them, that they work once and in time; resets that give nobody power."""

import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from cairn.access import factors
from cairn.access.accounts import invitations
from cairn.access.accounts.models import Invitation
from cairn.access.actions.memberships import Place
from cairn.access.models import Membership, User
from cairn.access.queries import SYSTEM, actor_for
from cairn.access.tests.factories import (
    PASSWORD,
    bare_actor,
    organisation,
    sign_in,
    user_with_role,
)
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry

pytestmark = pytest.mark.django_db
NEW = {
    "username": "New.Colleague",
    "display_name": "New Colleague",
    "password": "four words nobody knew",
    "again": "four words nobody knew",
}


def link_for(role: str = "exercise-control") -> str:
    _invitation, token = invitations.invite(SYSTEM, role, Place(organisation()))
    return f"/invitation/{token}/"


def use(client: Client, link: str, typed: dict[str, str]) -> Any:
    """Open the link and send what its page asks for."""
    assert client.get(link)["Location"] == "/invitation/"
    return client.post("/invitation/", typed)


def shown(client: Client, link: str) -> int:
    return client.get(link, follow=True).status_code


def codes() -> list[str]:
    return list(AuditEntry.objects.order_by("sequence").values_list("code", flat=True))


def test_an_administrator_invites_and_the_link_is_shown_once(client: Client) -> None:
    sign_in(client, user_with_role("administrator"))
    typed = {
        "purpose": "new-account",
        "organisation": organisation().pk,
        "role": "exercise-control",
    }
    answer = client.post("/invitations/new/", typed)
    assert answer.status_code == 201
    link = answer.context["link"]
    token = link.rstrip("/").rpartition("/")[2]
    kept = str(list(Invitation.objects.values()))
    assert token not in kept
    listed = client.get("/invitations/")
    assert token not in listed.content.decode()
    assert [row["state"] for row in listed.context["rows"]] == ["open"]
    assert shown(Client(), link) == 200
    assert "user.invited" in codes()


def test_an_invited_person_makes_the_account_and_is_in(client: Client) -> None:
    answer = use(client, link_for(), NEW)
    assert answer["Location"] == "/home/"
    user = User.objects.get(username="new.colleague")
    assert Membership.objects.get(user=user).role == "exercise-control"
    assert client.get("/home/").status_code == 200
    assert codes() == [
        "user.invited",
        "role.granted",
        "user.invitation_accepted",
        "user.signed_in",
    ]


def test_a_role_that_needs_a_factor_leads_to_its_set_up(client: Client) -> None:
    answer = use(client, link_for("administrator"), NEW)
    assert answer["Location"] == "/account/second-factor/"
    assert client.get("/roles/")["Location"].startswith("/account/second-factor/")


def test_a_link_works_once(client: Client) -> None:
    link = link_for()
    use(client, link, NEW)
    other = Client()
    assert shown(other, link) == 404
    assert use(other, link, NEW | {"username": "another"}).status_code == 404
    opened = invitations.hash_of(link.split("/")[2])
    with pytest.raises(RuleBroken, check=lambda error: error.code == "invitation.closed"):
        invitations.accept(opened, "another", "", password="x")
    assert User.objects.count() == 1


def test_a_link_is_dead_after_three_days(client: Client) -> None:
    link = link_for()
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert shown(client, link) == 404
    assert use(client, link, NEW).status_code == 404
    assert not User.objects.exists()


def test_a_link_lasts_72_hours() -> None:
    link_for()
    invitation = Invitation.objects.get()
    length = invitation.expires_at - invitation.made_at
    assert abs(length - timedelta(hours=72)) < timedelta(seconds=5)


def test_a_withdrawn_link_is_dead(client: Client) -> None:
    sign_in(client, user_with_role("administrator"))
    link = link_for()
    pk = Invitation.objects.get().pk
    assert client.post(f"/invitations/{pk}/withdraw/").status_code == 302
    assert client.post(f"/invitations/{pk}/withdraw/").status_code == 409
    assert shown(Client(), link) == 404
    assert "user.invitation_withdrawn" in codes()


def test_the_token_stands_in_no_log_and_no_session(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    link = link_for()
    assert use(client, link, NEW | {"again": "something else"}).status_code == 422
    token = link.split("/")[2]
    assert token not in caplog.text
    assert token not in str(dict(client.session))


def test_a_guessed_token_opens_nothing(client: Client) -> None:
    link_for()
    assert shown(client, "/invitation/guessed/") == 404


def test_a_name_in_use_is_refused_and_the_link_stays_good(client: Client) -> None:
    link = link_for()
    User.objects.create_user("new.colleague", PASSWORD)
    answer = use(client, link, NEW)
    assert (answer.status_code, b"taken" in answer.content) == (409, True)
    assert use(client, link, NEW | {"username": "other"}).status_code == 302


@pytest.mark.parametrize(
    "role", ["programme-officer", "data-protection-officer", "exercise-control"]
)
def test_only_those_who_may_invite_reach_its_pages(client: Client, role: str) -> None:
    sign_in(client, user_with_role(role))
    for address in ("/invitations/", "/invitations/new/"):
        assert client.get(address).status_code == 403, address
    with pytest.raises(PermissionDenied):
        invitations.invite(bare_actor(role), "exercise-control", Place(organisation()))


def test_nobody_invites_to_an_organisation_of_others() -> None:
    actor = actor_for(user_with_role("administrator"), today=timezone.localdate())
    with pytest.raises(RuleBroken, check=lambda error: error.code == "invitation.place"):
        invitations.invite(actor, "exercise-control", Place(organisation("Another Agency")))


def test_an_invitation_gives_no_more_than_its_author_still_could(client: Client) -> None:
    administrator = user_with_role("administrator")
    actor = actor_for(administrator, today=timezone.localdate())
    _kept, token = invitations.invite(actor, "exercise-control", Place(organisation()))
    administrator.memberships.all().delete()
    assert use(client, f"/invitation/{token}/", NEW).status_code == 403
    assert not User.objects.filter(username="new.colleague").exists()


def test_a_role_for_sealed_records_still_waits_for_a_second_person(client: Client) -> None:
    actor = actor_for(user_with_role("administrator"), today=timezone.localdate())
    _kept, token = invitations.invite(actor, "service-provider", Place(organisation()))
    use(client, f"/invitation/{token}/", NEW)
    assert Membership.objects.get(user__username="new.colleague").confirmed_at is None


def test_a_reset_takes_factors_and_sessions_and_the_roles_wait_again(client: Client) -> None:
    provider = user_with_role("service-provider")
    factors.keep_app(provider, "JBSWY3DPEHPK3PXP")
    before = Client()
    sign_in(before, provider)
    actor = actor_for(user_with_role("administrator"), today=timezone.localdate())
    _kept, token = invitations.offer_reset(actor, provider.username, Place(organisation()))
    new = {"password": NEW["password"], "again": NEW["password"]}
    assert use(client, f"/invitation/{token}/", new).status_code == 302
    assert not factors.has_second_factor(provider)
    assert before.get("/account/")["Location"].startswith("/sign-in/")
    assert Membership.objects.get(user=provider).confirmed_at is None, "or the link were a key"
    entry = AuditEntry.objects.get(code="user.reset_used")
    assert entry.facts == {"factors": 1, "roles_waiting": 1}
    assert use(client, f"/invitation/{token}/", new).status_code in {404, 409}


def test_nobody_resets_the_own_account() -> None:
    administrator = user_with_role("administrator")
    actor = actor_for(administrator, today=timezone.localdate())
    with pytest.raises(RuleBroken, check=lambda error: error.code == "role.own"):
        invitations.offer_reset(actor, administrator.username, Place(organisation()))


def test_the_console_invites_the_first_account(client: Client) -> None:
    out = StringIO()
    call_command("invite", role="administrator", organisation="First Agency", stdout=out)
    found = re.search(r"http://localhost:8000(/invitation/[\w-]+/)", out.getvalue())
    assert found
    use(client, found[1], NEW)
    membership = Membership.objects.get(user__username="new.colleague")
    assert (membership.role, membership.organisation.name) == ("administrator", "First Agency")
    assert membership.confirmed_at is not None, "there is no second person yet"
    with pytest.raises(CommandError, match="--role"):
        call_command("invite", stdout=out)


def test_there_is_no_other_way_to_an_account(client: Client) -> None:
    for address in ("/signup/", "/sign-up/", "/accounts/signup/", "/password/reset/", "/email/"):
        assert client.get(address).status_code == 404, address
