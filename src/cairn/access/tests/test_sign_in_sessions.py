"""Sessions: their end by time, from afar, with the password; and proof asked again."""

import time

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from cairn.access.accounts.sessions import device_name
from cairn.access.models import User
from cairn.access.tests.factories import PASSWORD, show, sign_in, user_with_role
from cairn.core.models import AuditEntry

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Mobile Safari/537.36"
)
MINUTE = 60


def through_the_door(user: User, agent: str = FIREFOX) -> Client:
    client = Client(HTTP_USER_AGENT=agent)
    client.post("/sign-in/", {"username": user.username, "password": PASSWORD})
    assert "_auth_user_id" in client.session
    return client


def reasons() -> list[str]:
    found = AuditEntry.objects.filter(code="user.session_ended").order_by("sequence")
    return [entry.facts["reason"] for entry in found]


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        (PHONE, "Chrome on Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140 Safari/537.36 Edg/140",
            "Edge on Windows",
        ),
        ("", "Unknown device"),
    ],
)
def test_devices_are_named_in_words(agent: str, name: str) -> None:
    assert device_name(agent) == name


def test_the_account_page_lists_sessions_and_marks_this_one() -> None:
    user = user_with_role("exercise-control")
    here, _there = through_the_door(user), through_the_door(user, PHONE)
    devices = here.get("/account/").context["devices"]
    assert [(one.name, one.is_this) for one in devices] == [
        ("Firefox on Linux", True),
        ("Chrome on Android", False),
    ]


def test_signing_out_one_session_from_afar_ends_it_for_good() -> None:
    user = user_with_role("exercise-control")
    here, there = through_the_door(user), through_the_door(user, PHONE)
    assert there.get("/account/").status_code == 200
    other = UserSession.objects.get(session_key=there.session.session_key)
    here.post(f"/account/sessions/{other.pk}/end/")
    assert there.get("/account/")["Location"].startswith("/sign-in/")
    assert here.get("/account/").status_code == 200
    assert reasons() == ["remote"]


def test_all_others_end_at_once_and_this_one_stays() -> None:
    user = user_with_role("exercise-control")
    here, others = through_the_door(user), [through_the_door(user), through_the_door(user, PHONE)]
    here.post("/account/sessions/end/")
    assert [one.get("/account/").status_code for one in (here, *others)] == [200, 302, 302]


def test_nobody_ends_the_session_of_somebody_else() -> None:
    mine, theirs = through_the_door(user_with_role("exercise-control")), user_with_role("donor")
    client = through_the_door(theirs)
    other = UserSession.objects.get(user=theirs)
    assert mine.post(f"/account/sessions/{other.pk}/end/").status_code == 404
    assert client.get("/account/").status_code == 200


def test_a_new_password_ends_every_other_session() -> None:
    user = user_with_role("exercise-control")
    here, there = through_the_door(user), through_the_door(user, PHONE)
    new = "four words nobody knew"
    assert here.post("/account/password/", {"password": new, "again": new}).status_code == 302
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302
    user.refresh_from_db()
    assert user.check_password(new)
    assert AuditEntry.objects.filter(code="user.password_changed").count() == 1
    assert reasons() == ["password"]


def test_a_weak_password_is_not_taken() -> None:
    here = through_the_door(user_with_role("exercise-control"))
    for weak in ("short", "invented-trainer", "qwertyuiop123"):
        answer = here.post("/account/password/", {"password": weak, "again": weak})
        assert answer.status_code == 422, weak


@pytest.mark.parametrize(
    ("role", "minutes", "stays"),
    [
        ("programme-officer", 29, True),
        ("programme-officer", 31, False),
        ("exercise-control", 31, True),
        ("exercise-control", 12 * 60 + 1, False),
    ],
)
def test_idle_sessions_end_where_sealed_records_can_be_open(
    client: Client, role: str, minutes: int, stays: bool
) -> None:
    user = user_with_role(role)
    client.force_login(user)
    show(client, user, "password", "totp", at=time.time() - minutes * MINUTE)
    answer = client.get("/home/")
    assert (answer.status_code == 200) is stays
    assert ("_auth_user_id" in client.session) is stays
    if not stays:
        assert reasons() in (["idle"], ["old"])
        assert "signed out" in client.get("/sign-in/").context["why_ended"]
        assert client.get("/sign-in/").context["why_ended"] == "", "it is told once"


def test_use_keeps_a_session_alive_but_not_beyond_twelve_hours(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = user_with_role("programme-officer")
    sign_in(client, user)
    start = time.time()
    for hours in range(1, 48):
        monkeypatch.setattr(time, "time", lambda passed=hours: start + passed * 15 * MINUTE)
        assert client.get("/home/").status_code == 200, hours
    monkeypatch.setattr(time, "time", lambda: start + 48 * 15 * MINUTE)
    assert client.get("/home/").status_code == 302
    assert reasons() == ["old"]


def test_what_weighs_heavily_asks_again_after_five_minutes(client: Client) -> None:
    user = user_with_role("exercise-control")
    client.force_login(user)
    show(client, user, "password", at=time.time() - 4 * MINUTE)
    assert client.get("/account/password/").status_code == 200
    show(client, user, "password", at=time.time() - 6 * MINUTE)
    asked = "/account/confirm/?next=%2Faccount%2Fpassword%2F"
    assert client.get("/account/password/")["Location"] == asked
    wrong = client.post("/account/confirm/", {"password": "wrong", "next": "/account/password/"})
    assert wrong.status_code == 422
    typed = {"password": PASSWORD, "next": "/account/password/"}
    assert client.post("/account/confirm/", typed)["Location"] == "/account/password/"
    assert client.get("/account/password/").status_code == 200
    entry = AuditEntry.objects.get(code="user.reauthenticated")
    assert entry.facts == {"method": "password"}


def test_a_form_that_needs_fresh_proof_leads_back_to_its_page(client: Client) -> None:
    user = user_with_role("exercise-control")
    client.force_login(user)
    show(client, user, "password", at=time.time() - 6 * MINUTE)
    answer = client.post(
        "/account/password/", {}, headers={"Referer": "http://testserver/account/password/"}
    )
    assert answer["Location"] == "/account/confirm/?next=%2Faccount%2Fpassword%2F"


def test_confirming_leads_to_no_other_site(client: Client) -> None:
    sign_in(client, user_with_role("exercise-control"))
    typed = {"password": PASSWORD, "next": "https://elsewhere.example/"}
    assert client.post("/account/confirm/", typed)["Location"] == "/home/"


def test_guessing_the_password_of_an_open_session_is_locked_too(client: Client) -> None:
    sign_in(client, user_with_role("exercise-control"))
    for _ in range(5):
        client.post("/account/confirm/", {"password": "wrong"})
    answer = client.post("/account/confirm/", {"password": PASSWORD})
    assert answer.status_code == 422
    assert "minutes" in str(answer.context["password_form"].errors)
