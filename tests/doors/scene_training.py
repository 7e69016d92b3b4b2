"""Records of training in each relation to the people of the scene: all invented."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from cairn.core.models import Organisation
from cairn.training.models import (
    Adaptation,
    Call,
    CascadePlan,
    CascadeReport,
    CascadeTarget,
    CoursePlan,
    Credential,
    CredentialType,
    Deployment,
    Enrolment,
    FieldOutcomeReport,
    HeadCount,
    Instrument,
    Kit,
    KitCheckout,
    KitReturn,
    LearningObjective,
    Material,
    MobileTrainingTeam,
    Module,
    ModuleVersion,
    Nomination,
    Practitioner,
    Question,
    QuestionVersion,
    RefusedRecord,
    SeatAllocation,
    Staffing,
    StagedFile,
    SurveyWave,
    TestBlueprint,
    TestForm,
    TestSitting,
    TrainerProfile,
    TrainingEvent,
    TrainingSession,
    VettingCheck,
)
from cairn.training.rules.states import EventState
from tests.doors.outcome import Relation as R
from tests.doors.people import places
from tests.doors.stage import Scene, other_organisation

KEPT = timedelta(days=365)
DAY = date(2026, 3, 2)
LETTERS = {R.OWN: "G", R.OTHER_ORGANISATION: "H", R.OTHER_COUNTRY: "J"}


def add_training(scene: Scene) -> None:
    """An event with everything that hangs on it, in each place; the shared catalogue once."""
    add_catalogue(scene)
    for relation, organisation, country in places():
        letter = LETTERS[relation]
        word = f"trained{relation.name.lower().replace('_', '')}"
        event = TrainingEvent.objects.create(
            reference=f"XT-{letter}",
            kind="tot",
            title=f"Invented training {letter}",
            state=EventState.RUNNING,
            organisation=organisation,
            country=country,
            place_countries=[country],
            starts=DAY.isoformat(),
            ends=(DAY + timedelta(days=2)).isoformat(),
            created_at=timezone.now(),
        )
        scene.put("training-event", relation, event.reference)
        person = add_trainee(scene, relation, organisation, country, word)
        add_participation(scene, relation, event, person)
        add_around(scene, relation, event, person)
        add_kit(scene, relation, event, organisation)


def add_catalogue(scene: Scene) -> None:
    """Modules, questions and plans belong to everybody who works on training."""
    objective = LearningObjective.objects.create(
        code="XO1", competency="identify", texts={"en": "Invented objective"}
    )
    module = Module.objects.create(code="XM1", title="Invented module")
    version = ModuleVersion.objects.create(module=module)
    version.objectives.add(objective)
    local = ModuleVersion.objects.create(
        module=Module.objects.create(code="XM2", title="Invented local module")
    )
    adaptation = Adaptation.objects.create(
        version=local, parent=version, country="NPL", what_changed="Invented change"
    )
    cascade = CascadePlan.objects.create(title="Invented cascade")
    target = CascadeTarget.objects.create(plan=cascade, generation=1, persons=100)
    plan = CoursePlan.objects.create(code="XP1", title="Invented plan")
    question = Question.objects.create(code="XQ1", objective=objective, type="true-false")
    QuestionVersion.objects.create(
        question=question,
        content={
            "type": "true-false",
            "source_language": "en",
            "max_mark": "1",
            "key": ["true"],
            "texts": {"en": {"stem": "Invented statement."}},
        },
        languages=["en"],
        created_at=timezone.now(),
    )
    blueprint = TestBlueprint.objects.create(title="Invented blueprint", plan=plan)
    form = TestForm.objects.create(blueprint=blueprint, letter="A")
    for kind, key in (
        ("objective", objective.code),
        ("module", module.code),
        ("module-version", version.pk),
        ("adaptation", adaptation.pk),
        ("cascade-plan", cascade.pk),
        ("cascade-target", target.pk),
        ("course-plan", plan.code),
        ("question", question.code),
        ("blueprint", blueprint.pk),
        ("test-form", form.pk),
    ):
        for relation, _organisation, _country in places():
            scene.put(kind, relation, key)


def add_trainee(
    scene: Scene, relation: R, organisation: Organisation, country: str, word: str
) -> Practitioner:
    person = Practitioner.objects.create(
        code=f"{LETTERS[relation]}99-992",
        organisation=organisation,
        agency=organisation,
        country=country,
        entered_on=DAY,
        keep_until=timezone.localdate() + KEPT,
        name=f"Name {word}",
        name_latin=f"Latin {word}",
        contact=f"Contact {word}",
        service_number=f"Number {word}",
    )
    scene.put("trainee", relation, person.code, sealed=(word,))
    TrainerProfile.objects.create(practitioner=person, listed_on=DAY)
    vetting = VettingCheck.objects.create(
        practitioner=person,
        data_key=person.data_key,
        code=f"{person.code.lower()}.v1",
        kind="identity",
        issuer="Invented office",
        requested_on=DAY,
        note=f"Note {word}",
    )
    scene.put("vetting", relation, vetting.code, sealed=(word,))
    deployment = Deployment.objects.create(practitioner=person, mission="Invented mission")
    scene.put("deployment", relation, deployment.pk)
    return person


def add_participation(
    scene: Scene, relation: R, event: TrainingEvent, person: Practitioner
) -> None:
    """A session, a participant with a test and a certificate, and the trainer of the scene."""
    now = timezone.now()
    session = TrainingSession.objects.create(
        event=event,
        position=1,
        title="Invented session",
        starts_at=now,
        ends_at=now + timedelta(hours=1),
    )
    enrolled = Enrolment.objects.create(
        event=event,
        practitioner=person,
        personal_code=f"{LETTERS[relation]}-99",
        enrolled_at=now,
    )
    letter = LETTERS[relation]
    if relation is R.OWN:
        trainer = Practitioner.objects.create(
            code="G88-882",
            organisation=event.organisation,
            country=event.country,
            entered_on=DAY,
            user_id=scene.users["trainer"].pk,
        )
        staffing = Staffing.objects.create(event=event, practitioner=trainer, role="lead")
    else:
        staffing = Staffing.objects.create(event=event, practitioner=person, role="lead")
    form = TestForm.objects.get(letter="A", blueprint__title="Invented blueprint")
    sitting = TestSitting.objects.create(
        event=event, enrolment=enrolled, form=form, wave="pre", means="phone", started_at=now
    )
    kind, _made = CredentialType.objects.get_or_create(code="XC1", kind="attendance")
    credential = Credential.objects.create(
        data_key=person.data_key,
        code=f"{letter}99-99{letter}-99",
        type=kind,
        practitioner=person,
        event=event,
        organisation=event.organisation,
        country=event.country,
        language="en",
        issued_on=DAY,
        valid_from=DAY,
        status_index=900_000 + ord(letter),
        name_form=f"Form {scene.subjects['trainee'][relation].sealed[0]}",
        token="invented.token",
    )
    word = scene.subjects["trainee"][relation].sealed
    scene.put("training-session", relation, session.pk)
    scene.put("enrolment", relation, enrolled.pk)
    scene.put("staffing", relation, staffing.pk)
    scene.put("sitting", relation, sitting.pk)
    scene.put("credential", relation, credential.code, sealed=word)


def add_around(scene: Scene, relation: R, event: TrainingEvent, person: Practitioner) -> None:
    """What comes before and after: a call, a report by counts, a questionnaire, a team."""
    letter, now = LETTERS[relation], timezone.now()
    call = Call.objects.create(event=event, opens_on=DAY, closes_on=timezone.localdate() + KEPT)
    # A focal point acts for an agency, wherever its people are trained.
    agency = other_organisation() if relation is R.OTHER_COUNTRY else event.organisation
    SeatAllocation.objects.create(call=call, agency=agency, seats=4)
    nomination = Nomination.objects.create(
        call=call, agency=agency, practitioner=person, proposed_at=now
    )
    report = CascadeReport.objects.create(event=event, reported_at=now)
    HeadCount.objects.create(report=report, count=12)
    material = Material.objects.create(event=event, title="Invented material")
    instrument, _made = Instrument.objects.get_or_create(
        code="XI1", defaults={"kind": "reaction", "title": "Invented questionnaire"}
    )
    wave = SurveyWave.objects.create(
        event=event, instrument=instrument, months=0, opens_on=DAY, closes_on=DAY + KEPT
    )
    team = MobileTrainingTeam.objects.create(
        code=f"XTEAM-{letter}",
        title="Invented team",
        organisation=event.organisation,
        country=event.country,
    )
    outcome = FieldOutcomeReport.objects.create(
        reference=f"XFO-{letter}",
        kind="advice-given",
        count=2,
        unit="cases",
        confidence="low",
        reported_at=now,
        countries=[event.country],
    )
    refused = RefusedRecord.objects.create(
        record_id=uuid4(),
        kind="mark",
        event=event,
        content={},
        reason_code="mark.stranger",
        reason="Invented reason",
        received_at=now,
    )
    staged = StagedFile.objects.create(
        kind="nominations",
        organisation=event.organisation,
        author_id=uuid4(),
        sha256="0" * 64,
        created_at=now,
        rows=[],
    )
    for kind, key in (
        ("call", event.reference),
        ("nomination", nomination.pk),
        ("cascade-report", report.pk),
        ("material", material.pk),
        ("survey-wave", wave.pk),
        ("team", team.code),
        ("field-outcome", outcome.reference),
        ("refused-record", refused.pk),
        ("staged-file", staged.pk),
    ):
        scene.put(kind, relation, key)


def add_kit(scene: Scene, relation: R, event: TrainingEvent, organisation: Organisation) -> None:
    letter, now = LETTERS[relation], timezone.now()
    kit = Kit.objects.create(
        code=f"{letter}77-772",
        label=f"Invented kit {letter}",
        organisation=organisation,
        recipient="age1invented",
        verifier="0" * 64,
        enrolled_at=now,
    )
    checkout = KitCheckout.objects.create(
        kit=kit, event=event, state="returned", checked_out_at=now, ended_at=now
    )
    values: dict[str, Any] = {"kit_made_at": now, "brought_at": now}
    returned = KitReturn.objects.create(
        checkout=checkout, sequence=1, digest="0" * 64, schema=1, records=0, **values
    )
    scene.put("kit", relation, kit.code)
    scene.put("kit-checkout", relation, checkout.pk)
    scene.put("kit-return", relation, returned.pk)
