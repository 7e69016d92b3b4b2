"""Sealed fields: what goes in is never seen again but by opening."""

import copy
import json
import logging
import pickle
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core import serializers
from django.db import connection, connections
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext

from cairn.vault import keyring
from cairn.vault.errors import SealedFieldError
from cairn.vault.models import DataKey
from cairn.vault.opening import Unreadable, open_values
from cairn.vault.router import ALIAS
from cairn.vault.tests.models import Note, Person

pytestmark = pytest.mark.django_db
NAME = "Invented Marked-Name"


def new(name: str | None = NAME, **values: Any) -> Person:
    person: Person = Person.objects.create(name=name, **values)
    return person


def new_note(person: Person, **values: Any) -> Note:
    note: Note = Note.objects.create(person=person, data_key=person.data_key, **values)
    return note


def opened(record: Person | Note, name: str = "name") -> object:
    fresh = type(record)._default_manager.get(pk=record.pk)
    return open_values([fresh], [name])[0][name]


def stored(record: Person | Note, column: str = "name") -> bytes:
    with connection.cursor() as cursor:
        statement = f"SELECT {column} FROM {record._meta.db_table} WHERE id = %s"  # noqa: S608
        pk = record._meta.get_field("id").get_db_prep_value(record.pk, connection)
        cursor.execute(statement, [pk])
        return bytes(cursor.fetchone()[0])


def store(record: Person | Note, blob: bytes, column: str = "name") -> None:
    """As somebody with the keys of the database would."""
    with connection.cursor() as cursor:
        statement = f"UPDATE {record._meta.db_table} SET {column} = %s WHERE id = %s"  # noqa: S608
        pk = record._meta.get_field("id").get_db_prep_value(record.pk, connection)
        cursor.execute(statement, [blob, pk])


def test_a_value_is_sealed_at_save_and_opened_again() -> None:
    person = Person.objects.create(name=NAME, needs={"shelter": True})
    assert opened(person) == NAME
    assert opened(person, "needs") == {"shelter": True}
    assert NAME.encode() not in stored(person)


def test_the_same_value_is_never_the_same_ciphertext() -> None:
    one, other = (Person.objects.create(name=NAME) for _ in range(2))
    first = stored(one)
    one.name = NAME
    one.save()
    assert len({first, stored(one), stored(other)}) == 3


@pytest.mark.parametrize("nothing", ["", None])
def test_empty_text_is_no_value(nothing: str | None) -> None:
    person = Person.objects.create(name=nothing)
    fresh = Person.objects.get(pk=person.pk)
    assert not fresh.name
    assert str(fresh.name) == ""
    assert opened(person) == ""
    assert Person.objects.filter(name__isnull=True).count() == 1


@pytest.mark.parametrize("value", [{}, [], "", 0, False])
def test_empty_json_is_a_value_and_none_is_not(value: object) -> None:
    person = Person.objects.create(needs=value)
    assert Person.objects.get(pk=person.pk).needs
    assert opened(person, "needs") == value
    assert opened(Person.objects.create(needs=None), "needs") is None


@pytest.mark.parametrize("value", ["日本語", "‏العربية", "\0", "x" * 100_000])
def test_any_text_comes_back_as_it_was(value: str) -> None:
    assert opened(Person.objects.create(name=value)) == value


def test_text_takes_only_text_and_the_refusal_does_not_repeat_it() -> None:
    for wrong in (b"bytes", 5, ["x"]):
        with pytest.raises(TypeError, match="takes text"):
            Person(name=wrong)
    with pytest.raises(TypeError, match="takes what JSON can hold") as caught:
        Person(needs={"name": {NAME}})
    assert NAME not in str(caught.value)


SHOWN: dict[str, Callable[[Any], object]] = {
    "text": str,
    "repr": repr,
    "format": lambda value: f"{value:>20}",
    "percent": lambda value: "%s %r" % (value, value),  # noqa: UP031 - one of the ways
}


@pytest.mark.parametrize("way", SHOWN)
def test_neither_a_waiting_nor_a_stored_value_shows_itself(way: str) -> None:
    waiting = Person(name=NAME)
    assert NAME not in str(SHOWN[way](waiting.name))
    assert bool(waiting.name)
    waiting.save()
    assert NAME not in str(SHOWN[way](waiting.name))
    assert NAME not in str(SHOWN[way](Person.objects.get().name))


def test_a_waiting_value_is_copied_but_never_written_elsewhere() -> None:
    person = Person(name=NAME)
    for write in (pickle.dumps, json.dumps):
        with pytest.raises((SealedFieldError, TypeError)):
            write(person.name)
    for twin in (copy.copy(person.name), copy.deepcopy(person.name)):
        assert NAME not in repr(twin)
        assert opened(Person.objects.create(name=twin)) == NAME


def test_a_stored_record_pickles_without_its_values() -> None:
    person = Person.objects.create(name=NAME)
    carried = pickle.dumps(Person.objects.get(pk=person.pk).name)
    assert NAME.encode() not in carried


def test_forms_and_serializers_get_nothing() -> None:
    person = Person.objects.create(name=NAME)
    assert "name" not in model_to_dict(person)
    for form in ("json", "python", "xml"):
        with pytest.raises(SealedFieldError, match="serializer"):
            serializers.serialize(form, [person])


def test_values_cannot_be_compared_by_order() -> None:
    person = Person.objects.create(name=NAME)
    with pytest.raises(SealedFieldError, match="no order"):
        sorted([person.name, person.name])


def test_saving_again_keeps_what_was_not_assigned() -> None:
    person = Person.objects.create(name=NAME, phone="5550100")
    fresh = Person.objects.get(pk=person.pk)
    before = stored(fresh)
    fresh.phone = "5550199"
    fresh.save()
    assert stored(fresh) == before
    assert (opened(fresh), opened(fresh, "phone")) == (NAME, "5550199")


def test_deferred_and_refreshed_records_work() -> None:
    person = Person.objects.create(name=NAME, phone="5550100")
    late = Person.objects.defer("name").get()
    assert late.get_deferred_fields() == {"name"}
    assert open_values([late], ["name"]) == [{"name": NAME}]
    only = Person.objects.only("phone").get()
    only.phone = "5550199"
    only.save(update_fields=["phone"])
    person.refresh_from_db()
    assert open_values([person], ["name", "phone"]) == [{"name": NAME, "phone": "5550199"}]
    person.full_clean(exclude=["code"])


def test_many_records_are_stored_with_one_question_for_keys() -> None:
    people = [Person(name=f"{NAME} {number}") for number in range(30)]
    with CaptureQueriesContext(connections[ALIAS]) as asked:
        Person.objects.bulk_create(people)
    assert len({each.data_key for each in people}) == 30
    assert sum("INSERT" in each["sql"] for each in asked.captured_queries) <= 2 + 1
    assert [opened(each) for each in people] == [f"{NAME} {number}" for number in range(30)]


def test_a_list_is_opened_with_one_question_to_the_key_store() -> None:
    Person.objects.bulk_create([Person(name=NAME, phone="5550100") for _ in range(25)])
    people = list(Person.objects.all())
    keyring.forget_warmed()
    with CaptureQueriesContext(connections[ALIAS]) as asked:
        values = open_values(people, ["name", "phone"])
    assert values == [{"name": NAME, "phone": "5550100"}] * 25
    assert len(asked.captured_queries) == 1


def test_opening_refuses_what_is_not_sealed_or_not_saved() -> None:
    with pytest.raises(SealedFieldError, match="not sealed"):
        open_values([Person.objects.create(name=NAME)], ["code"])
    with pytest.raises(SealedFieldError, match="not saved"):
        open_values([Person(name=NAME, data_key=uuid4())], ["name"])
    assert open_values([], ["name"]) == []


def test_a_destroyed_key_makes_every_value_unreadable() -> None:
    person = Person.objects.create(name=NAME)
    note = Note.objects.create(person=person, data_key=person.data_key, name=NAME)
    keyring.destroy(person.data_key)
    assert opened(person) == opened(note) == Unreadable("erased")
    person.name = "somebody else"
    with pytest.raises(Exception, match="was destroyed"):
        person.save()


def test_a_key_that_vanished_is_not_taken_for_an_erasure() -> None:
    person, other = Person.objects.create(name=NAME), Person.objects.create(name=NAME)
    DataKey.objects.filter(pk=person.data_key).delete()
    values = open_values([person, other], ["name"])
    assert values == [{"name": Unreadable("no-key")}, {"name": NAME}]


def swap_rows() -> Person:
    one, other = new(), new("other")
    store(one, stored(other))
    return one


def swap_rows_of_one_key() -> Note:
    person = new()
    one, other = (new_note(person, name=NAME) for _ in range(2))
    store(one, stored(other))
    return one


def swap_fields() -> Person:
    person = new(phone="5550100")
    store(person, stored(person, "phone"))
    return person


def swap_models() -> Note:
    person = new()
    note = new_note(person, pk=person.pk, name="x")
    store(note, stored(person))
    return note


def swap_keys() -> Person:
    one, other = new(), new()
    Person.objects.filter(pk=other.pk).delete()
    with connection.cursor() as cursor:
        pk, key = (
            Person._meta.get_field("id").get_db_prep_value(each, connection)
            for each in (one.pk, other.data_key)
        )
        cursor.execute("UPDATE invented_person SET data_key = %s WHERE id = %s", [key, pk])
    return one


def damage(change: Callable[[bytes], bytes]) -> Callable[[], Person]:
    def done() -> Person:
        person = new()
        store(person, change(stored(person)))
        return person

    return done


TAMPERING: dict[str, Callable[[], Person | Note]] = {
    "rows": swap_rows,
    "rows of one person": swap_rows_of_one_key,
    "fields": swap_fields,
    "models": swap_models,
    "keys": swap_keys,
    "truncated": damage(lambda blob: blob[:-1]),
    "cut to the nonce": damage(lambda blob: blob[:13]),
    "cut in the nonce": damage(lambda blob: blob[:5]),
    "empty": damage(lambda blob: b""),
    "one bit": damage(lambda blob: blob[:-1] + bytes([blob[-1] ^ 1])),
    "nonce": damage(lambda blob: blob[:1] + bytes([blob[1] ^ 1]) + blob[2:]),
    "version": damage(lambda blob: b"\x02" + blob[1:]),
    "plain text": damage(lambda blob: NAME.encode()),
}


@pytest.mark.parametrize("how", TAMPERING)
def test_a_changed_or_moved_ciphertext_is_named_and_the_rest_is_read(
    how: str, caplog: pytest.LogCaptureFixture
) -> None:
    bad = TAMPERING[how]()
    good = type(bad)._default_manager.exclude(pk=bad.pk).first()
    if good is None:
        person = new("well")
        good = (
            person
            if isinstance(bad, Person)
            else Note.objects.create(person=person, data_key=person.data_key, name="well")
        )
    records = [type(bad)._default_manager.get(pk=each.pk) for each in (bad, good)]
    with caplog.at_level(logging.ERROR):
        values = open_values(records, ["name"])
    assert values[0]["name"] == Unreadable("altered")
    assert isinstance(values[1]["name"], str)
    assert "vault.altered" in caplog.text
    assert str(bad.pk) in caplog.text
    assert NAME not in caplog.text


def test_a_sealed_value_does_not_move_to_another_record_or_field() -> None:
    one, other = new(phone="1"), Person.objects.create(name="x")
    with pytest.raises(SealedFieldError, match="another record or field"):
        other.name = Person.objects.get(pk=one.pk).name
    with pytest.raises(SealedFieldError, match="another record or field"):
        one.phone = one.name
    one.name = Person.objects.get(pk=one.pk).name  # its own, read anew
    one.save()
    assert opened(one) == NAME


def test_the_data_key_is_not_changed_in_bulk() -> None:
    new()
    with pytest.raises(SealedFieldError, match="given once"):
        Person.objects.update(data_key=uuid4())
