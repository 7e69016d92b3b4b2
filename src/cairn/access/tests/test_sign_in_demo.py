"""The demonstration's second factor: printed, shown on the page, and impossible anywhere else."""

from datetime import date
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import Settings

from cairn.access import factors
from cairn.access.accounts import demo_code
from cairn.access.models import User
from cairn.access.roles import needs_second_factor
from cairn.access.tests.factories import PASSWORD, app_code, user_with_role
from cairn.web import demo

pytestmark = pytest.mark.django_db
SECOND = "/sign-in/second-factor/"


@pytest.fixture
def home(settings: Settings, tmp_path: Path) -> Path:
    settings.DEMO = True
    settings.HOME = tmp_path
    return tmp_path


def demo_officer() -> User:
    """A demo account, named after its role as those of the demonstration are."""
    user = user_with_role("programme-officer", name="programme-officer")
    User.objects.filter(pk=user.pk).update(is_demo=True)
    user.refresh_from_db()
    demo_code.equip([user])
    return user


def first_step(client: Client, user: User) -> None:
    client.post("/sign-in/", {"username": user.username, "password": PASSWORD})


def test_the_secret_is_made_once_and_read_by_its_owner_alone(home: Path) -> None:
    first = demo_code.secret()
    assert demo_code.secret() == first
    assert (home / "demo-secret").stat().st_mode & 0o077 == 0
    assert any(first in line for line in demo.sign_ins())


@pytest.mark.processes  # makes the whole demonstration
@pytest.mark.once  # that it can be made on each database is shown by test_prepare.py
def test_every_demo_account_that_needs_a_factor_has_the_printed_one(home: Path) -> None:
    demo.load_demo(today=date(2026, 3, 10))
    for user in User.objects.filter(is_demo=True):
        needed = needs_second_factor(frozenset({user.memberships.get().role}))
        assert factors.has_second_factor(user) is needed, user.username
    assert demo.load_demo(today=date(2026, 3, 10)) == (0, 0)


def test_a_newcomer_reads_the_code_from_the_page_and_goes_on(client: Client, home: Path) -> None:
    user = demo_officer()
    first_step(client, user)
    page = client.get(SECOND)
    text = page.content.decode()
    shown = page.context["demo_code"]
    assert "Demonstration only" in text
    assert shown in text
    assert shown == app_code(demo_code.secret())
    assert client.post(SECOND, {"code": shown})["Location"] == "/home/"


def test_the_account_of_a_person_gets_no_code_shown_in_a_demonstration(
    client: Client, home: Path
) -> None:
    person = user_with_role("programme-officer")
    factors.keep_app(person, demo_code.secret())
    first_step(client, person)
    page = client.get(SECOND)
    assert page.context["demo_code"] == ""
    assert "Demonstration only" not in page.content.decode()


def test_an_app_that_somebody_set_up_on_a_demo_account_stays_theirs(home: Path) -> None:
    user = demo_officer()
    Authenticator.objects.filter(user=user).delete()
    factors.keep_app(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    assert demo_code.for_user(user) == ""


def test_outside_a_demonstration_nothing_of_it_is_left(
    client: Client, home: Path, settings: Settings
) -> None:
    user = demo_officer()
    first_step(client, user)
    settings.DEMO = False
    page = client.get(SECOND)
    assert b"Demonstration only" not in page.content
    assert demo_code.for_user(user) == ""
    with pytest.raises(ImproperlyConfigured):
        demo_code.secret()
    code = app_code((home / "demo-secret").read_text().strip())
    assert client.post(SECOND, {"code": code})["Location"] == "/sign-in/"
    assert "_auth_user_id" not in client.session
    fresh = Client()
    first_step(fresh, user)
    assert "_auth_user_id" not in fresh.session
    assert fresh.get(SECOND)["Location"] == "/sign-in/"
