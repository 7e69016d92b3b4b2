"""The register of tools: what exists in which language, and how it is searched."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cairn.library.models import Tool

pytestmark = pytest.mark.django_db


def tool(title: str, **fields: object) -> Tool:
    """An invented tool, smallest valid."""
    values = {"kind": "manual", "topic": "invented topic", "as_of": 2010, **fields}
    return Tool.objects.create(title=title, **values)


def shown(client: Client, query: str = "") -> list[str]:
    answer = client.get(f"/tools/{query}")
    assert answer.status_code == 200
    return re.findall(
        r'<th scope="row">\s*<a [^>]*><span lang="en" dir="auto">([^<]+)<', answer.content.decode()
    )


def test_the_public_sees_every_tool_with_its_languages_and_year(client: Client) -> None:
    tool("Invented Kit", languages=["en", "ar"], forthcoming=["fr"])
    page = client.get("/tools/").content.decode()
    assert shown(client) == ["Invented Kit"]
    assert re.search(r"English,\s*Arabic", page)
    assert "as stated in 2010" in page


def test_a_tool_without_stated_languages_says_so(client: Client) -> None:
    tool("Invented Kit")
    assert "not stated" in client.get("/tools/").content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=kit", ["Kit"]),
        ("?kind=film", ["Film"]),
        ("?topic=other", ["Film"]),
        ("?language=ar", ["Kit", "Film"]),
        ("?language=fr", ["Kit"]),
        ("?language=xx", []),
        ("?language=fr&kind=film", []),
    ],
)
def test_each_filter_narrows_the_register(client: Client, query: str, found: list[str]) -> None:
    tool("Kit", languages=["en"], forthcoming=["ar", "fr"])
    tool("Film", kind="film", topic="other", languages=["ar"])
    assert sorted(shown(client, query)) == sorted(found)


def test_an_empty_register_and_an_empty_search_say_what_to_do(client: Client) -> None:
    assert "No tools yet" in client.get("/tools/").content.decode()
    tool("Kit")
    assert "All tools" in client.get("/tools/?q=nothing").content.decode()


def test_the_number_of_queries_does_not_grow_with_the_tools(client: Client) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            shown(client)
        return len(captured)

    tool("Kit 1")
    few = count()
    for number in range(2, 20):
        tool(f"Kit {number}")
    assert count() == few
