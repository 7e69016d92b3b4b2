"""Sealed fields: what goes in is never seen again but by opening."""

import pytest

from cairn.vault import keyring
from cairn.vault.opening import Unreadable, open_values
from cairn.vault.tests.models import Note, Person

pytestmark = pytest.mark.django_db
NAME = "Invented Marked-Name"


def opened(record: Person | Note, name: str = "name") -> object:
    return open_values([type(record)._default_manager.get(pk=record.pk)], [name])[0][name]


def test_a_value_is_sealed_at_save_and_opened_again() -> None:
    person = Person.objects.create(name=NAME, needs={"shelter": True})
    assert opened(person) == NAME
    assert opened(person, "needs") == {"shelter": True}
    assert opened(person, "phone") == ""


def test_a_destroyed_key_makes_every_value_unreadable() -> None:
    person = Person.objects.create(name=NAME)
    note = Note.objects.create(person=person, data_key=person.data_key, name=NAME)
    keyring.destroy(person.data_key)
    assert opened(person) == opened(note) == Unreadable("erased")
