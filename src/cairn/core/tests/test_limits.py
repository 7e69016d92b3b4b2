"""Who asks too often waits, and nobody else does."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.db import DatabaseCache
from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from cairn.access.tests.factories import user_with_role
from cairn.core import limits
from cairn.core.actor import PUBLIC, Actor
from cairn.core.limits import LimitReached, address_of, limited
from cairn.core.models import AuditEntry
from cairn.portfolio.tests import factories

pytestmark = pytest.mark.django_db
ONE, OTHER = "198.51.100.1", "198.51.100.2"  # RFC 5737: addresses of documentation
MORNING = 1_800_000_000.0 - 1_800_000_000.0 % limits.HOUR


class Hand:
    """The clock that the windows go by."""

    def __init__(self) -> None:
        self.time = MORNING

    def __call__(self) -> float:
        return self.time


@pytest.fixture(autouse=True)
def hand(monkeypatch: pytest.MonkeyPatch) -> Hand:
    made = Hand()
    monkeypatch.setattr("cairn.core.limits.time.time", made)
    caches["default"].clear()
    return made


@limited("invented", per_minute=3, per_hour=5)
def by_user(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


@limited("invented-too", per_minute=2, by="address", methods=("POST",))
def by_address(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


def request(actor: Actor = PUBLIC, address: str = ONE, method: str = "GET") -> HttpRequest:
    made = RequestFactory().generic(method, "/", REMOTE_ADDR=address)
    made.actor = actor  # type: ignore[attr-defined]
    return made


def someone() -> Actor:
    return Actor(user_id=uuid4(), name="Invented Officer")


def refused(call: HttpRequest) -> LimitReached:
    with pytest.raises(LimitReached) as caught:
        by_user(call)
    return caught.value


def test_past_the_limit_of_a_minute_one_waits_for_its_end(hand: Hand) -> None:
    hand.time += 20
    for _ in range(3):
        assert by_user(request()).content == b"done"
    assert 40 <= refused(request()).retry_after <= 41
    hand.time += 40
    assert by_user(request()).content == b"done"


def test_the_limit_of_an_hour_holds_beside_that_of_a_minute(hand: Hand) -> None:
    for minute in range(5):
        hand.time = MORNING + minute * 60
        by_user(request())
    hand.time = MORNING + 6 * 60
    assert refused(request()).retry_after > limits.HOUR - 7 * 60


def test_one_visitor_locks_out_nobody_else() -> None:
    for _ in range(3):
        by_user(request())
    refused(request())
    assert by_user(request(address=OTHER)).content == b"done"
    assert by_user(request(someone())).content == b"done"


def test_a_person_is_counted_wherever_they_are_and_apart_from_their_address() -> None:
    person = someone()
    for address in (ONE, OTHER, "203.0.113.9"):
        by_user(request(person, address))
    refused(request(person, "203.0.113.10"))
    assert by_user(request(someone(), ONE)).content == b"done"
    assert by_user(request(PUBLIC, ONE)).content == b"done"


def test_by_address_people_behind_one_address_are_counted_together() -> None:
    by_address(request(someone(), method="POST"))
    by_address(request(someone(), method="POST"))
    with pytest.raises(LimitReached):
        by_address(request(someone(), method="POST"))
    assert by_address(request(method="GET")).content == b"done"


def test_reaching_a_limit_is_recorded_once_for_people_and_never_for_visitors() -> None:
    person = someone()
    for actor in (person, PUBLIC):
        for _ in range(3):
            by_user(request(actor))
        for _ in range(4):
            refused(request(actor))
    entry = AuditEntry.objects.get(code="limit.reached")
    assert entry.actor_id == str(person.user_id)
    assert entry.facts == {"limit": "invented", "most": 3, "seconds": 60}


@pytest.mark.parametrize(
    ("forwarded", "behind_proxy", "expected"),
    [
        ("192.0.2.66", False, ONE),
        ("192.0.2.66", True, "192.0.2.66"),
        ("203.0.113.1, 192.0.2.66", True, "192.0.2.66"),
        ("", True, ONE),
        ("nonsense", True, ONE),
    ],
)
def test_a_forwarded_address_counts_only_behind_a_proxy_and_only_its_own_part(
    settings: Settings, forwarded: str, behind_proxy: bool, expected: str
) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if behind_proxy else None
    made = request()
    made.META["HTTP_X_FORWARDED_FOR"] = forwarded
    assert address_of(made) == expected


def test_a_household_of_ipv6_addresses_is_one_visitor() -> None:
    first, second = "2001:db8:1:2::1", "2001:db8:1:2:ffff::9"
    assert address_of(request(address=first)) == address_of(request(address=second))
    assert address_of(request(address="2001:db8:1:3::1")) != address_of(request(address=first))
    assert address_of(request(address=f"::ffff:{ONE}")) == ONE


@pytest.fixture
def database_cache(monkeypatch: pytest.MonkeyPatch) -> Iterator[BaseCache]:
    """The kind of cache that an installation counts in, in a table of its own."""
    call_command("createcachetable", "invented_cache", verbosity=0)
    cache = DatabaseCache("invented_cache", {})
    monkeypatch.setattr(limits, "caches", {"default": cache})
    yield cache
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE invented_cache")


@pytest.mark.django_db(transaction=True)
def test_requests_of_the_same_moment_are_all_counted(database_cache: BaseCache) -> None:
    def ask(_: int) -> bool:
        try:
            by_user(request(address=OTHER))
        except LimitReached:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(24)))
    assert answers.count(True) == 3


def test_the_cache_does_not_tell_who_asked(database_cache: BaseCache) -> None:
    person = someone()
    by_user(request(person))
    by_user(request(address=ONE))
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM invented_cache")
        kept = [row[0] for row in cursor.fetchall()]
    assert len(kept) == 4
    assert not any(ONE in key or str(person.user_id) in key for key in kept)


HTMX, JSON = {"hx-request": "true"}, {"accept": "application/json"}


@pytest.mark.parametrize("headers", [{}, HTMX, JSON])
def test_a_document_asked_for_too_often_is_answered_calmly(
    client: Client, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]
) -> None:
    factories.project("X01")
    monkeypatch.setattr(limits, "_count", lambda key, seconds: 1_000)
    response = client.get("/projects/X01/page.json", headers=headers)
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= limits.HOUR + 1
    body = response.content.decode()
    if headers is JSON:
        assert response["Content-Type"] == "application/problem+json"
    elif headers is HTMX:
        assert response["HX-Retarget"] == "#messages"
        assert "<html" not in body
    else:
        assert "Please wait a little" in body


@pytest.mark.parametrize(
    ("address", "role"),
    [
        ("/projects/X01/page.json", None),
        ("/projects/folder.json", None),
        ("/projects/export.csv", None),
        ("/projects/export.csv", "programme-officer"),
    ],
)
def test_documents_and_exports_are_limited_while_pages_stay_open(
    client: Client, monkeypatch: pytest.MonkeyPatch, address: str, role: str | None
) -> None:
    factories.project("X01")
    if role:
        client.force_login(user_with_role(role))
    assert client.get(address).status_code == 200
    monkeypatch.setattr(limits, "_count", lambda key, seconds: 1_000)
    assert client.get(address).status_code == 429
    assert client.get("/projects/X01/").status_code == 200
    assert client.get("/").status_code == 200


def test_bringing_files_is_limited_but_not_looking_at_them(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(user_with_role("programme-officer"))
    monkeypatch.setattr(limits, "_count", lambda key, seconds: 1_000)
    assert client.get("/imports/").status_code == 200
    assert client.post("/imports/", {"kind": "projects"}).status_code == 429
