"""Single sign-on against a real OpenID Connect provider, which the tests start on this machine."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import Settings

from cairn.access import factors
from cairn.access.accounts import invitations
from cairn.access.actions.memberships import Place
from cairn.access.models import User
from cairn.access.queries import SYSTEM
from cairn.access.tests.factories import app_code, organisation, sign_in, user_with_role
from cairn.config import environment
from cairn.core.models import AuditEntry

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PATIENCE = 20  # seconds until the provider answers


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The address of a provider that lets in whatever subject is typed."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "oidc_provider_mock", "--host", "127.0.0.1"]
    process = subprocess.Popen(  # noqa: S603 - a program of the development set
        [*command, "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


def _wait(address: str, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            pytest.fail("the provider did not start")
        try:
            requests.get(f"{address}/.well-known/openid-configuration", timeout=1)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the provider does not answer")


@pytest.fixture(autouse=True)
def single_sign_on(provider: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAIRN_OIDC_ISSUER", provider)
    monkeypatch.setenv("CAIRN_OIDC_CLIENT_ID", "cairn")
    monkeypatch.setenv("CAIRN_OIDC_CLIENT_SECRET", "invented")
    monkeypatch.setenv("CAIRN_OIDC_NAME", "Invented Sign-on")
    settings.OIDC = environment.single_sign_on()
    assert settings.OIDC is not None
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "SCOPE": ["openid"],
            "APPS": [settings.OIDC.app()],
        }
    }


def through(client: Client, leave: str, subject: str) -> str:
    """Follow the way to the provider, be `subject` there, and come back; where that leads."""
    assert "code_challenge=" in leave, "PKCE"
    assert "scope=openid&" in leave + "&", "nothing but the subject is asked for"
    back = requests.post(leave, data={"sub": subject}, timeout=10, allow_redirects=False)
    parts = urlsplit(back.headers["Location"])
    assert parts.path == "/oidc/sso/login/callback/"
    return str(client.get(f"{parts.path}?{parts.query}")["Location"])


def come(client: Client, subject: str, onward: str = "") -> str:
    leave = client.post("/sign-in/single-sign-on/", {"next": onward})["Location"]
    return through(client, leave, subject)


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def connected(role: str, subject: str) -> User:
    user = user_with_role(role)
    SocialAccount.objects.create(user=user, provider="sso", uid=subject)
    return user


def codes() -> list[str]:
    return list(AuditEntry.objects.order_by("sequence").values_list("code", flat=True))


def test_an_unknown_subject_is_refused_and_no_account_is_made(client: Client) -> None:
    assert come(client, "stranger") == "/sign-in/"
    assert not is_in(client)
    assert not User.objects.exists()
    assert "Ask for an invitation" in client.get("/sign-in/").content.decode()
    assert codes() == ["user.sign_in_failed"]


def test_a_connected_subject_signs_in_and_goes_on(client: Client) -> None:
    connected("trainer", "subject-1")
    assert come(client, "subject-1", "/account/") == "/account/"
    assert is_in(client)
    assert AuditEntry.objects.get(code="user.signed_in").facts["methods"] == ["single-sign-on"]


def test_the_second_factor_is_still_asked_for(client: Client) -> None:
    user = connected("programme-officer", "subject-2")
    assert come(client, "subject-2") == "/home/"
    assert client.get("/home/")["Location"].startswith("/account/second-factor/")
    factors.keep_app(user, SECRET)
    other = Client()
    assert come(other, "subject-2") == "/sign-in/second-factor/"
    assert not is_in(other)
    assert other.post("/sign-in/second-factor/", {"code": app_code(SECRET)}).status_code == 302
    assert other.get("/findings/").status_code == 200


def test_an_invited_subject_gets_the_account(client: Client) -> None:
    _kept, token = invitations.invite(SYSTEM, "trainer", Place(organisation()))
    client.get(f"/invitation/{token}/")
    typed = {"username": "by-sign-on", "display_name": "By Sign-on", "sign-on": "1"}
    leave = client.post("/invitation/", typed)["Location"]
    assert through(client, leave, "subject-3") == "/home/"
    user = User.objects.get(username="by-sign-on")
    assert not user.has_usable_password()
    assert SocialAccount.objects.get(user=user).uid == "subject-3"
    assert {"user.invitation_accepted", "user.sign_on_connected", "user.signed_in"} <= set(codes())
    assert come(Client(), "subject-3") == "/home/"


def test_an_invitation_is_not_for_a_subject_who_has_an_account(client: Client) -> None:
    connected("trainer", "subject-4")
    _kept, token = invitations.invite(SYSTEM, "trainer", Place(organisation()))
    client.get(f"/invitation/{token}/")
    typed = {"username": "second-account", "display_name": "Second", "sign-on": "1"}
    leave = client.post("/invitation/", typed)["Location"]
    assert through(client, leave, "subject-4") == "/sign-in/"
    assert not User.objects.filter(username="second-account").exists()


def test_a_signed_in_person_connects_and_disconnects(client: Client) -> None:
    user = user_with_role("trainer")
    sign_in(client, user)
    leave = client.post("/account/single-sign-on/connect/")["Location"]
    assert through(client, leave, "subject-5") == "/account/"
    kept = SocialAccount.objects.get(user=user)
    assert (kept.uid, kept.extra_data) == ("subject-5", {}), "no claim is kept"
    assert come(Client(), "subject-5") == "/home/"
    assert client.post("/account/single-sign-on/disconnect/").status_code == 302
    assert come(Client(), "subject-5") == "/sign-in/"
    assert {"user.sign_on_connected", "user.sign_on_disconnected"} <= set(codes())


def test_a_closed_account_stays_closed_by_this_door_too(client: Client) -> None:
    user = connected("trainer", "subject-6")
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert come(client, "subject-6") == "/sign-in/"
    assert not is_in(client)


def test_an_answer_that_nobody_asked_for_is_refused(client: Client) -> None:
    connected("trainer", "subject-7")
    answer = client.get("/oidc/sso/login/callback/?code=stolen&state=invented")
    assert answer["Location"] == "/sign-in/"
    assert not is_in(client)


@pytest.mark.parametrize(
    "issuer", ["http://elsewhere.example", "ftp://localhost", "http://localhost.example"]
)
def test_a_provider_without_encryption_is_refused(
    issuer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAIRN_OIDC_ISSUER", issuer)
    with pytest.raises(ImproperlyConfigured, match="https"):
        environment.single_sign_on()


def test_half_a_provider_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CAIRN_OIDC_CLIENT_SECRET")
    with pytest.raises(ImproperlyConfigured, match="CAIRN_OIDC_CLIENT_SECRET"):
        environment.single_sign_on()


def test_without_a_provider_there_is_no_such_door(client: Client, settings: Settings) -> None:
    settings.OIDC = None
    assert client.post("/sign-in/single-sign-on/").status_code == 404
