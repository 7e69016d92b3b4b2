"""Donors, countries and events; and that nothing public tells what a project withholds."""

import json
import re
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from cairn.access.queries import SYSTEM
from cairn.access.tests.factories import user_with_role
from cairn.portfolio.actions.projects import publish_project
from cairn.portfolio.models import Project
from cairn.portfolio.rules import Publication, State
from cairn.portfolio.tests import factories

pytestmark = pytest.mark.django_db

# Whatever would tell which project the reduced one is.
SECRETS = (
    "Bhutan",
    "BTN",
    "X77",
    "GLOX77",
    "Secret Partner",
    "Secret Donor",
    "secret-donor",
    "Thimphu",
    "secret workshop",
    "secret outcome",
    "secret outline",
    "1977",
)


@pytest.fixture
def reduced() -> Project:
    """A project in Bhutan whose country is withheld, beside one that is public."""
    made = factories.project(
        "X77",
        places=["Bhutan"],
        title="Invented work in Bhutan",
        code="GLOX77",
        outline="secret outline",
        region_as_printed="Thimphu",
        starts="1977",
        budget=77_000,
        state=State.ACTIVE,
        themes=["protection"],
    )
    factories.pledge(made, factories.donor("Secret Donor"), usd=7_000)
    factories.partner(made, "Secret Partner")
    factories.event(
        "XE7", of=made, kind="secret workshop", place_countries=["BTN"], place="Thimphu"
    )
    factories.outcome("XO7", of=made, kind="secret outcome", countries=["BTN"])
    factories.project("X78", places=["Nepal"], part_of=None)
    factories.project("X79", places=["Nepal"], part_of=made)
    publish_project(
        SYSTEM,
        "X77",
        Publication.REDUCED,
        public_title="Help for people on the move",
        basis="people could be harmed",
    )
    made.refresh_from_db()
    return made


def body(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.getvalue().decode()


def without_the_world(page: str) -> str:
    """A page without its map, which names every country of the world, with or without a value.

    Also without the token against forged requests: 64 letters by chance may spell any code.
    """
    plain = re.sub(r"\b[A-Za-z0-9]{64}\b", "", page)
    return re.sub(r"<svg[^>]*chart-map.*?</svg>", "", plain, flags=re.S)


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/data/",
        "/about/",
        "/projects/",
        "/projects/?view=map",
        "/projects/?view=charts",
        "/projects/?theme=protection",
        "/projects/?chapter=142",
        "/projects/?region=142",
        "/projects/?state=active",
        "/projects/?sort=-budget",
        "/projects/?q=people+on+the+move",
        "/projects/export.csv",
        "/projects/export.json",
        "/projects/X79/",
        "/donors/",
        "/countries/",
        "/countries/NPL/",
        "/events/",
        "/tools/",
    ],
)
@pytest.mark.parametrize("role", ["", "donor", "front-line-officer"])
def test_no_page_tells_what_is_withheld(
    client: Client, reduced: Project, address: str, role: str
) -> None:
    if role:
        client.force_login(user_with_role(role))
    page = body(client, address)
    assert "/countries/BTN/" not in page
    for secret in SECRETS:
        assert secret not in without_the_world(page), secret


def test_the_reduced_page_shows_its_money_and_nothing_else(
    client: Client, reduced: Project
) -> None:
    page = body(client, f"/projects/{reduced.public_id}/")
    for secret in SECRETS:
        assert secret not in page, secret
    assert "Help for people on the move" in page
    assert "US$\xa070,000" in page
    assert "withheld" in page


def test_the_list_shows_a_reduced_project_under_its_public_title(
    client: Client, reduced: Project
) -> None:
    page = body(client, "/projects/")
    assert "Help for people on the move" in page
    assert "Country withheld for safety" in page
    assert f"/projects/{reduced.public_id}/" in page


@pytest.mark.parametrize(
    "query",
    [
        "country=BTN",
        "region=034",
        "donor=secret-donor",
        "q=Bhutan",
        "q=X77",
        "q=GLOX77",
        "q=secret+outline",
        "q=Thimphu",
    ],
)
@pytest.mark.parametrize("kind", ["page", "csv", "map", "charts"])
def test_what_is_withheld_cannot_be_asked_for(
    client: Client, reduced: Project, query: str, kind: str
) -> None:
    addresses = {
        "page": f"/projects/?{query}",
        "csv": f"/projects/export.csv?{query}",
        "map": f"/projects/?view=map&{query}",
        "charts": f"/projects/?view=charts&{query}",
    }
    page = body(client, addresses[kind])
    assert "Help for people on the move" not in page
    assert reduced.public_id not in page
    assert "77,000" not in page


@pytest.mark.parametrize(
    "address", ["/projects/X77/", "/projects/GLOX77/", "/donors/secret-donor/"]
)
def test_addresses_that_may_be_known_from_elsewhere_lead_nowhere(
    client: Client, reduced: Project, address: str
) -> None:
    assert client.get(address).status_code == 404
    client.force_login(user_with_role("donor"))
    assert client.get(address).status_code == 404


def test_the_page_of_the_country_knows_nothing_of_it(client: Client, reduced: Project) -> None:
    page = body(client, "/countries/BTN/")
    assert "No published project names this country." in page
    for secret in set(SECRETS) - {"Bhutan", "BTN"}:
        assert secret not in without_the_world(page), secret
    assert "Help for people on the move" not in page
    assert body(client, "/events/?country=BTN").count("secret workshop") == 0


def test_the_workbook_withholds_it_too(client: Client, reduced: Project) -> None:
    answer = client.get("/projects/export.xlsx")
    book = CalamineWorkbook.from_filelike(BytesIO(answer.getvalue()))
    cells = json.dumps([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])
    assert "Help for people on the move" in cells
    for secret in SECRETS:
        assert secret not in cells, secret


def test_a_total_names_a_withheld_part_only_by_its_public_address(client: Client) -> None:
    whole = factories.project("X01", places=["Nepal"])
    part = factories.project("X02", places=["Bhutan"], title="Invented", part_of=whole)
    publish_project(
        SYSTEM, "X02", Publication.REDUCED, public_title="Something invented", basis="harm"
    )
    part.refresh_from_db()
    for address in ("/projects/", "/", "/about/", "/projects/X01/", "/projects/export.csv"):
        assert "X02" not in body(client, address), address
    assert part.public_id not in body(client, "/projects/X01/")


def test_staff_see_the_country_that_the_public_does_not(client: Client, reduced: Project) -> None:
    client.force_login(user_with_role("programme-officer"))
    assert "Invented work in Bhutan" in body(client, "/countries/BTN/")
    assert "Secret Donor" in body(client, "/donors/")
    assert "Invented work in Bhutan" in body(client, "/projects/X77/")


def test_a_donor_page_shows_pledge_stage_and_what_lacks(client: Client) -> None:
    giver = factories.donor("Nepal", country="NPL")
    made = factories.project(places=["Nepal"], budget=1_000)
    factories.pledge(made, giver, usd=400, pledged="2024-05")
    page = body(client, f"/donors/{giver.slug}/").replace("\xa0", " ")
    assert "US$ 400" in page
    assert "US$ 600" in page
    assert "May 2024" in page
    assert "This State gives to a project in its own country." in page
    assert reverse("portfolio:country", args=["NPL"]) in page


def test_a_donor_of_projects_without_budget_lacks_an_unknown_amount(client: Client) -> None:
    giver = factories.donor()
    factories.pledge(factories.project(budget=None), giver)
    for address in ("/donors/", f"/donors/{giver.slug}/"):
        page = body(client, address).replace("\xa0", " ")
        assert "not known" in page
        assert "US$ 0" not in page


def test_donors_who_are_not_named_have_a_page_together(client: Client) -> None:
    factories.pledge(factories.project("X01"), usd=10)
    factories.pledge(factories.project("X02"), usd=20)
    page = body(client, "/donors/not-named/")
    assert "Invented project X01" in page
    assert "Invented project X02" in page


@pytest.mark.parametrize("slug", ["nobody", "invented-donor", "not-named"])
def test_whoever_gave_nothing_is_no_donor(client: Client, slug: str) -> None:
    factories.donor()
    assert client.get(f"/donors/{slug}/").status_code == 404


def test_donors_are_found_by_words_without_accents(client: Client) -> None:
    factories.pledge(factories.project("X01"), factories.donor("Côte Invention"))
    factories.pledge(factories.project("X02"), factories.donor("Other Giver"))
    page = body(client, "/donors/?q=cote")
    assert "Côte Invention" in page
    assert "Other Giver" not in page


def test_a_country_tells_apart_named_reached_regional_and_worldwide(client: Client) -> None:
    factories.project("X01", places=["Zambia"], title="Names it")
    factories.project("X02", places=["SADC"], title="Reaches it through a group")
    factories.project("X03", places=["Sub-Saharan Africa"], title="Is for the region")
    factories.project("X04", places=["Global"], title="Is for the world")
    factories.project("X05", places=["Nepal"], title="Is elsewhere")
    page = body(client, "/countries/ZMB/")
    sections = {
        name: page.find(f'id="{name}"') for name in ("named", "reached", "regional", "worldwide")
    }
    order = [page.find(title) for title in (
        "Names it", "Reaches it through a group", "Is for the region", "Is for the world"
    )]  # fmt: skip
    assert -1 not in [*sections.values(), *order]
    assert sections["named"] < order[0] < sections["reached"] < order[1]
    assert order[1] < sections["regional"] < order[2] < sections["worldwide"] < order[3]
    assert "Is elsewhere" not in page


def test_the_money_of_a_country_is_that_of_the_projects_that_name_it(client: Client) -> None:
    factories.project("X01", places=["Zambia", "Nepal"], budget=300)
    factories.project("X02", places=["SADC"], budget=9_000)
    page = body(client, "/countries/ZMB/").replace("\xa0", " ")
    total = re.search(r'<p class="total".*?</p>', page, re.S)
    assert total
    assert "US$ 300" in total[0]
    assert "how much of them is spent here is not on record" in page


def test_a_country_shows_events_there_and_with_its_people(client: Client) -> None:
    factories.event("XE1", place_countries=["JOR"], kind="held there")
    factories.event("XE2", from_countries=["JOR"], kind="with its people")
    factories.event("XE3", place_countries=["NPL"], kind="elsewhere")
    factories.outcome("XO1", countries=["JOR"], kind="a plan was made")
    page = body(client, "/countries/JOR/").lower()
    assert "held there" in page
    assert "with its people" in page
    assert "a plan was made" in page
    assert "elsewhere" not in page


def test_every_country_has_a_page_and_nothing_else_has(client: Client) -> None:
    assert "No published project names this country." in body(client, "/countries/ATA/")
    assert client.get("/countries/XXX/").status_code == 404
    answer = client.get("/countries/npl/")
    assert answer.status_code == 301
    assert answer["Location"] == "/countries/NPL/"


def test_countries_are_found_by_name_code_and_region(client: Client) -> None:
    factories.project("X01", places=["Nepal", "Zambia"])
    assert "Zambia" not in body(client, "/countries/?q=nep")
    assert "Nepal" in body(client, "/countries/?q=npl")
    assert "Nepal" not in body(client, "/countries/?region=002")
    assert "No project names such a country" in body(client, "/countries/?region=999")


def test_a_country_whose_projects_print_no_budget_lacks_an_unknown_amount(client: Client) -> None:
    factories.project("X01", places=["Nepal"], budget=None)
    assert "not known" in body(client, "/countries/")


def test_events_are_found_by_words_country_and_year(client: Client) -> None:
    factories.event("XE1", kind="first kind", starts="2024-02", ends="2025-03")
    factories.event("XE2", kind="second kind", starts="2023", place_countries=["NPL"])
    factories.event("XE3", kind="third kind", starts="")
    assert re.findall(r"(\w+) kind", body(client, "/events/")) == ["First", "Second", "Third"]
    for query, found in (
        ("q=second", ["Second"]),
        ("year=2025", ["First"]),
        ("year=2024", ["First"]),
        ("country=NPL", ["Second"]),
        ("year=abcd", ["First", "Second", "Third"]),
        ("q=nothing", []),
    ):
        assert re.findall(r"(\w+) kind", body(client, f"/events/?{query}")) == found, query


@pytest.mark.once  # counts questions
@pytest.mark.parametrize(
    "address", ["/donors/", "/donors/invented-donor/", "/countries/", "/countries/NPL/", "/events/"]
)
def test_the_number_of_queries_does_not_grow_with_the_rows(client: Client, address: str) -> None:
    giver = factories.donor()

    def fill(numbers: range) -> None:
        for number in numbers:
            made = factories.project(f"X{number:02}", places=["Nepal", "Kenya", "SADC"])
            factories.project(f"X{number + 50}", places=["Southern Asia"])
            factories.pledge(made, giver)
            factories.pledge(made, factories.donor(f"Invented Donor {number}"))
            factories.event(f"XE{number}", of=made, place_countries=["NPL"])
            factories.outcome(f"XO{number}", of=made, countries=["NPL"])

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            body(client, address)
        return len(captured)

    fill(range(1))
    few = count()
    fill(range(1, 8))
    assert count() == few
