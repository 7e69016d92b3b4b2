"""How each kind of record is written on its way to a kit and back: which fields, which parents.

What is not named here does not leave: contacts, service numbers, accounts, costs, projects.
"""

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
from cairn.core.models import Organisation
from cairn.training import models as training
from cairn.training.bundles.envelopes import Envelope
from cairn.training.bundles.merging import Kinds

REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of record.

    `fields`: those that travel, beside the id; `many`: many-to-many ones; `sealed`: names, opened
    with a reason before they travel; `back`: the fields that a kit may change, None: all of them;
    `clocked`: moments by the kit's clock; `event`: the way to the event's id, "" when the record
    belongs to no single event; `parts`: records that live inside this one, by their name in it;
    `loose`: parents without which the record is taken all the same.
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

    @property
    def rows(self) -> models.QuerySet[Any]:
        rows: models.QuerySet[Any] = self.model._default_manager.all()
        return rows


RESPONSE = Shape(
    "response",
    training.Response,
    (
        "sitting",
        "item",
        "answer",
        "mark",
        "marked_by",
        "second_mark",
        "second_marked_by",
        "answered_at",
    ),
    clocked=("answered_at",),
)

# In the order in which they can be made: parents first.
SHAPES: tuple[Shape, ...] = (
    Shape(
        "organisation", Organisation, ("slug", "name", "short_name", "kind", "country", "is_demo")
    ),
    Shape(
        "agency",
        training.Agency,
        ("type", "is_institution", "owns_curriculum", "recognition"),
    ),
    Shape("objective", training.LearningObjective, ("code", "competency", "texts")),
    Shape("module", training.Module, ("code", "title", "family", "owner")),
    Shape(
        "version",
        training.ModuleVersion,
        (
            "module",
            "major",
            "minor",
            "state",
            "hours",
            "methods",
            "outline",
            "summary",
            "change_note",
            "content_hash",
            "frozen_at",
        ),
        many=("objectives",),
    ),
    Shape(
        "variant",
        training.LanguageVariant,
        ("version", "language", "title", "summary", "outline", "source_hash", "updated_at"),
    ),
    Shape(
        "plan",
        training.CoursePlan,
        ("code", "title", "minimum_minutes_share", "cut_score", "tasks", "timetable"),
    ),
    Shape("plan-item", training.CoursePlanItem, ("plan", "version", "position")),
    Shape(
        "edition",
        training.CoursePlanEdition,
        ("plan", "number", "content", "digest", "frozen_at"),
        many=("versions",),
    ),
    Shape(
        "event",
        training.TrainingEvent,
        (
            "reference",
            "kind",
            "title",
            "state",
            "participation",
            "organisation",
            "country",
            "place_countries",
            "from_countries",
            "place",
            "area",
            "starts",
            "ends",
            "time_zone",
            "languages",
            "plan",
            "edition",
            "seats",
            "is_generation_root",
            "join_code",
            "changes",
            "created_at",
        ),
        many=("versions",),
        back=("title", "state", "place", "starts", "ends", "time_zone", "languages", "seats"),
        event="pk",
    ),
    Shape("party", training.EventParty, ("event", "organisation", "role"), event="event_id"),
    Shape(
        "practitioner",
        training.Practitioner,
        (
            "code",
            "organisation",
            "agency",
            "country",
            "area",
            "sex",
            "profession",
            "languages",
            "is_highly_sensitive",
            "entered_on",
            "keep_until",
        ),
        sealed=("name", "name_latin"),
        loose=("organisation", "agency"),
    ),
    Shape(
        "session",
        training.TrainingSession,
        (
            "event",
            "position",
            "title",
            "module_version",
            "method",
            "room",
            "starts_at",
            "ends_at",
            "actual_starts_at",
            "actual_ends_at",
            "marks_open_from",
            "marks_open_until",
        ),
        many=("objectives",),
        clocked=("actual_starts_at", "actual_ends_at", "marks_open_from", "marks_open_until"),
        event="event_id",
    ),
    Shape(
        "material",
        training.Material,
        ("event", "session", "title", "language", "link", "note"),
        event="event_id",
    ),
    Shape(
        "staffing",
        training.Staffing,
        ("event", "practitioner", "role", "supervised_by", "hours"),
        many=("sessions",),
        event="event_id",
    ),
    Shape(
        "enrolment",
        training.Enrolment,
        (
            "event",
            "practitioner",
            "personal_code",
            "agency",
            "country",
            "sex",
            "profession",
            "language",
            "forms",
            "state",
            "enrolled_at",
            "completed_on",
            "minutes_present",
            "override_reason",
            "override_by",
        ),
        loose=("agency",),
        event="event_id",
    ),
    Shape("question", training.Question, ("code", "objective", "type", "is_retired")),
    Shape(
        "question-version",
        training.QuestionVersion,
        (
            "question",
            "number",
            "content",
            "key",
            "rubric",
            "rationale",
            "maximum",
            "created_at",
            "frozen_at",
        ),
    ),
    Shape("blueprint", training.TestBlueprint, ("plan", "title", "counts")),
    Shape("form", training.TestForm, ("blueprint", "letter", "edition", "cut_score", "frozen_at")),
    Shape("form-item", training.FormItem, ("form", "version", "position", "maximum", "is_anchor")),
    Shape(
        "window",
        training.TestWindow,
        ("event", "blueprint", "form_edition", "wave", "opened_at", "closed_at", "released_at"),
        clocked=("opened_at", "closed_at", "released_at"),
        event="event_id",
    ),
    Shape("instrument", training.Instrument, ("code", "kind", "title", "questions")),
    Shape(
        "wave",
        training.SurveyWave,
        ("event", "instrument", "months", "opens_on", "closes_on"),
        event="event_id",
    ),
    Shape(
        "invitation",
        training.SurveyInvitation,
        (
            "wave",
            "enrolment",
            "is_supervisor",
            "token_digest",
            "state",
            "answered_on",
            "reminders",
        ),
        event="wave__event_id",
    ),
    Shape(
        "mark",
        training.AttendanceMark,
        (
            "event",
            "session",
            "enrolment",
            "kind",
            "means",
            "at",
            "offset_seconds",
            "device",
            "sequence",
            "corrects",
            "recorded_by",
            "received_at",
        ),
        event="event_id",
    ),
    Shape(
        "sitting",
        training.TestSitting,
        (
            "event",
            "enrolment",
            "form",
            "wave",
            "means",
            "language",
            "started_at",
            "handed_in_at",
            "needs_marking",
            "mark",
            "maximum",
            "origin",
        ),
        clocked=("started_at", "handed_in_at"),
        event="event_id",
        parts={"responses": RESPONSE},
    ),
    Shape(
        "keyed-sheet",
        training.KeyedSheet,
        (
            "event",
            "enrolment",
            "form",
            "wave",
            "entry",
            "answers",
            "keyed_by",
            "keyed_at",
            "settled_at",
        ),
        event="event_id",
    ),
    Shape(
        "rating",
        training.PracticalRating,
        ("event", "enrolment", "task", "rating", "assessor_id", "comment", "rated_at"),
        event="event_id",
    ),
    Shape(
        "observation",
        training.Observation,
        (
            "practitioner",
            "event",
            "kind",
            "observer_id",
            "observed_on",
            "scores",
            "verdict",
            "is_passed",
            "comment",
        ),
        event="event_id",
    ),
    Shape(
        "survey-answer",
        training.SurveyResponse,
        ("wave", "is_supervisor", "language", "sex", "country", "answers", "answered_on"),
        event="wave__event_id",
    ),
    Shape(
        "refusal",
        training.RefusedRecord,
        (
            "record_id",
            "kind",
            "event",
            "content",
            "digest",
            "origin",
            "reason_code",
            "reason",
            "received_at",
            "resolved_at",
            "resolved_by",
            "resolution",
        ),
        event="event_id",
    ),
)
BY_KIND = {shape.kind: shape for shape in SHAPES}

# What a kit may bring home. Everything else is there to be read only.
KINDS = Kinds(
    appended=frozenset(
        {"mark", "observation", "organisation", "rating", "refusal", "survey-answer"}
    ),
    owned=frozenset(
        {
            "enrolment",
            "event",
            "invitation",
            "keyed-sheet",
            "material",
            "practitioner",
            "session",
            "sitting",
            "staffing",
            "window",
        }
    ),
)


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
        setattr(record, name, described.to_python(value))


def _value(record: models.Model, name: str) -> Any:
    described = record._meta.get_field(name)
    return getattr(record, f"{name}_id" if described.is_relation else name)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    return value
