"""The impact-assessment sheet: what the system knows, boxes for the rest, in every language."""

import io
import json
from datetime import date
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from cairn.access.permissions import Permission
from cairn.access.roles import LABELS, ROLES
from cairn.access.tests.factories import sign_in, user_with_role
from cairn.core.models import AuditEntry
from cairn.oversight.documents import impact, risks
from cairn.oversight.documents.threats import THREATS

TODAY = date(2026, 6, 1)
LANGUAGES = ["en", "fr", "ar"]
# The order of GDPR Art. 35(7), then who was asked (35(2), 35(9)) and the decision (36).
SECTIONS = ["description", "necessity", "risks", "measures", "consulted", "decision"]


@pytest.fixture
def officer(client: Client) -> Client:
    sign_in(client, user_with_role("data-protection-officer"))
    return client


def blocks_of(content: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [
        block
        for section in content["sections"]
        for block in section["blocks"]
        if block["kind"] == kind
    ]


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_the_sheet_follows_the_order_of_the_law() -> None:
    content = impact.sheet("en", today=TODAY)
    assert [section["code"] for section in content["sections"]] == SECTIONS


def test_each_section_that_needs_people_has_empty_boxes() -> None:
    content = impact.sheet("en", today=TODAY)
    for section in content["sections"]:
        asked = [block for block in section["blocks"] if block["kind"] == "fill"]
        assert asked, section["code"]
        assert all(block["answer"] == "" and block["question"] for block in asked)


def test_every_danger_has_harm_measures_and_what_remains() -> None:
    content = impact.sheet("en", today=TODAY)
    table = next(block for block in blocks_of(content, "table") if len(block["rows"][0]) == 4)
    assert [row[0] for row in table["rows"]] == [str(threat.title) for threat in THREATS]
    assert all(row[2] == row[3] == "" for row in table["rows"]), "likelihood is for people"
    assert all(threat.measures and str(threat.remains) for threat in THREATS)


@pytest.mark.parametrize(
    ("service", "key", "kind"),
    [("https://keys.example", "x", "key-service"), ("", "x", "environment"), ("", "", "file")],
)
def test_the_kind_of_root_key_is_told_and_never_its_place(
    settings: LazySettings, service: str, key: str, kind: str
) -> None:
    settings.KEY_SERVICE, settings.ROOT_KEY = service, key
    content = impact.sheet("en", today=TODAY)
    assert content["facts"]["root_key"] == kind
    assert "keys.example" not in impact.as_json(content).decode()


def test_the_sheet_follows_the_settings(settings: LazySettings) -> None:
    settings.KEY_COPIES_DAYS, settings.BEHIND_TLS = 3, True
    settings.CONTACT = "data-protection desk, room 1"
    settings.SESSION_COOKIE_AGE = 8 * 3600
    content = impact.sheet("en", today=TODAY)
    text = impact.as_json(content).decode()
    for words in ("3 days", "always encrypted", "data-protection desk, room 1", "8 hours"):
        assert words in text


def test_the_sheet_follows_the_table_of_roles(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "donor" not in risks.settings_in_codes()["second_factor_roles"]
    monkeypatch.setitem(ROLES, "donor", frozenset({Permission.PERSON_OPEN}))
    assert "donor" in risks.settings_in_codes()["second_factor_roles"]
    assert str(LABELS["donor"]) in impact.as_json(impact.sheet("en", today=TODAY)).decode()


def test_a_demonstration_says_what_it_is(settings: LazySettings) -> None:
    settings.DEMO = True
    opening = impact.sheet("en", today=TODAY)["opening"]
    assert [block["kind"] for block in opening] == ["prose", "remark"]


def test_what_a_deployment_has_to_decide_is_counted() -> None:
    rules = impact.sheet("en", today=TODAY)["facts"]["retention"]
    undecided = [rule["rule"] for rule in rules if rule["to_be_decided"]]
    assert {"person", "procedure", "incident", "money"} <= set(undecided)
    text = impact.as_json(impact.sheet("en", today=TODAY)).decode()
    assert f"{len(undecided)} retention rules wait" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_json_is_the_same_for_the_same_day(language: str) -> None:
    once, again = (impact.as_json(impact.sheet(language, today=TODAY)) for _ in range(2))
    assert once == again
    read = json.loads(once)
    assert (read["format"], read["language"]) == (impact.FORMAT, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_is_tagged_and_in_its_language(language: str) -> None:
    pdf = impact.as_pdf(impact.sheet(language, today=TODAY), today=TODAY)
    root: Any = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]) == language
    assert pdf == impact.as_pdf(impact.sheet(language, today=TODAY), today=TODAY)


def test_the_pdf_holds_every_question_and_every_danger() -> None:
    content = impact.sheet("en", today=TODAY)
    text = " ".join(text_of(impact.as_pdf(content, today=TODAY)).split())
    for block in blocks_of(content, "fill"):
        assert block["question"] in text
    for threat in THREATS:
        assert str(threat.title) in text
    assert text.count("To be filled in by hand") == len(blocks_of(content, "fill"))
    assert "\ufffd" not in text


@pytest.mark.django_db
def test_the_page_shows_what_the_files_hold(officer: Client) -> None:
    body = officer.get(reverse("oversight:impact-sheet")).content.decode()
    content = impact.sheet("en", today=TODAY)
    for section in content["sections"]:
        assert f'id="impact-{section["code"]}"' in body
    assert body.count("To be filled in by hand") >= len(blocks_of(content, "fill"))
    for language in LANGUAGES:
        address = reverse("oversight:impact-sheet-file", args=["pdf"])
        assert f"{address}?language={language}" in body


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "start"), [("pdf", b"%PDF"), ("json", b"{")])
def test_a_file_is_named_without_words_and_is_on_record(
    officer: Client, kind: str, start: bytes
) -> None:
    address = reverse("oversight:impact-sheet-file", args=[kind])
    answer = officer.get(address, {"language": "fr"})
    assert answer.content.startswith(start)
    name = f'attachment; filename="impact-assessment-fr.{kind}"'
    assert answer["Content-Disposition"] == name
    entry = AuditEntry.objects.get(code="impact-sheet.exported")
    assert entry.facts == {"kind": kind, "language": "fr"}


@pytest.mark.django_db
def test_an_unknown_kind_is_not_found_and_an_unknown_language_is_that_of_the_page(
    officer: Client,
) -> None:
    assert officer.get(reverse("oversight:impact-sheet-file", args=["docx"])).status_code == 404
    answer = officer.get(reverse("oversight:impact-sheet-file", args=["json"]), {"language": "xx"})
    assert json.loads(answer.content)["language"] == "en"


@pytest.mark.django_db
def test_the_file_is_only_for_those_who_oversee(client: Client) -> None:
    sign_in(client, user_with_role("service-provider"))
    assert client.get(reverse("oversight:impact-sheet-file", args=["pdf"])).status_code == 403
    assert not AuditEntry.objects.filter(code="impact-sheet.exported").exists()
