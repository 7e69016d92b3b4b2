"""What a person may know about the own file: what is kept, and what was asked of the desk.

The caller has found the person through `visible_to`. Nothing sealed is opened here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.db import models

from cairn.core.classification import DECLARATIONS, Level
from cairn.core.models import Organisation
from cairn.oversight.models import Hold, SubjectRequest
from cairn.oversight.rules import RequestState
from cairn.oversight.subjects import SubjectKind, kinds
from cairn.referral.models.persons import KIND, Person
from cairn.referral.models.rows import PersonRow


def models_about(person_model: type[models.Model] = Person) -> list[type[models.Model]]:
    """Every table of assistance whose rows are about one person, in order of their names.

    What only helps to compare records, keyed and unreadable, says nothing that could be shown.
    """
    found = [
        model
        for model in apps.get_app_config("referral").get_models()
        if (declared := DECLARATIONS.get(model._meta.label)) is not None
        and declared.highest in {Level.SENSITIVE, Level.SEALED}
        and (link := _link(model)) is not None
        and link.related_model is person_model
        and hasattr(model, "code")
    ]
    return sorted(found, key=lambda model: model._meta.label)


def _link(model: type[models.Model]) -> Any:
    return next((each for each in model._meta.concrete_fields if each.name == "person"), None)


def _organisations(model: type[models.Model]) -> list[str]:
    fields = model._meta.concrete_fields
    return [each.name for each in fields if each.related_model is Organisation]


def kinds_of(model: type[models.Model]) -> SubjectKind | None:
    """The registered kind of the records of `model`, None where nothing in them is sealed."""
    return next((each for each in kinds() if each.model == model._meta.label), None)


def records_about(person: Person) -> Iterator[tuple[type[models.Model], list[Any]]]:
    """Each table with its rows about the person, oldest first; empty ones are left out."""
    for model in models_about():
        rows = model._default_manager.filter(person=person)
        rows = rows.order_by("number" if issubclass(model, PersonRow) else "pk")
        rows = rows.select_related("person", *_organisations(model))
        if found := list(rows):
            yield model, found


@dataclass(frozen=True, slots=True)
class Kept:
    """How many rows of one table are kept about the person, and what they are, in words."""

    about: str
    count: int


def kept(person: Person) -> list[Kept]:
    """What is kept of the person besides the record itself; one query for each table."""
    counted = [
        (model, model._default_manager.filter(person=person).count()) for model in models_about()
    ]
    return [
        Kept(str(DECLARATIONS[model._meta.label].about), count) for model, count in counted if count
    ]


@dataclass(frozen=True, slots=True)
class Asked:
    """A wish of the person at the desk: where it stands and until when it is answered."""

    reference: str
    wish: str
    state: str
    state_words: str
    received_on: date
    answer_by: date

    @property
    def is_open(self) -> bool:
        return self.state != RequestState.NOTIFIED


def asked(person: Person) -> list[Asked]:
    """What was asked of the desk about this record, newest first. One query."""
    rows = SubjectRequest.objects.filter(kind=KIND, code=person.code)
    return [
        Asked(
            row.reference,
            str(row.get_wish_display()),
            row.state,
            str(row.get_state_display()),
            row.received_on,
            row.answer_by,
        )
        for row in rows.order_by("-received_on", "-answer_by", "reference")
    ]


@dataclass(frozen=True, slots=True)
class Held:
    """A legal hold: the record cannot be erased until `ends_on`, None: until it is lifted."""

    ends_on: date | None


def held(person: Person, today: date) -> Held | None:
    """The hold that lasts longest, None where nothing forbids erasure. One query."""
    rows = Hold.objects.live(today).filter(kind=KIND, subject_id=person.pk)
    ends = list(rows.values_list("ends_on", flat=True))
    if not ends:
        return None
    return Held(None if None in ends else max(day for day in ends if day))
