"""Pages of consent: what they show, to whom, what they ask, and the slip that says nothing."""

from io import BytesIO
from typing import Any

import pypdf
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from cairn.access.models import User
from cairn.access.tests.factories import organisation, user_with_role
from cairn.oversight.models import Reading, SubjectRequest
from cairn.referral.actions.consent import answer_consent
from cairn.referral.documents.consent import render_slip
from cairn.referral.models import Person
from cairn.referral.models.consent import Consent
from cairn.referral.rules import AgeBand
from cairn.referral.rules.choices import LegalBasis, Purpose
from cairn.referral.rules.consent import NAMED, ConsentState, Receipt
from cairn.referral.rules.consent_purposes import PURPOSES
from cairn.referral.tests.consent_factories import (
    LIMITS,
    TALK,
    answered,
    asked,
    clinic,
    guardian_of,
    in_days,
    reply,
    to_any,
)
from cairn.referral.tests.factories import REASON, actor_of, person

pytestmark = pytest.mark.django_db
S = ConsentState
OPENING = {"purpose": "assistance", "reason": REASON}


def at(name: str, one: Person, *numbers: int) -> str:
    return reverse(f"referral:{name}", args=[one.code, *numbers])


def asking(**changes: Any) -> dict[str, Any]:
    """A form that asks to tell the clinic, explained in English."""
    plain = {
        "purpose": Purpose.ASSISTANCE.value,
        "recipient_class": NAMED,
        "recipient": str(clinic().pk),
        "categories": ["need", "contact"],
        "basis": LegalBasis.CONSENT.value,
        "language": "en",
        "interpreter": "checked",
    }
    return plain | changes


def saying(**changes: Any) -> dict[str, Any]:
    plain = {
        "state": "given",
        "given_by": "person",
        "capacity": "able",
        "starts_on": in_days(0).isoformat(),
        "expires_on": in_days(30).isoformat(),
    }
    return plain | changes


def test_consent_is_asked_said_aloud_and_answered(worker: Client, made: Person) -> None:
    sent = worker.post(at("consent-new", made), asking(), follow=True)
    page = sent.content.decode()
    assert sent.redirect_chain[-1][0] == at("consent", made, 1)
    assert "Whatever you say, the help that you get stays the same." in page
    assert str(PURPOSES[Purpose.ASSISTANCE].sentence) in page
    assert at("consent-answer", made, 1) in page
    done = worker.post(at("consent-answer", made, 1), saying(), follow=True).content.decode()
    assert "Agreed" in done
    assert at("consent-withdraw", made, 1) in done
    assert Consent.objects.get().state == S.GIVEN


def test_what_was_not_explained_yet_waits_for_it(worker: Client, made: Person) -> None:
    worker.post(at("consent-new", made), asking(language=""))
    assert Consent.objects.get().state == S.NOT_SOUGHT
    page = worker.get(at("consent", made, 1)).content.decode()
    assert at("consent-explain", made, 1) in page
    assert at("consent-answer", made, 1) not in page
    worker.post(at("consent-explain", made, 1), {"language": "en", "interpreter": "none"})
    assert Consent.objects.get().state == S.EXPLAINED


def test_it_is_said_in_the_persons_language_where_the_platform_has_it(
    worker: Client, user: User
) -> None:
    one = person(actor_of(user), languages=["ti", "ar"])
    worker.post(at("consent-new", one), asking(language="ar"))
    page = " ".join(worker.get(at("consent", one, 1)).content.decode().split())
    assert '<div class="card" lang="ar" dir="rtl">' in page
    worker.post(at("consent-new", one), asking(language="ti"))
    # Nobody has translated it into Tigrinya: the page says it in its own first language.
    page = " ".join(worker.get(at("consent", one, 2)).content.decode().split())
    assert '<div class="card" lang="en" dir="ltr">' in page


@pytest.mark.parametrize(
    ("changes", "status", "message"),
    [
        ({"recipient": ""}, 422, "Choose the organisation"),
        ({"categories": []}, 422, "This field is required"),
        ({"categories": ["account"]}, 409, "more than the purpose needs"),
        ({"basis": "vital-interest"}, 422, "Select a valid choice"),
        ({"purpose": "return", "basis": "legal-duty"}, 409, "cannot stand on this legal basis"),
    ],
)
def test_a_question_that_cannot_be_asked_keeps_what_was_typed(
    worker: Client, made: Person, changes: dict[str, Any], status: int, message: str
) -> None:
    answer = worker.post(at("consent-new", made), asking(**changes))
    page = answer.content.decode()
    assert answer.status_code == status
    assert message in page
    assert 'value="contact"' in page
    assert not Consent.objects.exists()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"expires_on": in_days(-1).isoformat()}, "would end before it starts"),
        ({"given_by": ""}, "Say who agreed"),
        ({"given_by": "guardian"}, "a guardian agrees together with the child"),
        ({"state": "given-with-limits"}, "Write down the limits"),
        ({"state": "not-possible", "given_by": ""}, "consent cannot be the legal basis"),
        ({"capacity": "not-now"}, "agrees to nothing"),
    ],
)
def test_an_answer_that_cannot_be_so_says_why(
    worker: Client, made: Person, user: User, changes: dict[str, Any], message: str
) -> None:
    asked(actor_of(user), made)
    answer = worker.post(at("consent-answer", made, 1), saying(**changes))
    assert answer.status_code == 409
    assert message in answer.content.decode()
    assert Consent.objects.get().state == S.EXPLAINED


def test_only_a_child_is_asked_for_its_own_answer(worker: Client, made: Person, user: User) -> None:
    child = person(actor_of(user), age_band=AgeBand.CHILD)
    for one, is_there in ((made, False), (child, True)):
        asked(actor_of(user), one)
        page = worker.get(at("consent-answer", one, 1)).content.decode()
        assert ("What does the child say?" in page) is is_there
    guardian_of(child)
    worker.post(at("consent-answer", child, 1), saying(given_by="guardian", assent="yes"))
    page = worker.get(at("consent", child, 1)).content.decode()
    assert "The child agrees" in page
    assert "An invented court" in page


def test_taking_back_says_before_what_happens(worker: Client, made: Person, user: User) -> None:
    answered(actor_of(user), made)
    before = worker.get(at("consent-withdraw", made, 1)).content.decode()
    for sentence in (
        "Nothing more is told under it, from this moment on.",
        "Data protection looks at what has to be erased.",
        "The help goes on as it was.",
    ):
        assert sentence in before
    done = worker.post(at("consent-withdraw", made, 1), {"said_how": "phone"}, follow=True)
    page = done.content.decode()
    assert "Taken back" in page
    assert "By telephone" in page
    assert at("consent-withdraw", made, 1) not in page
    assert SubjectRequest.objects.count() == 1


def test_limits_are_on_no_page_but_the_one_that_opens_them(
    worker: Client, made: Person, user: User
) -> None:
    actor = actor_of(user)
    asked(actor, made)
    answer_consent(actor, made.code, 1, reply(S.GIVEN_WITH_LIMITS, note=TALK))
    for name, numbers in (("consents", ()), ("consent", (1,)), ("rights", ())):
        page = worker.get(at(name, made, *numbers)).content.decode()
        assert LIMITS not in page
        assert TALK not in page
    assert worker.get(at("consent-open", made, 1)).status_code == 302
    assert not Reading.objects.exists()
    opened = worker.post(at("consent-open", made, 1), OPENING).content.decode()
    assert LIMITS in opened
    assert TALK in opened
    assert Reading.objects.get().kind == "consent"
    assert LIMITS not in worker.get(at("consent", made, 1)).content.decode()


def test_the_list_asks_as_much_for_many_as_for_few(
    worker: Client, made: Person, user: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    answered(actor_of(user), made)
    worker.get(at("consents", made))
    with CaptureQueriesContext(connection) as few:
        assert worker.get(at("consents", made)).status_code == 200
    for kind in ("health", "cash", "shelter", "return", "asylum", "education"):
        answered(actor_of(user), made, **to_any(kind))
    with django_assert_num_queries(len(few)):
        page = worker.get(at("consents", made)).content.decode()
    assert page.count('data-label="Who is told"') == 7


def test_one_consent_asks_as_much_after_many_steps(
    worker: Client, made: Person, user: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    asked(actor_of(user), made)
    worker.get(at("consent", made, 1))
    with CaptureQueriesContext(connection) as few:
        worker.get(at("consent", made, 1))
    answer_consent(actor_of(user), made.code, 1, reply())
    with django_assert_num_queries(len(few)):
        worker.get(at("consent", made, 1))


def strangers() -> list[User]:
    return [
        user_with_role("service-provider", name="elsewhere", at=organisation("Invented Other")),
        user_with_role("service-provider", name="abroad", country="SEN"),
        user_with_role("referral-focal-point", name="focal"),
        user_with_role("directory-editor", name="editor"),
        user_with_role("data-protection-officer", name="officer"),
        user_with_role("identification-authority", name="authority"),
    ]


def test_for_everybody_else_no_page_of_consent_exists(made: Person, user: User) -> None:
    answered(actor_of(user), made)
    for stranger in strangers():
        client = Client()
        client.force_login(stranger)
        for name in ("consents", "consent-new", "rights", "rights-ask", "rights-file"):
            assert client.get(at(name, made)).status_code == 404, (stranger, name)
        for name in ("consent", "consent-explain", "consent-answer", "consent-withdraw"):
            assert client.get(at(name, made, 1)).status_code == 404, (stranger, name)
        for name in ("consent-open", "consent-slip", "consent-receipt"):
            assert client.post(at(name, made, 1)).status_code == 404, (stranger, name)
    assert Consent.objects.get().receipt_taken == Receipt.NOT_OFFERED


def test_a_consent_of_another_person_is_not_found_under_this_one(
    worker: Client, made: Person, user: User
) -> None:
    other = person(actor_of(user))
    answered(actor_of(user), other)
    assert worker.get(at("consent", made, 1)).status_code == 404
    assert worker.post(at("consent-withdraw", made, 1), {"said_how": "phone"}).status_code == 404
    assert Consent.objects.get().state == S.GIVEN


def test_asking_again_begins_with_what_was_asked(worker: Client, made: Person, user: User) -> None:
    answered(actor_of(user), made, S.REFUSED)
    page = worker.get(at("consent", made, 1)).content.decode()
    again = f"{at('consent-new', made)}?from=1"
    assert again in page
    form = worker.get(again).context["form"]
    assert form.initial["categories"] == ["need", "contact"]
    assert form.initial["recipient"] == str(clinic().pk)
    assert worker.get(f"{at('consent-new', made)}?from=7").status_code == 404


# Words that the slip must never hold, in the three languages of the platform.
TELLING = (
    "consent agree traffick victim shelter clinic refuge exploit protect help report police"
    " consentement accord traite victime abri aide signalement"
    " موافقة اتجار ضحية مأوى حماية مساعدة شرطة"
).split()


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_slip_says_a_day_and_a_reference_and_nothing_else(language: str) -> None:
    made = render_slip(
        language=language,
        reference="K7Q-M2R",
        talked_on=in_days(0),
        holds_until=in_days(30),
        today=in_days(0),
    )
    reader = pypdf.PdfReader(BytesIO(made))
    text = " ".join(page.extract_text() for page in reader.pages).casefold()
    assert len(reader.pages) == 1
    assert "k7q-m2r" in text
    for word in TELLING:
        assert word not in text
    about = " ".join(str(value) for value in (reader.metadata or {}).values()).casefold()
    assert "cairn" not in about.replace("typst", "")
    with translation.override(language):
        assert str(PURPOSES[Purpose.ASSISTANCE].sentence).casefold() not in text


def test_the_slip_comes_in_the_language_that_was_chosen_under_a_name_that_says_nothing(
    worker: Client, made: Person, user: User
) -> None:
    answered(actor_of(user), made)
    made_slip = worker.post(at("consent-slip", made, 1), {"language": "fr"})
    assert made_slip["Content-Type"] == "application/pdf"
    assert made_slip["Content-Disposition"] == 'attachment; filename="note.pdf"'
    text = pypdf.PdfReader(BytesIO(made_slip.content)).pages[0].extract_text()
    assert Consent.objects.get().receipt in text
    assert clinic().name not in text
    assert made.code not in text


def test_without_a_yes_there_is_no_slip(worker: Client, made: Person, user: User) -> None:
    answered(actor_of(user), made, S.REFUSED)
    answer = worker.post(at("consent-slip", made, 1), {"language": "en"}, follow=True)
    assert "There is a slip only for what was agreed." in answer.content.decode()


def test_the_person_may_leave_the_slip_behind(worker: Client, made: Person, user: User) -> None:
    answered(actor_of(user), made)
    worker.post(at("consent-receipt", made, 1), {"answer": "left"})
    assert Consent.objects.get().receipt_taken == Receipt.LEFT
    page = worker.get(at("consent", made, 1)).content.decode()
    assert "The person did not want it" in page
