"""A participant's pages: joined by codes, kept after each answer, handed in once."""

import re
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from cairn.training.actions import tests as running
from cairn.training.models import Enrolment, Response, TestSitting
from cairn.training.queries import tests as queries
from cairn.training.testing import personal_codes
from cairn.training.tests import factories
from cairn.training.tests.testing_examples import EVERY
from cairn.training.tests.testing_scene import PRE, Scene, right_answer, scene

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_counters() -> None:
    cache.clear()


def opened(*kinds: str, people: int = 2) -> Scene:
    found = scene(kinds or ("single", "true-false"), people=people)
    running.open_window(found.officer, "T01", PRE)
    found.event.refresh_from_db()
    return found


def join(found: Scene, own: Enrolment) -> Client:
    """A phone that was let in."""
    phone = Client()
    typed = {"event_code": found.join_code(), "personal_code": own.personal_code.lower()}
    response = phone.post(reverse("training:join"), typed)
    assert response.status_code == 302
    assert response.url == reverse("training:own-tests")  # type: ignore[attr-defined]
    return phone


def begin(phone: Client, language: str = "en") -> str:
    """Begin the pre-test; the address of the first question."""
    address = reverse("training:own-test", args=["pre"])
    response = phone.post(address, {"language": language, "agrees": "on"})
    assert response.status_code == 302
    return str(response.url)  # type: ignore[attr-defined]


def text(response: object) -> str:
    """What a page says, without its marks."""
    html = response.content.decode()  # type: ignore[attr-defined]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def filled(place: queries.Place) -> dict[str, object]:
    """The right answer to a place as its form sends it."""
    answer = right_answer(place)
    if place.item.prompts:
        return {f"answer-{prompt}": option for prompt, option in answer.items()}
    if place.item.type == "ordering":
        return {f"answer-{code}": str(n) for n, code in enumerate(answer, start=1)}
    return {"answer": answer}


def test_a_test_with_every_type_of_question_is_taken_from_joining_to_handing_in() -> None:
    found = opened(*EVERY)
    own = found.enrolments[0]
    phone = join(found, own)
    assert begin(phone) == reverse("training:own-question", args=["pre", 1])
    sitting = TestSitting.objects.get()
    asked = queries.places(sitting.form)
    for place in asked:
        address = reverse("training:own-question", args=["pre", place.number])
        page = phone.get(address)
        assert page.status_code == 200
        assert f"Question {place.number} of {len(asked)}" in text(page)
        phone.post(address, filled(place))
        kept = Response.objects.get(sitting=sitting, item=place.form_item, part=place.item.code)
        assert kept.answer == right_answer(place)
        again = phone.get(address).content.decode()
        assert "checked" in again or "selected" in again or "Invented words" in again
    review = phone.get(reverse("training:own-review", args=["pre"]))
    assert "Every question has an answer." in text(review)
    done = phone.post(reverse("training:own-review", args=["pre"]), follow=True)
    assert "Your test is handed in." in text(done)
    assert "marks" not in text(done)
    sitting.refresh_from_db()
    assert sitting.handed_in_at is not None


def test_what_was_answered_is_there_after_a_reload_and_on_another_phone() -> None:
    found = opened()
    phone = join(found, found.enrolments[0])
    address = begin(phone)
    place = queries.places(TestSitting.objects.get().form)[0]
    after = phone.post(address, {**filled(place), "go": "next"})
    assert after.url == reverse("training:own-question", args=["pre", 2])  # type: ignore[attr-defined]
    other = join(found, found.enrolments[0])
    assert "checked" in other.get(address).content.decode()
    going_on = other.get(reverse("training:own-test", args=["pre"]))
    assert going_on.url == after.url  # type: ignore[attr-defined]
    back = other.post(str(after.url), {"answer": "", "go": "back"})  # type: ignore[attr-defined]
    assert back.url == address  # type: ignore[attr-defined]


def test_a_test_handed_in_is_refused_clearly_and_answers_stay() -> None:
    found = opened()
    phone = join(found, found.enrolments[0])
    address = begin(phone)
    assert "2 questions have no answer yet." in text(
        phone.get(reverse("training:own-review", args=["pre"]))
    )
    phone.post(reverse("training:own-review", args=["pre"]))
    before = list(Response.objects.values_list("answer", flat=True))
    for again in (
        phone.post(address, {"answer": "a"}),
        phone.post(reverse("training:own-review", args=["pre"])),
        phone.get(address),
        phone.post(reverse("training:own-test", args=["pre"]), {"language": "en", "agrees": "on"}),
    ):
        assert again.status_code == 409
        assert "You have handed in this test already." in text(again)
    assert list(Response.objects.values_list("answer", flat=True)) == before


def test_wrong_codes_do_not_tell_which_is_wrong() -> None:
    found = opened()
    other = factories.event("T02", join_code="222-222")
    stranger = factories.enrolment(other, code="22-22-2D")
    address = reverse("training:join")
    own = found.enrolments[0].personal_code
    unused = personal_codes.drawn({each.personal_code for each in Enrolment.objects.all()})
    pairs = [(found.join_code(), unused), ("333-333", own), ("333-333", unused), ("222-222", own)]
    pages = set()
    for event_code, personal_code in pairs:
        response = Client().post(
            address, {"event_code": event_code, "personal_code": personal_code}
        )
        assert response.status_code == 422
        assert "training" not in response.cookies
        said = text(response)
        assert "do not belong together" in said
        pages.add(re.sub(r"csrf\S+", "", said))
    assert len(pages) == 1
    assert stranger.personal_code not in pages.pop()


def test_a_typing_error_is_told_before_anything_is_looked_up() -> None:
    found = opened()
    code = found.enrolments[0].personal_code
    wrong = ("3" if code[0] != "3" else "4") + code[1:]
    response = Client().post(
        reverse("training:join"), {"event_code": "0000", "personal_code": wrong}
    )
    assert response.status_code == 422
    assert "One sign is wrong." in text(response)
    assert "This cannot be the code of an event" in text(response)


def test_codes_cannot_be_tried_without_end() -> None:
    found = opened()
    typed = {"event_code": found.join_code(), "personal_code": "22-22-22"}
    answers = {Client().post(reverse("training:join"), typed).status_code for _ in range(62)}
    assert answers == {422, 429}


def test_a_badge_leads_to_the_codes_and_shows_nothing_else() -> None:
    found = opened()
    own = found.enrolments[0]
    page = Client().get(reverse("training:join-as", args=[found.join_code(), own.personal_code]))
    assert f'value="{own.personal_code}"' in page.content.decode()
    assert found.event.title not in text(page)
    assert not page.cookies.get("cairn_test")
    unknown = Client().get(reverse("training:join-as", args=["222-222", "zzzz"]))
    assert unknown.status_code == 200


def test_without_codes_every_page_leads_to_the_codes() -> None:
    opened()
    pages: list[tuple[str, list[object]]] = [
        ("own-tests", []),
        ("own-test", ["pre"]),
        ("own-question", ["pre", 1]),
        ("own-review", ["pre"]),
        ("own-result", ["pre"]),
    ]
    for name, args in pages:
        response = Client().get(reverse(f"training:{name}", args=args))
        assert response.url == reverse("training:join")  # type: ignore[attr-defined]
    forged = Client()
    forged.cookies["cairn_test"] = "00000000-0000-0000-0000-000000000000:made:up"
    response = forged.get(reverse("training:own-tests"))
    assert response.url == reverse("training:join")  # type: ignore[attr-defined]


def test_leaving_closes_the_phone_for_the_next_person() -> None:
    found = opened()
    phone = join(found, found.enrolments[0])
    phone.post(reverse("training:own-leave"))
    response = phone.get(reverse("training:own-tests"))
    assert response.url == reverse("training:join")  # type: ignore[attr-defined]


def test_pages_tell_nothing_of_others() -> None:
    found = opened()
    first, second = found.enrolments
    phone = join(found, first)
    begin(phone)
    for name in ("own-tests", "own-test", "own-question", "own-review"):
        special: dict[str, list[Any]] = {"own-tests": [], "own-question": ["pre", 1]}
        args = special.get(name, ["pre"])
        response = phone.get(reverse(f"training:{name}", args=args), follow=True)
        assert second.personal_code not in response.content.decode()
        assert second.practitioner.code not in response.content.decode()
        title = re.search(r"<title>(.*?)</title>", response.content.decode(), re.DOTALL)
        assert title
        assert first.personal_code not in title[1]
        assert "no-store" in response["Cache-Control"]


def test_a_test_that_is_not_open_or_was_closed_says_so() -> None:
    found = opened()
    phone = join(found, found.enrolments[0])
    assert phone.get(reverse("training:own-test", args=["post"])).status_code == 404
    assert phone.get(reverse("training:own-test", args=["follow-up"])).status_code == 404
    running.close_window(found.officer, "T01", PRE)
    closed = phone.get(reverse("training:own-test", args=["pre"]))
    assert closed.status_code == 409
    assert "This test is closed" in text(closed)


def test_without_agreement_nothing_begins_and_what_was_chosen_stays() -> None:
    found = opened()
    phone = join(found, found.enrolments[0])
    response = phone.post(reverse("training:own-test", args=["pre"]), {"language": "fr"})
    assert response.status_code == 409
    assert "You have not agreed yet" in text(response)
    assert '<option value="fr" selected>' in response.content.decode()
    assert not TestSitting.objects.exists()


def test_an_answer_that_cannot_be_is_refused_at_the_question_and_kept_as_typed() -> None:
    found = opened("ordering")
    phone = join(found, found.enrolments[0])
    address = begin(phone)
    typed = {"answer-a": "1", "answer-b": "1", "answer-c": "2", "answer-d": "3"}
    response = phone.post(address, typed)
    assert response.status_code == 409
    assert "Each place from 1 to 4 has to be given once." in text(response)
    assert response.content.decode().count("selected") >= 4
    assert not Response.objects.exists()


def test_questions_come_in_the_chosen_language_or_say_where_they_fell_back() -> None:
    found = opened("single", "true-false")
    phone = join(found, found.enrolments[0])
    begin(phone, "fr")
    places = queries.places(TestSitting.objects.get().form)
    by_type = {place.item.type.value: place.number for place in places}
    french = phone.get(reverse("training:own-question", args=["pre", by_type["single"]]))
    assert "Un passeport retenu" in text(french)
    english = phone.get(reverse("training:own-question", args=["pre", by_type["true-false"]]))
    assert "Invented: help depends on a statement." in text(english)
    assert 'class="quiet test-fallback"' in english.content.decode()
    assert "English" in text(english)
    language = reverse("training:own-language", args=["pre", by_type["single"]])
    phone.post(language, {"language": "en"})
    back = phone.get(reverse("training:own-question", args=["pre", by_type["single"]]))
    assert "A held passport" in text(back)


def test_own_marks_are_shown_after_release_and_never_the_key() -> None:
    found = opened("single", "true-false")
    phone = join(found, found.enrolments[0])
    address = begin(phone)
    phone.post(address, filled(queries.places(TestSitting.objects.get().form)[0]))
    phone.post(reverse("training:own-review", args=["pre"]))
    result = reverse("training:own-result", args=["pre"])
    assert "once the trainer has released it" in text(phone.get(result))
    running.close_window(found.officer, "T01", PRE)
    running.release(found.officer, "T01", PRE)
    page = text(phone.get(result))
    mark = TestSitting.objects.get().mark
    assert mark is not None
    assert f"{mark.normalize():f} of 3 marks" in page
    assert "not answered" in page
    assert "held passport" not in page
    assert "See your result" in text(phone.get(reverse("training:own-tests")))
