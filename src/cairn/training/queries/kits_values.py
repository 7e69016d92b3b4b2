"""Records as values on their way: written so that JSON holds them, read so that each is checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.training.bundles.envelopes import Envelope

# In the content of a record that a kit removed, instead of its values.
REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of record.

    `fields`: those that travel, beside the id; `many`: many-to-many ones; `sealed`: names, opened
    with a reason before they travel; `back`: the fields that a kit may change, None: all of them;
    `clocked`: moments by the kit's clock; `event`: the way to the event's id, "" when the record
    belongs to no single event; `parts`: records that live inside this one, by their name in it;
    `loose`: parents without which the record is taken all the same; `inside`: for a part, the field
    that points to the record which holds it.
    """

    kind: str
    model: type[models.Model]
    fields: tuple[str, ...]
    many: tuple[str, ...] = ()
    sealed: tuple[str, ...] = ()
    back: tuple[str, ...] | None = None
    clocked: tuple[str, ...] = ()
    event: str = ""
    parts: Mapping[str, "Shape"] = field(default_factory=dict)
    loose: tuple[str, ...] = ()
    inside: str = ""

    @property
    def rows(self) -> models.QuerySet[Any]:
        rows: models.QuerySet[Any] = self.model._default_manager.all()
        return rows


def content_of(
    shape: Shape, record: models.Model, opened: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The values of `record` as JSON holds them. `opened`: its sealed values, in plain."""
    content = {name: _plain(_value(record, name)) for name in shape.fields}
    for name in shape.many:
        content[name] = sorted(str(each.pk) for each in getattr(record, name).all())
    for name, part in shape.parts.items():
        rows = sorted(getattr(record, name).all(), key=lambda row: str(row.pk))
        content[name] = [{"id": str(row.pk)} | content_of(part, row) for row in rows]
    if shape.sealed and opened is not None:
        content |= {name: opened.get(name, "") for name in shape.sealed}
    return content


def going_back(shape: Shape, content: Mapping[str, Any]) -> dict[str, Any]:
    """The part of `content` that a kit may change."""
    if shape.back is None:
        return dict(content)
    return {name: content[name] for name in shape.back if name in content}


def needs_of(shape: Shape, content: Mapping[str, Any], own: UUID) -> tuple[UUID, ...]:
    """Ids of the records that `content` points to, without the record itself.

    Raises RuleBroken ("record.invalid") for what is no id.
    """
    if content.get(REMOVED):
        return ()
    found: set[UUID] = set()
    try:
        for name in shape.fields:
            if name in shape.loose or not content.get(name):
                continue
            if shape.model._meta.get_field(name).is_relation:
                found.add(UUID(content[name]))
        for name in shape.many:
            found |= {UUID(each) for each in content.get(name, [])}
        for name, part in shape.parts.items():
            for row in content.get(name, []):
                found |= set(needs_of(part, row, own))
    except (ValueError, TypeError, AttributeError):
        raise invalid() from None
    return tuple(sorted(found - {own}))


def envelope_of(
    shape: Shape, id: UUID, content: Mapping[str, Any], owner: str, sequence: int
) -> Envelope:
    return Envelope(shape.kind, id, owner, sequence, content, needs_of(shape, content, id))


def restored(shape: Shape, record: models.Model, content: Mapping[str, Any]) -> list[str]:
    """Put `content` into `record` (unsaved or found), and check each field.

    Returns the names of the fields that were set. Raises RuleBroken ("record.invalid").
    """
    names = []
    try:
        for name in (*shape.fields, *shape.sealed):
            if name in content:
                _put(record, name, content[name])
                names.append(name)
        skipped = [each.name for each in record._meta.concrete_fields if each.name not in names]
        relations = [each for each in names if _is_relation(record, each)]
        record.clean_fields(exclude={*skipped, *relations, *shape.sealed})
    except ValidationError as problem:
        if not hasattr(problem, "error_dict"):
            raise invalid() from None
        field_name, messages = next(iter(problem.message_dict.items()))
        raise invalid(field_name, str(messages[0])) from None
    except (TypeError, ValueError, ArithmeticError):
        raise invalid() from None
    return names


def invalid(field_name: str = "", message: str = "") -> RuleBroken:
    """The refusal of a record whose content does not fit."""
    if not field_name:
        return RuleBroken("record.invalid", _("A value of this record is not of its kind."))
    return RuleBroken(
        "record.invalid",
        _("The value of “%(field)s” does not fit: %(reason)s")
        % {"field": field_name, "reason": message},
    )


def _is_relation(record: models.Model, name: str) -> bool:
    return bool(record._meta.get_field(name).is_relation)


def _put(record: models.Model, name: str, value: Any) -> None:
    described = record._meta.get_field(name)
    if described.is_relation:
        setattr(record, f"{name}_id", None if value is None else UUID(value))
    elif not isinstance(described, models.Field):
        raise ValueError(name)
    else:
        found = described.to_python(value)
        if isinstance(found, datetime) and found.tzinfo is None:
            raise ValueError(name)
        setattr(record, name, found)


def _value(record: models.Model, name: str) -> Any:
    described = record._meta.get_field(name)
    return getattr(record, f"{name}_id" if described.is_relation else name)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    return value
