"""Intake: what is received, what is a duplicate, what is held and why, and that nothing is lost."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cairn.access.tests.factories import user_with_role
from cairn.core import clock
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.identification.actions import intake, intake_rows
from cairn.identification.actions.intake import Plain, Result
from cairn.identification.envelopes import format, hpke, receipts
from cairn.identification.models import Device, HeldEnvelope, ReceivingUnit, ReceptionKey, Report
from cairn.identification.rules import intake as rules
from cairn.identification.rules.choices import HeldReason
from cairn.identification.tests import intake_factories as factories
from cairn.identification.tests.envelopes import CONTENT, Phone
from cairn.identification.tests.factories import actor_of
from cairn.vault import issuing

pytestmark = pytest.mark.django_db


@dataclass
class Place:
    """A unit with its key, one phone, and the present."""

    unit: ReceivingUnit
    key: ReceptionKey
    private: ec.EllipticCurvePrivateKey
    device: Device
    phone: Phone
    now: datetime

    def receive(self, *items: Any, **given: Any) -> list[Result]:
        return intake.receive(items, now=self.now, **given)


def phone_of(unit: ReceivingUnit, key: ReceptionKey, **given: Any) -> tuple[Device, Phone]:
    device, private = factories.device(unit, **given)
    return device, Phone(device.code, bytes(key.public), private)


@pytest.fixture
def place() -> Place:
    unit = factories.receiver()
    key, private = factories.reception_key(unit)
    device, phone = phone_of(unit, key, generation=2)
    return Place(unit, key, private, device, phone, clock.now())


def told(results: list[Result]) -> list[str]:
    return [each.reason or each.outcome for each in results]


def test_a_report_is_kept_sealed_with_what_its_outside_says(place: Place) -> None:
    item = place.phone.report(place.now, identity={"v": 1, "name": "Invented"}, is_urgent=True)
    [result] = place.receive(item)
    assert (result.outcome, result.device) == ("received", place.device.code)
    report = Report.objects.get()
    assert str(report.pk) == item["id"]
    assert report.code == format.code_of(item["id"]) == result.code
    assert report.digest == result.digest == format.parse(item).digest()
    assert (report.receiver, report.key, report.device) == (place.unit, place.key, place.device)
    assert (report.channel, report.profile, report.generation) == ("device", "police", 2)
    assert report.due_at == place.now + timedelta(hours=1)
    envelope = format.parse(item)
    plain = hpke.open_(place.private, bytes(report.payload), envelope.content_info())
    assert json.loads(plain) == CONTENT
    assert bytes(report.identity_payload) == envelope.identity
    place.device.refresh_from_db()
    assert (place.device.last_sequence, place.device.last_contact_at) == (1, None)


def test_what_is_sent_again_in_any_order_is_the_same_thing(place: Place) -> None:
    items = [place.phone.report(place.now) for _ in range(4)]
    first = place.receive(*items[:3])
    entries = AuditEntry.objects.count()
    again = place.receive(*reversed(items), items[0])
    assert told(again) == ["received", "duplicate", "duplicate", "duplicate", "duplicate"]
    assert {each.id: each.digest for each in first} == {
        each.id: each.digest for each in again if each.id != items[3]["id"]
    }
    assert Report.objects.count() == 4
    place.receive(*items)
    assert AuditEntry.objects.count() == entries + 1


def test_one_batch_is_one_entry_of_counts_and_reasons_in_the_log(place: Place) -> None:
    place.receive(place.phone.report(place.now), b"nothing", place.phone.report(place.now))
    entry = AuditEntry.objects.get(code="reports.received")
    assert entry.facts == {
        "channel": "device", "received": 2, "duplicates": 0, "held": 1, "reasons": ["unreadable"],
    }  # fmt: skip
    assert (entry.subject_id, entry.actor_id) == ("", "")


def test_each_kind_of_bad_input_is_held_with_its_reason_and_harms_no_other(place: Place) -> None:
    phone, now = place.phone, place.now
    other_unit = factories.receiver(name="Another invented desk")
    other_key, _ = factories.reception_key(other_unit)
    revoked, revoked_phone = phone_of(place.unit, place.key, revoked_at=now)
    lapsed, lapsed_phone = phone_of(place.unit, place.key, valid_until=now - timedelta(days=1))
    good = phone.report(now)
    foreign = Phone(phone.code, bytes(other_key.public), phone.private)
    foreign.sequence = 50
    items = {
        HeldReason.OVERSIZE: phone.report(now) | {"content": "A" * 70_000},
        HeldReason.UNREADABLE: {"v": 1, "words": "plain words by mistake"},
        HeldReason.TRUNCATED: json.dumps(phone.report(now)).encode()[:900],
        HeldReason.WRONG_VERSION: phone.report(now) | {"v": 2},
        HeldReason.REPLAYED: phone.report(now, sequence=1),
        HeldReason.FOREIGN_KEY: foreign.report(now),
        HeldReason.BAD_SIGNATURE: phone.report(now) | {"urgent": 1},
        HeldReason.UNKNOWN_DEVICE: Phone("222-222", bytes(place.key.public)).report(now),
        HeldReason.REVOKED: revoked_phone.report(now),
        HeldReason.EXPIRED: lapsed_phone.report(now),
        HeldReason.UNKNOWN_LIST: phone.report(now, edition="1999-1"),
        HeldReason.FUTURE_DATE: phone.report(now + timedelta(hours=49)),
    }
    assert set(items) == set(HeldReason)
    results = place.receive(good, *items.values(), phone.report(now))
    assert told(results) == ["received", *(str(each) for each in items), "received"]
    assert [each.outcome for each in results[1:-1]] == ["held"] * len(items)
    held = {row.reason: row for row in HeldEnvelope.objects.all()}
    assert set(held) == {each.value for each in items}
    assert held["revoked"].device == revoked
    assert held["expired"].device == lapsed
    assert held["foreign-key"].receiver == place.unit
    assert held["unknown-device"].receiver == place.unit
    assert held["unreadable"].device is None
    for reason, item in items.items():
        body = format.body_of(item)
        assert held[reason].size == len(body)
        assert intake_rows.held_body(held[reason]) == body
    assert b"plain words" not in bytes(held["unreadable"].body)
    again = place.receive(*items.values())
    assert [each.outcome for each in again] == ["held"] * len(items)
    assert HeldEnvelope.objects.count() == len(items)


def test_a_forged_copy_does_not_keep_the_real_report_out(place: Place) -> None:
    item = place.phone.report(place.now)
    forged = item | {"list": "2026-2"}
    assert told(place.receive(forged, item)) == ["bad-signature", "received"]
    assert told(place.receive(item | {"sig": forged["sig"]})) == ["duplicate"]


def test_another_content_under_the_same_id_or_number_never_replaces_the_first(
    place: Place,
) -> None:
    first = place.phone.report(place.now)
    same_id = place.phone.report(place.now, id=first["id"])
    same_number = place.phone.report(place.now, sequence=1)
    assert told(place.receive(first)) == ["received"]
    assert told(place.receive(same_id, same_number)) == ["replayed", "replayed"]
    second, third = (
        place.phone.report(place.now, sequence=9),
        place.phone.report(place.now, sequence=9),
    )
    assert told(place.receive(second, third, second)) == ["received", "replayed", "duplicate"]
    assert Report.objects.count() == 2


def test_a_report_carried_by_hand_counts_by_the_day_it_was_made(place: Place) -> None:
    made = place.now - timedelta(days=20)
    _, late = phone_of(place.unit, place.key, valid_until=place.now - timedelta(days=15))
    _, forgotten = phone_of(place.unit, place.key, valid_until=place.now - timedelta(days=31))
    results = place.receive(late.report(made), forgotten.report(place.now - timedelta(days=40)))
    assert told(results) == ["received", "expired"]


def test_a_retired_key_still_takes_reports_and_a_destroyed_one_does_not(place: Place) -> None:
    ReceptionKey.objects.filter(pk=place.key.pk).update(is_current=False, retired_at=place.now)
    assert told(place.receive(place.phone.report(place.now))) == ["received"]
    ReceptionKey.objects.filter(pk=place.key.pk).update(destroyed_at=place.now)
    assert told(place.receive(place.phone.report(place.now))) == ["foreign-key"]


def test_a_batch_takes_the_same_queries_whatever_its_size(place: Place) -> None:
    def queries_for(count: int) -> int:
        phones = [phone_of(place.unit, place.key)[1] for _ in range(2)]
        items = [phone.report(place.now) for phone in phones for _ in range(count)]
        items += [each | {"sig": items[0]["sig"]} for each in items[1:]]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            results = place.receive(*items)
        assert sum(each.outcome == "received" for each in results) == 2 * count
        return len(captured)

    queries_for(1)
    assert queries_for(2) == queries_for(12)


def test_past_its_share_an_address_is_told_to_send_bad_items_later(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "HELD_PER_HOUR", 2)
    good = place.phone.report(place.now)
    assert told(place.receive(b"one", b"two", source="192.0.2.1")) == ["unreadable"] * 2
    assert told(place.receive(b"three", b"one", good, source="192.0.2.1")) == [
        "limit", "unreadable", "received",
    ]  # fmt: skip
    assert told(place.receive(b"three", source="192.0.2.2")) == ["unreadable"]
    assert HeldEnvelope.objects.count() == 3


def test_a_receipt_names_only_what_the_phone_itself_signed(place: Place) -> None:
    good, copied = place.phone.report(place.now), place.phone.report(place.now)
    future = place.phone.report(place.now + timedelta(days=9))
    results = place.receive(good, copied | {"urgent": 1}, future, b"no")
    [receipt] = intake.receipts(results, place.now).values()
    [issuer] = issuing.public_keys()
    said = receipts.checked(receipt, b"\4" + issuer.x + issuer.y)
    assert said["device"] == place.device.code
    assert said["items"] == [
        [good["id"], format.parse(good).digest(), "received"],
        [future["id"], format.parse(future).digest(), "held"],
    ]
    assert intake.receipts([], place.now) == {}


# --- Sealed here -------------------------------------------------------------------------------


def clerk(place: Place, role: str = "intake-partner") -> Any:
    return actor_of(user_with_role(role, name=f"invented-{role}", at=place.unit.organisation))


def test_what_is_typed_here_is_sealed_at_once_and_opens_only_at_the_unit(place: Place) -> None:
    identity = {"v": 1, "name": "Invented Person"}
    result = intake.seal_and_receive(
        clerk(place), place.unit, CONTENT | {"danger": "now"}, identity, "web", "health", place.now
    )
    report = Report.objects.get()
    assert (result.outcome, result.code, result.device) == ("received", report.code, "")
    assert (report.urgent, report.device, report.sequence) == (True, None, None)
    assert (report.channel, report.profile) == ("web", "health")
    sealed = format.Envelope(
        str(report.pk), "", 0, place.key.pk, report.made_at, "2026-1", True, b"", b""
    )
    opened = hpke.open_(place.private, bytes(report.identity_payload), sealed.identity_info())
    assert json.loads(opened) == identity


def test_the_same_submission_again_is_a_duplicate_though_it_is_sealed_anew(place: Place) -> None:
    actor, id = clerk(place), uuid4()
    [first] = intake.seal_and_receive_many(
        actor, place.unit, [Plain(CONTENT, None, id)], "partner", "social", place.now
    )
    again = intake.seal_and_receive_many(
        actor,
        place.unit,
        [Plain(CONTENT, None, id), Plain(CONTENT), Plain(CONTENT, None, id)],
        "partner",
        "social",
        place.now,
    )
    assert told(again) == ["duplicate", "received", "duplicate"]
    assert again[0].digest == again[2].digest == first.digest
    assert UUID(first.id) == id
    assert Report.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"note": "<b>bold</b>"}, "report.content"),
        ({"verdict": "yes"}, "report.content"),
        ({"list": "1999-1"}, "report.list"),
    ],
)
def test_one_bad_report_keeps_the_whole_file_out(
    place: Place, change: dict[str, str], code: str
) -> None:
    items = [Plain(CONTENT), Plain(CONTENT | change)]
    with pytest.raises(RuleBroken) as refusal:
        intake.seal_and_receive_many(
            clerk(place), place.unit, items, "partner", "social", place.now
        )
    assert refusal.value.code == code
    assert not Report.objects.exists()


def test_who_may_not_enter_reports_for_a_unit_enters_none(place: Place) -> None:
    elsewhere = factories.receiver(name="Another invented desk", country="KEN")
    factories.reception_key(elsewhere)
    given = (CONTENT, None)
    partner = clerk(place)
    with pytest.raises(PermissionDenied):
        intake.seal_and_receive(partner, place.unit, *given, "paper", "other", place.now)
    stranger = clerk(place, "identification-authority")
    with pytest.raises(PermissionDenied):
        intake.seal_and_receive(stranger, place.unit, *given, "web", "other", place.now)
    with pytest.raises(ValueError, match="device"):
        intake.seal_and_receive(partner, place.unit, *given, "device", "other", place.now)
    assert not Report.objects.exists()


def test_without_a_current_key_nothing_is_sealed(place: Place) -> None:
    ReceptionKey.objects.filter(pk=place.key.pk).update(is_current=False)
    with pytest.raises(RuleBroken) as refusal:
        intake.seal_and_receive(clerk(place), place.unit, CONTENT, None, "web", "other", place.now)
    assert refusal.value.code == "report.no-key"
