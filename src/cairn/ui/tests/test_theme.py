"""Light or dark: kept in a cookie, chosen without script."""

import pytest
from django.test import Client

from cairn.ui.theme import COOKIE

pytestmark = [pytest.mark.django_db, pytest.mark.urls("cairn.ui.tests.addresses")]


def test_a_chosen_theme_is_kept_and_the_person_returns_to_the_page(client: Client) -> None:
    response = client.post("/ui/theme/", {"theme": "dark", "next": "/projects/?q=a"})
    assert response.status_code == 302
    assert response.headers["Location"] == "/projects/?q=a"
    assert 'data-theme="dark"' in client.get("/projects/").content.decode()


def test_following_the_device_forgets_the_choice(client: Client) -> None:
    client.cookies[COOKIE] = "dark"
    response = client.post("/ui/theme/", {"theme": "auto", "next": "/projects/"})
    assert response.cookies[COOKIE].value == ""
    assert 'data-theme="auto"' in client.get("/projects/").content.decode()


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.test/", "//elsewhere.test", "", "x:y"])
def test_the_way_back_never_leaves_this_site(client: Client, elsewhere: str) -> None:
    response = client.post("/ui/theme/", {"theme": "light", "next": elsewhere})
    assert response.headers["Location"] == "/"


def test_an_unknown_theme_in_the_cookie_counts_as_none(client: Client) -> None:
    client.cookies[COOKIE] = '"><script>'
    page = client.get("/projects/").content.decode()
    assert 'data-theme="auto"' in page


def test_the_theme_changes_by_post_only(client: Client) -> None:
    assert client.get("/ui/theme/").status_code == 405
