"""What views and actions raise becomes a calm answer that gives nothing away."""

import json
import logging

import pytest
from django.test import Client

from cairn.ui.tests.addresses import SECRET

pytestmark = [pytest.mark.django_db, pytest.mark.urls("cairn.ui.tests.addresses")]

OUTCOMES = [("rule", 409), ("invisible", 404), ("missing", 404), ("forbidden", 403)]
JSON = {"accept": "application/json"}
HTMX = {"hx-request": "true"}
BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.mark.parametrize(("name", "status"), [*OUTCOMES, ("suspicious", 400)])
def test_a_person_gets_a_page(client: Client, name: str, status: int) -> None:
    response = client.get(f"/raises/{name}/", headers=BROWSER)
    page = response.content.decode()
    assert response.status_code == status
    assert "<h1>" in page
    assert SECRET not in page


@pytest.mark.parametrize(("name", "status"), [*OUTCOMES, ("suspicious", 400)])
def test_a_program_gets_a_problem(client: Client, name: str, status: int) -> None:
    response = client.get(f"/raises/{name}/", headers=JSON)
    problem = json.loads(response.content)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert problem["status"] == status
    assert problem["title"]
    assert SECRET not in response.content.decode()


@pytest.mark.parametrize(("name", "status"), OUTCOMES)
def test_htmx_gets_a_part_that_goes_to_the_messages(client: Client, name: str, status: int) -> None:
    response = client.post(f"/raises/{name}/", headers=HTMX)
    part = response.content.decode()
    assert response.status_code == status
    assert response.headers["HX-Retarget"] == "#messages"
    assert "<html" not in part
    assert 'data-kind="refused"' in part
    assert SECRET not in part


def test_a_refusal_says_what_why_and_which_rule(client: Client) -> None:
    page = " ".join(client.get("/raises/rule/", headers=BROWSER).content.decode().split())
    assert "A pledge needs a donor." in page
    assert "Name the donor." in page
    assert "<code>pledge.sign</code>" in page
    assert "<title> Not possible now · Cairn</title>" in page


def test_a_refused_program_learns_code_and_remedy(client: Client) -> None:
    problem = json.loads(client.get("/raises/rule/", headers=JSON).content)
    assert problem["type"] == "urn:cairn:rule:pledge.sign"
    assert problem["code"] == "pledge.sign"
    assert problem["detail"] == "A pledge needs a donor."
    assert problem["remedy"] == "Name the donor."


def test_a_refusal_leads_back_to_the_page_of_this_site_that_it_came_from(client: Client) -> None:
    here = client.post("/raises/rule/", headers={"referer": "http://testserver/projects/?q=a&b=c"})
    elsewhere = client.post("/raises/rule/", headers={"referer": "https://elsewhere.test/"})
    assert 'href="/projects/?q=a&amp;b=c"' in here.content.decode()
    assert "elsewhere" not in elsewhere.content.decode()


@pytest.mark.parametrize("headers", [BROWSER, JSON])
def test_an_address_that_does_not_exist_is_not_found(
    client: Client, headers: dict[str, str]
) -> None:
    response = client.get("/no/such/page/", headers=headers)
    assert response.status_code == 404
    is_problem = response.headers["Content-Type"] == "application/problem+json"
    assert is_problem is (headers is JSON)


def test_a_fault_is_answered_by_a_page_that_stands_alone() -> None:
    response = Client(raise_request_exception=False).get("/raises/fault/", headers=BROWSER)
    page = response.content.decode()
    assert response.status_code == 500
    assert "Something went wrong on our side" in page
    assert SECRET not in page
    assert "ValueError" not in page
    assert "csrf" not in page


def test_a_form_sent_without_its_token_is_asked_for_again() -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/ui/theme/", {"theme": "dark"})
    assert response.status_code == 403
    assert "Please send it again" in response.content.decode()


def test_the_log_of_a_refusal_holds_its_code_and_no_words(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="cairn.ui.middleware"):
        client.get("/raises/rule/")
    lines = [r.getMessage() for r in caplog.records if r.name == "cairn.ui.middleware"]
    assert lines == ["refused pledge.sign"]
