"""Documents over the web: who gets what, in which form, and that they are not kept too long."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from cairn.access.queries import SYSTEM
from cairn.portfolio.actions.projects import publish_project
from cairn.portfolio.rules import Publication

# That documents can be made on each database is shown by test_real_portfolio.py.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once,
    pytest.mark.usefixtures("real_portfolio"),
]


def page(kind: str, address: str = "P49") -> str:
    return reverse("portfolio:project-file", args=[address, kind])


@pytest.mark.parametrize(
    ("kind", "content_type", "way"),
    [
        ("json", "application/json", "attachment"),
        ("pdf", "application/pdf", "attachment"),
        ("html", "text/html; charset=utf-8", "inline"),
    ],
)
def test_the_public_takes_a_project_page_in_every_kind(
    client: Client, kind: str, content_type: str, way: str
) -> None:
    answer = client.get(page(kind))
    assert answer.status_code == 200
    assert answer["Content-Type"] == content_type
    assert answer["Content-Disposition"].startswith(way)


def test_a_kind_that_does_not_exist_is_not_found(client: Client) -> None:
    assert client.get(page("odt")).status_code == 404


def test_the_web_page_allows_its_own_style_and_nothing_else(client: Client) -> None:
    policy = client.get(page("html"))["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "style-src 'sha256-" in policy
    assert "script" not in policy


def test_a_reader_chooses_the_language(client: Client) -> None:
    assert b'lang="fr"' in client.get(page("html") + "?language=fr").content
    assert b'lang="en"' in client.get(page("html") + "?language=xx").content


def test_the_folder_follows_the_filters(client: Client) -> None:
    answer = client.get(reverse("portfolio:folder-file", args=["json"]) + "?country=NPL")
    assert [row["id"] for row in json.loads(answer.content)["projects"]] == ["P49"]


def test_a_document_is_made_anew_once_something_was_written(client: Client) -> None:
    folder = reverse("portfolio:folder-file", args=["json"])
    assert len(json.loads(client.get(folder).content)["projects"]) == 49
    publish_project(SYSTEM, "P36", Publication.WITHHELD, public_title="", basis="for safety")
    assert len(json.loads(client.get(folder).content)["projects"]) == 48


def test_a_reduced_project_gives_nothing_away_in_any_document(client: Client) -> None:
    public_title = "Investigations in one country of Asia"
    project = publish_project(
        SYSTEM, "P36", Publication.REDUCED, public_title=public_title, basis="for safety"
    )
    assert client.get(page("json", "P36")).status_code == 404
    for address in (
        page("json", project.public_id),
        page("html", project.public_id),
        reverse("portfolio:folder-file", args=["json"]) + "?search=country+of+Asia",
        reverse("portfolio:folder-file", args=["html"]) + "?search=country+of+Asia",
    ):
        text = client.get(address).content.decode()
        assert public_title in text
        for word in ("P36", "PAKT06", "Pakistan", '"PAK"', "Prosecutions of Trafficking"):
            assert word not in text, (address, word)


def test_folder_page_lists_every_language(client: Client) -> None:
    text = client.get(reverse("portfolio:folder")).content.decode()
    assert all(f"language={code}" in text for code in ("en", "fr", "ar"))
