"""What somebody with the source in hand tried against accounts, second factors and roles."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from cairn.access import factors
from cairn.access.accounts import invitations
from cairn.access.actions import end_role, grant_role
from cairn.access.actions.memberships import Place
from cairn.access.forms import WhoForm
from cairn.access.models import Membership, User
from cairn.access.queries import actor_for
from cairn.access.tests.factories import (
    PASSWORD,
    app_code,
    member,
    organisation,
    sign_in,
    user_with_role,
)
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NEW = {"password": "four words nobody knew", "again": "four words nobody knew"}


def acting(user: User) -> Actor:
    return actor_for(user, today=timezone.localdate())


@pytest.mark.parametrize("role", ["trainer", "service-provider"])
@pytest.mark.parametrize(
    "address",
    [
        "/account/second-factor/app/",
        "/account/second-factor/app/picture/",
        "/account/second-factor/codes/",
        "/account/passkeys/new/",
        "/account/passkeys/new/creation/",
        "/account/password/",
    ],
)
def test_a_session_from_before_the_second_factor_cannot_replace_it(
    client: Client, role: str, address: str
) -> None:
    user = user_with_role(role)
    sign_in(client, user, second_factor=False)
    factors.keep_app(user, SECRET)  # set up meanwhile, in another browser
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/confirm/")


def test_the_password_does_not_stand_for_a_second_factor_that_was_not_shown(
    client: Client,
) -> None:
    user = user_with_role("trainer")
    sign_in(client, user, second_factor=False)
    factors.keep_app(user, SECRET)
    before = Authenticator.objects.get(user=user).data
    client.post("/account/confirm/", {"password": PASSWORD})
    assert client.get("/account/second-factor/app/").status_code == 302
    assert Authenticator.objects.get(user=user).data == before
    client.post("/account/confirm/", {"code": app_code(SECRET)})
    assert client.get("/account/second-factor/app/").status_code == 200


def test_a_small_role_here_does_not_make_one_somebody_of_another_organisation() -> None:
    """Give a stranger a small role, offer "them" a new password, be them at their own place."""
    there = organisation("Another Agency")
    officer = user_with_role("programme-officer", at=there)
    administrator = acting(user_with_role("administrator"))
    today = timezone.localdate()
    grant_role(administrator, officer.pk, "trainer", Place(organisation()), starts_on=today)
    with pytest.raises(RuleBroken, check=lambda error: error.code == "account.elsewhere"):
        invitations.offer_reset(administrator, officer.username, Place(organisation()))


def test_a_role_given_elsewhere_while_the_link_waits_has_to_be_confirmed_again() -> None:
    trainer = user_with_role("trainer")
    administrator = acting(user_with_role("administrator"))
    _made, token = invitations.offer_reset(administrator, trainer.username, Place(organisation()))
    later = member(trainer, "programme-officer", at=organisation("Another Agency"))
    invitations.accept_reset(invitations.hash_of(token), NEW["password"])
    later.refresh_from_db()
    assert later.confirmed_at is None
    assert acting(trainer).roles == {"trainer"}


def test_a_reset_offered_by_a_former_administrator_does_nothing() -> None:
    trainer = user_with_role("trainer")
    administrator = user_with_role("administrator")
    _made, token = invitations.offer_reset(
        acting(administrator), trainer.username, Place(organisation())
    )
    administrator.memberships.all().delete()
    with pytest.raises(PermissionDenied):
        invitations.accept_reset(invitations.hash_of(token), NEW["password"])
    trainer.refresh_from_db()
    assert trainer.check_password(PASSWORD)


def test_roles_are_given_only_inside_the_place_that_one_administers() -> None:
    there = organisation("Another Agency")
    stranger = user_with_role("trainer", name="stranger", at=there)
    user = user_with_role("administrator", country="NPL")
    member(user, "trainer", at=there)  # works there, and administers nothing there
    administrator, today = acting(user), timezone.localdate()
    for place in (Place(there), Place(organisation()), Place(organisation(), country="FRA")):
        with pytest.raises(PermissionDenied):
            grant_role(administrator, stranger.pk, "programme-officer", place, starts_on=today)
    with pytest.raises(PermissionDenied):
        invitations.invite(administrator, "programme-officer", Place(organisation()))
    with pytest.raises(PermissionDenied):
        end_role(administrator, stranger.memberships.get().pk, today=today)
    here = Place(organisation(), country="NPL")
    grant_role(administrator, stranger.pk, "programme-officer", here, starts_on=today)
    assert Membership.objects.filter(user=stranger).count() == 2


@pytest.mark.parametrize("sign", ["\u202e", "\u200b", "\u2066", "\ufeff", "\x07"])
def test_no_display_name_holds_what_cannot_be_seen(sign: str) -> None:
    form = WhoForm({"username": "new", "display_name": f"Data{sign} Protection"})
    assert "display_name" in form.errors
    assert WhoForm({"username": "new", "display_name": "می\u200cخواهم"}).is_valid()


def test_blanks_do_not_make_a_name_another_one() -> None:
    form = WhoForm({"username": "new", "display_name": "Data \u00a0 Protection"})
    assert form.is_valid()
    assert form.cleaned_data["display_name"] == "Data Protection"
