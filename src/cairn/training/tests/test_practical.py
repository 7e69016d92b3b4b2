"""Practical tasks: one rating each from at most two assessors, who do not see the other's."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from cairn.access.models import User
from cairn.core.errors import RuleBroken
from cairn.training.actions.practical import rate_task
from cairn.training.models import PracticalRating
from cairn.training.queries import practical as queries
from cairn.training.tests.factories import agency, enrolment, event, officer, trainer

pytestmark = pytest.mark.django_db(databases="__all__")
TASK = "micro-teaching"
# The study's doubly rated tasks: kappa with quadratic weights 0.7826.
FIRST = (3, 2, 4, 3, 1, 2, 3, 4, 2, 3)
SECOND = (3, 2, 3, 3, 2, 2, 3, 4, 2, 4)


def test_two_assessors_rate_alone_and_their_agreement_is_computed() -> None:
    course = event()
    people = [enrolment(course).pk for _n in FIRST]
    one, other = officer(), trainer(course)
    rate_task(one, "T01", TASK, {pk: (r, "") for pk, r in zip(people, FIRST, strict=True)})
    rate_task(other, "T01", TASK, {pk: (r, "") for pk, r in zip(people, SECOND, strict=True)})
    assert queries.agreement(course).value == pytest.approx(0.7826, abs=5e-5)
    rows = queries.rows(other, course, TASK)
    assert sorted(row.own or 0 for row in rows) == sorted(SECOND)
    assert all(row.is_rated_by_other for row in rows)


def test_an_assessor_corrects_their_own_rating_and_a_third_is_refused() -> None:
    course = event()
    who = enrolment(course).pk
    one, other = officer(), trainer(course)
    rate_task(one, "T01", TASK, {who: (2, "")})
    rate_task(one, "T01", TASK, {who: (3, "better")})
    rate_task(other, "T01", TASK, {who: (3, "")})
    assert PracticalRating.objects.count() == 2
    with pytest.raises(RuleBroken, match="Two assessors"):
        rate_task(officer("third-officer"), "T01", TASK, {who: (4, "")})


@pytest.mark.parametrize("rating", [0, 5])
def test_a_rating_outside_the_scale_keeps_nothing(rating: int) -> None:
    course = event()
    good, bad = enrolment(course).pk, enrolment(course).pk
    with pytest.raises(RuleBroken, match="from 1 to 4"):
        rate_task(officer(), "T01", TASK, {good: (3, ""), bad: (rating, "")})
    assert not PracticalRating.objects.exists()


def test_strangers_neither_rate_nor_are_rated() -> None:
    course, elsewhere = event(), event("T02")
    with pytest.raises(RuleBroken, match="does not take part"):
        rate_task(officer(), "T01", TASK, {enrolment(elsewhere).pk: (3, "")})
    with pytest.raises(PermissionDenied):
        rate_task(officer("stranger", at=agency("Other Invented Agency")), "T01", TASK, {})
    assert not PracticalRating.objects.filter(event=course).exists()


def test_an_assessor_fills_the_sheet(client: Client) -> None:
    course = event()
    who = enrolment(course, code="7K-QM-3R").pk
    client.force_login(User.objects.get(pk=officer().user_id or ""))
    address = reverse("training:practical", args=["T01"])
    assert "No task chosen" in client.get(address).content.decode()
    sent = client.post(address, {"task": TASK, f"rating-{who}": "4", f"comment-{who}": "calm"})
    assert sent.status_code == 302
    page = client.get(sent["Location"]).content.decode()
    assert "7K-QM-3R" in page
    assert "calm" in page
    assert client.post(address, {"task": TASK, f"rating-{who}": "9"}).status_code == 409
