"""Who is let in: demo accounts outside a demonstration, sessions that outlive it, what is kept."""

import pytest
from django.test import Client
from pytest_django import Settings

from cairn.access.models import User
from cairn.access.tests.factories import PASSWORD, user_with_role

pytestmark = pytest.mark.django_db
SIGN_IN = "/sign-in/"


@pytest.fixture
def demo_account() -> User:
    user = user_with_role("programme-officer")
    user.is_demo = True
    user.save()
    return user


def send(client: Client, user: User) -> int:
    typed = {"username": user.username, "password": PASSWORD}
    return client.post(SIGN_IN, typed).status_code


def test_a_demo_account_does_not_open_outside_a_demonstration(
    client: Client, demo_account: User, settings: Settings
) -> None:
    settings.DEMO = False
    assert send(client, demo_account) == 422
    assert "_auth_user_id" not in client.session


def test_a_demo_account_opens_in_a_demonstration(
    client: Client, demo_account: User, settings: Settings
) -> None:
    settings.DEMO = True
    assert send(client, demo_account) == 302


def test_a_demo_session_ends_with_the_demonstration(
    client: Client, demo_account: User, settings: Settings
) -> None:
    settings.DEMO = True
    client.force_login(demo_account)
    assert client.get("/imports/").status_code == 200
    settings.DEMO = False
    assert client.get("/imports/")["Location"].startswith("/sign-in/")


def test_pages_for_somebody_are_kept_by_no_proxy(client: Client) -> None:
    assert "private" not in client.get("/projects/").headers.get("Cache-Control", "")
    client.force_login(user_with_role("programme-officer"))
    for address in ("/projects/", "/projects/export.csv", "/imports/"):
        assert "private" in client.get(address)["Cache-Control"], address


def test_signing_out_empties_what_the_browser_kept(client: Client) -> None:
    client.force_login(user_with_role("trainer"))
    assert client.post("/sign-out/")["Clear-Site-Data"] == '"cache"'


@pytest.mark.parametrize(
    "onward",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example/",
        "\\\\elsewhere.example",
        "javascript:alert(1)",
        "http:///elsewhere.example",
        " //elsewhere.example",
        "https:elsewhere.example",
    ],
)
def test_no_way_back_leads_to_another_site(client: Client, onward: str) -> None:
    user = user_with_role("trainer")
    typed = {"username": user.username, "password": PASSWORD, "next": onward}
    assert client.post(f"{SIGN_IN}?next={onward}", typed)["Location"] == "/home/"
    for address, name in (("/language/setlang/", "language"), ("/ui/theme/", "theme")):
        answer = client.post(address, {name: "fr", "next": onward})
        assert answer.status_code == 302, address
        assert "elsewhere" not in answer["Location"], address
        assert not answer["Location"].startswith("javascript"), address
