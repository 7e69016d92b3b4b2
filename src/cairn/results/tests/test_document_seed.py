"""What the sources print is computed from records, with its source, in every document."""

import json
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from cairn.access.queries import actor_for
from cairn.access.tests.factories import user_with_role
from cairn.core.actor import PUBLIC
from cairn.portfolio.models import Event, OutcomeRecord, Project
from cairn.portfolio.rules import Publication
from cairn.portfolio.tests.conftest import real_portfolio as real_portfolio
from cairn.results.actions.document_seed import load_highlights
from cairn.results.documents import thematic
from cairn.results.documents.blocks import Body, texts_of
from cairn.results.documents.composing import composed
from cairn.results.documents.walkers import written
from cairn.results.models import Highlight
from cairn.results.tests.document_bodies import text_of_docx, text_of_pdf, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_portfolio"), pytest.mark.once]
EVERYTHING: dict[str, Any] = {"until": 2026}

# Every figure that the project page (000) and the submission (001) print, and where it is kept.
PRINTED = [
    ("000", "event:E01 participants", 22),
    ("000", "event:E02 participants", 30),
    ("000", "event:E03 participants", 29),
    ("000", "event:E04 participants", 28),
    ("000", "outcome:O01 value", 5),
    ("000", "outcome:O02 value", 2),
    ("000", "project:P49 budget", 913351),
    ("001", "event:E05 participants", 140),
    ("001", "outcome:O03 value", 12),
    ("001", "event:E07 participants", 100),
    ("001", "event:E08 participants", 160),
    ("001", "event:E08 women", 40),
    ("001", "outcome:O04 value", 87),
    ("001", "outcome:O05 value", 1),
    ("001", "outcome:O06 value", 1),
]


def submission(language: str = "en", **asked: Any) -> Body:
    return composed(thematic.KIND, PUBLIC, EVERYTHING | asked, language)


@pytest.mark.parametrize(("source", "field", "value"), PRINTED)
def test_a_printed_figure_is_computed_with_its_source(source: str, field: str, value: int) -> None:
    figures = {each["field"]: each for each in submission().figures}

    assert figures[field]["value"] == value
    assert figures[field]["source"] == source
    assert figures[field]["definition"]


@pytest.mark.parametrize("model", [Event, OutcomeRecord])
def test_every_event_and_outcome_appears_with_its_source(model: Any) -> None:
    text = "\n".join(texts_of(submission()))

    missing = [each.reference for each in model.objects.all() if each.reference not in text]
    assert missing == []
    assert {f"{code}:" for code in ("000", "001", "002", "003", "004")} <= {
        line[:4] for line in submission().sources
    }


def test_a_source_that_contradicts_itself_is_told_with_both_statements() -> None:
    lines = list(texts_of(submission(countries=["MWI"])))

    assert "“in 2023” (source 001)" in lines
    assert "“January and February 2024” (source 001)" in lines


def test_the_document_has_its_parts_in_order() -> None:
    body = submission(theme="trafficking")

    parts = [getattr(each, "part", "") for each in body.blocks]
    order = [part for part in parts if part]
    assert order == ["training", "design", "investigations", "countries", "conflicts"]


@pytest.mark.parametrize(
    ("asked", "has", "has_not"),
    [
        ({"since": 2025}, {"E02", "E03", "E04"}, {"E01", "E05", "E06"}),
        ({"until": 2018}, {"E12"}, {"E01", "E08"}),
        ({"countries": ["MLI"]}, {"E05", "E11", "O03"}, {"E01", "O04"}),
        ({"since": 2021, "until": 2022}, {"E06", "E08"}, {"E05", "E07"}),
        # Without a date it may lie in any period, and stays in.
        ({"since": 2024, "until": 2024}, {"E01", "E09", "E10"}, {"E02"}),
    ],
)
def test_period_and_countries_choose(
    asked: dict[str, Any], has: set[str], has_not: set[str]
) -> None:
    fields = {each["field"].split()[0].partition(":")[2] for each in submission(**asked).figures}

    assert has <= fields
    assert not has_not & fields


def test_the_sum_of_participants_says_how_many_events_were_counted() -> None:
    figures = {each["field"]: each for each in submission().figures}

    total = figures["sum:events participants"]
    assert total["value"] == 22 + 30 + 29 + 28 + 140 + 100 + 160 + 370
    assert total["text"].startswith("879 (in 8 of 11 events)")
    assert figures["sum:events women"]["value"] == 40


def test_a_number_that_a_source_does_not_give_is_told_as_not_known() -> None:
    figures = {each["field"]: each for each in submission().figures}

    assert figures["event:E06 participants"]["value"] is None
    assert figures["event:E06 participants"]["text"] == "not known (the source gives none)"


def test_what_the_public_does_not_see_is_in_no_figure_and_no_sum() -> None:
    project = Project.objects.get(reference="P49")
    project.publication = Publication.REDUCED
    project.save()

    body = submission()

    fields = {each["field"]: each for each in body.figures}
    assert not {"event:E02 participants", "project:P49 budget", "outcome:O02 value"} & set(fields)
    assert fields["sum:events participants"]["value"] == 140 + 100 + 160 + 370
    assert "peacekeeping deployment" not in "\n".join(texts_of(body))


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_every_format_holds_the_printed_figures(language: str) -> None:
    body = submission(language, countries=["BGD", "MLI", "MWI", "UKR"])
    day = date(2026, 1, 2)

    docx = text_of_docx(written(body, "docx", document="test", created=day))
    pdf = text_of_pdf(written(body, "pdf", document="test", created=day))

    told = {words_of(each["text"]) for each in body.figures if isinstance(each["value"], int)}
    assert {"160", "40", "140", "87"} <= told or language != "en"
    assert {text for text in told if text not in docx} == set()
    if language != "ar":  # Arabic words come out of a PDF in the order in which they are drawn
        assert {text for text in told if text not in pdf} == set()


def test_the_command_writes_a_submission_as_json(tmp_path: Path) -> None:
    out = tmp_path / "submission.json"

    call_command(
        "report",
        "thematic-submission",
        "--theme=trafficking",
        "--since=2019",
        "--until=2024-12-31",
        "--countries=Mali, BGD",
        f"--out={out}",
        "--public",
    )

    told = json.loads(out.read_text())
    assert told["meta"][1]["value"] == "From 2019 to 2024"
    assert {"event:E05 participants", "event:E08 women"} <= {
        each["field"] for each in told["figures"]
    }


@pytest.mark.parametrize("form", ["pdf", "docx", "html"])
def test_the_command_writes_every_format(form: str, tmp_path: Path) -> None:
    out = tmp_path / "submission"

    call_command("report", "thematic-submission", f"--format={form}", f"--out={out}", "--public")

    content = out.read_bytes()
    starts = {"pdf": b"%PDF", "docx": b"PK", "html": b"<!DOCTYPE html>"}[form]
    assert content.lstrip().startswith(starts)
    if form == "docx":
        from docx import Document

        assert Document(BytesIO(content)).tables


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--theme=astrology"], "There is no theme “astrology”. Choose one of: trafficking"),
        (["--since=long ago"], "“long ago” is no year. Write it with four digits"),
        (["--countries=Atlantis"], "“Atlantis” is no country. Write names"),
        (["--since=2024", "--until=2020"], "would end before it starts. Check both years"),
        (["--mandate=x"], "thematic-submission knows no --mandate. It takes --theme"),
        (["--format=xlsx"], "This document comes as json, pdf, docx, html"),
    ],
)
def test_the_command_refuses_what_it_cannot_read_and_says_what_to_do(
    options: list[str], says: str
) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("report", "thematic-submission", *options)

    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("options", "has", "has_not"),
    [
        (["--mandate=S/RES/2388 (2017)"], "h-minusma", "h-thematic-paper"),
        (["--year=2017"], "h-thematic-paper", "h-minusma"),
        (["--country=Somalia"], "h-somalia-training", "h-nepal"),
    ],
)
def test_the_command_writes_highlights_by_year_mandate_and_country(
    options: list[str], has: str, has_not: str, tmp_path: Path
) -> None:
    writer, publisher = (
        actor_for(user_with_role("programme-officer", name=name), today=timezone.localdate())
        for name in ("writer", "publisher")
    )
    assert load_highlights(writer, publisher) == 12
    assert load_highlights(writer, publisher) == 0
    for each in Highlight.objects.all():
        # PostgreSQL refuses what is too long; SQLite takes it.
        each.clean_fields(exclude=["countries", "mandates", "writers"])
    out = tmp_path / "highlights.json"

    call_command("report", "highlights", *options, f"--out={out}", "--public")

    assert has in out.read_text()
    assert has_not not in out.read_text()
