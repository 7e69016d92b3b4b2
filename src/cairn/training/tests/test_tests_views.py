"""Pages for whoever runs the tests of an event: windows, keying, marking, printing."""

import io
import re
from html import unescape

import pypdf
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cairn.access.models import User
from cairn.access.permissions import person
from cairn.access.tests.factories import sign_in, user_with_role
from cairn.core.actor import Actor
from cairn.training.actions import tests as running
from cairn.training.models import KeyedSheet, Marking, TestSitting, TestWindow
from cairn.training.queries import tests as queries
from cairn.training.testing.answers import as_typed
from cairn.training.tests import factories
from cairn.training.tests.testing_examples import EVERY
from cairn.training.tests.testing_scene import POST, PRE, Scene, right_answer, scene, take

pytestmark = pytest.mark.django_db


def signed_in(actor: Actor) -> Client:
    return client_of(User.objects.get(pk=person(actor)))


def client_of(user: User) -> Client:
    client = Client()
    sign_in(client, user)
    return client


def text(response: object) -> str:
    html = response.content.decode()  # type: ignore[attr-defined]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@pytest.fixture
def found() -> Scene:
    return scene(waves=(), people=3)


def act(client: Client, wave: str, name: str, **fields: str) -> object:
    address = reverse("training:test-move", args=["T01", wave, name])
    return client.post(address, fields, follow=True)


def test_a_trainer_runs_a_test_from_choosing_to_release(found: Scene) -> None:
    trainer = signed_in(factories.trainer(found.event))
    page = reverse("training:tests", args=["T01"])
    assert "Invented test, edition 1" in text(trainer.get(page))
    chosen = f"{found.blueprint.pk}:1"
    assert "were chosen" in text(act(trainer, "pre", "choose", **{"pre-forms_used": chosen}))
    assert "The test is open" in text(act(trainer, "pre", "open"))
    take(found.enrolments[0], PRE)
    said = text(trainer.get(page))
    assert "Handed in: 1 of 3. Begun: 0." in said
    assert found.join_code() in said
    for enrolment in found.enrolments:
        assert enrolment.personal_code in said
        assert enrolment.practitioner.code not in said
    assert "Results can be released once" in text(act(trainer, "pre", "release"))
    act(trainer, "pre", "close")
    assert "sees their own result" in text(act(trainer, "pre", "release"))
    assert TestWindow.objects.get().released_at
    assert (
        trainer.post(reverse("training:test-move", args=["T01", "pre", "burn"])).status_code == 404
    )
    assert "Choose a test first." in text(
        act(trainer, "post", "choose", **{"post-forms_used": "x"})
    )


def test_strangers_see_no_test_of_an_event(found: Scene) -> None:
    elsewhere = signed_in(factories.trainer(factories.event("T02"), "invented-other-trainer"))
    running.set_test(found.officer, "T01", PRE, found.blueprint.pk)
    code = found.enrolments[0].personal_code
    for name, args in [
        ("tests", []),
        ("test-marking", []),
        ("test-sheet", ["pre", code]),
    ]:
        address = reverse(f"training:{name}", args=["T01", *args])
        assert elsewhere.get(address).status_code == 403
        assert Client().get(address).status_code == 302
    assert (
        elsewhere.post(reverse("training:test-move", args=["T01", "pre", "open"])).status_code
        == 403
    )
    donor = client_of(user_with_role("donor", name="invented-donor"))
    assert donor.get(reverse("training:tests", args=["T01"])).status_code == 404


def test_a_sheet_is_keyed_in_twice_and_decided_where_it_differs(found: Scene) -> None:
    officer = signed_in(found.officer)
    running.set_test(found.officer, "T01", PRE, found.blueprint.pk)
    running.open_window(found.officer, "T01", PRE)
    own = found.enrolments[0]
    own.refresh_from_db()
    form = queries.form_of(queries.windows(found.event)[PRE], queries.letter_for(own, PRE))
    asked = queries.places(form)
    typed = {place.key: as_typed(place.item, right_answer(place)) for place in asked}
    address = reverse("training:test-sheet", args=["T01", "pre", own.personal_code])
    wrong = officer.post(address, {**typed, "1": "?"})
    assert wrong.status_code == 409
    assert typed["2"] in wrong.content.decode()
    assert not KeyedSheet.objects.exists()
    assert "Kept as the first entry" in text(officer.post(address, typed, follow=True))
    second = text(officer.get(address))
    assert "without a look at the first" in second
    single = next(place for place in asked if place.item.type == "single")
    differs = officer.post(address, {**typed, single.key: "C"}, follow=True)
    said = text(differs)
    assert "Both entries say the same at 2 of 3 places." in said
    assert "First entry: “B”. Second entry: “C”." in said
    assert "The same person keyed in both entries" in said
    open_cell = officer.post(address, {single.key: "7"})
    assert open_cell.status_code == 409
    assert "as you decided" in text(officer.post(address, {single.key: "b"}, follow=True))
    sitting = TestSitting.objects.get()
    assert (sitting.means, sitting.mark) == ("paper", sitting.maximum)


def test_short_answers_are_marked_blind() -> None:
    found = scene(("short", "single"), people=2)
    running.open_window(found.officer, "T01", PRE)
    for enrolment in found.enrolments:
        take(enrolment, PRE)
    officer = signed_in(found.officer)
    overview = officer.get(reverse("training:test-marking", args=["T01"]))
    first = queries.waiting_for_marks(found.event).order_by("pk")
    links = re.findall(r"marking/([0-9a-f-]{36})/", overview.content.decode())
    assert set(links) == {str(each.pk) for each in first}
    address = reverse("training:test-mark", args=["T01", links[0]])
    page = officer.get(address)
    assert "Invented words" in text(page)
    assert "Makes the place safe" in text(page)
    for enrolment in found.enrolments:
        assert enrolment.personal_code not in page.content.decode()
    assert officer.post(address, {"r1": "3", "r2": "1"}).status_code == 422
    assert not Marking.objects.exists()
    after = officer.post(address, {"r1": "2", "r2": "0.5"}, follow=True)
    assert "Marked with 2.5 of 3." in text(after)
    again = officer.post(address, {"r1": "2", "r2": "1"})
    assert again.status_code == 409
    assert "You have marked this answer already." in text(again)


def pdf_text(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_a_test_is_printed_with_codes_and_without_its_key(language: str) -> None:
    found = scene(tuple(EVERY), people=2)
    officer = signed_in(found.officer)
    officer.cookies["django_language"] = language
    forms = officer.post(reverse("training:test-print", args=["T01", "pre", "forms"]))
    assert forms["Content-Type"] == "application/pdf"
    said = pdf_text(forms.content)
    assert "Papers kept by somebody" not in said
    assert "Makes the place safe" not in said
    assert "An invented bus" in said
    sheets = officer.post(reverse("training:test-print", args=["T01", "pre", "sheets"]))
    assert sheets["Content-Disposition"] == 'attachment; filename="test-sheets-T01-pre.pdf"'
    pages = pypdf.PdfReader(io.BytesIO(sheets.content)).pages
    assert len(pages) >= 2
    said = pdf_text(sheets.content)
    for enrolment in found.enrolments:
        assert enrolment.personal_code in said.replace(" ", "")
    none = officer.post(reverse("training:test-print", args=["T01", "follow-up", "forms"]))
    assert none.status_code == 404
    assert (
        officer.post(reverse("training:test-print", args=["T01", "pre", "key"])).status_code == 404
    )


@pytest.mark.once  # counts questions
def test_the_page_of_tests_asks_the_database_no_more_for_more_people(found: Scene) -> None:
    running.set_test(found.officer, "T01", PRE, found.blueprint.pk)
    running.set_test(found.officer, "T01", POST, found.blueprint.pk)
    running.open_window(found.officer, "T01", PRE)
    officer = signed_in(found.officer)
    address = reverse("training:tests", args=["T01"])
    officer.get(address)
    with CaptureQueriesContext(
        connection,
    ) as few:
        officer.get(address)
    for number in range(6):
        take(factories.enrolment(found.event, code=f"22-22-2{number}"), PRE)
    with CaptureQueriesContext(connection) as many:
        officer.get(address)
    assert len(many) == len(few)
