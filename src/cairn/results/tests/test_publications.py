"""Project page, practice form and partnership folder: one body, four formats, figures as fields."""

import json
from datetime import date
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.translation import override

from cairn.access.queries import SYSTEM
from cairn.core.actor import PUBLIC
from cairn.library.models import Practice
from cairn.portfolio.actions.projects import publish_project
from cairn.portfolio.actions.seed import load_seed
from cairn.portfolio.models import Event, Project
from cairn.portfolio.queries.listing import Filters, projects
from cairn.portfolio.rules import Publication
from cairn.results.documents.blocks import Body, Bullets, Heading, Run, runs_of, said, texts_of
from cairn.results.documents.kinds import built, kind_of, read_parameters
from cairn.results.documents.partnership_folder import folder_body
from cairn.results.documents.practice import practice_body
from cairn.results.documents.project_page import page_body
from cairn.results.documents.walkers import FORMATS, written

# Once: what they show is worked out in Python, whichever database keeps it.
pytestmark = [pytest.mark.django_db, pytest.mark.once]
TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def portfolio() -> None:
    load_seed(SYSTEM)


def everything(body: Body) -> str:
    return "\n".join(texts_of(body))


def runs(body: Body) -> list[Run]:
    return [run for block in body.blocks for run in runs_of(block)]


def test_the_project_page_tells_what_source_000_prints() -> None:
    body = page_body(PUBLIC, "P49", "en", today=TODAY)
    text = everything(body)
    for printed in ("913,351", "Nepal", "Jordan", "South Sudan", "January 2026"):
        assert printed in text
    told = {run.figure: run.text for run in runs(body) if run.figure}
    assert told["project:P49 budget"] == "US$\xa0913,351"
    counts = {each["value"] for each in body.figures if each["field"].endswith(" participants")}
    assert {22, 30, 29, 28} <= counts
    assert any(each.startswith("000") for each in body.sources)
    parts = {each.part for each in body.blocks if isinstance(each, Heading)}
    assert {"outline", "objectives", "components", "achievements", "impact"} <= parts


def test_a_figure_of_the_page_follows_its_record() -> None:
    event = Event.objects.get(project__reference="P49", participants=22)
    Event.objects.filter(pk=event.pk).update(participants=23)
    body = page_body(PUBLIC, "P49", "en", today=TODAY)
    (told,) = [run for run in runs(body) if run.figure == f"event:{event.reference} participants"]
    assert told.text == "23"


def test_a_reduced_project_gives_no_amount_a_name() -> None:
    publish_project(
        SYSTEM, "P36", Publication.REDUCED, public_title="One country of Asia", basis="for safety"
    )
    public_id = Project.objects.get(reference="P36").public_id
    body = page_body(PUBLIC, public_id, "en", today=TODAY)
    assert not body.figures
    assert "Pakistan" not in everything(body)
    folder = folder_body(PUBLIC, projects(PUBLIC, Filters()), "en", today=TODAY)
    assert "P36" not in json.dumps([each["field"] for each in folder.figures])


def test_a_withheld_project_has_no_page_for_the_public() -> None:
    publish_project(SYSTEM, "P36", Publication.WITHHELD, public_title="", basis="for safety")
    with pytest.raises(Project.DoesNotExist):
        page_body(PUBLIC, "P36", "en", today=TODAY)


def test_the_practice_form_tells_what_source_002_answers() -> None:
    practice = Practice.objects.get()
    with override("en"):
        text = everything(practice_body(PUBLIC, practice.code, "en"))
    for answer in (
        "Training and capacity building",
        "United Nations Office on Drugs and Crime (UNODC)",
        "Egypt, Iraq, Jordan, Lebanon and Turkey",
        "Natural disaster",
        "Post-crisis action",
        "8. Capacity building",
    ):
        assert answer in text


def test_the_folder_introduces_programmes_and_lists_tools_by_language() -> None:
    body = folder_body(PUBLIC, projects(PUBLIC, Filters()), "en", today=TODAY)
    heads = [each.text for each in body.blocks if isinstance(each, Heading)]
    assert {"Africa", "Asia", "French", "Arabic"} <= set(heads)
    fourth = [each.text for each in body.blocks if isinstance(each, Heading) and each.level == 4]
    assert len([text for text in fourth if text != "Objectives"]) == 49
    text = everything(body)
    assert "run from headquarters since 1999" in text
    arabic = body.blocks[body.blocks.index(Heading(3, "Arabic")) + 1]
    assert isinstance(arabic, Bullets)
    listed = [said(item) for item in arabic.items]
    assert "Human Trafficking Indicators" in listed
    assert "Affected for Life (was to come)" in listed
    fields = {each["field"]: each["value"] for each in body.figures}
    assert fields["tool:Affected for Life languages"] == "English, French, Danish"


def test_a_folder_of_one_chapter_holds_that_chapter_alone() -> None:
    kind = kind_of("partnership-folder")
    body = built(kind, PUBLIC, read_parameters(kind, {"chapter": "002"}), "en")
    heads = {each.text for each in body.blocks if isinstance(each, Heading)}
    assert "Africa" in heads
    assert "Asia" not in heads


def text_of_docx(content: bytes) -> str:
    from docx import Document

    file: Any = Document(BytesIO(content))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in file.paragraphs), *cells])


@pytest.mark.parametrize("language", ["en", "ar"])
def test_one_body_comes_in_every_format(language: str) -> None:
    code = Practice.objects.get().code
    with override(language):
        bodies = [
            practice_body(PUBLIC, code, language),
            page_body(PUBLIC, "P49", language, today=TODAY),
        ]
    for body in bodies:
        made = {kind: written(body, kind, document="d", created=TODAY) for kind in FORMATS}
        assert made["pdf"].startswith(b"%PDF-")
        assert json.loads(made["json"])["title"] == body.title
        page, word = made["html"].decode(), text_of_docx(made["docx"])
        for each in body.blocks:
            if isinstance(each, Heading):
                assert each.text in word
        assert body.title in page


@pytest.mark.parametrize("form", FORMATS)
def test_a_practice_is_taken_in_every_format(client: Client, form: str) -> None:
    code = Practice.objects.get().code
    assert f"/practices/{code}/page.{form}" in client.get(f"/practices/{code}/").content.decode()
    answer = client.get(f"/practices/{code}/page.{form}")
    assert answer.status_code == 200
    assert f"practice-{code}.{form}" in answer["Content-Disposition"]
    assert client.get(f"/practices/{code}/page.exe").status_code == 404
    assert client.get(f"/practices/PR99999/page.{form}").status_code == 404


def report(*asked: str, **options: Any) -> bytes:
    class Out(StringIO):
        buffer = BytesIO()

    Out.buffer = BytesIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", Out())
        call_command("report", *asked, **options)
    return Out.buffer.getvalue()


def test_the_command_writes_each_document() -> None:
    code = Practice.objects.get().code
    assert json.loads(report("practice", code))["subtitle"] == code
    for asked in (("practice", code), ("project-page", "P49"), ("partnership-folder",)):
        assert text_of_docx(report(*asked, format="docx"))
    with pytest.raises(CommandError, match="PR99999"):
        report("practice", "PR99999")


def test_the_documents_of_the_portfolio_come_as_word_files(client: Client) -> None:
    answer = client.get("/projects/P49/page.docx")
    assert answer["Content-Type"].endswith("wordprocessingml.document")
    assert "913,351" in text_of_docx(answer.content)
    assert client.get("/projects/folder.docx").content.startswith(b"PK")
    assert client.get("/projects/P49/page.odt").status_code == 404
