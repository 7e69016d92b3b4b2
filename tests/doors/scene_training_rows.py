"""More records of training, so that no model is empty and no two rules let see the same rows."""

from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone

from cairn.core.models import Organisation
from cairn.training.models import (
    Agency,
    AttendanceMark,
    Call,
    CoursePlan,
    CoursePlanEdition,
    Credential,
    CredentialType,
    CurriculumIntegration,
    Deployment,
    Enrolment,
    LanguageVariant,
    ModuleVersion,
    Nomination,
    Practitioner,
    SeatAllocation,
    Staffing,
    StagedFile,
    Step,
    TestForm,
    TestSitting,
    TrainingEvent,
    TrainingNeed,
    TrainingSession,
    UnitStrength,
    VettingCheck,
)
from cairn.training.rules.states import EventState
from tests.doors.stage import HERE, THERE, other_organisation, own_organisation

DAY = date(2026, 3, 2)
EVENTS = ("XT-G", "XT-H", "XT-J", "XT-K")


def add_training_rows() -> None:
    """Where a record lies, whose event it belongs to and who proposed it differ from each other."""
    own, other = own_organisation(), other_organisation()
    event = add_fourth_event(other)
    for number, (kept_by, country, proposed_by) in enumerate(
        ((own, HERE, own), (own, THERE, other), (other, HERE, None))
    ):
        person = add_person(f"KK{number}-992", kept_by, country)
        add_participant(event, person, f"K-{number}")
        if proposed_by is not None:
            propose(event, person, proposed_by)
    # Nominated by one's own agency for an event of somebody else, and taking part nowhere.
    propose(TrainingEvent.objects.get(reference="XT-H"), add_person("KK4-992", other, THERE), own)
    # Known to nobody but who keeps the record.
    add_person("KK5-992", other, THERE)
    add_certificates(event)
    add_staff()
    for each in TrainingEvent.objects.all():
        add_marks(each)
    add_shared_rows()


def add_fourth_event(organisation: Organisation) -> TrainingEvent:
    """The place that the scene leaves out: another organisation in another country."""
    return TrainingEvent.objects.create(
        reference="XT-K",
        kind="tot",
        title="Invented training K",
        state=EventState.RUNNING,
        organisation=organisation,
        country=THERE,
        created_at=timezone.now(),
    )


def add_person(code: str, organisation: Organisation, country: str) -> Practitioner:
    """Somebody by code, with a check and a deployment."""
    person = Practitioner.objects.create(
        code=code, organisation=organisation, country=country, entered_on=DAY
    )
    VettingCheck.objects.create(
        practitioner=person,
        data_key=person.data_key,
        code=f"{code.lower()}.v1",
        kind="identity",
        issuer="Invented office",
        requested_on=DAY,
    )
    Deployment.objects.create(practitioner=person, mission="Invented mission")
    return person


def add_participant(event: TrainingEvent, person: Practitioner, personal_code: str) -> None:
    enrolled = Enrolment.objects.create(
        event=event,
        practitioner=person,
        personal_code=personal_code,
        enrolled_at=timezone.now(),
    )
    TestSitting.objects.create(
        event=event,
        enrolment=enrolled,
        form=TestForm.objects.get(letter="A", blueprint__title="Invented blueprint"),
        wave="pre",
        means="phone",
        started_at=timezone.now(),
    )


def propose(event: TrainingEvent, person: Practitioner, agency: Organisation) -> None:
    call, _made = Call.objects.get_or_create(
        event=event, defaults={"opens_on": DAY, "closes_on": DAY}
    )
    SeatAllocation.objects.get_or_create(call=call, agency=agency, defaults={"seats": 2})
    Nomination.objects.create(
        call=call, agency=agency, practitioner=person, proposed_at=timezone.now()
    )


def add_certificates(event: TrainingEvent) -> None:
    """Of one issuer for an event of another, and of no event."""
    person = Practitioner.objects.get(code="KK0-992")
    for number, (issuer, country, of) in enumerate(
        (
            (own_organisation(), HERE, event),
            (other_organisation(), THERE, TrainingEvent.objects.get(reference="XT-G")),
            (own_organisation(), THERE, None),
            (other_organisation(), HERE, None),
        )
    ):
        add_certificate(person, f"K{number}9-99K-99", of, issuer, country)


def add_certificate(
    person: Practitioner,
    code: str,
    event: TrainingEvent | None,
    issuer: Organisation,
    country: str,
) -> None:
    Credential.objects.create(
        data_key=person.data_key,
        code=code,
        type=CredentialType.objects.get(code="XC1"),
        practitioner=person,
        event=event,
        organisation=issuer,
        country=country,
        language="en",
        issued_on=DAY,
        valid_from=DAY,
        status_index=910_000 + Credential.objects.count(),
    )


def add_staff() -> None:
    """Somebody who teaches at each event, whom an account may turn out to be."""
    for reference in EVENTS:
        event = TrainingEvent.objects.get(reference=reference)
        teacher = Practitioner.objects.create(
            code=f"T{reference[-1]}9-992",
            organisation=other_organisation(),
            country=THERE,
            entered_on=DAY,
        )
        Staffing.objects.create(event=event, practitioner=teacher, role="co-trainer")


def staff(user_id: UUID, reference: str) -> None:
    """The account `user_id` is the one that teaches at this event."""
    teacher = Practitioner.objects.filter(code=f"T{reference[-1]}9-992")
    assert teacher.update(user_id=user_id) == 1


def bring_file(user_id: UUID) -> None:
    """One of the files of the scene was brought by this account."""
    first = StagedFile.objects.order_by("pk").values("pk")[:1]
    assert StagedFile.objects.filter(pk__in=first).update(author_id=user_id) == 1


def add_marks(event: TrainingEvent) -> None:
    now = timezone.now()
    session, _made = TrainingSession.objects.get_or_create(
        event=event,
        position=1,
        defaults={"title": "Invented", "starts_at": now, "ends_at": now + timedelta(hours=1)},
    )
    enrolled = event.enrolments.first()
    assert enrolled is not None
    AttendanceMark.objects.create(
        event=event,
        session=session,
        enrolment=enrolled,
        kind="present",
        means="desk",
        at=now,
        received_at=now,
    )
    Step.objects.create(subject="trainingevent", subject_id=event.pk, after="running", at=now)


def add_shared_rows() -> None:
    """One row at least of each model that the scene of the addresses does without."""
    now, version = timezone.now(), ModuleVersion.objects.get(module__code="XM1")
    for organisation, country in ((own_organisation(), HERE), (other_organisation(), THERE)):
        Agency.objects.create(organisation=organisation)
        UnitStrength.objects.create(
            organisation=organisation, country=country, total=9, as_of=DAY, source="Invented list"
        )
        TrainingNeed.objects.create(
            audience="Invented unit",
            gap="Invented gap",
            country=country,
            source="Invented assessment",
            recorded_on=DAY,
        )
        CurriculumIntegration.objects.create(
            institution=organisation,
            version=version,
            course_type="induction",
            hours=2,
            since=DAY,
            evidence="Invented order",
        )
    LanguageVariant.objects.create(
        version=version, language="fr", title="Titre inventé", source_hash="0" * 64, updated_at=now
    )
    CoursePlanEdition.objects.create(
        plan=CoursePlan.objects.get(code="XP1"),
        number=1,
        content={},
        digest="0" * 64,
        frozen_at=now,
    )
