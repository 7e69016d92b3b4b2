"""Lockout: after how many failures, for how long, and that it tells nothing about accounts."""

import time

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.test import Client, RequestFactory
from pytest_django import Settings

from cairn.access import factors
from cairn.access.accounts import lockout
from cairn.access.models import User
from cairn.access.tests.factories import PASSWORD, app_code, user_with_role
from cairn.core.models import AuditEntry

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
MINUTE = 60
WRONG = "not the pass phrase"


def send(client: Client, username: str, password: str = WRONG) -> str:
    """What the sign-in page says; empty when it opened."""
    answer = client.post("/sign-in/", {"username": username, "password": password})
    return "" if answer.status_code == 302 else str(answer.context["form"].non_field_errors())


def test_five_failures_lock_the_name_and_the_right_password_waits_too(client: Client) -> None:
    user = user_with_role("trainer")
    said = {send(client, user.username) for _ in range(5)}
    assert len(said) == 1
    assert "15 minutes" in send(client, user.username, PASSWORD)
    assert "_auth_user_id" not in client.session
    entries = AuditEntry.objects.filter(code="user.locked_out")
    assert [entry.subject_id for entry in entries] == [str(user.pk)]


def test_a_lock_ends_by_itself(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    user = user_with_role("trainer")
    for _ in range(5):
        send(client, user.username)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 14 * MINUTE)
    assert "1 minute" in send(client, user.username, PASSWORD)
    monkeypatch.setattr(time, "time", lambda: now + 15 * MINUTE + 1)
    assert send(client, user.username, PASSWORD) == ""


def test_a_name_that_nobody_has_is_locked_just_the_same(client: Client) -> None:
    user = user_with_role("trainer")
    known = [send(client, user.username) for _ in range(7)]
    unknown = [send(client, "nobody-at-all") for _ in range(7)]
    assert known == unknown


def test_one_address_has_twenty_failures_a_minute(client: Client) -> None:
    for number in range(20):
        assert "minute" not in send(client, f"nobody-{number}")
    assert "Try again in 1 minute" in send(client, "nobody-else")
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert "minute" not in send(elsewhere, "nobody-else")


def test_success_in_between_frees_no_series_of_guesses(client: Client) -> None:
    user = user_with_role("trainer")
    for _ in range(4):
        send(client, user.username)
    assert send(Client(), user.username, PASSWORD) == ""
    send(client, user.username)
    assert "minutes" in send(client, user.username)


def test_wrong_codes_of_the_second_step_lock_it(client: Client) -> None:
    user = user_with_role("programme-officer")
    factors.keep_app(user, SECRET)
    send(client, user.username, PASSWORD)
    for _ in range(5):
        client.post("/sign-in/second-factor/", {"code": "000000"})
    answer = client.post("/sign-in/second-factor/", {"code": app_code(SECRET)})
    assert answer.status_code == 422
    assert "minutes" in str(answer.context["form"].errors)
    assert "_auth_user_id" not in client.session
    assert AuditEntry.objects.filter(code="user.locked_out", subject_id=str(user.pk)).count() == 1


def test_attempts_are_counted_in_the_database_for_every_process(
    client: Client, settings: Settings
) -> None:
    settings.CACHES = settings.CACHES | {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "cairn_cache",
        }
    }
    call_command("createcachetable", verbosity=0)
    user = user_with_role("trainer")
    for _ in range(5):
        send(client, user.username)
    assert "15 minutes" in send(client, user.username, PASSWORD)
    caches["default"].clear()
    assert send(client, user.username, PASSWORD) == ""


def test_a_lock_can_be_lifted(client: Client) -> None:
    user: User = user_with_role("trainer")
    for _ in range(5):
        send(client, user.username)
    request = RequestFactory().post("/sign-in/")
    lockout.release(request, lockout.of_name(user.username))
    assert send(client, user.username, PASSWORD) == ""


def test_nothing_typed_reaches_the_audit_log(client: Client) -> None:
    send(client, "quorble-name", "quorble-word")
    kept = str(list(AuditEntry.objects.values()))
    assert "quorble" not in kept
