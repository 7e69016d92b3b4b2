"""Tests that were taken on a kit come home whole: answers, and marks by each person."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from cairn.training.actions import kits, kits_check_in
from cairn.training.models import (
    FormItem,
    KitReturn,
    Marking,
    RefusedRecord,
    Response,
    TestForm,
    TestSitting,
)
from cairn.training.queries.kits_shapes import BY_KIND
from cairn.training.queries.kits_values import content_of, envelope_of
from cairn.training.tests.kits_scene import REASON, Scene, scene
from cairn.training.tests.results_scene import forms

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(db: None) -> TestForm:
    return forms()["A"]


@pytest.fixture
def out(form: TestForm) -> Scene:
    return scene()


def taken(out: Scene, form: TestForm, *, number: int = 0, sequence: int = 1) -> Any:
    """A sitting with two answers, one of them marked by a person, as the kit sends it."""
    first, second = FormItem.objects.filter(form=form)[:2]
    at = "2026-03-02T08:00:00+00:00"
    marking = {"id": str(uuid4()), "marker_id": str(uuid4()), "marks": {"a": "1"}}
    marking |= {"total": "1", "marked_at": at}
    answers: list[dict[str, Any]] = [
        {"id": str(uuid4()), "item": str(item.pk), "part": "", "answer": ["a"], "mark": "1"}
        | {"answered_at": at, "markings": markings}
        for item, markings in ((first, [marking]), (second, []))
    ]
    content: dict[str, Any] = {
        "event": str(out.event.pk),
        "enrolment": str(out.enrolments[number].pk),
        "form": str(form.pk),
        "wave": "pre",
        "means": "phone",
        "started_at": at,
        "handed_in_at": at,
        "mark": "2",
        "maximum": "10",
        "responses": answers,
    }
    return envelope_of(BY_KIND["sitting"], uuid4(), content, out.laptop.code, sequence)


def came_in(out: Scene, *records: Any) -> KitReturn:
    return kits_check_in.check_in(out.actor, out.checkout_id, out.laptop.bundle(records))


def test_a_test_comes_home_with_its_answers_and_every_mark(out: Scene, form: TestForm) -> None:
    sitting = taken(out, form)
    assert came_in(out, sitting).accepted == 1
    assert TestSitting.objects.get().pk == sitting.id
    assert Response.objects.filter(sitting=sitting.id).count() == 2
    assert Marking.objects.get().response.sitting_id == sitting.id


def test_a_later_version_replaces_answers_and_keeps_the_marks_that_were_given_here(
    out: Scene, form: TestForm
) -> None:
    sitting = taken(out, form)
    came_in(out, sitting)
    marked = Response.objects.exclude(markings=None).get()
    Marking.objects.create(response=marked, marker_id=uuid4(), total=1, marked_at=timezone.now())
    values = dict(sitting.content)
    values["responses"] = [each for each in values["responses"] if each["id"] == str(marked.pk)]
    again = envelope_of(BY_KIND["sitting"], sitting.id, values, out.laptop.code, 2)
    assert came_in(out, again).accepted == 1
    assert Response.objects.get() == marked
    assert marked.markings.count() == 2


def test_the_same_test_taken_twice_is_listed_and_the_first_one_stands(
    out: Scene, form: TestForm
) -> None:
    first, second = taken(out, form), taken(out, form)
    done = came_in(out, first, second)
    assert (done.accepted, done.refused) == (1, 1)
    assert RefusedRecord.objects.get().reason_code == "record.twice"
    assert TestSitting.objects.get().pk == first.id
    assert Response.objects.count() == 2


def test_an_answer_of_somebody_elses_test_cannot_be_taken_over(out: Scene, form: TestForm) -> None:
    first, other = taken(out, form), taken(out, form, number=1)
    came_in(out, first)
    stolen = dict(other.content) | {"responses": first.content["responses"]}
    done = came_in(out, envelope_of(BY_KIND["sitting"], other.id, stolen, out.laptop.code, 1))
    assert done.refused == 1
    assert TestSitting.objects.get().pk == first.id


def test_what_leaves_of_a_test_is_what_comes_back(out: Scene, form: TestForm) -> None:
    came_in(out, taken(out, form))
    out_again = kits.write_again(out.actor, out.checkout_id, with_names=False, reason=REASON)
    _header, records = out.laptop.take_in(out_again)
    (sent,) = (each for each in records if each.kind == "sitting")
    found = TestSitting.objects.get()
    assert sent.content == content_of(BY_KIND["sitting"], found)
    assert len(sent.content["responses"]) == 2
    there: set[UUID] = set()
    for each in records:
        assert set(each.needs) <= there, each.kind
        there.add(each.id)
