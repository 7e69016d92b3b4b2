"""A laptop that was away: what it brings cannot undo what was decided here, and it takes tests."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from cairn.training.actions import kits_check_in
from cairn.training.models import Enrolment, Practitioner, RefusedRecord, TestSitting
from cairn.training.queries.kits_shapes import BY_KIND, SHAPES
from cairn.training.queries.kits_values import Shape, envelope_of
from cairn.training.rules.choices import TestWave
from cairn.training.subjects import forget
from cairn.training.tests.kits_scene import scene
from cairn.training.tests.results_scene import forms


@pytest.mark.parametrize("shape", SHAPES, ids=lambda each: each.kind)
def test_whatever_goes_to_a_kit_is_a_field_of_its_table(shape: Shape) -> None:
    for each in (shape, *shape.parts.values()):
        there = {field.name for field in each.model._meta.get_fields()}
        assert {*each.fields, *each.sealed, *each.many, *each.clocked} <= there
        assert set(each.clocked) <= set(each.fields)


def test_no_answer_of_a_case_falls_on_another_on_its_way() -> None:
    assert "part" in BY_KIND["sitting"].parts["responses"].fields


@pytest.mark.django_db
def test_a_walk_in_who_was_erased_does_not_come_back_with_the_laptop() -> None:
    out = scene()
    content: dict[str, Any] = {"code": "K7Q-M2R", "organisation": None, "agency": None}
    content |= {"country": "NPL", "sex": "female", "profession": "police", "languages": []}
    content |= {"entered_on": "2026-03-03", "name": "Invented Walk-in Person", "name_latin": ""}
    first = envelope_of(BY_KIND["practitioner"], uuid4(), content, out.laptop.code, 1)
    kits_check_in.check_in(out.actor, out.checkout_id, out.laptop.bundle([first]))
    made = Practitioner.objects.get(pk=first.id)
    forget(made)

    again = replace(first, sequence=2, content=content | {"name": "Invented Walk-in Again"})
    kits_check_in.check_in(out.actor, out.checkout_id, out.laptop.bundle([again]))

    assert RefusedRecord.objects.get().reason_code == "person.erased"


@pytest.mark.django_db
def test_a_score_above_the_maximum_is_listed_and_counts_nowhere() -> None:
    out = scene()
    form = forms()["A"]
    who = Enrolment.objects.filter(event=out.event).first()
    assert who is not None
    content: dict[str, Any] = {"event": str(out.event.pk), "enrolment": str(who.pk)}
    content |= {"form": str(form.pk), "wave": TestWave.PRE.value, "means": "phone"}
    content |= {"started_at": "2026-03-02T08:00:00+00:00", "mark": "11", "maximum": "10"}
    content |= {"responses": []}
    sent = envelope_of(BY_KIND["sitting"], uuid4(), content, out.laptop.code, 1)

    kits_check_in.check_in(out.actor, out.checkout_id, out.laptop.bundle([sent]))

    assert not TestSitting.objects.exists()
    assert RefusedRecord.objects.get().reason
