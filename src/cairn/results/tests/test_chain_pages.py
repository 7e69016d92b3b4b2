"""The pages of the chain: what each reader finds, where figures lead, and what is said instead."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cairn.access.tests.factories import sign_in, user_with_role
from cairn.core import measures
from cairn.core.measures import Scope
from cairn.portfolio.rules import Publication
from cairn.portfolio.tests import factories as portfolio
from cairn.training.models import CascadeReport, HeadCount, TrainingEvent
from cairn.training.rules.choices import Participation
from cairn.training.rules.states import EventState
from cairn.training.tests.factories import event

# Once: what they show is worked out in Python, whichever database keeps it.
pytestmark = [pytest.mark.django_db, pytest.mark.once]


def trained(reference: str, people: int, **values: Any) -> TrainingEvent:
    """A delivered training of 2025, as a source printed it, with people by number."""
    given = {"state": EventState.DELIVERED, "starts": "2025-02-03", "ends": "2025-02-05"}
    made = event(reference, participation=Participation.AGGREGATE, **given | values)
    made.printed = portfolio.event(f"E-{reference}", of=made.project)
    made.save()
    report = CascadeReport.objects.create(event=made, reported_at=timezone.now())
    HeadCount.objects.create(report=report, count=people)
    return made


def page(client: Client, name: str, *args: str, **query: str) -> str:
    answer = client.get(reverse(f"results:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def figure(text: str, label: str) -> str:
    """What stands in the row of the table that a label begins."""
    row = text.split(f">{label}</a></th>")[1].split("</tr>")[0]
    return row.split("<bdi>")[1].split("</bdi>")[0]


def test_the_programme_shows_every_step_and_claims_no_cause(client: Client) -> None:
    made = portfolio.project("X01")
    portfolio.pledge(made, usd=40_000)
    trained("T01", 43, project=made)
    text = page(client, "programme")
    for step in ("Money", "Training", "In the field", "Help", "Decisions"):
        assert f">{step}</h2>" in text
    assert "contributed to the next one" in text
    assert "caused" not in text
    assert figure(text, "Pledged") == "US$\N{NO-BREAK SPACE}40,000"
    assert figure(text, "Officers trained") == "43"
    assert figure(text, "Referrals sent") == "not told here"
    assert "protected releases of statistics" in text
    assert text.count("chart-chain-stone") == 10


def test_a_time_can_be_chosen(client: Client) -> None:
    trained("T01", 43, project=portfolio.project("X01"))
    assert figure(page(client, "programme", year="2025"), "Officers trained") == "43"
    assert figure(page(client, "programme", year="2024"), "Officers trained") == "0"
    text = page(client, "programme", year="2025", quarter="1")
    assert figure(text, "Officers trained") == "43"
    assert "Quarter 1 of 2025" in text
    assert figure(page(client, "programme", year="99999", quarter="x"), "Trainings") == "1"


def test_what_is_not_known_and_what_is_held_back_say_so(client: Client) -> None:
    portfolio.project("X01", budget=None)
    sign_in(client, user_with_role("programme-officer"))
    text = page(client, "programme")
    assert figure(text, "Budget") == "not known"
    year = str(timezone.localdate().year)
    quarter = str((timezone.localdate().month + 2) // 3)
    text = page(client, "programme", year=year, quarter=quarter)
    assert figure(text, "Referrals sent") == "held back"
    assert "three weeks after its end" in text


def test_a_project_has_its_chain_and_persons_are_never_in_it(client: Client) -> None:
    made = portfolio.project("X01", places=["Mali"])
    trained("T01", 43, project=made)
    sign_in(client, user_with_role("programme-officer"))
    text = page(client, "project", "X01")
    assert figure(text, "Officers trained") == "43"
    assert "never counted by project" in text
    assert reverse("results:country", args=["MLI"]) in text
    for each in measures.measures():
        assert (f">{each.label}</a></th>" in text) is (Scope.PROJECT in each.scopes)


@pytest.mark.parametrize("publication", [Publication.WITHHELD, Publication.REDUCED])
def test_a_project_that_is_not_seen_whole_is_not_there(
    client: Client, publication: Publication
) -> None:
    made = portfolio.project("X03", publication=publication)
    for key in ("X03", made.public_id, "X99"):
        assert client.get(reverse("results:project", args=[key])).status_code == 404
        address = reverse("results:measure", args=["portfolio.budget"])
        assert client.get(address, {"project": key}).status_code == 404
    sign_in(client, user_with_role("programme-officer"))
    assert client.get(reverse("results:project", args=["X03"])).status_code == 200


def test_a_country_has_its_chain(client: Client) -> None:
    portfolio.project("X01", places=["Mali"])
    text = page(client, "country", "MLI")
    assert "<h1>Mali</h1>" in text
    assert figure(text, "Projects") == "1"
    assert client.get(reverse("results:country", args=["mli"])).status_code == 301
    assert client.get(reverse("results:country", args=["QQQ"])).status_code == 404


def test_every_figure_opens_to_its_definition_for_the_same_place_and_time(client: Client) -> None:
    trained("T01", 43, project=portfolio.project("X01"))
    text = page(client, "country", "NPL", year="2025")
    address = reverse("results:measure", args=["training.people"])
    assert f'href="{address}?country=NPL&amp;year=2025"' in text
    text = page(client, "measure", "training.people", country="NPL", year="2025")
    for words in ("Officers trained", "43", "2025", "Nepal", "training.people", "Told by"):
        assert words in text


@pytest.mark.parametrize("role", ["", "programme-officer", "statistics-officer"])
def test_every_measure_has_a_page(client: Client, role: str) -> None:
    if role:
        sign_in(client, user_with_role(role))
    text = page(client, "measures")
    for each in measures.measures():
        assert reverse("results:measure", args=[each.code]) in text
        for query in ({}, {"country": "NPL"}, {"year": "2025", "quarter": "1"}):
            own = page(client, "measure", each.code, **query)
            assert f"<h1>{each.label}</h1>" in own
    assert client.get(reverse("results:measure", args=["nobody.counts"])).status_code == 404


def test_parts_are_a_chart_and_a_table(client: Client) -> None:
    made = portfolio.project("X01")
    at = trained("T01", 43, project=made)
    report = CascadeReport.objects.get(event=at)
    HeadCount.objects.update(sex="female")
    HeadCount.objects.create(report=report, count=30, sex="male")
    text = page(client, "measure", "training.people")
    assert "chart-bars" in text
    assert "Women</th>" in text
    assert "The same as a table" in text


def test_records_are_offered_to_those_who_see_them(client: Client) -> None:
    portfolio.project("X01")
    requests = reverse("portfolio:requests")
    assert requests not in page(client, "measure", "portfolio.requests")
    sign_in(client, user_with_role("programme-officer"))
    assert requests in page(client, "measure", "portfolio.requests")


@pytest.mark.parametrize("role", ["", "programme-officer"])
def test_a_page_asks_as_often_for_many_as_for_few(
    client: Client, django_assert_max_num_queries: Any, role: str
) -> None:
    if role:
        sign_in(client, user_with_role(role))
    for number in range(2):
        trained(f"T{number}", 20, project=portfolio.project(f"X{number}"))
    address = reverse("results:programme")
    counted = []
    for more in (0, 8):
        for number in range(10, 10 + more):
            made = portfolio.project(f"X{number}", places=["Mali", "Kenya"])
            portfolio.pledge(made, usd=number)
            trained(f"T{number}", 20, project=made, from_countries=["MLI"])
        client.get(address)
        with django_assert_max_num_queries(80) as asked:
            client.get(address)
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_the_navigation_leads_there(client: Client) -> None:
    assert f'href="{reverse("results:programme")}"' in client.get("/").content.decode()
