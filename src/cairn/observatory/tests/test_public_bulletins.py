"""Bulletins: issued on their day by whoever may, kept as they were, as page and PDF."""

import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils.translation import override
from pypdf import PdfReader

from cairn.access.queries import actor_for
from cairn.access.tests.factories import user_with_role
from cairn.core.actor import PUBLIC, Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.observatory.actions.bulletins import issue_bulletin
from cairn.observatory.documents.bulletins import bulletin_pdf
from cairn.observatory.models import Bulletin
from cairn.observatory.queries import bulletins as queries
from cairn.observatory.rules.pipeline import digest
from cairn.observatory.rules.records import series_record
from cairn.observatory.sources_real import identified_series
from cairn.observatory.tests.public_scene import CANARY, payload, publish, withdraw, year

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture
def officer() -> Actor:
    return actor_for(user_with_role("statistics-officer"), today=TODAY)


@pytest.fixture
def bulletin(officer: Actor) -> Bulletin:
    publish(payload())
    return issue_bulletin(officer, 2026, 5, today=TODAY)


def test_a_bulletin_is_frozen_under_its_digest(bulletin: Bulletin, client: Client) -> None:
    assert bulletin.digest == digest(bulletin.payload)
    publish(year("R-2026-02", 2025, 400), at=datetime(2026, 12, 1, tzinfo=UTC))
    page = client.get(bulletin.get_absolute_url()).content.decode()
    assert "255" in page
    assert "400" not in page
    with pytest.raises(TypeError):
        bulletin.save()
    with pytest.raises(TypeError):
        bulletin.delete()


def test_who_issues_it_is_in_the_log(bulletin: Bulletin) -> None:
    entry = AuditEntry.objects.get(code="bulletin.issued")
    assert entry.facts == {"year": 2026, "number": 5, "releases": 1}


@pytest.mark.parametrize("role", [None, "programme-officer"])
def test_nobody_else_issues_one(role: str | None) -> None:
    publish(payload())
    actor = actor_for(user_with_role(role), today=TODAY) if role else PUBLIC
    with pytest.raises(PermissionDenied):
        issue_bulletin(actor, 2026, 5, today=TODAY)
    assert not Bulletin.objects.exists()


@pytest.mark.parametrize(("year_", "number"), [(2026, 6), (2027, 1)])
def test_none_comes_before_its_day(officer: Actor, year_: int, number: int) -> None:
    publish(payload())
    with pytest.raises(RuleBroken) as refusal:
        issue_bulletin(officer, year_, number, today=TODAY)
    assert refusal.value.code == "observatory.bulletin-early"


def test_only_the_latest_period_of_a_series_is_in_it(officer: Actor) -> None:
    publish(year("R-2025-01", 2024, 230), at=datetime(2026, 8, 1, tzinfo=UTC))
    publish(payload())
    other = payload("R-2026-03", series={"name": "other", "label": "Other persons"})
    publish(other, at=datetime(2026, 2, 11, tzinfo=UTC))
    withdraw(publish(payload("R-2026-04"), at=datetime(2026, 2, 12, tzinfo=UTC)))
    made = issue_bulletin(officer, 2026, 5, today=TODAY)
    assert [each["release"] for each in made.payload["releases"]] == ["R-2026-03", "R-2026-01"]


def test_what_was_withdrawn_since_is_told_with_its_reason_alone(
    bulletin: Bulletin, client: Client
) -> None:
    from cairn.observatory.models import Published

    withdraw(Published.objects.get(), "Two countries were counted twice.")
    page = client.get(bulletin.get_absolute_url()).content.decode().split("<main")[1]
    assert "Two countries were counted twice." in page
    assert "255" not in page
    assert "Nepal" not in page
    (section,) = queries.sections(bulletin, queries.withdrawn_reasons())
    text = pdf_text(bulletin_pdf(bulletin, [section], "en"))
    assert "Two countries were counted twice." in text
    assert "255" not in text


def pdf_text(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_the_pdf_is_tagged_and_says_what_the_page_says(bulletin: Bulletin) -> None:
    sections = queries.sections(bulletin, {})
    made = bulletin_pdf(bulletin, sections, "en")
    reader = PdfReader(io.BytesIO(made))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    text = pdf_text(made)
    for words in ("Statistics bulletin 2026/5", "255", "Legal definition", "Nepal", "120", "…"):
        assert words in text, words
    assert "Mali" not in text
    assert str(CANARY) not in text
    assert made == bulletin_pdf(bulletin, sections, "en")


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_the_pdf_speaks_the_languages_of_the_pages(
    client: Client, bulletin: Bulletin, language: str
) -> None:
    with override(language):
        answer = client.get(f"/statistics/bulletins/2026/5/bulletin-{language}.pdf")
    assert answer.status_code == 200
    root: Any = PdfReader(io.BytesIO(answer.content)).trailer["/Root"]
    assert root["/Lang"] == language
    assert client.get("/statistics/bulletins/2026/5/bulletin-xx.pdf").status_code == 404


def test_the_calendar_is_shown_and_a_visitor_issues_nothing(
    client: Client, bulletin: Bulletin
) -> None:
    page = client.get("/statistics/bulletins/").content.decode()
    assert "Bulletin 2026/5" in page
    assert "<button" not in page.split("<main")[1].split("</main")[0]
    assert client.post("/statistics/bulletins/2026/4/issue/").status_code == 302
    assert Bulletin.objects.count() == 1


def test_the_pdf_names_countries_in_its_own_language(client: Client, officer: Actor) -> None:
    with override("en"):
        series = series_record(identified_series())
    groupings = [
        {"by": [], "cells": [{"at": [], "value": 255}]},
        {"by": ["country"], "cells": [{"at": ["DEU"], "value": 120}]},
    ]
    publish(payload(series=series, tables=[["country"]], groupings=groupings))
    issue_bulletin(officer, 2026, 5, today=TODAY)
    answer = client.get("/statistics/bulletins/2026/5/bulletin-fr.pdf")
    assert "Allemagne" in pdf_text(answer.content)
