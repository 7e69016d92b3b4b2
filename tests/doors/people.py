"""Records about people, and what the desk keeps about them: all invented."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.utils import timezone

from cairn.access.tests.factories import user_with_role
from cairn.core.classification import Zone
from cairn.core.models import Organisation
from cairn.identification.models import Procedure
from cairn.oversight.models import (
    Alert,
    BreakGlass,
    Erasure,
    ExportRequest,
    Hold,
    Incident,
    Reading,
    SubjectRequest,
)
from cairn.oversight.models.alerts import AlertKind
from cairn.oversight.models.desk import IncidentKind, Wish, new_reference
from cairn.oversight.rules import ErasureState, Purpose
from cairn.referral.models import Person
from cairn.referral.rules import AgeBand
from cairn.vault import blind, signing
from tests.doors.outcome import Relation as R
from tests.doors.stage import HERE, THERE, Scene, Subject, other_organisation, own_organisation

KEPT = timedelta(days=365)
CODES = {R.OWN: "CCC-22", R.OTHER_ORGANISATION: "DDD-33", R.OTHER_COUNTRY: "FFF-44"}


def places() -> tuple[tuple[R, Organisation, str], ...]:
    """Whose a record is and where, in each relation to the people of the scene."""
    return (
        (R.OWN, own_organisation(), HERE),
        (R.OTHER_ORGANISATION, other_organisation(), HERE),
        (R.OTHER_COUNTRY, own_organisation(), THERE),
    )


def add_persons(scene: Scene) -> None:
    """A person of concern and a procedure in each place, with marked words in every sealed part."""
    for relation, organisation, country in places():
        word = f"sealed{relation.name.lower().replace('_', '')}"
        person = make_person(f"{CODES[relation]}3", organisation, country, word)
        procedure = make_procedure(f"{CODES[relation]}4", organisation, country, word)
        scene.put("person", relation, person.code, sealed=(word,))
        scene.put("erasable", relation, person.code, sealed=(word,))
        scene.put("procedure", relation, procedure.code, sealed=(word,))


def make_person(code: str, organisation: Organisation, country: str, word: str) -> Person:
    return Person.objects.create(
        code=code,
        organisation=organisation,
        country=country,
        age_band=AgeBand.ADULT,
        opened_on=timezone.localdate(),
        keep_until=timezone.localdate() + KEPT,
        name=f"Name {word}",
        safe_contact=f"Contact {word}",
        note=f"Note {word}",
    )


def make_procedure(code: str, organisation: Organisation, country: str, word: str) -> Procedure:
    return Procedure.objects.create(
        code=code,
        organisation=organisation,
        country=country,
        opened_on=timezone.localdate(),
        keep_until=timezone.localdate() + KEPT,
        subject_name=f"Name {word}",
        summary=f"Summary {word}",
    )


def add_desk(scene: Scene) -> None:
    """Erasures that somebody asked for, and legal holds, about the persons of the scene."""
    for relation, _organisation, _country in places():
        person = Person.objects.get(code=scene.subjects["person"][relation].key)
        word = f"reason{relation.name.lower().replace('_', '')}"
        hold = Hold.objects.create(
            kind="person",
            subject_id=person.pk,
            code=person.code,
            reason=f"Held {word}",
            placed_by=uuid4(),
            placed_at=timezone.now(),
        )
        scene.put("hold", relation, hold.pk, sealed=(word,))
        if relation != R.OWN:
            asked = ask_erasure(person, uuid4(), word)
            scene.put("erasure", relation, asked.pk, person.code, sealed=(word,))
            continue
        for role in ("service-provider", "identification-authority"):
            asked = ask_erasure(person, scene.users[role].pk, word)
            scene.personal.setdefault("erasure", {})[role] = Subject(str(asked.pk))


def ask_erasure(person: Person, by: UUID, word: str) -> Erasure:
    return Erasure.objects.create(
        kind="person",
        subject_id=person.pk,
        code=person.code,
        reason=f"Asked {word}",
        state=ErasureState.ASKED,
        asked_by=by,
        asked_at=timezone.now(),
    )


def add_watch(scene: Scene) -> None:
    """What the desk keeps about a stranger, and what somebody may see of their own there."""
    stranger = user_with_role("service-provider", name="watched", at=other_organisation())
    person = Person.objects.get(code=scene.subjects["person"][R.OTHER_ORGANISATION].key)
    now, word = timezone.now(), "reasonwatched"
    reading = Reading.objects.create(
        at=now,
        actor_id=stranger.pk,
        kind="person",
        subject_zone=Zone.PROTECTION,
        purpose=Purpose.SAFETY,
        reason=word,
        audit_sequence=0,
    )
    alert = Alert.objects.create(
        kind=next(iter(AlertKind)),
        actor_id=stranger.pk,
        window="invented",
        first_at=now,
        last_at=now,
        note=word,
    )
    wish = SubjectRequest.objects.create(
        reference="SR-INVENT",
        wish=Wish.ACCESS,
        received_on=now.date(),
        answer_by=now.date(),
        who=word,
        recorded_by=stranger.pk,
    )
    made: dict[str, object] = {
        "reading": reading.pk,
        "alert": alert.pk,
        "wish": wish.pk,
        "user": stranger.pk,
    }
    made |= {"member": stranger.memberships.get().pk} | of_one(stranger.pk, person, word)
    for kind, key in made.items():
        scene.put(kind, R.OTHER_ORGANISATION, key, sealed=(word,))
    for role in ("service-provider", "identification-authority"):
        for kind, key in of_one(scene.users[role].pk, person, word).items():
            scene.personal.setdefault(kind, {})[role] = Subject(str(key), sealed=(word,))


def of_one(user: UUID, person: Person, word: str) -> dict[str, object]:
    """An emergency access, an asked file and a reported incident of one user: kind -> key."""
    now = timezone.now()
    emergency = BreakGlass.objects.create(
        opened_at=now,
        expires_at=now + timedelta(hours=24),
        actor_id=user,
        kind="person",
        # Of no record in the scene: it must not open one.
        subject_id=uuid4(),
        code=person.code,
        reason=word,
    )
    file = ExportRequest.objects.create(
        kind="person",
        organisation=person.organisation,
        reason=word,
        asked_by=user,
        asked_at=now,
        expires_at=now + timedelta(hours=24),
    )
    incident = Incident.objects.create(
        reference=new_reference("IN"),
        kind=IncidentKind.OTHER,
        aware_at=now,
        notify_by=now + timedelta(hours=72),
        description=word,
        reported_by=user,
    )
    return {
        "emergency": emergency.pk,
        "file": file.pk,
        "own file": file.pk,
        "incident": incident.pk,
    }


def add_keys(scene: Scene) -> None:
    """Keys that are made when they are first used, so that no later request makes one."""
    for zone in (Zone.PROTECTION, Zone.IDENTIFICATION):
        blind.index(zone, "link", "invented")
    for purpose in ("event-kit", "service-number", "survey-token", "trainee-name"):
        blind.index(Zone.PROGRAMME, purpose, "invented")
    signing.sign(b"invented")
