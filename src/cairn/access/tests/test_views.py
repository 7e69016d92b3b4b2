"""Signing in and out, the way back, and the page of roles."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from cairn.access.models import User
from cairn.access.roles import LABELS
from cairn.access.tests.factories import PASSWORD, user_with_role
from cairn.core.models import AuditEntry

pytestmark = pytest.mark.django_db
SIGN_IN = "/sign-in/"


def send(client: Client, username: str, password: str = PASSWORD, onward: str = "") -> object:
    return client.post(SIGN_IN, {"username": username, "password": password, "next": onward})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_right_password_opens_the_account_and_is_written_down(client: Client) -> None:
    user = user_with_role("programme-officer")
    answer = client.post(SIGN_IN, {"username": user.username, "password": PASSWORD})
    assert answer.status_code == 302
    assert answer["Location"] == reverse("web:home")
    assert is_signed_in(client)
    entry = AuditEntry.objects.get()
    assert (entry.code, entry.actor_id) == ("user.signed_in", str(user.pk))


@pytest.mark.parametrize("written", ["INVENTED-TRAINER", "  invented-trainer "])
def test_user_names_are_read_without_case_or_blanks(client: Client, written: str) -> None:
    user_with_role("trainer")
    send(client, written)
    assert is_signed_in(client)


def test_every_refusal_reads_the_same_so_that_names_cannot_be_probed(client: Client) -> None:
    closed = user_with_role("trainer")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    user_with_role("donor")
    said = set()
    for username, password in (
        ("invented-donor", "a wrong pass phrase"),
        ("nobody-at-all", PASSWORD),
        (closed.username, PASSWORD),
    ):
        answer = client.post(SIGN_IN, {"username": username, "password": password})
        assert answer.status_code == 422
        said.add(str(answer.context["form"].non_field_errors()))
    assert len(said) == 1
    assert not is_signed_in(client)
    codes = set(AuditEntry.objects.values_list("code", flat=True))
    assert codes == {"user.sign_in_failed"}
    kept = list(AuditEntry.objects.values_list("subject_id", flat=True))
    assert kept.count("") == 1, "of a name that nobody has, nothing is kept"


def test_a_refused_form_keeps_the_name_and_drops_the_password(client: Client) -> None:
    page = client.post(SIGN_IN, {"username": "nobody", "password": "typed-secret"})
    text = page.content.decode()
    assert 'value="nobody"' in text
    assert "typed-secret" not in text


@pytest.mark.parametrize("onward", ["/roles/", "/findings/?show=remarks"])
def test_the_way_leads_on_to_the_page_that_was_asked_for(client: Client, onward: str) -> None:
    user = user_with_role("trainer")
    answer = client.post(SIGN_IN, {"username": user.username, "password": PASSWORD, "next": onward})
    assert answer["Location"] == onward


@pytest.mark.parametrize(
    "onward",
    ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", "\\\\elsewhere"],
)
def test_the_way_never_leads_to_another_site(client: Client, onward: str) -> None:
    user = user_with_role("trainer")
    answer = client.post(SIGN_IN, {"username": user.username, "password": PASSWORD, "next": onward})
    assert answer["Location"] == reverse("web:home")


def test_signing_in_changes_the_session_key(client: Client) -> None:
    client.get(SIGN_IN)
    session = client.session
    session["before"] = True
    session.save()
    before = session.session_key
    user = user_with_role("trainer")
    send(client, user.username)
    assert client.session.session_key != before


def test_signing_out_ends_the_session_and_is_written_down(client: Client) -> None:
    client.force_login(user_with_role("trainer"))
    assert client.post("/sign-out/").status_code == 302
    assert not is_signed_in(client)
    assert AuditEntry.objects.get().code == "user.signed_out"


def test_a_link_cannot_sign_anybody_out(client: Client) -> None:
    client.force_login(user_with_role("trainer"))
    assert client.get("/sign-out/").status_code == 405
    assert is_signed_in(client)


def test_a_demonstration_lists_its_accounts_and_never_the_pass_phrase(
    client: Client, settings: Settings
) -> None:
    settings.DEMO = True
    (settings.HOME / "demo-password").write_text("cafe-beef-0000-1111\n")
    text = client.get(SIGN_IN).content.decode()
    for role in LABELS:
        assert f"<code>{role}</code>" in text
    assert "cafe-beef" not in text


def test_an_installation_at_work_lists_no_accounts(client: Client, settings: Settings) -> None:
    settings.DEMO = False
    text = client.get(SIGN_IN).content.decode()
    assert "programme-officer" not in text


def test_visitors_are_sent_to_sign_in_with_the_way_back(client: Client) -> None:
    answer = client.get("/findings/?show=remarks")
    assert answer.status_code == 302
    assert answer["Location"] == "/sign-in/?next=%2Ffindings%2F%3Fshow%3Dremarks"


def test_htmx_is_told_to_leave_the_page_instead_of_swapping_in_the_sign_in(
    client: Client,
) -> None:
    answer = client.get("/findings/", headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer["HX-Redirect"].startswith("/sign-in/")


def test_a_form_sent_after_the_session_ended_comes_back_to_its_page(client: Client) -> None:
    answer = client.post(
        "/projects/new/", {}, headers={"Referer": "http://testserver/projects/new/"}
    )
    assert answer["Location"] == "/sign-in/?next=%2Fprojects%2Fnew%2F"


def test_the_page_of_roles_shows_every_role_and_permission(client: Client) -> None:
    client.force_login(user_with_role("administrator"))
    answer = client.get("/roles/")
    assert answer.status_code == 200
    text = answer.content.decode()
    for label in LABELS.values():
        assert str(label) in text
    assert [row["accounts"] for row in answer.context["roles"] if row["accounts"]] == [1]


def test_the_page_of_roles_is_closed_to_those_whom_it_does_not_concern(client: Client) -> None:
    assert client.get("/roles/").status_code == 302
    client.force_login(user_with_role("programme-officer"))
    assert client.get("/roles/").status_code == 403
