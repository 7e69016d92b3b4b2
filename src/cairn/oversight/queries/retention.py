"""Whose time is over: records about people by kind, and every other declared table by count."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When

from cairn.core import clock, retention_rules
from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.oversight.models import Erasure, Hold
from cairn.oversight.rules import ErasureState
from cairn.oversight.subjects import SubjectKind, kind


@dataclass(frozen=True, slots=True)
class Due:
    """A record whose time is over. `is_held`: a legal hold keeps it; `is_asked`: to be erased."""

    code: str
    keep_until: date
    organisation: str
    is_held: bool
    is_asked: bool


def due(subject: SubjectKind, today: date) -> QuerySet[Any]:
    """Records of a kind whose time is over on `today`, oldest first."""
    return subject.every().filter(keep_until__lt=today).order_by("keep_until", "pk")


def due_count(subject: SubjectKind, today: date) -> int:
    return due(subject, today).order_by().count()


def rows(records: list[Any], subject: SubjectKind) -> list[Due]:
    """One page of due records with what is known of them; four queries."""
    ids = [record.pk for record in records]
    held = set(
        Hold.objects.live(clock.now().date())
        .filter(kind=subject.key, subject_id__in=ids)
        .values_list("subject_id", flat=True)
    )
    asked = set(
        Erasure.objects.filter(
            kind=subject.key,
            subject_id__in=ids,
            state__in=[ErasureState.ASKED, ErasureState.APPROVED],
        ).values_list("subject_id", flat=True)
    )
    names = {
        each.pk: each.display_name
        for each in Organisation.objects.filter(
            pk__in={record.organisation_id for record in records}
        )
    }
    return [
        Due(
            record.code,
            record.keep_until,
            names.get(record.organisation_id, ""),
            record.pk in held,
            record.pk in asked,
        )
        for record in records
    ]


def tables_due(today: date) -> list[tuple[str, str, int]]:
    """(what, why so long, how many) of every other declared table with rows past their time."""
    return [
        (str(each.declaration.about), str(each.declaration.retention.source), each.count)
        for each in retention_rules.due(today)
        if each.count
    ]


def record(key: str, code: str) -> Any:
    """A record of any kind by its code. Raises LookupError or the model's DoesNotExist."""
    return kind(key).every().get(code=code.strip().upper())


def holds(actor: Actor) -> QuerySet[Hold]:
    """Holds that keep a record today first, the newest first."""
    live = Hold.objects.live(clock.now().date()).values("pk")
    is_over = Case(When(pk__in=live, then=Value(0)), default=Value(1), output_field=IntegerField())
    return Hold.objects.visible_to(actor).order_by(is_over, "-placed_at", "pk")
