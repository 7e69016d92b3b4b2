"""Running a test: windows, sittings on phones, sheets on paper, marking; and what is refused."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from cairn.core import clock
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.training.actions import questions as bank
from cairn.training.actions import tests as running
from cairn.training.actions import tests_marking, tests_paper
from cairn.training.models import (
    KeyedSheet,
    Kit,
    KitCheckout,
    Response,
    TestSitting,
    TestWindow,
    TrainingEvent,
)
from cairn.training.queries import tests as queries
from cairn.training.testing.answers import as_typed
from cairn.training.testing.sittings import LATE_FOR, WindowState
from cairn.training.tests import factories
from cairn.training.tests.testing_examples import example
from cairn.training.tests.testing_scene import POST, PRE, Scene, right_answer, scene, take

pytestmark = pytest.mark.django_db


def refused(code: str, act: Callable[[], object]) -> RuleBroken:
    """The refusal of an action; it says what to do or at least why."""
    with pytest.raises(RuleBroken) as refusal:
        act()
    assert refusal.value.code == code
    assert refusal.value.message
    return refusal.value


def opened(**values: object) -> Scene:
    found = scene(**values)  # type: ignore[arg-type]  # passed on as they are
    running.open_window(found.officer, found.event.reference, PRE)
    return found


def test_forms_are_crossed_over_the_group_and_frozen_when_a_test_opens() -> None:
    found = opened(people=6)
    orders = [each.forms for each in found.event.enrolments.all()]
    assert sorted(orders) == ["AB"] * 3 + ["BA"] * 3
    assert found.join_code()
    assert all(form.frozen_at for form in found.blueprint.forms.all())
    entry = AuditEntry.objects.get(code="test_window.opened")
    assert entry.facts == {"event": "T01", "wave": "pre"}
    join_code = found.join_code()
    late = factories.enrolment(found.event, code="22-22-22")
    running.open_window(found.officer, found.event.reference, POST)
    late.refresh_from_db()
    assert late.forms in {"AB", "BA"}
    assert [each.forms for each in found.event.enrolments.exclude(pk=late.pk)] == orders
    assert found.join_code() == join_code


def test_a_test_is_taken_scored_and_crossed_from_wave_to_wave() -> None:
    found = opened()
    first, second = found.enrolments
    whole = take(first, PRE)
    part = take(second, PRE, right=1)
    assert whole.form.letter != part.form.letter
    assert (whole.mark, whole.maximum, whole.needs_marking) == (Decimal(6), Decimal(6), False)
    assert part.mark is not None
    assert 0 < part.mark < 6
    assert part.responses.filter(answer__isnull=True, mark=0).count() == 2
    running.close_window(found.officer, "T01", PRE)
    running.open_window(found.officer, "T01", POST)
    assert take(first, POST).form.letter == part.form.letter
    assert AuditEntry.objects.filter(code="test_sitting.handed_in", actor_id="").count() == 3


def test_going_on_gives_the_same_sitting_and_the_last_answer_counts() -> None:
    found = opened()
    enrolment = found.enrolments[0]
    sitting = running.begin_sitting(enrolment, PRE, has_consented=True)
    place = next(each for each in queries.places(sitting.form) if each.item.type == "single")
    running.save_answer(sitting, place, "a")
    again = running.begin_sitting(enrolment, PRE)
    running.save_answer(again, place, "b")
    assert again.pk == sitting.pk
    assert Response.objects.get(sitting=sitting).answer == "b"
    running.save_answer(again, place, None)
    assert Response.objects.get(sitting=sitting).answer is None
    refused("answer.choice", lambda: running.save_answer(again, place, "z"))


def test_a_test_that_was_handed_in_is_answered_once() -> None:
    found = opened()
    sitting = take(found.enrolments[0], PRE)
    place = queries.places(sitting.form)[0]
    refused("sitting.twice", lambda: running.begin_sitting(found.enrolments[0], PRE))
    refused("sitting.twice", lambda: running.save_answer(sitting, place, None))
    refused("sitting.twice", lambda: running.hand_in(sitting))
    refused("sitting.twice", lambda: running.set_language(sitting, "fr"))
    assert TestSitting.objects.count() == 1


def test_who_began_before_closing_may_finish_for_an_hour() -> None:
    found = opened()
    sitting = running.begin_sitting(found.enrolments[0], PRE, has_consented=True)
    place = queries.places(sitting.form)[0]
    closed = clock.now()
    running.close_window(found.officer, "T01", PRE, at=closed)
    refused(
        "sitting.closed",
        lambda: running.begin_sitting(found.enrolments[1], PRE, has_consented=True),
    )
    running.save_answer(sitting, place, right_answer(place), at=closed + LATE_FOR / 2)
    over = closed + LATE_FOR
    refused("sitting.over", lambda: running.save_answer(sitting, place, None, at=over))
    refused("sitting.over", lambda: running.hand_in(sitting, at=over))
    running.hand_in(sitting, at=over - timedelta(seconds=1))
    assert TestSitting.objects.get().is_late


def test_nothing_begins_before_opening_or_without_consent() -> None:
    found = scene()
    begin = running.begin_sitting
    refused("sitting.not-open", lambda: begin(found.enrolments[0], PRE, has_consented=True))
    running.open_window(found.officer, "T01", PRE)
    refused("sitting.consent", lambda: begin(found.enrolments[0], PRE))
    assert not TestSitting.objects.exists()


def test_windows_move_one_way_and_results_wait_for_marks() -> None:
    found = opened(kinds=("short", "single"))
    officer = found.officer
    sitting = take(found.enrolments[0], PRE)
    assert (sitting.mark, sitting.needs_marking) == (None, True)
    left = running.begin_sitting(found.enrolments[1], PRE, has_consented=True)
    refused("window.open", lambda: running.open_window(officer, "T01", PRE))
    refused("window.still-open", lambda: running.release(officer, "T01", PRE))
    running.close_window(officer, "T01", PRE)
    refused("window.not-open", lambda: running.close_window(officer, "T01", PRE))
    assert "1" in refused("window.waiting", lambda: running.release(officer, "T01", PRE)).message
    response = queries.waiting_for_marks(found.event).get()
    tests_marking.mark_answer(officer, response.pk, {"r1": "2", "r2": "0.5"})
    window = running.release(officer, "T01", PRE)
    assert queries.state_of(window) == WindowState.RELEASED
    left = TestSitting.objects.get(pk=left.pk)
    assert (left.mark, left.maximum) == (Decimal(0), Decimal(5))
    refused("window.released", lambda: running.open_window(officer, "T01", PRE))
    sitting.refresh_from_db()
    assert sitting.mark == Decimal("4.5")


def test_only_those_who_run_the_event_run_its_tests() -> None:
    found = scene()
    factories.event("T02")
    elsewhere = factories.trainer(TrainingEvent.objects.get(reference="T02"))
    with pytest.raises(PermissionDenied):
        running.open_window(elsewhere, "T01", PRE)
    with pytest.raises(PermissionDenied):
        running.set_test(elsewhere, "T01", PRE, found.blueprint.pk)
    with pytest.raises(PermissionDenied):
        bank.draw_forms(elsewhere, found.blueprint.pk)
    with pytest.raises(PermissionDenied):
        bank.write_question(elsewhere, "X", {})
    own = factories.trainer(found.event, "invented-own-trainer")
    running.open_window(own, "T01", PRE)
    assert TestWindow.objects.get(event=found.event, wave=PRE).opened_at


def test_forms_of_a_test_change_until_somebody_began_it() -> None:
    found = opened()
    bank.draw_forms(found.officer, found.blueprint.pk)
    running.set_test(found.officer, "T01", PRE, found.blueprint.pk, edition=2)
    take(found.enrolments[0], PRE)
    refused(
        "window.begun",
        lambda: running.set_test(found.officer, "T01", PRE, found.blueprint.pk, edition=1),
    )
    refused(
        "window.forms",
        lambda: running.set_test(found.officer, "T01", POST, found.blueprint.pk, edition=9),
    )
    counts = factories.event("T03", participation="aggregate")
    refused(
        "window.counts",
        lambda: running.set_test(found.officer, counts.reference, PRE, found.blueprint.pk),
    )


def test_while_an_event_is_on_a_kit_its_tests_are_opened_there() -> None:
    found = scene()
    now = timezone.now()
    kit = Kit.objects.create(
        code="K77-772",
        label="Invented kit",
        organisation=found.event.organisation,
        recipient="age1invented",
        verifier="0" * 64,
        enrolled_at=now,
    )
    KitCheckout.objects.create(kit=kit, event=found.event, state="out", checked_out_at=now)
    refused("kit.checked-out", lambda: running.open_window(found.officer, "T01", PRE))
    refused("kit.checked-out", lambda: tests_paper.divide_forms(found.officer, "T01"))
    assert not TestWindow.objects.filter(opened_at__isnull=False).exists()


def typed(found: Scene, code: str) -> dict[str, str]:
    """A sheet with every answer right, as it is keyed in."""
    asked = tests_paper.sheet(found.event, PRE, code).asked
    return {place.key: as_typed(place.item, right_answer(place)) for place in asked}


def test_a_sheet_keyed_in_twice_alike_becomes_a_sitting() -> None:
    found = opened(people=1)
    code = found.enrolments[0].personal_code
    answers = typed(found, code)
    tests_paper.key_sheet(found.officer, "T01", PRE, code, answers)
    assert [each.stage for each in queries.standings(found.event, PRE)] == ["keyed"]
    tests_paper.key_sheet(found.officer, "T01", PRE, code, answers)
    sitting = TestSitting.objects.get()
    assert (sitting.means, sitting.mark) == ("paper", Decimal(6))
    assert not KeyedSheet.objects.filter(settled_at=None).exists()
    entries = AuditEntry.objects.filter(code="keyed_sheet.entered").order_by("sequence")
    assert [entry.facts["same_person"] for entry in entries] == [False, True]
    refused(
        "sitting.twice",
        lambda: tests_paper.key_sheet(found.officer, "T01", PRE, code, answers),
    )


def test_entries_that_differ_wait_for_a_decision() -> None:
    found = opened(people=1)
    code = found.enrolments[0].personal_code
    answers = typed(found, code)
    wrong = next(
        place
        for place in tests_paper.sheet(found.event, PRE, code).asked
        if place.item.type == "single"
    )
    tests_paper.key_sheet(found.officer, "T01", PRE, code, answers)
    tests_paper.key_sheet(found.officer, "T01", PRE, code, {**answers, wrong.key: "c"})
    open_sheet = tests_paper.sheet(found.event, PRE, code)
    assert open_sheet.differences == [(wrong, "b", "c")]
    settle = tests_paper.settle_sheets
    assert (
        wrong.label
        in refused("sheet.open", lambda: settle(found.officer, "T01", PRE, code, {})).message
    )
    refused(
        "sheet.keyed-twice",
        lambda: tests_paper.key_sheet(found.officer, "T01", PRE, code, answers),
    )
    sitting = settle(found.officer, "T01", PRE, code, {wrong.key: "B"})
    assert sitting.mark == 6
    assert AuditEntry.objects.get(code="keyed_sheet.settled").facts["differed"] == 1


def test_cells_that_cannot_be_are_told_one_by_one_and_nothing_is_kept() -> None:
    found = opened(people=1)
    code = found.enrolments[0].personal_code
    with pytest.raises(tests_paper.SheetRefused) as refusal:
        tests_paper.key_sheet(found.officer, "T01", PRE, code, {"1": "?7", "2": "9", "3": "-"})
    assert set(refusal.value.cells) == {"1", "2"}
    assert not KeyedSheet.objects.exists()


def test_a_test_begun_on_a_phone_is_not_keyed_in_from_paper() -> None:
    found = opened(people=1)
    running.begin_sitting(found.enrolments[0], PRE, has_consented=True)
    code = found.enrolments[0].personal_code
    refused(
        "sitting.twice",
        lambda: tests_paper.key_sheet(found.officer, "T01", PRE, code, {}),
    )


def test_markers_who_are_far_apart_are_settled_by_a_third() -> None:
    found = opened(kinds=("short", "single"), people=1)
    sitting = take(found.enrolments[0], PRE)
    response = queries.waiting_for_marks(found.event).get()
    mark = tests_marking.mark_answer
    second = factories.officer("invented-second-marker")
    third = factories.officer("invented-third-marker")
    refused("mark.maximum", lambda: mark(second, response.pk, {"r1": "2.5"}))
    mark(found.officer, response.pk, {"r1": "2", "r2": "1"})
    sitting.refresh_from_db()
    assert sitting.mark == 5
    refused("marking.twice", lambda: mark(found.officer, response.pk, {"r1": "0"}))
    mark(second, response.pk, {"r1": "1"})
    sitting = TestSitting.objects.get(pk=sitting.pk)
    assert (sitting.mark, sitting.needs_marking) == (None, True)
    mark(third, response.pk, {"r1": "1.5"})
    sitting.refresh_from_db()
    # 3, 1 and 1.5 of three marks: the two that are nearest are 1 and 1.5
    assert sitting.mark == Decimal("3.25")
    fourth = factories.officer("invented-fourth-marker")
    refused("marking.enough", lambda: mark(fourth, response.pk, {"r1": "0"}))


def test_only_short_answers_of_a_test_that_is_in_are_marked() -> None:
    found = opened(kinds=("short", "single"), people=1)
    sitting = running.begin_sitting(found.enrolments[0], PRE, has_consented=True)
    for place in queries.places(sitting.form):
        running.save_answer(sitting, place, right_answer(place))
    mark = tests_marking.mark_answer
    for response in sitting.responses.all():
        refused("marking.none", lambda at=response: mark(found.officer, at.pk, {}))  # type: ignore[misc]
    running.hand_in(sitting)
    waiting = queries.waiting_for_marks(found.event).get()
    elsewhere = factories.trainer(factories.event("T02"))
    with pytest.raises(PermissionDenied):
        mark(elsewhere, waiting.pk, {})


def test_judges_set_the_cut_score() -> None:
    found = scene()
    form = found.blueprint.forms.get(letter="A")
    items = {item.position: item for item in form.items.all()}
    half = dict.fromkeys(items, Decimal("0.5"))
    refused("angoff.none", lambda: bank.set_cut_score(found.officer, form.pk))
    refused("angoff.all", lambda: bank.judge_form(found.officer, form.pk, {1: Decimal(1)}))
    bank.judge_form(found.officer, form.pk, dict.fromkeys(items, Decimal(1)))
    bank.judge_form(found.officer, form.pk, half)
    other = factories.officer("invented-second-judge")
    bank.judge_form(other, form.pk, dict.fromkeys(items, Decimal("0.75")))
    # judges expect 3 and 4.5 of 6 marks: mean 3.75, in whole marks 4
    assert bank.set_cut_score(found.officer, form.pk).cut_score == Decimal("0.666")


def test_a_question_in_use_gets_a_new_version_and_keeps_the_old() -> None:
    found = scene()
    code = "INV-single-0"
    changed = example("single", key=["c"])
    first = bank.write_question(found.officer, code, changed, objective=None)
    assert (first.number, first.content["key"]) == (1, ["c"])
    running.open_window(found.officer, "T01", PRE)
    second = bank.write_question(found.officer, code, example("single"))
    assert second.number == 2
    first.refresh_from_db()
    assert first.content["key"] == ["c"]
    refused(
        "question.type-kept",
        lambda: bank.write_question(found.officer, code, example("short")),
    )
    refused(
        "question.mark",
        lambda: bank.write_question(found.officer, "N", example("single", max_mark=0)),
    )
