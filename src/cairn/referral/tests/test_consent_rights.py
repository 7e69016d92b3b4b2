"""The rights of the person: who saw the file, a copy of all that is kept, wishes passed on."""

from io import BytesIO
from typing import Any

import pypdf
import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from cairn.access.models import User
from cairn.access.tests.factories import organisation, user_with_role
from cairn.core.classification import DECLARATIONS, Level
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry, Organisation
from cairn.oversight.actions.break_glass import break_glass
from cairn.oversight.actions.desk import move_request
from cairn.oversight.actions.erasures import approve_erasure, ask_erasure, place_hold
from cairn.oversight.models import Reading, SubjectRequest
from cairn.oversight.models.desk import Wish
from cairn.oversight.rules import Purpose, RequestState
from cairn.referral.actions import open_person
from cairn.referral.actions.consent import answer_consent
from cairn.referral.actions.consent_rights import open_file, pass_on_wish
from cairn.referral.documents.consent_file import MARKS, WORDS
from cairn.referral.models import Person, Referral
from cairn.referral.queries import consent_rights as queries
from cairn.referral.queries import consent_seen as seen
from cairn.referral.rules.consent import ConsentState
from cairn.referral.tests.consent_factories import (
    LIMITS,
    answered,
    asked,
    guardian_of,
    in_days,
    reply,
)
from cairn.referral.tests.factories import CONTACT, NAME, NOTE, REASON, actor_of, person, provider
from cairn.referral.tests.referrals_made import HEALTH, referred, sides

pytestmark = pytest.mark.django_db
WORDS_OF_PERSON, CHANNEL = "Please grumblefish it", "Through Snorkelby at noon"


@pytest.fixture
def officer() -> Any:
    return actor_of(user_with_role("data-protection-officer"))


def at(name: str, one: Person) -> str:
    return reverse(f"referral:{name}", args=[one.code])


def wish(**changes: Any) -> dict[str, Any]:
    plain = {
        "received_on": in_days(0),
        "safe_channel": CHANNEL,
        "statement": WORDS_OF_PERSON,
    }
    return plain | changes


@pytest.mark.parametrize("asked_for", Wish)
def test_a_wish_reaches_the_desk_and_not_its_words(
    made: Person, user: User, asked_for: Wish
) -> None:
    pass_on_wish(actor_of(user), made.code, asked_for, **wish())
    request = SubjectRequest.objects.get()
    assert (request.wish, request.kind, request.code) == (asked_for, "person", made.code)
    assert (request.answer_by - request.received_on).days == 30
    entry = AuditEntry.objects.get(code="rights.passed_on")
    assert (entry.subject_id, entry.facts) == (str(made.pk), {"wish": asked_for.value})
    logged = str(list(AuditEntry.objects.values()))
    assert WORDS_OF_PERSON not in logged
    assert CHANNEL not in logged


def test_a_wish_is_not_taken_down_for_a_day_to_come_nor_by_strangers(
    made: Person, user: User
) -> None:
    with pytest.raises(RuleBroken) as refusal:
        pass_on_wish(actor_of(user), made.code, Wish.ACCESS, **wish(received_on=in_days(2)))
    assert refusal.value.code == "request.future"
    elsewhere = provider("elsewhere", at=organisation("Invented Other"))
    with pytest.raises(Person.DoesNotExist):
        pass_on_wish(elsewhere, made.code, Wish.ACCESS, **wish())
    abroad = provider("abroad", country="SEN")
    break_glass(abroad, "person", made.code, "A life is in danger now.")
    with pytest.raises(PermissionDenied):
        pass_on_wish(abroad, made.code, Wish.ACCESS, **wish())
    assert not SubjectRequest.objects.exists()


def test_the_page_shows_where_a_wish_stands_and_nothing_of_it(
    worker: Client, made: Person, user: User, officer: Any
) -> None:
    worker.post(at("rights-ask", made), {"wish": "erasure", **wish()})
    request = SubjectRequest.objects.get()
    page = worker.get(at("rights", made)).content.decode()
    assert request.reference in page
    assert "Have it erased" in page
    assert WORDS_OF_PERSON not in page
    assert CHANNEL not in page
    for state in (RequestState.REFUSED, RequestState.NOTIFIED):
        move_request(officer, request.pk, state, "An invented reason for it.")
    page = worker.get(at("rights", made)).content.decode()
    assert "Person told, through the safe channel" in page


def test_a_wish_about_another_record_is_not_shown(worker: Client, made: Person, user: User) -> None:
    other = person(actor_of(user))
    pass_on_wish(actor_of(user), other.code, Wish.ACCESS, **wish())
    assert queries.asked(made) == []
    assert (
        SubjectRequest.objects.get().reference
        not in worker.get(at("rights", made)).content.decode()
    )


def test_a_legal_hold_is_said_before_an_erasure_is_asked(
    worker: Client, made: Person, officer: Any
) -> None:
    assert "legal hold" not in worker.get(at("rights", made)).content.decode()
    place_hold(officer, "person", made.code, "An invented order of a court", in_days(20))
    assert "A legal hold keeps this record" in worker.get(at("rights", made)).content.decode()
    form = worker.get(f"{at('rights-ask', made)}?wish=erasure")
    assert "it cannot be erased yet" in form.content.decode()
    assert form.context["form"].initial["wish"] == "erasure"
    held = queries.held(made, in_days(0))
    assert held is not None
    assert held.ends_on == in_days(20)
    assert queries.held(made, in_days(21)) is None


def test_who_saw_the_file_is_told_by_role_and_organisation_never_by_name(
    worker: Client, made: Person, user: User
) -> None:
    user.display_name = "Staffina Nameworthy"
    user.save()
    open_person(actor_of(user), made.code, Purpose.SAFETY, REASON)
    abroad = user_with_role("service-provider", name="abroad", country="SEN")
    break_glass(actor_of(abroad), "person", made.code, "A life is in danger now.")
    open_person(actor_of(abroad), made.code, Purpose.ASSISTANCE, REASON)
    lines = seen.told(list(seen.readings(made)))
    assert [line.basis for line in lines] == ["Emergency access", "Own organisation"]
    page = worker.get(at("rights", made)).content.decode()
    section = page[page.index('id="seen"') : page.index('id="kept"')]
    for shown in ("Service provider", "To keep somebody safe", "Emergency access", "Safe way"):
        assert shown in section
    for name in ("Staffina", user.username, abroad.username, REASON):
        assert name not in section


def test_openings_of_what_belongs_to_the_file_count_and_those_of_others_do_not(
    made: Person, user: User
) -> None:
    from cairn.referral.actions.consent import open_consent

    actor = actor_of(user)
    other = person(actor)
    for one in (made, other):
        asked(actor, one)
        given = answer_consent(actor, one.code, 1, reply(ConsentState.GIVEN_WITH_LIMITS))
        open_consent(actor, given, Purpose.ASSISTANCE, REASON)
        open_person(actor, one.code, Purpose.SAFETY, REASON)
    kinds = sorted(line.kind for line in seen.told(list(seen.readings(made))))
    assert kinds == ["consent", "person"]


def test_the_copy_holds_all_that_is_kept_and_each_opening_is_noted(
    worker: Client, made: Person, user: User
) -> None:
    actor = actor_of(user)
    asked(actor, made)
    answer_consent(actor, made.code, 1, reply(ConsentState.GIVEN_WITH_LIMITS))
    guardian_of(made)
    answer = worker.post(at("rights-file", made), {"language": "en", "reason": REASON})
    assert answer["Content-Disposition"] == 'attachment; filename="copy.pdf"'
    reader = pypdf.PdfReader(BytesIO(answer.content))
    text = " ".join(page.extract_text() for page in reader.pages)
    for kept in (NAME, CONTACT, NOTE, LIMITS, "Guardia Inventeria", "Agreed, with limits"):
        assert kept in text
    assert made.code not in str(reader.metadata)
    readings = {row.kind: row for row in Reading.objects.all()}
    assert {"person", "consent", "guardian"} <= set(readings)
    assert {row.purpose for row in readings.values()} == {Purpose.SUBJECT_REQUEST}
    assert AuditEntry.objects.get(code="rights.file_made").facts["rows"] >= 5


def test_the_copy_is_in_the_language_of_the_person(worker: Client, user: User) -> None:
    one = person(actor_of(user), languages=["fr"])
    assert worker.get(at("rights-file", one)).context["form"].initial["language"] == "fr"


def test_without_a_reason_nothing_is_opened(worker: Client, made: Person) -> None:
    assert (
        worker.post(at("rights-file", made), {"language": "en", "reason": " "}).status_code == 422
    )
    assert not Reading.objects.exists()


def test_the_copy_is_made_only_by_whoever_may_open_the_record(made: Person) -> None:
    for stranger in (
        provider("elsewhere", at=organisation("Invented Other")),
        actor_of(user_with_role("data-protection-officer")),
    ):
        with pytest.raises(Person.DoesNotExist):
            open_file(stranger, made.code, REASON)
    abroad = provider("abroad", country="SEN")
    break_glass(abroad, "person", made.code, "A life is in danger now.")
    with pytest.raises(PermissionDenied):
        open_file(abroad, made.code, REASON)
    assert not Reading.objects.exists()


def test_after_an_erasure_the_rights_page_offers_nothing_to_open(
    worker: Client, made: Person, user: User, officer: Any
) -> None:
    answered(actor_of(user), made)
    erasure = ask_erasure(actor_of(user), "person", made.code, "The person wishes it so.")
    approve_erasure(officer, erasure.pk)
    page = worker.get(at("rights", made)).content.decode()
    assert at("rights-file", made) not in page


def test_every_table_about_a_person_is_in_the_copy_with_words_for_its_columns() -> None:
    models = {model._meta.label for model in queries.models_about()}
    assert {"referral.Consent", "referral.Guardian", "referral.Identity"} <= models
    # Keyed marks for finding duplicates hold nothing that could be read.
    assert "referral.MatchKey" not in models
    for label in ("referral.Person", "referral.Consent", "referral.ConsentStep", "referral.Alias"):
        model = apps.get_model(label)
        clear = {
            name
            for name in DECLARATIONS[label].fields_of(Level.SENSITIVE)
            if model._meta.get_field(name).related_model in {None, Organisation}
        }
        assert clear - MARKS <= set(WORDS), label


def test_the_copy_says_who_was_told_and_names_no_other_record(
    worker: Client, made: Person, user: User
) -> None:
    at_work = sides()
    referral = referred(at_work)
    theirs = person(at_work.worker)
    Referral._base_manager.filter(pk=referral.pk).update(received_person=theirs)
    worker.force_login(User.objects.get(username="worker"))
    answer = worker.post(at("rights-file", at_work.person), {"language": "en", "reason": REASON})
    reader = pypdf.PdfReader(BytesIO(answer.content))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert referral.recipient.name in text
    assert HEALTH in text
    assert theirs.code not in text


def test_the_page_asks_as_much_after_many_openings(
    worker: Client, made: Person, user: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    open_person(actor_of(user), made.code, Purpose.SAFETY, REASON)
    worker.get(at("rights", made))
    with CaptureQueriesContext(connection) as few:
        worker.get(at("rights", made))
    for _number in range(8):
        open_person(actor_of(user), made.code, Purpose.SAFETY, REASON)
    with django_assert_num_queries(len(few)):
        page = worker.get(at("rights", made)).content.decode()
    assert page.count("To keep somebody safe") == 9
