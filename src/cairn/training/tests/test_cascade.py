"""The cascade over records: derived rows kept right, figures of the page, plans, the report."""

import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cairn.access.queries import SYSTEM
from cairn.core.actor import PUBLIC
from cairn.core.errors import RuleBroken
from cairn.portfolio.models import Project
from cairn.portfolio.tests.factories import project
from cairn.training.actions import cascade as actions
from cairn.training.exports.cascade import cascade_payload
from cairn.training.models import (
    CascadeCredit,
    CascadeNode,
    TrainerProfile,
    TrainingEvent,
    VettingCheck,
)
from cairn.training.queries import cascade as queries
from cairn.training.queries import cascade_trainers
from cairn.training.queries.cascade_rows import Filters
from cairn.training.queries.cascade_source import EVER, covered, span
from cairn.training.rules.choices import StaffRole
from cairn.training.rules.states import EnrolmentState, EventState, ReportState
from cairn.training.tests import factories
from cairn.training.tests.cascade_scene import Scene, three_generations

TODAY = date(2026, 1, 15)
pytestmark = pytest.mark.django_db


def derived() -> tuple[list[Any], list[Any]]:
    """Every derived row as plain values."""
    credits = CascadeCredit.objects.order_by("event__reference", "trainer").values_list(
        *("event__reference", "trainer", "generation", "share", "named", "first_time"),
        *("aggregate", "is_verified"),
    )
    nodes = CascadeNode.objects.order_by("practitioner").values_list(
        "practitioner", "generation", "since", "event__reference"
    )
    return list(credits), list(nodes)


def place_of(scene: Scene, letter: str) -> tuple[int, str] | None:
    node = CascadeNode.objects.filter(practitioner=scene.people[letter]).first()
    return (node.generation, node.event.reference) if node else None


def test_generations_follow_from_who_taught_and_who_completed() -> None:
    scene = three_generations()
    done = actions.rebuild()
    assert done.events == 4
    generations = {row.event.reference: row.generation for row in CascadeCredit.objects.all()}
    assert generations == {"T1": 1, "T2": 2, "T3": 3, "T4": 2}
    assert [place_of(scene, each) for each in "ragl"] == [
        (0, "T1"),
        (1, "T1"),
        (2, "T2"),
        (2, "T4"),
    ]
    shares = CascadeCredit.objects.filter(event__reference="T2").values_list("share", flat=True)
    assert list(shares) == [0.5, 0.5]
    # g completed T2 before T4, both in generation 2: T4 counts two new persons.
    assert CascadeCredit.objects.get(event__reference="T4").first_time == 2
    assert actions.rebuild().changed == 0


def test_event_by_event_comes_out_as_computed_anew() -> None:
    scene = three_generations()
    for event in scene.events.values():
        actions.event_changed(event.pk)
    steps: list[Any] = [
        lambda: scene.complete("T2", "c"),
        lambda: (
            scene.events["T1"]
            .enrolments.filter(practitioner=scene.people["a"])
            .update(state=EnrolmentState.INCOMPLETE)
        ),
        lambda: scene.teach("T4", "c"),
        lambda: TrainingEvent.objects.filter(reference="T2").update(ends="2025-07-01"),
        lambda: TrainingEvent.objects.filter(reference="T1").update(is_generation_root=False),
        lambda: TrainingEvent.objects.filter(reference="T1").update(is_generation_root=True),
        lambda: TrainingEvent.objects.filter(reference="T2").update(state=EventState.CANCELLED),
    ]
    references = ["T2", "T1", "T4", "T2", "T1", "T1", "T2"]
    for number, (step, reference) in enumerate(zip(steps, references, strict=True)):
        step()
        actions.event_changed(scene.events[reference].pk)
        kept = derived()
        assert actions.rebuild().changed == 0, number
        assert derived() == kept


def test_a_change_reads_no_more_than_what_is_downstream() -> None:
    scene = three_generations()
    actions.rebuild()
    assert actions.event_changed(scene.events["T3"].pk).events == 1
    assert actions.event_changed(scene.events["T1"].pk).events == 4


def test_who_taught_too_little_is_nobodys_trainer() -> None:
    scene = three_generations()
    event = scene.events["T4"]
    sessions = [factories.session(event, number) for number in (1, 2, 3)]
    factories.staffing(event, scene.person("d")).sessions.set(sessions[:1])
    actions.rebuild()
    assert CascadeCredit.objects.filter(trainer=scene.people["d"]).count() == 0
    factories.staffing(event, scene.person("d"), role=StaffRole.CO_TRAINER).sessions.set(
        sessions[1:2]
    )
    actions.event_changed(event.pk)
    # Two of three sessions, in two roles: 180 minutes beside 270.
    assert CascadeCredit.objects.get(trainer=scene.people["d"]).share == pytest.approx(0.4)


def test_share_of_objectives_falls_back_to_time_and_then_to_all() -> None:
    one, two = mock.sentinel.one, mock.sentinel.two
    assert covered([one], {one: 60, two: 180}, {one: [*"abc"], two: [*"cd"]}) == 0.75
    assert covered([one], {one: 60, two: 180}, {}) == 0.25
    assert covered([], {}, {}) == 1.0


def test_a_date_that_is_not_known_leaves_all_days_open() -> None:
    assert span("2025-02", "") == (date(2025, 2, 1), date(2025, 2, 28))
    assert span("", "2025") == EVER == span("some day", "")


def test_disputed_counts_are_out_and_verified_ones_apart() -> None:
    scene = three_generations()
    scene.counted("T5", "2025-06-11", "a", 10, state=ReportState.VERIFIED)
    scene.counted("T6", "2025-06-12", "a", 99, state=ReportState.DISPUTED)
    actions.rebuild()
    second = queries.cascade(SYSTEM, Filters(), today=TODAY).generations[1]
    assert (second.counted, second.counted_verified, second.people) == (10, 10, 17)


def test_the_table_counts_persons_once_and_seats_each_time() -> None:
    three_generations()
    actions.rebuild()
    view = queries.cascade(SYSTEM, Filters(), today=TODAY)
    first, second, third = view.generations
    assert (first.persons, first.seats, first.counted) == (6, 6, 0)
    assert (second.events, second.persons, second.seats) == (2, 7, 8)
    assert (third.persons, third.counted, third.unverified) == (0, 31, 31)
    assert first.quality.value == pytest.approx(5 / 6)
    assert second.quality.value == pytest.approx(2 / 5)
    assert third.quality.value is None
    assert second.step is not None
    assert second.step.value == pytest.approx(100 * (2 / 5 - 5 / 6))
    assert third.women.value == pytest.approx(6 / 31)
    # a: half of 5, and 3 of T4; b: half of 5; c to f nobody.
    assert first.reproduction is not None
    assert first.reproduction.value == pytest.approx(8 / 6)
    reach = view.figure("effective-reach")
    assert reach is not None
    assert reach.value == pytest.approx(6 * 5 / 6 + 7 * 2 / 5)


def test_activation_counts_first_sessions_and_who_left() -> None:
    scene = three_generations()
    scene.people["c"].deployments.create(
        mission="Invented Mission", state="in-post", actual_from="2025-02-01"
    )
    actions.rebuild()
    curve = queries.cascade(SYSTEM, Filters(), today=TODAY).activation
    # a, b and g taught; c left for a mission; seven others are still watched.
    assert (curve.n, curve.delivered, curve.away, curve.watched) == (11, 3, 1, 7)
    assert [step.day for step in curve.steps] == [59, 61]


def test_the_picture_shows_trainings_and_who_came_out_of_them() -> None:
    scene = three_generations()
    actions.rebuild()
    view = queries.cascade(SYSTEM, Filters(), today=TODAY)
    label = {stone.key: stone.label for stone in view.stones}
    links = {(label[each.source], label[each.target]): each.people for each in view.lines}
    assert links == {
        ("Root trainers", "T1"): 6,
        ("T1", "T2"): 5,
        ("T2", "T3"): 31,
        ("T1", "T4"): 3,
    }
    stones = {stone.label: stone for stone in view.stones}
    assert stones["T3"].is_counted
    assert stones["T1"].quality == pytest.approx(5 / 6)
    assert stones["T4"].quality is None
    assert scene.people["a"].code not in str(view.stones)


def test_a_part_is_what_is_below_a_project_or_event_or_in_a_country() -> None:
    scene = three_generations()
    made = project("P98")
    TrainingEvent.objects.filter(reference="T2").update(project=made)
    TrainingEvent.objects.filter(reference="T4").update(country="SEN", place_countries=["SEN"])
    actions.rebuild()

    def events(**filters: str) -> list[str]:
        found = queries.cascade(SYSTEM, Filters(**filters), today=TODAY)
        return sorted(stone.label for stone in found.stones if stone.generation)

    assert events(project="P98") == ["T2", "T3"]
    assert events(root="T1") == ["T1", "T2", "T3", "T4"]
    assert events(country="SEN") == ["T4"]
    assert events(country="SEN", project="P98") == []
    with pytest.raises(Project.DoesNotExist):
        events(project="P00")
    with pytest.raises(TrainingEvent.DoesNotExist):
        events(root="T99")
    del scene


def test_the_number_of_queries_does_not_follow_the_rows() -> None:
    scene = three_generations()
    actions.rebuild()

    officer = factories.officer()

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            queries.cascade(SYSTEM, Filters(), today=TODAY)
            cascade_trainers.resting(officer, Filters(), today=TODAY)
        return len(captured)

    few = count()
    for number in range(5):
        letters = [f"{number}{each}" for each in "xyz"]
        scene.event(f"T1{number}", f"2025-08-0{number + 1}", "ag")
        for letter in letters:
            scene.complete(f"T1{number}", letter)
    actions.rebuild()
    assert count() == few


def test_what_rests_on_one_trainer_is_found_by_code() -> None:
    scene = three_generations()
    actions.rebuild()
    officer = factories.officer()
    resting = cascade_trainers.resting(officer, Filters(), today=TODAY)
    by_code = {each.practitioner.code: each for each in resting.dependence}
    assert by_code[scene.people["g"].code].loss.people == 31
    # b can give T2 without a; T4 is a's alone, and of its three people g also completed T2.
    lost = by_code[scene.people["a"].code].loss
    assert (lost.persons, lost.heads) == (2, 0)
    assert by_code[scene.people["b"].code].loss.people == 0
    own = cascade_trainers.own_cascade(officer, scene.people["a"].code, today=TODAY)
    assert [line.event.reference for line in own.taught] == ["T2", "T4"]
    assert own.people == pytest.approx(5.5)
    assert [(line.generation, line.seats, line.counted) for line in own.below] == [
        (2, 8, 0),
        (3, 0, 31),
    ]
    assert [each.reference for each in own.lost_events] == ["T4"]


def test_trainers_on_the_roster_show_who_is_dormant_and_where_nobody_is_left() -> None:
    scene = three_generations()
    for letter in "ag":
        person = scene.people[letter]
        person.area = "Invented Province" if letter == "a" else "Invented Valley"
        person.save(update_fields=["area"])
        person.qualifications.create(
            family="TIP", language="en", level="lead", basis="Invented", since="2025-03-01"
        )
        TrainerProfile.objects.create(practitioner=person, listed_on="2025-03-01")
        VettingCheck.objects.create(
            practitioner=person,
            data_key=person.data_key,
            code=f"{person.code.lower()}.v1",
            kind="identity",
            issuer="Invented office",
            state="cleared",
            requested_on="2025-01-01",
            valid_until="2027-01-01",
        )
    actions.rebuild()
    officer = factories.officer()
    now = cascade_trainers.resting(officer, Filters(), today=TODAY)
    assert now.dormant == []
    places = {each.practitioner.code: each.areas for each in now.dependence}
    assert [each.area for each in places[scene.people["a"].code]] == ["Invented Province"]
    later = cascade_trainers.resting(officer, Filters(), today=date(2026, 12, 1))
    assert {each.practitioner.code for each in later.dormant} == {
        scene.people["a"].code,
        scene.people["g"].code,
    }
    assert {each.area for each in later.bare} == {"", "Invented Province", "Invented Valley"}


def test_targets_stand_beside_what_was_reached_by_the_plans_own_share() -> None:
    scene = three_generations()
    actions.rebuild()
    officer = factories.officer()
    plan = actions.make_plan(officer, actions.PlanFacts("Invented plan", root=scene.events["T1"]))
    for facts in (
        actions.TargetFacts(2, 20),
        actions.TargetFacts(2, 10, due_on=date(2025, 4, 1)),
        actions.TargetFacts(3, 31, country=factories.COUNTRY),
    ):
        actions.add_target(officer, plan, facts)
    lines = queries.targets(SYSTEM, plan)
    assert sorted((each.target.persons, each.reached) for each in lines) == [
        (10, 5),
        (20, 7),
        (31, 31),
    ]
    event = scene.events["T3"]
    sessions = [factories.session(event, number) for number in (1, 2, 3)]
    event.staffing.get().sessions.set(sessions[:2])
    actions.event_changed(event.pk)
    assert [each.reached for each in queries.targets(SYSTEM, plan)][-1] == 31
    plan.minimum_share = "0.90"
    plan.save()
    plan = queries.plans(SYSTEM)[0]
    assert [each.reached for each in queries.targets(SYSTEM, plan)][-1] == 0


def test_a_plan_that_cannot_be_is_refused() -> None:
    scene = three_generations()
    officer = factories.officer()
    with pytest.raises(RuleBroken) as refused:
        actions.make_plan(officer, actions.PlanFacts("Invented plan"))
    assert refused.value.code == "cascade_plan.scope"
    plan = actions.make_plan(officer, actions.PlanFacts("Invented plan", root=scene.events["T1"]))
    actions.add_target(officer, plan, actions.TargetFacts(1, 5))
    for generation, code in ((1, "cascade_target.twice"), (0, "cascade_target.generation")):
        with pytest.raises(RuleBroken) as refused:
            actions.add_target(officer, plan, actions.TargetFacts(generation, 5))
        assert refused.value.code == code
    with pytest.raises(PermissionDenied):
        actions.make_plan(PUBLIC, actions.PlanFacts("Invented plan", root=scene.events["T1"]))


def test_the_report_is_plain_json_with_counts_only() -> None:
    scene = three_generations()
    actions.rebuild()
    payload = json.loads(json.dumps(cascade_payload(SYSTEM, "T1", TODAY)))
    assert payload["root_event"] == "T1"
    assert [line["people"] for line in payload["generations"]] == [6, 7, 31]
    assert {"from": "T1", "to": "T2", "people": 5.0} in payload["picture"]["links"]
    codes = [person.code for person in scene.people.values()]
    assert not any(code in json.dumps(payload) for code in codes)
    with pytest.raises(TrainingEvent.DoesNotExist):
        cascade_payload(PUBLIC, "T1", TODAY)


def test_the_report_command_takes_a_project(tmp_path: Path) -> None:
    three_generations()
    made = project("P98")
    TrainingEvent.objects.filter(reference="T1").update(project=made)
    actions.rebuild()
    out = tmp_path / "cascade.json"
    call_command("report", "cascade", project="P98", format="json", out=out)
    payload = json.loads(out.read_text())
    assert (payload["project"], len(payload["generations"])) == ("P98", 3)
    with pytest.raises(CommandError, match="P00"):
        call_command("report", "cascade", project="P00", out=out)


def test_the_command_says_how_many_rows_were_not_right() -> None:
    three_generations()
    for expected in ("rows were changed.", " 0 rows were changed."):
        said = StringIO()
        call_command("cascade", "rebuild", stdout=said)
        assert expected in said.getvalue()


def test_merged_records_are_computed_anew() -> None:
    scene = three_generations()
    actions.rebuild()
    kept, merged = scene.people["l"], scene.people["m"]
    scene.events["T4"].enrolments.filter(practitioner=merged).delete()
    merged.merged_into = kept
    merged.save(update_fields=["merged_into"])
    actions.people_changed([kept.pk, merged.pk])
    assert place_of(scene, "m") is None
    assert CascadeCredit.objects.get(event__reference="T4").named == 2
    assert actions.rebuild().changed == 0
