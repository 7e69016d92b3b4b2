"""The front, the statements, the homes and their tours, and the sign of life."""

import re
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse
from django.utils import timezone, translation

from cairn.access.queries import SYSTEM
from cairn.access.roles import LABELS
from cairn.access.tests.factories import actor_with_role, user_with_role
from cairn.imports.models import BatchState, ImportBatch
from cairn.portfolio.actions.projects import publish_project
from cairn.portfolio.rules import Publication, RequestState, State
from cairn.portfolio.tests import factories
from cairn.training.models import KitSelf
from cairn.training.tests import factories as training
from cairn.web import queries, tours

pytestmark = pytest.mark.django_db

OPEN_PAGES = ["/", "/about/", "/data/", "/accessibility/", "/privacy/"]


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode().replace("\xa0", " ")


def at_home(client: Client, role: str) -> str:
    client.force_login(user_with_role(role))
    return text(client, "/home/")


@pytest.mark.parametrize("address", OPEN_PAGES)
def test_everybody_reads_the_open_pages_without_a_session(client: Client, address: str) -> None:
    page = text(client, address)
    assert page.count("<h1") == 1
    assert "sessionid" not in client.cookies


@pytest.mark.parametrize("address", OPEN_PAGES)
def test_open_pages_fetch_nothing_from_elsewhere(client: Client, address: str) -> None:
    page = text(client, address)
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page)


def test_the_front_shows_three_figures_and_how_each_is_counted(client: Client) -> None:
    whole = factories.project("X01", budget=1_000)
    factories.project("X02", budget=300, part_of=whole)
    factories.pledge(whole, usd=250)
    page = text(client, "/")
    for amount in ("US$ 1,000", "US$ 250", "US$ 750"):
        assert amount in page
    for anchor in ("budget", "pledged", "shortfall"):
        assert f"/about/#{anchor}" in page
        assert f'id="{anchor}"' in text(client, "/about/")


def test_the_front_is_the_same_for_staff(client: Client) -> None:
    factories.project("X01", budget=1_000)
    factories.project("X02", budget=5_000, publication=Publication.WITHHELD)
    client.force_login(user_with_role("programme-officer"))
    page = text(client, "/")
    assert "US$ 1,000" in page
    assert "US$ 6,000" not in page


def test_the_number_of_queries_of_the_front_does_not_grow(client: Client) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            text(client, "/")
        return len(captured)

    factories.project("X00")
    few = count()
    for number in range(1, 9):
        made = factories.project(f"X{number:02}", places=["Kenya", "ECOWAS"])
        factories.event(f"XE{number}", of=made)
    assert count() == few


def test_open_data_says_what_each_column_holds(client: Client) -> None:
    page = text(client, "/data/")
    for column in ("budget_usd", "shortfall_usd", "countries", "part_of"):
        assert column in page
    for kind in ("csv", "xlsx", "json"):
        assert f"/projects/export.{kind}?open=1" in page


def test_open_data_leads_to_all_that_may_be_taken_away(client: Client) -> None:
    page = text(client, "/data/")
    for name in ("practices", "tools"):
        for kind in ("csv", "xlsx", "json"):
            assert f'href="/{name}/export.{kind}"' in page
    folder = "/projects/folder.docx?open=1&language=en"
    assert folder.replace("&", "&amp;") in page
    assert client.get(folder).status_code == 200
    for address in ("/statistics/", "/statistics/bulletins/", "/statistics/api/", "/documents/"):
        assert f'<a href="{address}">' in page.split("<main", 1)[1]


def test_open_data_is_the_same_for_staff(client: Client) -> None:
    factories.project("X90", publication="withheld")
    folder = "/projects/folder.json?open=1&language=en"
    assert folder.replace("&", "&amp;") in text(client, "/data/")
    public = client.get(folder).content
    client.force_login(user_with_role("programme-officer"))
    assert client.get(folder).content == public
    assert b"X90" in client.get("/projects/folder.json").content


def test_privacy_names_every_cookie_that_a_visitor_can_get(client: Client) -> None:
    page = text(client, "/privacy/")
    client.post("/language/setlang/", {"language": "fr", "next": "/"})
    client.force_login(user_with_role("donor"))
    client.get("/projects/")
    for name in client.cookies:
        assert f">{name}</code>" in page, name


@pytest.mark.parametrize("contact", ["", "desk@example.org"])
def test_statements_name_an_address_only_where_one_was_set(
    client: Client, settings: object, contact: str
) -> None:
    settings.CONTACT = contact  # type: ignore[attr-defined]
    for address in ("/accessibility/", "/privacy/", "/about/"):
        assert ("desk@example.org" in text(client, address)) == bool(contact)


def test_the_sign_of_life_says_ok_and_no_more(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_the_sign_of_life_says_when_the_database_is_silent(client: Client) -> None:
    with patch("cairn.web.queries.answers", side_effect=OperationalError("secret host name")):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable"})


def test_a_visitor_at_home_is_asked_to_sign_in_and_comes_back(client: Client) -> None:
    answer = client.get("/home/")
    assert answer.status_code == 302
    assert answer["Location"] == "/sign-in/?next=%2Fhome%2F"


@pytest.mark.parametrize("role", LABELS)
def test_every_role_has_a_home_with_a_tour(client: Client, role: str) -> None:
    factories.project("P49")
    factories.project("P44")
    page = at_home(client, role)
    assert str(LABELS[role]) in page
    assert 3 <= page.count("<li><div>") + len(re.findall(r"<li>\s*<div>", page)) <= 5


@pytest.mark.parametrize("role", LABELS)
def test_every_step_of_every_tour_leads_somewhere(client: Client, role: str) -> None:
    factories.project("P49")
    factories.project("P44")
    client.force_login(user_with_role(role))
    for step in tours.TOURS[role]:
        href = step().href.partition("#")[0]
        assert client.get(href).status_code == 200, href


def test_a_tour_leaves_out_projects_that_the_reader_cannot_open(client: Client) -> None:
    factories.project("P44", publication=Publication.WITHHELD)
    titles = [task.project for task in tours.tasks(actor_with_role("donor"))]
    assert "P44" not in titles
    assert titles


def test_home_tells_a_programme_officer_what_waits(client: Client) -> None:
    bare = factories.project("X01", state=State.ACTIVE)
    factories.finding(bare)
    factories.indicator(bare)
    factories.indicator(bare, "1.2", measure="training.officers_trained")
    factories.request("XR1")
    factories.request("XR2", state=RequestState.ASSESSED)
    factories.request("XR3", state=RequestState.DELIVERED)
    factories.project("X02")
    publish_project(SYSTEM, "X02", Publication.REDUCED, public_title="Invented", basis="harm")
    user = user_with_role("programme-officer")
    ImportBatch.objects.create(
        kind="projects",
        filename="invented.csv",
        sha256="0" * 64,
        size=1,
        author_id=user.pk,
        created_at=timezone.now(),
        state=BatchState.PREVIEWED,
    )
    client.force_login(user)
    page = text(client, "/home/")
    found = re.findall(r'class="needs-label">([^<]+)<', page)
    assert [label.split(" ")[0] for label in found] == [
        "Requests",
        "Requests",
        "Files",
        "Printed",
        "Projects",
        "Indicators",
        "Projects",
    ]
    counts = re.findall(r'class="needs-count"><bdi>(\d+)<', page)
    assert counts == ["1"] * 7
    assert "Assess them" in page


def test_home_says_when_nothing_waits(client: Client) -> None:
    assert "Nothing needs you now" in at_home(client, "programme-officer")


def test_home_of_a_role_without_tasks_says_what_it_can_read(client: Client) -> None:
    factories.finding(factories.project())
    page = at_home(client, "donor")
    assert "What you can read here" in page
    assert "Explain them" not in page


def test_what_waits_asks_the_database_the_same_number_of_times_however_much_there_is() -> None:
    officer = actor_with_role("programme-officer")

    def fill(numbers: range) -> None:
        for number in numbers:
            made = factories.project(f"X{number}", state=State.ACTIVE)
            factories.finding(made)
            factories.indicator(made)
            factories.request(f"XR{number}")

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            queries.needs(officer)
        return len(captured)

    fill(range(1))
    few = count()
    fill(range(1, 6))
    assert count() == few


def test_every_label_of_a_need_is_a_sentence_without_names() -> None:
    factories.request("XR1", requested_by="A Secret Ministry", request="a secret wish")
    with translation.override("en"):
        labels = [
            need.label + need.verb for need in queries.needs(actor_with_role("programme-officer"))
        ]
    assert labels
    assert not any("Secret" in label or "secret" in label for label in labels)


@pytest.mark.parametrize("address", [*OPEN_PAGES, "/home/", "/healthz"])
def test_pages_of_the_front_are_read_not_written(client: Client, address: str) -> None:
    assert resolve(address).app_name == "web"
    assert client.post(address).status_code in {302, 405}


def test_a_kit_leads_to_the_event_that_it_carries(client: Client) -> None:
    course = training.event("T01")
    KitSelf.objects.create(
        kit_code="K7Q-M2R",
        checkout_id=uuid4(),
        event=course,
        home_verifier="0" * 64,
        home_recipient="age1invented",
        bundle_made_at=timezone.now(),
        imported_at=timezone.now(),
    )
    assert client.get("/")["Location"] == reverse("training:event", args=["T01"])
