"""Every write about people who are trained: their record, where they serve, what they agreed to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.core import audit, clock, pseudonyms
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import Organisation
from cairn.oversight.actions import readings
from cairn.oversight.actions.readings import Opened
from cairn.oversight.rules import Purpose
from cairn.training.models import (
    Affiliation,
    IdentifierHash,
    NameKey,
    Practitioner,
    TrainingConsent,
)
from cairn.training.queries import name_keys
from cairn.training.rules import person as rules
from cairn.training.rules.choices import ConsentMethod, Profession, Sex
from cairn.training.subjects import NAMES

# Five years after the record was made somebody looks whether it is still needed: a judgement, in
# line with certificates that run three years and are renewed. The record can have its own day.
KEEP_FOR = timedelta(days=5 * 365)


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What is entered about somebody. `name`: as the person writes it, in their own script.

    `country`: alpha-3 of the service; `birth_band`: a year or five years; `languages`:
    [{"code": "fr", "level": "C1"}].
    """

    name: str
    name_latin: str = ""
    sex: str = Sex.NOT_STATED
    country: str = ""
    agency: Organisation | None = None
    profession: str = Profession.NOT_STATED
    languages: Sequence[dict[str, str]] = field(default_factory=tuple)
    rank: str = ""
    function: str = ""
    unit_name: str = ""
    contact: str = ""
    service_number: str = ""
    birth_band: str = ""
    area: str = ""
    is_highly_sensitive: bool = False


@transaction.atomic
def enter_practitioner(
    actor: Actor, organisation: Organisation, facts: PersonFacts
) -> Practitioner:
    """Enter somebody who is trained or trains; the names are sealed, and hashed to be found.

    Raises PermissionDenied (outside the actor's place), RuleBroken ("person.name",
    "person.birth").
    """
    made = built(organisation, facts, timezone.localdate())
    require(actor, Permission.TRAINEE_EDIT, within=made)
    return store_all(actor, [(made, facts)])[0]


def store_all(
    actor: Actor, people: Sequence[tuple[Practitioner, PersonFacts]]
) -> list[Practitioner]:
    """Store records that were built; in the caller's transaction, who has checked the permission.

    A constant number of queries for all of them, but for one entry of the log each.
    """
    records = [record for record, _facts in people]
    _draw_codes(records)
    Practitioner.objects.bulk_create(records, batch_size=500)
    Affiliation.objects.bulk_create(
        Affiliation(
            practitioner=record,
            agency=facts.agency,
            unit_name=facts.unit_name,
            rank=facts.rank,
            function=facts.function,
            starts_on=None,
        )
        for record, facts in people
        if facts.agency
    )
    index(people)
    if len(records) == 1:
        audit.record(actor, "trainee.entered", records[0], sealed=_sealed_in(records[0]))
    return records


def built(organisation: Organisation, facts: PersonFacts, today: date) -> Practitioner:
    """An unsaved record from `facts`. Raises RuleBroken ("person.name", "person.birth")."""
    rules.check_name(facts.name)
    return Practitioner(
        organisation=organisation,
        agency=facts.agency,
        country=facts.country,
        area=facts.area,
        sex=facts.sex or Sex.NOT_STATED,
        profession=facts.profession or Profession.NOT_STATED,
        birth_band=rules.birth_band(facts.birth_band, today=today),
        languages=list(facts.languages),
        is_highly_sensitive=facts.is_highly_sensitive,
        entered_on=today,
        keep_until=today + KEEP_FOR,
        name=facts.name.strip(),
        name_latin=facts.name_latin.strip(),
        contact=facts.contact.strip(),
        service_number=facts.service_number.strip(),
    )


def _draw_codes(records: Sequence[Practitioner]) -> None:
    """A code for each, none of them taken. The database refuses what two people draw at once."""
    if len(records) == 1:
        # One by one, a clash with somebody else's draw must not undo the caller's work.
        while Practitioner.objects.filter(code=(code := pseudonyms.drawn())).exists():
            pass
        records[0].code = code
        return
    drawn: set[str] = set()
    while len(drawn) < len(records):
        more = {pseudonyms.drawn() for _each in range(len(records) - len(drawn))} - drawn
        taken = set(Practitioner.objects.filter(code__in=more).values_list("code", flat=True))
        drawn |= more - taken
    for record, code in zip(records, sorted(drawn), strict=True):
        record.code = code


def index(people: Sequence[tuple[Practitioner, PersonFacts]]) -> None:
    """Write the keyed hashes by which these records are found again; earlier ones are replaced."""
    records = [record for record, _facts in people]
    index_names(records, [(facts.name, facts.name_latin) for _record, facts in people])
    index_numbers(records, [facts.service_number for _record, facts in people])


def index_names(records: Sequence[Practitioner], given: Sequence[tuple[str, str]]) -> None:
    """The keys of these names (own script, Latin), one pair for each record."""
    NameKey.objects.filter(practitioner__in=records).delete()
    NameKey.objects.bulk_create(
        (
            NameKey(practitioner=record, kind=kind, digest=digest)
            for record, each in zip(records, name_keys.digests(given), strict=True)
            for kind, digest in sorted(each)
        ),
        batch_size=1_000,
    )


def index_numbers(records: Sequence[Practitioner], numbers: Sequence[str]) -> None:
    """The hashes of these service numbers, one for each record, "" for none."""
    rows = IdentifierHash.objects.filter(practitioner__in=records)
    rows.filter(kind=name_keys.SERVICE_NUMBER).delete()
    IdentifierHash.objects.bulk_create(
        (
            IdentifierHash(practitioner=record, kind=name_keys.SERVICE_NUMBER, digest=digest)
            for record, digest in zip(records, name_keys.number_digests(numbers), strict=True)
            if digest
        ),
        batch_size=1_000,
    )


def _sealed_in(record: Practitioner) -> list[str]:
    return [name for name in NAMES if getattr(record, name)]


@transaction.atomic
def change_practitioner(actor: Actor, code: str, **changes: Any) -> Practitioner:
    """Change what is not sealed, or write sealed parts anew. A key that is absent stays as it is.

    `changes`: fields of Practitioner; a new `name` comes with its `name_latin`.
    Raises Practitioner.DoesNotExist, PermissionDenied, RuleBroken ("person.name",
    "person.birth", "person.erased", "person.merged").
    """
    found = locked(actor, code)
    require(actor, Permission.TRAINEE_EDIT, within=found)
    check_alive(found)
    if "birth_band" in changes:
        changes["birth_band"] = rules.birth_band(changes["birth_band"], today=timezone.localdate())
    if "name" in changes:
        rules.check_name(changes["name"])
    for name, value in changes.items():
        setattr(found, name, value)
    found.save(update_fields=list(changes))
    if "name" in changes:
        # Names that are written anew are written whole: those in the other script go with them.
        index_names([found], [(changes["name"], changes.get("name_latin", ""))])
    if "service_number" in changes:
        index_numbers([found], [changes["service_number"]])
    audit.record(actor, "trainee.changed", found, fields=sorted(changes))
    return found


def locked(actor: Actor, code: str) -> Practitioner:
    """The record of this code, locked. Raises Practitioner.DoesNotExist."""
    rows = Practitioner.objects.visible_to(actor).select_for_update(of=("self",))
    record: Practitioner = rows.get(code=code)
    return record


def check_alive(record: Practitioner) -> None:
    """Raise RuleBroken for a record in which nothing changes any more."""
    if record.erased_on is not None:
        raise RuleBroken("person.erased", _("This record was erased."))
    if record.merged_into_id is not None:
        raise RuleBroken(
            "person.merged",
            _("This record was joined with another one."),
            _("Work on the record that was kept, or undo the joining first."),
        )


@transaction.atomic
def move_service(
    actor: Actor,
    code: str,
    agency: Organisation,
    *,
    since: date,
    unit_name: str = "",
    rank: str = "",
    function: str = "",
    country: str = "",
) -> Affiliation:
    """Somebody serves elsewhere from a day on: what was before ends the day before, and stays.

    Raises Practitioner.DoesNotExist, PermissionDenied, RuleBroken ("person.days",
    "person.erased", "person.merged").
    """
    found = locked(actor, code)
    require(actor, Permission.TRAINEE_EDIT, within=found)
    check_alive(found)
    before = since - timedelta(days=1)
    for row in found.affiliations.filter(ends_on=None):
        if row.starts_on and row.starts_on > before:
            raise RuleBroken(
                "person.days",
                _("The present service began on or after this day."),
                _("Choose a day after %(day)s.") % {"day": row.starts_on.isoformat()},
            )
        row.ends_on = before
        row.save(update_fields=["ends_on"])
    made = Affiliation.objects.create(
        practitioner=found,
        agency=agency,
        unit_name=unit_name,
        rank=rank,
        function=function,
        starts_on=since,
    )
    found.agency = agency
    found.country = country or found.country
    found.save(update_fields=["agency", "country"])
    audit.record(actor, "trainee.moved", found, since=since.isoformat())
    return made


@transaction.atomic
def record_consent(
    actor: Actor,
    code: str,
    purpose: str,
    *,
    wording_version: str,
    language: str,
    method: ConsentMethod,
) -> TrainingConsent:
    """Somebody agreed to something about their own record, in these words, in this language.

    Raises Practitioner.DoesNotExist, PermissionDenied, RuleBroken ("consent.given",
    "person.erased", "person.merged").
    """
    found = locked(actor, code)
    require(actor, Permission.TRAINEE_EDIT, within=found)
    check_alive(found)
    if found.consents.filter(purpose=purpose, withdrawn_at=None).exists():
        raise RuleBroken(
            "consent.given",
            _("This consent was given already and still stands."),
            _("Record that it was withdrawn first, if the wording changed."),
        )
    made = TrainingConsent.objects.create(
        practitioner=found,
        purpose=purpose,
        wording_version=wording_version.strip(),
        language=language,
        method=method,
        given_at=clock.now(),
    )
    audit.record(actor, "consent.recorded", found, purpose=purpose, language=language)
    return made


@transaction.atomic
def withdraw_consent(actor: Actor, code: str, purpose: str) -> None:
    """Somebody takes a consent back; it stays on record with the moment.

    Raises Practitioner.DoesNotExist, PermissionDenied, RuleBroken ("consent.none").
    """
    found = locked(actor, code)
    require(actor, Permission.TRAINEE_EDIT, within=found)
    given = found.consents.filter(purpose=purpose, withdrawn_at=None).first()
    if given is None:
        raise RuleBroken("consent.none", _("There is no consent of this kind to take back."))
    given.withdrawn_at = clock.now()
    given.save(update_fields=["withdrawn_at"])
    audit.record(actor, "consent.withdrawn", found, purpose=purpose)


def open_people(
    actor: Actor, records: Sequence[Practitioner], purpose: Purpose, reason: str
) -> list[Opened]:
    """Open the names of people whom the caller found through `visible_to`; at most a hundred.

    Not inside a transaction. Raises PermissionDenied, RuleBroken ("oversight.reason",
    "oversight.too-many").
    """
    return readings.read(actor, records, ["name", "name_latin"], purpose, reason)


def open_person(actor: Actor, code: str, purpose: Purpose, reason: str) -> Opened:
    """Open the whole sealed part of one record, written down first.

    Raises Practitioner.DoesNotExist, PermissionDenied, RuleBroken ("oversight.reason").
    """
    found = Practitioner.objects.visible_to(actor).get(code=code)
    return readings.read(actor, [found], list(NAMES), purpose, reason)[0]
