"""Which records of an event go to a kit, and which of a kit's go home."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from cairn.core.models import Organisation
from cairn.training import models as training
from cairn.training.bundles.envelopes import SERVER, Envelope, canonical
from cairn.training.models import KitSelf, Practitioner, ReceivedRecord, TrainingEvent
from cairn.training.queries.kits_shapes import BY_KIND, KINDS, SHAPES
from cairn.training.queries.kits_values import REMOVED, Shape, content_of, envelope_of, going_back

# Kinds of rows in the ledger of a kit: what came from home, what was packed in which version, and
# what a receipt answered. ALIAS: another machine's id of an organisation that is here already.
HOME, PACKED, ANSWERED, ALIAS = "home:", "out:", "answered:", "alias"
# A mark, also in the ledger of what phones sent; and in its content the hash of what was sent.
MARK, SENT = "mark", "sent"
# Names travel as plain text inside the encryption: practitioner's id -> field -> text.
Names = Mapping[UUID, Mapping[str, str]]


def persons_of(event: TrainingEvent) -> list[Practitioner]:
    """Everybody who takes part in the event or staffs it, by code. One query."""
    enrolled = training.Enrolment.objects.filter(event=event).values("practitioner")
    staffed = training.Staffing.objects.filter(event=event).values("practitioner")
    rows = Practitioner.objects.filter(Q(pk__in=enrolled) | Q(pk__in=staffed))
    return list(rows.filter(erased_on=None).order_by("code"))


def leaving(event: TrainingEvent) -> dict[str, QuerySet[Any]]:
    """Kind -> the records that leave with the event, closed under what they point to."""
    people = [each.pk for each in persons_of(event)]
    blueprints = training.TestBlueprint.objects.filter(
        Q(windows__event=event)
        | Q(forms__sittings__event=event)
        | Q(pk__in=training.KeyedSheet.objects.filter(event=event).values("form__blueprint"))
    ).distinct()
    forms = training.TestForm.objects.filter(blueprint__in=blueprints)
    items = training.FormItem.objects.filter(form__in=forms)
    plans = [each for each in (event.plan_id,) if each]
    versions = set(event.versions.values_list("pk", flat=True))
    versions |= set(event.sessions.values_list("module_version", flat=True)) - {None}
    versions |= set(
        training.CoursePlanItem.objects.filter(plan__in=plans).values_list("version", flat=True)
    )
    if event.edition is not None:
        versions |= set(event.edition.versions.values_list("pk", flat=True))
    modules = training.Module.objects.filter(versions__in=versions).distinct()
    objectives = set(
        training.LearningObjective.objects.filter(versions__in=versions).values_list(
            "pk", flat=True
        )
    )
    for session in event.sessions.prefetch_related("objectives"):
        objectives |= {each.pk for each in session.objectives.all()}
    questions = training.Question.objects.filter(versions__items__in=items).distinct()
    objectives |= set(questions.values_list("objective", flat=True)) - {None}
    plans += [each for each in blueprints.values_list("plan", flat=True) if each]
    rows: dict[str, QuerySet[Any]] = {
        "organisation": Organisation.objects.filter(pk__in=_organisations(event, people, modules)),
        "objective": training.LearningObjective.objects.filter(pk__in=objectives),
        "module": modules,
        "version": training.ModuleVersion.objects.filter(pk__in=versions),
        "variant": training.LanguageVariant.objects.filter(version__in=versions),
        "plan": training.CoursePlan.objects.filter(pk__in=plans),
        "plan-item": training.CoursePlanItem.objects.filter(
            plan__in=[event.plan_id] if event.plan_id else []
        ),
        "edition": training.CoursePlanEdition.objects.filter(
            pk__in=[event.edition_id] if event.edition_id else []
        ),
        "event": TrainingEvent.objects.filter(pk=event.pk),
        "practitioner": Practitioner.objects.filter(pk__in=people),
        "enrolment": training.Enrolment.objects.filter(event=event, practitioner__in=people),
        "staffing": training.Staffing.objects.filter(event=event, practitioner__in=people),
        "question": questions,
        "question-version": training.QuestionVersion.objects.filter(items__in=items).distinct(),
        "blueprint": blueprints,
        "form": forms.distinct(),
        "form-item": items.distinct(),
        "instrument": training.Instrument.objects.filter(waves__event=event).distinct(),
    }
    rows["agency"] = training.Agency.objects.filter(pk__in=rows["organisation"].values("pk"))
    return rows | _of_event(event, people)


def _of_event(event: TrainingEvent, people: list[UUID]) -> dict[str, QuerySet[Any]]:
    """What hangs on the event alone. Of those who were erased nothing leaves."""
    kept = {"event": event, "enrolment__practitioner__in": people}
    return {
        "party": training.EventParty.objects.filter(event=event),
        "session": training.TrainingSession.objects.filter(event=event),
        "material": training.Material.objects.filter(event=event),
        "window": training.TestWindow.objects.filter(event=event),
        "wave": training.SurveyWave.objects.filter(event=event),
        "invitation": training.SurveyInvitation.objects.filter(
            wave__event=event, enrolment__practitioner__in=people
        ),
        "mark": training.AttendanceMark.objects.filter(**kept),
        "sitting": training.TestSitting.objects.filter(**kept).prefetch_related(
            "responses__markings"
        ),
        "keyed-sheet": training.KeyedSheet.objects.filter(**kept),
        "rating": training.PracticalRating.objects.filter(**kept),
        "observation": training.Observation.objects.filter(event=event, practitioner__in=people),
        "survey-answer": training.SurveyResponse.objects.none(),
        "refusal": training.RefusedRecord.objects.none(),
    }


def _organisations(event: TrainingEvent, people: list[UUID], modules: QuerySet[Any]) -> set[UUID]:
    found: set[UUID | None] = {event.organisation_id}
    found |= set(event.parties.values_list("organisation", flat=True))
    found |= set(event.enrolments.values_list("agency", flat=True))
    found |= set(modules.values_list("owner", flat=True))
    persons = Practitioner.objects.filter(pk__in=people)
    for pair in persons.values_list("organisation", "agency"):
        found |= set(pair)
    return {each for each in found if each is not None}


def pack_out(event: TrainingEvent, names: Names) -> list[Envelope]:
    """Everything that a kit needs for `event`, parents first. `names`: opened, or empty."""
    rows = leaving(event)
    return [
        envelope_of(
            shape, record.pk, content_of(shape, record, names.get(record.pk, {})), SERVER, 1
        )
        for shape in SHAPES
        for record in _whole(shape, rows[shape.kind])
    ]


def _whole(shape: Shape, rows: QuerySet[Any]) -> Iterator[Any]:
    ordered = rows.prefetch_related(*shape.many) if shape.many else rows
    if shape.kind != "staffing":
        return iter(ordered)
    # Whoever is supervised comes after the one who supervises.
    found = list(ordered)
    return iter(sorted(found, key=lambda each: each.supervised_by_id is not None))


# -- on the kit ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """A record of the kit that goes home. `version`: a hash of what it says, without names; ""
    for what is never changed. `sequence`: of this version, 0 when it was not packed before.
    """

    shape: Shape
    id: UUID
    content: Mapping[str, Any]
    version: str
    sequence: int


def changes(carried: KitSelf) -> list[Change]:
    """What was made or changed on this kit since the event came, parents first, without names."""
    event = carried.event
    rows = leaving(event) | {
        "survey-answer": training.SurveyResponse.objects.filter(wave__event=event),
        "refusal": training.RefusedRecord.objects.filter(event=event),
    }
    at_home = ledger(event, HOME)
    packed = ledger(event, PACKED)
    back = aliases_back()
    sent = sent_marks(event)
    found = []
    for shape in SHAPES:
        if shape.kind not in KINDS.all:
            continue
        came = at_home.pop(shape.kind, {})
        for record in _whole(shape, rows[shape.kind]):
            before = came.pop(record.pk, None)
            change = _change(shape, record, packed.get(shape.kind, {}), back, sent)
            if before is None or (
                shape.kind in KINDS.owned and before.digest != digest_of(change.content)
            ):
                found.append(change)
        if shape.kind in KINDS.owned:
            found += [_removed(shape, id, packed.get(shape.kind, {})) for id in came]
    return found


def _change(
    shape: Shape,
    record: Model,
    packed: Mapping[UUID, ReceivedRecord],
    back: Mapping[str, str],
    sent: Mapping[UUID, str],
) -> Change:
    id: UUID = record.pk
    content = going_back(shape, renamed(content_of(shape, record), back))
    if shape.kind == MARK and id in sent:
        content[SENT] = sent[id]
    if shape.kind in KINDS.appended:
        return Change(shape, id, content, "", 1)
    seals = [getattr(record, name).mark() for name in shape.sealed]
    version = hashlib.sha256(canonical([content, seals])).hexdigest()
    return Change(shape, id, content, version, _sequence(packed, id, version))


def _removed(shape: Shape, id: UUID, packed: Mapping[UUID, ReceivedRecord]) -> Change:
    content = {REMOVED: True}
    version = hashlib.sha256(canonical(content)).hexdigest()
    return Change(shape, id, content, version, _sequence(packed, id, version))


def _sequence(packed: Mapping[UUID, ReceivedRecord], id: UUID, version: str) -> int:
    row = packed.get(id)
    return row.sequence if row is not None and row.digest == version else 0


def ledger(event: TrainingEvent, prefix: str) -> dict[str, dict[UUID, ReceivedRecord]]:
    """Rows of the ledger of one sort: kind -> id -> row. One query."""
    found: dict[str, dict[UUID, ReceivedRecord]] = {}
    for row in ReceivedRecord.objects.filter(event=event, kind__startswith=prefix):
        found.setdefault(row.kind.removeprefix(prefix), {})[row.record_id] = row
    return found


def sent_marks(event: TrainingEvent) -> dict[UUID, str]:
    """Marks that phones sent here: id -> hash of what was sent, so that home knows them too."""
    rows = ReceivedRecord.objects.filter(event=event, kind=MARK)
    return dict(rows.values_list("record_id", "digest"))


def aliases() -> dict[str, str]:
    """Another machine's id -> ours, of organisations that both knew already."""
    rows = ReceivedRecord.objects.filter(kind=ALIAS).values_list("record_id", "origin")
    return {str(theirs): ours for theirs, ours in rows}


def aliases_back() -> dict[str, str]:
    """Ours -> theirs."""
    return {ours: theirs for theirs, ours in aliases().items()}


def renamed(content: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """`content` with ids of organisations exchanged."""
    return {
        name: names.get(value, value) if isinstance(value, str) else value
        for name, value in content.items()
    }


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256 of what a record says, names left out: they are compared by their seal."""
    plain = {name: value for name, value in content.items() if name not in _NAMES}
    return hashlib.sha256(canonical(plain)).hexdigest()


_NAMES = frozenset(BY_KIND["practitioner"].sealed)
