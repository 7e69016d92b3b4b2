"""The gallery shows every component, in every language, direction and theme."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client, override_settings

pytestmark = [pytest.mark.django_db, pytest.mark.urls("cairn.ui.tests.addresses")]


class Reader(HTMLParser):
    """Collects ids, what refers to them, and elements that were not closed."""

    EMPTY = frozenset("area base br col hr img input link meta source track wbr".split())
    SHAPES = frozenset("path circle rect".split())

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.wanted: set[str] = set()
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in {"for", "aria-labelledby", "aria-describedby"}:
                self.wanted |= set((value or "").split())
            if name == "href" and value and value.startswith("#"):
                self.wanted.add(value[1:])
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.EMPTY:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> at {self.getpos()}")


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("fr", "ltr"), ("ar", "rtl")])
def test_the_gallery_is_shown_in_each_language_with_its_direction(
    client: Client, language: str, direction: str
) -> None:
    response = client.get("/ui/", headers={"accept-language": language})
    page = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{language}" dir="{direction}" data-theme="auto">' in " ".join(page.split())


def test_the_gallery_can_be_turned_round_and_darkened_by_its_address(client: Client) -> None:
    page = " ".join(client.get("/ui/?dir=rtl&theme=dark").content.decode().split())
    assert '<html lang="en" dir="rtl" data-theme="dark">' in page


def test_a_made_up_direction_or_theme_is_ignored(client: Client) -> None:
    page = " ".join(client.get('/ui/?dir="><b>&theme=pink').content.decode().split())
    assert '<html lang="en" dir="ltr" data-theme="auto">' in page
    assert "<b>" not in page


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_gallery_is_well_formed_and_every_reference_has_its_target(
    client: Client, language: str
) -> None:
    reader = Reader()
    reader.feed(client.get("/ui/", headers={"accept-language": language}).content.decode())
    assert reader.wrong == []
    assert reader.open == []
    assert len(reader.ids) == len(set(reader.ids))
    assert reader.wanted - set(reader.ids) == set()


def test_the_page_is_light_enough_for_a_bad_line(client: Client) -> None:
    response = client.get("/ui/", headers={"accept-encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    # The gallery is the largest page there is; 100 kB is the limit with style and scripts.
    assert len(response.content) < 25_000


def test_htmx_is_told_never_to_evaluate_or_to_keep_pages(client: Client) -> None:
    page = client.get("/ui/").content.decode()
    found = re.search(r'<meta name="htmx-config" content="([^"]+)">', page)
    assert found
    for setting in ("allowEval", "allowScriptTags", "includeIndicatorStyles"):
        assert f"&quot;{setting}&quot;: false" in found[1]
    assert "&quot;historyCacheSize&quot;: 0" in found[1]
    assert "&quot;selfRequestsOnly&quot;: true" in found[1]
    assert "409|422&quot;, &quot;swap&quot;: true" in found[1]


def test_the_title_is_neutral(client: Client) -> None:
    page = " ".join(client.get("/ui/").content.decode().split())
    assert "<title> Components · Cairn</title>" in page


@pytest.mark.parametrize("is_demo", [True, False])
def test_a_demonstration_says_so_and_nothing_else_does(client: Client, is_demo: bool) -> None:
    with override_settings(DEMO=is_demo):
        page = client.get("/ui/").content.decode()
    assert ("Demonstration: the portfolio is real" in page) is is_demo


def test_the_content_policy_comes_with_the_page(client: Client) -> None:
    policy = client.get("/ui/").headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
