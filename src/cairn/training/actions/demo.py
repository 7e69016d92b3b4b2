"""An invented training for the demonstration, from module to outcome, by the actions people use.

Everything says that it is invented. It is entered once; a second time finds it and does nothing.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from cairn.core import clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import Organisation
from cairn.training.actions import (
    attendance,
    credentials,
    credentials_types,
    curriculum,
    questions,
    reports,
    roster,
    sessions,
    teams,
    tests,
)
from cairn.training.actions import demo_texts as texts
from cairn.training.actions.demo_after import (
    COUNTRY,
    LANGUAGE,
    Stage,
    open_call,
    tell_what_came,
)
from cairn.training.actions.enrolments import enrol
from cairn.training.actions.events import EventFacts, create_event, move_event
from cairn.training.actions.people import PersonFacts, enter_practitioner
from cairn.training.models import (
    CoursePlan,
    LearningObjective,
    ModuleVersion,
    Practitioner,
    TrainingEvent,
    VettingCheck,
)
from cairn.training.queries.attendance import roll
from cairn.training.queries.tests import places as places_of
from cairn.training.rules.choices import (
    AvailabilityKind,
    Competency,
    EventKind,
    LadderStep,
    Profession,
    Sex,
    StaffRole,
    TaskingKind,
    TestWave,
    VettingKind,
)
from cairn.training.rules.reports import Counted
from cairn.training.rules.states import EnrolmentState, EventState, VersionState
from cairn.training.rules.team_needs import Requirement
from cairn.training.rules.vetting import VettingState

# The invented training ended so many days ago: long enough for what came after it.
DAYS_AGO = 120
PROFESSIONS = (Profession.POLICE, Profession.INVESTIGATOR, Profession.BORDER, Profession.SOCIAL)


@transaction.atomic
def load_training_demo(
    actor: Actor, organisation: Organisation, *, today: date, trainer: UUID | None = None
) -> int:
    """Enter the invented training of `organisation` as `actor` (a training officer of it).

    `trainer`: account of the demo trainer, who is staffed on the events. Returns how many records
    of people and events were entered; 0 when it is there already.
    """
    if TrainingEvent.objects.filter(reference=texts.EVENT).exists():
        return 0
    # Calls and teams go by the clock: an invented record of an earlier day would be over already.
    stage = Stage(actor, organisation, max(today, clock.now().date()))
    plan, version = _curriculum(stage)
    pool = [
        _person(stage, name, Profession.POLICE, number)
        for number, name in enumerate(texts.TRAINERS)
    ]
    if trainer is not None:
        Practitioner.objects.filter(pk=pool[0].pk).update(user_id=trainer)
    people = [
        _person(stage, name, PROFESSIONS[number % len(PROFESSIONS)], number)
        for number, name in enumerate(texts.NAMES)
    ]
    _roster(stage, pool)
    event = _event(stage, plan, pool, people)
    graduates = event.enrolments.filter(state=EnrolmentState.COMPLETED).order_by("completed_on")
    _cascade(stage, event, version, [each.practitioner for each in graduates[:2]])
    _team(stage, event, pool)
    open_call(stage, plan)
    tell_what_came(stage, event, event_ended=stage.today - timedelta(days=DAYS_AGO - 1))
    return len(pool) + len(people) + 3


def _curriculum(stage: Stage) -> tuple[CoursePlan, ModuleVersion]:
    """A module of four sessions with two objectives, a plan, and a bank of questions."""
    aims: list[LearningObjective] = [
        curriculum.enter_objective(stage.actor, code, competency, {"en": words})
        for code, competency, words in zip(
            texts.OBJECTIVES,
            (Competency.IDENTIFY, Competency.PROTECT),
            ("Tells trafficking from smuggling (invented)", "Refers safely (invented)"),
            strict=True,
        )
    ]
    curriculum.enter_module(
        stage.actor, texts.MODULE, "First contact (invented)", family=texts.FAMILY
    )
    facts = curriculum.VersionFacts(
        hours=Decimal(6),
        summary="Invented for the demonstration.",
        outline=[{"minutes": 90, "method": "cases", "title": title} for title in texts.SESSIONS],
        objectives=aims,
    )
    version = curriculum.enter_version(stage.actor, texts.MODULE, facts)
    for to in (VersionState.IN_REVIEW, VersionState.APPROVED, VersionState.PUBLISHED):
        curriculum.move_version(stage.actor, version.pk, to)
    plan = curriculum.enter_plan(
        stage.actor,
        texts.PLAN,
        "First contact, two days (invented)",
        [version],
        minimum_minutes_share=Decimal("0.75"),
        cut_score=Decimal("0.5"),
    )
    for number in range(len(texts.QUESTIONS)):
        questions.write_question(
            stage.actor,
            f"INV-Q{number + 1}",
            texts.question(number),
            objective=aims[number % len(aims)],
        )
    return plan, version


def _person(stage: Stage, name: str, profession: Profession, number: int) -> Practitioner:
    """Every third is a woman; one of eight did not say."""
    sex = Sex.FEMALE if number % 3 == 0 else Sex.MALE
    return enter_practitioner(
        stage.actor,
        stage.organisation,
        PersonFacts(
            name,
            sex=Sex.NOT_STATED if number % 8 == 7 else sex,
            country=COUNTRY,
            agency=stage.organisation,
            profession=profession,
            languages=[{"code": "en", "level": "C1"}, {"code": "ne", "level": "C2"}],
        ),
    )


def _roster(stage: Stage, pool: Sequence[Practitioner]) -> None:
    """Three trainers trained elsewhere: a master, a lead, an assistant whose level ends soon."""
    long_ago = stage.today - timedelta(days=500)
    for person, level, ends in zip(
        pool,
        (LadderStep.MASTER, LadderStep.LEAD, LadderStep.ASSISTANT),
        (600, 400, 40),
        strict=True,
    ):
        roster.list_trainer(stage.actor, person.code, travel_days=30)
        roster.award_level(
            stage.actor,
            person.code,
            texts.FAMILY,
            LANGUAGE,
            level,
            basis="Invented certificate of another programme",
            since=long_ago,
            valid_until=stage.today + timedelta(days=ends),
            is_assessor=level is LadderStep.MASTER,
            is_recognised=True,
        )
        _vetted(stage, person)
        roster.say_availability(
            stage.actor,
            person.code,
            AvailabilityKind.AVAILABLE,
            stage.today,
            stage.today + timedelta(days=365),
        )


def _vetted(stage: Stage, person: Practitioner) -> None:
    """A clearance of another programme: no nomination here asked for it."""
    checked = stage.today - timedelta(days=200)
    VettingCheck.objects.create(
        data_key=person.data_key,
        practitioner=person,
        code=f"{person.code.lower()}.v1",
        kind=VettingKind.IDENTITY,
        issuer="Invented Vetting Office",
        state=VettingState.CLEARED,
        requested_on=checked,
        received_on=checked,
        decided_on=checked,
        valid_until=stage.today + timedelta(days=500),
        recorded_by=stage.actor.user_id,
        note="Invented.",
    )


def _event(
    stage: Stage,
    plan: CoursePlan,
    pool: Sequence[Practitioner],
    people: Sequence[Practitioner],
) -> TrainingEvent:
    """A training of trainers of two days with crossed tests, attendance and a delivered end."""
    first = stage.today - timedelta(days=DAYS_AGO)
    event = create_event(
        stage.actor,
        EventFacts(
            title="First contact: training of trainers (invented)",
            kind=EventKind.TOT,
            organisation=stage.organisation,
            reference=texts.EVENT,
            country=COUNTRY,
            place_countries=(COUNTRY,),
            from_countries=(COUNTRY,),
            place="Invented hall",
            starts=first.isoformat(),
            ends=(first + timedelta(days=1)).isoformat(),
            time_zone="Asia/Kathmandu",
            languages=(LANGUAGE,),
            plan=plan,
            seats=len(people),
            is_generation_root=True,
        ),
    )
    move_event(stage.actor, event.reference, EventState.PLANNED)
    for number, title in enumerate(texts.SESSIONS):
        begins = stage.moment(first + timedelta(days=number // 2), 9 if number % 2 == 0 else 14)
        sessions.add_session(
            stage.actor,
            event.reference,
            sessions.SessionFacts(
                title, begins, begins + timedelta(minutes=90), room="Invented room"
            ),
        )
    lead = sessions.staff(stage.actor, event, pool[0], StaffRole.LEAD)
    sessions.staff(stage.actor, event, pool[1], StaffRole.CO_TRAINER)
    sessions.staff(stage.actor, event, pool[2], StaffRole.ASSISTANT, supervised_by=lead)
    move_event(stage.actor, event.reference, EventState.CONFIRMED)
    for person in people:
        enrol(stage.actor, event, person, LANGUAGE)
    move_event(stage.actor, event.reference, EventState.RUNNING)
    _tests(stage, event, first)
    _attendance(stage, event)
    move_event(stage.actor, event.reference, EventState.DELIVERED)
    return event


def _tests(stage: Stage, event: TrainingEvent, first: date) -> None:
    """Crossed forms before and after; who answers what follows from the place in the list."""
    blueprint = questions.save_blueprint(
        stage.actor, "First contact (invented)", dict.fromkeys(texts.OBJECTIVES, 2)
    )
    for form in questions.draw_forms(stage.actor, blueprint.pk):
        shares = dict.fromkeys(range(1, 5), Decimal("0.55"))
        questions.judge_form(stage.actor, form.pk, shares)
        questions.set_cut_score(stage.actor, form.pk)
    for wave, day, hour in (
        (TestWave.PRE, first, 8),
        (TestWave.POST, first + timedelta(days=1), 16),
    ):
        tests.set_test(stage.actor, event.reference, wave, blueprint.pk)
        begins = stage.moment(day, hour)
        tests.open_window(stage.actor, event.reference, wave, at=begins)
        for number, enrolment in enumerate(event.enrolments.order_by("practitioner__code")):
            sitting = tests.begin_sitting(
                enrolment,
                wave,
                language=LANGUAGE,
                has_consented=True,
                at=begins + timedelta(minutes=1),
            )
            for place in places_of(sitting.form):
                tests.save_answer(
                    sitting,
                    place,
                    _answer(number, place.number, wave),
                    at=begins + timedelta(minutes=2),
                )
            tests.hand_in(sitting, at=begins + timedelta(minutes=20))
        ends = begins + timedelta(minutes=40)
        tests.close_window(stage.actor, event.reference, wave, at=ends)
        tests.release(stage.actor, event.reference, wave, at=ends + timedelta(minutes=5))


def _answer(number: int, place: int, wave: TestWave) -> str:
    """What participant `number` answers at `place` (from 1) of four: "a" is right.

    From none to three right before and from one to four after; the first questions are easier for
    most, and every fifth participant finds the last ones easier.
    """
    right = min(4, 1 + (number * 7 + number // 4) % 5)
    if wave is TestWave.PRE:
        right = (number * 5 + number // 3) % 4
    hardness = place if number % 5 else 5 - place
    return "a" if hardness <= right else "bc"[(number + place) % 2]


def _attendance(stage: Stage, event: TrainingEvent) -> None:
    """The paper sheet keyed in: all but two signed for every half day."""
    halves = roll(event).half_days
    keys = list(event.enrolments.order_by("practitioner__code").values_list("pk", flat=True))
    ticks = {
        half.key: frozenset(keys[: len(keys) - (2 if number % 2 else 1)])
        for number, half in enumerate(halves)
    }
    attendance.key_sheet(stage.actor, event.reference, [half.key for half in halves], ticks)


def _cascade(
    stage: Stage, event: TrainingEvent, version: ModuleVersion, trainers: Sequence[Practitioner]
) -> None:
    """Two of those trained train others, who are known by number only."""
    for number, person in enumerate(trainers):
        day = (stage.today - timedelta(days=80 - 30 * number)).isoformat()
        reports.report_by_counts(
            stage.actor,
            reports.ReportFacts(
                counts=[Counted(Sex.FEMALE, 6 + number), Counted(Sex.MALE, 25 - 4 * number)],
                title="First contact for a police post (invented)",
                organisation=stage.organisation,
                country=COUNTRY,
                area="Invented Province",
                starts=day,
                ends=day,
                parent=event,
                versions=[version],
                hours=Decimal(4),
                trainers=[person],
                source="Invented report of the trainer",
            ),
        )


def _team(stage: Stage, event: TrainingEvent, pool: Sequence[Practitioner]) -> None:
    """A team with two members that lacks a prosecutor, a French speaker and a woman more."""
    teams.form_team(
        stage.actor,
        teams.TeamFacts(
            texts.TEAM,
            "Mobile team (invented)",
            stage.organisation,
            Requirement(
                size=4,
                most=6,
                women=2,
                professions={Profession.PROSECUTOR: 1},
                languages=frozenset({"en", "fr"}),
                topics=frozenset({texts.FAMILY}),
                needs_vetting=False,
            ),
            country="SEN",
            chosen_at=event,
        ),
    )
    for person in pool[:2]:
        teams.add_member(stage.actor, texts.TEAM, person.code)
    teams.add_task(
        stage.actor,
        texts.TEAM,
        TaskingKind.PILOT,
        "Two pilot courses (invented)",
        courses=2,
        country="SEN",
        due=(stage.today + timedelta(days=200)).isoformat()[:7],
    )


def certify_training_demo(actor: Actor) -> int:
    """Issue the certificates that the participants of the invented training earned.

    Apart from `load_training_demo`, since names are never opened inside another transaction.
    Returns how many; 0 when nobody waits for one.
    """
    credentials_types.add_standard_types(actor)
    try:
        made = credentials.issue_for_event(actor, texts.EVENT)
    except RuleBroken as refusal:
        if refusal.code == "credential.nobody-due":
            return 0
        raise
    return len(made.credentials)
