"""What phones are answered: enrolled, heard, revoked, refused; and that nothing breaks the door."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cairn.access.queries import SYSTEM
from cairn.access.tests.factories import organisation, user_with_role
from cairn.core import clock
from cairn.field.views import api
from cairn.identification.actions import devices as actions
from cairn.identification.actions.devices import DeviceFacts
from cairn.identification.envelopes import base64url
from cairn.identification.models import Device, DeviceAlert, HeldEnvelope, ReceivingUnit, Report
from cairn.identification.rules.choices import RevokeReason, WorkerProfile
from cairn.identification.rules.devices import Word
from cairn.identification.tests import intake_factories as made
from cairn.identification.tests.envelopes import Phone, signer
from cairn.identification.tests.factories import actor_of

pytestmark = pytest.mark.django_db
JSON = "application/json"
Post = Callable[..., Any]


@pytest.fixture
def post(client: Client) -> Post:
    def send(part: str, body: Any, status: int = 200) -> Any:
        raw = body if isinstance(body, bytes | str) else json.dumps(body)
        response = client.post(f"/field/api/{part}", raw, content_type=JSON)
        assert response.status_code == status, response.content
        assert response["Content-Type"] == JSON
        assert not response.cookies
        return response.json()

    return send


@pytest.fixture
def unit() -> ReceivingUnit:
    return made.receiver(at=organisation())


@pytest.fixture
def invitation(unit: ReceivingUnit) -> tuple[Device, str]:
    facts = DeviceFacts(organisation(), "NPL", WorkerProfile.PEACEKEEPER, area="north")
    return actions.invite(actor_of(user_with_role("field-supervisor")), unit, facts)


def enrolling(code: str, public: bytes) -> dict[str, str]:
    return {"code": code, "public": base64url.encoded(public), "app": "0123456789abcdef"}


def word(device: str, private: ec.EllipticCurvePrivateKey, **given: Any) -> dict[str, Any]:
    """What a phone says at contact, signed as phones sign it."""
    at = (given.get("at") or clock.now()).strftime("%Y-%m-%dT%H:%M:%SZ")
    ask, unsafe = given.get("ask", []), given.get("unsafe", False)
    said = Word(device, at, "invented-nonce-1", "0123456789abcdef", unsafe, tuple(ask), b"")
    return {
        "device": device, "at": at, "nonce": said.nonce, "app": said.app, "unsafe": unsafe,
        "ask": ask, "sig": base64url.encoded(signer(private)(said.signed_text())),
    }  # fmt: skip


def test_a_phone_is_enrolled_with_all_that_it_needs_offline(
    post: Post, unit: ReceivingUnit, invitation: tuple[Device, str]
) -> None:
    key, _private = made.reception_key(unit)
    device, code = invitation
    public = made.point(ec.generate_private_key(ec.SECP256R1()))
    said = post("enrol", enrolling(code.lower(), public))
    assert (said["device"], said["profile"], said["area"]) == (device.code, "peacekeeper", "north")
    assert set(said["issuer"]) == {"kid", "x", "y"}
    told = said["unit"]
    assert [each["id"] for each in told["keys"]] == [key.pk]
    assert base64url.decoded(told["keys"][0]["public"]) == bytes(key.public)
    assert told["areas"] == unit.areas
    assert told["edition"]
    assert "restricted channels" in told["restricted_note"]
    ends = datetime.strptime(said["valid_until"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert abs(ends - clock.now() - timedelta(days=14)) < timedelta(minutes=1)
    # The answer was lost on the way: the same phone asks again and hears the same.
    assert post("enrol", enrolling(code, public))["device"] == device.code


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"code": "2345-6789-CDFG"}, "unknown-code"),
        ({"code": "no code at all"}, "unknown-code"),
        ({"code": 17}, "unknown-code"),
    ],
)
def test_a_code_that_is_not_there_is_not_told_from_nonsense(
    post: Post, invitation: tuple[Device, str], change: dict[str, Any], reason: str
) -> None:
    public = made.point(ec.generate_private_key(ec.SECP256R1()))
    assert post("enrol", enrolling(invitation[1], public) | change, 403) == {"reason": reason}


def test_a_code_that_was_used_or_ran_out_says_so(
    post: Post, invitation: tuple[Device, str]
) -> None:
    device, code = invitation
    one, other = (made.point(ec.generate_private_key(ec.SECP256R1())) for _ in range(2))
    Device.objects.filter(pk=device.pk).update(enrol_expires_at=clock.now())
    assert post("enrol", enrolling(code, one), 403) == {"reason": "expired"}
    Device.objects.filter(pk=device.pk).update(enrol_expires_at=clock.now() + timedelta(hours=1))
    post("enrol", enrolling(code, one))
    assert post("enrol", enrolling(code, other), 403) == {"reason": "used"}


def test_contact_tells_what_became_of_ones_own_items_alone(post: Post, unit: ReceivingUnit) -> None:
    key, _private = made.reception_key(unit)
    (mine, private), (other, others_key) = made.device(unit), made.device(unit)
    now = clock.now()
    phones = [
        Phone(mine.code, bytes(key.public), private),
        Phone(other.code, bytes(key.public), others_key),
    ]
    items = [each.report(now) for each in (*phones, phones[0])]
    assert {each["outcome"] for each in post("envelopes", {"v": 1, "items": items})["results"]} == {
        "received"
    }
    ids = [each["id"] for each in items]
    Report.objects.filter(pk=ids[2]).update(read_at=now)
    stranger = str(uuid4())
    said = post("contact", word(mine.code, private, ask=[*ids, stranger]))
    assert said["items"] == {
        ids[0]: "received", ids[1]: "unknown", ids[2]: "read", stranger: "unknown",
    }  # fmt: skip
    assert said["revoked"] is False
    assert said["directory"]["as_of"] == now.date().isoformat()
    assert said["pack"] == json.loads(Client().get("/field/packs/fr.json").content)["build"]


def test_contact_costs_the_same_however_many_items_are_asked_about(
    post: Post, unit: ReceivingUnit
) -> None:
    made.reception_key(unit)
    device, private = made.device(unit)
    post("contact", word(device.code, private))  # keys and packs are made once for all
    counts = []
    for number in (1, 200):
        said = word(device.code, private, ask=[str(uuid4()) for _ in range(number)])
        with CaptureQueriesContext(connection) as counted:
            post("contact", said)
        counts.append(len(counted))
    assert counts[0] == counts[1]
    assert counts[0] <= 30


def test_a_revoked_phone_hears_nothing_else(post: Post, unit: ReceivingUnit) -> None:
    device, private = made.device(unit)
    actions.revoke(SYSTEM, device.code, RevokeReason.TAKEN)
    said = post("contact", word(device.code, private))
    assert set(said) == {"revoked", "now"}
    assert said["revoked"] is True


def test_a_phone_that_was_silent_for_too_long_is_turned_away_and_its_alert_heard(
    post: Post, unit: ReceivingUnit
) -> None:
    device, private = made.device(unit, valid_until=clock.now() - timedelta(seconds=1))
    said = post("contact", word(device.code, private, unsafe=True), 403)
    assert said["reason"] == "expired"
    assert DeviceAlert.objects.filter(device=device, seen_at=None).count() == 1


def test_a_wrong_clock_is_told_the_time_so_that_the_phone_can_sign_again(
    post: Post, unit: ReceivingUnit
) -> None:
    device, private = made.device(unit)
    late = word(device.code, private, at=clock.now() - timedelta(days=400))
    said = post("contact", late, 409)
    assert said["reason"] == "clock"
    there = datetime.strptime(said["now"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert post("contact", word(device.code, private, at=there))["revoked"] is False


@pytest.mark.parametrize("change", [{"unsafe": True}, {"ask": [str(uuid4())]}, {"app": "ffff"}])
def test_a_changed_word_and_an_unknown_phone_are_answered_alike(
    post: Post, unit: ReceivingUnit, change: dict[str, Any]
) -> None:
    device, private = made.device(unit)
    changed = post("contact", word(device.code, private) | change, 403)
    unknown = post("contact", word("222-222", private), 403)
    assert changed["reason"] == unknown["reason"] == "signature"
    assert not DeviceAlert.objects.exists()


@pytest.mark.parametrize("part", ["enrol", "contact", "envelopes"])
@pytest.mark.parametrize(
    "body",
    [
        b" ",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe",
        b"[" * 30_000,
        b'{"v": 2, "items": []}',
        b'{"code": "\\ud800", "public": "\\u0000", "app": "x"}',
        b'{"device": "\\u0000", "at": "now", "ask": {}, "unsafe": 1}',
        b"1" * 5_000,
    ],
)
def test_nonsense_is_answered_and_never_an_error(client: Client, part: str, body: bytes) -> None:
    response = client.post(f"/field/api/{part}", body, content_type=JSON)
    assert response["Content-Type"] == JSON
    # What might be a sealed item is held for somebody to look at; the rest is unreadable.
    assert response.status_code in ({200, 400} if part == "envelopes" else {400})


def test_bodies_are_bounded_before_they_are_read(client: Client, post: Post) -> None:
    long = b" " * (api.MOST_WORD_BYTES + 1)
    for part in ("enrol", "contact"):
        assert post(part, long, 413)["reason"] == "too-large"
    response = client.post("/field/api/envelopes", b" " * (5 * 1024 * 1024), content_type=JSON)
    assert (response.status_code, response.json()["reason"]) == (413, "too-large")
    many = json.dumps({"v": 1, "items": [{}] * 201})
    assert post("envelopes", many, 413)["reason"] == "too-large"


@pytest.mark.parametrize("method", ["get", "put", "delete", "options"])
def test_only_posts_are_taken(client: Client, method: str) -> None:
    response = getattr(client, method)("/field/api/contact")
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert response.json() == {"reason": "method"}


@pytest.mark.parametrize("part", ["enrol", "contact", "envelopes"])
@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=x", ""])
def test_what_a_form_of_another_site_could_send_is_not_taken(
    client: Client, part: str, kind: str
) -> None:
    response = client.generic("POST", f"/field/api/{part}", b"--x--", content_type=kind)
    assert (response.status_code, response.json()) == (415, {"reason": "type"})
    assert not HeldEnvelope.objects.exists()


def test_too_many_tries_from_one_address_wait(client: Client) -> None:
    body = json.dumps(enrolling("2345-6789-CDFG", b"\x04" + bytes(64)))
    statuses = [
        client.post("/field/api/enrol", body, content_type=JSON).status_code for _ in range(21)
    ]
    assert set(statuses[:20]) == {400}
    response = client.post("/field/api/enrol", body, content_type=JSON)
    assert response.status_code == 429
    assert int(response["Retry-After"]) == response.json()["retry_after"] > 0


def test_receipts_are_signed_only_when_asked_for(post: Post, unit: ReceivingUnit) -> None:
    key, _private = made.reception_key(unit)
    device, private = made.device(unit)
    item = Phone(device.code, bytes(key.public), private).report(clock.now())
    assert "receipts" not in post("envelopes", {"v": 1, "items": [item]})
    said = post("envelopes", {"v": 1, "items": [item], "receipts": True})
    assert said["results"][0]["outcome"] == "duplicate"
    assert said["receipts"][device.code].count(".") == 2
