"""An invented test in an invented event: a bank, two forms, participants with codes."""

from dataclasses import dataclass, field
from typing import Any

from cairn.core.actor import Actor
from cairn.training.actions import questions as bank
from cairn.training.actions import tests as running
from cairn.training.models import (
    Enrolment,
    LearningObjective,
    TestBlueprint,
    TestSitting,
    TrainingEvent,
)
from cairn.training.queries import tests as queries
from cairn.training.rules.choices import Competency, TestWave
from cairn.training.testing import personal_codes
from cairn.training.tests import factories
from cairn.training.tests.testing_examples import example

PRE, POST = TestWave.PRE, TestWave.POST


@dataclass(frozen=True, slots=True)
class Scene:
    """`officer` plans tests, `event` has a pre-test and a post-test that are not open yet."""

    officer: Actor
    event: TrainingEvent
    blueprint: TestBlueprint
    enrolments: list[Enrolment] = field(default_factory=list)

    def join_code(self) -> str:
        self.event.refresh_from_db()
        return self.event.join_code or ""


def objective(code: str = "INV.1") -> LearningObjective:
    made, _ = LearningObjective.objects.get_or_create(
        code=code,
        defaults={"competency": Competency.IDENTIFY, "texts": {"en": "Invented objective"}},
    )
    return made


def write_bank(officer: Actor, kinds: tuple[str, ...], times: int = 2) -> None:
    """`times` invented questions of each kind, all of one objective."""
    for kind in kinds:
        for number in range(times):
            content = example(kind)
            content["texts"]["en"]["stem"] += f" ({number + 1})"
            bank.write_question(officer, f"INV-{kind}-{number}", content, objective=objective())


def scene(
    kinds: tuple[str, ...] = ("single", "true-false", "multiple"),
    *,
    people: int = 2,
    officer: Actor | None = None,
    waves: tuple[TestWave, ...] = (PRE, POST),
    **event: Any,
) -> Scene:
    """A scene whose forms have a question of each kind; waves are set and not opened."""
    planner = officer or factories.officer()
    write_bank(planner, kinds)
    blueprint = bank.save_blueprint(planner, "Invented test", {"INV.1": len(kinds)})
    bank.draw_forms(planner, blueprint.pk)
    made = factories.event(**event)
    taken: set[str] = set()
    enrolments = []
    for number in range(people):
        code = personal_codes.drawn(taken)
        taken.add(code)
        who = factories.practitioner(f"Invented Trainee {number}", organisation=made.organisation)
        enrolments.append(factories.enrolment(made, who, code=code))
    for wave in waves:
        running.set_test(planner, made.reference, wave, blueprint.pk)
    return Scene(planner, made, blueprint, sorted(enrolments, key=lambda each: each.personal_code))


def right_answer(place: queries.Place) -> Any:
    """The answer to a place that gets all marks; words for a short answer."""
    item = place.item
    if item.rubric:
        return "Invented words"
    if item.prompts:
        return dict(zip(item.prompts, item.key, strict=True))
    return list(item.key) if item.type in {"multiple", "ordering"} else item.key[0]


def take(enrolment: Enrolment, wave: TestWave, *, right: int | None = None) -> TestSitting:
    """Take a test as a participant: the first `right` places rightly (None: all), then hand in."""
    enrolment.refresh_from_db()
    sitting = running.begin_sitting(enrolment, wave, language="en", has_consented=True)
    asked = queries.places(sitting.form)
    for place in asked[: len(asked) if right is None else right]:
        running.save_answer(sitting, place, right_answer(place))
    return running.hand_in(sitting)
