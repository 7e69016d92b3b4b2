"""Persons as files of the data standard: taken out on a ground, brought in as drafts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cairn.access.permissions import Permission, require
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.models import Organisation, Unit
from cairn.oversight.actions import readings
from cairn.oversight.actions.readings import MOST_AT_ONCE, Opened, Unreadable
from cairn.oversight.files import Details, FileForm, Read
from cairn.oversight.rules import Purpose as Why
from cairn.referral.actions.persons import enter_person
from cairn.referral.actions.persons_facts import Facts, SealedTexts
from cairn.referral.actions.persons_rows import assess_needs
from cairn.referral.actions.plans import propose_plan, set_goal, settle_goal
from cairn.referral.exports import primero
from cairn.referral.htcds.record import PersonRecord
from cairn.referral.htcds.words import lines_of
from cairn.referral.htcds.writing import as_csv, as_json
from cairn.referral.models.persons import Person
from cairn.referral.models.persons_identity import Identity
from cairn.referral.queries import exchange as queries
from cairn.referral.queries.exchange import Covered, Told
from cairn.referral.rules.choices import DataCategory, Purpose
from cairn.referral.rules.exchange_files import check_amount, check_each, not_seen
from cairn.referral.rules.persons import AgeBand
from cairn.referral.rules.plans import Area, GoalState

WRITERS: Final = {"json": as_json, "csv": as_csv}
PRIMERO: Final = "primero"


def _today() -> date:
    return timezone.localdate(clock.now())


def covers(persons: Sequence[Person], recipient_id: UUID, purpose: str) -> dict[UUID, Covered]:
    """What may be told of each. Raises RuleBroken("file.not-told") naming each that may not go."""
    today = _today()
    return {
        person.pk: cover
        for person, cover in check_each(
            persons, lambda person: queries.covered(person, recipient_id, purpose, today)
        )
    }


def _opened(
    persons: Sequence[Person], found: Mapping[UUID, Covered], read: Read
) -> list[PersonRecord]:
    """What is told of each. Who a person is and words of goals are opened only where the ground
    covers them."""

    def telling(category: DataCategory) -> list[Person]:
        return [each for each in persons if category in found[each.pk].categories]

    identities = list(
        Identity.objects.filter(person__in=telling(DataCategory.IDENTITY)).select_related("person")
    )
    goals = [each for each in queries.sealed_goals(telling(DataCategory.ASSISTANCE)) if each.words]
    names = {each.record.person_id: _known(each, "facts") for each in read(identities, ["facts"])}
    words = {each.record.pk: _known(each, "words") for each in read(goals, ["words"])}
    opened = Told(
        {pk: facts for pk, facts in names.items() if facts},
        {pk: text for pk, text in words.items() if text},
    )
    return queries.records(persons, found, opened)


def _known(opened: Opened, name: str) -> Any:
    value = opened.values[name]
    return None if isinstance(value, Unreadable) else value


def take_person_out(
    actor: Actor,
    code: str,
    *,
    recipient: Organisation,
    purpose: Purpose,
    form: str,
    why: Why,
    reason: str,
) -> str:
    """A file of one person for `recipient`: what the ground for `purpose` covers today.
    `form`: a key of WRITERS, or PRIMERO for a case as that program takes it.

    That it was taken, for whom and why is kept before anything is opened. Not inside a transaction.
    Raises Person.DoesNotExist, PermissionDenied, RuleBroken ("oversight.reason", or as
    `rules.clearing.check_cleared`).
    """
    person = Person.objects.visible_to(actor).select_related("organisation").get(code=code)
    require(actor, Permission.PERSON_EXPORT, within=person)
    require(actor, Permission.PERSON_OPEN, within=person)
    found = {person.pk: queries.covered(person, recipient.pk, purpose, _today())}
    with transaction.atomic(durable=True):
        audit.record(
            actor,
            "person.file_made",
            person,
            format=form,
            recipient=str(recipient.pk),
            purpose=purpose.value,
            categories=sorted(found[person.pk].categories),
        )

    def read(part: Sequence[Any], fields: Sequence[str]) -> list[Opened]:
        return [
            opened
            for start in range(0, len(part), MOST_AT_ONCE)
            for opened in readings.read(
                actor, part[start : start + MOST_AT_ONCE], fields, why, reason
            )
        ]

    # What is told in the clear is told of the person as well: so it counts as an opening, too.
    readings.read(actor, [person], [], why, reason)
    told = _opened([person], found, read)
    if form == PRIMERO:
        return primero.case(told[0], queries.case_id(person.pk), _today())
    return WRITERS[form](told)


# --- Several, approved by another person ------------------------------------------------------


def persons_for_file(actor: Actor, organisation_id: UUID, details: Details) -> list[Person]:
    """Raises RuleBroken ("file.many", "file.code", "file.not-told"), PermissionDenied."""
    codes = list(details["codes"])
    check_amount(codes)
    found = queries.exportable_persons(actor, organisation_id, codes)
    if missing := set(codes) - {each.code for each in found}:
        raise not_seen(sorted(missing))
    covers(found, UUID(details["recipient"]), details["purpose"])
    return found


def _persons_text(form: str) -> Any:
    def text(actor: Actor, persons: Sequence[Person], details: Details, read: Read) -> str:
        found = covers(persons, UUID(details["recipient"]), details["purpose"])
        read(persons, [])
        return WRITERS[form](_opened(persons, found, read))

    return text


def told(details: Details) -> list[tuple[str, str]]:
    """For whom, for what, of whom."""
    recipient = Organisation.objects.filter(pk=details["recipient"]).first()
    return [
        (_("For whom"), recipient.display_name if recipient else ""),
        (_("What for"), str(Purpose(details["purpose"]).label)),
        (_("Records"), ", ".join(details["codes"])),
    ]


FILES: Final = (
    FileForm(
        key="persons-json",
        kind="person",
        label=gettext_lazy("Data standard for cases (HTCDS), JSON"),
        permission=Permission.PERSON_EXPORT,
        content_type="application/json; charset=utf-8",
        ending="json",
        records=persons_for_file,
        told=told,
        text=_persons_text("json"),
    ),
    FileForm(
        key="persons-csv",
        kind="person",
        label=gettext_lazy("Data standard for cases (HTCDS), table"),
        permission=Permission.PERSON_EXPORT,
        content_type="text/csv; charset=utf-8",
        ending="csv",
        records=persons_for_file,
        told=told,
        text=_persons_text("csv"),
    ),
)


# --- In ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """Whose the new records are, and where the work is done."""

    organisation: Organisation
    unit: Unit | None
    country: str


@transaction.atomic
def bring_persons(actor: Actor, place: Place, records: Sequence[PersonRecord]) -> list[Person]:
    """Enter the persons of a file as drafts: all of them, or none.

    A draft is one's own record with what the file says: needs, a plan that is only proposed, and
    everything else as a note. Nobody counts as having agreed to anything here. Whoever is not said
    to be an adult is treated as a child. Raises PermissionDenied, RuleBroken as `enter_person`.
    """
    return [_entered(actor, place, each) for each in records]


def _entered(actor: Actor, place: Place, record: PersonRecord) -> Person:
    today = _today()
    facts = Facts(
        organisation=place.organisation,
        unit=place.unit,
        country=place.country,
        age_band=AgeBand(record.age_band or AgeBand.AGE_DISPUTED),
        opened_on=today,
        sex=record.sex,
        displacement=record.displacement,
        languages=record.languages,
    )
    identity = {
        "given": record.given,
        "family": record.family,
        "birth": record.birth,
        "nationality": record.nationality,
    }
    texts = SealedTexts(note="\n".join(lines_of(record)) or None)
    person = enter_person(actor, facts, texts, identity=identity if record.has_identity else None)
    if record.needs:
        assess_needs(actor, person.code, needs=record.needs, assessed_on=today)
    if record.goals:
        _planned(actor, person, record, today)
    audit.record(actor, "person.brought", person, format="htcds")
    return person


def _planned(actor: Actor, person: Person, record: PersonRecord, today: date) -> None:
    plan = propose_plan(actor, person.code)
    for line in record.goals:
        words = "\n".join(each for each in (line.words, line.steps) if each)
        goal = set_goal(
            actor,
            person.code,
            plan.number,
            area=Area(line.area),
            words=words or str(Area(line.area).label),
            target_on=line.target_on if line.target_on and line.target_on >= today else None,
        )
        if line.state != GoalState.OPEN:
            settle_goal(actor, person.code, goal.number, GoalState(line.state))
