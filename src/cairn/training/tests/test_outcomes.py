"""Outcomes from the field and requests after trainings, on record and on their pages."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cairn.access.tests.factories import sign_in, user_with_role
from cairn.core.actor import PUBLIC
from cairn.core.errors import RuleBroken
from cairn.portfolio.models import AssistanceRequest
from cairn.training.actions import outcomes as actions
from cairn.training.actions import requests as request_actions
from cairn.training.actions.outcomes import OutcomeFacts
from cairn.training.models import (
    CascadeReport,
    ContributionClaim,
    FieldOutcomeReport,
    HeadCount,
    TrainingEvent,
)
from cairn.training.queries import outcomes as queries
from cairn.training.queries import requests as request_queries
from cairn.training.rules.choices import (
    Confidence,
    OutcomeKind,
    Participation,
    RequestKind,
    Strength,
)
from cairn.training.tests.factories import acting, agency, event, officer
from cairn.training.tests.roster_scene import delivered

pytestmark = pytest.mark.django_db


def _facts(**changes: object) -> OutcomeFacts:
    given = {
        "kind": OutcomeKind.REFERRAL_MADE,
        "month": timezone.localdate().isoformat()[:7],
        "country": "NPL",
        "count": 12,
        "confidence": Confidence.MEDIUM,
    }
    return OutcomeFacts(**given | changes)  # type: ignore[arg-type]


def _counted(reference: str, people: int) -> TrainingEvent:
    made = delivered(reference, participation=Participation.AGGREGATE)
    report = CascadeReport.objects.create(event=made, reported_at=timezone.now())
    HeadCount.objects.create(report=report, count=people)
    return made


def test_a_report_begins_as_own_word_and_somebody_else_confirms_it() -> None:
    boss = officer()
    reporter = acting(user_with_role("trainer", name="invented-reporter", at=agency()))
    _counted("D01", 140)
    made = actions.report_outcome(reporter, _facts(), event="D01", factors=["new-law"])
    assert made.reference == "FO0001"
    assert made.claims.get().strength == Strength.SELF_REPORTED
    with pytest.raises(PermissionDenied):
        actions.claim_contribution(
            reporter, made.reference, "D01", Strength.SUPERVISOR_CONFIRMED, factors=["new-law"]
        )
    with pytest.raises(RuleBroken) as refusal:
        actions.claim_contribution(
            boss, made.reference, "D01", Strength.DOCUMENTED, factors=["new-law"]
        )
    assert refusal.value.code == "claim.evidence"
    claim = actions.claim_contribution(
        boss, made.reference, "D01", Strength.SUPERVISOR_CONFIRMED, factors=["none-known"]
    )
    assert ContributionClaim.objects.get() == claim
    (rate,) = queries.rates_by_event(boss)
    figures = (rate.figure.value, rate.figure.low, rate.figure.high)
    assert [round(value or 0, 1) for value in figures] == [8.6, 4.4, 15.0]


def test_whoever_reports_does_not_confirm_even_when_they_decide() -> None:
    boss = officer()
    _counted("D01", 30)
    made = actions.report_outcome(boss, _facts(), event="D01", factors=["none-known"])
    with pytest.raises(RuleBroken) as refusal:
        actions.claim_contribution(
            boss, made.reference, "D01", Strength.SUPERVISOR_CONFIRMED, factors=["none-known"]
        )
    assert refusal.value.code == "claim.own"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"month": "2099-01"}, "outcome.month"),
        ({"month": "2026"}, "outcome.month"),
        ({"month": "soon"}, "outcome.month"),
        ({"count": 0}, "outcome.count"),
        ({"note": "call +999 55 123 456"}, "outcome.note-contact"),
    ],
)
def test_a_report_that_cannot_be_is_refused_whole(changes: dict[str, object], code: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        actions.report_outcome(officer(), _facts(**changes))
    assert refusal.value.code == code
    assert not FieldOutcomeReport.objects.exists()


def test_a_training_that_is_not_delivered_contributed_to_nothing() -> None:
    event("T09")
    with pytest.raises(RuleBroken) as refusal:
        actions.report_outcome(officer(), _facts(), event="T09", factors=["none-known"])
    assert refusal.value.code == "outcome.event"


def test_a_withdrawn_report_stays_and_counts_no_more() -> None:
    boss = officer()
    _counted("D01", 140)
    made = actions.report_outcome(boss, _facts(), event="D01", factors=["none-known"])
    actions.withdraw_outcome(boss, made.reference, "counted twice")
    assert queries.rates_by_event(boss) == []
    with pytest.raises(RuleBroken, match="withdrawn"):
        actions.withdraw_outcome(boss, made.reference, "counted twice")
    assert queries.find_report(boss, made.reference).withdrawn_on is not None


def test_reports_are_found_by_kind_country_and_training() -> None:
    boss = officer()
    _counted("D01", 30)
    first = actions.report_outcome(boss, _facts(), event="D01", factors=["none-known"])
    second = actions.report_outcome(boss, _facts(kind=OutcomeKind.ADVICE_GIVEN, country="SEN"))
    for filters, found in (
        (queries.Filters(kind="advice-given"), [second]),
        (queries.Filters(country="npl"), [first]),
        (queries.Filters(event="D01"), [first]),
        (queries.Filters(strength="documented"), []),
    ):
        assert list(queries.reports(boss, filters)) == found
    assert not queries.reports(PUBLIC, queries.Filters()).exists()


def test_a_note_that_may_be_a_name_is_asked_about_on_the_form(client: Client) -> None:
    sign_in(client, user_with_role("training-officer", name="invented-officer", at=agency()))
    given = {
        "kind": "referral-made", "month": timezone.localdate().isoformat()[:7], "country": "NPL",
        "count": 3, "unit": "cases", "confidence": "low",
        "note": "advice to the Invented Person at the gate",
    }  # fmt: skip
    address = reverse("training:outcome-new")
    asked = client.post(address, given)
    assert asked.status_code == 422
    assert "Invented Person" in asked.content.decode()
    assert client.post(address, given | {"is_nobody": "on"}).status_code == 302
    page = client.get(reverse("training:outcomes")).content.decode()
    assert "FO0001" in page
    refused = client.post(address, given | {"note": "a girl, 15 years old"})
    assert refused.status_code == 409
    assert "age" in refused.content.decode()
    one = client.get(reverse("training:outcome", args=["FO0001"])).content.decode()
    assert "No training is said to have contributed." in one


def test_a_request_raised_at_a_training_goes_into_the_pipeline_with_its_next_step() -> None:
    boss = acting(user_with_role("programme-officer", name="invented-programme", at=agency()))
    event("T01")
    today = timezone.localdate()
    made = request_actions.raise_request(
        boss,
        "T01",
        "Invented delegation",
        "an invented training of trainers",
        [RequestKind.TOT],
        countries=["NPL"],
        received_on=today,
        next_step_by=today,
    )
    assert made.request.reference == "TR001"
    row = request_queries.find_request(boss, "TR001")
    step = request_queries.step_of(row, today=today)
    assert row.training.raised_at is not None
    assert (step.age, step.is_late, row.training.raised_at.reference) == (0, False, "T01")
    event("T02")
    request_actions.plan_request(
        boss, "TR001", kinds=[RequestKind.POLICY], next_step_by=None, answered_by="T02"
    )
    found = request_queries.requests(boss, request_queries.Filters(kind="policy"))
    assert list(found.values_list("training__answered_by__reference", flat=True)) == ["T02"]
    assert not request_queries.requests(boss, request_queries.Filters(kind="tot")).exists()
    assert request_queries.by_kind(boss) == [(RequestKind.POLICY, 1)]
    with pytest.raises(RuleBroken) as refusal:
        request_actions.raise_request(boss, "T01", "x", "y", [])
    assert refusal.value.code == "request.kinds"
    assert AssistanceRequest.objects.count() == 1


def test_requests_are_entered_and_planned_by_clicking(client: Client) -> None:
    sign_in(client, user_with_role("programme-officer", name="invented-programme", at=agency()))
    event("T01")
    given = {
        "event": "T01", "requested_by": "Invented delegation", "kinds": ["tot"],
        "request": "Invented words", "received_on": timezone.localdate().isoformat(),
        "countries": "Nepal",
    }  # fmt: skip
    assert client.post(reverse("training:request-new"), given | {"event": "no"}).status_code == 409
    assert client.post(reverse("training:request-new"), given).status_code == 302
    plan = reverse("training:request-plan", args=["TR001"])
    assert client.get(plan).status_code == 200
    assert client.post(plan, {"kinds": ["policy"], "answered_by": "T01"}).status_code == 302
    page = client.get(reverse("training:requests")).content.decode()
    for words in ("TR001", "Policy advice", "Assess what is asked for."):
        assert words in page
