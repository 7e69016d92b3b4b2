"""The closing report: counts, figures, answers and requests as page, PDF, workbook and JSON."""

import json
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from python_calamine import CalamineWorkbook

from cairn.access.queries import SYSTEM
from cairn.access.tests.factories import user_with_role
from cairn.core.actor import PUBLIC
from cairn.portfolio.models import AssistanceRequest
from cairn.training import reports
from cairn.training.measures.definitions import all_definitions
from cairn.training.models import (
    CascadeReport,
    ContributionClaim,
    FieldOutcomeReport,
    HeadCount,
    TrainingEvent,
    TrainingRequest,
)
from cairn.training.queries.closing import closing_report
from cairn.training.rules.choices import Confidence, OutcomeKind, Participation, Sex, Strength
from cairn.training.rules.states import EnrolmentState
from cairn.training.tests import results_scene as scene
from cairn.training.tests.factories import agency, enrolment, event, officer

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 6)
TITLE = "Invented training of trainers"


def whole() -> TrainingEvent:
    """An event with tests, answers to a questionnaire, a request and an outcome."""
    made = scene.event_that_was_sat()
    scene.asked(made)
    request = AssistanceRequest.objects.create(
        reference="RX1", requested_by="An invented academy", request="An invented follow-up"
    )
    TrainingRequest.objects.create(request=request, raised_at=made)
    outcome = FieldOutcomeReport.objects.create(
        reference="OX1",
        kind=OutcomeKind.REFERRAL_MADE,
        count=Decimal(3),
        unit="referrals",
        confidence=Confidence.MEDIUM,
        reported_at=timezone.now(),
    )
    ContributionClaim.objects.create(
        report=outcome, event=made, strength=Strength.DOCUMENTED, made_at=timezone.now()
    )
    return made


def figure(payload: dict[str, Any], code: str) -> dict[str, Any]:
    return next(row for row in payload["figures"] if row["code"] == code)


def test_the_report_counts_people_by_agency_sex_and_country() -> None:
    made = whole()
    enrolment(made, code="AA-AA-50", state=EnrolmentState.WITHDRAWN, sex=Sex.FEMALE)
    who = closing_report(SYSTEM, "T01", TODAY)["participants"]
    assert who["total"] == {
        "label": "All",
        "women": 6,
        "men": 4,
        "others": 0,
        "completed": 10,
        "total": 10,
    }
    tables = {part["code"]: part["rows"] for part in who["tables"]}
    assert [(row["label"], row["women"], row["total"]) for row in tables["agency"]] == [
        ("Invented Border Guard", 6, 7),
        ("Invented Prosecution", 0, 3),
    ]
    assert [(row["label"], row["total"]) for row in tables["country"]] == [
        ("Nepal", 5),
        ("Senegal", 5),
    ]
    assert who["gone"] == 1


def test_the_report_has_gain_answers_requests_and_outcomes() -> None:
    whole()
    payload = closing_report(SYSTEM, "T01", TODAY)
    assert figure(payload, "gain")["value"] == pytest.approx(40)
    assert figure(payload, "women")["value"] == pytest.approx(0.6)
    assert figure(payload, "cost-completed")["value"] == pytest.approx(500)
    (wave,) = payload["reaction"]
    assert wave["response"]["value"] == pytest.approx(0.8)
    useful, safe, change, passed_on = wave["questions"]
    assert useful["favourable"]["value"] == pytest.approx(0.75)
    assert [each["count"] for each in useful["counts"]] == [0, 2, 0, 3, 3]
    assert safe["favourable"]["value"] == pytest.approx(7 / 8)
    assert [(each["label"], each["count"]) for each in change["counts"]] == [
        ("More time", 8),
        ("Another place", 4),
    ]
    # Four answers are too few to be shown.
    assert (passed_on["answered"], passed_on["counts"]) == (4, [])
    assert [row["reference"] for row in payload["requests"]] == ["RX1"]
    assert payload["outcomes"][0]["strength"] == "Documented"


def test_every_figure_in_the_report_is_defined_in_it() -> None:
    whole()
    payload = closing_report(SYSTEM, "T01", TODAY)
    defined = {row["code"] for row in payload["definitions"]}
    assert {row["code"] for row in payload["figures"]} <= defined
    assert {"facility", "response-rate", "reaction"} <= defined


def test_requests_are_for_readers_who_may_see_requests() -> None:
    whole()
    assert closing_report(officer(), "T01", TODAY)["requests"] != [] or not officer(
        "invented-other-officer"
    ).may("request:view")
    trainer_sees = user_with_role("trainer", at=agency())
    from cairn.training.tests.factories import acting

    actor = acting(trainer_sees)
    shown = closing_report(actor, "T01", TODAY)
    assert bool(shown["requests"]) == actor.may("request:view")


def test_an_event_by_counts_has_its_counts_and_no_completion() -> None:
    made = event("T02", participation=Participation.AGGREGATE)
    report = CascadeReport.objects.create(event=made, reported_at=timezone.now())
    HeadCount.objects.create(report=report, sex=Sex.FEMALE, count=6, country="NPL")
    HeadCount.objects.create(report=report, sex=Sex.MALE, count=25, country="NPL")
    payload = closing_report(SYSTEM, "T02", TODAY)
    assert payload["participants"]["total"]["total"] == 31
    assert payload["participants"]["total"]["completed"] is None
    assert figure(payload, "women")["value"] == pytest.approx(6 / 31)
    assert "not named" in figure(payload, "completion-rate")["sentence"]
    assert payload["tests"]["progress"] == []


def test_people_whose_sex_was_not_recorded_make_no_share() -> None:
    made = event("T03", participation=Participation.AGGREGATE)
    report = CascadeReport.objects.create(event=made, reported_at=timezone.now())
    HeadCount.objects.create(report=report, count=22)
    women = figure(closing_report(SYSTEM, "T03", TODAY), "women")
    assert women["value"] is None
    assert "not recorded" in women["sentence"]


def test_the_report_is_not_there_for_the_public() -> None:
    whole()
    with pytest.raises(TrainingEvent.DoesNotExist):
        closing_report(PUBLIC, "T01", TODAY)


def test_a_report_takes_a_bounded_number_of_queries(
    django_assert_max_num_queries: Any,
) -> None:
    whole()
    with django_assert_max_num_queries(20):
        closing_report(SYSTEM, "T01", TODAY)


def test_json_is_the_payload_and_the_same_bytes_each_time() -> None:
    whole()
    first = reports.closing_file(SYSTEM, "T01", "json", "en", TODAY)
    assert first == reports.closing_file(SYSTEM, "T01", "json", "en", TODAY)
    assert json.loads(first)["event"]["title"] == TITLE


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_pdf_is_made_in_each_language(language: str, caplog: pytest.LogCaptureFixture) -> None:
    whole()
    content = reports.closing_file(SYSTEM, "T01", "pdf", language, TODAY)
    assert content.startswith(b"%PDF-")
    assert not [row for row in caplog.records if row.name.startswith("cairn.ui.pdf")]


def test_workbook_holds_numbers_as_numbers() -> None:
    whole()
    content = reports.closing_file(SYSTEM, "T01", "xlsx", "en", TODAY)
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    assert book.sheet_names == [
        "Event",
        "Participants",
        "Figures",
        "By group",
        "Questions",
        "Answers",
        "Requests",
        "Outcomes",
        "Definitions",
    ]
    rows = book.get_sheet_by_name("Figures").to_python()
    found = next(row for row in rows if row[0] == "gain")
    assert found[2] == pytest.approx(40)
    assert found[3] == 10
    groups = book.get_sheet_by_name("By group").to_python()
    hidden = [row for row in groups if row[5] == 3]
    assert hidden
    assert all(row[4] == "" for row in hidden)


def test_page_shows_what_the_files_hold(client: Client) -> None:
    whole()
    client.force_login(user_with_role("training-officer", at=agency()))
    page = client.get(reverse("training:closing", args=["T01"])).content.decode()
    assert "Invented Border Guard" in page
    assert "40.0 percentage points more" in page
    assert "Was it useful?" in page
    assert reverse("training:closing-file", args=["T01", "pdf"]) in page
    assert "AA-AA-03" not in page


def test_files_are_given_in_the_language_asked_for(client: Client) -> None:
    whole()
    client.force_login(user_with_role("training-officer", at=agency()))
    address = reverse("training:closing-file", args=["T01", "json"])
    answer = client.get(address, {"language": "fr"})
    assert json.loads(answer.content)["language"] == "fr"
    assert answer["Content-Disposition"] == 'attachment; filename="closing-T01.json"'
    assert client.get(reverse("training:closing-file", args=["T01", "csv"])).status_code == 404
    assert client.get(reverse("training:closing-file", args=["T99", "json"])).status_code == 404


def test_an_empty_event_still_has_a_report(client: Client) -> None:
    event("T04")
    client.force_login(user_with_role("training-officer", at=agency()))
    page = client.get(reverse("training:closing", args=["T04"])).content.decode()
    assert "No participants are on record" in page
    assert "No test was sat at this event" in page
    assert reports.closing_file(SYSTEM, "T04", "pdf", "en", TODAY).startswith(b"%PDF-")
    assert reports.closing_file(SYSTEM, "T04", "xlsx", "ar", TODAY).startswith(b"PK")


def test_the_command_writes_the_report(tmp_path: Path) -> None:
    whole()
    reports.register()
    target = tmp_path / "closing.json"
    call_command("report", "event", "T01", "--out", str(target))
    assert json.loads(target.read_bytes())["event"]["reference"] == "T01"
    with pytest.raises(CommandError, match="There is no"):
        call_command("report", "event", "T99", stdout=StringIO())
    with pytest.raises(CommandError, match="comes as json, pdf, xlsx"):
        call_command("report", "event", "T01", "--format", "html", stdout=StringIO())


def test_definitions_read_in_every_language() -> None:
    for language in ("en", "fr", "ar"):
        with override(language):
            assert all(str(row.label) and str(row.formula) for row in all_definitions())


def test_means_that_a_report_tells_are_said_as_reported() -> None:
    made = event("T05", participation=Participation.AGGREGATE)
    CascadeReport.objects.create(
        event=made,
        reported_at=timezone.now(),
        pre_tally={"n": 31, "mean": 8.2, "max": 20},
        post_tally={"n": 4, "mean": 14.5, "max": 20},
    )
    said = closing_report(SYSTEM, "T05", TODAY)["tests"]["reported"]
    # The second is of four people, so it is not told.
    assert said == [
        "Reported before the training: 8.2 of 20 marks on average, 31 people. "
        "Not checked one by one."
    ]
