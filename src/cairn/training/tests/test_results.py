"""Results of an event: computed from its sittings, small groups hidden, for who may see them."""

import pytest
from django.test import Client
from django.urls import reverse

from cairn.access.tests.factories import user_with_role
from cairn.training.measures import gain
from cairn.training.measures.figure import Flag
from cairn.training.models import TestForm, TestSitting
from cairn.training.queries.results import EventResults, event_results, person_rows
from cairn.training.rules.choices import Sex, TestWave
from cairn.training.tests import results_scene as scene
from cairn.training.tests.factories import agency, enrolment, event

pytestmark = pytest.mark.django_db


@pytest.fixture
def client_of(client: Client) -> Client:
    client.force_login(user_with_role("training-officer", at=agency()))
    return client


def shares(rows: list[str]) -> list[float]:
    return [row.count("1") / 4 for row in rows]


def test_the_gain_is_that_of_the_sittings() -> None:
    found = event_results(scene.event_that_was_sat())
    pairs = list(zip(shares(scene.BEFORE), shares(scene.AFTER), strict=True))
    expected = gain.gain(pairs, 1)
    assert expected.value == pytest.approx(40.0)
    figure = found.figure("gain")
    assert figure.n == 10
    assert figure.value == pytest.approx(expected.value)
    assert figure.low == pytest.approx(expected.low)
    assert figure.high == pytest.approx(expected.high)
    assert found.figure("pass-rate").value == 1.0
    assert found.figure("form-effect").n == 10


def test_forms_are_told_apart_and_adjusted_for() -> None:
    found = event_results(scene.event_that_was_sat())
    pairs = list(zip(shares(scene.BEFORE), shares(scene.AFTER), strict=True))
    a_first = [100 * (after - before) for before, after in pairs[0::2]]
    b_first = [100 * (after - before) for before, after in pairs[1::2]]
    expected = (sum(a_first) / 5 + sum(b_first) / 5) / 2
    assert found.figure("adjusted-gain").value == pytest.approx(expected)


def test_results_take_the_same_few_queries_however_many_take_part(
    django_assert_num_queries: object,
) -> None:
    made = scene.event_that_was_sat()
    scene.judged(made)
    with django_assert_num_queries(6):  # type: ignore[operator]
        event_results(made)


def test_a_small_group_is_hidden_and_so_is_what_would_give_it_away() -> None:
    found = event_results(scene.event_that_was_sat())
    by_code = {part.code: part for part in found.breakdowns}
    agencies = by_code["agency"].rows
    assert [row.gain.n for row in agencies] == [7, 3]
    assert [row.gain.value for row in agencies] == [None, None]
    assert "Only 3 people" in agencies[1].gain.sentence
    assert "group that is hidden" in agencies[0].gain.sentence
    countries = by_code["country"].rows
    assert [row.gain.n for row in countries] == [5, 5]
    assert all(row.gain.value is not None for row in countries)
    # Six women and four men: neither group alone may be shown.
    assert [row.gain.value for row in by_code["sex"].rows] == [None, None]
    assert found.figure("gain-gap").is_hidden


def test_questions_are_flagged_form_by_form() -> None:
    found = event_results(scene.event_that_was_sat())
    after = {form.letter: form for form in found.forms if form.wave == TestWave.POST}
    first = after["A"].rows[0]
    # Everybody who sat form A at the end answered its first question rightly.
    assert first.facility.value == 1
    assert Flag.TOO_EASY in first.flags
    assert first.code == "Q1"
    assert [row.option.key for row in first.options] == ["a", "b", "c"]
    unused = [row.option.key for row in first.options if Flag.UNUSED_DISTRACTOR in row.option.flags]
    assert unused == ["b", "c"]
    assert first.guess == pytest.approx(1 / 3)
    before = next(form for form in found.forms if form.wave == TestWave.PRE)
    assert not any(Flag.TOO_HARD in row.flags for row in before.rows)


def test_questions_of_both_forms_are_compared_person_by_person() -> None:
    found = event_results(scene.event_that_was_sat())
    after = next(form for form in found.forms if form.wave == TestWave.POST)
    improved = sum(
        before[0] == "0" and last[0] == "1"
        for before, last in zip(scene.BEFORE, scene.AFTER, strict=True)
    )
    change = after.rows[0].change
    assert change is not None
    assert change.value == gain.item_change(improved, 0, 10 - improved).value
    assert after.rows[2].change is None


def test_judges_and_assessors_are_counted_in() -> None:
    made = scene.event_that_was_sat()
    scene.judged(made)
    found = event_results(made)
    cuts = {form.letter: form.cut for form in found.forms}
    assert cuts["A"].value == 3
    assert cuts["A"].low == pytest.approx(2.0)
    assert cuts["B"].value is None
    assert found.figure("rater-agreement").n == 10


def test_what_waits_for_marking_is_said_and_not_counted() -> None:
    made = scene.event_that_was_sat()
    waiting = TestSitting.objects.filter(wave=TestWave.POST).first()
    assert waiting is not None
    waiting.needs_marking = True
    waiting.save(update_fields=["needs_marking"])
    found = event_results(made)
    assert found.figure("gain").n == 9
    after = next(row for row in found.progress if row.wave == TestWave.POST)
    assert (after.begun, after.handed_in, after.unmarked) == (10, 10, 1)


def test_without_a_cut_score_nobody_passes_and_it_says_why() -> None:
    made = scene.event_that_was_sat()
    TestForm.objects.update(cut_score=None)
    figure = event_results(made).figure("pass-rate")
    assert figure.value is None
    assert "no cut score" in figure.sentence


def test_later_tests_give_a_half_life_of_knowledge() -> None:
    made = scene.event_that_was_sat()
    form = TestForm.objects.get(letter="A")
    for member in made.enrolments.all():
        scene.sit(member, form, TestWave.FOLLOW_UP, "1000")
    found = event_results(made)
    assert found.figure("score-later").value == pytest.approx(0.25)
    # No window tells when the tests were: without days there is no pace.
    assert found.figure("retention").value is None


def test_an_event_without_tests_has_nothing_and_says_so() -> None:
    found: EventResults = event_results(event())
    assert not found.has_any
    assert found.forms == ()
    assert found.figure("gain").value is None


def test_the_page_shows_figures_with_their_definitions(client_of: Client) -> None:
    scene.event_that_was_sat()
    page = client_of.get(reverse("training:results", args=["T01"])).content.decode()
    assert "40.0 percentage points more" in page
    assert reverse("training:figure", args=["gain"]) in page
    assert "Only 3 people are behind this figure" not in page
    assert "Right Q1" not in page
    assert "AA-AA-03" not in page


def test_an_empty_page_says_what_comes(client_of: Client) -> None:
    event()
    page = client_of.get(reverse("training:results", args=["T01"])).content.decode()
    assert "Nobody has sat a test of this event yet" in page


def test_rows_behind_are_for_whoever_runs_the_event(client: Client) -> None:
    made = scene.event_that_was_sat()
    address = reverse("training:results-rows", args=["T01"])
    client.force_login(user_with_role("training-officer", at=agency()))
    page = client.get(address)
    assert b"AA-AA-03" in page.content
    assert "no-cache" in page["Cache-Control"]
    elsewhere = user_with_role(
        "training-officer", name="invented-elsewhere", at=agency("Invented Agency Elsewhere")
    )
    client.force_login(elsewhere)
    assert client.get(address).status_code == 403
    assert client.get(reverse("training:results", args=["T01"])).status_code == 200
    assert person_rows(made)[3].gain == pytest.approx(25)


def test_keys_are_shown_to_who_makes_tests_only(client: Client) -> None:
    made = scene.event_that_was_sat()
    address = reverse("training:results-items", args=["T01"])
    client.force_login(user_with_role("training-officer", at=made.organisation))
    assert b"Right Q1" in client.get(address).content
    from cairn.training.tests.factories import staffing

    user = user_with_role("trainer", name="invented-trainer", at=made.organisation)
    staffing(made, user_id=user.pk)
    client.force_login(user)
    shown = client.get(address).content
    assert b"Invented question Q1" in shown
    assert b"Right Q1" not in shown


def test_strangers_are_led_away(client: Client) -> None:
    scene.event_that_was_sat()
    assert client.get(reverse("training:results", args=["T01"])).status_code == 302
    client.force_login(user_with_role("training-officer", at=agency()))
    assert client.get(reverse("training:results", args=["T99"])).status_code == 404


def test_definitions_are_open_to_everybody(client: Client) -> None:
    page = client.get(reverse("training:figure", args=["outcome-rate"])).content.decode()
    assert "Garwood 1936" in page
    assert "not shown to be the cause" in page
    assert client.get(reverse("training:figure", args=["no-such-figure"])).status_code == 404
    assert "Kaplan and Meier" in client.get(reverse("training:figures")).content.decode()


def test_somebody_without_a_test_is_in_no_figure() -> None:
    made = scene.event_that_was_sat()
    enrolment(made, code="AA-AA-99", sex=Sex.FEMALE)
    assert event_results(made).figure("gain").n == 10
    assert all(row.code != "AA-AA-99" for row in person_rows(made))
