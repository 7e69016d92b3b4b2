"""Second factors: codes that count once, the set-up, and roles that do nothing without one."""

import time

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from cairn.access import factors
from cairn.access.models import User
from cairn.access.tests.factories import PASSWORD, app_code, sign_in, user_with_role
from cairn.core.models import AuditEntry

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
# RFC 6238, appendix B, for the ASCII secret "12345678901234567890" and SHA-1, last six digits.
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RFC_CODES = {59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"}
SECOND = "/sign-in/second-factor/"


@pytest.fixture
def officer() -> User:
    user = user_with_role("programme-officer")
    factors.keep_app(user, SECRET)
    return user


def first_step(client: Client, user: User, onward: str = "") -> str:
    typed = {"username": user.username, "password": PASSWORD, "next": onward}
    return str(client.post("/sign-in/", typed)["Location"])


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def codes() -> list[str]:
    return list(AuditEntry.objects.order_by("sequence").values_list("code", flat=True))


@pytest.mark.parametrize(("moment", "code"), RFC_CODES.items())
def test_codes_are_those_of_the_standard(moment: int, code: str) -> None:
    assert factors.code_at(RFC_SECRET, moment) == code == app_code(RFC_SECRET, moment)


def test_a_password_alone_is_half_a_sign_in(client: Client, officer: User) -> None:
    assert first_step(client, officer) == SECOND
    assert not is_in(client)
    assert client.get("/findings/")["Location"].startswith("/sign-in/")


def test_the_code_of_the_moment_completes_it_and_the_way_goes_on(
    client: Client, officer: User
) -> None:
    first_step(client, officer, "/findings/")
    answer = client.post(SECOND, {"code": app_code(SECRET)})
    assert answer["Location"] == "/findings/"
    assert client.get("/findings/").status_code == 200
    entry = AuditEntry.objects.get(code="user.signed_in")
    assert entry.facts["methods"] == ["password", "totp"]
    assert entry.subject_id == str(officer.pk)


@pytest.mark.parametrize("shift", [-90, 90, 3600])
def test_an_old_or_early_code_is_refused_and_written_down(
    client: Client, officer: User, shift: int
) -> None:
    first_step(client, officer)
    answer = client.post(SECOND, {"code": app_code(SECRET, time.time() + shift)})
    assert answer.status_code == 422
    assert not is_in(client)
    assert codes() == ["user.sign_in_failed"]
    assert AuditEntry.objects.get().facts["method"] == "second-factor"


def test_a_code_counts_once(client: Client, officer: User) -> None:
    code = app_code(SECRET)
    first_step(client, officer)
    client.post(SECOND, {"code": code})
    other = Client()
    first_step(other, officer)
    assert other.post(SECOND, {"code": code}).status_code == 422
    assert not is_in(other)


def test_an_older_code_than_the_last_one_used_is_spent_too(client: Client, officer: User) -> None:
    now = time.time()
    first_step(client, officer)
    client.post(SECOND, {"code": app_code(SECRET, now)})
    other = Client()
    first_step(other, officer)
    assert other.post(SECOND, {"code": app_code(SECRET, now - 30)}).status_code == 422


def test_a_recovery_code_opens_once(client: Client, officer: User) -> None:
    factors.new_recovery_codes(officer)
    code = factors.codes_to_show(officer)[0]
    first_step(client, officer)
    assert client.post(SECOND, {"code": code}).status_code == 302
    assert is_in(client)
    assert "user.recovery_used" in codes()
    other = Client()
    first_step(other, officer)
    assert other.post(SECOND, {"code": code}).status_code == 422
    assert factors.codes_left(officer) == 9


def test_recovery_codes_are_shown_once(client: Client, officer: User) -> None:
    factors.new_recovery_codes(officer)
    sign_in(client, officer)
    assert len(client.get("/account/second-factor/codes/").context["codes"]) == 10
    assert client.get("/account/second-factor/codes/").context["codes"] == []


def test_no_secret_lies_open_in_the_database(client: Client, officer: User) -> None:
    factors.new_recovery_codes(officer)
    sign_in(client, officer)
    page = client.get("/account/second-factor/app/")
    shown = page.context["secret"].replace(" ", "")
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert SECRET not in kept
    for session in Session.objects.all():
        assert shown not in str(session.get_decoded())


def test_a_role_that_needs_a_factor_does_nothing_before_there_is_one(client: Client) -> None:
    user = user_with_role("programme-officer")
    assert first_step(client, user) == "/home/"
    for address in ("/home/", "/findings/", "/projects/", "/account/"):
        answer = client.get(address)
        assert answer["Location"].startswith("/account/second-factor/?next="), address
    assert client.post("/projects/new/", {}).status_code == 302
    part = client.get("/findings/", headers={"HX-Request": "true"})
    assert (part.status_code, "HX-Redirect" in part) == (204, True)
    assert client.get("/findings/", headers={"Accept": "application/json"}).status_code == 403


def test_language_theme_and_leaving_stay_open_to_whoever_lacks_the_factor(client: Client) -> None:
    sign_in(client, user_with_role("programme-officer"), second_factor=False)
    assert client.post("/language/setlang/", {"language": "ar"})["Location"] == "/"
    assert client.post("/ui/theme/", {"theme": "dark"})["Location"] == "/"
    assert client.get("/account/second-factor/").status_code == 200
    assert client.post("/sign-out/").status_code == 302
    assert not is_in(client)


def test_whoever_has_a_factor_that_this_session_did_not_show_is_asked_for_it(
    client: Client, officer: User
) -> None:
    sign_in(client, officer, second_factor=False)
    assert client.get("/findings/")["Location"] == "/account/confirm/?next=%2Ffindings%2F"
    page = client.get("/account/confirm/")
    assert page.context["password_form"] is None, "the password alone does not do"
    typed = {"code": app_code(SECRET), "next": "/findings/"}
    assert client.post("/account/confirm/", typed)["Location"] == "/findings/"
    assert client.get("/findings/").status_code == 200
    assert codes()[-1] == "user.reauthenticated"


def test_a_role_that_needs_no_factor_goes_on_without(client: Client) -> None:
    assert first_step(client, user_with_role("exercise-control")) == "/home/"
    assert client.get("/home/").status_code == 200


def test_setting_up_an_app_opens_the_role_in_the_same_session(client: Client) -> None:
    user = user_with_role("programme-officer")
    first_step(client, user)
    secret = client.get("/account/second-factor/app/").context["secret"].replace(" ", "")
    wrong = client.post("/account/second-factor/app/", {"code": "000000"})
    assert (wrong.status_code, factors.has_second_factor(user)) == (422, False)
    typed = {"code": app_code(secret), "next": "/findings/"}
    answer = client.post("/account/second-factor/app/", typed)
    assert answer["Location"] == "/account/second-factor/codes/?next=%2Ffindings%2F"
    assert len(client.get(answer["Location"]).context["codes"]) == 10
    assert client.get("/findings/").status_code == 200
    entry = AuditEntry.objects.get(code="user.second_factor_added")
    assert entry.facts == {"type": "totp"}


def test_the_picture_of_the_secret_is_an_image_for_the_owner_alone(client: Client) -> None:
    assert client.get("/account/second-factor/app/picture/")["Location"].startswith("/sign-in/")
    sign_in(client, user_with_role("exercise-control"))
    answer = client.get("/account/second-factor/app/picture/")
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer.content.startswith(b"<svg")
    assert b"style" not in answer.content


def test_the_last_factor_stays_while_a_role_needs_one(client: Client, officer: User) -> None:
    sign_in(client, officer)
    app = Authenticator.objects.get(user=officer)
    answer = client.post(f"/account/second-factor/{app.pk}/remove/")
    assert answer.status_code == 409
    assert b"factor.last" in answer.content
    officer.memberships.update(
        ends_on=timezone.localdate(), starts_on="2020-01-01", role="exercise-control"
    )
    assert client.post(f"/account/second-factor/{app.pk}/remove/").status_code == 302
    assert not factors.has_second_factor(officer)
    assert codes()[-1] == "user.second_factor_removed"


def test_a_factor_of_somebody_else_cannot_be_touched(client: Client, officer: User) -> None:
    sign_in(client, user_with_role("exercise-control"))
    app = Authenticator.objects.get(user=officer)
    assert client.post(f"/account/second-factor/{app.pk}/remove/").status_code == 404
    assert client.get(f"/account/passkeys/{app.pk}/").status_code == 404
    assert factors.has_second_factor(officer)


def test_in_a_demonstration_one_code_serves_several_people(
    client: Client, officer: User, settings: Settings
) -> None:
    settings.DEMO = True
    User.objects.filter(pk=officer.pk).update(is_demo=True)
    officer.refresh_from_db()
    code = app_code(SECRET)
    assert factors.matching(officer, code) is not None
    assert factors.matching(officer, code) is not None
    settings.DEMO = False
    assert factors.matching(officer, code) is None
