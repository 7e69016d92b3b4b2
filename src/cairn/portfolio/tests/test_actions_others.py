"""Writes about requests, findings and results."""

from datetime import date
from decimal import Decimal as D

import pytest
from django.core.exceptions import PermissionDenied

from cairn.access.tests.factories import bare_actor
from cairn.core.actor import PUBLIC, Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.portfolio.actions.findings import explain_finding, refresh_findings
from cairn.portfolio.actions.requests import move_request, receive_request
from cairn.portfolio.actions.results import compute_measurement, record_measurement
from cairn.portfolio.models import AssistanceRequest, Finding, Indicator, Measurement, RequestMove
from cairn.portfolio.rules import Publication, RequestState
from cairn.portfolio.tests import invented

pytestmark = pytest.mark.django_db
OFFICER = bare_actor("programme-officer")
ADVISER = bare_actor("legal-adviser")  # sees requests, but does not work on them
DONOR = bare_actor("donor")


def test_a_request_is_received_with_its_first_step() -> None:
    after = invented.event()
    receive_request(
        OFFICER,
        "R90",
        "Invented school",
        "Invented course",
        countries=["NPL"],
        after_event=after,
        received_on=date(2026, 1, 2),
    )
    stored = AssistanceRequest.objects.get()
    assert (stored.state, stored.countries) == (RequestState.RECEIVED, ["NPL"])
    step = RequestMove.objects.get()
    assert (step.before, step.after) == ("", RequestState.RECEIVED)
    assert AuditEntry.objects.get().code == "request.received"


def test_a_reference_is_given_once() -> None:
    invented.assistance_request()
    with pytest.raises(RuleBroken) as told:
        receive_request(OFFICER, "R90", "Another", "Another")
    assert told.value.code == "request.reference"
    assert AssistanceRequest.objects.get().requested_by == "Invented school"


def test_a_request_goes_its_whole_way_and_keeps_every_step() -> None:
    invented.assistance_request()
    project = invented.project()
    move_request(OFFICER, "R90", RequestState.ASSESSED)
    move_request(OFFICER, "R90", RequestState.MATCHED, project=project)
    for to in (
        RequestState.FUNDED,
        RequestState.DELIVERING,
        RequestState.DELIVERED,
        RequestState.FOLLOWED_UP,
    ):
        move_request(OFFICER, "R90", to)
    stored = AssistanceRequest.objects.get()
    assert (stored.state, stored.project, stored.version) == (
        RequestState.FOLLOWED_UP,
        project,
        7,
    )
    assert RequestMove.objects.count() == 7
    assert AuditEntry.objects.filter(code="request.moved").count() == 6


@pytest.mark.parametrize(
    ("to", "reason", "code"),
    [
        (RequestState.MATCHED, "", "request.move"),
        (RequestState.DECLINED, " ", "request.reason"),
    ],
)
def test_steps_that_are_refused_change_nothing(to: RequestState, reason: str, code: str) -> None:
    invented.assistance_request()
    with pytest.raises(RuleBroken) as told:
        move_request(OFFICER, "R90", to, reason=reason)
    assert told.value.code == code
    assert AssistanceRequest.objects.get().state == RequestState.RECEIVED
    assert RequestMove.objects.count() == 1


@pytest.mark.parametrize(
    ("actor", "outcome"),
    [
        (ADVISER, PermissionDenied),
        (DONOR, AssistanceRequest.DoesNotExist),
        (PUBLIC, AssistanceRequest.DoesNotExist),
    ],
)
def test_who_may_not_move_a_request(actor: Actor, outcome: type[Exception]) -> None:
    invented.assistance_request()
    with pytest.raises(outcome):
        move_request(actor, "R90", RequestState.ASSESSED)
    assert AssistanceRequest.objects.get().state == RequestState.RECEIVED


def test_who_may_not_enter_a_request() -> None:
    with pytest.raises(PermissionDenied):
        receive_request(ADVISER, "R90", "Invented school", "Invented course")
    assert not AssistanceRequest.objects.exists()


def finding() -> Finding:
    project = invented.project()
    invented.printed_shortfall(project, 400)
    refresh_findings([project.pk])
    return Finding.objects.get()


def test_an_explanation_names_its_author_and_is_written_down() -> None:
    found = finding()
    explain_finding(OFFICER, found.pk, "  The source left a pledge out. ")
    stored = Finding.objects.get()
    assert stored.explanation == "The source left a pledge out."
    assert stored.explained_by == OFFICER.name
    assert stored.explained_at is not None
    entry = AuditEntry.objects.first()
    assert entry is not None
    assert (entry.code, entry.facts) == ("finding.explained", {"field": "shortfall"})


def test_an_empty_explanation_takes_it_back() -> None:
    found = finding()
    explain_finding(OFFICER, found.pk, "A reason.")
    explain_finding(OFFICER, found.pk, "  ")
    stored = Finding.objects.get()
    assert (stored.explanation, stored.explained_by, stored.explained_at) == ("", "", None)


def test_who_may_not_explain() -> None:
    found = finding()
    with pytest.raises(PermissionDenied):
        explain_finding(bare_actor("trainer"), found.pk, "Mine.")
    type(found.project).objects.update(publication=Publication.REDUCED)
    with pytest.raises(Finding.DoesNotExist):
        explain_finding(DONOR, found.pk, "Mine.")
    assert Finding.objects.get().explanation == ""


def test_a_finding_goes_when_the_figures_agree_again() -> None:
    found = finding()
    invented.pledge(found.project, usd=600)
    assert not Finding.objects.exists()


def typed(indicator: Indicator, value: str, actor: Actor = OFFICER) -> Measurement:
    return record_measurement(
        actor,
        indicator.pk,
        D(value),
        period_start="2025",
        period_end="2025",
        source="Invented report",
    )


def test_a_second_value_for_a_period_replaces_the_first() -> None:
    indicator = invented.indicator(invented.project())
    typed(indicator, "5")
    typed(indicator, "7.5")
    assert Measurement.objects.get().value == D("7.5")
    assert AuditEntry.objects.filter(code="measurement.recorded").count() == 2


def test_a_computed_value_stands_beside_the_typed_one() -> None:
    project = invented.project()
    indicator = invented.indicator(project)
    Indicator.objects.update(measure="courses-held")
    typed(indicator, "5")
    compute_measurement(
        OFFICER,
        "courses-held",
        D(6),
        project=project,
        period_start="2025",
        period_end="2025",
        provenance={"version": 1, "rows": 6},
    )
    assert dict(Measurement.objects.values_list("origin", "value")) == {
        "typed": D(5),
        "computed": D(6),
    }


@pytest.mark.parametrize(
    ("start", "end", "source", "code"),
    [("2025-03", "2025-02", "Report", "result.period"), ("2025", "2025", "  ", "result.source")],
)
def test_measurements_that_are_refused(start: str, end: str, source: str, code: str) -> None:
    indicator = invented.indicator(invented.project())
    with pytest.raises(RuleBroken) as told:
        record_measurement(
            OFFICER, indicator.pk, D(1), period_start=start, period_end=end, source=source
        )
    assert told.value.code == code
    assert not Measurement.objects.exists()


def test_who_may_not_measure() -> None:
    project = invented.project()
    indicator = invented.indicator(project)
    with pytest.raises(PermissionDenied):
        typed(indicator, "5", bare_actor("trainer"))
    type(project).objects.update(publication=Publication.WITHHELD)
    with pytest.raises(Indicator.DoesNotExist):
        typed(indicator, "5", DONOR)
    assert not Measurement.objects.exists()
