"""The list of projects: filters, totals, map and charts, and what it costs to show."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cairn.access.tests.factories import user_with_role
from cairn.portfolio.rules import Publication, State
from cairn.portfolio.tests import factories

pytestmark = pytest.mark.django_db

LIST = "/projects/"


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def staff(client: Client, role: str = "programme-officer") -> Client:
    client.force_login(user_with_role(role))
    return client


def shown(page: str) -> list[str]:
    """References of the projects that a page lists, in its order."""
    return re.findall(r'class="project-name"\s+href="/projects/([^/"]+)/"', page)


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_total_counts_a_part_once_and_says_so(client: Client) -> None:
    whole = factories.project("X01", budget=1_000)
    factories.project("X02", budget=400, part_of=whole)
    factories.pledge(whole, usd=250)
    page = re.sub(r"<[^>]+>|\s+", " ", text(client, LIST)).replace("\xa0", " ")
    assert re.search(
        r"2 projects\.\s+Their total counts\s+1\s+of them: a budget of\s+US\$ 1,000", page
    )
    assert re.search(r"US\$ 250\s+pledged,\s+US\$ 750\s+lacking", page)
    assert "Not counted again, because they lie inside a programme: X02." in page


def test_a_project_without_a_printed_budget_lacks_an_unknown_amount(client: Client) -> None:
    factories.project("X01", budget=None)
    page = text(client, LIST)
    row = re.search(r"<tbody>.*?</tbody>", page, re.S)
    assert row
    assert row[0].count("not known") == 3  # budget, shortfall, funded share
    assert "1 project prints no budget" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=burkina", ["X02"]),
        ("search=burkina", ["X02"]),
        ("country=NPL", ["X01"]),
        ("country=npl", ["X01"]),
        ("region=202", ["X02", "X03"]),
        ("group=ECOWAS", ["X03"]),
        ("theme=protection", ["X01"]),
        ("donor=invented-donor", ["X01"]),
        ("donor=not-named", ["X02"]),
        ("state=active", ["X02"]),
        ("share=full", ["X02"]),
        ("share=unknown", ["X03"]),
        ("chapter=142", ["X01"]),
        ("country=NPL&theme=legislation", []),
        ("theme=no-such-theme", ["X01", "X02", "X03"]),
        ("publication=withheld", ["X01", "X02", "X03"]),
    ],
)
def test_each_filter_in_the_address_narrows_the_list(
    client: Client, query: str, found: list[str]
) -> None:
    one = factories.project("X01", places=["Nepal"], themes=["protection"])
    two = factories.project("X02", places=["Burkina Faso"], state=State.ACTIVE, budget=500)
    factories.project("X03", places=["ECOWAS"], budget=None)
    factories.pledge(one, factories.donor(), usd=10)
    factories.pledge(two, usd=600)
    assert shown(text(client, f"{LIST}?{query}")) == found


def test_a_set_filter_is_a_chip_that_removes_only_itself(client: Client) -> None:
    factories.project("X01")
    page = text(client, f"{LIST}?country=NPL&state=approved&sort=-budget")
    chips = re.search(r'<ul class="chips".*?</ul>', page, re.S)
    assert chips
    assert "Nepal" in chips[0]
    assert 'href="?state=approved&amp;sort=-budget"' in chips[0]
    assert 'href="?country=NPL&amp;sort=-budget"' in chips[0]


def test_what_is_typed_into_the_search_is_shown_as_text(client: Client) -> None:
    page = text(client, f"{LIST}?q=<script>alert(1)</script>")
    assert "<script>alert" not in page
    assert "No project matches" in page


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("-budget", ["X02", "X01", "X03"]),
        ("budget", ["X01", "X02", "X03"]),
        ("-shortfall", ["X01", "X02", "X03"]),
        ("title", ["X03", "X02", "X01"]),
        ("version", ["X01", "X02", "X03"]),
    ],
)
def test_the_list_is_sorted_as_asked_and_unknown_amounts_come_last(
    client: Client, sort: str, order: list[str]
) -> None:
    factories.project("X01", title="C invented", budget=100)
    paid = factories.project("X02", title="B invented", budget=200)
    factories.pledge(paid, usd=150)
    factories.project("X03", title="A invented", budget=None)
    assert shown(text(client, f"{LIST}?sort={sort}")) == order


def test_long_lists_come_in_pages_and_keep_their_filters(client: Client) -> None:
    for number in range(30):
        factories.project(f"X{number:02}", places=["Nepal"])
    first = text(client, f"{LIST}?country=NPL")
    assert len(shown(first)) == 25
    assert "?country=NPL&amp;page=2" in first
    assert len(shown(text(client, f"{LIST}?country=NPL&page=2"))) == 5


@pytest.mark.once  # counts questions
@pytest.mark.parametrize("view", ["list", "map", "charts"])
def test_the_number_of_queries_does_not_grow_with_the_projects(client: Client, view: str) -> None:
    def add(numbers: range) -> None:
        for number in numbers:
            made = factories.project(f"X{number:02}", places=["Nepal", "ECOWAS", "Kenya"])
            factories.pledge(made, factories.donor(f"Invented Donor {number}"))

    add(range(2))
    few = queries(client, f"{LIST}?view={view}")
    add(range(2, 20))
    assert queries(client, f"{LIST}?view={view}") == few


def test_htmx_gets_the_part_and_a_clean_address(client: Client) -> None:
    factories.project("X01")
    answer = client.get(f"{LIST}?q=&country=NPL", headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert "<html" not in page
    assert shown(page) == ["X01"]
    assert answer["HX-Push-Url"] == f"{LIST}?country=NPL"
    assert "HX-Request" in answer["Vary"]


def test_going_back_gets_the_whole_page_from_htmx_too(client: Client) -> None:
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in client.get(LIST, headers=headers).content.decode()


def test_the_map_leads_to_countries_and_leaves_out_what_is_not_known(client: Client) -> None:
    factories.project("X01", places=["Nepal"])
    factories.project("X02", places=["Kenya"], budget=None)
    page = text(client, f"{LIST}?view=map")
    assert re.search(r'<a[^>]*href="/countries/NPL/"[^>]*>\s*<title', page)
    assert not re.search(r'<a[^>]*href="/countries/KEN/"[^>]*>\s*<title', page)
    assert "so the countries do not add up" in page


def test_the_bars_by_region_stand_beside_a_table_that_adds_up(client: Client) -> None:
    factories.project("X01", places=["Nepal"], budget=100)
    factories.project("X02", places=["Kenya"], budget=50)
    page = text(client, f"{LIST}?view=charts")
    table = re.search(r"<tfoot>.*?</tfoot>", page, re.S)
    assert table
    assert "150" in table[0]
    assert "chart-second" in page


def test_only_staff_find_what_is_not_public(client: Client) -> None:
    factories.project("X01")
    factories.project("X02", publication=Publication.WITHHELD)
    assert shown(text(client, LIST)) == ["X01"]
    staff(client)
    assert shown(text(client, LIST)) == ["X01", "X02"]
    assert shown(text(client, f"{LIST}?publication=withheld")) == ["X02"]


def test_the_one_who_may_enter_projects_is_offered_it(client: Client) -> None:
    assert reverse("portfolio:project-new") not in text(client, LIST)
    assert reverse("portfolio:project-new") in text(staff(client), LIST)


def test_an_empty_portfolio_says_what_to_do_first(client: Client) -> None:
    assert "No projects yet" in text(client, LIST)
    assert reverse("imports:start") in text(staff(client), LIST)
