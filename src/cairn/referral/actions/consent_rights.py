"""What a person asks about the own file: a wish goes to the desk, a copy is made for the person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import models, transaction

from cairn.access.permissions import Permission, require
from cairn.core import audit
from cairn.core.actor import Actor
from cairn.oversight.actions import readings
from cairn.oversight.actions.desk import pass_on_request
from cairn.oversight.actions.readings import MOST_AT_ONCE, Opened
from cairn.oversight.models import SubjectRequest
from cairn.oversight.models.desk import Wish
from cairn.oversight.rules import Purpose
from cairn.oversight.subjects import SubjectKind
from cairn.referral.actions.rows import locked
from cairn.referral.models.persons import Person
from cairn.referral.queries import consent_rights as queries
from cairn.referral.subjects import PERSON


@transaction.atomic
def pass_on_wish(
    actor: Actor, code: str, wish: Wish, *, received_on: date, safe_channel: str, statement: str
) -> SubjectRequest:
    """Pass on to the desk what the person wishes; also about a closed record.

    The answer goes through the safe channel only. Raises Person.DoesNotExist, PermissionDenied,
    RuleBroken ("request.future").
    """
    person = locked(actor, code)
    request = pass_on_request(
        actor,
        wish,
        person,
        received_on=received_on,
        safe_channel=safe_channel,
        statement=statement,
    )
    audit.record(actor, "rights.passed_on", person, wish=wish.value)
    return request


@dataclass(frozen=True, slots=True)
class Part:
    """One table of the file: its rows, and by id what was sealed in them and is opened now.

    A row without an entry has nothing sealed, or nothing that the actor may open.
    """

    model: type[models.Model]
    rows: Sequence[Any]
    opened: Mapping[UUID, Opened]


def open_file(actor: Actor, code: str, reason: str) -> list[Part]:
    """Open all that is kept of a person, once, because the person asked what is kept.

    Each kind of record is one reading, or more where there are very many rows; each is written
    down before anything of it is opened. Not inside a transaction. Raises Person.DoesNotExist,
    PermissionDenied, RuleBroken ("oversight.reason").
    """
    person = Person.objects.visible_to(actor).get(code=code)
    require(actor, Permission.PERSON_OPEN, within=person)
    parts = [Part(Person, [person], _opened(actor, PERSON, [person], reason))]
    for model, rows in queries.records_about(person):
        kind = queries.kinds_of(model)
        parts.append(Part(model, rows, _opened(actor, kind, rows, reason) if kind else {}))
    with transaction.atomic():
        rows_kept = sum(len(part.rows) for part in parts)
        audit.record(actor, "rights.file_made", person, rows=rows_kept)
    return parts


def _opened(
    actor: Actor, kind: SubjectKind, rows: Sequence[Any], reason: str
) -> dict[UUID, Opened]:
    """The opened rows by id; those that the actor may not open stay closed."""
    allowed = [
        row
        for row in rows
        if actor.may_within(kind.open, row.organisation_id, row.unit_id, row.country)
    ]
    return {
        opened.record.pk: opened
        for first in range(0, len(allowed), MOST_AT_ONCE)
        for opened in readings.read(
            actor,
            allowed[first : first + MOST_AT_ONCE],
            list(kind.sealed),
            Purpose.SUBJECT_REQUEST,
            reason,
        )
    }
