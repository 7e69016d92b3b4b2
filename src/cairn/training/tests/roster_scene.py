"""An invented roster: trainers with what the status, the ladder and the team builder look at."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from cairn.core.models import Organisation
from cairn.training.models import (
    Availability,
    Practitioner,
    Staffing,
    TrainerProfile,
    TrainerQualification,
    TrainingEvent,
    VettingCheck,
)
from cairn.training.rules.choices import AvailabilityKind, LadderStep, StaffRole
from cairn.training.rules.states import EventState
from cairn.training.tests.factories import agency, event, practitioner

FAMILY = "conflict"


def listed(
    *,
    level: LadderStep | None = LadderStep.LEAD,
    languages: tuple[str, ...] = ("en",),
    taught: TrainingEvent | None = None,
    role: StaffRole = StaffRole.LEAD,
    is_vetted: bool = True,
    organisation: Organisation | None = None,
    **values: Any,
) -> Practitioner:
    """Somebody on the roster, current unless told otherwise, free for the coming year."""
    today = timezone.localdate()
    made = practitioner(
        "Invented Trainer",
        organisation=organisation or agency(),
        languages=[{"code": code, "level": "C1"} for code in languages],
        **values,
    )
    TrainerProfile.objects.create(practitioner=made, listed_on=today - timedelta(days=400))
    if level:
        TrainerQualification.objects.create(
            practitioner=made,
            family=FAMILY,
            language="en",
            level=level,
            basis="Invented certificate",
            since=today - timedelta(days=100),
            valid_until=today + timedelta(days=900),
        )
    if is_vetted:
        vetted(made, today + timedelta(days=500))
    Availability.objects.create(
        practitioner=made,
        kind=AvailabilityKind.AVAILABLE,
        starts_on=today,
        ends_on=today + timedelta(days=365),
    )
    if taught:
        Staffing.objects.create(event=taught, practitioner=made, role=role)
    return made


def vetted(person: Practitioner, until: date) -> VettingCheck:
    today = timezone.localdate()
    return VettingCheck.objects.create(
        practitioner=person,
        data_key=person.data_key,
        code=f"{person.code.lower()}.v1",
        kind="identity",
        issuer="Invented Office",
        state="cleared",
        requested_on=today,
        received_on=today,
        decided_on=today,
        valid_until=until,
    )


def delivered(reference: str, **values: Any) -> TrainingEvent:
    """A training that ended last month."""
    day = (timezone.localdate() - timedelta(days=30)).isoformat()
    return event(reference, state=EventState.DELIVERED, starts=day, ends=day, **values)
