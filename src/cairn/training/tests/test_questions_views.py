"""The bank: writing, translating, comparing and retiring questions, plans, forms, judges, files."""

import re
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cairn.access.models import User
from cairn.access.permissions import person
from cairn.access.tests.factories import sign_in
from cairn.core.actor import Actor
from cairn.imports.actions import apply_batch, stage_file
from cairn.imports.kinds import every_kind
from cairn.imports.models import BatchState
from cairn.training.actions import questions as bank
from cairn.training.actions import tests as running
from cairn.training.imports import questions as question_file
from cairn.training.models import Question, QuestionVersion, TestForm
from cairn.training.testing.questions import read
from cairn.training.tests import factories
from cairn.training.tests.testing_examples import EVERY, example
from cairn.training.tests.testing_scene import PRE, objective, scene, take, write_bank

pytestmark = pytest.mark.django_db


def client_of(actor: Actor) -> Client:
    client = Client()
    sign_in(client, User.objects.get(pk=person(actor)))
    return client


def text(response: object) -> str:
    html = response.content.decode()  # type: ignore[attr-defined]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@pytest.fixture
def officer() -> Actor:
    return factories.officer()


def words(item: str = "", **cells: str) -> dict[str, str]:
    return {f"words-{item}-{name}": value for name, value in cells.items()}


SINGLE = words(stem="Invented?", a="First", b="Second", key="b", max_mark="2")


def test_a_question_is_written_translated_and_read_side_by_side(officer: Actor) -> None:
    objective()
    client = client_of(officer)
    address = reverse("training:question-new", args=["single"])
    assert client.get(address).status_code == 200
    identity = {"code": "INV-1", "objective": "INV.1", "language": "en"}
    response = client.post(address, identity | SINGLE, follow=True)
    assert "The question was saved." in text(response)
    french = reverse("training:question-translate", args=["INV-1", "fr"])
    assert "Second" in text(client.get(french))
    refused = client.post(french, words(stem="Inventé ?", a="Premier"))
    assert refused.status_code == 409
    assert "This text is missing." in text(refused)
    assert "Premier" in refused.content.decode()
    client.post(french, words(stem="Inventé ?", a="Premier", b="Deuxième"))
    version = QuestionVersion.objects.get()
    question = read(version.content)
    assert version.languages == ["en", "fr"]
    assert question.texts["fr"].items[""].options["b"] == "Deuxième"
    assert question.items[0].key == ("b",)
    page = text(client.get(reverse("training:question", args=["INV-1"])))
    assert "Second" in page
    assert "Deuxième" in page
    assert "Guessing alone would bring about 50 %" in page


def test_faults_stand_at_their_fields_and_nothing_is_kept(officer: Actor) -> None:
    client = client_of(officer)
    address = reverse("training:question-new", args=["single"])
    identity = {"code": "INV-1", "language": "en"}
    response = client.post(address, identity | SINGLE | words(key="z"))
    assert response.status_code == 409
    assert "The right answer is not among the answers." in text(response)
    assert 'id="id_words--key_error"' in response.content.decode()
    assert client.post(address, {"language": "en"} | SINGLE).status_code == 422
    assert not Question.objects.exists()
    client.post(address, identity | SINGLE)
    again = client.post(address, identity | SINGLE)
    assert "There is a question with this code already." in text(again)
    assert client.get(reverse("training:question-new", args=["riddle"])).status_code == 404


@pytest.mark.parametrize("kind", EVERY)
def test_a_question_of_every_type_is_opened_and_saved_unchanged(officer: Actor, kind: str) -> None:
    bank.write_question(officer, "INV-1", example(kind), objective=objective())
    client = client_of(officer)
    address = reverse("training:question-edit", args=["INV-1"])
    page = client.get(address)
    names = re.findall(r'name="((?:words|note|drop|objective)[^"]*)"', page.content.decode())
    sent: dict[str, Any] = {}
    for form in [page.context["identity"], page.context["note"]]:
        sent |= {bound.html_name: bound.value() or "" for bound in form}
    for _code, form in page.context["words"]:
        sent |= {bound.html_name: bound.value() or "" for bound in form}
    sent["drop"] = ""
    assert set(names) - {"drop"} <= set(sent)
    before = QuestionVersion.objects.get().content
    response = client.post(address, sent)
    assert response.status_code == 302
    after = QuestionVersion.objects.get().content
    assert read(after) == read(before)
    assert Question.objects.get().objective == objective()
    assert client.get(reverse("training:question", args=["INV-1"])).status_code == 200


def test_a_case_is_written_with_its_questions(officer: Actor) -> None:
    client = client_of(officer)
    address = reverse("training:question-new", args=["case"])
    sent = {"code": "INV-9", "language": "en"} | words(stem="An invented bus stops.")
    sent |= words("i1", type="true-false", stem="Invented.", key="true")
    sent |= words("i3", type="short", stem="Invented?", rubric="2: says why")
    assert client.post(address, sent).status_code == 302
    question = read(QuestionVersion.objects.get().content)
    assert [(item.code, item.type.value) for item in question.items] == [
        ("i1", "true-false"),
        ("i3", "short"),
    ]


def test_a_translation_that_no_longer_fits_is_told_or_left_out(officer: Actor) -> None:
    bank.write_question(officer, "INV-1", example("single"))
    client = client_of(officer)
    address = reverse("training:question-edit", args=["INV-1"])
    sent = words(stem="Invented?", a="A", b="B", c="C", d="D", key="d", max_mark="2")
    refused = client.post(address, sent)
    assert refused.status_code == 409
    assert "This text is missing." in text(refused)
    assert client.post(address, sent | {"drop": "on", "note": "A fourth"}).status_code == 302
    version = QuestionVersion.objects.get()
    assert (version.languages, version.note) == (["en"], "A fourth")


def test_versions_stand_side_by_side_and_a_question_is_retired(officer: Actor) -> None:
    found = scene(("single",), officer=officer)
    running.open_window(officer, "T01", PRE)
    take(found.enrolments[0], PRE)
    changed = example("single")
    changed["texts"]["en"]["stem"] = "Invented anew?"
    bank.write_question(officer, "INV-single-0", changed)
    client = client_of(officer)
    page = client.get(reverse("training:question-compare", args=["INV-single-0"]))
    assert "Invented anew?" in text(page)
    assert "Invented: which sign is observed first? (1)" in text(page)
    assert client.get(page.request["PATH_INFO"] + "?first=1&second=9").status_code == 200
    used = QuestionVersion.objects.filter(items__responses__isnull=False).first()
    assert used is not None
    said = text(client.get(reverse("training:question", args=[used.question.code])))
    assert "Taken 1 time. Participants had 100%" in said.replace("\xa0", "").replace(" %", "%")
    client.post(reverse("training:question-retire", args=["INV-single-0"]), {"is_retired": "1"})
    assert Question.objects.get(code="INV-single-0").is_retired
    listed = text(client.get(reverse("training:questions")))
    assert "INV-single-1" in listed
    assert "INV-single-0" not in listed
    assert "INV-single-0" in text(client.get(reverse("training:questions") + "?use=retired"))


def test_a_test_is_planned_drawn_judged_and_cut(officer: Actor) -> None:
    write_bank(officer, ("single", "true-false", "short"))
    client = client_of(officer)
    new = reverse("training:test-plan-new")
    assert "In the bank: 6." in text(client.get(new))
    assert client.post(new, {"title": "Invented plan"}).status_code == 409
    page = client.post(new, {"title": "Invented plan", "count-0": "4"}, follow=True)
    draw = re.search(r'action="([^"]+/draw/)"', page.content.decode())
    assert draw
    assert "INV.1: 8 needed, 6 there" in text(client.post(draw[1], follow=True))
    client.post(draw[1].replace("draw", "edit"), {"title": "Invented plan", "count-0": "3"})
    assert "were drawn as edition 1" in text(client.post(draw[1], follow=True))
    form = TestForm.objects.get(letter="A")
    page = client.get(reverse("training:test-form", args=[form.pk]))
    assert "No judge has estimated" in text(page)
    judging = reverse("training:test-form-judge", args=[form.pk])
    assert client.post(judging, {"1": "50", "2": "101", "3": "50"}).status_code == 422
    client.post(judging, {"1": "50", "2": "50", "3": "50"})
    cut = reverse("training:test-form-cut", args=[form.pk])
    assert "The cut score is 50" in text(client.post(cut, follow=True))


def test_the_bank_is_for_those_who_make_tests(officer: Actor) -> None:
    found = scene(("single",), officer=officer)
    trainer = client_of(factories.trainer(found.event))
    form = TestForm.objects.get(letter="A")
    for name, args in [
        ("questions", []),
        ("question", ["INV-single-0"]),
        ("question-edit", ["INV-single-0"]),
        ("test-plans", []),
        ("test-plan", [str(found.blueprint.pk)]),
        ("test-form", [str(form.pk)]),
    ]:
        assert trainer.get(reverse(f"training:{name}", args=args)).status_code == 403
        assert Client().get(reverse(f"training:{name}", args=args)).status_code == 302


def test_the_list_asks_the_database_no_more_for_more_questions(officer: Actor) -> None:
    write_bank(officer, ("single",), times=1)
    client = client_of(officer)
    client.get(reverse("training:questions"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("training:questions"))
    write_bank(officer, ("multiple", "short", "case"), times=4)
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("training:questions"))
    assert len(many) == len(few)


FILE = """code,item,type,language,objective,stem,a,b,key,max_mark,rubric
INV-1,,single,en,INV.1,Invented?,First,Second,b,2,
INV-1,,,fr,,Inventé ?,Premier,Deuxième,,,
INV-2,,case,en,INV.1,An invented bus stops.,,,,,
INV-2,i1,short,en,,Invented why?,,,,,1: says why
"""


def test_a_file_of_questions_is_previewed_and_applied(
    officer: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    objective()
    assert question_file.KIND in every_kind()
    with django_capture_on_commit_callbacks(execute=True):
        batch = stage_file(officer, "questions", "bank.csv", BytesIO(FILE.encode()))
    batch.refresh_from_db()
    assert (batch.state, batch.created) == (BatchState.PREVIEWED, 4)
    apply_batch(officer, batch.pk)
    assert sorted(Question.objects.values_list("code", flat=True)) == ["INV-1", "INV-2"]
    first = QuestionVersion.objects.get(question__code="INV-1")
    assert first.languages == ["en", "fr"]
    assert first.question.objective == objective()
    with django_capture_on_commit_callbacks(execute=True):
        again = stage_file(officer, "questions", "bank.csv", BytesIO(FILE.encode() + b" "))
    again.refresh_from_db()
    assert (again.unchanged, again.refused) == (4, 0)


def test_each_fault_of_a_file_names_its_row_and_column(
    officer: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    objective()
    bad = FILE.replace("INV.1,Invented?", "INV.9,Invented?").replace("1: says why", "")
    bad += "INV-3,,single,en,,Invented?,First,Second,z,1,\n"
    with django_capture_on_commit_callbacks(execute=True):
        batch = stage_file(officer, "questions", "bank.csv", BytesIO(bad.encode()))
    batch.refresh_from_db()
    assert batch.state == BatchState.REFUSED
    found = {
        (row.number, problem["column"], problem["code"])
        for row in batch.rows.all()
        for problem in row.problems
    }
    assert found == {
        (2, "objective", "import.unknown"),
        (5, "rubric", "question.rubric"),
        (6, "key", "question.key"),
    }
    assert not Question.objects.exists()
