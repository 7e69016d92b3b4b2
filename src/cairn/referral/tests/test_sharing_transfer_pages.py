"""The pages of a hand-over to another organisation, for both sides, and of records gone."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cairn.access.models import User
from cairn.access.tests.factories import user_with_role
from cairn.core.actor import Actor
from cairn.referral.actions.persons_facts import Base
from cairn.referral.actions.sharing_moving import keep_late_note
from cairn.referral.forms.persons import ChangeForm
from cairn.referral.models import HandOver, LateNote, Moved, Person
from cairn.referral.rules.choices import DataCategory
from cairn.referral.rules.sharing import HandOverState
from cairn.referral.tests.factories import NAME, REASON, actor_of, person
from cairn.referral.tests.protocols_made import other
from cairn.referral.tests.sharing_made import Two, accepted, moved, offered, two, willing

pytestmark = pytest.mark.django_db
OTHER = "/hand-overs/other/"
SEEN = {"seen": "proposed"}


@pytest.fixture
def at() -> Two:
    return two()


def as_user(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id or ""))
    return client


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return str(answer.content.decode())


def asked(at: Two, whose: Any) -> dict[str, Any]:
    return {"whose": str(whose), "taker": str(other().pk), "why": "post-closes"}


def test_from_the_choice_to_the_record_over_there(at: Two) -> None:
    may, stays = willing(at.worker, languages=["ne"]), person(at.worker)
    giver, taker = as_user(at.giver), as_user(at.taker)
    assert str(at.worker.user_id) in text(giver, OTHER)
    address = f"{OTHER}?" + "&".join(f"{k}={v}" for k, v in asked(at, at.worker.user_id).items())
    seen = text(giver, address)
    assert "Nobody has agreed that the file goes there." in seen
    assert f'value="{may.code}"' in seen
    assert f'value="{stays.code}"' not in seen
    assert giver.post(address, {"records": [stays.code]}).status_code == 422
    assert giver.post(address, {"records": [may.code]}).status_code == 302
    made = HandOver.objects.get()
    page = f"/hand-overs/{made.code}/"
    own, theirs = text(giver, page), text(taker, page)
    assert may.code in own
    assert stays.code in own
    # Over there: what is needed and spoken, and nothing by which the person is known.
    assert "Nepali" in theirs
    assert not any(each in theirs for each in (may.code, stays.code, NAME))
    assert f"/hand-overs/{made.code}/answer/" in theirs
    assert made.code in text(taker, "/today/")
    assert taker.post(f"{page}answer/", {"numbers": ["1"]}).status_code == 302
    made.refresh_from_db()
    assert made.state == HandOverState.DONE
    assert may.code in text(taker, page)
    assert text(taker, f"/persons/{may.code}/")


def test_one_record_is_offered_from_its_page_and_taken_back(at: Two) -> None:
    one = willing(at.worker)
    giver, taker = as_user(at.giver), as_user(at.taker)
    where = f"{OTHER}?record={one.code}&taker={other().pk}&why=better-placed"
    assert giver.post(where, {"records": [one.code]}).status_code == 302
    made = HandOver.objects.get()
    assert taker.get(f"/hand-overs/{made.code}/back/").status_code == 403
    assert giver.get(f"/hand-overs/{made.code}/answer/").status_code == 403
    assert giver.post(f"/hand-overs/{made.code}/back/", SEEN).status_code == 302
    assert taker.post(f"/hand-overs/{made.code}/answer/", {"numbers": ["1"]}).status_code == 422
    assert taker.post(f"/hand-overs/{made.code}/decline/", SEEN).status_code == 409


def test_whoever_waits_sees_how_far_the_records_are(at: Two) -> None:
    made = accepted(at, offered(at, willing(at.worker), willing(at.worker)))
    client = as_user(at.taker)
    waiting = text(client, f"/hand-overs/{made.code}/progress/")
    assert f'data-poll="/hand-overs/{made.code}/progress/"' in waiting
    assert "0 of 2 have gone." in waiting
    HandOver.objects.update(state=HandOverState.DONE)
    assert "data-poll" not in text(client, f"/hand-overs/{made.code}/progress/")


def test_the_old_owner_is_told_where_the_record_went_on_every_page_of_it(at: Two) -> None:
    one = willing(at.worker)
    moved(at, one)
    client = as_user(at.worker)
    for part in ("", "needs/", "consents/", "edit/", "refer/", "identity/write/"):
        answer = client.get(f"/persons/{one.code}/{part}")
        assert (answer.status_code, answer["Location"]) == (302, f"/moved/{one.code}/"), part
    gone = text(client, f"/moved/{one.code}/")
    assert other().display_name in gone
    assert one.code in text(client, "/moved/")
    found = client.get("/persons/find/", {"code": one.code.lower()}, follow=True)
    assert found.redirect_chain[-1][0] == f"/moved/{one.code}/"
    stranger = user_with_role("service-provider", name="x", at=other("Invented Stranger"))
    for address in (f"/moved/{one.code}/", f"/persons/{one.code}/"):
        assert as_user(actor_of(stranger)).get(address).status_code == 404
    assert as_user(at.taker).get(f"/moved/{one.code}/").status_code == 404


def test_a_change_that_comes_too_late_becomes_a_note_and_is_applied_to_nothing(at: Two) -> None:
    one = willing(at.worker)
    form = ChangeForm.initial_of(Person.objects.get(pk=one.pk))
    client = as_user(at.worker)
    moved(at, one)
    before = Base.of(Person.objects.get(pk=one.pk))
    sent = {**form, "contact_rule": "none", "note": "Snarkleton moved house", "adult_ground": ""}
    answer = client.post(f"/persons/{one.code}/edit/", {k: v or "" for k, v in sent.items()})
    assert answer["Location"] == f"/moved/{one.code}/"
    assert Base.of(Person.objects.get(pk=one.pk)) == before
    note = LateNote.objects.get()
    assert note.page == "person-edit"
    assert "was left for the organisation" in text(client, answer["Location"])
    said = opened(at, one)
    assert "Snarkleton moved house" in said
    assert "in place of" in said
    # What its sender had not touched is not in it.
    assert "2026-01-15" not in said


def opened(at: Two, one: Person) -> str:
    new = as_user(actor_of(user_with_role("service-provider", name="new", at=other())))
    assert "Notes that came late" in text(new, f"/persons/{one.code}/late-notes/")
    assert "late-notes" in text(new, f"/persons/{one.code}/")
    answer = new.post(
        f"/persons/{one.code}/late-notes/", {"purpose": "assistance", "reason": REASON}
    )
    return str(answer.content.decode())


def test_other_forms_that_come_too_late_are_kept_as_well_and_an_opening_is_not(at: Two) -> None:
    one = willing(at.worker)
    moved(at, one)
    client = as_user(at.worker)
    client.post(f"/persons/{one.code}/needs/new/", {"note": "Wobbleflix", "need_health": "urgent"})
    client.post(f"/persons/{one.code}/open/", {"purpose": "assistance", "reason": REASON})
    client.post(f"/persons/{one.code}/caseworker/", {"caseworker": ""})
    assert LateNote.objects.count() == 1
    # Whoever may not change records leaves no note either.
    reader = as_user(at.taker)
    reader.post(f"/persons/{one.code}/open/", {"purpose": "assistance", "reason": REASON})
    assert LateNote.objects.count() == 1


def test_the_pages_ask_as_much_for_many_as_for_few(at: Two) -> None:
    giver, taker, worker = as_user(at.giver), as_user(at.taker), as_user(at.worker)
    counts: list[list[int]] = []
    for more in (1, 4):
        Person.objects.update(caseworker=None)
        many = [willing(at.worker, languages=["ne"]) for _number in range(more)]
        whose = "&".join(f"{k}={v}" for k, v in asked(at, at.worker.user_id).items())
        gone = moved(at, *[willing(at.giver) for _number in range(more)])
        keep_late_note(at.worker, Moved.objects.order_by("-at")[0].record, "person-edit", "Note")
        addresses = [(giver, f"{OTHER}?{whose}"), (worker, "/moved/")]
        counts.append([queries(*each) for each in addresses])
        made = offered(at, *many)
        for code in (made.code, gone.code):
            counts[-1] += [queries(side, f"/hand-overs/{code}/") for side in (giver, taker)]
        counts[-1].append(queries(taker, f"/hand-overs/{made.code}/answer/"))
    assert counts[0] == counts[1]


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked_for:
        assert client.get(address).status_code == 200
    return len(asked_for)


def test_every_kind_of_content_has_to_be_named() -> None:
    assert {each.value for each in DataCategory} == {
        "need", "contact", "identity", "family", "health", "safety", "legal", "account",
        "assistance",
    }  # fmt: skip
