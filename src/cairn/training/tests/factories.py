"""Obviously invented records of training, the smallest that are valid."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from cairn.access.models import User
from cairn.access.queries import actor_for
from cairn.access.tests.factories import user_with_role
from cairn.core.actor import Actor
from cairn.core.models import Organisation, OrganisationKind
from cairn.core.pseudonyms import drawn, save_with_code
from cairn.training.models import (
    Enrolment,
    Practitioner,
    Staffing,
    TrainingEvent,
    TrainingSession,
)
from cairn.training.rules.choices import EventKind, StaffRole
from cairn.training.rules.states import EventState

COUNTRY = "NPL"


def agency(name: str = "Invented Training Agency") -> Organisation:
    made, _ = Organisation.objects.get_or_create(
        slug=name.lower().replace(" ", "-"),
        defaults={"name": name, "kind": OrganisationKind.STATE_BODY},
    )
    return made


def acting(user: User) -> Actor:
    """`user` as an actor of today, with the second factor shown."""
    return actor_for(user, today=timezone.localdate())


def officer(name: str = "invented-training-officer", *, at: Organisation | None = None) -> Actor:
    """A training officer of the invented agency."""
    return acting(user_with_role("training-officer", name=name, at=at or agency()))


def event(reference: str = "T01", **values: Any) -> TrainingEvent:
    given: dict[str, Any] = {
        "kind": EventKind.TOT,
        "title": "Invented training of trainers",
        "state": EventState.CONFIRMED,
        "organisation": values.pop("organisation", None) or agency(),
        "country": COUNTRY,
        "place_countries": [COUNTRY],
        "starts": "2026-03-02",
        "ends": "2026-03-04",
        "languages": ["en"],
        "created_at": timezone.now(),
    }
    return TrainingEvent.objects.create(reference=reference, **given | values)


def practitioner(name: str = "Invented Trainee", **values: Any) -> Practitioner:
    given: dict[str, Any] = {
        "organisation": values.pop("organisation", None) or agency(),
        "country": COUNTRY,
        "entered_on": timezone.localdate(),
        "name": name,
    }
    made = Practitioner(**given | values)
    save_with_code(made)
    return made


def enrolment(
    at: TrainingEvent, who: Practitioner | None = None, *, code: str = "", **values: Any
) -> Enrolment:
    person = who or practitioner(organisation=at.organisation)
    given: dict[str, Any] = {
        "personal_code": code or drawn(),
        "country": person.country,
        "sex": person.sex,
        "agency": person.agency,
        "enrolled_at": timezone.now(),
    }
    return Enrolment.objects.create(event=at, practitioner=person, **given | values)


def staffing(
    at: TrainingEvent,
    who: Practitioner | None = None,
    *,
    role: StaffRole = StaffRole.LEAD,
    user_id: UUID | None = None,
    **values: Any,
) -> Staffing:
    person = who or practitioner("Invented Trainer", organisation=at.organisation, user_id=user_id)
    return Staffing.objects.create(event=at, practitioner=person, role=role, **values)


def trainer(at: TrainingEvent, name: str = "invented-trainer") -> Actor:
    """A trainer of the agency, staffed on `at`."""
    user = user_with_role("trainer", name=name, at=at.organisation)
    staffing(at, user_id=user.pk)
    return acting(user)


def session(
    at: TrainingEvent, position: int = 1, *, starts_at: datetime | None = None, minutes: int = 90
) -> TrainingSession:
    begins = starts_at or timezone.now() + timedelta(days=position)
    return TrainingSession.objects.create(
        event=at,
        position=position,
        title=f"Invented session {position}",
        starts_at=begins,
        ends_at=begins + timedelta(minutes=minutes),
    )
