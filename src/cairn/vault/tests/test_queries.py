"""Sealed columns in queries: read with their record, asked whether they are there, or refused."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import models, transaction
from django.db.models import Case, Count, Exists, F, Max, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce, Length, Upper

from cairn.vault.errors import SealedFieldError
from cairn.vault.opening import open_values
from cairn.vault.tests.models import Note, Ordered, Person

pytestmark = pytest.mark.django_db
NAME = "Invented Marked-Name"
people = Person.objects
notes = Note.objects

REFUSED: dict[str, Callable[[], Any]] = {
    "exact": lambda: people.filter(name=NAME),
    "exact none": lambda: people.filter(name=None),
    "in": lambda: people.filter(name__in=[NAME]),
    "contains": lambda: people.filter(name__icontains="x"),
    "greater": lambda: people.filter(name__gt="a"),
    "regex": lambda: people.filter(name__regex="."),
    "range": lambda: people.filter(name__range=("a", "b")),
    "json key": lambda: people.filter(needs__shelter=True),
    "length": lambda: people.filter(name__length=3),
    "exclude": lambda: people.exclude(name=NAME),
    "or": lambda: people.filter(Q(code="x") | Q(name=NAME)),
    "get": lambda: people.get(name=NAME),
    "get or create": lambda: people.get_or_create(name=NAME),
    "through a key": lambda: notes.filter(person__name=NAME),
    "back through a key": lambda: people.filter(notes__name=NAME),
    "right side": lambda: people.filter(code=F("name")),
    "right side through a key": lambda: notes.filter(pk=F("person__name")),
    "order": lambda: people.order_by("name"),
    "order downwards": lambda: people.order_by("-name"),
    "order by expression": lambda: people.order_by(F("name").asc()),
    "order by function": lambda: people.order_by(Upper("name")),
    "order through a key": lambda: notes.order_by("person__name"),
    "order of ids only": lambda: people.order_by("name").values("pk"),
    "order of listed": lambda: people.values("pk", "name").order_by("name"),
    "latest": lambda: people.latest("name"),
    "order of the model": lambda: Ordered.objects.all(),
    "values": lambda: people.values("name"),
    "values list": lambda: people.values_list("name", flat=True),
    "all values": lambda: people.values(),
    "values through a key": lambda: notes.values("person__name"),
    "distinct values": lambda: people.values("name").distinct(),
    "distinct on it": lambda: people.distinct("name"),
    "group": lambda: people.values("name").annotate(Count("pk")),
    "group and hide": lambda: people.values("name").annotate(n=Count("pk")).values("n"),
    "alias": lambda: people.annotate(other=F("name")),
    "alias hidden": lambda: people.alias(other=F("name")).filter(other="x"),
    "function": lambda: people.annotate(other=Length("name")),
    "nested function": lambda: people.annotate(other=Coalesce(Upper("name"), Value("x"))),
    "case": lambda: people.annotate(other=Case(When(code="x", then=F("name")))),
    "count of it": lambda: people.annotate(n=Count("notes__name")),
    "aggregate": lambda: people.aggregate(Max("name")),
    "aggregate count": lambda: people.aggregate(Count("name")),
    "aggregate distinct": lambda: people.distinct().aggregate(Max("name")),
    "in a list of it": lambda: people.filter(pk__in=notes.values("name")),
    "outer": lambda: people.filter(Exists(notes.filter(pk=OuterRef("name")))),
    "update": lambda: people.update(name=NAME),
    "update to nothing": lambda: people.update(name=None),
    "update by expression": lambda: people.update(name=Value("x")),
    "update from another": lambda: people.update(name=F("phone")),
    "another from it": lambda: people.update(code=F("name")),
    "update by token": lambda: people.update(name=people.first().name),
    "bulk update": lambda: people.bulk_update([people.first()], ["name"]),
}


@pytest.fixture
def person() -> Person:
    person: Person = people.create(name=NAME, code="A")
    notes.create(person=person, data_key=person.data_key, name="x")
    return person


def answers(question: Callable[[], Any]) -> None:
    answer = question()
    if isinstance(answer, models.QuerySet):
        list(answer)


@pytest.mark.parametrize("how", REFUSED)
def test_the_database_is_never_asked_about_the_content(person: Person, how: str) -> None:
    with pytest.raises(SealedFieldError, match="sealed"), transaction.atomic():
        answers(REFUSED[how])
    assert open_values([people.get(pk=person.pk)], ["name"]) == [{"name": NAME}]


def test_a_plain_manager_refuses_as_well(person: Person) -> None:
    plain: models.QuerySet[Person] = models.QuerySet(Person)
    for values in ({"name": NAME}, {"name": None}, {"name": person.name}, {"name": Value("x")}):
        with pytest.raises(SealedFieldError, match="sealed"):
            plain.update(**values)
    with pytest.raises(SealedFieldError, match="sealed"):
        plain.bulk_update([person], ["name"])


ALLOWED: dict[str, Callable[[], Any]] = {
    "is there": lambda: people.filter(name__isnull=False),
    "is there through a key": lambda: notes.filter(person__name__isnull=False),
    "is there, in a subquery": lambda: people.filter(
        Exists(notes.filter(person=OuterRef("pk"), name__isnull=False))
    ),
    "is there, as a column": lambda: people.annotate(
        has=Case(When(name__isnull=False, then=Value(1)), default=Value(0))
    ).filter(has=1),
    "is there, as values": lambda: people.annotate(has=Q(name__isnull=False)).values("pk", "has"),
    "whole records once": lambda: people.filter(notes__isnull=False).distinct(),
    "with related": lambda: notes.select_related("person"),
    "counted children": lambda: people.annotate(n=Count("notes")),
    "union": lambda: people.filter(code="A").union(people.filter(code="B")),
    "of others": lambda: people.filter(pk__in=notes.values("person")),
    "whole as subquery": lambda: people.filter(pk__in=people.filter(code="A")),
    "slice": lambda: people.order_by("code")[:5],
    "lock": lambda: people.select_for_update().filter(code="A"),
}


@pytest.mark.parametrize("how", ALLOWED)
def test_what_does_not_touch_the_content_works(person: Person, how: str) -> None:
    assert len(ALLOWED[how]()) == 1


def test_counts_exist_and_other_columns_work(person: Person) -> None:
    assert people.count() == people.distinct().count() == 1
    assert people.filter(name__isnull=False).exists()
    assert people.filter(pk=person.pk).update(code="B") == 1
    assert people.values_list("code", flat=True).get() == "B"
    person.refresh_from_db()
    people.bulk_update([person], ["code"])
    raw = list(people.raw("SELECT * FROM invented_person"))
    assert open_values(raw, ["name"]) == [{"name": NAME}]
    related = notes.select_related("person").get()
    assert open_values([related.person], ["name"]) == [{"name": NAME}]
    assert people.all().delete()[0] == 2
