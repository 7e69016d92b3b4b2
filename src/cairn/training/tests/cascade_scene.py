"""An obviously invented cascade of three generations, for the tests of it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from cairn.training.models import (
    CascadeReport,
    HeadCount,
    Practitioner,
    Staffing,
    TestBlueprint,
    TestForm,
    TestSitting,
    TrainingEvent,
)
from cairn.training.rules.choices import EventKind, Participation, Sex
from cairn.training.rules.states import EnrolmentState, EventState, ReportState
from cairn.training.tests import factories

COUNTRY = factories.COUNTRY


@dataclass(slots=True)
class Scene:
    """Events by reference, people by a letter."""

    events: dict[str, TrainingEvent] = field(default_factory=dict)
    people: dict[str, Practitioner] = field(default_factory=dict)

    def person(self, letter: str) -> Practitioner:
        if letter not in self.people:
            made = factories.practitioner(f"Invented Trainee {letter}", country=COUNTRY)
            self.people[letter] = made
        return self.people[letter]

    def event(
        self, reference: str, day: str, teachers: str = "", completed: str = "", **values: Any
    ) -> TrainingEvent:
        """A delivered event of one day; a person for each letter."""
        given: dict[str, Any] = {
            "state": EventState.DELIVERED,
            "kind": EventKind.DIRECT,
            "title": f"Invented training {reference}",
            "starts": day,
            "ends": day,
        }
        made = factories.event(reference, **given | values)
        self.events[reference] = made
        for letter in teachers:
            factories.staffing(made, self.person(letter))
        for letter in completed:
            self.complete(reference, letter)
        return made

    def complete(self, reference: str, letter: str) -> None:
        event = self.events[reference]
        factories.enrolment(
            event,
            self.person(letter),
            state=EnrolmentState.COMPLETED,
            completed_on=date.fromisoformat(event.ends),
        )

    def counted(
        self,
        reference: str,
        day: str,
        teachers: str,
        heads: int,
        women: int = 0,
        *,
        state: ReportState = ReportState.SENT,
        **values: Any,
    ) -> CascadeReport:
        """An event of which only numbers are known."""
        event = self.event(
            reference, day, teachers, participation=Participation.AGGREGATE, **values
        )
        report = CascadeReport.objects.create(event=event, state=state, reported_at=timezone.now())
        rows = [(Sex.FEMALE, women), (Sex.MALE, heads - women)]
        HeadCount.objects.bulk_create(
            HeadCount(report=report, sex=sex, count=count) for sex, count in rows if count
        )
        return report

    def test(self, reference: str, marks: dict[str, int], *, of: int = 10) -> None:
        """Marks at the end, for people by letter; six of ten passes."""
        form = TestForm.objects.filter(letter="A").first() or TestForm.objects.create(
            blueprint=TestBlueprint.objects.create(title="Invented test"),
            letter="A",
            cut_score="0.6",
        )
        event = self.events[reference]
        for letter, mark in marks.items():
            TestSitting.objects.create(
                event=event,
                enrolment=event.enrolments.get(practitioner=self.people[letter]),
                form=form,
                wave="post",
                means="paper",
                started_at=timezone.now(),
                handed_in_at=timezone.now(),
                mark=mark,
                maximum=of,
            )

    def teach(self, reference: str, letter: str) -> Staffing:
        return factories.staffing(self.events[reference], self.person(letter))


def three_generations() -> Scene:
    """r teaches T1 (a to f); a and b teach T2 (g to k); g reports T3 by number; a teaches T4."""
    scene = Scene()
    scene.event("T1", "2025-01-10", "r", "abcdef", kind=EventKind.TOT, is_generation_root=True)
    scene.event("T2", "2025-03-10", "ab", "ghijk", kind=EventKind.TOT)
    scene.counted("T3", "2025-05-10", "g", 31, 6)
    scene.event("T4", "2025-06-10", "a", "lmg")
    scene.test("T1", dict(zip("abcdef", (9, 8, 7, 7, 6, 3), strict=True)))
    scene.test("T2", dict(zip("ghijk", (8, 5, 4, 7, 3), strict=True)))
    return scene
