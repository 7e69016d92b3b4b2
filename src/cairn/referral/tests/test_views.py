"""Pages about persons: what they show, to whom, and that no page holds a sealed text but one."""

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from cairn.access.models import User
from cairn.access.tests.factories import organisation, user_with_role
from cairn.core.models import AuditEntry
from cairn.oversight.actions.break_glass import break_glass
from cairn.oversight.actions.erasures import approve_erasure, ask_erasure
from cairn.oversight.models import ExportRequest, LinkGrant, Reading, ReadingSubject
from cairn.oversight.rules import LinkBasis
from cairn.referral.actions import close_person
from cairn.referral.models import Person
from cairn.referral.rules import AgeBand
from cairn.referral.tests.factories import (
    CONTACT,
    NAME,
    NOTE,
    REASON,
    actor_of,
    person,
    provider,
    unit,
)

pytestmark = pytest.mark.django_db
OPENING = {"purpose": "assistance", "reason": REASON}


@pytest.fixture
def user() -> User:
    return user_with_role("service-provider")


@pytest.fixture
def worker(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


@pytest.fixture
def made(user: User) -> Person:
    return person(actor_of(user))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def strangers() -> list[User]:
    return [
        user_with_role("service-provider", name="elsewhere", at=organisation("Invented Other")),
        user_with_role("service-provider", name="abroad", country="SEN"),
        user_with_role("service-provider", name="other-unit", unit=unit("Invented Other Unit")),
        user_with_role("programme-officer"),
        user_with_role("data-protection-officer"),
        user_with_role("identification-authority"),
    ]


def holds_no_sealed_text(text: str) -> bool:
    return not any(part in text for part in (NAME, "Zarquil", CONTACT, NOTE))


def test_the_list_shows_codes_and_no_sealed_text(worker: Client, made: Person) -> None:
    text = worker.get("/persons/").content.decode()
    assert made.code in text
    assert holds_no_sealed_text(text)


def test_filters_narrow_the_list(worker: Client, made: Person) -> None:
    colleague = provider("second")
    theirs = person(colleague, unit=unit())
    closed = person(colleague)
    close_person(colleague, closed.code, closed_on=closed.opened_on)

    def codes(**query: str) -> set[str]:
        return {row.code for row, _who in worker.get("/persons/", query).context["cards"]}

    assert codes() == {made.code, theirs.code}
    assert codes(mine="1") == {made.code}
    assert codes(unit=str(unit().pk)) == {theirs.code}
    assert codes(closed="1") == {closed.code}
    assert codes(unit="no-such-id", mine="x") == {made.code, theirs.code}


def test_lists_cost_the_same_queries_whatever_they_hold(
    worker: Client, made: Person, user: User
) -> None:
    worker.get("/persons/")
    with CaptureQueriesContext(connection) as few:
        worker.get("/persons/")
    for _ in range(30):
        person(actor_of(user), unit=unit())
    with CaptureQueriesContext(connection) as many:
        worker.get("/persons/")
    # One more: the count, as they no longer fit on one page.
    assert len(many) <= len(few) + 1


def test_the_list_asks_the_key_store_nothing(
    worker: Client, made: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0, connection=connections["keys"]):
        worker.get("/persons/")


def test_the_page_of_a_record_keeps_its_sealed_part_closed(worker: Client, made: Person) -> None:
    page = worker.get(f"/persons/{made.code}/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "Open the sealed part" in text
    assert holds_no_sealed_text(text)
    assert not Reading.objects.exists()


def test_an_opening_shows_the_texts_once_and_nothing_keeps_the_answer(
    worker: Client, made: Person
) -> None:
    page = worker.post(f"/persons/{made.code}/open/", OPENING)
    text = page.content.decode()
    assert page.status_code == 200
    for part in (NAME, CONTACT, NOTE, "This opening was recorded"):
        assert part in text
    assert "no-store" in page["Cache-Control"]
    again = worker.get(f"/persons/{made.code}/").content.decode()
    assert holds_no_sealed_text(again)
    assert "opened the sealed part. Purpose: To give assistance." in again
    assert Reading.objects.count() == 1


@pytest.mark.parametrize(
    "wrong", [{}, {"purpose": "assistance", "reason": "short"}, {"purpose": "x", "reason": REASON}]
)
def test_without_purpose_and_reason_nothing_is_opened(
    worker: Client, made: Person, wrong: dict[str, str]
) -> None:
    page = worker.post(f"/persons/{made.code}/open/", wrong)
    assert page.status_code == 422
    assert holds_no_sealed_text(page.content.decode())
    assert not Reading.objects.exists()
    assert wrong.get("reason", "") in page.content.decode()


def test_what_cannot_be_read_is_named_and_the_rest_works(
    worker: Client, made: Person, user: User
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE referral_person SET name = safe_contact")
    text = worker.post(f"/persons/{made.code}/open/", OPENING).content.decode()
    assert "cannot be read: altered" in text
    assert CONTACT in text
    asked = ask_erasure(actor_of(user), "person", made.code, REASON)
    approve_erasure(actor_of(user_with_role("data-protection-officer")), asked.pk)
    text = worker.post(f"/persons/{made.code}/open/", OPENING).content.decode()
    assert text.count("cannot be read: erased") == 3
    assert holds_no_sealed_text(text)


def test_an_erased_record_offers_neither_opening_nor_link(
    worker: Client, made: Person, user: User
) -> None:
    page = f"/persons/{made.code}/"
    before = worker.get(page).content.decode()
    assert f"{page}open/" in before
    asked = ask_erasure(actor_of(user), "person", made.code, REASON)
    assert "Somebody asked" in worker.get(page).content.decode()
    approve_erasure(actor_of(user_with_role("data-protection-officer")), asked.pk)
    after = worker.get(page).content.decode()
    assert after.count("cannot be read: erased") == 4
    assert f"{page}open/" not in after
    assert f"{page}links/new/" not in after


def test_who_comes_back_to_the_address_of_an_opening_finds_the_record_closed(
    worker: Client, made: Person
) -> None:
    answer = worker.get(f"/persons/{made.code}/open/")
    assert answer.status_code == 302
    assert answer["Location"] == f"/persons/{made.code}/"
    assert not Reading.objects.exists()


ADDRESSES = ("", "open/", "edit/", "close/", "caseworker/", "links/new/")


def test_for_strangers_no_address_of_a_record_exists(made: Person) -> None:
    for each in strangers():
        client = signed_in(each)
        for rest in ADDRESSES:
            for send in (client.get, client.post):
                answer = send(f"/persons/{made.code}/{rest}")
                assert answer.status_code in {404, 405}, (each.username, rest)
                assert made.code not in answer.content.decode().replace(
                    f"/persons/{made.code}/{rest}", ""
                )
    assert not Reading.objects.exists()


def test_a_list_of_strangers_is_empty_or_closed(made: Person) -> None:
    for each in strangers():
        answer = signed_in(each).get("/persons/")
        assert answer.status_code in {200, 403}
        assert made.code not in answer.content.decode()


def test_visitors_are_sent_to_sign_in(client: Client, made: Person) -> None:
    for address in ("/persons/", "/persons/duty/", f"/persons/{made.code}/"):
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/sign-in/")


def test_a_code_leads_to_its_record_and_tells_nothing_of_others(
    worker: Client, made: Person
) -> None:
    typed = made.code.lower().replace("-", " ")
    assert worker.get("/persons/find/", {"code": typed})["Location"].endswith(f"/{made.code}/")
    elsewhere = provider("elsewhere", at=organisation("Invented Other"))
    hidden = person(elsewhere, organisation=organisation("Invented Other"))
    answers = [
        worker.get("/persons/find/", {"code": code}, follow=True).content
        for code in (hidden.code, "CCC-222", NAME)
    ]
    assert all(b"There is no record with this code for you to see." in each for each in answers)
    assert hidden.code.encode() not in b"".join(answers)


FORM = {
    "country": "NPL",
    "age_band": "adult",
    "contact_rule": "through-us",
    "opened_on": "2026-01-15",
    "name": NAME,
    "note": NOTE,
}


def test_a_person_is_entered_on_the_page(worker: Client) -> None:
    page = worker.get("/persons/new/").content.decode()
    assert "The rest is sealed" in page
    answer = worker.post("/persons/new/", FORM | {"organisation": str(organisation().pk)})
    made = Person.objects.get()
    assert answer["Location"] == f"/persons/{made.code}/"
    assert bool(made.name)
    assert holds_no_sealed_text(worker.get(answer["Location"]).content.decode())


def test_what_was_typed_stays_when_the_form_is_refused(worker: Client) -> None:
    typed = FORM | {"organisation": str(organisation().pk), "opened_on": "2999-01-01"}
    page = worker.post("/persons/new/", typed)
    assert page.status_code == 409
    assert NAME in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert not Person.objects.exists()


def test_the_form_of_a_change_shows_no_sealed_text_and_keeps_it(
    worker: Client, made: Person, user: User
) -> None:
    assert holds_no_sealed_text(worker.get(f"/persons/{made.code}/edit/").content.decode())
    typed = {name: FORM[name] for name in ("age_band", "contact_rule", "opened_on")} | {
        "organisation": str(organisation().pk),
        "country": "SEN",
        "emptied": ["note"],
    }
    assert worker.post(f"/persons/{made.code}/edit/", typed).status_code == 302
    kept = Person.objects.get()
    assert (kept.country, bool(kept.name), bool(kept.note)) == ("SEN", True, False)


def test_a_record_is_handed_over_and_closed(worker: Client, made: Person) -> None:
    colleague = provider("second")
    worker.post(f"/persons/{made.code}/caseworker/", {"caseworker": str(colleague.user_id)})
    assert Person.objects.get().caseworker == colleague.user_id
    stranger = provider("third", at=organisation("Invented Other"))
    worker.post(f"/persons/{made.code}/caseworker/", {"caseworker": str(stranger.user_id)})
    assert Person.objects.get().caseworker == colleague.user_id
    worker.post(f"/persons/{made.code}/close/", {"closed_on": "2026-02-01"})
    assert Person.objects.get().closed_on is not None
    assert worker.get(f"/persons/{made.code}/edit/").status_code == 200
    refused = worker.post(f"/persons/{made.code}/close/", {"closed_on": "2026-02-02"})
    assert refused.status_code == 409


def test_the_duty_list_opens_a_page_of_ones_own_with_one_reason(
    worker: Client, made: Person, user: User
) -> None:
    theirs = person(provider("second"))
    closed = worker.get("/persons/duty/").content.decode()
    assert made.code in closed
    assert holds_no_sealed_text(closed)
    page = worker.post("/persons/duty/", {"reason": REASON})
    text = page.content.decode()
    assert NAME in text
    assert theirs.code not in text
    assert "no-store" in page["Cache-Control"]
    assert Reading.objects.count() == ReadingSubject.objects.count() == 1
    assert worker.post("/persons/duty/", {"reason": ""}).status_code == 422


def test_a_page_of_the_duty_list_holds_25_records_and_one_reading(
    worker: Client, user: User
) -> None:
    def opened() -> tuple[int, int]:
        with CaptureQueriesContext(connections["keys"]) as keys:
            text = worker.post("/persons/duty/", {"reason": REASON}).content.decode()
        return text.count(NAME), len(keys)

    person(actor_of(user))
    opened()
    one, asked_for_one = opened()
    for _ in range(26):
        person(actor_of(user))
    Reading.objects.all().delete()
    many, asked_for_many = opened()
    assert (one, many) == (1, 25)
    assert asked_for_many == asked_for_one
    assert Reading.objects.count() == 1
    assert ReadingSubject.objects.count() == 25


def test_emergency_access_is_named_on_the_page(made: Person) -> None:
    abroad = user_with_role("service-provider", name="abroad", country="SEN")
    break_glass(actor_of(abroad), "person", made.code, "A life is in danger now.")
    client = signed_in(abroad)
    text = client.get(f"/persons/{made.code}/").content.decode()
    assert "You see this record by emergency access." in text
    assert "Change the record" not in text
    assert NAME in client.post(f"/persons/{made.code}/open/", OPENING).content.decode()
    assert client.post(f"/persons/{made.code}/close/").status_code == 403


def test_a_file_with_records_is_asked_for(worker: Client, made: Person) -> None:
    assert worker.get("/persons/export/").status_code == 200
    typed = {"organisation": str(organisation().pk), "reason": REASON}
    answer = worker.post("/persons/export/", typed)
    asked = ExportRequest.objects.get()
    assert answer["Location"] == f"/oversight/exports/{asked.pk}/"
    assert worker.get(answer["Location"]).status_code == 200
    assert (asked.kind, asked.fields, asked.state) == ("person", [], "asked")


def test_a_file_of_another_organisation_cannot_be_asked_for(worker: Client) -> None:
    typed = {"organisation": str(organisation("Invented Other").pk), "reason": REASON}
    assert worker.post("/persons/export/", typed).status_code == 422
    assert not ExportRequest.objects.exists()


def test_a_link_is_made_read_from_the_other_side_and_ended(
    worker: Client, made: Person, user: User
) -> None:
    from cairn.identification.tests.factories import authority, procedure

    other = procedure(authority())
    typed = {
        "other_kind": "procedure",
        "other_code": other.code,
        "basis": LinkBasis.CONSENT.value,
        "purpose": "The person asked both to work together.",
        "scope": ["safe_contact"],
    }
    assert worker.post(f"/persons/{made.code}/links/new/", typed).status_code == 302
    grant = LinkGrant.objects.get()
    page = worker.get(f"/persons/{made.code}/").content.decode()
    assert "The other side may read:" in page
    assert other.code not in page
    decider = signed_in(User.objects.get(username="invented-identification-authority"))
    address = f"/procedures/{other.code}/links/{grant.pk}/open/"
    assert holds_no_sealed_text(decider.get(address).content.decode())
    text = decider.post(address, {"reason": REASON}).content.decode()
    assert CONTACT in text
    assert NAME not in text
    assert worker.post(f"/persons/{made.code}/links/{grant.pk}/end/").status_code == 302
    assert decider.post(address, {"reason": REASON}).status_code == 404


def test_a_link_to_a_code_that_does_not_exist_says_so_at_the_code(
    worker: Client, made: Person
) -> None:
    typed = {
        "other_kind": "procedure",
        "other_code": "CCC-222",
        "basis": LinkBasis.CONSENT.value,
        "purpose": "The person asked both to work together.",
        "scope": ["name"],
    }
    page = worker.post(f"/persons/{made.code}/links/new/", typed)
    assert page.status_code == 409
    assert "other_code" in page.context["form"].errors
    assert not LinkGrant.objects.exists()


def test_an_asked_erasure_is_named_on_the_page(worker: Client, made: Person, user: User) -> None:
    assert "Ask for erasure" in worker.get(f"/persons/{made.code}/").content.decode()
    ask_erasure(actor_of(user), "person", made.code, REASON)
    text = worker.get(f"/persons/{made.code}/").content.decode()
    assert "It waits for a decision." in text
    assert "Ask for erasure" not in text


def test_no_sealed_text_reaches_the_log(worker: Client, made: Person) -> None:
    worker.post(f"/persons/{made.code}/open/", OPENING)
    log = str(list(AuditEntry.objects.values()))
    assert holds_no_sealed_text(log)
    assert REASON not in log


def test_the_history_is_told_in_sentences(worker: Client, made: Person) -> None:
    text = worker.get(f"/persons/{made.code}/").content.decode()
    assert "entered the record." in text
    assert ">You<" in text


def test_links_of_the_page_are_offered_only_to_who_may(made: Person, user: User) -> None:
    abroad = user_with_role("service-provider", name="abroad", country="SEN")
    break_glass(actor_of(abroad), "person", made.code, "A life is in danger now.")
    text = signed_in(abroad).get(f"/persons/{made.code}/").content.decode()
    assert "Join with a record of another zone" not in text
    assert "Ask for erasure" not in text


@pytest.mark.parametrize(
    ("band", "said"), [(AgeBand.ADULT, False), (AgeBand.CHILD, True), (AgeBand.AGE_DISPUTED, True)]
)
def test_a_page_says_who_is_treated_as_a_child(
    worker: Client, user: User, band: AgeBand, said: bool
) -> None:
    made = person(actor_of(user), age_band=band)
    text = worker.get(f"/persons/{made.code}/").content.decode()
    assert ("a guardian is called before anything is asked" in text) is said
