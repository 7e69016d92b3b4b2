"""The navigation shows what a person may open, and marks where they are."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.test import Client, RequestFactory

from cairn.core.actor import PUBLIC, Actor
from cairn.ui import checks, navigation
from cairn.ui.context import Shell
from cairn.ui.navigation import Group, Item, Search

pytestmark = pytest.mark.urls("cairn.ui.tests.addresses")

PROJECTS = Item("projects", "Projects", "projects", None, 1, public=True)
CASES = Item("cases", "Cases", "cases", "case:view", 2)
RESULTS = Item("results", "Results", "results", None, 3)
OFFICER = Actor(user_id=uuid4(), name="Invented Officer", permissions=frozenset({"case:view"}))
DONOR = Actor(user_id=uuid4(), name="Invented Donor")


@pytest.fixture(autouse=True)
def _only_these(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_items", {})
    monkeypatch.setattr(navigation, "_search", [])
    for item in (RESULTS, CASES, PROJECTS):
        navigation.register(item)


@pytest.mark.parametrize(
    ("actor", "seen"),
    [
        (PUBLIC, ["projects"]),
        (DONOR, ["projects", "results"]),
        (OFFICER, ["projects", "cases", "results"]),
    ],
)
def test_an_entry_is_shown_to_those_who_may_open_it(actor: Actor, seen: list[str]) -> None:
    assert [link.code for link in navigation.links_for(actor, path="/")] == seen


def test_an_entry_for_a_permission_stays_hidden_from_the_public_although_it_is_public() -> None:
    assert not navigation.is_shown(Item("a", "A", "cases", "case:view", public=True), PUBLIC)


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/projects/", ["projects"]),
        ("/projects/P49/", ["projects"]),
        ("/projects-old/", []),
        ("/", []),
    ],
)
def test_the_entry_above_the_page_is_marked(path: str, current: list[str]) -> None:
    links = navigation.links_for(OFFICER, path=path)
    assert [link.code for link in links if link.is_current] == current


def test_only_the_nearest_entry_is_marked() -> None:
    navigation.register(Item("one", "One project", "project", None, 9))
    links = navigation.links_for(OFFICER, path="/projects/P49/")
    assert [link.code for link in links if link.is_current] == ["one"]


def test_registering_a_code_again_replaces_it() -> None:
    navigation.register(Item("projects", "Portfolio", "projects", None, 1, public=True))
    assert [link.label for link in navigation.links_for(PUBLIC, path="/")] == ["Portfolio"]


def test_an_entry_without_an_address_is_left_out_and_named_by_the_check() -> None:
    navigation.register(Item("lost", "Lost", "no-such-address"))
    assert "lost" not in [link.code for link in navigation.links_for(OFFICER, path="/")]
    assert [found.id for found in checks.navigation_leads_somewhere(None)] == ["ui.E001"]


def test_a_request_without_an_actor_is_the_public() -> None:
    shell = Shell(RequestFactory().get("/projects/"))
    assert shell.actor is PUBLIC
    assert [link.code for link in shell.navigation] == ["projects"]


@pytest.mark.django_db
def test_a_page_for_the_public_does_not_name_what_is_closed(client: Client) -> None:
    page = client.get("/projects/").content.decode()
    assert '<a href="/projects/" aria-current="page">Projects</a>' in page
    assert "Cases" not in page
    assert "Results" not in page


@pytest.mark.django_db
def test_the_search_box_is_there_once_something_can_be_searched(client: Client) -> None:
    assert 'role="search"' not in client.get("/projects/").content.decode()
    navigation.register_search(Search("projects", "Search projects"))
    page = " ".join(client.get('/projects/?q="><b>').content.decode().split())
    assert 'role="search" method="get" action="/projects/"' in page
    assert 'value="&quot;&gt;&lt;b&gt;"' in page


def test_a_page_that_answered_a_sent_form_leads_back_to_the_page_with_the_form() -> None:
    request = RequestFactory().post(
        "/projects/", headers={"referer": "http://testserver/cases/?a=1"}
    )
    assert Shell(request).here == "/cases/?a=1"


def test_a_referrer_of_another_site_is_not_followed() -> None:
    request = RequestFactory().post("/projects/", headers={"referer": "https://elsewhere.test/x"})
    assert Shell(request).here == "/"


def many(*, path: str = "/") -> list[navigation.Link]:
    """The folded navigation of somebody with more entries than fit into a row."""
    for number in range(navigation.MOST_IN_A_ROW):
        navigation.register(Item(f"n{number}", f"Entry {number}", "results", None, 10 + number))
    return navigation.folded(navigation.links_for(OFFICER, path=path))


@pytest.fixture
def areas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_groups", {})
    navigation.register_group(Group("work", "Work", frozenset({"projects", "cases", "n3"})))
    navigation.register_group(Group("lone", "Lone", frozenset({"n1", "no-such-entry"})))


@pytest.mark.usefixtures("areas")
def test_entries_of_an_area_fold_into_one_where_a_row_would_be_too_long() -> None:
    links = many()
    first = links[0]
    assert (first.code, first.label, first.href) == ("group-work", "Work", "")
    assert [each.code for each in first.links] == ["projects", "cases", "n3"]
    rest = [each.code for each in links[1:]]
    assert rest == ["results", "n0", "n1", "n2", *(f"n{each}" for each in range(4, 10))]
    assert not any(each.links for each in links[1:])  # an area of one entry is that entry


@pytest.mark.usefixtures("areas")
def test_a_short_navigation_folds_nothing() -> None:
    links = navigation.folded(navigation.links_for(OFFICER, path="/"))
    assert [each.code for each in links] == ["projects", "cases", "results"]


@pytest.mark.usefixtures("areas")
def test_the_area_of_the_page_is_marked_with_its_entry() -> None:
    area, *others = many(path="/cases/")
    assert area.is_current
    assert [each.code for each in area.links if each.is_current] == ["cases"]
    assert not any(each.is_current for each in others)


@pytest.mark.django_db
@pytest.mark.usefixtures("areas")
def test_a_folded_navigation_holds_every_link_without_script(client: Client) -> None:
    for number in range(navigation.MOST_IN_A_ROW):
        navigation.register(
            Item(f"n{number}", f"Entry {number}", "results", None, 10 + number, public=True)
        )
    page = client.get("/projects/").content.decode()
    assert "Entry 3" in page
    navigation.register(replace(PROJECTS, label="Work begun"))
    navigation.register(Item("more", "Entry more", "results", None, 99, public=True))
    page = " ".join(client.get("/projects/").content.decode().split())
    # Once in the row, behind a summary that needs no script, and once in the list of a phone.
    assert page.count("Work begun") == page.count(">Entry 3<") == 2
    assert '<summary aria-current="true">Work' in page
    assert '<p class="navigation-area">Work</p>' in page
