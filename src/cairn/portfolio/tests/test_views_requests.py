"""The pipeline of requests: list, page, new request, next step."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cairn.access.queries import SYSTEM
from cairn.access.tests.factories import user_with_role
from cairn.portfolio.actions.requests import move_request
from cairn.portfolio.models import AssistanceRequest
from cairn.portfolio.rules import RequestState
from cairn.portfolio.tests import invented

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(user_with_role("programme-officer"))
    return client


def shown(client: Client, **query: str) -> list[str]:
    page = client.get("/requests/", query)
    assert page.status_code == 200
    return [card.reference for card, _verb in page.context["cards"]]


def test_requests_stand_in_the_order_of_the_pipeline_with_counts_and_the_next_verb(
    officer: Client,
) -> None:
    for reference in ("R90", "R91", "R92"):
        invented.assistance_request(reference)
    move_request(SYSTEM, "R90", RequestState.ASSESSED)
    move_request(SYSTEM, "R92", RequestState.DECLINED, reason="Another agency does it.")
    assert shown(officer) == ["R91", "R90", "R92"]
    page = officer.get("/requests/")
    counts = {step.state: step.count for step in page.context["every_step"]}
    assert counts[RequestState.RECEIVED] == counts[RequestState.ASSESSED] == 1
    assert page.context["declined"] == 1
    text = page.content.decode()
    assert "Record that it was assessed" in text
    assert "Match it with a project" in text


def test_the_list_is_filtered_by_step_and_country(officer: Client) -> None:
    invented.assistance_request("R90", ["NPL"])
    invented.assistance_request("R91", ["SEN", "NPL"])
    invented.assistance_request("R92", ["SEN"])
    move_request(SYSTEM, "R91", RequestState.ASSESSED)
    assert shown(officer, country="NPL") == ["R90", "R91"]
    assert shown(officer, country="npl", state="assessed") == ["R91"]
    assert shown(officer, state="funded") == []
    assert shown(officer, state="unheard-of", country="'; DROP") == ["R90", "R92", "R91"]


def test_an_empty_pipeline_says_what_to_do_first(officer: Client) -> None:
    text = officer.get("/requests/").content.decode()
    assert "No requests yet" in text
    assert "/requests/new/" in text


def test_the_list_asks_the_same_number_of_questions_for_few_and_many(officer: Client) -> None:
    counts = []
    for many in (range(10, 12), range(12, 34)):
        for number in many:
            invented.assistance_request(f"R{number}")
        with CaptureQueriesContext(connection) as asked:
            officer.get("/requests/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_long_list_is_paged_and_keeps_its_filter(officer: Client) -> None:
    for number in range(10, 40):
        invented.assistance_request(f"R{number}")
    page = officer.get("/requests/", {"state": "received"})
    assert len(page.context["cards"]) == 25
    assert "?state=received&amp;page=2" in page.content.decode()


def test_a_request_shows_where_it_stands_and_how_it_came_here(officer: Client) -> None:
    invented.assistance_request()
    move_request(SYSTEM, "R90", RequestState.ASSESSED, reason="Visited the school.")
    page = officer.get("/requests/R90/")
    assert [(step["label"], step["state"]) for step in page.context["steps"]][:3] == [
        ("Received", "done"),
        ("Assessed", "current"),
        ("Matched", "todo"),
    ]
    text = page.content.decode()
    assert "Visited the school." in text
    assert "moved it from “Received” to “Assessed”." in text
    assert 'href="/requests/R90/move/?to=matched"' in text
    assert "?to=funded" not in text


def test_a_declined_request_stops_where_it_was(officer: Client) -> None:
    invented.assistance_request()
    move_request(SYSTEM, "R90", RequestState.ASSESSED)
    move_request(SYSTEM, "R90", RequestState.DECLINED, reason="Another agency does it.")
    page = officer.get("/requests/R90/")
    assert [step["state"] for step in page.context["steps"]] == ["done", "done", "stopped"]
    assert "?to=" not in page.content.decode()
    assert "there is no further step" in officer.get("/requests/R90/move/").content.decode()


def test_a_request_is_entered_under_the_next_reference(officer: Client) -> None:
    invented.assistance_request("R07")
    invented.event("E90")
    assert officer.get("/requests/new/").context["form"]["reference"].value() == "R08"
    answer = officer.post(
        "/requests/new/",
        {
            "reference": "R08",
            "requested_by": "Invented ministry",
            "countries": "Népal\nSenegal",
            "request": "An invented course",
            "after_event": "e90",
            "received_on": "2026-01-05",
        },
    )
    assert (answer.status_code, answer["Location"]) == (302, "/requests/R08/")
    made = AssistanceRequest.objects.get(reference="R08")
    assert made.countries == ["NPL", "SEN"]
    assert made.after_event is not None


@pytest.mark.parametrize(
    ("sent", "status", "field"),
    [
        ({"requested_by": ""}, 422, "requested_by"),
        ({"countries": "Atlantis"}, 422, "countries"),
        ({"after_event": "E404"}, 422, "after_event"),
        ({"received_on": "2226-01-01"}, 422, "received_on"),
        ({"reference": "R90"}, 409, "reference"),
    ],
)
def test_a_request_that_is_not_clear_is_told_at_its_field(
    officer: Client, sent: dict[str, str], status: int, field: str
) -> None:
    invented.assistance_request()
    typed = {"reference": "R91", "requested_by": "Ministry", "request": "keep me"}
    answer = officer.post("/requests/new/", {**typed, **sent})
    assert answer.status_code == status
    assert list(answer.context["form"].errors) == [field]
    assert "keep me" in answer.content.decode()
    assert AssistanceRequest.objects.count() == 1


def test_matching_offers_projects_of_the_country_first_and_needs_one(officer: Client) -> None:
    invented.assistance_request(countries=["KEN"])
    move_request(SYSTEM, "R90", RequestState.ASSESSED)
    invented.project("X01", places=["Nepal"])
    invented.project("X02", places=["Kenya"])
    page = officer.get("/requests/R90/move/")
    assert [row[0] for row in page.context["offered"]] == ["X02", "X01"]
    assert [row[0] for row in page.context["near"]] == ["X02"]
    path = "/requests/R90/move/"
    assert officer.post(path, {"to": "matched"}).status_code == 409
    assert officer.post(path, {"to": "matched", "project": "X77"}).status_code == 422
    assert officer.post(path, {"to": "matched", "project": "x02"}).status_code == 302
    stored = AssistanceRequest.objects.select_related("project").get()
    assert stored.project is not None
    assert stored.project.reference == "X02"


def test_declining_needs_a_reason_told_at_its_field(officer: Client) -> None:
    invented.assistance_request()
    answer = officer.post("/requests/R90/move/", {"to": "declined", "reason": "  "})
    assert answer.status_code == 409
    assert "reason" in answer.context["form"].errors
    assert AssistanceRequest.objects.get().state == RequestState.RECEIVED


def test_a_step_that_is_not_offered_cannot_be_sent(officer: Client) -> None:
    invented.assistance_request()
    assert officer.post("/requests/R90/move/", {"to": "delivered"}).status_code == 422
    assert AssistanceRequest.objects.get().state == RequestState.RECEIVED


@pytest.mark.parametrize(
    ("role", "listed", "page", "move", "new"),
    [
        (None, 302, 302, 302, 302),
        ("donor", 403, 403, 404, 403),
        ("trainer", 403, 403, 404, 403),
        ("legal-adviser", 200, 200, 403, 403),
        ("programme-officer", 200, 200, 200, 200),
    ],
)
def test_the_pages_of_requests_are_open_to_whom_they_concern(
    client: Client, role: str | None, listed: int, page: int, move: int, new: int
) -> None:
    invented.assistance_request()
    if role:
        client.force_login(user_with_role(role))
    paths = {"/requests/": listed, "/requests/R90/": page, "/requests/R90/move/": move,
             "/requests/new/": new}  # fmt: skip
    for path, status in paths.items():
        assert client.get(path).status_code == status, path


def test_a_reader_is_offered_no_step(client: Client) -> None:
    invented.assistance_request()
    client.force_login(user_with_role("legal-adviser"))
    assert "/move/" not in client.get("/requests/").content.decode()
    assert "/move/" not in client.get("/requests/R90/").content.decode()


def test_a_request_that_does_not_exist_is_not_found(officer: Client) -> None:
    assert officer.get("/requests/R404/").status_code == 404
