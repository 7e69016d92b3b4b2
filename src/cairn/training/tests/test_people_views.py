"""Pages about people: by code, opened with a reason, found by name without opening a name."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cairn.access.models import User
from cairn.access.tests.factories import user_with_role
from cairn.core.actor import Actor
from cairn.core.models import AuditEntry
from cairn.oversight.models import Reading
from cairn.training.actions import people as actions
from cairn.training.actions.people import PersonFacts
from cairn.training.models import Enrolment, Practitioner, StagedFile, TrainingConsent
from cairn.training.rules.choices import ConsentMethod
from cairn.training.tests import factories

pytestmark = pytest.mark.django_db
REASON = "An invented reason, long enough."
NAME = "Zarquil Inventeria"


def officer_user() -> User:
    return user_with_role("training-officer", name="the-officer", at=factories.agency())


@pytest.fixture
def user() -> User:
    return officer_user()


@pytest.fixture
def client(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


@pytest.fixture
def actor(user: User) -> Actor:
    return factories.acting(user)


def enter(actor: Actor, name: str = NAME, **facts: object) -> Practitioner:
    given = {"country": "NPL", "agency": factories.agency("Invented Border Guard")} | facts
    return actions.enter_practitioner(actor, factories.agency(), PersonFacts(name, **given))  # type: ignore[arg-type]


def address(name: str, *args: object) -> str:
    return reverse(f"training:{name}", args=args)


def test_the_list_shows_codes_and_filters_and_never_a_name(client: Client, actor: Actor) -> None:
    first = enter(actor, sex="female", profession="border")
    second = enter(actor, "Vexoma Thorpian", sex="male", country="KEN")

    page = client.get(address("people")).content.decode()
    women = client.get(address("people") + "?sex=female").content.decode()
    kenya = client.get(
        address("people") + "?country=KEN&trained=no&agency=nothing"
    ).content.decode()

    assert first.code in page
    assert second.code in page
    assert "Inventeria" not in page
    assert second.code not in women
    assert first.code not in kenya
    assert second.code in kenya
    assert client.get(address("person-find"), {"code": first.code.lower()})["Location"] == (
        first.get_absolute_url()
    )


def test_a_person_is_shown_by_code_and_opened_with_a_reason(client: Client, actor: Actor) -> None:
    made = enter(actor, service_number="INV-778")
    event = factories.event("N01")
    factories.enrolment(event, made)

    closed = client.get(made.get_absolute_url()).content.decode()
    refused = client.post(address("person-open", made.code), {"purpose": "training"})
    opened = client.post(
        address("person-open", made.code), {"purpose": "training", "reason": REASON}
    )

    assert "N01" in closed
    assert "Invented Border Guard" in closed
    assert NAME not in closed
    assert refused.status_code == 422
    assert NAME in opened.content.decode()
    assert "INV-778" in opened.content.decode()
    assert Reading.objects.get().purpose == "training"
    assert "entered the person." in closed


def test_a_person_of_another_place_is_not_found(client: Client) -> None:
    stranger = factories.practitioner(NAME, organisation=factories.agency("Other Agency"))

    for name in ("person", "person-open", "person-edit", "person-service", "person-consent"):
        assert client.get(address(name, stranger.code)).status_code == 404


def test_somebody_who_may_be_on_record_is_shown_before_a_second_record_is_made(
    client: Client, actor: Actor
) -> None:
    known = enter(actor)
    form = {
        "organisation": str(factories.agency().pk),
        "name": "INVENTERIA Zarquil",
        "agency": str(factories.agency("Invented Border Guard").pk),
        "sex": "not-stated",
        "country": "NPL",
        "profession": "not-stated",
    }

    asked = client.post(address("person-new"), form)
    assert asked.status_code == 200
    assert known.code in asked.content.decode()
    assert "Same: agency." in asked.content.decode()
    assert Practitioner.objects.count() == 1
    assert client.post(address("person-new"), form | {"anyway": "1"}).status_code == 302
    assert Practitioner.objects.count() == 2


def test_a_search_by_name_finds_another_spelling_and_leaves_no_name_behind(
    client: Client, actor: Actor
) -> None:
    made = enter(actor, "عثمان تراوري")

    found = client.post(address("people-search"), {"wanted": "Traoré Ousmane"})
    one_word = client.post(address("people-search"), {"wanted": "Ousmane"})

    assert made.code in found.content.decode()
    assert "same sound of all words" in found.content.decode()
    assert one_word.status_code == 422
    entry = AuditEntry.objects.get(code="trainee.searched")
    assert entry.facts == {"found": 1}
    assert not Reading.objects.exists()


def test_a_new_name_is_found_and_the_old_one_is_not(client: Client, actor: Actor) -> None:
    made = enter(actor)
    form = {
        "sex": "female",
        "country": "NPL",
        "profession": "border",
        "languages": "fr:C1",
        "birth_band": "1983",
        "name": "Quibble Maldurek",
    }

    assert client.post(address("person-edit", made.code), form).status_code == 302
    made.refresh_from_db()
    assert (made.sex, made.birth_band) == ("female", "1980-1984")
    assert made.languages == [{"code": "fr", "level": "C1"}]
    new = client.post(address("people-search"), {"wanted": "Maldurek Quibble"}).content.decode()
    old = client.post(address("people-search"), {"wanted": NAME}).content.decode()
    assert made.code in new
    assert made.code not in old


def test_an_edit_that_leaves_the_name_empty_keeps_it(client: Client, actor: Actor) -> None:
    made = enter(actor)
    form = {"sex": "male", "country": "NPL", "profession": "border"}

    assert client.post(address("person-edit", made.code), form).status_code == 302
    answer = client.post(
        address("person-open", made.code), {"purpose": "training", "reason": REASON}
    )
    assert NAME in answer.content.decode()


def test_a_new_service_ends_the_one_before(client: Client, actor: Actor) -> None:
    made = enter(actor)
    there = factories.agency("Invented Customs")
    form = {"agency": str(there.pk), "since": "2026-02-01", "function": "Trainer"}

    assert client.post(address("person-service", made.code), form).status_code == 302
    rows = list(made.affiliations.order_by("starts_on"))
    assert {row.agency.name for row in rows} == {"Invented Border Guard", "Invented Customs"}
    ended = made.affiliations.get(agency__name="Invented Border Guard")
    assert ended.ends_on == date(2026, 1, 31)
    made.refresh_from_db()
    assert made.agency == there
    too_early = client.post(address("person-service", made.code), form | {"since": "2026-01-15"})
    assert too_early.status_code == 409


def test_a_consent_is_recorded_and_taken_back_and_stays_on_record(
    client: Client, actor: Actor
) -> None:
    made = enter(actor)
    form = {
        "purpose": "certificate",
        "wording_version": "2026-1",
        "language": "fr",
        "method": "signed",
    }

    assert client.post(address("person-consent", made.code), form).status_code == 302
    assert client.post(address("person-consent", made.code), form).status_code == 409
    client.post(address("person-consent-withdraw", made.code), {"purpose": "certificate"})
    consent = TrainingConsent.objects.get()
    assert consent.withdrawn_at is not None
    assert consent.method == ConsentMethod.SIGNED
    page = client.get(made.get_absolute_url()).content.decode()
    assert "taken back" in page


def test_a_file_of_participants_enters_and_enrols_them_and_tells_what_is_wrong(
    client: Client, actor: Actor
) -> None:
    event = factories.event("N01", state="confirmed")
    known = enter(actor, "Vexoma Thorpian")
    content = (
        "agency,name,sex,country\n"
        f"Invented Border Guard,{NAME},male,Nepal\n"
        "Invented Border Guard,Thorpian Vexoma,female,Nepal\n"
        "Nowhere Office,Quibble Maldurek,male,Nepal\n"
        f"Invented Border Guard,INVENTERIA Zarquil,male,Nepal\n"
    ).encode()

    sent = client.post(
        address("participants-file", "N01"),
        {"file": SimpleUploadedFile("people.csv", content)},
    )
    staged = StagedFile.objects.get()
    assert (staged.good, staged.refused) == (2, 2)
    assert {each["code"] for each in staged.problems} == {"import.agency", "import.alike"}
    client.post(address("staged-apply", staged.pk))

    assert sent.status_code == 302
    assert Enrolment.objects.filter(event=event).count() == 2
    assert Practitioner.objects.count() == 2
    assert known.enrolments.count() == 1


def test_an_erased_person_keeps_no_key_and_is_not_found(client: Client, actor: Actor) -> None:
    from cairn.training.subjects import forget

    made = enter(actor)
    forget(made)

    assert not made.name_keys.exists()
    page = client.get(address("people")).content.decode()
    assert made.code not in page
    assert (
        client.post(
            address("person-edit", made.code),
            {
                "sex": "male",
                "country": "NPL",
                "profession": "border",
            },
        ).status_code
        == 409
    )


def test_the_list_costs_the_same_number_of_queries_however_long(
    client: Client, actor: Actor
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    enter(actor)
    client.get(address("people"))
    with CaptureQueriesContext(connection) as few:
        client.get(address("people"))
    for _number in range(8):
        factories.practitioner(agency=factories.agency("Invented Border Guard"))
    with CaptureQueriesContext(connection) as many:
        client.get(address("people"))

    assert len(many) == len(few)


def test_a_record_is_kept_for_five_years_unless_decided_otherwise(actor: Actor) -> None:
    made = enter(actor)

    assert made.keep_until == timezone.localdate() + timedelta(days=5 * 365)
