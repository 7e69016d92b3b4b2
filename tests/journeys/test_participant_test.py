"""Two participants take a test on their phones, in English and in Arabic, with crossed forms."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cairn.training.actions import questions as bank
from cairn.training.actions import tests as running
from cairn.training.models import Enrolment, Response, TestSitting
from cairn.training.tests.testing_examples import example
from cairn.training.tests.testing_scene import PRE, Scene, objective, scene
from tests.journeys.conftest import Opened

Accessibility = Callable[[Page], None]
pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
ARABIC_STEM = "سؤال مخترع: أي علامة تُلاحظ أولاً؟"


@pytest.fixture
def found(live_server: LiveServer) -> Scene:
    """An event with an open test of six questions, two participants, one question in Arabic."""
    made = scene(("single", "true-false", "multiple", "ordering", "matching", "short"))
    for number in range(2):
        content = example("single")
        content["texts"]["ar"] = {
            "stem": ARABIC_STEM,
            "options": {"a": "قبعة خضراء", "b": "جواز سفر محتجز", "c": "أغنية"},
        }
        bank.write_question(made.officer, f"INV-single-{number}", content, objective=objective())
    running.open_window(made.officer, made.event.reference, PRE)
    made.event.refresh_from_db()
    return made


def join(page: Page, found: Scene, own: Enrolment) -> None:
    """Follow the address of the badge, and go on with both codes filled in."""
    page.goto(reverse("training:join-as", args=[found.join_code(), own.personal_code]))
    page.locator(".test-join button[type=submit]").click()
    page.wait_for_url("**" + reverse("training:own-tests"))


def begin(page: Page, language: str) -> None:
    page.locator("main .card a.button").first.click()
    page.locator("select[name=language]").select_option(language)
    page.locator("[name=agrees]").check()
    page.locator("main form.form button[type=submit]").click()
    page.wait_for_url("**/t/tests/pre/1/")


def answer(page: Page) -> None:
    """Answer the question that is shown, whatever its type, and go on."""
    form = page.locator("form.test-question")
    if form.locator("input[type=radio]").count():
        form.locator("input[type=radio]").last.check()
    elif form.locator("input[type=checkbox]").count():
        form.locator("input[type=checkbox]").first.check()
    elif form.locator("textarea").count():
        form.locator("textarea").fill("Invented words · كلمات")
    else:
        selects = form.locator("select")
        for number in range(selects.count()):
            selects.nth(number).select_option(index=number + 1)
    form.locator("button[value=next]").click()


def wide(page: Page) -> int:
    """How many pixels the page is wider than the screen."""
    return int(
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )


def answers_of(own: Enrolment) -> list[Any]:
    rows = Response.objects.filter(sitting__enrolment=own, answer__isnull=False)
    return list(rows.values_list("answer", flat=True))


def test_a_participant_takes_a_test_on_a_phone(
    phone: Page, found: Scene, accessibility: Accessibility
) -> None:
    own = found.enrolments[0]
    phone.goto(reverse("training:join"))
    accessibility(phone)
    phone.get_by_label("Code of the event").fill(found.join_code().lower())
    phone.get_by_label("Your own code").fill(own.personal_code.replace("-", " "))
    phone.get_by_role("button", name="Go on").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Your tests")
    phone.get_by_role("link", name="Begin the test").click()
    accessibility(phone)
    phone.get_by_role("button", name="Begin the test").click()
    expect(phone.get_by_text("You have not agreed yet").first).to_be_visible()
    phone.get_by_label("I agree that my answers are kept").check()
    phone.get_by_role("button", name="Begin the test").click()
    for number in range(1, 7):
        expect(phone.get_by_role("heading", level=1)).to_have_text(f"Question {number} of 6")
        accessibility(phone)
        assert wide(phone) <= 0
        answer(phone)
        if number == 3:
            # The line is lost in the middle: what was answered is there again.
            phone.wait_for_url("**/t/tests/pre/4/")
            phone.reload()
            expect(phone.get_by_text("Answered: 3 of 6")).to_be_visible()
    phone.wait_for_url("**/t/tests/pre/review/")
    expect(phone.get_by_text("Every question has an answer.")).to_be_visible()
    accessibility(phone)
    phone.get_by_role("button", name="Hand in the test").click()
    expect(phone.get_by_text("Your test is handed in. Thank you.")).to_be_visible()
    assert len(answers_of(own)) == 6
    phone.goto(reverse("training:own-question", args=["pre", 1]))
    expect(phone.get_by_text("You have handed in this test already.")).to_be_visible()
    accessibility(phone)
    assert len(answers_of(own)) == 6


def test_a_line_that_drops_leaves_the_answer_on_the_screen(
    phone: Page, found: Scene, opened: list[Opened]
) -> None:
    join(phone, found, found.enrolments[0])
    begin(phone, "en")
    form = phone.locator("form.test-question")
    phone.context.set_offline(True)
    answer(phone)
    expect(phone.locator("#messages")).to_contain_text("The line dropped")
    assert form.locator("input:checked, option:checked, textarea").count() > 0
    phone.context.set_offline(False)
    form.locator("button[value=next]").click()
    phone.wait_for_url("**/t/tests/pre/2/")
    assert len(answers_of(found.enrolments[0])) == 1
    # The console tells of the lost line, which here is what was asked for.
    opened[0].complaints[:] = [
        each for each in opened[0].complaints if not each.startswith("htmx:")
    ]


def test_the_other_participant_has_the_other_form_in_arabic(
    arabic_phone: Page, phone: Page, found: Scene, accessibility: Accessibility
) -> None:
    first, second = found.enrolments
    join(phone, found, first)
    begin(phone, "en")
    page = arabic_phone
    join(page, found, second)
    begin(page, "ar")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    seen_arabic = 0
    for number in range(1, 7):
        page.wait_for_url(f"**/t/tests/pre/{number}/")
        stem = page.locator(".test-stem")
        if ARABIC_STEM in stem.inner_text():
            expect(stem).to_have_attribute("dir", "rtl")
            expect(page.locator(".test-fallback")).to_have_count(0)
            seen_arabic += 1
        else:
            expect(stem).to_have_attribute("dir", "ltr")
            expect(page.locator(".test-fallback")).to_have_count(1)
        accessibility(page)
        assert wide(page) <= 0
        answer(page)
    assert seen_arabic == 1
    page.wait_for_url("**/t/tests/pre/review/")
    page.locator("main form.form button[type=submit]").click()
    page.wait_for_url("**/t/tests/pre/result/")
    letters = set(TestSitting.objects.values_list("form__letter", flat=True))
    assert letters == {"A", "B"}
    page.go_back()
    page.goto(reverse("training:own-question", args=["pre", 2]))
    expect(page.locator("main .message[data-kind=refused]")).to_be_visible()
    accessibility(page)
    assert len(answers_of(second)) == 6
    running.close_window(found.officer, found.event.reference, PRE)
    assert not answers_of(first)


def test_a_test_is_taken_without_any_script(
    phone: Page, found: Scene, live_server: LiveServer
) -> None:
    browser = phone.context.browser
    assert browser is not None
    plain = browser.new_context(
        java_script_enabled=False,
        base_url=live_server.url,
        viewport={"width": 360, "height": 740},
    )
    bare = plain.new_page()
    join(bare, found, found.enrolments[0])
    begin(bare, "en")
    for _number in range(6):
        answer(bare)
    bare.wait_for_url("**/t/tests/pre/review/")
    bare.locator("main form.form button[type=submit]").click()
    bare.wait_for_url("**/t/tests/pre/result/")
    assert TestSitting.objects.get().handed_in_at is not None
    plain.close()
