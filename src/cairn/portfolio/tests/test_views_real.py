"""The lists and pages on the real portfolio: light enough for a bad line, and right."""

import gzip
import re

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_portfolio")]

# UX: a page is at most 100 kB compressed.
HEAVIEST_PAGE = 100_000


@pytest.mark.once  # the weight of pages
@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/projects/",
        "/projects/?view=map",
        "/projects/?view=charts",
        "/projects/P49/",
        "/projects/P01/",
        "/projects/P11/",
        "/countries/",
        "/countries/KEN/",
        "/donors/",
        "/events/",
        "/tools/",
    ],
)
def test_every_page_is_light(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert len(gzip.compress(answer.content)) < HEAVIEST_PAGE


@pytest.mark.parametrize("address", ["/", "/projects/"])
def test_the_total_is_that_of_the_sources(client: Client, address: str) -> None:
    page = client.get(address).content.decode().replace("\xa0", " ")
    for amount in ("US$ 68,026,241", "US$ 15,655,410", "US$ 53,070,831"):
        assert amount in page


def test_a_search_in_arabic_finds_a_country(client: Client) -> None:
    page = client.get("/projects/?q=كولومبيا").content.decode()
    assert "P44" in re.findall(r'href="/projects/([^/"?]+)/"', page)


def test_a_state_that_pays_for_its_own_project_is_marked_on_every_page(client: Client) -> None:
    assert "also the recipient State" in client.get("/projects/P44/").content.decode()
    assert "in its own country" in client.get("/donors/col/").content.decode()


def test_print_and_computation_stand_side_by_side(client: Client) -> None:
    page = client.get("/projects/P11/").content.decode().replace("\xa0", " ")
    for shown in ("US$ 3,5 million", "US$ 3,568,800", "US$ 2,831,200", "US$ 3,131,200"):
        assert shown in page


def test_the_globe_is_on_the_page_of_every_country(client: Client) -> None:
    page = client.get("/countries/ISL/").content.decode()
    assert "No published project names this country." in page
    assert "/projects/P01/" in page
