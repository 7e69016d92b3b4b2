"""The pages of certificates: what staff see and do, and what the public check gives away."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cairn.access.models import User
from cairn.access.tests.factories import user_with_role
from cairn.core import limits
from cairn.core.actor import Actor
from cairn.oversight.models import Reading
from cairn.training.actions import credentials as actions
from cairn.training.actions.credentials_types import add_standard_types
from cairn.training.models import CoursePlan, Credential, TrainingEvent
from cairn.training.openbadges import compact, statuslist
from cairn.training.openbadges.jose import Signer
from cairn.training.queries import credentials_check as checks
from cairn.training.queries.credentials import certificate_of
from cairn.training.rules.choices import CredentialKind
from cairn.training.rules.states import EnrolmentState, EventState
from cairn.training.testing import personal_codes
from cairn.training.tests import factories
from cairn.training.tests.test_credentials import consent
from cairn.vault import issuing

pytestmark = pytest.mark.django_db

REASON = "Certificates for an invented training"
NAME = "Nobody Invented-Holder"


@pytest.fixture
def user() -> User:
    return user_with_role("training-officer", name="officer", at=factories.agency())


@pytest.fixture
def officer(user: User) -> Actor:
    made = factories.acting(user)
    add_standard_types(made)
    return made


@pytest.fixture
def event() -> TrainingEvent:
    plan = CoursePlan.objects.create(code="invented", title="Invented plan", cut_score="0.700")
    made = factories.event("T01", state=EventState.DELIVERED, plan=plan, join_code="K7Q-M2R")
    factories.session(made, minutes=100)
    return made


def completed(event: TrainingEvent) -> str:
    """A participant who completed and agreed to a name; their personal code."""
    person = factories.practitioner(NAME, organisation=event.organisation)
    consent(person)
    made = factories.enrolment(
        event,
        person,
        code=personal_codes.drawn(()),
        state=EnrolmentState.COMPLETED,
        minutes_present=100,
        completed_on=date(2026, 3, 4),
    )
    return made.personal_code


def issued(officer: Actor, event: TrainingEvent) -> Credential:
    completed(event)
    actions.issue_for_event(officer, event.reference, [CredentialKind.ACHIEVEMENT], REASON)
    return Credential.objects.get()


def at(name: str, *args: str) -> str:
    return reverse(f"training:{name}", args=args)


def test_an_officer_issues_and_prints_for_an_event(
    client: Client, user: User, officer: Actor, event: TrainingEvent
) -> None:
    completed(event)
    client.force_login(user)
    assert "1 participant has earned" in client.get(at("credentials", "T01")).content.decode()
    short = client.post(at("credentials-issue", "T01"), {"kinds": ["achievement"], "reason": "a"})
    assert (short.status_code, Credential.objects.count()) == (422, 0)
    sent = {"kinds": ["attendance", "achievement"], "reason": REASON}
    done = client.post(at("credentials-issue", "T01"), sent, follow=True)
    assert "The certificates were issued." in done.content.decode()
    assert NAME not in done.content.decode()
    assert Credential.objects.count() == 2
    printed = client.post(at("credentials-print", "T01"), {"reason": REASON})
    assert printed["Content-Type"] == "application/pdf"
    assert printed["Content-Disposition"] == 'attachment; filename="certificates-T01.pdf"'
    assert "no-store" in printed["Cache-Control"]


def test_a_certificate_is_revoked_with_its_reason_in_the_history(
    client: Client, user: User, officer: Actor, event: TrainingEvent
) -> None:
    found = issued(officer, event)
    client.force_login(user)
    page = client.get(found.get_absolute_url()).content.decode()
    assert at("credential-revoke", found.code) in page
    assert NAME not in page
    revoked = client.post(
        at("credential-revoke", found.code), {"reason": "Somebody else sat the test"}, follow=True
    ).content.decode()
    assert "Somebody else sat the test" in revoked
    assert at("credential-revoke", found.code) not in revoked
    again = client.post(at("credential-suspend", found.code), {"reason": "A doubt came up"})
    assert again.status_code == 409


def test_names_are_shown_once_for_a_reason(
    client: Client, user: User, officer: Actor, event: TrainingEvent
) -> None:
    found = issued(officer, event)
    client.force_login(user)
    for name, key in (("credentials-open", "T01"), ("credential-open", found.code)):
        assert client.get(at(name, key)).status_code == 302
        assert client.post(at(name, key), {"reason": ""}).status_code == 422
        before = Reading.objects.filter(kind="credential").count()
        shown = client.post(at(name, key), {"reason": REASON})
        assert NAME in shown.content.decode()
        assert "no-store" in shown["Cache-Control"]
        assert Reading.objects.filter(kind="credential").count() == before + 1


def test_strangers_see_nothing(client: Client, officer: Actor, event: TrainingEvent) -> None:
    found = issued(officer, event)
    for name, args in (("credentials", ["T01"]), ("credential", [found.code])):
        assert client.get(at(name, *args)).status_code == 302
    other = user_with_role(
        "training-officer", name="elsewhere", at=factories.agency("Other Invented Agency")
    )
    client.force_login(other)
    assert client.get(at("credentials", "T01")).status_code == 403
    assert client.get(at("credential", found.code)).status_code == 404
    assert client.post(at("credential-revoke", found.code), {"reason": REASON}).status_code == 404
    client.force_login(user_with_role("donor", name="donor"))
    assert client.get(at("credentials", "T01")).status_code == 404


def test_the_list_of_an_event_asks_as_much_for_many_as_for_few(
    client: Client, user: User, officer: Actor, event: TrainingEvent
) -> None:
    client.force_login(user)
    counts = []
    for number in (1, 5):
        for _ in range(number):
            completed(event)
        actions.issue_for_event(officer, "T01", reason=REASON)
        client.get(at("credentials", "T01"))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(at("credentials", "T01"))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_anybody_checks_by_code_without_learning_a_name(
    client: Client, officer: Actor, event: TrainingEvent
) -> None:
    found = issued(officer, event)
    page = client.post(at("check"), {"presented": found.code.lower()})
    text = page.content.decode()
    assert "The certificate is genuine and counts today." in text
    assert event.title in text
    assert NAME not in text
    assert found.practitioner.code not in text
    actions.revoke(officer, found.code, "Somebody else sat the test")
    revoked = client.get(at("check-code", found.code)).content.decode()
    assert "The certificate was revoked" in revoked
    assert "Somebody else sat the test" not in revoked
    for code in ("222-222-222", "nonsense"):
        unknown = client.post(at("check"), {"presented": code})
        assert unknown.status_code == 422
        assert "There is no certificate with this code." in unknown.content.decode()


def test_a_presented_certificate_shows_the_name_that_is_in_it(
    client: Client, officer: Actor, event: TrainingEvent
) -> None:
    found = issued(officer, event)
    key = issuing.signer()
    token = compact.compact(certificate_of(found, NAME), Signer(key.key_id, key.sign))
    pasted = f"http://testserver{at('check')}#{token}"
    shown = client.post(at("check"), {"presented": pasted}).content.decode()
    assert NAME in shown
    assert "The certificate is genuine and counts today." in shown
    altered = token[:-20] + ("A" if token[-20] != "A" else "B") + token[-19:]
    refused = client.post(at("check"), {"presented": altered}).content.decode()
    assert "was changed after it was signed" in refused
    assert NAME not in refused


def test_guessing_codes_is_stopped(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    # Windows are minutes of the clock, so it stands still.
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: 1_800_000_000.0))
    answers = [
        client.post(at("check"), {"presented": f"222-222-2{sign}{sign}"}).status_code
        for sign in "23456789CDFGHJKMNPQRTVW"
    ]
    assert answers[:20] == [422] * 20
    assert answers[-1] == 429
    tries = [client.post(at("own-credentials", "K7Q-M2R"), {"code": "x"}) for _ in range(12)]
    assert [each.status_code for each in tries][9:] == [422, 429, 429]


def test_a_participant_sees_their_own_certificates_with_two_codes(
    client: Client, officer: Actor, event: TrainingEvent
) -> None:
    code = completed(event)
    actions.issue_for_event(officer, "T01", reason=REASON)
    address = at("own-credentials", "K7Q-M2R")
    assert "Your personal code" in client.get(address).content.decode()
    shown = client.post(address, {"code": code}).content.decode()
    assert shown.count("<svg xmlns") >= 2
    assert NAME not in shown
    wrong = client.post(address, {"code": "77-77-77"})
    assert wrong.status_code == 422


def test_what_others_verify_with_is_published(
    client: Client, officer: Actor, event: TrainingEvent
) -> None:
    found = issued(officer, event)
    bundle = client.get(at("check-list"))
    assert bundle["Access-Control-Allow-Origin"] == "*"
    keys = {key["kid"]: key for key in bundle.json()["keys"]}
    assert keys == checks.keys()
    assert "d" not in keys[found.key_id]
    lists = statuslist.opened(bundle.json()["lists"], keys)
    assert not lists.says(statuslist.Purpose.SUSPENSION, found.status_index)
    one = client.get(at("check-list-one", "suspension"))
    assert one["Content-Type"] == "application/vc+jwt"
    assert one.content.decode() == bundle.json()["lists"]["suspension"]
    assert client.get(at("check-list-one", "other")).status_code == 404
    profile = client.get(at("check-issuer")).json()
    assert profile["type"] == ["Profile"]
    assert client.get(at("check-key", found.key_id)).json() == keys[found.key_id]
    assert client.get(at("check-key", "0" * 16)).status_code == 404


def test_the_worker_keeps_the_page_of_a_visitor(client: Client, user: User) -> None:
    worker = client.get(at("check-worker"))
    assert worker["Content-Type"].startswith("text/javascript")
    assert 'const PAGE = "/check/"' in worker.content.decode()
    for language, _name in settings.LANGUAGES:
        page = client.get(at("check"), {"language": language}).content.decode()
        assert f'<html lang="{language}"' in page


def test_types_are_entered_once_and_changed(client: Client, user: User) -> None:
    client.force_login(user)
    empty = client.get(at("credential-types")).content.decode()
    assert "Add the five usual types" in empty
    client.post(at("credential-types-standard"))
    assert "Assessor of trainers" in client.get(at("credential-types")).content.decode()
    sent = {
        "kind": "trainer",
        "validity_months": "12",
        "name_en": "Invented trainer",
        "criteria_en": "Invented",
    }
    assert client.post(at("credential-type", "trainer"), sent).status_code == 302
    assert "Invented trainer" in client.get(at("credential-types")).content.decode()
    wrong = client.post(at("credential-type-new"), {**sent, "code": "x y"})
    assert wrong.status_code == 422
