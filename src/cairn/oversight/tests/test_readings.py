"""Openings of sealed parts: allowed, written down, and only then opened."""

import logging

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from cairn.access.tests.factories import organisation
from cairn.core import audit
from cairn.core.actor import PUBLIC, Actor
from cairn.core.models import AuditEntry
from cairn.identification.tests import factories as identification
from cairn.oversight.actions import readings
from cairn.oversight.actions.break_glass import break_glass, end_break_glass
from cairn.oversight.actions.readings import MOST_AT_ONCE, Unreadable, read
from cairn.oversight.models import Alert, Reading, ReadingSubject
from cairn.oversight.models.alerts import AlertKind
from cairn.oversight.rules import Basis, Purpose
from cairn.oversight.tests.factories import (
    REASON,
    elsewhere,
    entries,
    officer,
    persons,
    refused,
)
from cairn.referral.models import Person
from cairn.referral.tests.factories import CONTACT, NAME, NOTE, person, provider, unit
from cairn.vault import keyring

pytestmark = pytest.mark.django_db
FIELDS = ["name", "note"]


@pytest.fixture
def worker() -> Actor:
    return provider()


@pytest.fixture
def made(worker: Actor) -> Person:
    return person(worker)


def texts(opened: list[readings.Opened], name: str = "name") -> list[object]:
    return [each.values[name] for each in opened]


def test_an_opening_gives_the_texts_and_is_written_down(worker: Actor, made: Person) -> None:
    opened = read(worker, [made], ["note", "name"], Purpose.SAFETY, f"  {REASON} ")
    assert opened[0].record == made
    assert opened[0].values == {"note": NOTE, "name": NAME}
    reading = Reading.objects.get()
    assert (reading.actor_id, reading.actor_roles) == (worker.user_id, ["service-provider"])
    assert (reading.kind, reading.subject_zone) == ("person", "protection")
    assert reading.fields == ["name", "note"]
    assert (reading.purpose, reading.basis, reading.basis_id) == ("safety", "membership", None)
    assert reading.unreadable == 0
    subject = reading.subjects.get()
    assert (subject.subject_id, subject.code) == (made.pk, made.code)
    assert (subject.organisation_id, subject.country) == (made.organisation_id, "NPL")
    assert subject.is_own_caseload


def test_the_log_holds_the_opening_again_and_no_word_of_reason_or_content(
    worker: Actor, made: Person
) -> None:
    read(worker, [made], FIELDS, Purpose.SAFETY, REASON)
    (entry,) = entries("sealed.read")
    assert entry.sequence == Reading.objects.get().audit_sequence
    assert entry.actor_id == str(worker.user_id)
    assert entry.facts == {
        "kind": "person",
        "purpose": "safety",
        "basis": "membership",
        "fields": FIELDS,
        "subjects": [str(made.pk)],
    }


def test_the_reason_is_stored_sealed(worker: Actor, made: Person) -> None:
    read(worker, [made], FIELDS, Purpose.SAFETY, REASON)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM oversight_reading")
        stored = repr([bytes(c) if isinstance(c, memoryview) else c for c in cursor.fetchone()])
    assert REASON not in stored
    assert "invented reason" not in stored


def test_reasons_of_a_month_share_one_key(worker: Actor, made: Person) -> None:
    for _ in range(3):
        read(worker, [made], FIELDS, Purpose.SAFETY, REASON)
    assert len(set(Reading.objects.values_list("data_key", flat=True))) == 1


def test_many_records_are_one_reading_with_a_line_for_each_in_their_order(worker: Actor) -> None:
    made = persons(worker, 3)
    opened = read(worker, made[::-1], ["name"], Purpose.DUTY_LIST, REASON)
    assert [each.record for each in opened] == made[::-1]
    assert Reading.objects.count() == 1
    assert set(ReadingSubject.objects.values_list("code", flat=True)) == {p.code for p in made}


def test_what_is_not_ones_own_caseload_is_marked(worker: Actor) -> None:
    read(worker, [person(worker, is_mine=False)], ["name"], Purpose.SAFETY, REASON)
    assert not ReadingSubject.objects.get().is_own_caseload


def test_nothing_to_read_is_nothing_written(worker: Actor) -> None:
    assert read(worker, [], FIELDS, Purpose.SAFETY, REASON) == []
    assert not Reading.objects.exists()


@pytest.mark.parametrize("reason", ["", "short", "x" * 1001])
def test_without_a_reason_that_can_be_weighed_nothing_is_opened(
    worker: Actor, made: Person, reason: str
) -> None:
    refused("oversight.reason", lambda: read(worker, [made], FIELDS, Purpose.SAFETY, reason))
    assert not Reading.objects.exists()


def test_strangers_are_refused_and_the_refusal_is_written_down(made: Person) -> None:
    strangers = [
        elsewhere(),
        provider("abroad", country="SEN"),
        provider("other-unit", unit=unit()),
        officer(),
        identification.authority(),
    ]
    for number, stranger in enumerate(strangers, start=1):
        with pytest.raises(PermissionDenied):
            read(stranger, [made], FIELDS, Purpose.SAFETY, REASON)
        refusals = entries("sealed.refused")
        assert len(refusals) == number
        assert refusals[-1].actor_id == str(stranger.user_id)
        assert refusals[-1].facts == {"kind": "person", "codes": [made.code]}
    with pytest.raises(PermissionDenied):
        read(PUBLIC, [made], FIELDS, Purpose.SAFETY, REASON)
    assert not Reading.objects.exists()


def test_one_record_of_others_among_ones_own_refuses_all_and_names_only_it(worker: Actor) -> None:
    own, theirs = person(worker), person(elsewhere(), organisation=organisation("Invented Other"))
    with pytest.raises(PermissionDenied):
        read(worker, [own, theirs], FIELDS, Purpose.SAFETY, REASON)
    (refusal,) = entries("sealed.refused")
    assert refusal.facts["codes"] == [theirs.code]
    assert not Reading.objects.exists()


def test_a_refusal_names_at_most_twenty_records(worker: Actor) -> None:
    made = persons(worker, 22)
    with pytest.raises(PermissionDenied):
        read(elsewhere(), made, FIELDS, Purpose.SAFETY, REASON)
    assert len(entries("sealed.refused")[0].facts["codes"]) == 20


def test_more_than_a_hundred_are_an_export(worker: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_AT_ONCE == 100
    monkeypatch.setattr(readings, "MOST_AT_ONCE", 2)
    made = persons(worker, 3)
    refused("oversight.too-many", lambda: read(worker, made, FIELDS, Purpose.SAFETY, REASON))
    assert len(read(worker, made[:2], FIELDS, Purpose.SAFETY, REASON)) == 2


def test_a_field_that_is_not_sealed_is_not_read(worker: Actor, made: Person) -> None:
    for fields in (["code"], ["name", "no_such_field"], ["data_key"]):
        with pytest.raises(LookupError):
            read(worker, [made], fields, Purpose.SAFETY, REASON)
    assert not Reading.objects.exists()


def test_records_of_two_kinds_are_never_read_together(worker: Actor, made: Person) -> None:
    procedure = identification.procedure(identification.authority())
    with pytest.raises(LookupError):
        read(worker, [made, procedure], ["name"], Purpose.SAFETY, REASON)
    assert not Reading.objects.exists()


def test_what_is_not_a_registered_kind_is_not_read(worker: Actor, made: Person) -> None:
    read(worker, [made], ["name"], Purpose.SAFETY, REASON)
    with pytest.raises(LookupError):
        read(worker, [Reading.objects.get()], ["reason"], Purpose.SAFETY, REASON)


def test_nothing_is_opened_inside_a_transaction_that_could_take_the_reading_back(
    worker: Actor, made: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[object] = []
    monkeypatch.setattr(readings, "open_values", lambda *args: opened.append(args))
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        read(worker, [made], FIELDS, Purpose.SAFETY, REASON)
    assert not opened


def test_nothing_is_opened_when_it_cannot_be_written_down(
    worker: Actor, made: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **facts: object) -> None:
        raise OSError("the disk is full")

    opened: list[object] = []
    monkeypatch.setattr(audit, "record", fail)
    monkeypatch.setattr(readings, "open_values", lambda *args: opened.append(args))
    with pytest.raises(OSError, match="full"):
        read(worker, [made], FIELDS, Purpose.SAFETY, REASON)
    assert not opened
    assert not Reading.objects.exists()


def test_the_reading_is_stored_before_anything_is_opened(
    worker: Actor, made: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def opening(records: list[Person], names: list[str]) -> list[dict[str, str]]:
        seen.append(Reading.objects.count())
        seen.append(AuditEntry.objects.filter(code="sealed.read").count())
        return [dict.fromkeys(names, "") for _ in records]

    monkeypatch.setattr(readings, "open_values", opening)
    read(worker, [made], FIELDS, Purpose.SAFETY, REASON)
    assert seen == [1, 1]


def alter(record: Person, name: str) -> None:
    """Turn one bit of a stored sealed value, as somebody with the disk could."""
    with connection.cursor() as cursor:
        key = record.pk.hex if connection.vendor == "sqlite" else record.pk
        where = "FROM referral_person WHERE id = %s"
        cursor.execute(f"SELECT {name} {where}", [key])
        blob = bytearray(cursor.fetchone()[0])
        blob[-1] ^= 1
        cursor.execute(
            f"UPDATE referral_person SET {name} = %s WHERE id = %s",  # noqa: S608
            [bytes(blob), key],
        )


def test_an_altered_value_is_named_and_raises_an_alert_while_the_others_open(
    worker: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    made = persons(worker, 2)
    alter(made[0], "name")
    rows = list(Person.objects.filter(pk__in=[p.pk for p in made]).order_by("pk"))
    with caplog.at_level(logging.ERROR):
        opened = {
            each.record.pk: each.values
            for each in read(worker, rows, ["name", "safe_contact"], Purpose.SAFETY, REASON)
        }
    assert opened[made[0].pk] == {"name": Unreadable("altered"), "safe_contact": CONTACT}
    assert opened[made[1].pk] == {"name": NAME, "safe_contact": CONTACT}
    assert Reading.objects.get().unreadable == 1
    (entry,) = entries("sealed.altered")
    assert (entry.subject_id, entry.facts) == (str(made[0].pk), {"field": "name"})
    alert = Alert.objects.get(kind=AlertKind.ALTERED_VALUE)
    assert alert.facts == {"kind": "person", "code": made[0].code, "field": "name"}
    assert f"referral.Person {made[0].pk} name" in caplog.text
    assert "Zarquil" not in caplog.text


def test_two_values_put_in_each_others_place_are_altered(worker: Actor) -> None:
    one, two = persons(worker, 2)
    with connection.cursor() as cursor:
        keys = [p.pk.hex if connection.vendor == "sqlite" else p.pk for p in (one, two)]
        cursor.execute(
            "UPDATE referral_person SET name = (SELECT name FROM referral_person WHERE id = %s)"
            " WHERE id = %s",
            keys,
        )
    two.refresh_from_db()
    assert texts(read(worker, [two], ["name"], Purpose.SAFETY, REASON)) == [Unreadable("altered")]


def test_the_same_altered_value_met_again_is_one_alert(worker: Actor, made: Person) -> None:
    alter(made, "name")
    made.refresh_from_db()
    for _ in range(2):
        read(worker, [made], ["name"], Purpose.SAFETY, REASON)
    assert Alert.objects.count() == 1
    assert len(entries("sealed.altered")) == 2


def test_an_erased_value_is_told_as_erased_and_raises_no_alert(worker: Actor) -> None:
    gone, there = persons(worker, 2)
    keyring.destroy(gone.data_key)
    opened = read(worker, [gone, there], FIELDS, Purpose.SAFETY, REASON)
    assert opened[0].values == {"name": Unreadable("erased"), "note": Unreadable("erased")}
    assert opened[1].values == {"name": NAME, "note": NOTE}
    assert [entry.facts["field"] for entry in entries("sealed.erased")] == ["name", "note"]
    assert not Alert.objects.exists()


def test_emergency_access_opens_its_one_record_and_says_so(made: Person) -> None:
    stranger = elsewhere()
    access = break_glass(stranger, "person", made.code, REASON)
    assert texts(read(stranger, [made], ["name"], Purpose.SAFETY, REASON)) == [NAME]
    reading = Reading.objects.get()
    assert (reading.basis, reading.basis_id) == (Basis.BREAK_GLASS, access.pk)


def test_emergency_access_opens_no_other_record_and_none_after_it_ended(
    worker: Actor, made: Person
) -> None:
    stranger, other = elsewhere(), person(worker)
    access = break_glass(stranger, "person", made.code, REASON)
    for records in ([other], [made, other]):
        with pytest.raises(PermissionDenied):
            read(stranger, records, ["name"], Purpose.SAFETY, REASON)
    end_break_glass(stranger, access.pk)
    with pytest.raises(PermissionDenied):
        read(stranger, [made], ["name"], Purpose.SAFETY, REASON)
    assert not Reading.objects.exists()


def test_the_key_store_is_asked_as_often_for_many_records_as_for_one(worker: Actor) -> None:
    made = persons(worker, 5)
    read(worker, made[:1], FIELDS, Purpose.SAFETY, REASON)
    with CaptureQueriesContext(connections["keys"]) as one:
        read(worker, made[:1], FIELDS, Purpose.SAFETY, REASON)
    with CaptureQueriesContext(connections["keys"]) as many:
        read(worker, made, FIELDS, Purpose.SAFETY, REASON)
    assert len(many) == len(one)
