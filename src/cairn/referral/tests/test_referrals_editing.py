"""What was prepared is changed before it is sent: by the preparing side, and done once."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from cairn.access.models import User
from cairn.access.tests.factories import user_with_role
from cairn.core.actor import Actor
from cairn.core.models import AuditEntry
from cairn.oversight.models import Reading
from cairn.oversight.rules import Purpose
from cairn.referral.actions import referrals as actions
from cairn.referral.actions.referrals import Wanted
from cairn.referral.actions.referrals_editing import edit, version_of
from cairn.referral.actions.referrals_reading import open_referral
from cairn.referral.forms.referrals import WriteForm
from cairn.referral.models import Referral
from cairn.referral.rules.referrals import State
from cairn.referral.tests.factories import REASON, actor_of
from cairn.referral.tests.protocols_made import service
from cairn.referral.tests.referrals_made import (
    CONTENT,
    HEALTH,
    WAY,
    Sides,
    elsewhere,
    refused,
    sides,
    wanted,
)

pytestmark = pytest.mark.django_db
NEWS = "Blunderwick limps since Thursday"


@pytest.fixture
def at() -> Sides:
    return sides()


@pytest.fixture
def draft(at: Sides) -> Referral:
    return actions.prepare(at.worker, at.person.code, at.service.code, wanted())


def changed(at: Sides, draft: Referral, actor: Actor | None = None, **changes: Any) -> Referral:
    """Changed as `changes` say; words that are not named stay."""
    asked: dict[str, Any] = {"content": {}, **changes}
    code = asked.pop("service", at.service.code)
    version, client_id = asked.pop("version", version_of(draft)), asked.pop("client_id", None)
    plain: Wanted = replace(wanted(), **asked)
    return edit(actor or at.worker, draft.code, code, plain, version=version, client_id=client_id)


def words(at: Sides, draft: Referral) -> Any:
    opened = open_referral(at.worker, draft.code, Purpose.ASSISTANCE, REASON).words
    assert opened is not None
    return opened.values["content"]


def as_user(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=str(actor.user_id)))
    return client


def test_service_urgency_and_area_are_changed_and_the_words_stay_closed(
    at: Sides, draft: Referral
) -> None:
    second = service(name="Second invented help")
    made = changed(at, draft, service=second.code, urgency="routine", place="Elsewhere")
    made.refresh_from_db()
    assert (made.service, made.recipient_id) == (second, second.organisation_id)
    assert (made.urgency, made.place, made.state) == ("routine", "Elsewhere", State.DRAFT)
    assert not Reading.objects.exists()
    assert words(at, made) == CONTENT
    entry = AuditEntry.objects.get(code="referral.edited")
    assert (entry.subject_id, entry.actor_id) == (str(made.pk), str(at.worker.user_id))
    assert actions.send(at.worker, made.code).referral.state in {State.SENT, State.DELIVERED}


def test_words_of_one_kind_are_written_anew_and_of_another_taken_out(
    at: Sides, draft: Referral
) -> None:
    made = changed(at, draft, content={"health": NEWS})
    assert Reading.objects.count() == 1
    assert words(at, made) == {"health": NEWS, "contact": WAY}
    made = changed(at, made, categories=["need", "health"])
    assert words(at, made) == {"health": NEWS}
    assert made.categories == ["health", "need"]
    made = changed(at, made, categories=["need"])
    assert words(at, made) == {}


def test_what_was_cleared_is_looked_at_again(at: Sides, draft: Referral) -> None:
    actions.clear(at.worker, draft.code)
    made = changed(at, draft, purpose="compensation")
    assert (made.state, made.basis, made.consent_id, made.protocol_id) == ("draft", "", None, None)
    with refused("referral.no-basis"):
        actions.send(at.worker, made.code)


def test_two_who_change_it_at_once_are_told_apart_and_one_request_is_done_once(
    at: Sides, draft: Referral
) -> None:
    seen, once = version_of(draft), uuid4()
    changed(at, draft, place="First", version=seen, client_id=once)
    changed(at, draft, place="First", version=seen, client_id=once)
    assert AuditEntry.objects.filter(code="referral.edited").count() == 1
    with refused("referral.changed"):
        changed(at, draft, place="Second", content={"health": NEWS}, version=seen)
    draft.refresh_from_db()
    assert draft.place == "First"
    assert words(at, draft) == CONTENT


def test_what_was_sent_or_taken_back_is_not_changed(at: Sides, draft: Referral) -> None:
    actions.send(at.worker, draft.code)
    with refused("referral.not-prepared"):
        changed(at, draft, content={"health": NEWS})
    actions.recall(at.worker, draft.code)
    with refused("referral.not-prepared"):
        changed(at, draft, content={"health": NEWS})
    assert not Reading.objects.exists()


def test_only_whoever_prepares_for_the_place_changes_it(at: Sides, draft: Referral) -> None:
    for stranger in (at.focal, elsewhere()):
        with pytest.raises(Referral.DoesNotExist):
            changed(at, draft, stranger)
    reader = actor_of(user_with_role("directory-editor", name="reader"))
    with pytest.raises((Referral.DoesNotExist, PermissionDenied)):
        changed(at, draft, reader)
    assert not AuditEntry.objects.filter(code="referral.edited").exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"categories": ["gold"]}, "referral.categories"),
        ({"categories": ["need"], "content": {"health": NEWS}}, "referral.content"),
    ],
)
def test_bad_changes_are_refused(
    at: Sides, draft: Referral, changes: dict[str, Any], code: str
) -> None:
    with refused(code):
        changed(at, draft, **changes)


def test_nobody_is_sent_to_a_service_that_is_full(at: Sides, draft: Referral) -> None:
    second = service(name="Full invented help", assured_on="2020-01-01")
    with refused("referral.service-closed"):
        changed(at, draft, service=second.code)


def test_the_page_shows_what_stands_and_no_words(at: Sides, draft: Referral) -> None:
    worker = as_user(at.worker)
    address = reverse("referral:referral-edit", args=[draft.code])
    assert address in worker.get(draft.get_absolute_url()).content.decode()
    page = worker.get(address).content.decode()
    assert "Invented Town" in page
    for sealed in (HEALTH, WAY):
        assert sealed not in page
    given = {
        "version": version_of(draft),
        "service": at.service.code,
        "need": "health",
        "urgency": "urgent",
        "purpose": "assistance",
        "place": "Other Town",
        "stays": ["health"],
        "words_health": NEWS,
    }
    assert worker.post(address, given | {"urgency": "someday"}).status_code == 422
    assert worker.post(address, given).status_code == 302
    draft.refresh_from_db()
    assert (draft.place, draft.categories) == ("Other Town", ["health", "need"])
    assert words(at, draft) == {"health": NEWS}
    answer = worker.post(address, given)
    assert answer.status_code == 409
    assert "Somebody else has just changed" in answer.content.decode()
    assert "changed what was prepared" in worker.get(draft.get_absolute_url()).content.decode()
    assert as_user(at.focal).get(address).status_code == 404


@pytest.mark.parametrize(
    "place", ["12, rue de la Paix", "27.7172, 85.3240", "behind the mill", "maps.google.com/x"]
)
def test_an_area_that_leads_to_a_door_is_refused_where_it_is_written(at: Sides, place: str) -> None:
    with refused("referral.place"):
        actions.refer(at.worker, at.person.code, at.service.code, wanted(place=place))
    assert not Referral.objects.exists()
    form = WriteForm({"place": place, "client_id": uuid4()}, agreed=[], is_emergency=True)
    assert list(form.errors) == ["place"]
    assert "town or district" in str(form.errors["place"])


def test_a_prepared_referral_is_not_changed_to_an_area_that_leads_to_a_door(
    at: Sides, draft: Referral
) -> None:
    with refused("referral.place"):
        changed(at, draft, place="Rose Street 12")
    draft.refresh_from_db()
    assert draft.place == "Invented Town"
